//===- HaltingOrder.h - The order of halting in a manifest ------*- C++ -*-===//
#ifndef STAS_TARGET_ARTIFACT_HALTINGORDER_H
#define STAS_TARGET_ARTIFACT_HALTINGORDER_H

#include "dialects/STAS/STASOps.h"
#include "stas/Target/Artifact/Artifact.h"

namespace stas {

/// What a manifest calls an order of `stas.act`.
inline artifact::HaltingOrder manifestOrder(HaltingOrder order) {
  switch (order) {
  case HaltingOrder::Lexicographic:
    return artifact::LEXICOGRAPHIC;
  case HaltingOrder::Rectangular:
    return artifact::RECTANGULAR;
  case HaltingOrder::Timestep:
    return artifact::TIMESTEP;
  }
  llvm_unreachable("an order of the enumeration");
}

} // namespace stas

#endif // STAS_TARGET_ARTIFACT_HALTINGORDER_H
