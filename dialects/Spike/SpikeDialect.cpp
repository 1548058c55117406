//===- SpikeDialect.cpp - Registration of the spike dialect ---------------===//
#include "dialects/Spike/SpikeDialect.h"
#include "dialects/STAS/STASDialect.h"
#include "dialects/Spike/SpikeAttrs.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace stas::spike;

#include "dialects/Spike/SpikeDialect.cpp.inc"

void SpikeDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialects/Spike/SpikeOps.cpp.inc"
      >();
}
