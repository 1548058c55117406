//===- ShippedProfiles.h - Profiles that are part of the program *- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_ENERGY_SHIPPEDPROFILES_H
#define STAS_LIB_ENERGY_SHIPPEDPROFILES_H

namespace stas::energy {

struct ShippedProfile {
  const char *name;
  const char *text;
};

/// The files of lib/Energy/Profiles, sorted by name; the build makes the list.
inline constexpr ShippedProfile kShippedProfiles[] = {
#include "stas/Energy/ShippedProfiles.inc"
};

} // namespace stas::energy

#endif // STAS_LIB_ENERGY_SHIPPEDPROFILES_H
