//===- Profile.h - What operations cost -------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A cost profile is a file in the text format of protobuf; its schema is
// lib/Energy/Profile.proto. Those that are shipped are part of the program. It
// prices the operations of a model, the events on a neuromorphic chip, or both.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_ENERGY_PROFILE_H
#define STAS_ENERGY_PROFILE_H

#include "stas/Support/Error.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace stas::energy {

/// What is counted and may have a price; Profile.proto says what each one is.
enum class Operation { Mac, Ac, AndAccumulate, NeuronUpdate, HaltingScore, HaltingSum };
inline constexpr size_t kOperations = 6;

/// "mac", "and_accumulate": the key in JSON.
const char *operationKey(Operation operation);
/// "multiply-accumulates", "halting scores": for people.
const char *operationText(Operation operation);

struct Price {
  double picojoules = 0;
  std::string evidence; ///< "measured", "derived", ...
  std::string source;
};

/// What happens on a chip and may have a cost; Profile.proto says what each one
/// is.
enum class Event {
  SynapseDense,
  SynapseShared,
  SynapseSparse,
  LearningUpdate,
  NeuronActive,
  NeuronIdle,
  Spike,
  MessageOut,
  MessageIn,
  MessageInTile,
  HopEastWest,
  HopNorthSouth,
  HopChip,
  HaltingTest,
  Gate,
  Barrier,
  ChipPowered
};
inline constexpr size_t kEvents = 17;

/// "synapse_dense": the key in JSON.
const char *eventKey(Event event);
/// "synaptic operations, dense": for people.
const char *eventText(Event event);

/// A figure of an event; both ends are the same where the source has no range.
struct Figure {
  double low = 0, high = 0;
  std::string evidence;
  std::string source;
};

/// What an event costs. None: not known.
struct Cost {
  std::optional<Figure> picojoules;
  std::optional<Figure> nanoseconds; ///< Busy time of a core, or of a link's end.
  std::optional<Figure> milliwatts;  ///< Event::ChipPowered only.
};

struct Profile {
  std::string name;
  std::string description;
  std::array<std::optional<Price>, kOperations> prices; ///< None: unpriced.
  std::array<Cost, kEvents> costs;

  const std::optional<Price> &price(Operation operation) const { return prices[static_cast<size_t>(operation)]; }
  double picojoules(Operation operation) const { return price(operation) ? price(operation)->picojoules : 0; }
  const Cost &cost(Event event) const { return costs[static_cast<size_t>(event)]; }
  bool pricesOperations() const;
  bool pricesEvents() const;
};

/// Reads a profile from text; `where` names it in errors. Fails for what is no
/// profile, a name that is no word, a figure that is no finite number >= 0 or
/// has no evidence or source, an operation or event with two prices, and a
/// profile that prices nothing. Each error names line, operation or event.
Result<Profile> parseProfile(const std::string &where, const std::string &text);

/// A shipped profile by its name, or one from a file. A word without '/' and
/// '.' is a name.
Result<Profile> loadProfile(const std::string &nameOrFile);

/// The names of the shipped profiles, sorted.
std::vector<std::string> profileNames();

} // namespace stas::energy

#endif // STAS_ENERGY_PROFILE_H
