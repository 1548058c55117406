//===- Text.h - Numbers, tables and messages as people read them -*- C++
//-*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_SUPPORT_TEXT_H
#define STAS_SUPPORT_TEXT_H

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace stas {

/// "1.5 KiB", "12 B", "3.2 GiB".
std::string humanBytes(uint64_t bytes);

/// "1,234,567".
std::string humanCount(uint64_t count);

/// A number with that many digits after the point.
std::string fixed(double value, int digits);

/// "[4, 64, 384]".
std::string shapeText(const std::vector<int64_t> &shape);

/// The text with control characters and bytes that are not ASCII escaped, cut
/// to a length: safe to print whatever file it came from.
std::string printable(std::string_view text, size_t limit = 80);

/// Letters, digits, '-' and '_', 1 to 64 of them.
bool isWord(const std::string &name);

/// The candidate nearest to a misspelt word, or "" where none is near.
std::string nearest(std::string_view word, const std::vector<std::string> &candidates);

/// Rows of cells, printed with aligned columns. A column is aligned to the
/// right where every cell below the heading is a number.
class Table {
public:
  explicit Table(std::vector<std::string> headings = {});
  void row(std::vector<std::string> cells);
  void print(std::ostream &out, int indent = 0) const;
  bool empty() const { return rows.empty(); }

private:
  std::vector<std::string> headings;
  std::vector<std::vector<std::string>> rows;
};

/// A horizontal bar for a share of 1, in eighths of a cell.
std::string bar(double share, int cells);

} // namespace stas

#endif // STAS_SUPPORT_TEXT_H
