//===- SpikeOps.cpp - Rules of the sparse level ---------------------------===//
#include "dialects/Spike/SpikeOps.h"
#include "dialects/STAS/STASOps.h"
#include "dialects/STAS/Windows.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace stas;
using namespace stas::spike;

#define GET_OP_CLASSES
#include "dialects/Spike/SpikeOps.cpp.inc"

namespace {
using Shape = SmallVector<int64_t>;

ArrayRef<int64_t> shapeOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }
Type elementOf(Value value) { return cast<RankedTensorType>(value.getType()).getElementType(); }
bool isPositive(int64_t extent) { return extent >= 1; } // a dynamic one is negative

/// [.., trailing axes], all of the last ones static and not empty, and at least one axis before them.
bool hasTail(ArrayRef<int64_t> shape, size_t trailing) {
  return shape.size() > trailing && llvm::all_of(shape.take_back(trailing), isPositive);
}

/// Whether `wide` is `narrow` with a leading static T axis.
bool addsTime(ArrayRef<int64_t> narrow, ArrayRef<int64_t> wide) {
  return !wide.empty() && isPositive(wide[0]) && narrow == wide.drop_front();
}

/// Whether sums that come from a spike.accumulate were made by this recipe. Others are not known here.
bool areMadeBy(Value sums, QuantAttr quant) {
  if (auto expand = sums.getDefiningOp<ExpandOp>())
    sums = expand.getRows();
  auto accumulate = sums.getDefiningOp<AccumulateOp>();
  return !accumulate || accumulate.getQuantAttr() == quant;
}

/// Whether sums have the type that a recipe, or none, says.
bool areOf(QuantAttr quant, Value sums) {
  Type element = elementOf(sums);
  return quant ? element == quant.getSumType() : !element.isInteger(64);
}
StringRef sumsOf(QuantAttr quant) { return !quant ? "f32 or i32" : quant.getStateBits() > 32 ? "i64" : "i32"; }
bool hasChannels(QuantAttr quant, int64_t channels) {
  return !quant || quant.getChannels() == 0 || quant.getChannels() == channels;
}

/// Whether the vectors of a norm, where there are any, hold a value for each of the sums' channels.
bool fits(NormAttr norm, ArrayRef<int64_t> sums) {
  return norm.getChannels() == 0 || norm.getChannels() == sums.back();
}
} // namespace

LogicalResult AccumulateOp::verify() {
  auto input = shapeOf(getInput()), weight = getWeight().getType().getShape();
  bool isFilled = llvm::all_of(weight, isPositive);
  Shape expected;
  if (auto window = getWindow()) {
    bool first = window->getChannelsFirst();
    auto kernel = window->getKernel();
    if (weight.size() != 4 || !isFilled || !hasTail(input, 3) || weight.drop_front(2) != kernel ||
        input[input.size() - (first ? 3 : 1)] != weight[1])
      return emitOpError("accumulate.R2: requires a static map of C channels and a weight [C', C, ")
             << kernel << "], found " << getInput().getType() << " and " << getWeight().getType();
    expected.assign(input.begin(), input.end() - 3);
    auto sizes = first ? input.take_back(2) : input.take_back(3).drop_back();
    for (int axis : {0, 1}) {
      expected.push_back(
          windowExtent(sizes[axis], kernel[axis], window->getStrides()[axis], window->getPadding()[axis]));
      if (expected.back() < 1)
        return emitOpError("accumulate.R3: requires a window that fits the padded map, found kernel ")
               << kernel[axis] << " on " << getInput().getType();
    }
  } else {
    if (weight.size() != 2 || !isFilled || !hasTail(input, 1) || weight[1] != input.back())
      return emitOpError("accumulate.R1: requires input [.., K] and weight [N, K], found ")
             << getInput().getType() << " and " << getWeight().getType();
    expected.assign(input.begin(), input.end() - 1);
  }
  expected.push_back(weight[0]);
  if (shapeOf(getOutput()) != ArrayRef<int64_t>(expected))
    return emitOpError("accumulate.R4: requires a result of shape [")
           << expected << "], found " << getOutput().getType();
  Type element = elementOf(getInput());
  bool isReal = element.isF32();
  bool isWide = element.isInteger(32) || element.isInteger(64);
  if (auto quant = getQuantAttr()) {
    if (isReal || (isWide && quant.getStateBits() <= 32) || elementOf(getOutput()) != quant.getSumType())
      return emitOpError(
                 "accumulate.R5: requires, with quant, an integer input, i32 and i64 only where state_bits > 32, "
                 "and a result of ")
             << quant.getSumType() << ", found " << getInput().getType() << " and " << getOutput().getType();
    if (quant.getWeight() != getWeight())
      return emitOpError("accumulate.R6: requires quant's weight to be the op's");
  } else if (isWide || !elementOf(getOutput()).isF32()) {
    return emitOpError("accumulate.R5: requires, without quant, an input of i1, i8 or f32 and a result of f32, found ")
           << getInput().getType() << " and " << getOutput().getType();
  }
  return success();
}

LogicalResult CoincideOp::verify() {
  // That q, k and v have one type is a trait.
  auto shape = shapeOf(getQuery());
  if ((shape.size() != 3 && shape.size() != 4) || !hasTail(shape, 2) || shapeOf(getOutput()) != shape)
    return emitOpError("coincide.R1: requires q, k, v [B, N, D] or [T, B, N, D] and a result of that shape, found ")
           << getQuery().getType() << " and " << getOutput().getType();
  int64_t heads = getHeads(), width = shape.back();
  if (heads < 1 || width % heads != 0)
    return emitOpError("coincide.R2: requires heads >= 1 to divide D = ") << width << ", found " << heads;
  return success();
}

LogicalResult FireOp::verify() {
  auto sums = shapeOf(getSums()), output = shapeOf(getOutput());
  if (!hasTail(sums, 1))
    return emitOpError("fire.R1: requires sums [.., C] with static C >= 1, found ") << getSums().getType();
  bool inAct = static_cast<bool>((*this)->getParentOfType<ActOp>());
  bool isStep = inAct || static_cast<bool>(getMembrane());
  bool isSound = isStep ? sums == output : addsTime(sums, output) || (sums == output && isPositive(sums[0]));
  if (!isSound)
    return emitOpError("fire.R2: requires ")
           << (isStep ? "the sums' shape" : "a static leading T axis, the sums' or one more") << ", found "
           << getSums().getType() << " and " << getOutput().getType();
  if (inAct && !getActive())
    return emitOpError("fire.R3: requires a mask inside stas.act, found none");
  if (getActive() && (sums.size() != 3 || shapeOf(getActive()) != sums.drop_back()))
    return emitOpError("fire.R3: requires a mask [B, N] to sums [B, N, D], found ")
           << getActive().getType() << " and " << getSums().getType();
  if (!fits(getNorm(), sums))
    return emitOpError("fire.R4: requires norm's vectors to hold ")
           << sums.back() << " values, found " << getNorm().getChannels();
  if (auto quant = getQuantAttr()) {
    auto act = (*this)->getParentOfType<ActOp>();
    auto loop = (*this)->getParentOfType<stas::TimeLoopOp>(); // not the plan's
    // A neuron that runs one timestep at a time runs those of the loop around it.
    int64_t steps = act ? act.getTimesteps() : !getMembrane() ? output[0] : loop ? loop.getTimesteps() : 1;
    if (quant.getNorm() != getNorm() || quant.getNeuron() != getNeuron() || quant.getSteps() != steps)
      return emitOpError("fire.R6: requires quant to have the op's norm and neuron and ")
             << steps << " steps, found " << quant;
  }
  if (!areOf(getQuantAttr(), getSums()))
    return emitOpError("fire.R5: requires sums of ") << sumsOf(getQuantAttr()) << ", found " << getSums().getType();
  if (!hasChannels(getQuantAttr(), sums.back()))
    return emitOpError("fire.R7: requires quant of ") << sums.back() << " channels, found " << getQuantAttr();
  if (!areMadeBy(getSums(), getQuantAttr()))
    return emitOpError("fire.R8: requires sums of a spike.accumulate that holds the same quant");
  Value membrane = getMembrane();
  bool isState = membrane && getNext() && shapeOf(membrane) == sums && getNext().getType() == membrane.getType() &&
                 elementOf(membrane) == getMembraneElement() && !inAct;
  if ((membrane || getNext()) && !isState)
    return emitOpError("fire.R9: requires a membrane of ")
           << getMembraneElement() << " and the sums' shape to come in and go out, outside stas.act";
  return success();
}

Type FireOp::getMembraneElement() {
  return getQuantAttr() ? Type(getQuantAttr().getSumType()) : Float32Type::get(getContext());
}

/// A mask that lets everyone through is none.
LogicalResult FireOp::canonicalize(FireOp op, PatternRewriter &rewriter) {
  if (!isEveryone(op.getActive()))
    return failure();
  rewriter.modifyOpInPlace(op, [&] { op.getActiveMutable().clear(); });
  return success();
}

LogicalResult stas::spike::StaircaseOp::verify() {
  auto sums = shapeOf(getSums());
  if (!hasTail(sums, 1) || !fits(getNorm(), sums) || (*this)->getParentOfType<ActOp>())
    return emitOpError("spike.staircase.R1: requires sums [.., C] with static C >= 1, norm's vectors of C values and a "
                       "place outside stas.act, found ")
           << getSums().getType() << " and " << getNorm().getChannels();
  bool isMean = getKind() == ReduceKind::Mean;
  int64_t timesteps = getTimesteps(), most = isMean ? 256 : 255;
  if (timesteps < 1 || timesteps > most)
    return emitOpError("spike.staircase.R2: requires 1 <= timesteps <= ")
           << most << " for a " << stringifyReduceKind(getKind()) << ", found " << timesteps;
  Shape expected(sums);
  if (auto window = getPool()) {
    bool isSound = hasTail(sums, 3);
    for (int axis = 0; isSound && axis < 2; ++axis) {
      int64_t &extent = expected[expected.size() - 3 + axis];
      extent = windowExtent(extent, window->getKernel()[axis], window->getStrides()[axis], window->getPadding()[axis]);
      isSound = extent >= 1 && window->getPadding()[axis] <= window->getKernel()[axis] / 2;
    }
    if (!isSound)
      return emitOpError("spike.staircase.R3: requires a static map [.., H, W, C] that the pool's window fits, padding "
                         "<= kernel / 2, found ")
             << *window << " on " << getSums().getType();
  }
  Type element = isMean ? Type(Float32Type::get(getContext())) : IntegerType::get(getContext(), 8);
  if (shapeOf(getOutput()) != ArrayRef<int64_t>(expected) || elementOf(getOutput()) != element)
    return emitOpError("spike.staircase.R4: requires a result of shape [")
           << expected << "] and type " << element << ", found " << getOutput().getType();
  auto quant = getQuantAttr();
  bool isRecipe = !quant || (quant.getNorm() == getNorm() && quant.getNeuron() == getNeuron() &&
                             quant.getSteps() == timesteps && !isMean);
  if (!isRecipe || !areOf(quant, getSums()) || !hasChannels(quant, sums.back()) || !areMadeBy(getSums(), quant))
    return emitOpError("spike.staircase.R5: requires sums of ")
           << sumsOf(quant) << ", and with quant a sum, the op's norm, neuron, timesteps and " << sums.back()
           << " channels in it, and the same quant on the spike.accumulate, found " << getSums().getType();
  return success();
}

LogicalResult AffineOp::verify() {
  auto sums = shapeOf(getSums());
  if (!hasTail(sums, 1) || !fits(getNorm(), sums))
    return emitOpError("affine.R1: requires sums [.., C] with static C >= 1 and norm's vectors of C values, found ")
           << getSums().getType() << " and " << getNorm().getChannels();
  return success();
}

LogicalResult MaxPoolOp::verify() {
  auto input = shapeOf(getInput());
  if (!hasTail(input, 3))
    return emitOpError("max_pool.R1: requires a map [.., H, W, C] with static H, W, C >= 1, found ")
           << getInput().getType();
  auto kernel = getWindow().getKernel(), padding = getWindow().getPadding();
  Shape expected(input);
  for (int axis : {0, 1}) {
    int64_t &extent = expected[expected.size() - 3 + axis];
    extent = windowExtent(extent, kernel[axis], getWindow().getStrides()[axis], padding[axis]);
    if (padding[axis] > kernel[axis] / 2 || extent < 1)
      return emitOpError("max_pool.R2: requires padding <= kernel / 2 and a window that fits the padded map, found "
                         "kernel ")
             << kernel[axis] << ", padding " << padding[axis] << " on " << getInput().getType();
  }
  if (shapeOf(getOutput()) != ArrayRef<int64_t>(expected) || elementOf(getOutput()) != elementOf(getInput()))
    return emitOpError("max_pool.R3: requires a result of shape [")
           << expected << "] and type " << elementOf(getInput()) << ", found " << getOutput().getType();
  return success();
}

/// A window of one element that visits every one is the map itself.
OpFoldResult MaxPoolOp::fold(FoldAdaptor) {
  auto isOne = [](int64_t extent) { return extent == 1; };
  bool isIdentity = llvm::all_of(getWindow().getKernel(), isOne) && llvm::all_of(getWindow().getStrides(), isOne);
  return isIdentity ? OpFoldResult(getInput()) : OpFoldResult();
}

LogicalResult stas::spike::IntegrateOp::verify() {
  auto input = shapeOf(getInput());
  Type element = elementOf(getInput());
  bool isReal = getKind() == ReduceKind::Mean || element.isF32();
  bool isCount = !isReal && !element.isInteger(64);
  if (input.empty() || !isPositive(input[0]) || (isCount && input[0] > 255))
    return emitOpError("spike.integrate.R1: requires a static leading T axis, at most 255 where counts are summed, "
                       "found ")
           << getInput().getType();
  auto real = Float32Type::get(getContext());
  bool isWide = element.isInteger(64);
  if (isWide && getKind() == ReduceKind::Mean)
    return emitOpError("spike.integrate.R3: requires a sum of i64, found a mean: take the sum, in a unit 1/T as large");
  Type expected = isReal ? Type(real) : IntegerType::get(getContext(), isWide ? 64 : 8);
  if (shapeOf(getOutput()) != input.drop_front() || elementOf(getOutput()) != expected)
    return emitOpError("spike.integrate.R2: requires [T, ..] to become [..] of ")
           << expected << ", found " << getInput().getType() << " and " << getOutput().getType();
  return success();
}

LogicalResult stas::spike::AddOp::verify() {
  auto lhs = shapeOf(getLhs()), rhs = shapeOf(getRhs()), output = shapeOf(getOutput());
  if (!(lhs == output && (rhs == output || addsTime(rhs, output))) && !(rhs == output && addsTime(lhs, output)))
    return emitOpError("spike.add.R1: requires shapes that agree but for a T axis that one operand lacks, found ")
           << getLhs().getType() << ", " << getRhs().getType() << " and " << getOutput().getType();
  bool isReal = elementOf(getLhs()).isF32() || elementOf(getRhs()).isF32();
  if (isReal ? !elementOf(getOutput()).isF32() : !elementOf(getOutput()).isInteger(8))
    return emitOpError("spike.add.R2: requires a result of ")
           << (isReal ? "f32" : "i8") << ", found " << getOutput().getType();
  int64_t factor = getFactor();
  if (factor < 1 || factor > (isReal ? 1 : 255))
    return emitOpError("spike.add.R3: requires a factor from 1 to 255, and 1 where an operand is f32, found ")
           << factor;
  return success();
}

LogicalResult stas::spike::FlattenOp::verify() {
  auto input = shapeOf(getInput());
  if (!hasTail(input, 3))
    return emitOpError("spike.flatten.R1: requires a map [.., H, W, C] with static H, W, C >= 1, found ")
           << getInput().getType();
  Shape expected(input.drop_back(3));
  expected.append({input[input.size() - 3] * input[input.size() - 2], input.back()});
  if (shapeOf(getOutput()) != ArrayRef<int64_t>(expected) || elementOf(getOutput()) != elementOf(getInput()))
    return emitOpError("spike.flatten.R2: requires [.., H, W, C] to become [.., H * W, C], found ")
           << getInput().getType() << " and " << getOutput().getType();
  return success();
}

LogicalResult stas::spike::MeanTokensOp::verify() {
  auto input = shapeOf(getInput());
  if (!hasTail(input, 2))
    return emitOpError("spike.mean_tokens.R1: requires tokens [.., N, D] with static N, D >= 1, found ")
           << getInput().getType();
  Shape expected(input.drop_back(2));
  expected.push_back(input.back());
  if (shapeOf(getOutput()) != ArrayRef<int64_t>(expected))
    return emitOpError("spike.mean_tokens.R2: requires [.., N, D] to become [.., D], found ")
           << getInput().getType() << " and " << getOutput().getType();
  return success();
}

StringRef stas::spike::precisionOf(Operation *root) {
  int64_t bits = 0;
  root->walk([&](AccumulateOp sums) {
    if (auto quant = sums.getQuantAttr())
      bits = bits == 0 ? quant.getBits() : std::min<int64_t>(bits, quant.getBits());
  });
  return bits == 0 ? "f32" : bits == 8 ? "int8" : "int16";
}
