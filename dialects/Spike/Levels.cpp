//===- Levels.cpp - Which values ops pass on ------------------------------===//
#include "dialects/Spike/SpikeOps.h"
#include "mlir/IR/TypeUtilities.h"
#include <numeric>

using namespace mlir;
using namespace stas;
using namespace stas::spike;

Levels spike::levelsOf(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (element.isInteger(1))
    return {1, 1};
  return element.isInteger(8) ? Levels{1, 255} : Levels{};
}

Levels spike::sumOf(Levels lhs, Levels rhs) {
  if (lhs.isReal() || rhs.isReal())
    return {};
  int64_t parts = std::lcm(lhs.parts, rhs.parts);
  return {parts, lhs.max * (parts / lhs.parts) + rhs.max * (parts / rhs.parts)};
}

Levels LevelMap::of(Value value) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  Levels levels = levelsOf(value.getType());
  if (auto op = value.getDefiningOp<LevelsOpInterface>()) {
    auto operands = llvm::map_to_vector(op->getOperands(), [&](Value operand) { return of(operand); });
    levels = op.inferLevels(operands);
  }
  return known[value] = levels;
}

Levels stas::spike::AddOp::inferLevels(ArrayRef<Levels> operands) {
  auto [parts, max] = operands[1];
  return sumOf(operands[0], {parts, max * static_cast<int64_t>(getFactor())});
}

Levels stas::spike::FlattenOp::inferLevels(ArrayRef<Levels> operands) { return operands[0]; }

Levels stas::spike::MaxPoolOp::inferLevels(ArrayRef<Levels> operands) { return operands[0]; }

/// A mean keeps its sum's integers, in parts that are T times as small.
Levels stas::spike::IntegrateOp::inferLevels(ArrayRef<Levels> operands) {
  int64_t timesteps = cast<RankedTensorType>(getInput().getType()).getDimSize(0);
  auto [parts, max] = operands[0];
  return {getKind() == ReduceKind::Mean ? parts * timesteps : parts, max * timesteps};
}

Levels stas::spike::StaircaseOp::inferLevels(ArrayRef<Levels>) {
  int64_t timesteps = getTimesteps();
  return {getKind() == ReduceKind::Mean ? timesteps : 1, timesteps};
}
