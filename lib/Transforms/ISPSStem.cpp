//===- ISPSStem.cpp - The pattern of I-SPS --------------------------------===//
#include "ISPSStem.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;

namespace {
std::string describe(Operation *op) {
  StringRef layer = layerName(op);
  std::string name = op->getName().getStringRef().str();
  return layer.empty() ? name : llvm::formatv("{0} ({1})", name, layer).str();
}
std::string describe(Value value) {
  return value.getDefiningOp() ? describe(value.getDefiningOp()) : "an argument of the function";
}

/// Walks up from a reduction, one op at a time, through values that nothing else uses.
class Walk {
public:
  Walk(Value from, std::string &reason) : at(from), reason(reason) {}

  /// The op that yields the value, where it is of this kind; the walk goes on with its first operand.
  template <typename OpTy> OpTy take() {
    auto op = at.getDefiningOp<OpTy>();
    if (!op)
      return {};
    if (!at.hasOneUse() && !sharing)
      sharing = op;
    at = op->getOperand(0);
    return op;
  }
  /// Steps over an encoding.
  void skipEncode() {
    if (take<EncodeOp>())
      ++encodings;
  }

  Value at;
  int encodings = 0;
  Operation *sharing = nullptr; // an op whose result has another use

  LogicalResult fail(std::string why) {
    reason = std::move(why);
    return failure();
  }

private:
  std::string &reason;
};
} // namespace

bool stas::reducesSpikes(IntegrateOp reduction) {
  return cast<RankedTensorType>(reduction.getInput().getType()).getElementType().isInteger();
}

FailureOr<ISPSStem> stas::matchStem(IntegrateOp reduction, const TimeInvariance &time, std::string &reason) {
  Walk walk(reduction.getInput(), reason);
  ISPSStem stem{};
  stem.reduction = reduction;
  stem.timesteps = cast<RankedTensorType>(reduction.getInput().getType()).getDimSize(0);
  stem.pool = walk.take<MaxPool2dOp>();
  auto lif = walk.take<LIFOp>();
  auto staircase = lif ? StaircaseOp() : walk.take<StaircaseOp>();
  if (!lif && !staircase)
    return walk.fail("it reduces what " + describe(walk.at) + " yields, not the spikes of one layer of neurons");
  stem.neurons = lif ? lif.getOperation() : staircase.getOperation();
  stem.neuron = lif ? lif.getNeuron() : staircase.getNeuron();
  if (lif && time.of(lif.getInput()).is(TimeBehaviour::Varying))
    return walk.fail("the current of " + describe(stem.neurons) + " changes over time");

  walk.skipEncode();
  stem.norm = walk.take<BatchNormOp>();
  walk.skipEncode();
  stem.conv = walk.take<Conv2dOp>();
  if (!stem.conv)
    return walk.fail("the neurons are driven by " + describe(walk.at) + ", not by a convolution");
  if (walk.sharing)
    return walk.fail("what " + describe(walk.sharing) + " yields has another use");
  walk.skipEncode();
  stem.input = walk.at;
  int64_t normRank = stem.norm ? cast<RankedTensorType>(stem.norm.getType()).getRank() : 0;
  if (stem.norm && static_cast<int64_t>(stem.norm.getAxis()) != normRank - 3)
    return walk.fail("batch normalisation is not over the channels");
  if (walk.encodings != (lif ? 1 : 0) || cast<RankedTensorType>(stem.input.getType()).getRank() != 4)
    return walk.fail("the input of the convolution is not a map [B, C, H, W]");
  if (reduction.getKind() == ReduceKind::Sum && stem.timesteps > 255)
    return walk.fail("counts of 256 timesteps do not fit i8");
  return stem;
}
