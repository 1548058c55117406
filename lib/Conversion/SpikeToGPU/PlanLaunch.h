//===- PlanLaunch.h - A kernel and its launch -------------------*- C++ -*-===//
//
// The templates of PlanBuilder, for the files that hold its parts.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOGPU_PLANLAUNCH_H
#define STAS_CONVERSION_SPIKETOGPU_PLANLAUNCH_H

#include "../SpikeToVector/PlanTypes.h"
#include "PlanBuilder.h"

namespace stas::cuda {

inline PlanArgument reads(uint32_t buffer) { return {PlanArgument::Read, buffer}; }
inline PlanArgument writes(uint32_t buffer) { return {PlanArgument::Write, buffer}; }

template <typename T> PlanArgument PlanBuilder::constant(llvm::ArrayRef<T> values) {
  return constantBytes({reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T)});
}

template <typename Spec>
mlir::LogicalResult
PlanBuilder::launch(mlir::Operation *at, llvm::StringRef family, const std::string &key, const Spec &spec,
                    void (*body)(KernelBuilder &, mlir::gpu::GPUModuleOp, llvm::StringRef, const Spec &), Blocks blocks,
                    const LaunchShape &shape, int64_t rows, std::vector<PlanArgument> arguments) {
  const Gpu &gpu = options.gpu;
  if (shape.sharedBytes > gpu.sharedBytes)
    return at->emitOpError() << "requires " << shape.sharedBytes
                             << " bytes of shared memory for a block of threads, found " << gpu.sharedBytes << " on "
                             << gpu.name << ": compile for GPUs that have more, or with --target=cpu";
  PlanStep step;
  step.kernel = kernelName(family, key, [&](llvm::StringRef name) { body(kernels, module, name, spec); });
  step.layer = nameOf(at).str();
  step.threads = static_cast<unsigned>(shape.threads);
  step.sharedBytes = static_cast<unsigned>(shape.sharedBytes);
  step.rowsPerImage = blocks.rowsPerImage;
  step.rowsPerBlock = blocks.rowsPerBlock;
  step.blocksPerRows = blocks.blocksPerRows;
  step.arguments = std::move(arguments);
  step.arguments.push_back({PlanArgument::PerImage, static_cast<uint64_t>(rows)});
  assert(step.arguments.size() == parametersOf(spec).size() && "an argument for each parameter");
  assert(step.blocks(1) == static_cast<uint64_t>(shape.grid[0]) && "the launch of one image");
  result.plan.steps.push_back(std::move(step));
  return mlir::success();
}

} // namespace stas::cuda

#endif // STAS_CONVERSION_SPIKETOGPU_PLANLAUNCH_H
