//===- PlanLayers.cpp - Launches of layers and neurons --------------------===//
#include "../SpikeToVector/SparseForm.h"
#include "PlanLaunch.h"
#include "stas/Quantization/Staircase.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

namespace {
constexpr int64_t imageThreads = 256;

/// What every kernel of neurons on a GPU requires of a recipe.
LogicalResult requireIntegers(Operation *op, spike::QuantAttr quant, int64_t stateBits) {
  if (!quant)
    return op->emitOpError("requires integers on a GPU: compile with --precision=int16 or int8");
  if (quant.getStateBits() > stateBits)
    return op->emitOpError("requires neurons of ")
           << stateBits << " bits on a GPU, found " << quant.getStateBits() << ": compile with --state-bits=32";
  return success();
}

/// Weights in the checkpoint's order, [N][C][taps], as [N][taps][C].
std::vector<int32_t> byTaps(ArrayRef<int32_t> weights, spike::QuantAttr quant) {
  auto shape = quant.getWeight().getType().getShape();
  int64_t channels = shape[1], taps = shape.size() == 4 ? shape[2] * shape[3] : 1;
  std::vector<int32_t> moved(weights.size());
  for (size_t i = 0; i < weights.size(); ++i) {
    int64_t tap = i % taps, channel = i / taps % channels, row = i / taps / channels;
    moved[(row * taps + tap) * channels + channel] = weights[i];
  }
  return moved;
}

Window windowOf(spike::WindowAttr attribute, ArrayRef<int64_t> output) {
  Window window;
  for (int axis = 0; axis < 2; ++axis) {
    window.kernel[axis] = attribute.getKernel()[axis];
    window.strides[axis] = attribute.getStrides()[axis];
    window.padding[axis] = attribute.getPadding()[axis];
    window.output[axis] = output[axis];
  }
  return window;
}
std::string keyOf(const Window &w) {
  return llvm::formatv("{0}x{1} stride {2}x{3} pad {4}x{5} to {6}x{7}", w.kernel[0], w.kernel[1], w.strides[0],
                       w.strides[1], w.padding[0], w.padding[1], w.output[0], w.output[1]);
}
} // namespace

LogicalResult PlanBuilder::buildFire(spike::FireOp fire) {
  if (fire.getMembrane() || fire.getActive() != (act ? act->mask : Value()))
    return fire.emitOpError("requires neurons of all timesteps, or in stas.act those under the mask of its block, on a "
                            "GPU, found others");
  auto sums = activeRows(fire.getSums()).getDefiningOp<spike::AccumulateOp>();
  if (!sums)
    return buildAttention(fire);
  if (!typeOf(sums.getInput()).getElementType().isInteger(32))
    return buildLinear(sums, fire);
  ImageSpec spec;
  spec.timesteps = timesOf(fire.getOutput(), 3);
  spec.counts = false;
  return buildImage(sums, fire, spec);
}

//===----------------------------------------------------------------------===//
// The image
//===----------------------------------------------------------------------===//

LogicalResult PlanBuilder::buildStaircase(spike::StaircaseOp op) {
  auto sums = op.getSums().getDefiningOp<spike::AccumulateOp>();
  if (!sums || !typeOf(sums.getInput()).getElementType().isInteger(32))
    return op.emitOpError("requires the sums of a quantised image on a GPU, found another value");
  ImageSpec spec;
  spec.timesteps = op.getTimesteps();
  if (auto pool = op.getPool())
    spec.pool = windowOf(*pool, tailOf(op.getOutput(), 3));
  return buildImage(sums, op, spec);
}

/// `neurons` is what the image's sums drive; `spec` says what comes out.
LogicalResult PlanBuilder::buildImage(spike::AccumulateOp sums, Operation *neurons, ImageSpec spec) {
  spike::QuantAttr quant = sums.getQuantAttr();
  if (failed(requireIntegers(neurons, quant, /*stateBits=*/64)))
    return failure();
  if (!sums.getWindow() || !sums.getWindow()->getChannelsFirst() || isTimed(sums.getInput(), 3))
    return sums.emitOpError("requires a window over one image [B, C, H, W] for all timesteps on a GPU, found ")
           << sums.getInput().getType();
  auto map = tailOf(sums.getInput(), 3);
  spec.inputs = map[0];
  spec.height = map[1];
  spec.width = map[2];
  spec.channels = quant.getChannels();
  spec.window = windowOf(*sums.getWindow(), tailOf(sums.getOutput(), 3));
  if (std::string problem = problemOf(spec); !problem.empty())
    return neurons->emitOpError() << problem << " on a GPU";
  auto layer = quantizeLayer(quant, weights);
  if (!layer)
    return neurons->emitOpError(llvm::toString(layer.takeError()));
  if (layer->form.soft)
    spec.soft = layer->form;
  int64_t n = spec.channels, padded = spec.paddedChannels(), steps = spec.timesteps;
  std::vector<int32_t> byNeuron = byTaps(layer->weights, quant), rows(layer->inputs * padded);
  for (int64_t c = 0; c < n; ++c)
    for (int64_t k = 0; k < layer->inputs; ++k)
      rows[k * padded + c] = byNeuron[c * layer->inputs + k];
  std::vector<int64_t> tables;
  if (spec.soft) {
    for (const std::vector<int64_t> *table : {&layer->biases, &layer->thresholds, &layer->resets}) {
      tables.insert(tables.end(), table->begin(), table->end());
      tables.resize(roundUp(tables.size(), padded));
    }
  } else {
    std::vector<int64_t> cuts = staircaseCuts(*layer, steps);
    tables.resize(steps * padded);
    for (int64_t c = 0; c < n; ++c)
      for (int64_t step = 0; step < steps; ++step)
        tables[step * padded + c] = cuts[c * steps + step];
  }
  std::string key = llvm::formatv("map={0}x{1}x{2} n={3} {4} t={5}{6}", spec.inputs, spec.height, spec.width, n,
                                  keyOf(spec.window), steps, spec.counts ? " counts" : "");
  if (spec.pool)
    key += " pool " + keyOf(*spec.pool);
  if (spec.soft)
    key += " " + stas::describe(*spec.soft);
  uint32_t input = buffer(sums.getInput());
  PlanArgument weightsAt = constant<int32_t>(rows), neuronsAt = constant<int64_t>(tables);
  return launch(neurons, "image", key, spec, stas::cuda::buildImage, {spec.positions() * padded, imageThreads},
                launchOf(spec, 1), spec.positions(),
                {reads(input), weightsAt, neuronsAt, writes(bufferFor(neurons->getResult(0), nameOf(neurons)))});
}

//===----------------------------------------------------------------------===//
// Spikes and counts
//===----------------------------------------------------------------------===//

namespace {
/// A sum that takes the spikes of a layer and nobody else does, made with the layer.
struct Residual {
  spike::AddOp add;
  Value stream; ///< The other operand: counts or spikes that are there.
  int64_t factor = 1, streamFactor = 1;
};
} // namespace

static std::optional<Residual> residualOf(spike::FireOp fire, const llvm::DenseMap<Value, uint32_t> &buffers) {
  Value spikes = fire.getOutput();
  auto add = spikes.hasOneUse() ? dyn_cast<spike::AddOp>(*spikes.user_begin()) : spike::AddOp();
  if (!add || add.getFactor() > 255)
    return std::nullopt;
  bool isFirst = add.getLhs() == spikes;
  Residual residual{add, isFirst ? add.getRhs() : add.getLhs()};
  (isFirst ? residual.streamFactor : residual.factor) = add.getFactor();
  Type element = typeOf(residual.stream).getElementType();
  if ((!element.isInteger(1) && !element.isInteger(8)) || !buffers.contains(residual.stream) ||
      typeOf(add.getOutput()).getRank() != typeOf(spikes).getRank() ||
      !typeOf(add.getOutput()).getElementType().isInteger(8))
    return std::nullopt;
  return residual;
}

/// Weights, biases, thresholds, and what a soft reset takes away.
FailureOr<PlanBuilder::Constants> PlanBuilder::constantsOf(spike::AccumulateOp sums, spike::FireOp fire,
                                                           LinearSpec spec) {
  Constants &made = constants[fire];
  if (!made.arguments.empty())
    return made;
  spike::QuantAttr quant = sums.getQuantAttr();
  auto layer = quantizeLayer(quant, weights);
  if (!layer)
    return fire.emitOpError(llvm::toString(layer.takeError()));
  made.form = layer->form;
  made.arguments.push_back(constant<int8_t>(packWeights(byTaps(layer->weights, quant), spec)));
  made.arguments.push_back(constant<int32_t>(packChannels(layer->biases, spec.channels, 0)));
  made.arguments.push_back(constant<int32_t>(packChannels(layer->thresholds, spec.channels, silentThreshold)));
  if (made.form.soft)
    made.arguments.push_back(constant<int32_t>(packChannels(layer->resets, spec.channels, 0)));
  return made;
}

LogicalResult PlanBuilder::buildLinear(spike::AccumulateOp sums, spike::FireOp fire) {
  spike::QuantAttr quant = sums.getQuantAttr();
  if (failed(requireIntegers(fire, quant, /*stateBits=*/32)) || failed(checkRows(sums, fire)))
    return failure();
  Value input = sums.getAllRows();
  Type element = typeOf(input).getElementType();
  if (!element.isInteger(1) && !element.isInteger(8))
    return sums.emitOpError("requires spikes or counts on a GPU, found ") << input.getType();
  int64_t tail = sums.getImageAxes();
  LinearSpec spec;
  spec.input = element.isInteger(1) ? LinearSpec::Input::Spikes : LinearSpec::Input::Counts;
  spec.inputs = quant.getWeight().getType().getDimSize(1);
  spec.channels = quant.getChannels();
  spec.timesIn = timesOf(input, tail);
  spec.timesOut = timesOf(fire.getOutput(), tail);
  spec.bits = quant.getBits();
  if (auto attribute = sums.getWindow()) {
    auto map = tailOf(input, 3);
    Window window = windowOf(*attribute, tailOf(sums.getOutput(), 3));
    spec.map = LinearSpec::Map{map[0], map[1], {window.kernel[0], window.kernel[1]}};
    for (int axis = 0; axis < 2; ++axis)
      if (attribute->getChannelsFirst() || window.strides[axis] != 1 ||
          window.padding[axis] != window.kernel[axis] / 2 || window.output[axis] != map[axis])
        return sums.emitOpError("requires stride 1 and a result as large as the map of spikes on a GPU, found ")
               << *attribute;
  }
  auto known = constantsOf(sums, fire, spec);
  if (failed(known))
    return failure();
  spec.form = known->form;
  spec.stateful = spec.listed = act.has_value();
  spec.fresh = act && act->isFresh();
  std::optional<Residual> residual = residualOf(fire, buffers);
  if (residual) {
    spec.residual = residual->factor;
    spec.spikes = false;
    spec.streamTimes = timesOf(residual->stream, tail);
    spec.streamFactor = residual->streamFactor;
    spec.stream =
        typeOf(residual->stream).getElementType().isInteger(1) ? LinearSpec::Input::Spikes : LinearSpec::Input::Counts;
  }
  int64_t rows = elementsOf(input) / spec.timesIn / spec.inputs;
  if (failed(setTiles(fire, spec, rows * options.images, options.gpu)))
    return failure();

  std::vector<PlanArgument> arguments{reads(buffer(input))};
  llvm::append_range(arguments, known->arguments);
  if (residual)
    arguments.push_back(reads(buffer(residual->stream)));
  if (act)
    arguments.insert(arguments.end(),
                     {membraneOf(fire, rows, spec.paddedChannels()), reads(act->list), reads(act->count)});
  if (residual)
    arguments.push_back(writes(bufferFor(residual->add.getOutput(), nameOf(residual->add))));
  else
    arguments.push_back(writes(bufferFor(fire.getOutput(), nameOf(fire))));
  const LinearTiles &t = spec.tiles;
  std::string key =
      llvm::formatv("input={0} k={1} n={2} t={3}->{4} bits={5} {6}", static_cast<int>(spec.input), spec.inputs,
                    spec.channels, spec.timesIn, spec.timesOut, spec.bits, stas::describe(spec.form));
  key += llvm::formatv(" tiles={0}x{1}x{2}x{3} warp={4}x{5} t={6} blocks={7}", t.rows, t.channels, t.inputs, t.stages,
                       t.warpRows, t.warpChannels, t.timesteps, t.blocks);
  if (const auto &map = spec.map)
    key += llvm::formatv(" map={0}x{1} kernel={2}x{3}", map->height, map->width, map->kernel[0], map->kernel[1]);
  if (spec.residual)
    key += llvm::formatv(" residual={0} of {1} times {2} {3}", *spec.residual, spec.streamTimes, spec.streamFactor,
                         static_cast<int>(spec.stream));
  if (act)
    key += spec.fresh ? " act fresh" : " act";
  return launch(fire, spec.map ? "conv" : "linear", key, spec, stas::cuda::buildLinear,
                {rows, t.rows, roundUp(spec.channels, t.channels) / t.channels}, launchOf(spec, rows), rows,
                std::move(arguments));
}

LogicalResult PlanBuilder::buildAttention(spike::FireOp fire) {
  std::optional<Coincidences> counts = coincidencesOf(fire);
  if (!counts)
    return fire.emitOpError("requires sums of spike.accumulate or spike.coincide on a GPU, or the products of "
                            "stas-lower-assa, found another value");
  spike::QuantAttr quant = fire.getQuantAttr();
  if (failed(requireIntegers(fire, quant, /*stateBits=*/32)))
    return failure();
  if (fire.getNorm().getGamma() || fire.getNorm().getBias())
    return fire.emitOpError("requires attention without batch normalisation or bias");
  auto layer = quantizeLayer(quant, weights); // of no weight: nothing is read
  if (!layer)
    return fire.emitOpError(llvm::toString(layer.takeError()));
  auto tail = tailOf(counts->query, 2);
  AttentionSpec spec;
  spec.tokens = tail[0];
  spec.width = tail[1];
  spec.heads = counts->heads;
  spec.timesIn = timesOf(counts->query, 2);
  spec.timesOut = timesOf(fire.getOutput(), 2);
  spec.stateful = spec.masked = act.has_value();
  spec.fresh = act && act->isFresh();
  spec.form = layer->form;
  spec.bias = layer->biases[0];
  spec.threshold = layer->thresholds[0];
  spec.reset = layer->resets.empty() ? 0 : layer->resets[0];
  if (failed(setTiles(fire, spec, options.gpu)))
    return failure();
  std::string key = llvm::formatv("tokens={0} width={1} heads={2} t={3}->{4} {5} bias={6} threshold={7} reset={8}",
                                  spec.tokens, spec.width, spec.heads, spec.timesIn, spec.timesOut,
                                  stas::describe(spec.form), spec.bias, spec.threshold, spec.reset);
  key += llvm::formatv(" first={0} warps={1} at once={2}", static_cast<int>(spec.first), spec.warps, spec.timesteps);
  std::vector<PlanArgument> arguments{reads(buffer(counts->query)), reads(buffer(counts->key)),
                                      reads(buffer(counts->value))};
  if (act) {
    key += spec.fresh ? " act fresh" : " act";
    arguments.insert(arguments.end(),
                     {membraneOf(fire, spec.tokens, roundUp(spec.width, channelBlock)), reads(act->active)});
  }
  arguments.push_back(writes(bufferFor(fire.getOutput(), nameOf(fire))));
  return launch(fire, "attention", key, spec, stas::cuda::buildAttention, {spec.windows()}, launchOf(spec, 1),
                spec.tokens, std::move(arguments));
}

//===----------------------------------------------------------------------===//
// The classifier
//===----------------------------------------------------------------------===//

LogicalResult PlanBuilder::buildReadout(spike::ReadoutOp op) {
  auto sums = op.getSums().getDefiningOp<spike::AccumulateOp>();
  Value x = sums ? sums.getInput() : Value();
  if (x && x.getDefiningOp<spike::IntegrateOp>())
    x = x.getDefiningOp<spike::IntegrateOp>().getInput();
  auto tokens = x ? x.getDefiningOp<spike::SumTokensOp>() : spike::SumTokensOp();
  if (!tokens)
    return op.emitOpError("requires sums over tokens, and over time where there is, before the classifier on a GPU, "
                          "found another value");
  x = tokens.getInput();
  auto head = quantizeHead(op.getQuantAttr(), weights);
  if (!head)
    return op.emitOpError(llvm::toString(head.takeError()));
  auto tail = tailOf(x, 2);
  ClassifySpec spec;
  Type element = typeOf(x).getElementType();
  spec.input = element.isInteger(1)   ? ClassifySpec::Input::Spikes
               : element.isInteger(8) ? ClassifySpec::Input::Counts
                                      : ClassifySpec::Input::Sums;
  assert((spec.input != ClassifySpec::Input::Sums || x.getDefiningOp<ActOp>()) && "what else is wider drives neurons");
  spec.times = timesOf(x, 2);
  spec.tokens = tail[0];
  spec.width = tail[1];
  spec.classes = head->biases.size();
  std::string key = llvm::formatv("input={0} t={1} tokens={2} width={3} classes={4}", static_cast<int>(spec.input),
                                  spec.times, spec.tokens, spec.width, spec.classes);
  PlanArgument weightsAt = constant<int32_t>(head->weights), biasAt = constant<int64_t>(head->biases);
  return launch(
      op, "classify", key, spec, buildClassify, {1}, launchOf(spec, 1), spec.tokens,
      {reads(buffer(x)), weightsAt, biasAt, constant<double>(head->unit), writes(bufferFor(op.getOutput(), "logits"))});
}
