//===- SpikeDialect.h - The spike dialect ---------------------------------===//
#ifndef STAS_DIALECTS_SPIKE_SPIKEDIALECT_H
#define STAS_DIALECTS_SPIKE_SPIKEDIALECT_H

#include "mlir/IR/Dialect.h"

#include "dialects/Spike/SpikeDialect.h.inc"

#endif // STAS_DIALECTS_SPIKE_SPIKEDIALECT_H
