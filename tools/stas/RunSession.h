//===- RunSession.h - One run of an artifact on images ----------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TOOLS_STAS_RUNSESSION_H
#define STAS_TOOLS_STAS_RUNSESSION_H

#include "RunReport.h"
#include "stas/Data/ImageSource.h"
#include "stas/Data/Npy.h"
#include "stas/Runtime/Observers.h"
#include "stas/Support/Arguments.h"

#include <memory>

namespace stas {

/// Everything that `stas run` opens, in the order in which it can fail: inputs
/// first, then outputs, so that no mistake is found only after the work.
class RunSession {
public:
  explicit RunSession(const Arguments &arguments) : arguments(arguments) {}

  /// Counts spikes and what layers are fed even where no option asks for it; on
  /// a chip its events, whose times are those of a cost profile, or of the one
  /// that the chip names.
  void countAlways(const std::string &costProfile = "") {
    isCounting = true;
    costs = costProfile;
  }

  Status run();
  const RunReport &report() const { return figures; }

  // After a run.
  /// What was counted, of every image.
  energy::Rates rates() const;
  /// Of a model that halts: the blocks that all tokens of an image were active in.
  const std::vector<int64_t> &blocksOfImages() const { return imageBlocks; }
  /// The class that each image was given.
  const std::vector<int64_t> &predictedClasses() const { return predictions; }
  Model &loadedModel() { return *model; }
  const ImageSource &inputs() const { return *source; }
  std::optional<int64_t> label(int64_t image) const {
    return labels.empty() ? std::nullopt : std::optional<int64_t>(labels[image]);
  }

private:
  Status openModel();
  Status checkOptions() const;
  Status openInputs();
  Status openLabels();
  Status openReferences();
  Status openOutputs();
  Status inferAll();
  Status infer(int64_t first, int64_t count);
  Status warmUp(Batch run, int64_t count);
  Status compare(int64_t first, int64_t count);
  Status countHalting(int64_t first, int64_t count);
  Status closeOutputs();
  void fillReport();

  bool isSimulated() const { return model->info().target == "chip"; }
  bool isOnGpu() const { return model->info().target == "cuda"; }
  bool fitsImages(int64_t count) const { return count == images || count == source->count(); }

  const Arguments &arguments;
  bool isCounting = false;
  std::string costs;
  RunReport figures;
  std::unique_ptr<Model> model;
  std::unique_ptr<ImageSource> source;
  int64_t images = 0; ///< To run: all, or --limit.
  int64_t batch = 0;
  int64_t together = 0; ///< Images that a call of the model gets.

  std::vector<int64_t> labels;
  std::vector<int64_t> imageBlocks, predictions;
  std::optional<NpyArray> reference;
  std::optional<NpyArray> referenceHalting;
  std::unique_ptr<SpikeTeacher> teacher;

  std::optional<NpyWriter> logitsFile;
  std::optional<NpyWriter> haltingFile;
  std::unique_ptr<SpikeDump> dump;
  std::unique_ptr<SpikeCounter> counter;
  std::unique_ptr<InputCounter> inputCounter;
  std::optional<OutputFile> ratesFile;
  RunOptions options;

  // Of one batch.
  std::vector<float> pixels, logits;
  std::vector<int32_t> halting;
};

} // namespace stas

#endif // STAS_TOOLS_STAS_RUNSESSION_H
