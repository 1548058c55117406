//===- PlanOps.cpp - Rules of the plan ------------------------------------===//
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace stas::spike;

LogicalResult BufferOp::verify() {
  // The memory's type, and so the size, is a constraint of the result.
  int64_t offset = getOffset().value_or(0);
  if (offset < 0 || offset % 64 != 0)
    return emitOpError("buffer.R1: requires an offset that is a multiple of 64, found ") << offset;
  return success();
}

LogicalResult ConstantOp::verify() {
  auto type = cast<MemRefType>(getMemory().getType());
  if (type.getNumElements() != getPack().getNumElements())
    return emitOpError("constant.R1: requires a memory of ")
           << getPack().getNumElements() << " elements, found " << type;
  return success();
}

MemRefType TableOp::getMemoryType(TableKind kind, QuantAttr quant) {
  auto shape = quant.getWeight().getType().getShape();
  int64_t channels = llvm::alignTo(shape[0], 32), inputs = llvm::product_of(shape.drop_front());
  MLIRContext *context = quant.getContext();
  Type i16 = IntegerType::get(context, 16);
  switch (kind) {
  case TableKind::Rows:
    return MemRefType::get({inputs * channels}, quant.getBits() > 16 ? IntegerType::get(context, 32) : i16);
  case TableKind::Pairs:
    return MemRefType::get({(inputs + 1) * channels}, i16);
  case TableKind::Tiles: {
    int64_t padded = llvm::alignTo(inputs, 64);
    return MemRefType::get({channels * padded * (quant.getBits() / 8)}, IntegerType::get(context, 8));
  }
  case TableKind::Bias:
  case TableKind::Threshold:
  case TableKind::Reset:
    return MemRefType::get({channels}, quant.getSumType());
  case TableKind::Cuts:
    return MemRefType::get({quant.getSteps() * channels}, quant.getSumType());
  case TableKind::Unit:
    return MemRefType::get({1}, Float64Type::get(context));
  }
  llvm_unreachable("a kind of table");
}

LogicalResult TableOp::verify() {
  stas::LIFAttr neuron = getQuant().getNeuron();
  TableKind kind = getKind();
  bool needsNeuron = kind == TableKind::Threshold || kind == TableKind::Reset || kind == TableKind::Cuts;
  bool isNarrow = kind == TableKind::Pairs || kind == TableKind::Tiles;
  bool isSound = getQuant().getWeight() && (!isNarrow || getQuant().getBits() <= 16) && (!needsNeuron || neuron) &&
                 (kind != TableKind::Unit || !neuron);
  if (isSound && needsNeuron && kind != TableKind::Threshold)
    isSound = (neuron.getReset() == stas::ResetKind::Soft) == (kind == TableKind::Reset);
  if (!isSound)
    return emitOpError("table.R1: requires quant with a weight, of at most 16 bits for pairs and tiles, with a neuron "
                       "for threshold, reset (soft) and cuts (hard) and without for unit, found ")
           << stringifyTableKind(kind) << " of " << getQuant();
  if (MemRefType type = getMemoryType(kind, getQuant()); getMemory().getType() != type)
    return emitOpError("table.R2: requires a memory ") << type << ", found " << getMemory().getType();
  return success();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError("launch.R1: requires a kernel, found none named ") << getKernelAttr();
  auto inputs = kernel.getArgumentTypes();
  auto isScratch = [](Type type) {
    auto memory = dyn_cast<MemRefType>(type);
    return memory && memory.hasStaticShape() && memory.getRank() == 1 && memory.getElementType().isInteger(8);
  };
  size_t operands = getNumOperands();
  if ((inputs.size() != operands + 4 && inputs.size() != operands + 5) ||
      !llvm::equal(inputs.take_front(operands), getOperandTypes()) ||
      !llvm::all_of(inputs.drop_front(operands).drop_back(), llvm::IsaPred<IndexType>) || !isScratch(inputs.back()) ||
      kernel.getNumResults() != 0)
    return emitOpError("launch.R1: requires a kernel of the operands, three or four indices and scratch memory, found ")
           << getKernelAttr() << " : " << kernel.getFunctionType();
  return success();
}

bool LaunchOp::takesSeveralImages() {
  auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(*this, getKernelAttr());
  return kernel.getNumArguments() == getNumOperands() + 5;
}

/// launch.R4.
static LogicalResult verifyWork(LaunchOp op) {
  WorkAttr work = op.getWorkAttr();
  if (!work)
    return success();
  auto holds = [&](int64_t operand, int64_t elements) {
    if (operand < 0 || operand >= static_cast<int64_t>(op.getNumOperands()))
      return false;
    return cast<MemRefType>(op.getOperand(operand).getType()).getNumElements() % elements == 0;
  };
  size_t inputs = work.getKind() == WorkKind::Weighted ? 1 : work.getKind() == WorkKind::Coincidence ? 3 : 0;
  bool isSound = work.getInputs().size() == inputs &&
                 llvm::all_of(work.getInputs(), [&](int64_t operand) { return holds(operand, work.getInputValues()); });
  if (work.getActive() >= 0) {
    isSound &= holds(work.getActive(), work.getRows());
    if (isSound) {
      auto mask = cast<MemRefType>(op.getOperand(work.getActive()).getType());
      isSound = mask.getElementType().isInteger(8) && mask.getNumElements() == work.getRows();
    }
  }
  if (!isSound)
    return op.emitOpError("launch.R4: requires work to name ")
           << inputs << " operands of whole timesteps, and as active an i8 operand of " << work.getRows()
           << " elements, found " << work;
  return success();
}

LogicalResult LaunchOp::verify() {
  if (static_cast<int64_t>(getExtent()) < 1)
    return emitOpError("launch.R3: requires extent >= 1, found ") << static_cast<int64_t>(getExtent());
  if (failed(verifyWork(*this)))
    return failure();
  bool isObserved = getSpikes().has_value();
  if (isObserved != getLayout().has_value() || isObserved != getAxes().has_value())
    return emitOpError("launch.R2: requires spikes, layout and axes together");
  if (getWhen() == When::Unobserved && (isObserved || getWork()))
    return emitOpError("launch.R5: requires no spikes and no work where runs with observers leave the launch out");
  if (!isObserved)
    return success();
  ArrayRef<int64_t> axes = *getAxes();
  uint64_t operand = *getSpikes();
  bool isSound = operand < getNumOperands() && axes.size() == (*getLayout() == Layout::Map ? 4 : 3) &&
                 llvm::all_of(axes, [](int64_t extent) { return extent >= 1; });
  if (isSound) {
    // Divided down, as a product may overflow.
    auto type = cast<MemRefType>(getOperand(operand).getType());
    int64_t rest = type.getNumElements();
    for (int64_t extent : axes) {
      isSound &= rest % extent == 0;
      rest /= extent;
    }
    isSound &= rest == 1 && type.getElementType().isInteger(8);
  }
  if (!isSound)
    return emitOpError("launch.R2: requires spikes to name an i8 operand of as many elements as its axes say, found [")
           << axes << "]";
  return success();
}

LogicalResult TimeLoopOp::verify() {
  int64_t timesteps = getTimesteps();
  if (timesteps < 1 || timesteps > 256)
    return emitOpError("time_loop.R1: requires 1 <= timesteps <= 256, found ") << timesteps;
  if ((*this)->getParentOfType<TimeLoopOp>())
    return emitOpError("time_loop.R2: requires a place outside other loops");
  return success();
}
