//===- Html.h - Writes HTML and SVG, all of it escaped -------- -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names in a report come from files that may be hostile. There is one way for
// a text or an attribute's value to get onto the page, and it escapes.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_REPORT_HTML_H
#define STAS_LIB_REPORT_HTML_H

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace stas::report {

/// Names are the writer's own and must be constants; values are escaped.
using Attributes = std::initializer_list<std::pair<const char *, std::string>>;

/// A text as HTML: &, <, >, " and ' as references; bytes that are no UTF-8,
/// control characters and those that change the direction of writing as U+FFFD.
std::string escaped(std::string_view text);

/// A page, or a part of one, written from front to back.
class Html {
public:
  /// An element that is open as long as the object lives.
  class Element {
  public:
    Element(Html &html, const char *tag, Attributes attributes) : html(html), tag(tag) {
      html.begin(tag, attributes, ">");
    }
    ~Element() { html.end(tag); }
    Element(const Element &) = delete;
    Element &operator=(const Element &) = delete;

  private:
    Html &html;
    const char *tag;
  };

  [[nodiscard]] Element open(const char *tag, Attributes attributes = {}) { return Element(*this, tag, attributes); }
  /// An element that holds a text and no other.
  void leaf(const char *tag, std::string_view content, Attributes attributes = {});
  /// An element that holds nothing.
  void empty(const char *tag, Attributes attributes = {}) { begin(tag, attributes, "/>"); }
  void text(std::string_view content) { out += escaped(content); }
  /// The program's own style sheet, as it is.
  void style(const char *sheet);

  /// An id that no other element has.
  std::string newId() { return "id" + std::to_string(++ids); }

  const std::string &str() const { return out; }

private:
  void begin(const char *tag, Attributes attributes, const char *close);
  void end(const char *tag);

  std::string out = "<!DOCTYPE html>\n";
  int ids = 0;
};

} // namespace stas::report

#endif // STAS_LIB_REPORT_HTML_H
