//===- Quantize.cpp - The integer form of a sparse model ------------------===//
//
// Ops are rewritten in the order in which they run, so that every operand has
// its form already. Sums exist between an op that sums and the op that takes the
// sums; the latter decides on the recipe, which both hold.
//
//===----------------------------------------------------------------------===//
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Remarks.h"
#include "stas/Quantization/Halting.h"
#include "stas/Quantization/QuantizedLayer.h"
#include "stas/Transforms/Passes.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

namespace stas {
#define GEN_PASS_DEF_SPIKEQUANTIZE
#include "stas/Transforms/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;
using spike::QuantAttr;

namespace {
/// What the integers of a value mean: the real value is 1 / scale of them, and none exceeds max in magnitude. Every
/// unit is the reciprocal of an integer: of timesteps, tokens, a power of two, or a product of these.
struct Form {
  int64_t scale = 1, max = 1;
};

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }
bool holds(Value value, unsigned bits) { return typeOf(value).getElementType().isInteger(bits); }
bool isReal(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32();
}
/// Whether a value is the image in integers.
bool isImage(Value value) { return value.getDefiningOp<spike::QuantizeOp>(); }
/// A product, unless it overflows.
std::optional<int64_t> times(int64_t a, int64_t b) {
  int64_t product = 0;
  return llvm::MulOverflow(a, b, product) ? std::nullopt : std::optional(product);
}

/// Whether an op is what this pass makes.
bool isInteger(Operation *op) {
  if (isa<spike::QuantizeOp, spike::SumTokensOp, spike::ReadoutOp>(op))
    return true;
  return llvm::any_of(ArrayRef<StringRef>{"quant", "table"},
                      [&](StringRef name) { return bool(op->getInherentAttr(name).value_or(Attribute())); });
}

/// What the pass is told, and what it counts.
struct Settings {
  bool isNarrow = false; // 8-bit weights on tokens, but in the first block
  int64_t stateBits = 32;
};
struct Counts {
  int64_t layers = 0, channels = 0, lowered = 0, silent = 0;
};

/// Rewrites the functions of a module.
class Quantizer {
public:
  Quantizer(Settings settings, ModelAttr header, StringRef baseDirectory)
      : settings(settings), header(header), weights(baseDirectory, header) {}
  LogicalResult run(func::FuncOp function);
  const Counts &counts() const { return counted; }

private:
  LogicalResult rewrite(Block &block);
  LogicalResult rewrite(Operation *op);
  LogicalResult rewrite(spike::AccumulateOp op);
  LogicalResult rewrite(spike::FireOp op);
  LogicalResult rewrite(spike::StaircaseOp op);
  LogicalResult rewrite(spike::AffineOp op);
  LogicalResult rewrite(spike::IntegrateOp op);
  LogicalResult rewrite(spike::AddOp op);
  LogicalResult rewrite(spike::MeanTokensOp op);
  LogicalResult rewrite(ActOp op);
  LogicalResult rewrite(arith::ConstantOp op);
  LogicalResult checkReturn(func::ReturnOp op);

  /// Rounds f32 values that stand at the beginning, an image, where they are used.
  LogicalResult quantizeImage(Value image, OpBuilder builder);
  /// Quantises the layer that ends in `op`, and yields its integer sums.
  FailureOr<std::pair<Value, QuantAttr>> quantizeLayer(Operation *op, Value sums, spike::NormAttr norm, LIFAttr neuron,
                                                       int64_t steps);
  FailureOr<QuantAttr> withGuard(Operation *op, QuantAttr quant);
  void report(Operation *op, QuantAttr quant, const QuantizedLayer &layer);
  /// Records the form of a result of `op`; what it cannot hold is an error.
  LogicalResult setForm(Operation *op, Value value, std::optional<int64_t> scale, std::optional<int64_t> max);
  /// The value's elements become integers.
  void retype(Value value, unsigned bits) {
    value.setType(typeOf(value).clone(IntegerType::get(value.getContext(), bits)));
  }

  Settings settings;
  Counts counted;
  bool onTokens = false;    // a layer without window has been reached
  int64_t residualSums = 0; // since then: two in each block
  ModelAttr header;
  WeightReader weights;
  DenseMap<Value, Form> forms;
  SmallVector<Operation *> replaced; // on f32; without users in the end
};
} // namespace

LogicalResult Quantizer::setForm(Operation *op, Value value, std::optional<int64_t> scale, std::optional<int64_t> max) {
  constexpr int64_t largestCount = 255, largest = (int64_t(1) << 62) - 1; // of an i8, and of quant.R1
  bool isCount = holds(value, 8);
  if (isCount && (!max || *max > largestCount))
    return op->emitOpError("has no integer form: requires counts of at most 255, found up to ")
           << max.value_or(largest) << "; fewer timesteps or blocks make smaller ones";
  if (!scale || !max || *scale > largest || *max > largest)
    return op->emitOpError("has no integer form: requires sums below 2^62, found larger ones");
  forms[value] = {*scale, *max};
  return success();
}

LogicalResult Quantizer::quantizeImage(Value image, OpBuilder builder) {
  if (image.use_empty())
    return success();
  // Pixels are scaled to 0..1 and normalised by mean and deviation of their channel.
  double range = 0.0;
  if (header)
    for (auto [mean, deviation] : llvm::zip_equal(header.getMean(), header.getStd()))
      range = std::max({range, std::fabs(mean / deviation), std::fabs((1.0 - mean) / deviation)});
  // Both limits are those of f32's 24 bits: for what lies in 2..4, nothing is rounded.
  int64_t scale = 1 << 22, limit = 1 << 24;
  while (scale > 1 && range * static_cast<double>(scale) > static_cast<double>(limit))
    scale /= 2;
  if (range > static_cast<double>(limit))
    return emitError(image.getLoc(),
                     "has no integer form: requires a mean and std by which no pixel exceeds 2^24, found "
                     "pixels of up to ")
           << range;
  if (range > 0.0)
    limit = std::min(limit, static_cast<int64_t>(std::ceil(range * static_cast<double>(scale))));
  auto type = typeOf(image).clone(builder.getI32Type());
  auto quantized = spike::QuantizeOp::create(builder, image.getLoc(), type, image, scale, limit);
  image.replaceAllUsesExcept(quantized, quantized);
  forms[quantized] = {scale, limit};
  return success();
}

void Quantizer::report(Operation *op, QuantAttr quant, const QuantizedLayer &layer) {
  int64_t lowered = llvm::count_if(layer.halvings, [](int halvings) { return halvings > 0; }), silent = 0;
  for (size_t c = 0; c < layer.channels(); ++c)
    silent += layer.isSilent(c);
  counted.channels += layer.channels();
  counted.lowered += lowered;
  counted.silent += silent;
  remark::analysis(op->getLoc(), remark::RemarkOpts::name("IntegerLayer").category("spike-quantize"))
      << remark::add("{0} channels, {1} guard bits; {2} channels lost weight bits, at most {3}; {4} never fire; bound "
                     "{5} of 2^{6}",
                     layer.channels(), layer.form.guard, lowered, *llvm::max_element(layer.halvings), silent,
                     *llvm::max_element(layer.bounds), std::min<int64_t>(quant.getStateBits(), 63) - 1);
}

FailureOr<QuantAttr> Quantizer::withGuard(Operation *op, QuantAttr quant) {
  auto refuse = [&](llvm::Error error) {
    return op->emitOpError("has no integer form: ") << llvm::toString(std::move(error));
  };
  ++counted.layers;
  if (!quant.getNeuron()) {
    auto head = quantizeHead(quant, weights);
    if (!head)
      return refuse(head.takeError());
    counted.channels += head->biases.size();
    counted.lowered += head->halvings ? head->biases.size() : 0;
    remark::analysis(op->getLoc(), remark::RemarkOpts::name("IntegerHead").category("spike-quantize")) << remark::add(
        "{0} classes; all lost {1} weight bits; bound {2} of 2^63", head->biases.size(), head->halvings, head->bound);
    return quant;
  }
  auto guard = chooseGuard(quant, weights);
  if (!guard)
    return refuse(guard.takeError());
  quant =
      QuantAttr::get(quant.getContext(), quant.getWeight(), quant.getNorm(), quant.getNeuron(), quant.getInputUnit(),
                     quant.getInputMax(), quant.getSteps(), quant.getBits(), *guard, quant.getStateBits());
  auto layer = stas::quantizeLayer(quant, weights);
  if (!layer)
    return refuse(layer.takeError());
  report(op, quant, *layer);
  return quant;
}

FailureOr<std::pair<Value, QuantAttr>> Quantizer::quantizeLayer(Operation *op, Value sums, spike::NormAttr norm,
                                                                LIFAttr neuron, int64_t steps) {
  auto accumulate = sums.getDefiningOp<spike::AccumulateOp>();
  auto coincide = sums.getDefiningOp<spike::CoincideOp>();
  if (!accumulate && !coincide)
    return op->emitOpError("has no integer form: requires sums of spike.accumulate or spike.coincide");
  int64_t stateBits = settings.stateBits, bits = 0;
  WeightAttr weight;
  Form form;
  if (accumulate) {
    weight = accumulate.getWeight();
    form = forms.lookup(accumulate.getInput());
    // The image, and values that were summed over tokens, have more bits than 32-bit sums have room for.
    bool onImage = isImage(accumulate.getInput());
    if (!neuron || onImage || holds(accumulate.getInput(), 64))
      stateBits = 64;
    onTokens |= !accumulate.getWindow();
    bool isNarrow = settings.isNarrow && neuron && !accumulate.getWindow() && residualSums >= 2;
    bits = onImage ? 24 : isNarrow ? 8 : 16;
  } else {
    // Per head: as many triples of spikes as there are pairs of a token and a channel of the head.
    auto type = typeOf(coincide.getQuery());
    form.max =
        type.getDimSize(type.getRank() - 2) * (type.getShape().back() / static_cast<int64_t>(coincide.getHeads()));
    stateBits = std::min<int64_t>(stateBits, 32);
  }
  auto bare = QuantAttr::getChecked([&] { return op->emitOpError("has no integer form: "); }, op->getContext(), weight,
                                    norm, neuron, Real(1.0 / static_cast<double>(form.scale)), form.max, steps, bits,
                                    /*guard=*/int64_t(0), stateBits);
  if (!bare)
    return failure();
  FailureOr<QuantAttr> quant = withGuard(op, bare);
  if (failed(quant))
    return failure();
  if (accumulate) {
    OpBuilder builder(accumulate);
    auto type = typeOf(sums).clone(quant->getSumType());
    sums = spike::AccumulateOp::create(builder, accumulate.getLoc(), type, accumulate.getInput(), weight,
                                       accumulate.getWindowAttr(), *quant);
  }
  return std::pair(sums, *quant);
}

/// The ops that take the sums make the integer ones, each with its own recipe.
LogicalResult Quantizer::rewrite(spike::AccumulateOp op) {
  for (Operation *user : op->getUsers())
    if (!isa<spike::FireOp, spike::StaircaseOp, spike::AffineOp>(user))
      return op.emitOpError("has no integer form: requires sums that drive neurons or a classifier, found a use by ")
             << user->getName();
  replaced.push_back(op);
  return success();
}

LogicalResult Quantizer::rewrite(spike::FireOp op) {
  if (op.getMembrane())
    return op.emitOpError("has no integer form with a membrane: requires stas.act, which stas-lower-act takes apart "
                          "behind this pass");
  auto act = op->getParentOfType<ActOp>();
  int64_t steps = act ? static_cast<int64_t>(act.getTimesteps()) : typeOf(op.getOutput()).getDimSize(0);
  auto layer = quantizeLayer(op, op.getSums(), op.getNorm(), op.getNeuron(), steps);
  if (failed(layer))
    return failure();
  op.getSumsMutable().assign(layer->first);
  op.setQuantAttr(layer->second);
  return setForm(op, op.getOutput(), 1, 1);
}

LogicalResult Quantizer::rewrite(spike::StaircaseOp op) {
  int64_t steps = op.getTimesteps();
  auto layer = quantizeLayer(op, op.getSums(), op.getNorm(), op.getNeuron(), steps);
  if (failed(layer))
    return failure();
  op.getSumsMutable().assign(layer->first);
  op.setQuantAttr(layer->second);
  int64_t scale = op.getKind() == ReduceKind::Mean ? steps : 1;
  op.setKind(ReduceKind::Sum);
  retype(op.getOutput(), 8);
  return setForm(op, op.getOutput(), scale, steps);
}

LogicalResult Quantizer::rewrite(spike::AffineOp op) {
  auto layer = quantizeLayer(op, op.getSums(), op.getNorm(), /*neuron=*/{}, /*steps=*/1);
  if (failed(layer))
    return failure();
  OpBuilder builder(op);
  auto [sums, quant] = *layer;
  auto readout = spike::ReadoutOp::create(builder, op.getLoc(), op.getType(), sums, quant);
  op.replaceAllUsesWith(readout.getOutput());
  replaced.push_back(op);
  return success();
}

LogicalResult Quantizer::rewrite(spike::IntegrateOp op) {
  Form form = forms.lookup(op.getInput());
  int64_t timesteps = typeOf(op.getInput()).getDimSize(0);
  int64_t factor = op.getKind() == ReduceKind::Mean ? timesteps : 1;
  op.setKind(ReduceKind::Sum);
  retype(op.getOutput(), holds(op.getInput(), 64) ? 64 : 8);
  return setForm(op, op.getOutput(), times(form.scale, factor), times(form.max, timesteps));
}

/// The operand of the larger unit takes a factor, so that the sum has the smaller unit.
LogicalResult Quantizer::rewrite(spike::AddOp op) {
  Value fine = op.getLhs(), coarse = op.getRhs();
  if (forms.lookup(coarse).scale > forms.lookup(fine).scale)
    std::swap(fine, coarse);
  Form lhs = forms.lookup(fine), rhs = forms.lookup(coarse);
  if (lhs.scale % rhs.scale != 0 || holds(fine, 64) || holds(coarse, 64))
    return op.emitOpError("has no integer form: requires counts whose units divide each other, found ")
           << fine.getType() << " in 1/" << lhs.scale << " and " << coarse.getType() << " in 1/" << rhs.scale;
  int64_t factor = lhs.scale / rhs.scale;
  op.getLhsMutable().assign(fine);
  op.getRhsMutable().assign(coarse);
  op.setFactor(factor);
  retype(op.getOutput(), 8);
  residualSums += onTokens;
  // Both maxima are at most 255, and so the factor where the sum fits.
  return setForm(op, op.getOutput(), lhs.scale, lhs.max + *times(factor, rhs.max));
}

LogicalResult Quantizer::rewrite(spike::MeanTokensOp op) {
  Form form = forms.lookup(op.getInput());
  auto type = typeOf(op.getInput());
  int64_t tokens = type.getDimSize(type.getRank() - 2);
  OpBuilder builder(op);
  auto sum = spike::SumTokensOp::create(builder, op.getLoc(), typeOf(op.getOutput()).clone(builder.getI64Type()),
                                        op.getInput());
  op.replaceAllUsesWith(sum.getOutput());
  replaced.push_back(op);
  return setForm(sum, sum.getOutput(), times(form.scale, tokens), times(form.max, tokens));
}

LogicalResult Quantizer::rewrite(ActOp op) {
  Form form = forms.lookup(op.getInput());
  if (!holds(op.getInput(), 8) || op.getBlocks().size() > 64)
    return op.emitOpError("has no integer form: requires a stream of counts and at most 64 blocks, found ")
           << op.getInput().getType() << " and " << op.getBlocks().size();
  for (Region &region : op.getBlocks()) {
    Block &block = region.front();
    retype(block.getArgument(0), 8);
    forms[block.getArgument(0)] = form;
    forms[block.getArgument(1)] = Form();
    if (failed(rewrite(block)))
      return failure();
    // Branches add to the stream; its unit is the smallest.
    form = forms.lookup(cast<YieldOp>(block.getTerminator()).getStream());
  }
  ActAttr halting = op.getHalting();
  op.setTable(haltingTable(halting, 1.0 / static_cast<double>(form.scale), form.max));
  retype(op.getOutput(), 64);
  int64_t share = halting.getOutput() == ActOutput::Weighted ? haltingOne : static_cast<int64_t>(op.getTimesteps());
  return setForm(op, op.getOutput(), times(form.scale, share), times(form.max, share));
}

LogicalResult Quantizer::rewrite(arith::ConstantOp op) {
  if (isReal(op.getResult())) {
    OpBuilder builder(op);
    builder.setInsertionPointAfter(op);
    return quantizeImage(op.getResult(), builder);
  }
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type || !(type.getElementType().isInteger(1) || type.getElementType().isInteger(8)))
    return op.emitOpError("has no integer form: requires a tensor of i1, i8 or f32, found ") << op.getType();
  return setForm(op, op.getResult(), 1, holds(op.getResult(), 1) ? 1 : 255);
}

LogicalResult Quantizer::checkReturn(func::ReturnOp op) {
  auto types = op->getParentOfType<func::FuncOp>().getResultTypes();
  for (auto [value, type] : llvm::zip_equal(op.getOperands(), types))
    if (value.getType() != type || value.getDefiningOp<spike::AccumulateOp>() || isImage(value))
      return op.emitOpError("has no integer form: requires results that are logits, spikes or counts, found ") << type;
  return success();
}

LogicalResult Quantizer::rewrite(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<spike::AccumulateOp, spike::FireOp, spike::StaircaseOp, spike::AffineOp, spike::IntegrateOp, spike::AddOp,
            spike::MeanTokensOp, ActOp, arith::ConstantOp>([&](auto op) { return rewrite(op); })
      .Case<spike::MaxPoolOp, spike::FlattenOp>([&](auto op) {
        retype(op.getOutput(), typeOf(op.getInput()).getElementTypeBitWidth());
        Form form = forms.lookup(op.getInput());
        return setForm(op, op.getOutput(), form.scale, form.max);
      })
      .Case([&](func::ReturnOp op) { return checkReturn(op); })
      .Case<spike::CoincideOp, YieldOp>([](auto) { return success(); })
      .Default([](Operation *op) { return op->emitOpError("has no integer form"); });
}

LogicalResult Quantizer::rewrite(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (auto made = dyn_cast<spike::QuantizeOp>(op); made && forms.contains(made.getOutput()))
      continue;
    if (isInteger(&op))
      return op.emitOpError("has an integer form already: requires a module in f32");
    bool takesSums = isa<spike::FireOp, spike::StaircaseOp, spike::AffineOp, func::ReturnOp>(op);
    for (Value operand : op.getOperands()) {
      if (!takesSums && (isReal(operand) || (isImage(operand) && !isa<spike::AccumulateOp>(op))))
        return op.emitOpError("has no integer form on ") << operand.getType();
    }
    if (failed(rewrite(&op)))
      return failure();
  }
  return success();
}

LogicalResult Quantizer::run(func::FuncOp function) {
  if (!function.getBody().hasOneBlock())
    return function.emitError("requires a body of one block, found ") << function.getBody().getBlocks().size();
  Block &body = function.getBody().front();
  for (BlockArgument argument : body.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    bool isCount = type && (type.getElementType().isInteger(1) || type.getElementType().isInteger(8));
    if (!isCount && !isReal(argument))
      return function.emitError("requires tensors of i1, i8 or f32 as arguments, found ") << argument.getType();
    if (isCount)
      forms[argument] = {1, holds(argument, 1) ? 1 : 255};
    else if (failed(quantizeImage(argument, OpBuilder::atBlockBegin(&body))))
      return failure();
  }
  onTokens = false;
  residualSums = 0;
  if (failed(rewrite(body)))
    return failure();
  for (Operation *op : llvm::reverse(replaced))
    op->erase();
  replaced.clear();
  return success();
}

namespace {
struct SpikeQuantizePass : public stas::impl::SpikeQuantizeBase<SpikeQuantizePass> {
  using SpikeQuantizeBase::SpikeQuantizeBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if ((precision != "int16" && precision != "int8") || stateBits < 8 || stateBits > 64) {
      module.emitError("spike-quantize requires precision int16 or int8 and 8 to 64 state bits, found ")
          << precision.getValue() << " and " << stateBits.getValue();
      return signalPassFailure();
    }
    Quantizer quantizer({precision == "int8", stateBits}, module->getAttrOfType<ModelAttr>("stas.model"),
                        baseDirectory);
    for (auto function : module.getOps<func::FuncOp>())
      if (!function.isExternal() && failed(quantizer.run(function)))
        return signalPassFailure();
    const Counts &counts = quantizer.counts();
    numLayers += counts.layers;
    numChannels += counts.channels;
    numLowered += counts.lowered;
    numSilent += counts.silent;
  }
};
} // namespace
