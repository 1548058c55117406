//===- Page.cpp - A compiled model as a page for people -------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Figures.h"
#include "Sections.h"
#include "Tables.h"
#include "stas/Support/Text.h"

#include <set>

using namespace stas;
using namespace stas::report;
using namespace stas::artifact;

namespace {

struct SheetText {
  const char *name, *text;
};
const SheetText kSheets[] = {
#include "stas/Report/Sheets.inc"
};

/// What a browser may do for the page: show its styles and pictures, nothing else.
constexpr char kPolicy[] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

std::string fileName(const std::string &path) { return path.substr(path.rfind('/') + 1); }

std::string subtitle(const Manifest &manifest) {
  std::string kind = manifest.family() == "stas"         ? "STAS spiking transformer"
                     : manifest.family() == "spikformer" ? "Spikformer spiking transformer"
                                                         : "Model of the family " + shown(manifest.family());
  return kind + " for " + plural(manifest.classes(), "class", "es") + ", " + plural(manifest.timesteps(), "timestep") +
         ", compiled for " + shown(manifest.target()) + " in " + shown(manifest.precision());
}

void writeTile(Html &html, const std::string &name, const std::string &value, const std::string &note) {
  auto tile = html.open("div");
  html.leaf("dt", name);
  html.leaf("dd", value, {{"class", "figure"}});
  html.leaf("dd", note, {{"class", "note"}});
}

void writeChipTiles(Html &html, const Content &content, const coremap::CoreMap &map) {
  if (content.costs)
    if (energy::ChipEstimate costs = chipCosts(content); isPriced(costs))
      writeTile(html, "Energy an image", energyText(costs.picojoules),
                shown(content.costs->name) + (costs.unpriced().empty() ? "" : ", a lower bound"));
  std::set<std::pair<uint32_t, uint32_t>> chips;
  for (const coremap::Core &core : map.cores())
    chips.insert(report::chipOf(core, map.device()));
  writeTile(html, "Cores", humanCount(map.cores_size()),
            "on " + plural(chips.size(), "chip") + " of " + shown(map.device().name()));
  writeTile(html, "Chip steps an image", humanCount(stepsOf(map)), plural(map.timesteps(), "timestep"));
}

void writeTiles(Html &html, const Content &content) {
  const energy::Estimate &estimate = content.estimate;
  const Run *run = content.run;
  auto list = html.open("dl", {{"class", "tiles"}});
  if (run && run->correct)
    writeTile(html, "Accuracy", percentText(static_cast<double>(*run->correct) / run->count),
              "of " + plural(run->count, "image"));
  if (!estimate.layers.empty()) {
    Interval dense;
    for (const energy::LayerEstimate &layer : estimate.layers)
      dense += layer.denseMacs;
    std::string bound = estimate.unpriced().empty() ? "" : ", a lower bound";
    writeTile(html, "Energy an image", energyText(estimate.counted.picojoules), shown(estimate.profile->name) + bound);
    std::string share = estimate.isMeasured() && dense.high > 0 ? percentText(estimate.counted.sops.high / dense.high) +
                                                                      " of the " + countText(dense) + " dense MACs"
                                                                : "bounds; dense MACs: " + countText(dense);
    writeTile(html, "Synaptic operations", countText(estimate.counted.sops), share);
  }
  if (const coremap::CoreMap *map = content.artifact.coreMap())
    writeChipTiles(html, content, *map);
  if (run && run->count > 0 && !run->tokensByStep.empty()) {
    double sum = 0, tokens = 0;
    for (size_t step = 0; step < run->tokensByStep.size(); ++step) {
      sum += static_cast<double>(step) * run->tokensByStep[step];
      tokens += run->tokensByStep[step];
    }
    writeTile(html, "Blocks a token", fixed(sum / tokens, 2),
              "of " + std::to_string(run->tokensByStep.size() - 1) + "; then it halts");
  }
  if (!content.artifact.coreMap())
    writeTile(html, "Artifact", humanBytes(content.artifact.fileSize()), shown(fileName(content.artifact.path())));
}

struct Part {
  const char *id, *name;
  void (*write)(Html &, const Content &);
};

/// The parts of a page, in their order.
std::vector<Part> partsOf(const Content &content) {
  bool isChip = content.artifact.coreMap() != nullptr;
  return {{"energy", "Energy", isChip ? writeChipEnergy : writeEnergy},
          {"accuracy", "Accuracy", writeAccuracy},
          {"halting", "Halting", writeHalting},
          {"rates", "Firing rates", writeRates},
          isChip ? Part{"chip", "Chip", writeChip} : Part{"plan", "Plan", writePlan},
          {"model", "Model", writeModel},
          {"sources", "Sources", writeSources}};
}

void writeNavigation(Html &html, const std::vector<Part> &parts) {
  auto nav = html.open("nav", {{"aria-label", "Sections"}});
  auto list = html.open("ul");
  for (const Part &part : parts) {
    auto item = html.open("li");
    html.leaf("a", part.name, {{"href", std::string("#") + part.id}});
  }
}

} // namespace

std::string report::shown(const std::string &name) { return printable(name, 80); }

void report::writeMissing(Html &html, const Content &content, const std::string &what, const std::string &options) {
  auto paragraph = html.open("p", {{"class", "missing"}});
  html.text(what + " ");
  html.leaf("code", "stas report " + shown(fileName(content.artifact.path())) + " -o report.html " + options);
}

void report::writeHeader(Html &html, const Content &content) {
  const Manifest &manifest = content.artifact.manifest();
  auto header = html.open("header");
  html.leaf("p", "Report on a compiled model", {{"class", "kicker"}});
  html.leaf("h1", shown(manifest.source()));
  html.leaf("p", subtitle(manifest) + ".", {{"class", "lead"}});
  writeTiles(html, content);
}

void report::writeSources(Html &html, const Content &content) {
  const energy::Profile *profile = content.artifact.coreMap() ? content.costs : content.estimate.profile;
  auto section = html.open("section", {{"id", "sources"}});
  html.leaf("h2", "Where the numbers are from");
  writePairs(
      html, {{"Artifact", shown(fileName(content.artifact.path()))},
             {"Made by", "stas " STAS_VERSION ", stas report"},
             {"Rates", content.rates || (content.chip && content.chip->isMeasured()) ? shown(content.ratesSource)
                                                                                     : "none: bounds"},
             {"Images", content.run ? shown(content.run->images) + ", " + plural(content.run->count, "image") : "none"},
             {"Cost profile", profile ? profile->name + ": " + shown(profile->description) : "none"}});
  html.leaf("p",
            "Counts are exact: integers, of rows that ran. Energy is count times price, and a price is as good as its "
            "evidence, which stands beside it. No hardware was measured for this page.",
            {{"class", "note"}});
}

static void writeHead(Html &html, const Content &content) {
  auto head = html.open("head");
  html.empty("meta", {{"charset", "utf-8"}});
  html.empty("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", kPolicy}});
  html.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  html.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  html.leaf("title", shown(content.artifact.manifest().source()) + ": report");
  // Keeps a browser from asking for one.
  html.empty("link", {{"rel", "icon"}, {"href", "data:,"}});
  for (const SheetText &sheet : kSheets)
    html.style(sheet.text);
}

static void writeBody(Html &html, const Content &content) {
  auto body = html.open("body");
  html.leaf("a", "To the figures", {{"class", "skip"}, {"href", "#main"}});
  writeHeader(html, content);
  std::vector<Part> parts = partsOf(content);
  writeNavigation(html, parts);
  auto main = html.open("main", {{"id", "main"}});
  for (const Part &part : parts)
    part.write(html, content);
}

std::string report::page(const Content &content) {
  Html html;
  {
    auto root = html.open("html", {{"lang", "en"}});
    writeHead(html, content);
    writeBody(html, content);
  }
  return html.str();
}
