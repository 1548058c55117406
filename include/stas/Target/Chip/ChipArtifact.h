//===- ChipArtifact.h - Mapped networks as artifacts ------------*- C++ -*-===//
#ifndef STAS_TARGET_CHIP_CHIPARTIFACT_H
#define STAS_TARGET_CHIP_CHIPARTIFACT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "stas/Target/WeightReader.h"

namespace stas {

/// Writes the artifact of a module to `path`: manifest, core map, and the integers of its tables and neurons, which are
/// made from the checkpoint as those of every target. The module has one chip.network, mapped (chip-map), with
/// chip.encode for each input and chip.classify. Errors name the file or layer.
llvm::Error writeChipArtifact(mlir::ModuleOp module, WeightReader &weights, llvm::StringRef path);

/// The module of an artifact for a chip: device and network in the chip dialect. Weights stay references to the
/// checkpoint; written again beside it, the module gives the artifact's bytes.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> readChipArtifact(llvm::StringRef path, mlir::MLIRContext *context);

} // namespace stas

#endif // STAS_TARGET_CHIP_CHIPARTIFACT_H
