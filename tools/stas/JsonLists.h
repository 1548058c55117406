//===- JsonLists.h - Arrays of JSON from ranges -----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TOOLS_STAS_JSONLISTS_H
#define STAS_TOOLS_STAS_JSONLISTS_H

#include <nlohmann/json.hpp>

namespace stas {

/// make(item) of each item.
template <typename Range, typename Make> nlohmann::ordered_json listOf(const Range &range, Make make) {
  auto json = nlohmann::ordered_json::array();
  for (const auto &item : range)
    json.push_back(make(item));
  return json;
}

/// The items themselves.
template <typename Range> nlohmann::ordered_json arrayOf(const Range &range) {
  return listOf(range, [](const auto &item) { return item; });
}

} // namespace stas

#endif // STAS_TOOLS_STAS_JSONLISTS_H
