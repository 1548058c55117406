//===- Evaluation.cpp - Runs blocks op by op ------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Evaluation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Transforms/RegionUtils.h"
#include "stas/Support/Checked.h"

using namespace mlir;
using namespace stas;

namespace {

LogicalResult constant(arith::ConstantOp op, Evaluation &evaluation) {
  auto value = dyn_cast<DenseElementsAttr>(op.getValue());
  if (!value || !Tensor::supports(value.getElementType()))
    return op.emitOpError("requires a dense tensor of i1, i8, i32, i64 or f32 to be interpreted, found ")
           << op.getType();
  constexpr uint64_t maxElements = uint64_t(1) << 28;
  // Not the attribute's own count, which may have wrapped.
  if (checkedProduct(value.getType().getShape()).value_or(maxElements + 1) > maxElements)
    return op.emitOpError("requires at most 2^28 elements to be interpreted, found ") << op.getType();
  evaluation.set(op.getResult(), Tensor::constant(value));
  return success();
}

const OpTable &opTable() {
  static const OpTable table = [] {
    OpTable table;
    table.add<arith::ConstantOp, constant>();
    addTensorOps(table);
    addLayers(table);
    addNeurons(table);
    addStaircases(table);
    addAttention(table);
    addAct(table);
    addLoops(table);
    addChecks(table);
    addSpikeOps(table);
    addSpikeNeurons(table);
    addQuantOps(table);
    addSparseOps(table);
    return table;
  }();
  return table;
}

} // namespace

Evaluation::Evaluation(WeightReader &weights, InterpreterObserver &observer) : observer(observer), weights(weights) {}

FailureOr<SmallVector<Tensor>> Evaluation::run(Block &block, ArrayRef<Tensor> arguments) {
  for (auto [argument, tensor] : llvm::zip_equal(block.getArguments(), arguments))
    set(argument, tensor);
  for (Operation &op : block.without_terminator()) {
    OpTable::Meaning meaning = opTable().lookup(&op);
    if (!meaning)
      return op.emitOpError(
          "cannot be interpreted: the interpreter knows stas, stas_check, the tensor ops of spike, arith.constant and "
          "arith.divf");
    if (failed(meaning(&op, *this)))
      return failure();
    dropUnused(op);
  }
  SmallVector<Tensor> results;
  for (Value result : block.getTerminator()->getOperands())
    results.push_back(get(result));
  return results;
}

/// Frees the values that no later op reads; the activations of a whole network would not fit into memory.
void Evaluation::dropUnused(Operation &op) {
  auto isLastUse = [&](Value value) {
    return llvm::all_of(value.getUsers(), [&](Operation *user) {
      Operation *inBlock = op.getBlock()->findAncestorOpInBlock(*user);
      return inBlock == &op || (inBlock && inBlock->isBeforeInBlock(&op));
    });
  };
  for (Value operand : op.getOperands())
    if (operand.getParentBlock() == op.getBlock() && isLastUse(operand))
      values.erase(operand);
  // What a loop's body used of the values around it.
  visitUsedValuesDefinedAbove(op.getRegions(), [&](OpOperand *use) {
    if (use->get().getParentBlock() == op.getBlock() && isLastUse(use->get()))
      values.erase(use->get());
  });
  for (Value result : op.getResults())
    if (result.use_empty())
      values.erase(result);
}

FailureOr<ArrayRef<float>> Evaluation::weight(Operation *op, WeightAttr attribute,
                                              llvm::function_ref<std::vector<float>(std::vector<float>)> arrange) {
  auto [entry, isNew] = arranged.try_emplace({op, attribute});
  if (isNew) {
    llvm::Expected<std::vector<float>> read = weights.read(attribute);
    if (!read) {
      arranged.erase(entry);
      return op->emitError(llvm::toString(read.takeError()));
    }
    entry->second = arrange(std::move(*read));
  }
  return ArrayRef<float>(entry->second);
}

namespace {
/// The entry of `cache` for `quant`, made when it is asked for first. A failure is reported at `op`.
template <typename Tables, typename Make>
FailureOr<const Tables *> cached(llvm::DenseMap<Attribute, std::unique_ptr<Tables>> &cache, Operation *op,
                                 spike::QuantAttr quant, WeightReader &weights, Make make) {
  std::unique_ptr<Tables> &entry = cache[quant];
  if (!entry) {
    llvm::Expected<Tables> made = make(quant, weights);
    if (!made)
      return op->emitError(llvm::toString(made.takeError()));
    entry = std::make_unique<Tables>(std::move(*made));
  }
  return entry.get();
}
} // namespace

FailureOr<const QuantizedLayer *> Evaluation::layer(Operation *op, spike::QuantAttr quant) {
  return cached(layers, op, quant, weights, quantizeLayer);
}

FailureOr<const QuantizedHead *> Evaluation::head(Operation *op, spike::QuantAttr quant) {
  return cached(heads, op, quant, weights, quantizeHead);
}

FailureOr<ArrayRef<int32_t>>
Evaluation::integerWeights(Operation *op, spike::QuantAttr quant,
                           llvm::function_ref<std::vector<int32_t>(ArrayRef<int32_t>)> arrange) {
  std::vector<int32_t> &entry = arrangedIntegers[quant];
  if (!entry.empty())
    return ArrayRef<int32_t>(entry);
  ArrayRef<int32_t> values;
  if (quant.getNeuron()) {
    auto tables = layer(op, quant);
    if (failed(tables))
      return failure();
    values = (*tables)->weights;
  } else {
    auto tables = head(op, quant);
    if (failed(tables))
      return failure();
    values = (*tables)->weights;
  }
  entry = arrange(values);
  return ArrayRef<int32_t>(entry);
}

FailureOr<SmallVector<Tensor>> stas::interpret(func::FuncOp function, ArrayRef<Tensor> arguments, WeightReader &weights,
                                               InterpreterObserver *observer) {
  FunctionType type = function.getFunctionType();
  if (function.isExternal() || !function.getBody().hasOneBlock() || arguments.size() != type.getNumInputs())
    return function.emitError("requires a body of one block and ")
           << type.getNumInputs() << " arguments to be interpreted, found " << arguments.size() << " arguments";
  for (auto [index, argument] : llvm::enumerate(arguments))
    if (!fits(argument, dyn_cast<RankedTensorType>(type.getInput(index)))) {
      auto diagnostic = function.emitError("requires argument ")
                        << index << " to be a " << type.getInput(index) << ", found a tensor of extents [";
      llvm::interleaveComma(argument.shape(), diagnostic);
      return diagnostic << "] or of another element type";
    }
  InterpreterObserver passive;
  Evaluation evaluation(weights, observer ? *observer : passive);
  return evaluation.run(function.getBody().front(), arguments);
}
