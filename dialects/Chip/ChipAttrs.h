//===- ChipAttrs.h - Attributes of the chip dialect -----------------------===//
#ifndef STAS_DIALECTS_CHIP_CHIPATTRS_H
#define STAS_DIALECTS_CHIP_CHIPATTRS_H

#include "dialects/Spike/SpikeAttrs.h"
#include "stas/Target/Chip/ChipModel.h"

#include "dialects/Chip/ChipEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Chip/ChipAttrs.h.inc"

#endif // STAS_DIALECTS_CHIP_CHIPATTRS_H
