//===- TokenMap.cpp - An image and where its tokens were active -----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Figures.h"
#include "Png.h"
#include "Sections.h"
#include "Tables.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace stas;
using namespace stas::report;

namespace {

/// Rows and columns of tokens over an image, in the proportion of its sides;
/// none where the tokens are no such grid.
std::pair<int64_t, int64_t> gridOf(int64_t tokens, int64_t height, int64_t width) {
  auto columns = static_cast<int64_t>(std::llround(std::sqrt(static_cast<double>(tokens) * width / height)));
  if (columns < 1 || tokens % columns != 0)
    return {0, 0};
  int64_t rows = tokens / columns;
  return rows * width == columns * height ? std::make_pair(rows, columns) : std::make_pair(int64_t(0), int64_t(0));
}

// A panel is 100 wide, in the picture's own units.
constexpr double kPanel = 100, kGap = 4;
/// Numbers on smaller tokens could not be read.
constexpr int64_t kMaxNumbered = 16;
/// Larger grids are not drawn token by token.
constexpr int64_t kMaxGrid = 64;

std::string number(double value) { return fixed(value, 2); }

void drawTokens(Html &html, const Example &example, int64_t rows, int64_t columns, double height, int64_t most) {
  double cellWidth = kPanel / columns, cellHeight = height / rows;
  for (int64_t i = 0; i < rows * columns; ++i) {
    int64_t row = i / columns, column = i % columns;
    double x = kPanel + kGap + column * cellWidth, y = row * cellHeight;
    double share = most > 0 ? static_cast<double>(example.steps[i]) / most : 0;
    html.empty("rect", {{"class", "veil"},
                        {"x", number(x)},
                        {"y", number(y)},
                        {"width", number(cellWidth)},
                        {"height", number(cellHeight)},
                        {"fill-opacity", number(0.92 * (1 - std::clamp(share, 0.0, 1.0)))}});
    if (columns <= kMaxNumbered && rows <= kMaxNumbered)
      html.leaf("text", std::to_string(example.steps[i]),
                {{"class", "steps"},
                 {"x", number(x + cellWidth / 2)},
                 {"y", number(y + cellHeight * 0.5 + cellWidth * 0.16)},
                 {"font-size", number(cellWidth * 0.46)},
                 {"text-anchor", "middle"}});
  }
}

Listing stepTable(const Example &example, int64_t rows, int64_t columns) {
  Listing listing{"Blocks in which each token was active, by row and column", {{"Row", true}}};
  for (int64_t column = 0; column < columns; ++column)
    listing.columns.push_back({std::to_string(column), true});
  for (int64_t row = 0; row < rows; ++row) {
    listing.rows.push_back({std::to_string(row)});
    for (int64_t column = 0; column < columns; ++column)
      listing.rows.back().push_back(std::to_string(example.steps[row * columns + column]));
  }
  return listing;
}

} // namespace

void report::drawExample(Html &html, const Example &example, const artifact::Manifest &manifest,
                         const HaltingKind &kind) {
  const artifact::Input &input = manifest.input();
  int64_t tokens = static_cast<int64_t>(example.steps.size());
  auto most = static_cast<int64_t>(manifest.timesteps() * kind.blocks);
  double mean = std::accumulate(example.steps.begin(), example.steps.end(), 0.0) / tokens;
  auto [rows, columns] = gridOf(tokens, input.height(), input.width());
  bool isGrid = rows > 0 && rows <= kMaxGrid && columns <= kMaxGrid;
  double height = kPanel * input.height() / input.width();

  auto figure = html.open("figure");
  {
    std::string titleId = html.newId(), descriptionId = html.newId(), imageId = html.newId();
    auto svg = html.open("svg", {{"class", "tokens"},
                                 {"role", "img"},
                                 {"viewBox", "0 0 " + number(2 * kPanel + kGap) + " " + number(height)},
                                 {"aria-labelledby", titleId + " " + descriptionId}});
    html.leaf("title", "Image " + shown(example.name) + ", and the blocks that its tokens were active in",
              {{"id", titleId}});
    auto [fewest, longest] = std::minmax_element(example.steps.begin(), example.steps.end());
    html.leaf("desc",
              "Left the image, right the same image under a grid of tokens, each with its number of blocks, from " +
                  std::to_string(*fewest) + " to " + std::to_string(*longest) + ", " + fixed(mean, 2) + " in the mean.",
              {{"id", descriptionId}});
    html.empty("image", {{"id", imageId},
                         {"width", number(kPanel)},
                         {"height", number(height)},
                         {"preserveAspectRatio", "none"},
                         {"href", dataUri(pictureOf(example.pixels, input))}});
    html.empty("use", {{"href", "#" + imageId}, {"x", number(kPanel + kGap)}});
    if (isGrid)
      drawTokens(html, example, rows, columns, height, most);
  }
  auto caption = html.open("figcaption");
  std::string label = example.label ? " (label " + std::to_string(*example.label) + ")" : "";
  html.leaf("strong", example.reason + ": " + fixed(mean, 2) + " blocks a token");
  html.text(" Image " + shown(example.name) + ", classified as " + std::to_string(example.predicted) + label + ".");
  if (!isGrid)
    html.text(" The " + plural(tokens, "token") + " are no grid over the image, so none is drawn.");
  else
    writeFoldedTable(html, "Numbers", stepTable(example, rows, columns));
}
