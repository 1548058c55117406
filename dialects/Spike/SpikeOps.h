//===- SpikeOps.h - Operations of the spike dialect -----------------------===//
#ifndef STAS_DIALECTS_SPIKE_SPIKEOPS_H
#define STAS_DIALECTS_SPIKE_SPIKEOPS_H

#include "dialects/Spike/Levels.h"
#include "dialects/Spike/SpikeAttrs.h"
#include "dialects/Spike/SpikeDialect.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/Spike/SynapticInterfaces.h.inc"
#define GET_OP_CLASSES
#include "dialects/Spike/SpikeOps.h.inc"

namespace stas::spike {

/// In what a module or function computes: f32, or the fewest bits of its layers' weights, int16 or int8.
llvm::StringRef precisionOf(mlir::Operation *root);

} // namespace stas::spike

#endif // STAS_DIALECTS_SPIKE_SPIKEOPS_H
