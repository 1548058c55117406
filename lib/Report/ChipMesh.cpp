//===- ChipMesh.cpp - The mesh of a chip as a picture ---------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Figures.h"
#include "Sections.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <cmath>

using namespace stas;
using namespace stas::report;

// In the picture's own units.
static constexpr double kTile = 24, kGap = 12, kInner = 2;

static std::string number(double value) { return fixed(value, 2); }

/// A core is a box, filled from below by the resource that it has least left of.
static void drawCore(Html &html, double x, double y, double side, double share) {
  html.empty(
      "rect",
      {{"class", "core"}, {"x", number(x)}, {"y", number(y)}, {"width", number(side)}, {"height", number(side)}});
  double height = side * std::clamp(share, 0.0, 1.0);
  html.empty("rect", {{"class", "filled"},
                      {"x", number(x)},
                      {"y", number(y + side - height)},
                      {"width", number(side)},
                      {"height", number(height)}});
}

static void drawLink(Html &html, const LinkPlace &link, int64_t firstRow, int64_t firstColumn, double share) {
  auto middle = [](int64_t index) { return index * (kTile + kGap) + kTile / 2; };
  double x = middle(link[1] - firstColumn), y = middle(link[0] - firstRow);
  double toX = middle(link[3] - firstColumn), toY = middle(link[2] - firstRow);
  double stepX = (toX > x) - (toX < x), stepY = (toY > y) - (toY < y);
  // The two directions lie side by side, right-hand traffic.
  double width = 0.4 + 4.2 * share, aside = 2.6;
  double fromX = x + stepX * kTile / 2 - stepY * aside, fromY = y + stepY * kTile / 2 + stepX * aside;
  html.empty("line", {{"class", "link"},
                      {"x1", number(fromX)},
                      {"y1", number(fromY)},
                      {"x2", number(fromX + stepX * kGap)},
                      {"y2", number(fromY + stepY * kGap)},
                      {"stroke-width", number(width)}});
}

void report::drawMesh(Html &html, const MeshPicture &mesh) {
  auto perSide = static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(mesh.coresPerTile))));
  double side = (kTile - kInner * (perSide - 1)) / static_cast<double>(perSide);
  double width = mesh.columns * (kTile + kGap) - kGap, height = mesh.rows * (kTile + kGap) - kGap;
  auto figure = html.open("figure");
  {
    std::string titleId = html.newId(), descriptionId = html.newId();
    // Room for links that leave the chip.
    auto svg = html.open("svg", {{"class", "mesh"},
                                 {"role", "img"},
                                 {"viewBox", number(-kGap) + " " + number(-kGap) + " " + number(width + 2 * kGap) +
                                                 " " + number(height + 2 * kGap)},
                                 {"aria-labelledby", titleId + " " + descriptionId}});
    html.leaf("title", mesh.title, {{"id", titleId}});
    html.leaf("desc", mesh.description, {{"id", descriptionId}});
    for (const auto &[link, load] : mesh.links)
      drawLink(html, link, mesh.firstRow, mesh.firstColumn, mesh.most > 0 ? load / mesh.most : 0);
    for (int64_t row = 0; row < mesh.rows; ++row)
      for (int64_t column = 0; column < mesh.columns; ++column)
        for (int64_t index = 0; index < mesh.coresPerTile; ++index) {
          auto core = mesh.cores.find({mesh.firstRow + row, mesh.firstColumn + column, index});
          int64_t insideRow = index / perSide, insideColumn = index % perSide;
          drawCore(html, column * (kTile + kGap) + insideColumn * (side + kInner),
                   row * (kTile + kGap) + insideRow * (side + kInner), side,
                   core == mesh.cores.end() ? 0 : core->second);
        }
  }
  html.leaf("figcaption", mesh.title);
}
