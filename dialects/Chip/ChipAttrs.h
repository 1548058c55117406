//===- ChipAttrs.h - Attributes of the chip dialect -----------------------===//
#ifndef STAS_DIALECTS_CHIP_CHIPATTRS_H
#define STAS_DIALECTS_CHIP_CHIPATTRS_H

#include "dialects/Spike/SpikeAttrs.h"
#include "stas/Target/Chip/ChipModel.h"

#include "dialects/Chip/ChipEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Chip/ChipAttrs.h.inc"

namespace stas::chip {
/// The other way of HardwareAttr::getChip(), for a chip that validate() has accepted.
HardwareAttr hardwareOf(mlir::MLIRContext *context, const ChipModel &chip);
} // namespace stas::chip

#endif // STAS_DIALECTS_CHIP_CHIPATTRS_H
