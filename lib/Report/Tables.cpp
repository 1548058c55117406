//===- Tables.cpp - Tables of numbers -------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tables.h"
#include "stas/Support/Text.h"

#include <algorithm>

using namespace stas;
using namespace stas::report;

static const char *styleOf(const Listing &listing, size_t column) {
  return column < listing.columns.size() && listing.columns[column].isNumber ? "number" : "word";
}

static void writeRow(Html &html, const Listing &listing, size_t index) {
  bool isTotal = listing.hasTotal && index + 1 == listing.rows.size();
  auto row = html.open("tr", {{"class", isTotal ? "total" : "entry"}});
  const std::vector<std::string> &cells = listing.rows[index];
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i == 0)
      html.leaf("th", cells[i], {{"scope", "row"}, {"class", styleOf(listing, i)}});
    else
      html.leaf("td", cells[i], {{"class", styleOf(listing, i)}});
  }
}

void report::writeTable(Html &html, const Listing &listing) {
  // What scrolls must be reachable with the keyboard and have a name.
  auto region =
      html.open("div", {{"class", "scroll"}, {"role", "region"}, {"aria-label", listing.caption}, {"tabindex", "0"}});
  auto table = html.open("table");
  html.leaf("caption", listing.caption);
  {
    auto head = html.open("thead");
    auto row = html.open("tr");
    for (size_t i = 0; i < listing.columns.size(); ++i)
      html.leaf("th", listing.columns[i].heading, {{"scope", "col"}, {"class", styleOf(listing, i)}});
  }
  auto body = html.open("tbody");
  // A total is the last row and stays.
  size_t count = listing.rows.size(), shown = std::min(count, kMaxTableRows);
  for (size_t i = 0; i + (listing.hasTotal ? 1 : 0) < shown; ++i)
    writeRow(html, listing, i);
  if (count > shown) {
    auto row = html.open("tr");
    html.leaf("td", "and " + humanCount(count - shown) + " more",
              {{"class", "word"}, {"colspan", std::to_string(listing.columns.size())}});
  }
  if (listing.hasTotal && count > 0)
    writeRow(html, listing, count - 1);
}

void report::writeFoldedTable(Html &html, const std::string &summary, const Listing &listing) {
  auto details = html.open("details");
  html.leaf("summary", summary);
  writeTable(html, listing);
}

void report::writePairs(Html &html, const std::vector<std::pair<std::string, std::string>> &pairs) {
  auto list = html.open("dl", {{"class", "pairs"}});
  for (const auto &[name, value] : pairs) {
    auto pair = html.open("div");
    html.leaf("dt", name);
    html.leaf("dd", value);
  }
}
