//===- SpikeAttrs.h - Attributes of the spike dialect ---------------------===//
#ifndef STAS_DIALECTS_SPIKE_SPIKEATTRS_H
#define STAS_DIALECTS_SPIKE_SPIKEATTRS_H

#include "dialects/STAS/STASAttrs.h"

#include "dialects/Spike/SpikeEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Spike/SpikeAttrs.h.inc"

#endif // STAS_DIALECTS_SPIKE_SPIKEATTRS_H
