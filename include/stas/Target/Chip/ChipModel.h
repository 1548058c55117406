//===- ChipModel.h - What a neuromorphic chip has ---------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A chip is a file in the text format of protobuf, never a constant in code;
// its schema is lib/Target/Chip/ChipModel.proto, and docs/Targets/Chip.md
// explains each field. Those that are shipped are part of the program. No MLIR
// and no protobuf here: the simulator reads the same model.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TARGET_CHIP_CHIPMODEL_H
#define STAS_TARGET_CHIP_CHIPMODEL_H

#include "stas/Support/Error.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace stas {

/// What the neurons of a core can compute.
enum class CoreProgram { Lif, Staircase, Sum, Maximum, FastWeight, Halting, Readout, Input };
inline constexpr size_t kCorePrograms = 8;
/// "lif", "fastweight": its name in the chip dialect and in errors.
const char *coreProgramName(CoreProgram program);

/// What a neuron without input in a chip step costs.
enum class IdlePolicy { Updated, Skipped };

/// How a spike reaches several cores.
enum class Multicast { PerCore, Tree };

/// The fields are those of the file, by the same names.
struct ChipModel {
  struct Board {
    int64_t rows = 0, columns = 0; ///< Chips.
  };
  struct Mesh {
    int64_t rows = 0, columns = 0; ///< Tiles of a chip.
    int64_t coresPerTile = 0;
    std::optional<int64_t> linkMessagesPerStep; ///< None: no limit.
  };
  struct Core {
    int64_t neurons = 0;
    int64_t stateBits = 0; ///< Signed: sums and membranes are below 2^(stateBits - 1).
    int64_t synapseMemoryKib = 0;
    int64_t inAxons = 0, outAxons = 0;
    std::set<CoreProgram> programs;
    IdlePolicy idle = IdlePolicy::Updated;
  };
  struct Synapses {
    int64_t weightBits = 0; ///< Signed.
    int64_t weightShift = 0;
    std::optional<int64_t> counterBits; ///< Unsigned; with FastWeight.
  };
  struct Messages {
    int64_t payloadBits = 0; ///< 0: binary.
    int64_t delaySteps = 0;
    Multicast multicast = Multicast::PerCore;
  };

  std::string name;
  std::string description;
  Board board;
  Mesh mesh;
  Core core;
  Synapses synapses;
  Messages messages;
  std::string costProfile; ///< Empty: none.

  bool has(CoreProgram program) const { return core.programs.count(program) != 0; }
  int64_t chips() const { return board.rows * board.columns; }
  int64_t coresPerChip() const { return mesh.rows * mesh.columns * mesh.coresPerTile; }
  int64_t synapseMemoryBits() const { return core.synapseMemoryKib * 8192; }

  /// Whether every field is within what the compiler can work with, and whether
  /// they agree with each other. The error names `where` (the file), the field,
  /// what is required and what was found.
  Status validate(const std::string &where) const;
};

/// Reads a chip from text; `where` names it in errors. Fails for what is no
/// chip, for a field that is missing, and for what validate() refuses.
Result<ChipModel> parseChip(const std::string &where, const std::string &text);

/// A shipped chip by its name, or one from a file of at most 1 MiB. A word
/// without '/' and '.' is a name.
Result<ChipModel> loadChip(const std::string &nameOrFile);

/// The names of the shipped chips, sorted.
std::vector<std::string> chipNames();

} // namespace stas

#endif // STAS_TARGET_CHIP_CHIPMODEL_H
