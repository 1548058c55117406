//===- ReductionPatterns.cpp - Ways to make a model smaller ---------------===//
#include "ReductionPatterns.h"
#include "dialects/STAS/STASDialect.h"
#include "dialects/Spike/SpikeDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Reducer/ReductionPatternInterface.h"

using namespace mlir;

namespace {
bool isLayer(Operation *op) {
  // A script that takes broken modules for interesting may leave ops without operands.
  return isa_and_nonnull<stas::STASDialect, stas::spike::SpikeDialect>(op->getDialect()) && op->getNumResults() > 0 &&
         llvm::all_of(op->getOperands(), [](Value operand) { return static_cast<bool>(operand); });
}

/// The function whose body holds `op` directly.
func::FuncOp functionOf(Operation *op) { return dyn_cast_or_null<func::FuncOp>(op->getParentOp()); }

/// op(x, ..) becomes x where it has the result's type.
struct PassThrough : RewritePattern {
  explicit PassThrough(MLIRContext *context) : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (!isLayer(op) || op->getNumResults() != 1)
      return failure();
    for (Value operand : op->getOperands())
      if (operand.getType() == op->getResult(0).getType()) {
        rewriter.replaceOp(op, operand);
        return success();
      }
    return failure();
  }
};

/// The function's arguments and results, as its body has them.
void updateType(func::FuncOp function) {
  Block &body = function.getBody().front();
  function.setFunctionType(
      FunctionType::get(function.getContext(), body.getArgumentTypes(), body.getTerminator()->getOperandTypes()));
}

/// return op(x) becomes return x.
struct CutTheEnd : OpRewritePattern<func::ReturnOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(func::ReturnOp op, PatternRewriter &rewriter) const override {
    for (OpOperand &result : op->getOpOperands()) {
      Operation *last = result.get() ? result.get().getDefiningOp() : nullptr;
      if (!last || !functionOf(op) || !isLayer(last) || last->getNumOperands() == 0)
        continue;
      rewriter.modifyOpInPlace(op, [&] { result.set(last->getOperand(0)); });
      updateType(functionOf(op));
      return success();
    }
    return failure();
  }
};

struct STASReductions : DialectReductionPatternInterface {
  explicit STASReductions(Dialect *dialect) : DialectReductionPatternInterface(dialect) {}
  void populateReductionPatterns(RewritePatternSet &patterns) const override {
    patterns.add<PassThrough, CutTheEnd>(patterns.getContext());
  }
};
} // namespace

void stas::registerReductionPatterns(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *, STASDialect *dialect) { dialect->addInterfaces<STASReductions>(); });
}
