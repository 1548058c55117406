//===- IntegerRanges.cpp - Values that spikes and counts reach ------------===//
#include "stas/Analysis/IntegerRanges.h"
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Analysis/DataFlow/IntegerRangeAnalysis.h"
#include "mlir/Analysis/DataFlow/Utils.h"
#include "mlir/Interfaces/InferIntRangeInterface.h"

using namespace mlir;
using namespace stas;

namespace {
using Ranges = ArrayRef<IntegerValueRange>;

/// [low, high], cut off at what the type of `value` holds. (Counts above 255 are an error when a model runs.)
IntegerValueRange rangeOf(Value value, uint64_t low, uint64_t high) {
  unsigned width = ConstantIntRanges::getStorageBitwidth(value.getType());
  uint64_t most = width >= 64 ? ~uint64_t(0) : (uint64_t(1) << width) - 1;
  return ConstantIntRanges::fromUnsigned(APInt(width, std::min(low, most)), APInt(width, std::min(high, most)));
}
uint64_t low(const IntegerValueRange &range) { return range.getValue().umin().getZExtValue(); }
uint64_t high(const IntegerValueRange &range) { return range.getValue().umax().getZExtValue(); }

bool isInteger(Value value) { return ConstantIntRanges::getStorageBitwidth(value.getType()) != 0; }

// What an op makes of its operands' ranges.
template <typename OpTy> IntegerValueRange spikes(OpTy op, Ranges) { return rangeOf(op->getResult(0), 0, 1); }

template <typename OpTy> IntegerValueRange same(OpTy op, Ranges operands) {
  return rangeOf(op->getResult(0), low(operands[0]), high(operands[0]));
}

/// Rows of tokens that have halted become 0.
IntegerValueRange masked(MaskOp op, Ranges operands) { return rangeOf(op.getResult(), 0, high(operands[0])); }

template <typename OpTy> IntegerValueRange sum(OpTy op, Ranges operands) {
  return rangeOf(op->getResult(0), low(operands[0]) + low(operands[1]), high(operands[0]) + high(operands[1]));
}

/// In integers an operand of a larger unit takes a factor.
IntegerValueRange scaledSum(spike::AddOp op, Ranges operands) {
  uint64_t factor = op.getFactor();
  return rangeOf(op.getResult(), low(operands[0]) + factor * low(operands[1]),
                 high(operands[0]) + factor * high(operands[1]));
}

IntegerValueRange sumOverTokens(spike::SumTokensOp op, Ranges operands) {
  auto type = cast<RankedTensorType>(op.getInput().getType());
  uint64_t tokens = type.getDimSize(type.getRank() - 2);
  return rangeOf(op.getResult(), low(operands[0]) * tokens, high(operands[0]) * tokens);
}

template <typename OpTy> IntegerValueRange sumOverTime(OpTy op, Ranges operands) {
  uint64_t timesteps = cast<RankedTensorType>(op->getOperand(0).getType()).getDimSize(0);
  return rangeOf(op->getResult(0), low(operands[0]) * timesteps, high(operands[0]) * timesteps);
}

template <typename OpTy> IntegerValueRange steadyCount(OpTy op, Ranges) {
  return rangeOf(op->getResult(0), 0, op.getTimesteps());
}

/// A query spike meets a key spike in at most d channels of a head, with a value spike at most at each of N tokens.
IntegerValueRange coincidences(spike::CoincideOp op, Ranges) {
  auto shape = cast<RankedTensorType>(op.getQuery().getType()).getShape().take_back(2);
  return rangeOf(op.getResult(), 0, shape[0] * (shape[1] / static_cast<int64_t>(op.getHeads())));
}

/// As many as the rows have bits.
IntegerValueRange sharedBits(spike::AndCountOp op, Ranges) {
  return rangeOf(op.getResult(), 0, 64 * cast<RankedTensorType>(op.getLhs().getType()).getShape().back());
}

/// At most every count of a row.
IntegerValueRange summedCounts(spike::SumCountsOp op, Ranges operands) {
  return rangeOf(op.getResult(), 0,
                 high(operands[1]) * cast<RankedTensorType>(op.getCounts().getType()).getShape().back());
}

/// Each model has the form of the interface that knows of missing ranges; the other one follows from it.
template <typename ConcreteModel, typename OpTy>
class ModelBase : public InferIntRangeInterface::ExternalModel<ConcreteModel, OpTy> {
  friend ConcreteModel;
  ModelBase() = default;

public:
  void inferResultRanges(Operation *op, ArrayRef<ConstantIntRanges> operands, SetIntRangeFn set) const {
    intrange::detail::defaultInferResultRangesFromOptional(cast<InferIntRangeInterface>(op), operands, set);
  }
};

template <typename OpTy, IntegerValueRange (*Infer)(OpTy, Ranges)> struct Model : ModelBase<Model<OpTy, Infer>, OpTy> {
  void inferResultRangesFromOptional(Operation *op, Ranges operands, SetIntLatticeFn set) const {
    Value result = op->getResult(0);
    // Real values have no range, and none is needed where the result is real.
    if (!isInteger(result))
      return;
    for (auto [operand, range] : llvm::zip(op->getOperands(), operands))
      if (isInteger(operand) && range.isUninitialized())
        return;
    set(result, Infer(cast<OpTy>(op), operands));
  }
};

/// The stream runs through the blocks one after the other, from the input at every timestep: nothing grows with time.
struct ActModel : ModelBase<ActModel, ActOp> {
  // An external model gives a method by defining it anew.
  // NOLINTNEXTLINE(bugprone-derived-method-shadowing-base-method)
  void inferResultRangesFromOptional(Operation *op, Ranges operands, SetIntLatticeFn set) const {
    auto act = cast<ActOp>(op);
    IntegerValueRange stream = operands[0];
    bool hasRange = isInteger(act.getInput());
    if (hasRange && stream.isUninitialized())
      return;
    for (Region &region : act.getBlocks()) {
      Block &block = region.front();
      BlockArgument active = block.getArgument(1);
      set(active, rangeOf(active, 0, 1));
      if (!hasRange)
        continue;
      set(block.getArgument(0), stream);
      stream = runBlock(block, {{block.getArgument(0), stream}, {active, rangeOf(active, 0, 1)}});
    }
    set(act.getSteps(), rangeOf(act.getSteps(), 1, act.getTimesteps() * act.getBlocks().size()));
  }

  static IntegerValueRange runBlock(Block &block, DenseMap<Value, IntegerValueRange> known) {
    auto lookup = [&](Value value) {
      auto found = known.find(value);
      return found == known.end() ? IntegerValueRange::getMaxRange(value) : found->second;
    };
    for (Operation &op : block.without_terminator())
      if (auto inferable = dyn_cast<InferIntRangeInterface>(op)) {
        SmallVector<IntegerValueRange> operands = llvm::map_to_vector(op.getOperands(), lookup);
        inferable.inferResultRangesFromOptional(
            operands, [&](Value value, const IntegerValueRange &range) { known[value] = range; });
      }
    return lookup(block.getTerminator()->getOperand(0));
  }
};

template <typename OpTy, IntegerValueRange (*Infer)(OpTy, Ranges)> void attach(MLIRContext *context) {
  OpTy::template attachInterface<Model<OpTy, Infer>>(*context);
}
} // namespace

void stas::registerIntegerRangeModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, STASDialect *) {
    attach<LIFOp, spikes<LIFOp>>(context);
    attach<LIFStepOp, spikes<LIFStepOp>>(context);
    attach<StaircaseOp, spikes<StaircaseOp>>(context);
    attach<ISPSOp, steadyCount<ISPSOp>>(context);
    attach<EncodeOp, same<EncodeOp>>(context);
    attach<FlattenOp, same<FlattenOp>>(context);
    attach<MaxPool2dOp, same<MaxPool2dOp>>(context);
    attach<MaskOp, masked>(context);
    attach<AddOp, sum<AddOp>>(context);
    attach<IntegrateOp, sumOverTime<IntegrateOp>>(context);
    ActOp::attachInterface<ActModel>(*context);
  });
  registry.addExtension(+[](MLIRContext *context, spike::SpikeDialect *) {
    attach<spike::FireOp, spikes<spike::FireOp>>(context);
    attach<spike::StaircaseOp, steadyCount<spike::StaircaseOp>>(context);
    attach<spike::FlattenOp, same<spike::FlattenOp>>(context);
    attach<spike::MaxPoolOp, same<spike::MaxPoolOp>>(context);
    attach<spike::AddOp, scaledSum>(context);
    attach<spike::SumTokensOp, sumOverTokens>(context);
    attach<spike::IntegrateOp, sumOverTime<spike::IntegrateOp>>(context);
    attach<spike::CoincideOp, coincidences>(context);
    attach<spike::CompactOp, same<spike::CompactOp>>(context);
    attach<spike::UnpackOp, spikes<spike::UnpackOp>>(context);
    attach<spike::AndCountOp, sharedBits>(context);
    attach<spike::SumCountsOp, summedCounts>(context);
  });
}

IntegerRanges::IntegerRanges(Operation *root) : solver(DataFlowConfig().setInterprocedural(false)) {
  dataflow::loadBaselineAnalyses(solver);
  solver.load<dataflow::IntegerRangeAnalysis>();
  // Nothing in it fails.
  (void)solver.initializeAndRun(root);
}

std::optional<IntegerRange> IntegerRanges::of(Value value) const {
  const auto *lattice = solver.lookupState<dataflow::IntegerValueRangeLattice>(value);
  if (ConstantIntRanges::getStorageBitwidth(value.getType()) == 0 || !lattice || lattice->getValue().isUninitialized())
    return std::nullopt;
  return IntegerRange{low(lattice->getValue()), high(lattice->getValue())};
}
