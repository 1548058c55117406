//===- STASOps.h - Operations of the stas dialect -------------------------===//
#ifndef STAS_DIALECTS_STAS_STASOPS_H
#define STAS_DIALECTS_STAS_STASOPS_H

#include "dialects/STAS/STASAttrs.h"
#include "dialects/STAS/STASDialect.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#define GET_OP_CLASSES
#include "dialects/STAS/STASOps.h.inc"

namespace stas {
/// The name of the checkpoint's layer that an op comes from, such as block.0.attn.q_lif: the first name in its
/// location. Empty where the location holds none.
llvm::StringRef layerName(mlir::Operation *op);
} // namespace stas

#endif // STAS_DIALECTS_STAS_STASOPS_H
