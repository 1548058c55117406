//===- SpikeToGPU.cpp - The sparse level on a GPU -------------------------===//
#include "PlanBuilder.h"
#include "stas/Conversion/Passes.h"
#include "llvm/Support/FormatVariadic.h"

namespace stas {
#define GEN_PASS_DEF_CONVERTSPIKETOGPU
#include "stas/Conversion/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

namespace {
struct ConvertSpikeToGPUPass : public stas::impl::ConvertSpikeToGPUBase<ConvertSpikeToGPUPass> {
  using ConvertSpikeToGPUBase::ConvertSpikeToGPUBase;

  void runOnOperation() override {
    auto function = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!function || function.isExternal()) {
      getOperation().emitError("requires a function @main with a body, found none");
      return signalPassFailure();
    }
    if (failed(lower(function)))
      signalPassFailure();
  }

  LogicalResult lower(func::FuncOp function);
};

/// A step of a plan in a line: the layer, what is launched, and the buffers that it reads (<), writes (>) or changes
/// (=).
std::string describe(const PlanStep &step, const Plan &plan) {
  std::string text = step.layer + ": ";
  if (step.kernel.empty())
    text += llvm::formatv("fill {0}", unsigned(step.value));
  else
    text += llvm::formatv("{0} blocks {1} / {2} * {3} threads {4} shared {5}", step.kernel, step.rowsPerImage,
                          step.rowsPerBlock, step.blocksPerRows, step.threads, step.sharedBytes);
  for (const PlanArgument &argument : step.arguments)
    if (argument.isBuffer())
      text += llvm::formatv(" {0}{1}:{2}", "<>="[argument.kind - PlanArgument::Read], argument.value,
                            plan.buffers[argument.value].name);
  return text;
}
} // namespace

LogicalResult ConvertSpikeToGPUPass::lower(func::FuncOp function) {
  if (images < 1 || images > 1 << 20)
    return function.emitError("requires 1 to 2^20 images, found ") << images.getValue();
  OpBuilder host(function);
  auto kernels = gpu::GPUModuleOp::create(host, function.getLoc(), "kernels");
  WeightReader weights(baseDirectory, getOperation()->getAttrOfType<ModelAttr>("stas.model"));
  auto model = buildPlan(function, kernels, weights, {Gpu(), images});
  if (failed(model))
    return failure();
  SmallVector<std::string> lines;
  for (const PlanStep &step : model->plan.steps)
    lines.push_back(describe(step, model->plan));
  SmallVector<StringRef> launches(lines.begin(), lines.end());
  kernels->setAttr("spike.launches", host.getStrArrayAttr(launches));
  numKernels += llvm::range_size(kernels.getOps<LLVM::LLVMFuncOp>());
  numLaunches += launches.size();
  function.erase();
  return success();
}
