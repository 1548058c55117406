//===- Charts.cpp - Pictures of numbers, as SVG ---------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Charts.h"
#include "stas/Support/Text.h"

#include <algorithm>

using namespace stas;
using namespace stas::report;

namespace {

// Shares of the width, in percent: names, then marks, then the numbers of bars. Two numbers take more room.
constexpr double kNames = 34, kBars = 52, kBarsOfIntervals = 38, kCells = 100 - kNames;
// Pixels.
constexpr int kAxisHeight = 28, kHeadingHeight = 30, kGap = 10, kRowHeight = 22, kBarHeight = 12, kLegendHeight = 34;
/// Cells that are narrower than a number are left without it; the table has it.
constexpr size_t kMaxNumberedColumns = 8;
constexpr size_t kMaxLabel = 26;

std::string percent(double value) { return fixed(value, 2) + "%"; }
std::string pixels(int value) { return std::to_string(value); }

/// A long name without its middle: what tells names apart is at their ends.
std::string shortened(const std::string &name) {
  std::string text = printable(name, 200);
  if (text.size() <= kMaxLabel)
    return text;
  return text.substr(0, kMaxLabel / 2 - 1) + "…" + text.substr(text.size() - kMaxLabel / 2);
}

double largest(const Chart &chart) {
  double most = 0;
  for (const ChartGroup &group : chart.groups)
    for (const ChartRow &row : group.rows)
      for (const std::optional<Interval> &value : row.values)
        if (value)
          most = std::max(most, value->high);
  return most;
}

/// Above a group. Rows that belong to none stand apart from groups, not from each other.
int headHeight(const Chart &chart, const ChartGroup &group) {
  return !group.heading.empty() ? kHeadingHeight : chart.groups.size() > 1 ? kGap : 0;
}

int bodyHeight(const Chart &chart) {
  int height = 0;
  for (const ChartGroup &group : chart.groups)
    height += headHeight(chart, group) + kRowHeight * static_cast<int>(group.rows.size());
  return height;
}

/// A chart's frame, and a place that moves down line by line.
class Drawing {
public:
  Drawing(Html &html, const Chart &chart, int footHeight)
      : html(html), chart(chart), height(kAxisHeight + bodyHeight(chart) + footHeight), titleId(html.newId()),
        descriptionId(html.newId()), clipId(html.newId()),
        svg(html.open("svg", {{"class", "chart"},
                              {"role", "img"},
                              {"width", "100%"},
                              {"height", pixels(height)},
                              {"aria-labelledby", titleId + " " + descriptionId}})) {
    html.leaf("title", chart.title, {{"id", titleId}});
    html.leaf("desc", chart.description, {{"id", descriptionId}});
    auto clip = html.open("clipPath", {{"id", clipId}});
    html.empty("rect", {{"width", percent(kNames - 1)}, {"height", "100%"}});
  }

  /// Text whose baseline lies in the middle of a line that begins at `top`.
  void text(const char *style, const std::string &x, const char *anchor, int top, int lineHeight,
            const std::string &content) {
    html.leaf("text", content,
              {{"class", style}, {"x", x}, {"y", pixels(top + lineHeight / 2 + 4)}, {"text-anchor", anchor}});
  }

  /// Draws headings and names, and calls `drawRow(row, top)` for each row.
  template <typename Draw> void rows(Draw drawRow) {
    int top = kAxisHeight;
    for (const ChartGroup &group : chart.groups) {
      bool hasHeading = !group.heading.empty();
      if (hasHeading) {
        text("heading", "0", "start", top + 4, kHeadingHeight - 4, shortened(group.heading));
        text("total", "100%", "end", top + 4, kHeadingHeight - 4, group.total);
      }
      top += headHeight(chart, group);
      for (const ChartRow &row : group.rows) {
        {
          auto clip = html.open("g", {{"clip-path", "url(#" + clipId + ")"}});
          bool isAlone = !hasHeading && chart.groups.size() > 1;
          text(isAlone ? "heading" : "name", hasHeading ? "10" : "0", "start", top, kRowHeight, shortened(row.label));
        }
        drawRow(row, top);
        top += kRowHeight;
      }
    }
  }

  Html &html;
  const Chart &chart;
  const int height;

private:
  std::string titleId, descriptionId, clipId;
  Html::Element svg;
};

/// Of the longest bar. A number beside it of 0 to something has the room of one.
double barWidth(const Chart &chart) {
  for (const ChartGroup &group : chart.groups)
    for (const ChartRow &row : group.rows)
      if (const std::optional<Interval> &value = row.values.front();
          value && value->low > 0 && value->low < value->high)
        return kBarsOfIntervals;
  return kBars;
}

void drawBar(Drawing &drawing, const ChartRow &row, int top, double most) {
  const std::optional<Interval> &value = row.values.front();
  if (!value) {
    drawing.text("none", percent(kNames + 1), "start", top, kRowHeight, row.none);
    return;
  }
  double scale = most > 0 ? barWidth(drawing.chart) / most : 0, low = scale * value->low, high = scale * value->high;
  std::string y = pixels(top + (kRowHeight - kBarHeight) / 2);
  if (value->high > value->low)
    drawing.html.empty("rect", {{"class", "upto"},
                                {"x", percent(kNames + low)},
                                {"y", y},
                                {"width", percent(high - low)},
                                {"height", pixels(kBarHeight)}});
  drawing.html.empty(
      "rect",
      {{"class", "bar"}, {"x", percent(kNames)}, {"y", y}, {"width", percent(low)}, {"height", pixels(kBarHeight)}});
  drawing.html.leaf("text", aligned(*value, most),
                    {{"class", "value"},
                     {"x", percent(kNames + high)},
                     {"dx", "6"},
                     {"y", pixels(top + kRowHeight / 2 + 4)},
                     {"text-anchor", "start"}});
}

void drawCells(Drawing &drawing, const ChartRow &row, int top, double most) {
  size_t columns = row.values.size();
  for (size_t i = 0; i < columns; ++i) {
    const std::optional<Interval> &value = row.values[i];
    double width = kCells / columns, x = kNames + i * width;
    // A cell is never so dark that the number on it could not be read.
    double share = value && most > 0 ? std::min(1.0, value->high / most) : 0;
    drawing.html.empty("rect", {{"class", value ? "cell" : "cell missing"},
                                {"x", percent(x)},
                                {"y", pixels(top)},
                                {"width", percent(width)},
                                {"height", pixels(kRowHeight)},
                                {"fill-opacity", fixed(value ? 0.06 + 0.66 * share : 0, 3)}});
    if (columns <= kMaxNumberedColumns)
      drawing.text("number", percent(x + width / 2), "middle", top, kRowHeight, value ? aligned(*value, most) : "–");
  }
}

void drawLegend(Drawing &drawing, double most) {
  constexpr int kSwatches = 5;
  constexpr double kWidth = 6;
  int top = drawing.height - kLegendHeight + 10;
  drawing.text("tick", percent(kNames), "start", top, kRowHeight, "0");
  for (int i = 0; i < kSwatches; ++i)
    drawing.html.empty("rect", {{"class", "cell"},
                                {"x", percent(kNames + 4 + i * kWidth)},
                                {"y", pixels(top + 4)},
                                {"width", percent(kWidth)},
                                {"height", pixels(kRowHeight - 8)},
                                {"fill-opacity", fixed(0.06 + 0.66 * i / (kSwatches - 1), 3)}});
  drawing.text("tick", percent(kNames + 5 + kSwatches * kWidth), "start", top, kRowHeight, tickText(most));
}

} // namespace

void report::drawBars(Html &html, const Chart &chart) {
  double most = chart.most > 0 ? chart.most : largest(chart);
  Drawing drawing(html, chart, 0);
  drawing.text("axis", "0", "start", 0, kAxisHeight - 6, chart.axis);
  for (double tick : ticks(most)) {
    if (tick > most * 1.15)
      continue;
    std::string x = percent(kNames + (most > 0 ? barWidth(chart) * tick / most : 0));
    drawing.text("tick", x, "middle", 0, kAxisHeight - 6, tickText(tick));
    html.empty("line", {{"class", tick == 0 ? "zero" : "grid"},
                        {"x1", x},
                        {"x2", x},
                        {"y1", pixels(kAxisHeight - 6)},
                        {"y2", pixels(drawing.height)}});
  }
  drawing.rows([&](const ChartRow &row, int top) { drawBar(drawing, row, top, most); });
}

void report::drawHeatMap(Html &html, const Chart &chart) {
  double most = chart.most > 0 ? chart.most : largest(chart);
  Drawing drawing(html, chart, kLegendHeight);
  drawing.text("axis", "0", "start", 0, kAxisHeight - 6, chart.axis);
  size_t columns = chart.columns.size();
  for (size_t i = 0; i < columns; ++i)
    // Of many columns, some names.
    if (columns <= kMaxNumberedColumns || i % 4 == 0)
      drawing.text("tick", percent(kNames + (i + 0.5) * kCells / columns), "middle", 0, kAxisHeight - 6,
                   chart.columns[i]);
  drawing.rows([&](const ChartRow &row, int top) { drawCells(drawing, row, top, most); });
  drawLegend(drawing, most);
}

std::pair<std::string, std::string> report::splitModule(const std::string &label) {
  size_t dot = label.find('.');
  if (dot == std::string::npos)
    return {"", label};
  // block.0 is one module of many, patch_embed is one alone.
  size_t second = label.find('.', dot + 1);
  std::string index = label.substr(dot + 1, second == std::string::npos ? second : second - dot - 1);
  if (!index.empty() && index.find_first_not_of("0123456789") == std::string::npos)
    dot = second;
  return dot == std::string::npos ? std::make_pair(label, std::string("(all)"))
                                  : std::make_pair(label.substr(0, dot), label.substr(dot + 1));
}

std::vector<ChartGroup> report::groupByModule(std::vector<ChartRow> rows) {
  std::vector<ChartGroup> groups;
  for (ChartRow &row : rows) {
    auto [module, rest] = splitModule(row.label);
    if (groups.empty() || groups.back().heading != module)
      groups.push_back({module, "", {}});
    row.label = rest;
    groups.back().rows.push_back(std::move(row));
  }
  return groups;
}

std::vector<ChartGroup> report::groupLargest(Html &html, std::vector<ChartRow> rows, const std::string &unit) {
  size_t count = rows.size();
  if (count > kMaxChartRows) {
    std::vector<double> values;
    for (const ChartRow &row : rows)
      values.push_back(row.values[0]->high);
    std::nth_element(values.begin(), values.begin() + kMaxChartRows, values.end(), std::greater<>());
    double least = values[kMaxChartRows];
    rows.erase(
        std::remove_if(rows.begin(), rows.end(), [&](const ChartRow &row) { return row.values[0]->high <= least; }),
        rows.end());
    html.leaf("p", "The " + humanCount(rows.size()) + " of " + humanCount(count) + " layers that take most.",
              {{"class", "note"}});
  }
  std::vector<ChartGroup> groups = groupByModule(std::move(rows));
  for (ChartGroup &group : groups) {
    Interval sum;
    for (const ChartRow &row : group.rows)
      sum += *row.values[0];
    if (!group.heading.empty())
      group.total = figure(sum) + " " + unit;
  }
  return groups;
}
