//===- Emit.h - Object code and artifacts for a CPU -------------*- C++ -*-===//
#ifndef STAS_TARGET_CPU_EMIT_H
#define STAS_TARGET_CPU_EMIT_H

#include "dialects/Spike/SpikeOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "stas/Energy/Network.h"
#include "stas/Quantization/QuantizedLayer.h"
#include "stas/Target/CPU/CpuTarget.h"
#include "stas/Target/WeightReader.h"

namespace stas {

/// Lowers the kernels of a planned module (functions marked `spike.kernel`) to the LLVM dialect: a module of its own,
/// in which each kernel has the artifact's calling convention (docs/Artifact.md) and a name that ends in `suffix`. The
/// plan is left alone.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> lowerKernelsToLLVM(mlir::ModuleOp planned,
                                                                      llvm::StringRef suffix = "");

/// Such a module, and the CPU that it is for.
struct KernelCode {
  mlir::ModuleOp kernels;
  const CpuTarget *target;
};

/// Optimises and compiles such modules, at the same time, to ELF object files that export one symbol per kernel. They
/// are of one context, at least one; their targets differ.
llvm::Expected<std::vector<std::string>> emitObjects(llvm::ArrayRef<KernelCode> codes);

/// Links object files, whose symbols differ, to one shared object.
llvm::Expected<std::string> linkSharedObject(llvm::ArrayRef<std::string> objects);

/// The values of a constant as `#spike.pack` says, in f32. Fails where the checkpoint cannot be read.
llvm::Expected<std::vector<float>> materialize(spike::PackAttr pack, WeightReader &weights);

/// What a planned module computes, as the manifest of its artifact would say.
energy::Network networkOfPlan(mlir::ModuleOp planned);

/// Makes the tables of integer layers (spike.table), as bytes. Remembers the layer made last: its tables come together.
class TableMaker {
public:
  explicit TableMaker(WeightReader &weights) : weights(weights) {}
  /// Fails where `quantizeLayer` does.
  llvm::Expected<std::string> make(spike::TableKind kind, spike::QuantAttr quant);

private:
  WeightReader &weights;
  spike::QuantAttr known;
  QuantizedLayer layer; // of `known` with a neuron
  QuantizedHead head;   // of `known` without
};

/// A model's plan for one kind of CPU. `suffix` is that of its kernels' names.
struct PlannedCode {
  mlir::ModuleOp planned;
  const CpuTarget *target;
  std::string suffix;
};

/// Writes the artifact of a model to `path`: manifest, shared object, constants. The plans are of one module and differ
/// in kernels and constants alone; equal constants are stored once. Errors name the file or layer.
llvm::Error writeArtifact(llvm::ArrayRef<PlannedCode> codes, llvm::StringRef sharedObject, WeightReader &weights,
                          llvm::StringRef path);

} // namespace stas

#endif // STAS_TARGET_CPU_EMIT_H
