//===- Labels.h - Labels from files -----------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_DATA_LABELS_H
#define STAS_DATA_LABELS_H

#include "stas/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stas {

/// Reads labels: a text file of one integer a line, an .npy array [B] of
/// integers, or an MNIST idx1 file. Each must lie in [0, classes).
Result<std::vector<int64_t>> readLabels(const std::string &path, int64_t classes);

} // namespace stas

#endif // STAS_DATA_LABELS_H
