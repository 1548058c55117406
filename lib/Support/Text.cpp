//===- Text.cpp - Numbers, tables and messages as people read them --------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/Text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace stas;

std::string stas::fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", digits, value);
  return text;
}

std::string stas::humanBytes(uint64_t bytes) {
  if (bytes < 1024)
    return std::to_string(bytes) + " B";
  const char *units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = bytes / 1024.0;
  int unit = 0;
  while (value >= 1024 && unit < 5) {
    value /= 1024;
    ++unit;
  }
  return fixed(value, 1) + " " + units[unit];
}

std::string stas::humanCount(uint64_t count) {
  std::string text = std::to_string(count);
  for (int i = static_cast<int>(text.size()) - 3; i > 0; i -= 3)
    text.insert(i, ",");
  return text;
}

std::string stas::shapeText(const std::vector<int64_t> &shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

std::string stas::printable(std::string_view text, size_t limit) {
  std::string result;
  for (unsigned char c : text) {
    if (result.size() >= limit)
      return result + "...";
    if (c >= 0x20 && c < 0x7f) {
      result += static_cast<char>(c);
      continue;
    }
    char escaped[8];
    std::snprintf(escaped, sizeof(escaped), "\\x%02x", c);
    result += escaped;
  }
  return result;
}

/// Number of single-character edits from one word to the other.
static size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

std::string stas::nearest(std::string_view word, const std::vector<std::string> &candidates) {
  if (word.size() > 64) // Nothing known is that long.
    return "";
  std::string best;
  size_t bestDistance = word.size() / 3 + 2;
  for (const std::string &candidate : candidates) {
    size_t distance = editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/// Terminal cells of a UTF-8 text: one a code point.
static size_t cellsOf(const std::string &text) {
  return std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; });
}

static bool isNumber(const std::string &text) {
  return text.empty() || (text.find_first_not_of("0123456789.,%+-eExX ") == std::string::npos) || text == "n/a";
}

Table::Table(std::vector<std::string> headings) : headings(std::move(headings)) {}

void Table::row(std::vector<std::string> cells) { rows.push_back(std::move(cells)); }

void Table::print(std::ostream &out, int indent) const {
  std::vector<size_t> widths;
  std::vector<bool> right;
  auto measure = [&](const std::vector<std::string> &cells, bool heading) {
    if (widths.size() < cells.size()) {
      widths.resize(cells.size(), 0);
      right.resize(cells.size(), true);
    }
    for (size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], cellsOf(cells[i]));
      if (!heading && !isNumber(cells[i]))
        right[i] = false;
    }
  };
  measure(headings, true);
  for (const auto &cells : rows)
    measure(cells, false);

  auto line = [&](const std::vector<std::string> &cells) {
    std::string text(indent, ' ');
    for (size_t i = 0; i < cells.size(); ++i) {
      std::string space(widths[i] - cellsOf(cells[i]), ' ');
      text += (i ? "  " : "") + (right[i] ? space + cells[i] : cells[i] + space);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out << text << '\n';
  };
  if (!headings.empty())
    line(headings);
  for (const auto &cells : rows)
    line(cells);
}

std::string stas::bar(double share, int cells) {
  static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  int eighths = static_cast<int>(std::lround(std::clamp(std::isfinite(share) ? share : 0.0, 0.0, 1.0) * cells * 8));
  std::string text;
  for (int i = 0; i < eighths / 8; ++i)
    text += "█";
  return text + parts[eighths % 8];
}

bool stas::isWord(const std::string &name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}
