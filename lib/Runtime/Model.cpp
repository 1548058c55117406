//===- Model.cpp - Loads and runs a compiled model ------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Runtime/Model.h"
#include "CPU/CPUModel.h"

using namespace stas;

Model::~Model() = default;
Observer::~Observer() = default;

Result<std::unique_ptr<Model>> Model::load(const std::string &path, const LoadOptions &options) {
  Result<artifact::Artifact> file = artifact::Artifact::open(path);
  if (!file)
    return file.error();
  // The only target of this format version; the reader refused others.
  return CPUModel::load(std::move(*file), options);
}
