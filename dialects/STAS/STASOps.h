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
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace stas {
/// What an op does to time.
enum class TimeEffect {
  PerTimestep, ///< each timestep of the result follows from that timestep of the operands
  Repeats,     ///< every timestep of the result is the operand
  Evolves,     ///< timesteps follow from those before: state
  Reduces,     ///< the result is one value for all timesteps
};
/// The parts of a halting encoder's state that stas.halt takes and yields; null where there is none.
struct HaltingState {
  mlir::Value active, sum, remainder, column, output, steps;
};
/// Which parts there are beside active and sum, which always are, and steps, which are as wanted.
struct HaltingParts {
  bool remainder, column, output;
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

/// Whether a mask lets every token through: a stas.splat of true.
bool isEveryone(mlir::Value mask);
} // namespace stas

#endif // STAS_DIALECTS_STAS_STASOPS_H
