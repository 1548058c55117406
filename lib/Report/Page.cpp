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

void writeTiles(Html &html, const Content &content) {
  const Manifest &manifest = content.artifact.manifest();
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
  if (run && run->count > 0 && !run->tokensByStep.empty()) {
    double sum = 0, tokens = 0;
    for (size_t step = 0; step < run->tokensByStep.size(); ++step) {
      sum += static_cast<double>(step) * run->tokensByStep[step];
      tokens += run->tokensByStep[step];
    }
    writeTile(html, "Blocks a token", fixed(sum / tokens, 2),
              "of " + std::to_string(uint64_t(manifest.timesteps()) * manifest.blocks()) + "; then it halts");
  }
  writeTile(html, "Artifact", humanBytes(content.artifact.fileSize()), shown(fileName(content.artifact.path())));
}

void writeNavigation(Html &html) {
  auto nav = html.open("nav", {{"aria-label", "Sections"}});
  auto list = html.open("ul");
  for (auto [id, name] : {std::pair<const char *, const char *>{"energy", "Energy"},
                          {"accuracy", "Accuracy"},
                          {"halting", "Halting"},
                          {"rates", "Firing rates"},
                          {"plan", "Plan"},
                          {"model", "Model"},
                          {"sources", "Sources"}}) {
    auto item = html.open("li");
    html.leaf("a", name, {{"href", std::string("#") + id}});
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
  const energy::Profile &profile = *content.estimate.profile;
  auto section = html.open("section", {{"id", "sources"}});
  html.leaf("h2", "Where the numbers are from");
  writePairs(
      html, {{"Artifact", shown(fileName(content.artifact.path()))},
             {"Made by", "stas " STAS_VERSION ", stas report"},
             {"Rates", content.rates ? shown(content.ratesSource) : "none: bounds"},
             {"Images", content.run ? shown(content.run->images) + ", " + plural(content.run->count, "image") : "none"},
             {"Cost profile", profile.name + ": " + shown(profile.description)}});
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
  writeNavigation(html);
  auto main = html.open("main", {{"id", "main"}});
  for (auto write : {writeEnergy, writeAccuracy, writeHalting, writeRates, writePlan, writeModel, writeSources})
    write(html, content);
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
