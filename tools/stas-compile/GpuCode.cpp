//===- GpuCode.cpp - From a quantised model to kernels of a GPU -----------===//
#include "GpuCode.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "stas/Support/Terminal.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;

llvm::Expected<std::vector<GpuTarget>> stas::gpuTargetsOf(ArrayRef<std::string> names) {
  const std::string usual[] = {"sm_80", "sm_90a"};
  std::vector<GpuTarget> targets;
  for (const std::string &name : names.empty() ? ArrayRef(usual) : names) {
    if (llvm::any_of(targets, [&](const GpuTarget &target) { return target.name() == name; }))
      return llvm::createStringError("--gpu: required different architectures, found %s twice", name.c_str());
    auto target = GpuTarget::create(name);
    if (!target)
      return llvm::createStringError("--gpu: %s", llvm::toString(target.takeError()).c_str());
    targets.push_back(std::move(*target));
  }
  return targets;
}

FailureOr<GpuPlan> stas::planForGpu(ModuleOp module, WeightReader &weights, ArrayRef<GpuTarget> targets) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!main || main.isExternal())
    return module.emitError("requires a function @main with a body, found none");
  MLIRContext *context = module.getContext();
  context->loadDialect<arith::ArithDialect, gpu::GPUDialect, LLVM::LLVMDialect, NVVM::NVVMDialect, scf::SCFDialect>();
  cuda::PlanOptions options;
  // One plan for all: what it takes each of them has.
  const GpuTarget &smallest = *llvm::min_element(
      targets, [](const GpuTarget &a, const GpuTarget &b) { return a.sharedBytes() < b.sharedBytes(); });
  options.gpu.name = smallest.name();
  options.gpu.sharedBytes = smallest.sharedBytes();
  GpuPlan plan{ModuleOp::create(main.getLoc()), {}};
  auto builder = OpBuilder::atBlockEnd(plan.module->getBody());
  auto kernels = gpu::GPUModuleOp::create(builder, main.getLoc(), "kernels");
  FailureOr<cuda::ModelPlan> model = cuda::buildPlan(main, kernels, weights, options);
  if (failed(model))
    return failure();
  plan.model = std::move(*model);
  return plan;
}

llvm::Expected<std::vector<GpuCode>> stas::emitForGpu(GpuPlan &plan, ArrayRef<GpuTarget> targets,
                                                      llvm::function_ref<void(const std::string &)> remark) {
  std::optional<std::string> ptxas = findPtxas();
  std::vector<GpuCode> codes;
  Progress progress("compiling kernels", 2 * targets.size());
  progress.update(0);
  for (const GpuTarget &target : targets) {
    auto kernels = *plan.module->getOps<gpu::GPUModuleOp>().begin();
    auto ptx = emitPtx(kernels, target);
    if (!ptx)
      return ptx.takeError();
    codes.push_back({target.name(), std::move(*ptx), std::nullopt});
    progress.update(2 * codes.size() - 1);
    if (!ptxas)
      continue;
    auto cubin = assemble(codes.back().ptx, target, *ptxas);
    if (!cubin)
      return cubin.takeError();
    for (const KernelResources &kernel : cubin->kernels)
      remark(llvm::formatv("kernel {0}: {1} registers a thread, {2} bytes of them spilled [ptxas {3}]", kernel.name,
                           kernel.registers, kernel.spillStores, target.name())
                 .str());
    codes.back().cubin = std::move(cubin->code);
    progress.update(2 * codes.size());
  }
  return codes;
}
