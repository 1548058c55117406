//===- ChipDialect.cpp - Registration of the chip dialect -----------------===//
#include "dialects/Chip/ChipDialect.h"
#include "dialects/Chip/ChipOps.h"
#include "dialects/Spike/SpikeDialect.h"

using namespace stas::chip;

#include "dialects/Chip/ChipDialect.cpp.inc"

void ChipDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialects/Chip/ChipOps.cpp.inc"
      >();
}
