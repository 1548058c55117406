//===- Charts.h - Pictures of numbers, as SVG ----------------- -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Positions along a line are shares of the page's width and sizes of text are
// the page's, so that a chart is read as well on a telephone as on a screen.
// Every number is written beside its mark: none is told by colour alone.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_REPORT_CHARTS_H
#define STAS_LIB_REPORT_CHARTS_H

#include "Figures.h"
#include "Html.h"

#include <optional>
#include <string>
#include <vector>

namespace stas::report {

/// A line of a chart.
struct ChartRow {
  std::string label;
  /// A bar has one value; a heat map one of each column, or a single one that
  /// stands for all. None: not known.
  std::vector<std::optional<Interval>> values;
  std::string none; ///< What stands where a bar's value is not known.
};

/// Lines under one heading, such as the layers of a block.
struct ChartGroup {
  std::string heading; ///< May be empty.
  std::string total;   ///< Stands behind the heading.
  std::vector<ChartRow> rows;
};

struct Chart {
  std::string title;       ///< For those who do not see the picture.
  std::string description; ///< What is drawn, and the largest and smallest of it.
  std::string axis;        ///< What the numbers are, with their unit.
  std::vector<ChartGroup> groups;
  std::vector<std::string> columns; ///< Of a heat map.
  double most = 0;                  ///< The end of the scale; 0: the largest value.
};

/// No picture has more lines than this.
inline constexpr size_t kMaxChartRows = 120;
/// No heat map has more columns than this.
inline constexpr size_t kMaxChartColumns = 32;

/// Lines with horizontal bars from 0. An interval is a solid bar to its lower
/// end and an outline to its upper one.
void drawBars(Html &html, const Chart &chart);

/// Lines of cells, the darker the larger.
void drawHeatMap(Html &html, const Chart &chart);

/// Groups rows by what their labels begin with: block.0.mlp.fc1 stands as
/// mlp.fc1 under block.0, patch_embed.proj as proj under patch_embed, head
/// under nothing.
std::vector<ChartGroup> groupByModule(std::vector<ChartRow> rows);

/// The same of rows of one value in `unit`, with the sum of each group. Of more
/// than a picture has lines the largest stay, in their order, and the page says so.
std::vector<ChartGroup> groupLargest(Html &html, std::vector<ChartRow> rows, const std::string &unit);

/// The first group of a label, as above, and the rest of it.
std::pair<std::string, std::string> splitModule(const std::string &label);

} // namespace stas::report

#endif // STAS_LIB_REPORT_CHARTS_H
