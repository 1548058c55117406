//===- Terminal.h - Progress and colour, for a terminal only ----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_SUPPORT_TERMINAL_H
#define STAS_SUPPORT_TERMINAL_H

#include <chrono>
#include <cstdint>
#include <string>

namespace stas {

/// Whether a descriptor is a terminal that understands colour, and NO_COLOR is
/// not set.
bool hasColour(int descriptor);

/// A progress line on the standard error stream. Silent where that is not a
/// terminal, so that logs stay clean; redrawn at most ten times a second.
class Progress {
public:
  Progress(std::string label, uint64_t total);
  ~Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;
  void update(uint64_t done);

private:
  std::string label;
  uint64_t total;
  bool shown;
  bool drawn = false;
  std::chrono::steady_clock::time_point last;
};

} // namespace stas

#endif // STAS_SUPPORT_TERMINAL_H
