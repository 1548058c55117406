//===- Passes.h - Passes on networks of the chip dialect ------------------===//
#ifndef STAS_TRANSFORMS_CHIP_PASSES_H
#define STAS_TRANSFORMS_CHIP_PASSES_H

#include "dialects/Chip/ChipDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace stas {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "stas/Transforms/Chip/Passes.h.inc"
} // namespace stas

#endif // STAS_TRANSFORMS_CHIP_PASSES_H
