//===- Model.h - Loads and runs a compiled model ----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All that a program needs to run an artifact:
//
//   auto model = stas::Model::load("model.stas");
//   if (!model)
//     fail(model.message());
//   std::vector<float> logits(batch * (*model)->info().classes);
//   stas::Status status = (*model)->run({batch, images, logits.data()});
//
// An artifact for a chip is simulated. One for a CPU or a GPU is a program. Loading it runs its code with the
// rights of the process; its checksums catch damage, not malice. One for a GPU needs NVIDIA's driver, which is
// loaded with it, and nothing else of CUDA.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_RUNTIME_MODEL_H
#define STAS_RUNTIME_MODEL_H

#include "stas/Energy/Network.h"
#include "stas/Runtime/ImageFormat.h"
#include "stas/Runtime/Observer.h"
#include "stas/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace stas {
struct ChipActivity; // ChipActivity.h

/// What a model is.
struct ModelInfo {
  std::string source;      ///< File name of the checkpoint.
  std::string family;      ///< "spikformer" or "stas".
  std::string target;      ///< "cpu", "cuda" or "chip".
  std::string precision;   ///< "f32", "int16" or "int8".
  std::string cpu;         ///< What the code that runs was compiled for, or the chip's name.
  std::string device;      ///< Of a GPU: its name.
  std::string costProfile; ///< Of a chip: what events on it cost, by name or file.
  ImageFormat input;
  int64_t classes = 0;
  int64_t timesteps = 0;
  int64_t tokens = 0;
  int64_t blocks = 0;
  bool halts = false; ///< Tokens leave early: Batch::halting is available.
  /// Halting scores are summed in lexicographic order, so that a token active
  /// for n blocks lived ceil(n / blocks) timesteps. In the other orders a token
  /// may come back.
  bool lexicographic = false;
  std::vector<SpikeLayer> spikeLayers;
  energy::Network network; ///< What the plan computes, for rates and energy.
};

/// Images to run and where their results go. All arrays are the caller's.
struct Batch {
  int64_t size = 0;              ///< Images; any number.
  const float *images = nullptr; ///< [size, frames, C, H, W], normalised.
  float *logits = nullptr;       ///< [size, classes].
  int32_t *halting = nullptr;    ///< [size, tokens] or null: the number of
                                 ///< (timestep, block) a token was active at.
  int64_t firstImage = 0;        ///< Number of the first image, for observers.
};

/// Time spent in one launch of the plan, summed over images and threads.
struct LaunchTime {
  std::string layer;
  /// What its integer sums go by, as `stas compile --kernels` names it; empty where it computes none.
  std::string kernel;
  double seconds = 0;
  std::vector<double> timesteps; ///< Of a launch inside the loop over timesteps: seconds of each; else empty.
};

struct RunOptions {
  std::vector<Observer *> observers; ///< Called in this order.
  /// Adds the time of each launch to it, in the order of the plan.
  std::vector<LaunchTime> *profile = nullptr;
  /// Adds what happens on the chip to it. For artifacts for a chip.
  ChipActivity *activity = nullptr;
  /// Fills the working memory with a pattern before each image, so that code
  /// that reads what nobody wrote gives visibly wrong results. For tests.
  bool poison = false;
};

struct LoadOptions {
  int threads = 0; ///< 0: as many as CPUs that the process may use.
  /// Of an artifact with code for several kinds of CPU, the one to run; empty:
  /// the last that this machine can run.
  std::string cpu;
  int gpu = 0; ///< Of an artifact for a GPU: which, as CUDA_VISIBLE_DEVICES counts.
  /// Images that a GPU computes together, 1 to 2^20: memory grows with it. Of
  /// a run of more, two such parts are on their way at once.
  int64_t batch = 256;
};

/// A model in memory. One run at a time; load it twice to run two at once, the
/// weights are shared between all that map the same file.
class Model {
public:
  /// Fails for a damaged artifact, one that needs CPU features which this
  /// machine lacks or holds no code of the name asked for, one for a GPU where
  /// there is none that runs it, and where memory is short.
  static Result<std::unique_ptr<Model>> load(const std::string &path, const LoadOptions &options = {});
  virtual ~Model();

  const ModelInfo &info() const { return description; }
  virtual int threads() const = 0;

  /// Runs a batch. Images are shared out to the threads; those that do not
  /// fill all threads are computed by all threads together. The results do not
  /// depend on the number of threads or on the batch an image is in.
  /// Fails for sizes or pointers that are no batch, and with the error of an
  /// observer; the results are then undefined.
  virtual Status run(const Batch &batch, const RunOptions &options = {}) = 0;

protected:
  /// What every target's manifest says of its model.
  void describe(const artifact::Manifest &manifest);
  Status checkBatch(const Batch &batch) const;

  ModelInfo description;
};

/// More threads than this are never started.
inline constexpr int kMaxThreads = 1024;

/// CPUs that the process may use, at least 1.
int availableCpus();

} // namespace stas

#endif // STAS_RUNTIME_MODEL_H
