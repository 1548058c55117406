//===- SanaFe.h - A core map for SANA-FE ------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SANA-FE (J. Boyle et al., IEEE TCAD 2025) simulates spiking networks on
// neuromorphic chips. It is a program of its own, and reads a chip and a network
// with its mapping as YAML. docs/Targets/Chip.md says what is the same in both
// simulations and what is not.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_RUNTIME_SANAFE_H
#define STAS_RUNTIME_SANAFE_H

#include "stas/Energy/Profile.h"
#include "stas/Target/Artifact/Artifact.h"

namespace stas {

struct SanaFeFiles {
  std::string architecture; ///< YAML: the chip, and what its events cost.
  std::string network;      ///< YAML: neurons, edges with weights, the core of each neuron.
};

/// What SANA-FE needs to run the network of an artifact for a chip on one
/// image, f32 [frames][C, H, W]. Potentials are those of the integer contract
/// over 64, which its neurons keep exactly: they round to 1/64.
///
/// Fails, naming population or projection, for what its neurons cannot be: a
/// program other than lif, readout and input; a neuron with soft reset, or tau
/// other than 2 and 1, or over more than 8 timesteps with tau 2; graded spikes;
/// delays; what is held; more than one chip; more than 2^22 edges. Fails for a
/// profile without a price of an event that SANA-FE prices.
Result<SanaFeFiles> exportSanaFe(const artifact::Artifact &artifact, const energy::Profile &profile,
                                 const float *image);

} // namespace stas

#endif // STAS_RUNTIME_SANAFE_H
