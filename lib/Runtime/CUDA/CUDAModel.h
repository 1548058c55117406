//===- CUDAModel.h - A model that runs on a GPU -----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CUDA_CUDAMODEL_H
#define STAS_LIB_RUNTIME_CUDA_CUDAMODEL_H

#include "Executor.h"
#include "stas/Runtime/Model.h"
#include "stas/Target/Artifact/Artifact.h"

namespace stas {
namespace cuda {

/// Takes an artifact whose target is "cuda".
class CUDAModel : public Model {
public:
  static Result<std::unique_ptr<Model>> load(artifact::Artifact file, const LoadOptions &options);

  /// The one that feeds the GPU.
  int threads() const override { return 1; }
  Status run(const Batch &batch, const RunOptions &options) override;

private:
  CUDAModel(const artifact::Artifact &file, std::unique_ptr<Executor> executor, std::string code, std::string device);

  std::unique_ptr<Executor> executor;
  std::string path; ///< Of the artifact, for errors.
};

} // namespace cuda
} // namespace stas

#endif // STAS_LIB_RUNTIME_CUDA_CUDAMODEL_H
