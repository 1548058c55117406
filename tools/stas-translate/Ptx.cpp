//===- Ptx.cpp - GPU kernels to PTX ---------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Translations.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "stas/InitAll.h"
#include "stas/Target/CUDA/Emit.h"

using namespace mlir;
using namespace stas;
namespace cl = llvm::cl;

namespace {
struct PtxOptions {
  cl::OptionCategory category{"Options of --to-ptx"};
  cl::opt<std::string> gpu{"gpu", cl::desc("architecture: sm_80, sm_86, sm_89, sm_90 or sm_90a (default: sm_80)"),
                           cl::value_desc("NAME"), cl::init("sm_80"), cl::cat(category)};
};

PtxOptions &optionsOfPtx() {
  static PtxOptions options;
  return options;
}

LogicalResult writePtx(ModuleOp module, llvm::raw_ostream &stream) {
  auto modules = llvm::to_vector(module.getOps<gpu::GPUModuleOp>());
  if (modules.size() != 1)
    return module.emitError("requires one gpu.module, as convert-spike-to-gpu makes it, found ") << modules.size();
  auto target = GpuTarget::create(optionsOfPtx().gpu);
  if (!target)
    return module.emitError(llvm::toString(target.takeError()));
  auto ptx = emitPtx(modules.front(), *target);
  if (!ptx)
    return module.emitError(llvm::toString(ptx.takeError()));
  stream << *ptx;
  return success();
}
} // namespace

cl::OptionCategory &stas::registerPtxTranslation() {
  PtxOptions &options = optionsOfPtx();
  static TranslateFromMLIRRegistration registration(
      "to-ptx", "write the PTX of a gpu.module",
      [](Operation *op, llvm::raw_ostream &stream) -> LogicalResult {
        auto module = dyn_cast<ModuleOp>(op);
        return module ? writePtx(module, stream) : op->emitError("requires a builtin module");
      },
      [](DialectRegistry &registry) { registerAllDialects(registry); });
  return options.category;
}
