//===- ChipOps.h - Operations of the chip dialect -------------------------===//
#ifndef STAS_DIALECTS_CHIP_CHIPOPS_H
#define STAS_DIALECTS_CHIP_CHIPOPS_H

#include "dialects/Chip/ChipAttrs.h"
#include "dialects/Chip/ChipDialect.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"

#define GET_OP_CLASSES
#include "dialects/Chip/ChipOps.h.inc"

#endif // STAS_DIALECTS_CHIP_CHIPOPS_H
