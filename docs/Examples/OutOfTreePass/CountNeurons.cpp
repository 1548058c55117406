//===- CountNeurons.cpp - A pass that lives outside the stas tree ---------===//
//
// Says at every neuron layer how many neurons an image has there:
//   stas-opt --load-pass-plugin=libCountNeurons.so --count-neurons model.mlir
//
//===----------------------------------------------------------------------===//
#include "dialects/STAS/STASOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "llvm/Config/llvm-config.h"

using namespace mlir;

namespace {
struct CountNeurons : public PassWrapper<CountNeurons, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CountNeurons)

  StringRef getArgument() const override { return "count-neurons"; }
  StringRef getDescription() const override { return "say how many neurons each layer has"; }

  void runOnOperation() override {
    getOperation().walk([](stas::LIFOp lif) {
      // [T, B, ..], or [B, ..] inside stas.act: the batch is the dynamic axis.
      auto shape = cast<RankedTensorType>(lif.getOutput().getType()).getShape();
      int64_t neurons = 1;
      for (int64_t extent : shape.drop_front(lif->getParentOfType<stas::ActOp>() ? 1 : 2))
        neurons *= extent;
      lif.emitRemark() << neurons << " neurons";
    });
    markAllAnalysesPreserved();
  }
};
} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "CountNeurons", LLVM_VERSION_STRING,
          [] { PassRegistration<CountNeurons>(); }};
}
