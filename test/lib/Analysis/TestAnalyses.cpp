//===- TestAnalyses.cpp - Annotates ops with what analyses know -----------===//
//
// Each pass gives every op an attribute, test.NAME, with what its analysis says
// of each result, and every argument of a function and of a block one on the
// function or the op around it.
//
//===----------------------------------------------------------------------===//
#include "../TestPasses.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "stas/Analysis/FiringRates.h"
#include "stas/Analysis/IntegerRanges.h"
#include "stas/Analysis/StateLiveness.h"
#include "stas/Analysis/TimeInvariance.h"

using namespace mlir;
using namespace stas;

namespace {
using Describe = llvm::function_ref<std::string(Value)>;

/// What is known of some values, in their order.
ArrayAttr describe(ValueRange values, Describe of) {
  Builder builder(values.front().getContext());
  SmallVector<Attribute> texts;
  for (Value value : values)
    texts.push_back(builder.getStringAttr(of(value)));
  return builder.getArrayAttr(texts);
}

void annotate(func::FuncOp function, StringRef name, Describe of) {
  function.walk([&](Operation *op) {
    if (op->getNumResults() > 0)
      op->setAttr(("test." + name).str(), describe(op->getResults(), of));
    SmallVector<Attribute> blocks;
    for (Region &region : op->getRegions())
      for (Block &block : region)
        if (block.getNumArguments() > 0)
          blocks.push_back(describe(block.getArguments(), of));
    if (!blocks.empty())
      op->setAttr(("test." + name + "_arguments").str(), Builder(op->getContext()).getArrayAttr(blocks));
  });
}

template <typename Derived> using TestPass = PassWrapper<Derived, OperationPass<func::FuncOp>>;

struct TestTimeInvariance : TestPass<TestTimeInvariance> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestTimeInvariance)
  StringRef getArgument() const final { return "test-stas-time-invariance"; }
  StringRef getDescription() const final { return "Annotate values with what they do over time"; }
  void runOnOperation() override {
    TimeInvariance time(getOperation());
    annotate(getOperation(), "time", [&](Value value) { return time.of(value).name().str(); });
  }
};

struct TestIntegerRanges : TestPass<TestIntegerRanges> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestIntegerRanges)
  StringRef getArgument() const final { return "test-stas-integer-ranges"; }
  StringRef getDescription() const final { return "Annotate values with the integers that they reach"; }
  void runOnOperation() override {
    IntegerRanges ranges(getOperation());
    annotate(getOperation(), "range", [&](Value value) {
      auto range = ranges.of(value);
      return range ? std::to_string(range->low) + ".." + std::to_string(range->high) : "none";
    });
  }
};

struct TestFiringRates : TestPass<TestFiringRates> {
  TestFiringRates() = default;
  TestFiringRates(const TestFiringRates &other) : PassWrapper(other) {} // an option is not copied, its text is
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestFiringRates)
  StringRef getArgument() const final { return "test-stas-firing-rates"; }
  StringRef getDescription() const final { return "Annotate values with their firing rates"; }
  Option<std::string> rates{*this, "rates", llvm::cl::desc("rates that stas run --rates measured")};

  void runOnOperation() override {
    auto table = RateTable::read(rates);
    if (!table) {
      getOperation().emitError(llvm::toString(table.takeError()));
      return signalPassFailure();
    }
    FiringRates known(getOperation(), *table);
    annotate(getOperation(), "rate", [&](Value value) {
      std::string text;
      llvm::raw_string_ostream stream(text);
      known.of(value).print(stream);
      return text;
    });
  }
};

struct TestStateLiveness : PassWrapper<TestStateLiveness, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestStateLiveness)
  StringRef getArgument() const final { return "test-stas-state-liveness"; }
  StringRef getDescription() const final { return "Annotate neurons with how long their membranes live"; }
  void runOnOperation() override {
    StateLiveness state(getOperation());
    getOperation().walk([&](Operation *op) {
      if (!isNeurons(op))
        return;
      Builder builder(op->getContext());
      op->setAttr("test.state", builder.getStringAttr(nameOf(state.of(op))));
      op->setAttr("test.membranes", builder.getI64IntegerAttr(state.membranesInMemory(op)));
    });
  }
};
} // namespace

void stas::test::registerAnalysisTestPasses() {
  PassRegistration<TestTimeInvariance>();
  PassRegistration<TestIntegerRanges>();
  PassRegistration<TestFiringRates>();
  PassRegistration<TestStateLiveness>();
}
