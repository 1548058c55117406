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

namespace stas {
/// What an op does to time.
enum class TimeEffect {
  PerTimestep, ///< each timestep of the result follows from that timestep of the operands
  Repeats,     ///< every timestep of the result is the operand
  Evolves,     ///< timesteps follow from those before: state
  Reduces,     ///< the result is one value for all timesteps
};
/// A copy of `op`, whose result types are inferred, on other operands; null where it has no type on them.
mlir::Operation *cloneWithOperands(mlir::Operation *op, mlir::OpBuilder &builder, mlir::ValueRange operands);
} // namespace stas

#include "dialects/STAS/TimeInterface.h.inc"
#define GET_OP_CLASSES
#include "dialects/STAS/STASOps.h.inc"

namespace stas {
/// The name of the checkpoint's layer that an op comes from, such as block.0.attn.q_lif: the first name in its
/// location. Empty where the location holds none.
llvm::StringRef layerName(mlir::Operation *op);
} // namespace stas

#endif // STAS_DIALECTS_STAS_STASOPS_H
