//===- Mapping.cpp - From a problem to a core map -------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Mapping.h"
#include "Limits.h"
#include "stas/Support/Text.h"

#include <set>

using namespace stas;
using namespace stas::mapping;

Fit<Mapping> mapping::mapProblem(const Problem &problem, const Placer &placer) {
  Fit<Tiling> tiling = tile(problem);
  if (auto *misfit = std::get_if<Misfit>(&tiling))
    return std::move(*misfit);
  Mapping mapping;
  mapping.tiling = std::move(*std::get_if<Tiling>(&tiling));
  auto cores = static_cast<int64_t>(mapping.tiling.cores.size());
  if (cores > problem.chip.cores())
    return misfitOfBoard(problem, mapping.tiling);
  mapping.flows = buildFlows(problem, mapping.tiling);
  PlacementTask task = {problem.chip, mapping.flows, cores};
  mapping.placement = placer.place(task);
  mapping.routing = route(task, mapping.placement);
  mapping.cost = evaluate(task, mapping.placement);
  mapping.spikeHopsBound = spikeHopsBound(task);
  std::set<int64_t> chips;
  for (int64_t core : mapping.placement)
    chips.insert(core / problem.chip.coresOfChip());
  mapping.chips = static_cast<int64_t>(chips.size());
  return mapping;
}

namespace {

/// Mean share of a limit over the cores.
double meanShare(const std::vector<Usage> &cores, int64_t Usage::*field, int64_t limit) {
  double sum = 0;
  for (const Usage &core : cores)
    sum += static_cast<double>(core.*field) / limit;
  return sum / cores.size();
}

} // namespace

void mapping::printMapping(std::ostream &out, const Problem &problem, const Mapping &mapping) {
  const Chip &chip = problem.chip;
  const std::vector<Usage> &cores = mapping.tiling.cores;
  const CoreBound bound = coreBound(problem);
  auto percent = [](double share) { return fixed(100 * share, 1) + "%"; };
  out << "cores   " << cores.size() << " on " << mapping.chips << " " << chip.name << "; bound " << bound.cores << " ("
      << resourceText(bound.binding) << ")\n";
  out << "use     neurons " << percent(meanShare(cores, &Usage::neurons, chip.neurons)) << ", synapse memory "
      << percent(meanShare(cores, &Usage::synapseBits, chip.synapseBits)) << ", in-axons "
      << percent(meanShare(cores, &Usage::inAxons, chip.inAxons)) << ", out-axons "
      << percent(meanShare(cores, &Usage::outAxons, chip.outAxons)) << '\n';
  out << "hops    " << fixed(mapping.cost.spikeHops, 0) << " spikes x hops; bound " << fixed(mapping.spikeHopsBound, 0)
      << "; " << fixed(mapping.cost.messages, 0) << " messages, " << fixed(mapping.cost.crossings, 0)
      << " chip crossings, busiest link " << fixed(mapping.routing.maxLoad(), 0) << '\n';
  stas::Table table({"layers", "cores", "binding resource"});
  for (const FamilyBound &family : bound.families) {
    std::string names;
    for (int layer : family.layers)
      names += (names.empty() ? "" : ", ") + problem.layers[layer].name;
    std::set<int> used;
    for (const Tile &tile : mapping.tiling.tiles)
      if (std::find(family.layers.begin(), family.layers.end(), tile.layer) != family.layers.end())
        used.insert(tile.core);
    table.row({names, std::to_string(used.size()), resourceText(family.binding)});
  }
  table.print(out);
}
