//===- Verify.cpp - Whether a mapping is one ------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Verify.h"
#include "Verifier.h"

#include <algorithm>
#include <map>
#include <set>

using namespace stas;
using namespace stas::mapping;

const char *mapping::faultText(Fault fault) {
  static const char *const texts[] = {"tile",    "limit", "usage", "placement", "flow",
                                      "arrival", "route", "load",  "cost"};
  return texts[static_cast<size_t>(fault)];
}

namespace {

class Verifier {
public:
  Verifier(const Problem &problem, const Mapping &mapping, size_t limit)
      : problem(problem), mapping(mapping), faults(limit), cores(static_cast<int64_t>(mapping.tiling.cores.size())) {}
  std::vector<Violation> run();

private:
  void checkParts();
  void checkTiles();
  void checkPlacement();
  void checkFlows();
  /// One core: what its tiles need against its limits, its stated use, and what arrives.
  void checkCore(int64_t core);
  /// Source neurons that an edge's synapses to a box come from, each as (source, delay, neuron).
  using Spike = std::tuple<int, int64_t, int64_t>;
  void addNeeds(const Edge &edge, const Box &box, std::vector<Spike> &needs) const;
  void compare(int64_t core, std::vector<Spike> needs);

  const Problem &problem;
  const Mapping &mapping;
  Faults faults;
  int64_t cores;
  std::vector<std::vector<int32_t>> coreOf; ///< By layer and neuron; -1: none.
  std::vector<std::vector<const Tile *>> tilesOf;
  std::vector<std::vector<int32_t>> reached; ///< Flows by the core that they reach.
  std::vector<int64_t> outAxons;             ///< By core.
};

/// Whether target position `to` has source position `from` under its window.
bool isUnder(const Window &window, int axis, int64_t from, int64_t to) {
  int64_t offset = from - (to * window.stride[axis] - window.padding[axis]);
  return offset >= 0 && offset < window.kernel[axis];
}

} // namespace

void Verifier::checkParts() {
  const Chip &chip = problem.chip;
  for (const Layer &layer : problem.layers) {
    if (layer.stateBits > chip.stateBits)
      faults.add(Fault::Limit, "layer ", layer.name, ": requires ", layer.stateBits, " state bits, found ",
                 chip.stateBits);
    if (layer.payloadBits > chip.payloadBits)
      faults.add(Fault::Limit, "layer ", layer.name, ": requires ", layer.payloadBits, " payload bits, found ",
                 chip.payloadBits);
  }
  for (const Edge &edge : problem.edges) {
    const std::string &target = problem.layers[edge.target].name;
    if (problem.tables[edge.table].bits > chip.weightBits)
      faults.add(Fault::Limit, "layer ", target, ": requires ", problem.tables[edge.table].bits, " weight bits, found ",
                 chip.weightBits);
    if (edge.delay > chip.delay)
      faults.add(Fault::Limit, "layer ", target, ": requires a delay of ", edge.delay, ", found ", chip.delay);
  }
}

void Verifier::checkTiles() {
  for (const Layer &layer : problem.layers)
    coreOf.emplace_back(layer.neurons(), -1);
  tilesOf.resize(cores);
  for (const Tile &tile : mapping.tiling.tiles) {
    if (tile.layer < 0 || tile.layer >= static_cast<int>(problem.layers.size()) || tile.core < 0 ||
        tile.core >= cores) {
      faults.add(Fault::Tile, "tile: requires a layer below ", problem.layers.size(), " and a core below ", cores,
                 ", found layer ", tile.layer, " and core ", tile.core);
      continue;
    }
    const Layer &layer = problem.layers[tile.layer];
    auto isInside = [](Range range, int64_t extent) {
      return range.begin >= 0 && range.begin < range.end && range.end <= extent;
    };
    if (!isInside(tile.box.y, layer.height) || !isInside(tile.box.x, layer.width) ||
        !isInside(tile.box.channels, layer.channels)) {
      faults.add(Fault::Tile, "layer ", layer.name, ", core ", tile.core, ": requires a box inside the layer");
      continue;
    }
    tilesOf[tile.core].push_back(&tile);
    for (int64_t y = tile.box.y.begin; y < tile.box.y.end; ++y)
      for (int64_t x = tile.box.x.begin; x < tile.box.x.end; ++x)
        for (int64_t channel = tile.box.channels.begin; channel < tile.box.channels.end; ++channel) {
          int32_t &core = coreOf[tile.layer][(y * layer.width + x) * layer.channels + channel];
          if (core != -1)
            faults.add(Fault::Tile, "layer ", layer.name, ": requires each neuron on one core, found (", y, ", ", x,
                       ", ", channel, ") on ", core, " and ", tile.core);
          core = tile.core;
        }
  }
  for (size_t layer = 0; layer < problem.layers.size(); ++layer)
    if (auto lost = std::count(coreOf[layer].begin(), coreOf[layer].end(), -1))
      faults.add(Fault::Tile, "layer ", problem.layers[layer].name, ": requires every neuron on a core, found ", lost,
                 " on none");
}

void Verifier::checkPlacement() {
  if (static_cast<int64_t>(mapping.placement.size()) != cores) {
    faults.add(Fault::Placement, "placement: requires ", cores, " cores, found ", mapping.placement.size());
    return;
  }
  std::map<int64_t, int64_t> logicalOf;
  std::set<std::pair<int64_t, int64_t>> chips;
  for (int64_t core = 0; core < cores; ++core) {
    int64_t at = mapping.placement[core];
    if (at < 0 || at >= problem.chip.cores()) {
      faults.add(Fault::Placement, "core ", core, ": requires a place below ", problem.chip.cores(), ", found ", at);
      continue;
    }
    auto [entry, isNew] = logicalOf.insert({at, core});
    if (!isNew)
      faults.add(Fault::Placement, "core ", core, ": requires a place of its own, found ", at, ", that of core ",
                 entry->second);
    Place place = placeOf(problem.chip, at);
    chips.insert({place.chipX, place.chipY});
  }
  if (mapping.chips != static_cast<int64_t>(chips.size()))
    faults.add(Fault::Cost, "chips: requires ", chips.size(), ", found ", mapping.chips);
}

void Verifier::checkFlows() {
  for (size_t index = 0; index < mapping.flows.size(); ++index) {
    const Flow &flow = mapping.flows[index];
    if (flow.layer < 0 || flow.layer >= static_cast<int>(problem.layers.size()) || flow.source < 0 ||
        flow.source >= cores) {
      faults.add(Fault::Flow, "flow ", index, ": requires a layer and a source core, found ", flow.layer, " and ",
                 flow.source);
      continue;
    }
    const Layer &layer = problem.layers[flow.layer];
    double spikes = 0;
    for (size_t i = 0; i < flow.neurons.size(); ++i) {
      int32_t neuron = flow.neurons[i];
      if (neuron < 0 || neuron >= layer.neurons() || (i > 0 && neuron <= flow.neurons[i - 1]) ||
          coreOf[flow.layer][neuron] != flow.source) {
        faults.add(Fault::Flow, "flow ", index, " of ", layer.name, ": requires rising neurons of core ", flow.source,
                   ", found ", neuron);
        break;
      }
      spikes += layer.spikesOf(neuron);
    }
    if (!agree(spikes, flow.spikes))
      faults.add(Fault::Flow, "flow ", index, " of ", layer.name, ": requires ", spikes, " spikes, found ",
                 flow.spikes);
    for (int32_t target : flow.targets)
      if (target < 0 || target >= cores)
        faults.add(Fault::Flow, "flow ", index, " of ", layer.name, ": requires targets below ", cores, ", found ",
                   target);
  }
}

void Verifier::addNeeds(const Edge &edge, const Box &box, std::vector<Spike> &needs) const {
  const Layer &source = problem.layers[edge.source], &target = problem.layers[edge.target];
  std::vector<bool> tokens(source.tokens(), edge.tokens == TokenMap::All);
  if (edge.tokens != TokenMap::All)
    for (int64_t y = box.y.begin; y < box.y.end; ++y)
      for (int64_t x = box.x.begin; x < box.x.end; ++x) {
        if (edge.tokens == TokenMap::Same) {
          tokens[y * target.width + x] = true;
          continue;
        }
        for (int64_t fromY = 0; fromY < source.height; ++fromY)
          for (int64_t fromX = 0; isUnder(edge.window, 0, fromY, y) && fromX < source.width; ++fromX)
            if (isUnder(edge.window, 1, fromX, x))
              tokens[fromY * source.width + fromX] = true;
      }
  std::vector<bool> channels(source.channels, edge.channels == ChannelMap::All);
  for (int64_t channel = box.channels.begin; channel < box.channels.end; ++channel) {
    if (edge.channels == ChannelMap::Same)
      channels[channel] = true;
    if (edge.channels == ChannelMap::First)
      channels[0] = true;
    for (int64_t from = 0; edge.channels == ChannelMap::Group && from < source.channels; ++from)
      if (from / edge.group == channel / edge.group)
        channels[from] = true;
  }
  for (int64_t token = 0; token < source.tokens(); ++token)
    for (int64_t channel = 0; tokens[token] && channel < source.channels; ++channel)
      if (channels[channel])
        needs.emplace_back(edge.source, edge.delay, token * source.channels + channel);
}

void Verifier::compare(int64_t core, std::vector<Spike> needs) {
  std::vector<Spike> arrivals;
  for (int32_t index : reached[core]) {
    const Flow &flow = mapping.flows[index];
    for (int32_t neuron : flow.neurons)
      arrivals.emplace_back(flow.layer, flow.delay, neuron);
  }
  std::sort(arrivals.begin(), arrivals.end());
  auto say = [&](const Spike &spike, const char *required, const char *found) {
    faults.add(Fault::Arrival, "core ", core, ": requires spikes of neuron ", std::get<2>(spike), " of ",
               problem.layers[std::get<0>(spike)].name, " after ", std::get<1>(spike), " steps ", required, ", found ",
               found);
  };
  for (auto twice = std::adjacent_find(arrivals.begin(), arrivals.end()); twice != arrivals.end();
       twice = std::adjacent_find(twice + 1, arrivals.end()))
    say(*twice, "once", "them twice");
  arrivals.erase(std::unique(arrivals.begin(), arrivals.end()), arrivals.end());
  std::vector<Spike> differences;
  std::set_difference(needs.begin(), needs.end(), arrivals.begin(), arrivals.end(), std::back_inserter(differences));
  for (const Spike &spike : differences)
    say(spike, "to arrive", "no route that brings them");
  differences.clear();
  std::set_difference(arrivals.begin(), arrivals.end(), needs.begin(), needs.end(), std::back_inserter(differences));
  for (const Spike &spike : differences)
    say(spike, "nowhere", "a route that brings them");
}

void Verifier::checkCore(int64_t core) {
  Usage needed;
  std::map<int, std::set<int64_t>> columns;
  std::vector<Spike> needs;
  for (const Tile *tile : tilesOf[core]) {
    const Box &box = tile->box;
    needed.neurons += (box.y.end - box.y.begin) * (box.x.end - box.x.begin) * (box.channels.end - box.channels.begin);
    for (const Edge &edge : problem.edges) {
      if (edge.target != tile->layer)
        continue;
      addNeeds(edge, box, needs);
      for (int64_t channel = box.channels.begin; channel < box.channels.end; ++channel)
        columns[edge.table].insert(channel);
    }
  }
  std::sort(needs.begin(), needs.end());
  needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
  for (const auto &[index, channels] : columns) {
    const Table &table = problem.tables[index];
    int64_t copies = table.form == SynapseForm::Shared ? 1 : static_cast<int64_t>(channels.size());
    needed.synapseBits += copies * table.rows * table.limbs * table.bits;
  }
  needed.inAxons = static_cast<int64_t>(needs.size());
  needed.outAxons = outAxons[core];

  const Usage &stated = mapping.tiling.cores[core];
  const Chip &chip = problem.chip;
  std::string layer = tilesOf[core].empty() ? "no layer" : "layer " + problem.layers[tilesOf[core][0]->layer].name;
  auto check = [&](const char *what, int64_t need, int64_t said, int64_t limit) {
    if (need > limit)
      faults.add(Fault::Limit, "core ", core, " with ", layer, ": requires ", need, " ", what, ", found ", limit);
    if (need != said)
      faults.add(Fault::Usage, "core ", core, " with ", layer, ": requires ", need, " ", what, ", found ", said,
                 " stated");
  };
  check("neurons", needed.neurons, stated.neurons, chip.neurons);
  check("bits of synapse memory", needed.synapseBits, stated.synapseBits, chip.synapseBits);
  check("in-axons", needed.inAxons, stated.inAxons, chip.inAxons);
  check("out-axons", needed.outAxons, stated.outAxons, chip.outAxons);
  compare(core, std::move(needs));
}

std::vector<Violation> Verifier::run() {
  checkParts();
  checkTiles();
  checkPlacement();
  checkFlows();
  // What follows looks up tiles, places and flows, so that they have to exist.
  if (!faults.empty())
    return faults.take();
  reached = followRoutes(problem, mapping, faults);
  // An axon is what a route starts from: one for a tree, one for each message else.
  outAxons.assign(cores, 0);
  for (const Route &route : mapping.routing.routes)
    if (route.flow >= 0 && route.flow < static_cast<int32_t>(mapping.flows.size())) {
      const Flow &flow = mapping.flows[route.flow];
      outAxons[flow.source] += static_cast<int64_t>(flow.neurons.size());
    }
  for (int64_t core = 0; core < cores; ++core)
    checkCore(core);
  return faults.take();
}

std::vector<Violation> mapping::verify(const Problem &problem, const Mapping &mapping, size_t limit) {
  return Verifier(problem, mapping, limit).run();
}
