//===- AccuracySection.cpp - How often a model was right ------------------===//
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

static void writeClasses(Html &html, const std::vector<ClassCount> &classes) {
  Listing listing{"Images and accuracy by class",
                  {{"Class", true}, {"Images", true}, {"Correct", true}, {"Accuracy", true}, {"95 % interval", true}}};
  std::vector<ChartRow> rows;
  for (size_t i = 0; i < classes.size(); ++i) {
    const ClassCount &count = classes[i];
    if (count.images == 0)
      continue;
    double share = static_cast<double>(count.correct) / count.images;
    rows.push_back({"class " + std::to_string(i), {{{100 * share, 100 * share}}}, ""});
    listing.rows.push_back({std::to_string(i), humanCount(count.images), humanCount(count.correct), percentText(share),
                            percentText(wilson(count.correct, count.images))});
  }
  if (rows.empty())
    return;
  html.leaf("h3", "By class");
  constexpr size_t kMostBars = 40;
  if (rows.size() > kMostBars) {
    // Of equal ones the first.
    std::vector<std::pair<double, size_t>> order;
    for (size_t i = 0; i < rows.size(); ++i)
      order.emplace_back(rows[i].values[0]->high, i);
    std::sort(order.begin(), order.end());
    std::vector<ChartRow> worst;
    for (size_t i = 0; i < kMostBars / 2; ++i)
      worst.push_back(std::move(rows[order[i].second]));
    rows = std::move(worst);
    html.leaf("p", "The " + std::to_string(rows.size()) + " classes that it gets right least often.",
              {{"class", "note"}});
  }
  Chart chart;
  chart.title = "Accuracy by class";
  chart.description = "A bar for each class, the share of its images that were classified correctly.";
  chart.axis = "% correct";
  chart.most = 100;
  chart.groups = {{"", "", std::move(rows)}};
  drawBars(html, chart);
  writeFoldedTable(html, "Accuracy by class", listing);
}

void report::writeAccuracy(Html &html, const Content &content) {
  auto section = html.open("section", {{"id", "accuracy"}});
  html.leaf("h2", "Accuracy");
  const Run *run = content.run;
  if (!run || !run->correct) {
    writeMissing(html, content,
                 run ? "The images had no labels. To give them:" : "Not measured. To run the artifact on images:",
                 "--input IMAGES --labels FILE");
    return;
  }
  double share = static_cast<double>(*run->correct) / run->count;
  html.leaf("p", percentText(share) + " of " + plural(run->count, "image") + " were classified correctly.",
            {{"class", "lead"}});
  html.leaf("p", humanCount(*run->correct) + " of " + humanCount(run->count) + " images of " + shown(run->images) +
                     "; the largest logit counts (top-1). The 95 % confidence interval is " +
                     percentText(wilson(*run->correct, run->count)) + ".");
  writeClasses(html, run->classes);
}
