//===- HaltingSection.cpp - How long tokens were active -------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Charts.h"
#include "Sections.h"
#include "Tables.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <numeric>

using namespace stas;
using namespace stas::report;
using namespace stas::artifact;

namespace {

/// Mean number of active tokens, [block][timestep].
using ActiveTokens = std::vector<std::vector<double>>;

ActiveTokens fromRates(const energy::Network &network, const energy::Rates &rates) {
  ActiveTokens result(network.blocks, std::vector<double>(network.timesteps, 0));
  for (size_t i = 0; i < network.layers.size(); ++i) {
    const energy::Layer &layer = network.layers[i];
    if (layer.kind != energy::LayerKind::Halting || !layer.block || *layer.block >= network.blocks)
      continue;
    const std::vector<uint64_t> &active = rates.layers[i].active;
    for (size_t t = 0; t < std::min<size_t>(active.size(), network.timesteps); ++t)
      result[*layer.block][t] = static_cast<double>(active[t]) / rates.images;
  }
  return result;
}

/// In lexicographic order a token is active in its first steps, and no others.
ActiveTokens fromSteps(const HaltingKind &kind, uint64_t timesteps, const Run &run) {
  ActiveTokens result(kind.blocks, std::vector<double>(timesteps, 0));
  double active = 0;
  for (size_t step = run.tokensByStep.size() - 1; step >= 1; --step) {
    active += run.tokensByStep[step];
    result[(step - 1) % kind.blocks][(step - 1) / kind.blocks] = active / run.count;
  }
  return result;
}

ActiveTokens activeTokens(const Content &content, const HaltingKind &kind) {
  uint64_t timesteps = content.artifact.manifest().timesteps();
  // What would not fit a page is not worked out.
  if (kind.blocks * timesteps > uint64_t(kMaxTableRows) * kMaxChartColumns)
    return {};
  if (content.rates)
    return fromRates(*content.estimate.network, *content.rates);
  if (content.run && !content.run->tokensByStep.empty() && kind.isLexicographic)
    return fromSteps(kind, timesteps, *content.run);
  return {};
}

void writeActive(Html &html, const HaltingKind &kind, const ActiveTokens &active) {
  html.leaf("h3", "Active tokens by block and timestep");
  html.leaf("p", "Mean number of the " + plural(kind.tokens, "token") + " that a block still computes.");
  Chart chart;
  chart.title = "Active tokens by block and timestep";
  chart.axis = "tokens";
  chart.most = static_cast<double>(kind.tokens);
  Listing listing{"Mean number of active tokens an image", {{"Block"}}};
  double least = chart.most;
  ChartGroup group;
  for (size_t t = 0; t < active.front().size(); ++t) {
    chart.columns.push_back("t = " + std::to_string(t));
    listing.columns.push_back({chart.columns.back(), true});
  }
  for (size_t block = 0; block < active.size(); ++block) {
    ChartRow row{"block " + std::to_string(block), {}, ""};
    listing.rows.push_back({std::to_string(block)});
    for (double tokens : active[block]) {
      row.values.push_back(Interval{tokens, tokens});
      listing.rows.back().push_back(fixed(tokens, 2));
      least = std::min(least, tokens);
    }
    group.rows.push_back(std::move(row));
  }
  chart.description = "A line for each block, a cell for each timestep. Of " + plural(kind.tokens, "token") +
                      ", the fewest that are active anywhere are " + fixed(least, 2) + ".";
  if (chart.columns.size() <= kMaxChartColumns && group.rows.size() <= kMaxChartRows) {
    chart.groups.push_back(std::move(group));
    drawHeatMap(html, chart);
  }
  if (chart.columns.size() <= kMaxChartColumns)
    writeFoldedTable(html, "Active tokens, numbers", listing);
}

void writeSteps(Html &html, const Run &run) {
  double tokens = std::accumulate(run.tokensByStep.begin(), run.tokensByStep.end(), 0.0);
  html.leaf("h3", "When tokens halt");
  html.leaf("p", "Share of tokens by the number of blocks that they went through, over all timesteps. What is still "
                 "active in the last block of the last timestep halts there.");
  Chart chart;
  chart.title = "Share of tokens by the number of blocks they were active in";
  chart.axis = "% of tokens";
  Listing listing{"Tokens by the number of blocks they were active in",
                  {{"Blocks", true}, {"Tokens", true}, {"Share", true}, {"Still active after", true}}};
  ChartGroup group;
  double left = tokens, most = 0;
  size_t commonest = 1;
  for (size_t step = 1; step < run.tokensByStep.size(); ++step) {
    double count = run.tokensByStep[step], share = 100 * count / tokens;
    left -= count;
    group.rows.push_back({plural(step, "block"), {Interval{share, share}}, ""});
    listing.rows.push_back({std::to_string(step), humanCount(run.tokensByStep[step]), percentText(count / tokens),
                            percentText(std::max(0.0, left) / tokens)});
    if (count > most) {
      most = count;
      commonest = step;
    }
  }
  chart.description = "A bar for each number of blocks. Most tokens, " + percentText(most / tokens) +
                      ", were active in " + plural(commonest, "block") + ".";
  if (group.rows.size() <= kMaxChartRows) {
    chart.groups.push_back(std::move(group));
    drawBars(html, chart);
  }
  writeFoldedTable(html, "When tokens halt, numbers", listing);
}

double meanSteps(const HaltingKind &kind, const ActiveTokens &active) {
  double sum = 0;
  for (const std::vector<double> &block : active)
    sum = std::accumulate(block.begin(), block.end(), sum);
  return sum / static_cast<double>(kind.tokens);
}

} // namespace

void report::writeHalting(Html &html, const Content &content) {
  const Manifest &manifest = content.artifact.manifest();
  auto section = html.open("section", {{"id", "halting"}});
  html.leaf("h2", "Halting");
  std::optional<HaltingKind> kind = haltingOf(content.artifact);
  if (!kind) {
    html.leaf("p", "The tokens of this model do not halt: each goes through every block at every timestep.");
    return;
  }
  ActiveTokens active = activeTokens(content, *kind);
  const Run *run = content.run;
  bool hasSteps = run && !run->tokensByStep.empty();
  if (active.empty() && !hasSteps) {
    writeMissing(html, content, "Not measured. To see how long tokens are active:", "--input IMAGES");
    return;
  }
  if (!active.empty()) {
    uint64_t steps = manifest.timesteps() * kind->blocks;
    html.leaf(
        "p", "A token is active in " + fixed(meanSteps(*kind, active), 2) + " of " + std::to_string(steps) + " blocks.",
        {{"class", "lead"}});
    html.leaf("p", "The encoder runs its " + plural(kind->blocks, "block") + " at each of " +
                       plural(manifest.timesteps(), "timestep") +
                       ". A token leaves once its halting score is reached, and is not computed from then on.");
    writeActive(html, *kind, active);
  }
  if (hasSteps)
    writeSteps(html, *run);
  if (run && !run->examples.empty()) {
    html.leaf("h3", "Where it looks");
    html.leaf("p", "The number of blocks in which each token of an image was active, of " +
                       std::to_string(manifest.timesteps() * kind->blocks) +
                       ". Where tokens halt early, the image fades.");
    auto grid = html.open("div", {{"class", "examples"}});
    for (const Example &example : run->examples)
      drawExample(html, example, manifest, *kind);
  } else {
    writeMissing(html, content, "To see it over images:", "--input IMAGES");
  }
}
