//===- ChipSimulator.h - A model that runs on a simulated chip --*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CHIP_CHIPSIMULATOR_H
#define STAS_LIB_RUNTIME_CHIP_CHIPSIMULATOR_H

#include "Host.h"
#include "stas/Runtime/Model.h"
#include "stas/Runtime/ThreadPool.h"

#include <memory>

namespace stas {

/// Takes an artifact whose target is "chip".
class ChipSimulator : public Model {
public:
  static Result<std::unique_ptr<Model>> load(artifact::Artifact file, const LoadOptions &options);

  int threads() const override { return pool.size(); }
  Status run(const Batch &batch, const RunOptions &options) override;

private:
  ChipSimulator(artifact::Artifact file, chipsim::ChipPlan plan, std::vector<chipsim::Encoder> encoders, int threads);

  // In this order: the plan points into the file.
  artifact::Artifact file;
  chipsim::ChipPlan plan;
  std::vector<chipsim::Encoder> encoders;
  chipsim::Classifier classifier;
  ThreadPool pool;
  /// ModelInfo::spikeLayers are those of encoders, then of populations.
  std::vector<int64_t> layerOfPopulation; ///< Or -1.
};

} // namespace stas

#endif // STAS_LIB_RUNTIME_CHIP_CHIPSIMULATOR_H
