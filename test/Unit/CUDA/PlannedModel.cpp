//===- PlannedModel.cpp - A model's plan, executed ------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "PlannedModel.h"
#include "lib/Runtime/CUDA/Executor.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "stas/InitAll.h"
#include "stas/Pipelines/Pipelines.h"
#include "stas/Target/CUDA/Emit.h"
#include "test/Unit/CUDARuntime/CudaTest.h"
#include "llvm/ADT/STLExtras.h"

using namespace stas;

void PlannedModel::make(const TestModel &test) {
  TestFolder folder;
  folder.write("weights.bin", test.weights.data(), test.weights.size() * sizeof(float));
  mlir::MLIRContext context;
  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  context.appendDialectRegistry(registry);
  context.loadDialect<mlir::arith::ArithDialect, mlir::gpu::GPUDialect, mlir::LLVM::LLVMDialect,
                      mlir::NVVM::NVVMDialect, mlir::scf::SCFDialect>();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(test.text, &context);
  ASSERT_TRUE(module) << test.text;
  mlir::PassManager pipeline(&context);
  addPhase(pipeline, Phase::Sparse, {});
  ASSERT_TRUE(mlir::succeeded(pipeline.run(*module)));
  auto host = mlir::OpBuilder::atBlockEnd(module->getBody());
  auto kernels = mlir::gpu::GPUModuleOp::create(host, host.getUnknownLoc(), "kernels");
  WeightReader weights(folder.path());
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) { error = diagnostic.str(); });
  auto made = cuda::buildPlan(module->lookupSymbol<mlir::func::FuncOp>("main"), kernels, weights);
  if (mlir::failed(made))
    return;
  model = *made;
  ASSERT_TRUE(mlir::succeeded(mlir::verify(kernels))) << error;
  auto target = GpuTarget::create("sm_80");
  ASSERT_TRUE(static_cast<bool>(target));
  auto text = emitPtx(kernels, *target);
  ASSERT_TRUE(static_cast<bool>(text)) << llvm::toString(text.takeError());
  ptx = *text;
}

Outcome PlannedModel::run(const TestModel &test, const std::vector<float> &images, int64_t most, bool separate) const {
  cuda::ExecutorOptions options;
  options.mostImages = most;
  options.separateBuffers = separate;
  auto device = cuda::openDevice();
  auto module = cuda::valueOf(cuda::Module::load(device, {"sm_80", ptx}));
  auto executor = cuda::Executor::create(device, model.plan, std::move(module), model.weights, options);
  if (!executor) {
    ADD_FAILURE() << executor.message();
    return {};
  }
  uint64_t count = images.size() / llvm::product_of(test.image);
  auto elements = [&](uint32_t buffer) { return count * model.plan.buffers[buffer].imageBytes / 4; };
  const std::vector<uint32_t> &outputs = model.plan.outputs;
  Outcome outcome;
  outcome.logits.resize(elements(outputs[0]));
  std::vector<void *> results{outcome.logits.data()};
  if (outputs.size() == 2) {
    outcome.steps.resize(elements(outputs[1]));
    results.push_back(outcome.steps.data());
  }
  Status status = (*executor)->run({count, images.data(), results});
  EXPECT_TRUE(status) << (status ? "" : status.message());
  return outcome;
}
