//===- STASOps.cpp - Shapes, rules and folds of the model level -----------===//
//
// Shape inference and verification are one function per op: inferReturnTypes
// reports a broken rule by its id, and the verifier calls it.
//
//===----------------------------------------------------------------------===//
#include "dialects/STAS/STASOps.h"
#include "Inference.h"
#include "dialects/STAS/Windows.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/OpImplementation.h"
#include <cmath>

using namespace mlir;
using namespace stas;

#define GET_OP_CLASSES
#include "dialects/STAS/STASOps.cpp.inc"

namespace {
using Shape = SmallVector<int64_t>;

RankedTensorType typeOf(Value value) { return dyn_cast<RankedTensorType>(value.getType()); }

/// A static extent that is not 0. (A dynamic one is negative.)
bool isPositive(int64_t extent) { return extent >= 1; }

/// Maps: [.., C, H, W] with one or two leading axes, the last three static.
bool isMap(RankedTensorType type) {
  return type && (type.getRank() == 4 || type.getRank() == 5) && llvm::all_of(type.getShape().take_back(3), isPositive);
}

/// Tokens: [.., N, D] with at least `leading` leading axes, the last two static.
bool isTokens(RankedTensorType type, int64_t leading) {
  return type && type.getRank() >= leading + 2 && llvm::all_of(type.getShape().take_back(2), isPositive);
}

std::string listText(ArrayRef<int64_t> values) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(values, stream << '[');
  return text + ']';
}

LogicalResult checkVector(std::optional<Location> location, StringRef rule, StringRef name, WeightAttr weight,
                          int64_t extent) {
  if (weight.getType().getShape() == ArrayRef<int64_t>{extent})
    return success();
  return emitOptionalError(location, rule, ": requires ", name, " of shape [", extent, "], found ", weight.getType(),
                           " for '", weight.getKey(), "'");
}
} // namespace

FailureOr<RankedTensorType> infer::convolution(MaybeLocation location, Type input, WeightAttr weightAttr,
                                               WeightAttr bias, ArrayRef<int64_t> strides, ArrayRef<int64_t> padding) {
  auto type = dyn_cast<RankedTensorType>(input);
  if (!isMap(type))
    return emitOptionalError(location,
                             "conv2d.R1: requires a map [B, C, H, W] or [T, B, C, H, W] with static C, H, W >= "
                             "1, found ",
                             input);
  auto weight = weightAttr.getType();
  int64_t channels = type.getDimSize(type.getRank() - 3);
  if (weight.getRank() != 4 || weight.getDimSize(1) != channels || !llvm::all_of(weight.getShape(), isPositive))
    return emitOptionalError(location, "conv2d.R2: requires a weight [C', ", channels,
                             ", KH, KW] with extents >= 1, found ", weight, " for '", weightAttr.getKey(), "'");
  if (bias && failed(checkVector(location, "conv2d.R3", "bias", bias, weight.getDimSize(0))))
    return failure();
  if (!isWindow(strides, 1) || !isWindow(padding, 0))
    return emitOptionalError(location, "conv2d.R4: requires two strides >= 1 and two paddings >= 0, at most ",
                             maxWindow, ", found ", listText(strides), " and ", listText(padding));
  Shape shape(type.getShape());
  auto out = MutableArrayRef<int64_t>(shape).take_back(3);
  out[0] = weight.getDimSize(0);
  for (int axis : {0, 1}) {
    out[axis + 1] = windowExtent(out[axis + 1], weight.getDimSize(axis + 2), strides[axis], padding[axis]);
    if (out[axis + 1] < 1)
      return emitOptionalError(location, "conv2d.R5: requires a kernel that fits the padded input, found kernel ",
                               weight.getDimSize(axis + 2), " on ", type);
  }
  return RankedTensorType::get(shape, Float32Type::get(type.getContext()));
}

FailureOr<RankedTensorType> infer::pool(MaybeLocation location, Type input, ArrayRef<int64_t> kernel,
                                        ArrayRef<int64_t> strides, ArrayRef<int64_t> padding) {
  auto type = dyn_cast<RankedTensorType>(input);
  if (!isMap(type))
    return emitOptionalError(location,
                             "max_pool2d.R1: requires a map [B, C, H, W] or [T, B, C, H, W] with static C, "
                             "H, W >= 1, found ",
                             input);
  bool isSound = isWindow(kernel, 1) && isWindow(strides, 1) && isWindow(padding, 0);
  if (!isSound || padding[0] > kernel[0] / 2 || padding[1] > kernel[1] / 2)
    return emitOptionalError(location, "max_pool2d.R2: requires two extents each, kernel and strides from 1 to ",
                             maxWindow, ", 0 <= padding <= kernel / 2, found ", listText(kernel), ", ",
                             listText(strides), " and ", listText(padding));
  Shape shape(type.getShape());
  auto out = MutableArrayRef<int64_t>(shape).take_back(2);
  for (int axis : {0, 1}) {
    out[axis] = windowExtent(out[axis], kernel[axis], strides[axis], padding[axis]);
    if (out[axis] < 1)
      return emitOptionalError(location, "max_pool2d.R3: requires a kernel that fits the padded input, found kernel ",
                               kernel[axis], " on ", type);
  }
  return type.clone(shape);
}

LogicalResult infer::batchNorm(MaybeLocation location, int64_t channels, WeightAttr weight, WeightAttr bias,
                               WeightAttr mean, WeightAttr var, double eps) {
  std::pair<StringRef, WeightAttr> vectors[] = {{"weight", weight}, {"bias", bias}, {"mean", mean}, {"var", var}};
  for (auto [name, vector] : vectors)
    if (failed(checkVector(location, "batch_norm.R2", name, vector, channels)))
      return failure();
  if (!(eps > 0.0) || !std::isfinite(eps))
    return emitOptionalError(location, "batch_norm.R3: requires a finite eps > 0, found ", eps);
  return success();
}

STAS_INFER(EncodeOp) {
  EncodeOp::Adaptor op(operands, attributes, properties, regions);
  auto type = typeOf(op.getInput());
  int64_t timesteps = op.getTimesteps();
  if (timesteps < 1 || timesteps > 256)
    return emitOptionalError(location, "encode.R1: requires 1 <= timesteps <= 256, found ", timesteps);
  if (!type)
    return emitOptionalError(location, "encode.R2: requires a ranked input, found ", op.getInput().getType());
  Shape shape{timesteps};
  llvm::append_range(shape, type.getShape());
  results.push_back(type.clone(shape));
  return success();
}

STAS_INFER(Conv2dOp) {
  Conv2dOp::Adaptor op(operands, attributes, properties, regions);
  auto result = infer::convolution(location, op.getInput().getType(), op.getWeight(), op.getBiasAttr(), op.getStrides(),
                                   op.getPadding());
  if (succeeded(result))
    results.push_back(*result);
  return result;
}

STAS_INFER(LinearOp) {
  LinearOp::Adaptor op(operands, attributes, properties, regions);
  auto type = typeOf(op.getInput());
  if (!type || type.getRank() < 2 || !isPositive(type.getShape().back()))
    return emitOptionalError(location, "linear.R1: requires at least two axes, the last one static and >= 1, found ",
                             op.getInput().getType());
  auto weight = op.getWeight().getType();
  if (weight.getRank() != 2 || weight.getDimSize(1) != type.getShape().back() || weight.getDimSize(0) < 1)
    return emitOptionalError(location, "linear.R2: requires a weight [N, ", type.getShape().back(),
                             "] with N >= 1, found ", weight, " for '", op.getWeight().getKey(), "'");
  if (op.getBias() && failed(checkVector(location, "linear.R3", "bias", *op.getBias(), weight.getDimSize(0))))
    return failure();
  Shape shape(type.getShape());
  shape.back() = weight.getDimSize(0);
  results.push_back(RankedTensorType::get(shape, Float32Type::get(context)));
  return success();
}

STAS_INFER(BatchNormOp) {
  BatchNormOp::Adaptor op(operands, attributes, properties, regions);
  auto type = typeOf(op.getInput());
  int64_t axis = op.getAxis();
  if (!type || axis < 0 || axis >= type.getRank() || !isPositive(type.getDimSize(axis)))
    return emitOptionalError(location, "batch_norm.R1: requires axis to name a static axis of extent >= 1, found axis ",
                             axis, " of ", op.getInput().getType());
  if (failed(infer::batchNorm(location, type.getDimSize(axis), op.getWeight(), op.getBias(), op.getMean(), op.getVar(),
                              op.getEps().convertToDouble())))
    return failure();
  results.push_back(type);
  return success();
}

STAS_INFER(LIFOp) {
  LIFOp::Adaptor op(operands, attributes, properties, regions);
  auto type = typeOf(op.getInput());
  if (!type || type.getRank() < 2)
    return emitOptionalError(location, "lif.R3: requires at least two axes, found ", op.getInput().getType());
  results.push_back(type.clone(IntegerType::get(context, 1)));
  return success();
}

LogicalResult LIFOp::verify() {
  auto type = typeOf(getInput());
  if (!type)
    return success(); // lif.R3 is looked at with the result's type, after this
  auto act = (*this)->getParentOfType<ActOp>();
  if (!act && !isPositive(type.getDimSize(0)))
    return emitOpError("lif.R4: requires a static leading time axis of extent >= 1 outside stas.act, found ") << type;
  if (!act)
    return success();
  auto tokens = dyn_cast<RankedTensorType>(act.getInput().getType());
  if (!tokens || tokens.getRank() != 3 || type.getRank() < 3 ||
      type.getShape().take_front(2) != tokens.getShape().take_front(2) ||
      !llvm::all_of(type.getShape().drop_front(2), isPositive))
    return emitOpError("lif.R5: requires one row for each token of the stas.act around it, whose input is ")
           << act.getInput().getType() << ", found " << type;
  return success();
}

STAS_INFER(MaxPool2dOp) {
  MaxPool2dOp::Adaptor op(operands, attributes, properties, regions);
  auto result = infer::pool(location, op.getInput().getType(), op.getKernel(), op.getStrides(), op.getPadding());
  if (succeeded(result))
    results.push_back(*result);
  return result;
}

OpFoldResult MaxPool2dOp::fold(FoldAdaptor) {
  auto all = [](ArrayRef<int64_t> values, int64_t wanted) {
    return llvm::all_of(values, [=](int64_t value) { return value == wanted; });
  };
  return all(getKernel(), 1) && all(getStrides(), 1) && all(getPadding(), 0) ? getInput() : Value();
}

STAS_INFER(AddOp) {
  AddOp::Adaptor op(operands, attributes, properties, regions);
  auto lhs = typeOf(op.getLhs()), rhs = typeOf(op.getRhs());
  if (!lhs || !rhs || lhs.getShape() != rhs.getShape())
    return emitOptionalError(location, "add.R1: requires operands of one shape, found ", op.getLhs().getType(), " and ",
                             op.getRhs().getType());
  bool real = lhs.getElementType().isF32() || rhs.getElementType().isF32();
  // add.R2: real values stay real; spikes and counts add up to counts.
  results.push_back(lhs.clone(real ? Type(Float32Type::get(context)) : IntegerType::get(context, 8)));
  return success();
}

STAS_INFER(IntegrateOp) {
  IntegrateOp::Adaptor op(operands, attributes, properties, regions);
  auto type = typeOf(op.getInput());
  if (!type || type.getRank() < 2 || !isPositive(type.getDimSize(0)))
    return emitOptionalError(location,
                             "integrate.R1: requires at least two axes, the leading time axis static and >= 1, found ",
                             op.getInput().getType());
  // integrate.R2: only a sum of integers is an integer.
  bool real = op.getKind() == ReduceKind::Mean || type.getElementType().isF32();
  results.push_back(RankedTensorType::get(type.getShape().drop_front(),
                                          real ? Type(Float32Type::get(context)) : IntegerType::get(context, 8)));
  return success();
}

/// Summed and divided in f32, n copies of a number give that number back for n = 1, 2 and 4, but for some numbers not
/// for 3 or for 5 to 16.
OpFoldResult IntegrateOp::fold(FoldAdaptor) {
  auto encode = getInput().getDefiningOp<EncodeOp>();
  int64_t timesteps = encode ? encode.getTimesteps() : 0;
  bool once = timesteps == 1 || (getKind() == ReduceKind::Mean && (timesteps == 2 || timesteps == 4));
  return once && encode.getInput().getType() == getType() ? encode.getInput() : Value();
}

STAS_INFER(FlattenOp) {
  FlattenOp::Adaptor op(operands, attributes, properties, regions);
  auto type = typeOf(op.getInput());
  if (!isMap(type))
    return emitOptionalError(location,
                             "flatten.R1: requires a map [B, C, H, W] or [T, B, C, H, W] with static C, H, W >= "
                             "1, found ",
                             op.getInput().getType());
  auto map = type.getShape().take_back(3);
  constexpr int64_t maxTokens = int64_t(1) << 31;
  if (map[1] >= maxTokens / map[2])
    return emitOptionalError(location, "flatten.R1: requires fewer than 2^31 tokens, found ", type);
  Shape shape(type.getShape().drop_back(3));
  shape.append({map[1] * map[2], map[0]});
  results.push_back(type.clone(shape));
  return success();
}

STAS_INFER(AttentionOp) {
  AttentionOp::Adaptor op(operands, attributes, properties, regions);
  auto type = typeOf(op.getQuery());
  if (!isTokens(type, 1) || type.getRank() > 4 || op.getKey().getType() != type || op.getValue().getType() != type)
    return emitOptionalError(location,
                             "attention.R1: requires q, k, v of one type [B, N, D] or [T, B, N, D] with static "
                             "N, D >= 1, found ",
                             op.getQuery().getType(), ", ", op.getKey().getType(), ", ", op.getValue().getType());
  int64_t heads = op.getHeads();
  if (heads < 1 || type.getShape().back() % heads != 0)
    return emitOptionalError(location, "attention.R2: requires heads >= 1 to divide D = ", type.getShape().back(),
                             ", found ", heads);
  double scale = op.getScale().convertToDouble();
  if (!(scale > 0.0) || !std::isfinite(scale))
    return emitOptionalError(location, "attention.R3: requires a finite scale > 0, found ", scale);
  results.push_back(type.clone(Float32Type::get(context)));
  return success();
}

STAS_INFER(MaskOp) {
  MaskOp::Adaptor op(operands, attributes, properties, regions);
  auto type = typeOf(op.getInput()), active = typeOf(op.getActive());
  if (!type || !active || type.getRank() != 3 || active.getShape() != type.getShape().drop_back())
    return emitOptionalError(location, "mask.R1: requires an input [B, N, D] and a mask [B, N], found ",
                             op.getInput().getType(), " and ", op.getActive().getType());
  results.push_back(type);
  return success();
}

/// Masking twice is masking once, and the neurons of a masked stas.lif_step are silent already.
OpFoldResult MaskOp::fold(FoldAdaptor) {
  auto inner = getInput().getDefiningOp<MaskOp>();
  auto neurons = getInput().getDefiningOp<LIFStepOp>();
  bool isDone = isEveryone(getActive()) || (inner && inner.getActive() == getActive()) ||
                (neurons && getInput() == neurons.getSpikes() && neurons.getActive() == getActive());
  return isDone ? getInput() : Value();
}

STAS_INFER(MeanTokensOp) {
  MeanTokensOp::Adaptor op(operands, attributes, properties, regions);
  auto type = typeOf(op.getInput());
  if (!isTokens(type, 1))
    return emitOptionalError(location, "mean_tokens.R1: requires [.., N, D] with static N, D >= 1, found ",
                             op.getInput().getType());
  Shape shape(type.getShape().drop_back(2));
  shape.push_back(type.getShape().back());
  results.push_back(RankedTensorType::get(shape, Float32Type::get(context)));
  return success();
}

STAS_INFER(HeadOp) {
  HeadOp::Adaptor op(operands, attributes, properties, regions);
  auto type = typeOf(op.getInput());
  if (!type || type.getRank() != 2 || !isPositive(type.getDimSize(1)))
    return emitOptionalError(location, "head.R1: requires [B, D] with static D >= 1, found ", op.getInput().getType());
  auto weight = op.getWeight().getType();
  if (weight.getRank() != 2 || weight.getDimSize(1) != type.getDimSize(1) || weight.getDimSize(0) < 1)
    return emitOptionalError(location, "head.R2: requires a weight [classes, ", type.getDimSize(1),
                             "] with classes >= 1, found ", weight, " for '", op.getWeight().getKey(), "'");
  if (failed(checkVector(location, "head.R3", "bias", op.getBias(), weight.getDimSize(0))))
    return failure();
  results.push_back(type.clone({type.getDimSize(0), weight.getDimSize(0)}));
  return success();
}
