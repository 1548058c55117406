//===- WriteWork.h - What launches compute, for the manifest ----*- C++ -*-===//
#ifndef STAS_LIB_TARGET_CPU_WRITEWORK_H
#define STAS_LIB_TARGET_CPU_WRITEWORK_H

#include "dialects/Spike/SpikeOps.h"
#include "stas/Target/Artifact/Artifact.h"

namespace stas {

/// Writes the work of a launch that has one; `bufferOf` numbers the launch's operands.
void writeWork(spike::LaunchOp op, llvm::function_ref<uint32_t(mlir::Value)> bufferOf, artifact::Work &work);

} // namespace stas

#endif // STAS_LIB_TARGET_CPU_WRITEWORK_H
