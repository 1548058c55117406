//===- Limits.cpp - What cannot be kept, found before and while cutting ---===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Limits.h"
#include "Shapes.h"

#include <numeric>
#include <set>

using namespace stas;
using namespace stas::mapping;

namespace {

constexpr size_t kUsers = 4;

/// A misfit of the layer that uses the most; `used` by layer.
Misfit misfitOf(const Problem &problem, Resource resource, const std::vector<int64_t> &used, int64_t limit, int layer,
                std::string remedy) {
  std::vector<int> order(used.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](int a, int b) { return std::make_pair(-used[a], a) < std::make_pair(-used[b], b); });
  Misfit misfit = {problem.layers[layer].name, resource, used[layer], limit, {}, std::move(remedy)};
  for (int user : order)
    if (misfit.users.size() < kUsers && used[user] > 0)
      misfit.users.push_back({problem.layers[user].name, used[user]});
  return misfit;
}

template <typename... Parts> std::string text(const Parts &...parts) { return makeError(parts...).message(); }

/// What a single neuron can need too much of.
struct Need {
  Resource resource;
  int64_t Usage::*field;
  int64_t limit;
};

std::string remedyOf(const Chip &chip, Resource resource, int64_t used, bool isAttention = false) {
  if (resource == Resource::InAxons && isAttention)
    return text("fewer tokens, smaller heads, or a chip with ", used, " in-axons");
  if (resource == Resource::SynapseMemory)
    return text("weights of fewer bits, fewer inputs to a channel, or a chip with ", used, " bits for synapses");
  if (resource == Resource::InAxons)
    return text("fewer channels or a smaller kernel in the layers before it, or a chip with ", used, " in-axons");
  return chip.multicast ? text("fewer delays to the layers it feeds, or a chip with ", used, " out-axons")
                        : text("a chip that multicasts, or one with ", used, " out-axons");
}

} // namespace

std::optional<Misfit> mapping::misfitOfParts(const Problem &problem) {
  const Chip &chip = problem.chip;
  size_t layers = problem.layers.size();
  std::vector<int64_t> state(layers), payload(layers), weight(layers, 0), delay(layers, 0);
  for (size_t i = 0; i < layers; ++i) {
    state[i] = problem.layers[i].stateBits;
    payload[i] = problem.layers[i].payloadBits;
  }
  for (const Edge &edge : problem.edges) {
    weight[edge.target] = std::max(weight[edge.target], problem.tables[edge.table].bits);
    delay[edge.target] = std::max(delay[edge.target], edge.delay);
  }
  auto check = [&](Resource resource, const std::vector<int64_t> &used, int64_t limit,
                   const char *remedy) -> std::optional<Misfit> {
    auto most = std::max_element(used.begin(), used.end());
    if (*most <= limit)
      return std::nullopt;
    return misfitOf(problem, resource, used, limit, static_cast<int>(most - used.begin()), text(remedy, *most));
  };
  if (auto misfit = check(Resource::StateBits, state, chip.stateBits,
                          "fewer state bits at quantisation, or a chip with state bits: "))
    return misfit;
  if (auto misfit = check(Resource::WeightBits, weight, chip.weightBits,
                          "weights in more limbs or of fewer bits, or a chip with weight bits: "))
    return misfit;
  if (auto misfit = check(Resource::PayloadBits, payload, chip.payloadBits,
                          "axons duplicated for each level of a graded spike, or a chip with payload bits: "))
    return misfit;
  return check(Resource::Delay, delay, chip.delay,
               "relay neurons on the shorter path, or a chip whose axons delay by steps: ");
}

Misfit mapping::misfitOfNeuron(const Problem &problem, const std::vector<std::vector<int>> &inEdges,
                               const std::vector<FanOut> &fans, const Usage &need) {
  const Chip &chip = problem.chip;
  Need binding = {Resource::OutAxons, &Usage::outAxons, chip.outAxons};
  if (need.inAxons > chip.inAxons)
    binding = {Resource::InAxons, &Usage::inAxons, chip.inAxons};
  if (need.synapseBits > chip.synapseBits)
    binding = {Resource::SynapseMemory, &Usage::synapseBits, chip.synapseBits};
  // The same question to the other layers, each on its own.
  std::vector<int64_t> used;
  for (size_t layer = 0; layer < problem.layers.size(); ++layer) {
    Family alone = {{static_cast<int>(layer)}, {0, problem.layers[layer].channels}};
    used.push_back(ShapeFinder(problem, inEdges, fans, alone).single().*binding.field);
  }
  // What would make the one fit that needs most would make all fit.
  auto worst = static_cast<int>(std::max_element(used.begin(), used.end()) - used.begin());
  // Every key of a head, of all tokens, goes to each of its neurons.
  bool isAttention = std::any_of(inEdges[worst].begin(), inEdges[worst].end(), [&](int edge) {
    return problem.tables[problem.edges[edge].table].form == SynapseForm::FastWeight;
  });
  return misfitOf(problem, binding.resource, used, binding.limit, worst,
                  remedyOf(chip, binding.resource, used[worst], isAttention));
}

Misfit mapping::misfitOfCycle(const Problem &problem, const std::vector<std::vector<int>> &inEdges,
                              const std::vector<FanOut> &fans, const CoreTiles &cores) {
  auto core = std::find_if(cores.begin(), cores.end(), [&](const std::vector<Tile> &tiles) {
    return !usageOf(problem, inEdges, fans, tiles).fits(problem.chip);
  });
  int64_t needed = usageOf(problem, inEdges, fans, *core).outAxons;
  std::vector<int64_t> used(problem.layers.size(), 0);
  for (const Tile &tile : *core)
    used[tile.layer] += fans[tile.layer].sum(tile.box);
  int layer = static_cast<int>(std::max_element(used.begin(), used.end()) - used.begin());
  Misfit misfit = misfitOf(problem, Resource::OutAxons, used, problem.chip.outAxons, layer,
                           remedyOf(problem.chip, Resource::OutAxons, needed));
  misfit.used = needed;
  return misfit;
}

std::optional<Misfit> mapping::misfitOfNeurons(const Problem &problem) {
  const Chip &chip = problem.chip;
  auto over = [](int64_t count, int64_t of) { return count / of + (count % of != 0); };
  std::vector<int64_t> used;
  int64_t neurons = 0; // Below 2^63 while there are fewer than 2^32 layers.
  for (const Layer &layer : problem.layers) {
    neurons += layer.neurons();
    used.push_back(over(layer.neurons(), chip.neurons));
  }
  int64_t needed = over(neurons, chip.neurons);
  if (needed <= chip.cores())
    return std::nullopt;
  int layer = static_cast<int>(std::max_element(used.begin(), used.end()) - used.begin());
  Misfit misfit =
      misfitOf(problem, Resource::Cores, used, chip.cores(), layer,
               text("a board of at least ", over(needed, chip.coresOfChip()), " chips, found ", chip.boardWidth, " x ",
                    chip.boardHeight, "; or fewer tokens or channels in the layers above"));
  misfit.used = needed;
  return misfit;
}

Misfit mapping::misfitOfBoard(const Problem &problem, const Tiling &tiling) {
  const Chip &chip = problem.chip;
  std::vector<std::set<int>> cores(problem.layers.size());
  for (const Tile &tile : tiling.tiles)
    cores[tile.layer].insert(tile.core);
  std::vector<int64_t> used;
  for (const std::set<int> &of : cores)
    used.push_back(static_cast<int64_t>(of.size()));
  int layer = static_cast<int>(std::max_element(used.begin(), used.end()) - used.begin());
  auto needed = static_cast<int64_t>(tiling.cores.size());
  int64_t chips = (needed + chip.coresOfChip() - 1) / chip.coresOfChip();
  Misfit misfit = misfitOf(problem, Resource::Cores, used, chip.cores(), layer,
                           text("a board of ", chips, " chips, found ", chip.boardWidth, " x ", chip.boardHeight,
                                "; or fewer bits, tokens or channels in the layers above"));
  misfit.used = needed;
  return misfit;
}
