//===- Html.cpp - Writes HTML and SVG, all of it escaped ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Html.h"

#include <cstdint>

using namespace stas::report;

namespace {

/// The code point that a text begins with, and its length in bytes; none, and
/// one byte, where it does not begin with UTF-8.
std::pair<uint32_t, size_t> decode(std::string_view text) {
  constexpr std::pair<uint32_t, size_t> kBad = {0, 1};
  auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80)
    return {first, 1};
  size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size)
    return kBad;
  uint32_t point = first & (0x7f >> size);
  for (size_t i = 1; i < size; ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80)
      return kBad;
    point = point << 6 | (byte & 0x3f);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  bool isSurrogate = point >= 0xd800 && point < 0xe000;
  return point < kSmallest[size] || point > 0x10ffff || isSurrogate ? kBad : std::make_pair(point, size);
}

/// Whether a character shows itself and nothing else.
bool isShown(uint32_t point) {
  bool isControl = (point < 0x20 && point != '\n') || (point >= 0x7f && point < 0xa0);
  bool isDirection = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) || point == 0x200e ||
                     point == 0x200f || point == 0x061c;
  return !isControl && !isDirection && point != 0xfeff && (point & 0xfffe) != 0xfffe;
}

/// Ends a line behind these, so that the text of a page can be read and compared.
bool isBlock(std::string_view tag) {
  for (const char *block :
       {"html",  "head",    "title", "meta",   "style",      "body",    "header",  "main",  "footer",
        "nav",   "section", "h1",    "h2",     "h3",         "p",       "div",     "dl",    "dd",
        "ul",    "ol",      "li",    "figure", "figcaption", "details", "summary", "table", "caption",
        "thead", "tbody",   "tr",    "svg",    "g",          "rect",    "line"})
    if (tag == block)
      return true;
  return false;
}

} // namespace

std::string stas::report::escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    auto [point, size] = decode(text);
    switch (point) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    case '\'':
      result += "&#39;";
      break;
    default:
      result += isShown(point) ? text.substr(0, size) : std::string_view("\xef\xbf\xbd");
    }
    text.remove_prefix(size);
  }
  return result;
}

void Html::begin(const char *tag, Attributes attributes, const char *close) {
  out += '<';
  out += tag;
  for (const auto &[name, value] : attributes) {
    out += ' ';
    out += name;
    out += "=\"" + escaped(value) + '"';
  }
  out += close;
  if (close[0] == '/' && isBlock(tag))
    out += '\n';
}

void Html::end(const char *tag) {
  out += "</";
  out += tag;
  out += '>';
  if (isBlock(tag))
    out += '\n';
}

void Html::leaf(const char *tag, std::string_view content, Attributes attributes) {
  Element element(*this, tag, attributes);
  text(content);
}

void Html::style(const char *sheet) {
  Element element = open("style");
  out += '\n';
  out += sheet;
}
