//===- Rates.h - What the inputs of layers were -----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counted, not averaged: integers, summed over images, of rows that really ran.
// `stas run --rates` measures them, `stas estimate --rates` reads them; of an
// artifact for a chip, ChipEstimate.h.
// docs/Energy.md has the JSON.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_ENERGY_RATES_H
#define STAS_ENERGY_RATES_H

#include "stas/Energy/Network.h"
#include "stas/Support/Error.h"

namespace stas::energy {

/// The inputs of a weighted layer at a timestep. An input is n / parts.
struct InputCounts {
  uint64_t rows = 0;    ///< Rows that ran. Of real inputs nothing else is known.
  uint64_t sum = 0;     ///< Of n.
  uint64_t nonzero = 0; ///< Inputs other than 0.
  uint64_t graded = 0;  ///< Inputs other than 0 and 1.
  uint64_t taps = 0;    ///< Of n times the rows that the input reaches: without padding.
};

/// The queries, keys and values of an attention at a timestep, all heads.
struct CoincidenceCounts {
  uint64_t rows = 0;                          ///< Rows that ran.
  uint64_t queries = 0, keys = 0, values = 0; ///< Spikes.
  uint64_t queryKey = 0;                      ///< q k^T: pairs of a query and a key spike in a channel.
  uint64_t scoreValue = 0;                    ///< (..) v: value spikes times the queries whose score for them is not 0.
  uint64_t keyValue = 0;                      ///< k^T v: pairs of a key and a value spike of a token.
  uint64_t queryTable = 0;                    ///< q (..): query spikes times the entries of their row that are not 0.
};

/// A layer's counts, one for each of its timesteps; of the kind that it is.
struct LayerRates {
  std::vector<InputCounts> inputs;
  std::vector<CoincidenceCounts> coincidences;
  std::vector<uint64_t> active; ///< Halting: tokens that the block ran.

  LayerRates &operator+=(const LayerRates &other);
};

/// A layer of neurons. An image that does not reach a timestep is silent there.
struct NeuronRates {
  std::string name; ///< The checkpoint's module, e.g. block.0.attn.q_lif.
  uint64_t neurons = 0;
  std::vector<uint64_t> spikes;   ///< [timestep].
  std::vector<uint64_t> stepsRun; ///< [timestep]: images that reached it.
};

/// Neurons of a population on a chip: a layer's, or others that a core map has.
struct PopulationCounts {
  std::string name;
  uint64_t spikes = 0;
  uint64_t active = 0, idle = 0; ///< Runs of neurons, in the population's own steps: with input, without.
};

struct Rates {
  std::string source; ///< Network::source of the model that was measured; readRates knows it.
  uint64_t images = 0;
  std::vector<LayerRates> layers; ///< As Network::layers.
  std::vector<NeuronRates> neurons;
  std::vector<PopulationCounts> populations; ///< Of an artifact for a chip, as its core map has them.
};

/// Counts of nothing, of the right sizes.
LayerRates emptyRates(const Layer &layer);

/// The mean of the n of a weighted layer's inputs over the rows that ran: what
/// papers call its firing rate. 0 where nothing ran, and for real inputs.
double meanInput(const Layer &layer, const LayerRates &rates);

std::string toJson(const Network &network, const Rates &rates);

/// Reads rates of `network`. Nothing in the file is believed: the error names
/// file and key of what cannot be counts of that network.
Result<Rates> readRates(const std::string &path, const Network &network);

} // namespace stas::energy

#endif // STAS_ENERGY_RATES_H
