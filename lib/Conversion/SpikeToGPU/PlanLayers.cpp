//===- PlanLayers.cpp - Launches of layers and neurons --------------------===//
#include "PlanLayers.h"
#include "../SpikeToVector/SparseForm.h"
#include "PlanLaunch.h"
#include "stas/Quantization/Staircase.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

static constexpr int64_t imageThreads = 256;

LogicalResult stas::cuda::requireIntegers(Operation *op, spike::QuantAttr quant, int64_t stateBits) {
  if (!quant)
    return op->emitOpError("requires integers on a GPU: compile with --precision=int16 or int8");
  if (quant.getStateBits() > stateBits)
    return op->emitOpError("requires neurons of ")
           << stateBits << " bits on a GPU, found " << quant.getStateBits() << ": compile with --state-bits=32";
  return success();
}

std::vector<int32_t> stas::cuda::byTaps(ArrayRef<int32_t> weights, spike::QuantAttr quant) {
  auto shape = quant.getWeight().getType().getShape();
  int64_t channels = shape[1], taps = shape.size() == 4 ? shape[2] * shape[3] : 1;
  std::vector<int32_t> moved(weights.size());
  for (size_t i = 0; i < weights.size(); ++i) {
    int64_t tap = i % taps, channel = i / taps % channels, row = i / taps / channels;
    moved[(row * taps + tap) * channels + channel] = weights[i];
  }
  return moved;
}

Window stas::cuda::windowOf(spike::WindowAttr attribute, ArrayRef<int64_t> output) {
  Window window;
  for (int axis = 0; axis < 2; ++axis) {
    window.kernel[axis] = attribute.getKernel()[axis];
    window.strides[axis] = attribute.getStrides()[axis];
    window.padding[axis] = attribute.getPadding()[axis];
    window.output[axis] = output[axis];
  }
  return window;
}

static std::string keyOf(const Window &w) {
  return llvm::formatv("{0}x{1} stride {2}x{3} pad {4}x{5} to {6}x{7}", w.kernel[0], w.kernel[1], w.strides[0],
                       w.strides[1], w.padding[0], w.padding[1], w.output[0], w.output[1]);
}

LogicalResult PlanBuilder::buildFire(spike::FireOp fire) {
  if (fire.getMembrane() || fire.getActive() != (act ? act->mask : Value()))
    return fire.emitOpError("requires neurons of all timesteps, or in stas.act those under the mask of its block, on a "
                            "GPU, found others");
  auto sums = activeRows(fire.getSums()).getDefiningOp<spike::AccumulateOp>();
  if (!sums)
    return buildAttention(fire);
  if (!typeOf(sums.getInput()).getElementType().isInteger(32))
    return buildLinear(fire);
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
    return neurons->emitOpError("requires neurons with hard reset on a GPU where the image drives them, found soft "
                                "reset");
  int64_t n = spec.channels, padded = spec.paddedChannels(), steps = spec.timesteps;
  std::vector<int32_t> byNeuron = byTaps(layer->weights, quant), rows(layer->inputs * padded);
  for (int64_t c = 0; c < n; ++c)
    for (int64_t k = 0; k < layer->inputs; ++k)
      rows[k * padded + c] = byNeuron[c * layer->inputs + k];
  std::vector<int64_t> cuts = staircaseCuts(*layer, steps), bySteps(steps * padded);
  for (int64_t c = 0; c < n; ++c)
    for (int64_t step = 0; step < steps; ++step)
      bySteps[step * padded + c] = cuts[c * steps + step];
  std::string key = llvm::formatv("map={0}x{1}x{2} n={3} {4} t={5}{6}", spec.inputs, spec.height, spec.width, n,
                                  keyOf(spec.window), steps, spec.counts ? " counts" : "");
  if (spec.pool)
    key += " pool " + keyOf(*spec.pool);
  uint32_t input = buffer(sums.getInput());
  PlanArgument weightsAt = constant<int32_t>(rows), cutsAt = constant<int64_t>(bySteps);
  return launch(neurons, "image", key, spec, stas::cuda::buildImage, {spec.positions() * padded, imageThreads},
                launchOf(spec, 1), spec.positions(),
                {reads(input), weightsAt, cutsAt, writes(bufferFor(neurons->getResult(0), nameOf(neurons)))});
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

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
