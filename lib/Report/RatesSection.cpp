//===- RatesSection.cpp - How often neurons fired -------------------------===//
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

using namespace stas;
using namespace stas::report;

/// Columns of single timesteps that a table or a picture can hold.
static size_t timestepsOf(const Run &run) {
  size_t timesteps = 0;
  for (const FiringRate &rate : run.rates)
    timesteps = std::max(timesteps, rate.ofTimestep.size());
  return timesteps <= kMaxChartColumns ? timesteps : 0;
}

static std::vector<std::string> timestepNames(size_t timesteps) {
  std::vector<std::string> names;
  for (size_t t = 0; t < timesteps; ++t)
    names.push_back("t = " + std::to_string(t));
  return names;
}

static Listing rateTable(const Run &run) {
  Listing listing{"Firing rates: spikes / (neurons × timesteps × images)",
                  {{"Layer"}, {"Neurons", true}, {"Timesteps", true}, {"Spikes", true}, {"Rate", true}}};
  std::vector<std::string> names = timestepNames(timestepsOf(run));
  for (const std::string &name : names)
    listing.columns.push_back({name, true});
  for (const FiringRate &rate : run.rates) {
    std::vector<std::string> row = {shown(rate.layer), humanCount(rate.neurons), humanCount(rate.timesteps),
                                    humanCount(rate.spikes), percentText(rate.rate)};
    for (size_t t = 0; t < names.size(); ++t)
      row.push_back(t < rate.ofTimestep.size() ? percentText(rate.ofTimestep[t]) : "");
    listing.rows.push_back(std::move(row));
  }
  return listing;
}

/// Cells of single timesteps where they are known and fit, else bars.
static void drawRates(Html &html, const Run &run) {
  size_t timesteps = timestepsOf(run);
  bool isMap = timesteps > 1;
  std::vector<ChartRow> rows;
  for (const FiringRate &rate : run.rates) {
    ChartRow row{rate.layer, {}, ""};
    for (double share : rate.ofTimestep)
      row.values.push_back(Interval{100 * share, 100 * share});
    if (!isMap)
      row.values = {Interval{100 * rate.rate, 100 * rate.rate}};
    rows.push_back(std::move(row));
  }
  if (rows.size() > kMaxChartRows) {
    html.leaf("p", "The first " + std::to_string(kMaxChartRows) + " of " + plural(rows.size(), "layer") + ".",
              {{"class", "note"}});
    rows.resize(kMaxChartRows);
  }
  auto highest = std::max_element(run.rates.begin(), run.rates.end(),
                                  [](const FiringRate &a, const FiringRate &b) { return a.rate < b.rate; });
  Chart chart;
  chart.title = "Firing rate of each layer";
  chart.description =
      std::string(isMap ? "A line for each layer, a cell for each timestep." : "A bar for each layer.") +
      " The highest mean rate is that of " + shown(highest->layer) + ", " + percentText(highest->rate) + ".";
  chart.axis = "% of neurons";
  chart.groups = groupByModule(std::move(rows));
  chart.columns = timestepNames(timesteps);
  if (isMap)
    drawHeatMap(html, chart);
  else
    drawBars(html, chart);
}

void report::writeRates(Html &html, const Content &content) {
  auto section = html.open("section", {{"id", "rates"}});
  html.leaf("h2", "Firing rates");
  const Run *run = content.run;
  if (!run || run->rates.empty()) {
    writeMissing(html, content, "Not measured. To count spikes on images:", "--input IMAGES");
    return;
  }
  double spikes = 0, places = 0;
  for (const FiringRate &rate : run->rates) {
    spikes += rate.spikes;
    places += static_cast<double>(rate.neurons) * rate.timesteps * run->count;
  }
  html.leaf("p", "A neuron fires in " + percentText(places > 0 ? spikes / places : 0) + " of its timesteps.",
            {{"class", "lead"}});
  html.leaf("p",
            "Spikes divided by neurons, timesteps and images. A timestep that an image did not reach, since all of "
            "its tokens had halted, counts as silent. A layer whose input does not change over time has one "
            "value.");
  drawRates(html, *run);
  writeFoldedTable(html, "Spikes and rates of " + plural(run->rates.size(), "layer"), rateTable(*run));
}
