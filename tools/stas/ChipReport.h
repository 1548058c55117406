//===- ChipReport.h - What a simulated chip has done ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TOOLS_STAS_CHIPREPORT_H
#define STAS_TOOLS_STAS_CHIPREPORT_H

#include "stas/Runtime/ChipActivity.h"

#include <nlohmann/json_fwd.hpp>

#include <ostream>

namespace stas {

/// Counts of a simulation, and what they take by a cost profile.
class ChipReport {
public:
  /// Takes the times of a profile, by its name or file. An empty name, or a
  /// profile that cannot be read, leaves the time unknown, and the report says
  /// so.
  explicit ChipReport(const std::string &profile);

  ChipActivity activity;

  void printText(std::ostream &out) const;
  nlohmann::ordered_json json() const;

private:
  /// Of an image, by the barrier model; nothing where no time is known.
  double nanoseconds() const {
    return activity.images ? 1e-3 * static_cast<double>(activity.time) / static_cast<double>(activity.images) : 0;
  }
  /// Events that occurred and have no time.
  std::vector<energy::Event> untimed() const;
  const ChipActivity::Core &largest(uint64_t (*of)(const ChipActivity::Core &)) const;
  double perImage(uint64_t count) const { return static_cast<double>(count) / static_cast<double>(activity.images); }

  std::string profile; ///< Its name; empty: none.
  std::string problem; ///< Why its times are not known.
  std::array<bool, energy::kEvents> isTimed{};
};

} // namespace stas

#endif // STAS_TOOLS_STAS_CHIPREPORT_H
