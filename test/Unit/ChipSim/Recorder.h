//===- Recorder.h - Keeps the spikes of a run -------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_CHIPSIM_RECORDER_H
#define STAS_TEST_UNIT_CHIPSIM_RECORDER_H

#include "stas/Runtime/Observer.h"

#include <map>
#include <string>
#include <utility>

namespace stas {
namespace test {

/// Spikes as text, "01101", by layer and timestep. For runs of one thread.
class Recorder : public Observer {
public:
  /// Of layers with so many neurons.
  explicit Recorder(int64_t neurons) : neurons(neurons) {}

  Status onSpikes(const SpikeView &view) override {
    for (int64_t step = 0; view.layer > 0 && step < view.steps; ++step) { // layer 0 is the first on the host
      std::string &text = spikes[view.t + step];
      text.clear();
      for (int64_t i = 0; i < neurons; ++i)
        text += view.data[step * neurons + i] ? '1' : '0';
    }
    return {};
  }

  std::map<int64_t, std::string> spikes; ///< Of the last layer, by timestep.

private:
  int64_t neurons;
};

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_CHIPSIM_RECORDER_H
