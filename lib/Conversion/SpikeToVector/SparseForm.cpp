//===- SparseForm.cpp - What stas-lower-assa made explicit ----------------===//
#include "SparseForm.h"

using namespace mlir;
using namespace stas;
using spike::BitAxis;

Value stas::activeRows(Value value) {
  auto expand = value.getDefiningOp<spike::ExpandOp>();
  return expand ? expand.getRows() : value;
}

LogicalResult stas::checkRows(spike::AccumulateOp sums, spike::FireOp fire) {
  auto compact = sums.getInput().getDefiningOp<spike::CompactOp>();
  auto expand = fire ? fire.getSums().getDefiningOp<spike::ExpandOp>() : spike::ExpandOp();
  if (!compact && !expand)
    return success();
  if (compact && expand && compact.getActive() == fire.getActive() && expand.getActive() == fire.getActive())
    return success();
  return sums.emitOpError("requires spike.compact, spike.expand and neurons of one mask around sums of active rows, "
                          "found others");
}

std::optional<Coincidences> stas::coincidencesOf(spike::FireOp fire) {
  if (auto op = fire.getSums().getDefiningOp<spike::CoincideOp>())
    return Coincidences{op, op.getQuery(), op.getKey(), op.getValue(), static_cast<int64_t>(op.getHeads()), {}};
  auto op = fire.getSums().getDefiningOp<spike::SumCountsOp>();
  auto counts = op ? op.getCounts().getDefiningOp<spike::AndCountOp>() : spike::AndCountOp();
  auto lhs = counts ? counts.getLhs().getDefiningOp<spike::PackOp>() : spike::PackOp();
  auto rhs = counts ? counts.getRhs().getDefiningOp<spike::PackOp>() : spike::PackOp();
  if (!lhs || !rhs)
    return std::nullopt;
  BitAxis axis = op.getAssociation() == spike::Association::KeyValue ? BitAxis::Tokens : BitAxis::Channels;
  auto isOperand = [&](spike::PackOp pack) {
    return pack.getAxis() == axis && pack.getInput().getType() == op.getSpikes().getType();
  };
  // Rows that the neurons do not look at may be left out, and no others.
  auto mayLeaveOut = [&](Value active) { return !active || active == fire.getActive(); };
  if (!isOperand(lhs) || !isOperand(rhs) || !mayLeaveOut(counts.getActive()) || !mayLeaveOut(op.getActive()))
    return std::nullopt;
  auto inputs = op.getSynapticInputs();
  return Coincidences{op, inputs[0], inputs[1], inputs[2], static_cast<int64_t>(lhs.getHeads()), op.getAssociation()};
}
