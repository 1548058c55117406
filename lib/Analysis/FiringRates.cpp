//===- FiringRates.cpp - How many spikes a value holds --------------------===//
#include "stas/Analysis/FiringRates.h"
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Analysis/DataFlow/Utils.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace stas;

RateInterval RateInterval::join(const RateInterval &lhs, const RateInterval &rhs) {
  if (lhs.isUnreached())
    return rhs;
  if (rhs.isUnreached())
    return lhs;
  return {std::min(lhs.low, rhs.low), std::max(lhs.high, rhs.high)};
}

void RateInterval::print(raw_ostream &os) const {
  if (isUnreached())
    os << "unreached";
  else if (isUnknown())
    os << "unknown";
  else
    os << llvm::format("%.6g..%.6g", low, high);
}

namespace {
ArrayRef<int64_t> shapeOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }

RateInterval scaled(RateInterval rate, double factor) { return {rate.low * factor, rate.high * factor}; }

RateInterval summed(RateInterval lhs, RateInterval rhs) {
  return lhs.isUnknown() || rhs.isUnknown() ? RateInterval::unknown()
                                            : RateInterval{lhs.low + rhs.low, lhs.high + rhs.high};
}

/// Of a max-pool along one axis: the map's extent and the windows on it.
struct Axis {
  int64_t extent, windows, kernel, stride, padding;
  /// The most windows that one element lies in.
  int64_t cover() const { return llvm::divideCeil(kernel, stride); }
  /// Whether each element lies in one.
  bool coversAll() const { return stride <= kernel && (windows - 1) * stride - padding + kernel >= extent; }
};

/// A window's maximum is at most the sum of its elements, and at least that sum over their number.
RateInterval pooled(RateInterval rate, Axis rows, Axis columns, bool areSpikes) {
  if (rate.isUnknown())
    return rate;
  double elements = static_cast<double>(rows.extent) * columns.extent;
  double windows = static_cast<double>(rows.windows) * columns.windows, perWindow = rows.kernel * columns.kernel;
  double high = rate.high * elements * rows.cover() * columns.cover() / windows;
  bool coversAll = rows.coversAll() && columns.coversAll();
  return {coversAll ? rate.low * elements / perWindow / windows : 0.0, areSpikes ? std::min(high, 1.0) : high};
}

/// The axes of a pool from a map of extents `in` to one of extents `out`, [H, W] each.
RateInterval pooled(RateInterval rate, ArrayRef<int64_t> in, ArrayRef<int64_t> out, ArrayRef<int64_t> kernel,
                    ArrayRef<int64_t> strides, ArrayRef<int64_t> padding, bool areSpikes) {
  auto axis = [&](int i) { return Axis{in[i], out[i], kernel[i], strides[i], padding[i]}; };
  return pooled(rate, axis(0), axis(1), areSpikes);
}

/// What a neuron's spikes become by a pool and a reduction over T.
RateInterval reduced(RateInterval rate, ReduceKind kind, int64_t timesteps) {
  return kind == ReduceKind::Mean ? rate : scaled(rate, timesteps);
}

RateInterval ispsRate(ISPSOp op, RateInterval neurons) {
  if (!op.getPoolKernel())
    return reduced(neurons, op.getKind(), op.getTimesteps());
  auto map = shapeOf(op.getInput()), filter = op.getWeight().getType().getShape();
  int64_t extents[2];
  for (int axis : {0, 1})
    extents[axis] = (map[axis + 2] + 2 * op.getPadding()[axis] - filter[axis + 2]) / op.getStrides()[axis] + 1;
  RateInterval rate = pooled(neurons, extents, shapeOf(op.getOutput()).take_back(2), *op.getPoolKernel(),
                             *op.getPoolStrides(), *op.getPoolPadding(), /*areSpikes=*/true);
  return reduced(rate, op.getKind(), op.getTimesteps());
}

RateInterval staircaseRate(spike::StaircaseOp op, RateInterval neurons) {
  if (auto pool = op.getPool())
    neurons = pooled(neurons, shapeOf(op.getSums()).take_back(3), shapeOf(op.getOutput()).take_back(3),
                     pool->getKernel(), pool->getStrides(), pool->getPadding(), /*areSpikes=*/true);
  return reduced(neurons, op.getKind(), op.getTimesteps());
}

bool isSpikes(Value value) { return cast<ShapedType>(value.getType()).getElementType().isInteger(1); }
} // namespace

LogicalResult FiringRateAnalysis::visitOperation(Operation *op, ArrayRef<const RateLattice *> operands,
                                                 ArrayRef<RateLattice *> results) {
  SmallVector<RateInterval> rates;
  for (const RateLattice *operand : operands) {
    rates.push_back(operand->getValue());
    if (rates.back().isUnreached())
      return success();
  }
  std::optional<double> measured = table.of(layerName(op));
  RateInterval neurons = measured ? RateInterval{*measured, *measured} : RateInterval{0, 1};
  RateInterval rate =
      TypeSwitch<Operation *, RateInterval>(op)
          .Case<LIFOp, LIFStepOp, StaircaseOp, spike::FireOp>([&](auto) { return neurons; })
          .Case([&](ISPSOp isps) { return ispsRate(isps, neurons); })
          .Case([&](spike::StaircaseOp steps) { return staircaseRate(steps, neurons); })
          .Case<EncodeOp, FlattenOp, MeanTokensOp, spike::FlattenOp, spike::MeanTokensOp>(
              [&](auto) { return rates[0]; })
          .Case([&](AddOp) { return summed(rates[0], rates[1]); })
          .Case([&](spike::AddOp sum) { return summed(rates[0], scaled(rates[1], sum.getFactor())); })
          .Case([&](spike::SumTokensOp sum) { return scaled(rates[0], *(shapeOf(sum.getInput()).end() - 2)); })
          .Case<IntegrateOp, spike::IntegrateOp>(
              [&](auto sum) { return reduced(rates[0], sum.getKind(), shapeOf(sum.getInput())[0]); })
          .Case([&](MaskOp mask) {
            // The neurons of a layer are measured with the mask that follows them.
            return mask.getInput().getDefiningOp<LIFOp>() || rates[0].isUnknown() ? rates[0]
                                                                                  : RateInterval{0, rates[0].high};
          })
          .Case([&](MaxPool2dOp pool) {
            return pooled(rates[0], shapeOf(pool.getInput()).take_back(2), shapeOf(pool.getOutput()).take_back(2),
                          pool.getKernel(), pool.getStrides(), pool.getPadding(), isSpikes(pool.getInput()));
          })
          .Case([&](spike::MaxPoolOp pool) {
            auto window = pool.getWindow();
            return pooled(rates[0], shapeOf(pool.getInput()).take_back(3), shapeOf(pool.getOutput()).take_back(3),
                          window.getKernel(), window.getStrides(), window.getPadding(), isSpikes(pool.getInput()));
          })
          .Default([](Operation *) { return RateInterval::unknown(); });
  // A second result is a membrane, or the state of halting: nothing that a rate is known of.
  for (auto [i, result] : llvm::enumerate(results))
    propagateIfChanged(result, result->join(i == 0 ? rate : RateInterval::unknown()));
  return success();
}

/// The stream enters the first block of stas.act as the op's input, and each other as the one before yields it.
void FiringRateAnalysis::visitNonControlFlowArguments(Operation *op, const RegionSuccessor &successor,
                                                      ArrayRef<RateLattice *> arguments, unsigned firstIndex) {
  auto act = dyn_cast<ActOp>(op);
  Region *region = successor.getSuccessor();
  if (!act || !region)
    return SparseForwardDataFlowAnalysis::visitNonControlFlowArguments(op, successor, arguments, firstIndex);
  unsigned index = region->getRegionNumber();
  Value stream = index == 0 ? act.getInput() : act.getBlocks()[index - 1].front().getTerminator()->getOperand(0);
  const RateLattice *before = getLatticeElementFor(getProgramPointBefore(&region->front()), stream);
  propagateIfChanged(arguments[0], arguments[0]->join(before->getValue()));
  propagateIfChanged(arguments[1], arguments[1]->join(RateInterval{0, 1})); // the share of active tokens
}

void FiringRateAnalysis::setToEntryState(RateLattice *lattice) {
  propagateIfChanged(lattice, lattice->join(RateInterval::unknown()));
}

FiringRates::FiringRates(Operation *root, const RateTable &table) : solver(DataFlowConfig().setInterprocedural(false)) {
  dataflow::loadBaselineAnalyses(solver);
  solver.load<FiringRateAnalysis>(table);
  // Nothing in it fails.
  (void)solver.initializeAndRun(root);
}

RateInterval FiringRates::of(Value value) const {
  const auto *lattice = solver.lookupState<RateLattice>(value);
  return lattice ? lattice->getValue() : RateInterval::unknown();
}
