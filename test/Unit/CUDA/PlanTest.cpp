//===- PlanTest.cpp - Whole models as plans, executed ---------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model's plan runs through lib/Runtime/CUDA on the driver library that
// executes PTX on the CPU. Logits must be those of the CPU's artifact and of the
// interpreter, to the last bit.
//
//===----------------------------------------------------------------------===//
#include "lib/Conversion/SpikeToGPU/PlanBuilder.h"
#include "lib/Runtime/CUDA/Executor.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "stas/InitAll.h"
#include "stas/Pipelines/Pipelines.h"
#include "stas/Runtime/CpuFeatures.h"
#include "stas/Target/CUDA/Emit.h"
#include "test/Unit/CUDARuntime/CudaTest.h"
#include "test/Unit/Target/IntegerModel.h"
#include "llvm/ADT/STLExtras.h"
#include <gmock/gmock.h>

using namespace stas;
using testing::HasSubstr;

namespace {
/// A model, planned for a GPU. The error instead where that cannot be.
class Planned {
public:
  explicit Planned(const TestModel &model) { make(model); }

  std::string error, ptx;
  cuda::ModelPlan plan;

private:
  void make(const TestModel &model);
};

void Planned::make(const TestModel &model) {
  TestFolder folder;
  folder.write("weights.bin", model.weights.data(), model.weights.size() * sizeof(float));
  mlir::MLIRContext context;
  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  context.appendDialectRegistry(registry);
  context.loadDialect<mlir::arith::ArithDialect, mlir::gpu::GPUDialect, mlir::LLVM::LLVMDialect,
                      mlir::NVVM::NVVMDialect, mlir::scf::SCFDialect>();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(model.text, &context);
  ASSERT_TRUE(module) << model.text;
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
  plan = *made;
  ASSERT_TRUE(mlir::succeeded(mlir::verify(kernels))) << error;
  auto target = GpuTarget::create("sm_80");
  ASSERT_TRUE(static_cast<bool>(target));
  auto text = emitPtx(kernels, *target);
  ASSERT_TRUE(static_cast<bool>(text)) << llvm::toString(text.takeError());
  ptx = *text;
}

/// The logits of images, by batches of two; each buffer in memory of its own where `separate`.
std::vector<float> run(const Planned &planned, const TestModel &model, const std::vector<float> &images,
                       int64_t classes, bool separate) {
  cuda::ExecutorOptions options;
  options.mostImages = 2;
  options.separateBuffers = separate;
  auto executor = cuda::Executor::create(cuda::openDevice(), planned.plan.plan, {"sm_80", planned.ptx},
                                         planned.plan.weights, options);
  if (!executor) {
    ADD_FAILURE() << executor.message();
    return {};
  }
  uint64_t count = images.size() / llvm::product_of(model.image);
  std::vector<float> logits(count * classes);
  Status status = (*executor)->run({count, images.data(), {logits.data()}});
  EXPECT_TRUE(status) << (status ? "" : status.message());
  return logits;
}

class CudaPlan : public testing::TestWithParam<Shapes> {
protected:
  void compare(int64_t bits) {
    TestModel model = integerModel(GetParam(), bits);
    std::vector<float> images = imagesOf(GetParam(), 3);
    Outcome expected = interpretModel(model, images);
    ASSERT_FALSE(expected.logits.empty());
    Planned planned(model);
    ASSERT_EQ(planned.error, "");
    for (bool separate : {false, true})
      EXPECT_EQ(run(planned, model, images, GetParam().classes, separate), expected.logits) << separate;
    if (!llvm::is_contained(hostCpuFeatures(), "avx2"))
      GTEST_SKIP() << "this machine has no AVX2: the artifact of the CPU is not compared";
    auto onCpu = compileAndRun(model, images, "x86-64-v3");
    ASSERT_EQ(onCpu.size(), 2u);
    EXPECT_EQ(onCpu[0].logits, expected.logits);
  }
};

TEST_P(CudaPlan, SixteenBits) { compare(16); }
TEST_P(CudaPlan, EightBits) { compare(8); }

std::string nameOf(const testing::TestParamInfo<Shapes> &info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Sizes, CudaPlan,
                         testing::Values(
                             //     name             image    stride inner depth heads hidden T classes
                             Shapes{"one_timestep", 3, 5, 5, 1, 1, 8, 1, 1, 1, 1},
                             Shapes{"one_tile", 3, 8, 8, 1, 3, 32, 2, 64, 4, 10},
                             Shapes{"odd_map", 2, 5, 7, 1, 3, 72, 3, 130, 3, 17},
                             Shapes{"strided_image", 3, 6, 6, 2, 3, 48, 3, 300, 5, 33},
                             Shapes{"general", 3, 6, 6, 1, 3, 16, 2, 20, 5, 10, "tau = 3.0"}),
                         nameOf);

TEST(CudaPlanErrors, WhatCannotBePlanned) {
  Shapes shapes{"", 3, 4, 4, 1, 3, 16, 2, 20, 4, 10};
  Shapes wide = shapes, soft = shapes, odd = shapes, longer = shapes;
  wide.stateBits = 48;
  EXPECT_THAT(Planned(integerModel(wide, 16)).error, HasSubstr("requires neurons of 32 bits on a GPU, found 48"));
  soft.neuron = "reset = soft";
  EXPECT_THAT(Planned(integerModel(soft, 16)).error, HasSubstr("requires neurons with hard reset on a GPU"));
  odd.heads = 4;
  EXPECT_THAT(Planned(integerModel(odd, 16)).error,
              HasSubstr("requires heads of a multiple of 8 channels, found 4 on a GPU"));
  longer.timesteps = 17;
  EXPECT_THAT(Planned(integerModel(longer, 16)).error, HasSubstr("requires 1 to 16 timesteps, found 17 on a GPU"));
}
} // namespace
