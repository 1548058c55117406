//===- ChartsTest.cpp - Tests of pictures of numbers ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Report/Charts.h"

#include <gtest/gtest.h>

using namespace stas::report;

static size_t occurrences(const std::string &text, const std::string &part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

static Chart chartOf(std::vector<ChartGroup> groups) {
  Chart chart;
  chart.title = "T";
  chart.description = "D";
  chart.axis = "µJ";
  chart.groups = std::move(groups);
  return chart;
}

TEST(Charts, LayersStandUnderTheirModule) {
  EXPECT_EQ(splitModule("block.0.attn.q"), std::make_pair(std::string("block.0"), std::string("attn.q")));
  EXPECT_EQ(splitModule("patch_embed.proj"), std::make_pair(std::string("patch_embed"), std::string("proj")));
  EXPECT_EQ(splitModule("head"), std::make_pair(std::string(), std::string("head")));
  EXPECT_EQ(splitModule("block.12"), std::make_pair(std::string("block.12"), std::string("(all)")));
  EXPECT_EQ(splitModule("a."), std::make_pair(std::string("a"), std::string()));
  std::vector<ChartGroup> groups =
      groupByModule({{"block.0.a", {}, ""}, {"block.0.b", {}, ""}, {"block.1.a", {}, ""}, {"head", {}, ""}});
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].heading, "block.0");
  ASSERT_EQ(groups[0].rows.size(), 2u);
  EXPECT_EQ(groups[0].rows[1].label, "b");
  EXPECT_EQ(groups[2].heading, "");
}

TEST(Charts, BarsAreInProportion) {
  Html html;
  drawBars(html,
           chartOf({{"", "", {{"a", {Interval{4, 4}}, ""}, {"<b>", {Interval{1, 2}}, ""}, {"c", {{}}, "none"}}}}));
  const std::string &text = html.str();
  // Of a plot of 38 %, which leaves room for two numbers; of the interval from 1 to 2, each end is a quarter of it.
  EXPECT_NE(text.find("class=\"bar\" x=\"34.00%\" y=\"33\" width=\"38.00%\""), std::string::npos) << text;
  EXPECT_NE(text.find("class=\"bar\" x=\"34.00%\" y=\"55\" width=\"9.50%\""), std::string::npos) << text;
  EXPECT_NE(text.find("class=\"upto\" x=\"43.50%\" y=\"55\" width=\"9.50%\""), std::string::npos) << text;
  EXPECT_NE(text.find(">1.00 – 2.00</text>"), std::string::npos) << text;
  EXPECT_NE(text.find(">&lt;b&gt;</text>"), std::string::npos) << text;
  EXPECT_NE(text.find(">none</text>"), std::string::npos) << text;
  EXPECT_NE(text.find("<title id=\"id1\">T</title>"), std::string::npos) << text;
  EXPECT_NE(text.find("<desc id=\"id2\">D</desc>"), std::string::npos) << text;
  EXPECT_NE(text.find("aria-labelledby=\"id1 id2\""), std::string::npos) << text;
}

TEST(Charts, BarsAreLongerBesideOneNumber) {
  Html html;
  drawBars(html, chartOf({{"", "", {{"a", {Interval{4, 4}}, ""}, {"b", {Interval{0, 2}}, ""}}}}));
  const std::string &text = html.str();
  EXPECT_NE(text.find("class=\"bar\" x=\"34.00%\" y=\"33\" width=\"52.00%\""), std::string::npos) << text;
  EXPECT_NE(text.find("class=\"upto\" x=\"34.00%\" y=\"55\" width=\"26.00%\""), std::string::npos) << text;
}

TEST(Charts, OfManyLayersTheLargestStayInTheirOrder) {
  std::vector<ChartRow> rows;
  for (size_t i = 0; i < kMaxChartRows + 2; ++i) {
    double value = i == 3 || i == 5 ? 1 : 10 + static_cast<double>(i);
    rows.push_back({"layer." + std::to_string(i) + ".fc", {Interval{value, value}}, ""});
  }
  Html html;
  std::vector<ChartGroup> groups = groupLargest(html, std::move(rows), "nJ");
  EXPECT_NE(html.str().find("The 120 of 122 layers that take most."), std::string::npos) << html.str();
  ASSERT_EQ(groups.size(), kMaxChartRows);
  EXPECT_EQ(groups[2].heading, "layer.2");
  EXPECT_EQ(groups[3].heading, "layer.4");
  EXPECT_EQ(groups[4].heading, "layer.6");
  EXPECT_EQ(groups[4].total, "16.0 nJ");
}

TEST(Charts, NothingIsDividedByZero) {
  Html html;
  drawBars(html, chartOf({{"", "", {{"a", {Interval{0, 0}}, ""}}}}));
  EXPECT_EQ(html.str().find("nan"), std::string::npos);
  drawHeatMap(html, chartOf({{"", "", {{"a", {Interval{0, 0}}, ""}}}}));
  EXPECT_EQ(html.str().find("nan"), std::string::npos);
}

TEST(Charts, CellsHaveNumbersWhereTheyFit) {
  Chart chart = chartOf({{"", "", {{"a", {Interval{1, 1}, {}, Interval{4, 4}}, ""}, {"once", {Interval{2, 2}}, ""}}}});
  chart.columns = {"t = 0", "t = 1", "t = 2"};
  Html html;
  drawHeatMap(html, chart);
  EXPECT_NE(html.str().find(">4.00</text>"), std::string::npos);
  EXPECT_NE(html.str().find(">–</text>"), std::string::npos);
  EXPECT_NE(html.str().find("class=\"cell\" x=\"34.00%\" y=\"50\" width=\"66.00%\""), std::string::npos) << html.str();
  Chart wide = chartOf({{"", "", {{"a", std::vector<std::optional<Interval>>(20, Interval{3, 3}), ""}}}});
  wide.columns.assign(20, "t");
  Html large;
  drawHeatMap(large, wide);
  EXPECT_EQ(occurrences(large.str(), "class=\"number\""), 0u);
  // The legend's five as well.
  EXPECT_EQ(occurrences(large.str(), "class=\"cell\""), 25u);
}

TEST(Charts, LongNamesLoseTheirMiddle) {
  Html html;
  drawBars(html, chartOf({{"", "", {{std::string(90, 'a') + "_end", {Interval{1, 1}}, ""}}}}));
  EXPECT_NE(html.str().find(">aaaaaaaaaaaa…aaaaaaaaa_end</text>"), std::string::npos) << html.str();
}
