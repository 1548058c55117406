//===- SanaFe.h - Parts of the export to SANA-FE ----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CHIP_SANAFE_H
#define STAS_LIB_RUNTIME_CHIP_SANAFE_H

#include "stas/Energy/Profile.h"
#include "stas/Target/Artifact/CoreMap.h"

namespace stas {
namespace chipsim {

/// The chip; `inputs`: the most neurons of one core that only fire when they are told to.
Result<std::string> sanaFeArchitecture(const coremap::Device &device, const energy::Profile &profile, int64_t inputs);

} // namespace chipsim
} // namespace stas

#endif // STAS_LIB_RUNTIME_CHIP_SANAFE_H
