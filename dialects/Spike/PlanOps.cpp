//===- PlanOps.cpp - Rules of the plan ------------------------------------===//
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace stas::spike;

LogicalResult BufferOp::verify() {
  auto type = cast<MemRefType>(getMemory().getType());
  if (!type.hasStaticShape() || type.getRank() != 1 || getOffset().value_or(0) % 64 != 0)
    return emitOpError("buffer.R1: requires a static one-dimensional memref at a multiple of 64, found ") << type;
  return success();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError("launch.R1: requires a kernel, found none named ") << getKernelAttr();
  auto inputs = kernel.getArgumentTypes();
  if (inputs.size() != getNumOperands() + 4 || !llvm::equal(inputs.drop_back(4), getOperandTypes()))
    return emitOpError("launch.R1: requires the operands that ") << getKernelAttr() << " takes, found others";
  return success();
}

LogicalResult LaunchOp::verify() {
  if (!getSpikes())
    return success();
  int64_t elements = 1;
  for (int64_t extent : getAxesAttr() ? getAxesAttr().asArrayRef() : ArrayRef<int64_t>())
    elements *= extent;
  int64_t operand = *getSpikes();
  if (operand < 0 || operand >= static_cast<int64_t>(getNumOperands()) || !getLayout() || !getAxesAttr() ||
      cast<MemRefType>(getOperand(operand).getType()).getNumElements() != elements)
    return emitOpError("launch.R2: requires spikes to name an operand of as many elements as its axes say");
  return success();
}

LogicalResult TimeLoopOp::verify() {
  if (static_cast<int64_t>(getTimesteps()) < 1)
    return emitOpError("time_loop.R1: requires timesteps >= 1, found ") << static_cast<int64_t>(getTimesteps());
  return success();
}
