//===- Verifier.h - What the parts of the verifier share --------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Nothing from the solvers: coordinates, windows and counts are worked out here again, as plainly as can be.

#ifndef STAS_LIB_MAPPING_VERIFIER_H
#define STAS_LIB_MAPPING_VERIFIER_H

#include "stas/Mapping/Verify.h"

#include <array>

namespace stas::mapping {

/// Faults, not too many of a kind.
class Faults {
public:
  explicit Faults(size_t limit) : limit(limit) {}
  template <typename... Parts> void add(Fault fault, const Parts &...parts) {
    if (counts[static_cast<size_t>(fault)]++ < limit)
      violations.push_back({fault, makeError(parts...).message()});
  }
  bool empty() const { return violations.empty(); }
  std::vector<Violation> take() { return std::move(violations); }

private:
  size_t limit;
  std::array<size_t, 9> counts = {};
  std::vector<Violation> violations;
};

/// Where a core is, told from its number alone.
struct Place {
  int64_t x, y;         ///< Router of the board.
  int64_t chipX, chipY; ///< Chip of the board.
};
Place placeOf(const Chip &chip, int64_t core);

/// Follows the routes: the flows that reach each logical core, rising. Checks ways, loads and costs on the way.
std::vector<std::vector<int32_t>> followRoutes(const Problem &problem, const Mapping &mapping, Faults &faults);

/// Whether two sums of the same numbers, added in some order, agree.
bool agree(double a, double b);

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_VERIFIER_H
