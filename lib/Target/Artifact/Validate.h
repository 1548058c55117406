//===- Validate.h - Parts of the check of a manifest ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_TARGET_ARTIFACT_VALIDATE_H
#define STAS_LIB_TARGET_ARTIFACT_VALIDATE_H

#include "stas/Support/Text.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/CoreMap.h"
#include "stas/Target/Artifact/Limits.h"

#include <set>

namespace stas {
namespace artifact {

/// Checks what a launch says it computes. The manifest's buffers have been
/// checked. The error begins with the field.
Status validateWork(const Manifest &manifest, const Work &work, bool inLoop);

} // namespace artifact

namespace coremap {

/// What checks of a core map share: the first that fails sets `status`.
class Checker {
protected:
  template <typename... Parts> bool fail(const Parts &...parts) {
    status = makeError(parts...);
    return false;
  }
  bool within(const std::string &field, uint64_t value, uint64_t low, uint64_t high) {
    return (value >= low && value <= high) || fail(field, ": required ", low, " to ", high, ", found ", value);
  }
  /// A name of 1 to kMaxText bytes that no other part has.
  bool checkName(const std::string &where, const std::string &name) {
    return within(where + " name length", name.size(), 1, artifact::kMaxText) &&
           (names.insert(name).second || fail(where, ": name '", printable(name), "' is there twice"));
  }

  Status status;
  std::set<std::string> names; ///< That are taken.
};

/// Checks the logical part of a core map: device, populations, tables,
/// projections, and what the host computes.
Status validateNetwork(const CoreMap &map, const artifact::Manifest &manifest, uint64_t weightsBytes);

} // namespace coremap
} // namespace stas

#endif // STAS_LIB_TARGET_ARTIFACT_VALIDATE_H
