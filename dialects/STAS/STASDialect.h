//===- STASDialect.h - The stas dialect -----------------------------------===//
#ifndef STAS_DIALECTS_STAS_STASDIALECT_H
#define STAS_DIALECTS_STAS_STASDIALECT_H

#include "mlir/IR/Dialect.h"

#include "dialects/STAS/STASDialect.h.inc"

#endif // STAS_DIALECTS_STAS_STASDIALECT_H
