//===- ChipDialect.h - The chip dialect -----------------------------------===//
#ifndef STAS_DIALECTS_CHIP_CHIPDIALECT_H
#define STAS_DIALECTS_CHIP_CHIPDIALECT_H

#include "mlir/IR/Dialect.h"

#include "dialects/Chip/ChipDialect.h.inc"

#endif // STAS_DIALECTS_CHIP_CHIPDIALECT_H
