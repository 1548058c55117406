//===- Model.cpp - Loads and runs a compiled model ------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Runtime/Model.h"
#include "CPU/CPUModel.h"
#include "CUDA/CUDAModel.h"
#include "Chip/ChipSimulator.h"

using namespace stas;

Model::~Model() = default;
Observer::~Observer() = default;

Status Model::checkBatch(const Batch &batch) const {
  if (batch.size < 0)
    return makeError("batch: required a size of 0 or more, found ", batch.size);
  if (batch.size > 0 && (!batch.images || !batch.logits))
    return makeError("batch: required arrays for images and logits, found "
                     "null");
  if (batch.halting && !description.halts)
    return makeError("batch: halting steps of a model whose tokens do not "
                     "halt; leave them null");
  return {};
}

void Model::describe(const artifact::Manifest &manifest) {
  description.source = manifest.source();
  description.family = manifest.family();
  description.target = manifest.target();
  description.precision = manifest.precision();
  const artifact::Input &input = manifest.input();
  description.input.frames = input.frames();
  description.input.channels = input.channels();
  description.input.height = input.height();
  description.input.width = input.width();
  description.input.mean.assign(input.mean().begin(), input.mean().end());
  description.input.std.assign(input.std().begin(), input.std().end());
  description.classes = manifest.classes();
  description.timesteps = manifest.timesteps();
  description.tokens = manifest.tokens();
  description.blocks = manifest.blocks();
}

Result<std::unique_ptr<Model>> Model::load(const std::string &path, const LoadOptions &options) {
  Result<artifact::Artifact> file = artifact::Artifact::open(path);
  if (!file)
    return file.error();
  // The reader refused other targets.
  if (file->cudaPlan())
    return cuda::CUDAModel::load(std::move(*file), options);
  return file->coreMap() ? ChipSimulator::load(std::move(*file), options) : CPUModel::load(std::move(*file), options);
}
