//===- PlanLinear.cpp - Launches of linear layers and convolutions --------===//
//
// The layers whose spikes are queries, keys and values of one input are rows of one
// matrix where nothing but their numbers differs: the input is read once, and one
// launch makes all of them.
//
//===----------------------------------------------------------------------===//
#include "../SpikeToVector/SparseForm.h"
#include "PlanLaunch.h"
#include "PlanLayers.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"
#include <tuple>

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

static spike::AccumulateOp sumsOf(spike::FireOp fire) {
  return activeRows(fire.getSums()).getDefiningOp<spike::AccumulateOp>();
}

//===----------------------------------------------------------------------===//
// Residual sums
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

//===----------------------------------------------------------------------===//
// Products of several layers
//===----------------------------------------------------------------------===//

/// Whether attention alone reads the spikes: they are queries, keys or values.
static bool isForAttention(spike::FireOp fire) {
  return llvm::all_of(fire.getOutput().getUsers(), llvm::IsaPred<spike::CoincideOp, spike::PackOp, spike::SumCountsOp>);
}

bool PlanBuilder::areAhead(spike::FireOp fire) const {
  return act && sumsOf(fire).getAllRows() == act->steady && isForAttention(fire);
}

/// What keeps two layers of one input from being rows of one matrix; empty where nothing does.
static StringRef differenceOf(spike::FireOp lhs, spike::FireOp rhs) {
  spike::AccumulateOp left = sumsOf(lhs), right = sumsOf(rhs);
  if (left.getWindow() || right.getWindow())
    return "a convolution is a product of its own";
  if (left.getWeight().getType() != right.getWeight().getType() ||
      lhs.getOutput().getType() != rhs.getOutput().getType())
    return "their spikes have different shapes";
  if (left.getWeight().getType().getDimSize(0) % LinearSpec::partChannels != 0)
    return "their spikes do not end with a byte";
  if (left.getQuantAttr().getBits() != right.getQuantAttr().getBits())
    return "their weights have different bits";
  auto shared = [](spike::QuantAttr quant) { // all but G, which may differ
    NeuronForm form = NeuronForm::of(quant);
    return std::make_tuple(form.mode, form.soft, form.wide, form.multiplier, form.fraction - form.guard);
  };
  if (shared(left.getQuantAttr()) != shared(right.getQuantAttr()))
    return "their neurons are of different kinds";
  if (lhs->getAttr(tilesName) != rhs->getAttr(tilesName))
    return "they have different spike.gpu_tiles";
  return "";
}

/// The layers that are not planned yet and one product makes together with this one, which is the first.
SmallVector<spike::FireOp> PlanBuilder::partsWith(spike::FireOp fire) {
  SmallVector<spike::FireOp> parts{fire};
  if (!isForAttention(fire))
    return parts;
  for (auto other : fire->getBlock()->getOps<spike::FireOp>()) {
    spike::AccumulateOp sums = sumsOf(other);
    if (hasBuffer(other.getOutput()) || other == fire || !sums || !sums.getQuantAttr() || !isForAttention(other) ||
        sums.getAllRows() != sumsOf(fire).getAllRows())
      continue;
    if (StringRef difference = differenceOf(fire, other); difference.empty())
      parts.push_back(other);
    else
      remark::missed(fire.getLoc(), remark::RemarkOpts::name("SeparateProducts").category("convert-spike-to-gpu"))
          << remark::add("{0}, of the same input, is a product of its own", nameOf(other))
          << remark::reason("{0}", difference);
  }
  return parts;
}

/// Weights, biases, thresholds, what a soft reset takes away, G.
LogicalResult PlanBuilder::makeConstants(Product &product, const LinearSpec &spec) {
  product.tileInputs = spec.tiles.inputs;
  std::vector<int32_t> matrix, guards;
  std::vector<int64_t> biases, thresholds, resets;
  int64_t width = spec.channels / spec.parts;
  auto append = [&](std::vector<int64_t> &all, const std::vector<int64_t> &some) { // which all channels may share
    for (int64_t c = 0; c < width && !some.empty(); ++c)
      all.push_back(some[some.size() == 1 ? 0 : c]);
  };
  for (spike::FireOp part : product.parts) {
    spike::QuantAttr quant = sumsOf(part).getQuantAttr();
    auto layer = quantizeLayer(quant, weights);
    if (!layer)
      return part.emitOpError(llvm::toString(layer.takeError()));
    product.form = layer->form;
    llvm::append_range(matrix, byTaps(layer->weights, quant));
    append(biases, layer->biases);
    append(thresholds, layer->thresholds);
    append(resets, layer->resets);
    guards.insert(guards.end(), width / LinearSpec::partChannels, layer->form.guard);
  }
  product.constants = {constant<int8_t>(packWeights(matrix, spec)),
                       constant<int32_t>(packChannels(biases, spec.channels, 0)),
                       constant<int32_t>(packChannels(thresholds, spec.channels, silentThreshold))};
  if (product.form.soft)
    product.constants.push_back(constant<int32_t>(packChannels(resets, spec.channels, 0)));
  if (spec.parts > 1) { // which the kernel reads: products that differ in G alone share one
    guards.resize(spec.paddedChannels() / LinearSpec::partChannels);
    product.constants.push_back(constant<int32_t>(guards));
    product.form.fraction -= product.form.guard;
    product.form.guard = 0;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

/// A layer's shape, as the ops say it.
static FailureOr<LinearSpec> specOf(spike::AccumulateOp sums, spike::FireOp fire) {
  Value input = sums.getAllRows();
  Type element = typeOf(input).getElementType();
  if (!element.isInteger(1) && !element.isInteger(8))
    return sums.emitOpError("requires spikes or counts on a GPU, found ") << input.getType();
  int64_t tail = sums.getImageAxes();
  spike::QuantAttr quant = sums.getQuantAttr();
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
  return spec;
}

static std::string keyOf(const LinearSpec &spec) {
  const LinearTiles &t = spec.tiles;
  std::string key =
      llvm::formatv("input={0} k={1} n={2} t={3}->{4} bits={5} {6}", static_cast<int>(spec.input), spec.inputs,
                    spec.channels, spec.timesIn, spec.timesOut, spec.bits, stas::describe(spec.form));
  key += llvm::formatv(" tiles={0}x{1}x{2}x{3} warp={4}x{5} t={6} blocks={7}", t.rows, t.channels, t.inputs, t.stages,
                       t.warpRows, t.warpChannels, t.timesteps, t.blocks);
  if (const auto &map = spec.map)
    key += llvm::formatv(" map={0}x{1} kernel={2}x{3}", map->height, map->width, map->kernel[0], map->kernel[1]);
  if (spec.parts > 1)
    key += llvm::formatv(" parts={0}", spec.parts);
  if (spec.residual)
    key += llvm::formatv(" residual={0} of {1} times {2} {3}", *spec.residual, spec.streamTimes, spec.streamFactor,
                         static_cast<int>(spec.stream));
  if (spec.stateful)
    key += spec.fresh ? " act fresh" : " act";
  return key;
}

LogicalResult PlanBuilder::buildLinear(spike::FireOp fire) {
  if (hasBuffer(fire.getOutput())) // by the product that it is a part of
    return success();
  spike::AccumulateOp sums = sumsOf(fire);
  if (failed(requireIntegers(fire, sums.getQuantAttr(), /*stateBits=*/32)))
    return failure();
  FailureOr<LinearSpec> shape = specOf(sums, fire);
  if (failed(shape))
    return failure();
  LinearSpec &spec = *shape;
  Product &product = products[fire];
  if (product.parts.empty())
    product.parts = partsWith(fire);
  for (spike::FireOp part : product.parts)
    if (failed(checkRows(sumsOf(part), part)))
      return failure();
  bool isAhead = areAhead(fire);
  if (isAhead)
    spec.timesOut = act->timesteps;
  spec.parts = product.parts.size();
  spec.channels *= spec.parts;
  spec.stateful = spec.listed = act && !isAhead;
  spec.fresh = spec.stateful && act->isFresh();
  int64_t tail = sums.getImageAxes();
  std::optional<Residual> residual = residualOf(fire, buffers);
  if (residual) {
    spec.residual = residual->factor;
    spec.spikes = false;
    spec.streamTimes = timesOf(residual->stream, tail);
    spec.streamFactor = residual->streamFactor;
    spec.stream =
        typeOf(residual->stream).getElementType().isInteger(1) ? LinearSpec::Input::Spikes : LinearSpec::Input::Counts;
  }
  Value input = sums.getAllRows();
  int64_t rows = elementsOf(input) / spec.timesIn / spec.inputs;
  if (failed(setTiles(fire, spec, rows * options.images, options.gpu)))
    return failure();
  // Weights lie as the tiles take them.
  if ((product.constants.empty() || product.tileInputs != spec.tiles.inputs) && failed(makeConstants(product, spec)))
    return failure();
  spec.form = product.form;

  std::vector<PlanArgument> arguments{reads(buffer(input))};
  llvm::append_range(arguments, product.constants);
  if (residual)
    arguments.push_back(reads(buffer(residual->stream)));
  if (spec.stateful)
    arguments.insert(arguments.end(),
                     {membraneOf(fire, rows, spec.paddedChannels()), reads(act->list), reads(act->count)});
  SmallVector<StringRef> names;
  for (spike::FireOp part : product.parts) {
    names.push_back(nameOf(part));
    if (spec.spikes)
      arguments.push_back(writes(bufferFor(part.getOutput(), names.back(), isAhead ? spec.timesOut : 1)));
    if (isAhead)
      act->ahead.insert(part.getOutput());
  }
  if (residual)
    arguments.push_back(writes(bufferFor(residual->add.getOutput(), nameOf(residual->add))));
  const LinearTiles &t = spec.tiles;
  if (failed(launch(fire, spec.map ? "conv" : "linear", keyOf(spec), spec, stas::cuda::buildLinear,
                    {rows, t.rows, roundUp(spec.channels, t.channels) / t.channels}, launchOf(spec, rows), rows,
                    std::move(arguments))))
    return failure();
  result.plan.steps.back().layer = llvm::join(names, ", ");
  return success();
}
