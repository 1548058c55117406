//===- MappingProblem.h - A network as lib/Mapping takes it -----*- C++ -*-===//
#ifndef STAS_TRANSFORMS_CHIP_MAPPINGPROBLEM_H
#define STAS_TRANSFORMS_CHIP_MAPPINGPROBLEM_H

#include "dialects/Chip/ChipOps.h"
#include "stas/Mapping/Problem.h"

namespace stas {

/// The populations, tables and projections of a network as layers, tables and
/// edges, by their order in it, and the limits of its device. A layer's spikes
/// are its population's `rate`, and without one what it can fire at most. An
/// error of the network where numbers contradict each other.
mlir::FailureOr<mapping::Problem> mappingProblemOf(chip::NetworkOp network);

} // namespace stas

#endif // STAS_TRANSFORMS_CHIP_MAPPINGPROBLEM_H
