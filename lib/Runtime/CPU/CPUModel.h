//===- CPUModel.h - A model that runs on this machine's CPU -----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CPU_CPUMODEL_H
#define STAS_LIB_RUNTIME_CPU_CPUMODEL_H

#include "Arena.h"
#include "stas/Runtime/Model.h"
#include "stas/Runtime/ThreadPool.h"

namespace stas {

/// Takes an artifact whose target is "cpu".
class CPUModel : public Model {
public:
  static Result<std::unique_ptr<Model>> load(artifact::Artifact file, const LoadOptions &options);

  int threads() const override { return pool.size(); }
  Status run(const Batch &batch, const RunOptions &options) override;

private:
  CPUModel(artifact::Artifact file, KernelLibrary library, Program program, std::string cpu, int threads);

  // In this order: the program points into the two before it.
  artifact::Artifact file;
  KernelLibrary library;
  Program program;
  ThreadPool pool;
  std::vector<Arena> arenas;       ///< One a thread.
  std::vector<WorkMemory> scratch; ///< One a thread.
};

} // namespace stas

#endif // STAS_LIB_RUNTIME_CPU_CPUMODEL_H
