//===- Levels.h - Which values a tensor holds -------------------*- C++ -*-===//
#ifndef STAS_DIALECTS_SPIKE_LEVELS_H
#define STAS_DIALECTS_SPIKE_LEVELS_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"

namespace stas::spike {

/// The values n / parts with n = 0 .. max, or any real number where parts is 0. Spikes are {1, 1}; their mean over T
/// timesteps is {T, T}: the integer n is what an integer target stores, and the additions that a synapse makes of it.
struct Levels {
  int64_t parts = 0, max = 0;
  bool isReal() const { return parts == 0; }
};

/// What a value of a type can hold: i1 spikes, i8 counts to 255, anything else real numbers.
Levels levelsOf(mlir::Type type);
Levels sumOf(Levels lhs, Levels rhs);

/// The levels of values, by LevelsOpInterface; a value of another op has those of its type.
class LevelMap {
public:
  Levels of(mlir::Value value);
  void set(mlir::Value value, Levels levels) { known[value] = levels; }

private:
  llvm::DenseMap<mlir::Value, Levels> known;
};

} // namespace stas::spike

#endif // STAS_DIALECTS_SPIKE_LEVELS_H
