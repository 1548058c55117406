//===- PlannedModel.h - A model's plan, executed ----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a model's plan through lib/Runtime/CUDA on the driver library that
// executes PTX on the CPU.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_TEST_UNIT_CUDA_PLANNEDMODEL_H
#define STAS_TEST_UNIT_CUDA_PLANNEDMODEL_H

#include "lib/Conversion/SpikeToGPU/PlanBuilder.h"
#include "test/Unit/Target/TestModel.h"

/// A model, planned for a GPU. The error instead where that cannot be.
class PlannedModel {
public:
  explicit PlannedModel(const TestModel &model) { make(model); }

  /// Logits and steps of images, so many at a time; each buffer in memory of its own where `separate`.
  Outcome run(const TestModel &model, const std::vector<float> &images, int64_t most, bool separate) const;

  std::string error;
  stas::cuda::ModelPlan model;

private:
  void make(const TestModel &model);
  std::string ptx;
};

#endif // STAS_TEST_UNIT_CUDA_PLANNEDMODEL_H
