//===- Staircase.h - Neurons of a constant current --------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_QUANTIZATION_STAIRCASE_H
#define STAS_QUANTIZATION_STAIRCASE_H

#include "stas/Quantization/QuantizedLayer.h"

namespace stas {

/// Where the spikes of neurons with hard reset change, when their sum is the same at each of `steps` timesteps. Such a
/// neuron starts anew with every spike, so that it fires at steps n, 2n, 3n, .. (from 1) and floor(steps / n) times, n
/// the first step at which it fires.
///
/// Entry c * steps + n - 1 is the least sum with which a neuron of channel c first fires at step n or sooner; sumBound
/// + 1 where no sum within the bound does. It does not rise with n. Found by bisecting the recurrence of
/// IntegerNeuron.h, in which a larger sum never fires later; for tau = 2 this is ceil((ceil(theta / (2^(steps - n) *
/// (2^n - 1))) - B) / 2^G).
std::vector<int64_t> staircaseCuts(const QuantizedLayer &layer, int64_t steps);

} // namespace stas

#endif // STAS_QUANTIZATION_STAIRCASE_H
