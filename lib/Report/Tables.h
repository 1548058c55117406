//===- Tables.h - Tables of numbers --------------------------- -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_REPORT_TABLES_H
#define STAS_LIB_REPORT_TABLES_H

#include "Html.h"

#include <string>
#include <vector>

namespace stas::report {

/// A cell is a text; a column is aligned to the right where its heading says
/// that it holds numbers.
struct Column {
  std::string heading;
  bool isNumber = false;
};

struct Listing {
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows = {}; ///< The first cell of a row is its heading.
  bool hasTotal = false;                           ///< The last row is one.
};

/// No table has more rows than this.
inline constexpr size_t kMaxTableRows = 2000;

/// A table that scrolls by itself where it is wider than the page.
void writeTable(Html &html, const Listing &listing);

/// The same, folded away behind a line that can be opened.
void writeFoldedTable(Html &html, const std::string &summary, const Listing &listing);

/// Pairs of a name and its value.
void writePairs(Html &html, const std::vector<std::pair<std::string, std::string>> &pairs);

} // namespace stas::report

#endif // STAS_LIB_REPORT_TABLES_H
