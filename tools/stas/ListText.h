//===- ListText.h - Ranges as a line of text --------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TOOLS_STAS_LISTTEXT_H
#define STAS_TOOLS_STAS_LISTTEXT_H

#include <sstream>
#include <string>

namespace stas {

/// The items as text, the separator between them.
template <typename Range> std::string listText(const Range &range, const char *separator) {
  std::string text;
  for (const auto &item : range) {
    std::ostringstream stream;
    stream << item;
    text += (text.empty() ? "" : separator) + stream.str();
  }
  return text;
}

} // namespace stas

#endif // STAS_TOOLS_STAS_LISTTEXT_H
