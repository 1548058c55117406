//===- CUDAModel.cpp - A model that runs on a GPU -------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CUDAModel.h"
#include "stas/Target/Artifact/CudaPlan.h"

using namespace stas;
using namespace stas::cuda;
using artifact::Artifact;

CUDAModel::CUDAModel(const Artifact &file, std::unique_ptr<Executor> executor, std::string code, std::string device)
    : executor(std::move(executor)), path(file.path()) {
  const artifact::Manifest &manifest = file.manifest();
  describe(manifest);
  description.cpu = std::move(code);
  description.device = std::move(device);
  description.halts = file.cudaPlan()->has_halting_buffer();
  description.lexicographic = description.halts && manifest.halting_order() == artifact::LEXICOGRAPHIC;
  description.network = energy::networkOf(manifest);
}

/// What a GPU cannot be told.
static Status checkOptions(const LoadOptions &options) {
  if (!options.cpu.empty())
    return makeError("--cpu=", options.cpu, ": required an artifact for a CPU, found one for a GPU; leave it out");
  if (options.threads > 0)
    return makeError("--threads=", options.threads,
                     ": required an artifact for a CPU or a chip, found one for a GPU, which one thread feeds; leave "
                     "it out");
  return {};
}

Result<std::unique_ptr<Model>> CUDAModel::load(Artifact file, const LoadOptions &options) {
  if (Status status = checkOptions(options); !status)
    return makeError(file.path(), ": ", status.message());
  const cudaplan::CudaPlan &stored = *file.cudaPlan();
  const std::string_view weights = file.bytes(artifact::kWeightsSection);
  Result<std::shared_ptr<const Driver>> driver = Driver::load();
  if (!driver)
    return makeError(file.path(), ": ", driver.message());
  Result<std::shared_ptr<const Device>> device = Device::open(*driver, options.gpu);
  if (!device)
    return makeError(file.path(), ": ", device.message());
  std::vector<Image> images;
  for (const cudaplan::Code &code : stored.codes())
    images.push_back({code.architecture(), file.bytes(cudaplan::sectionOf(code)), code.form() == cudaplan::CUBIN});
  Result<std::vector<const Image *>> usable = imagesFor(images, **device);
  if (!usable)
    return makeError(file.path(), ": ", usable.message());
  ExecutorOptions with;
  with.mostImages = static_cast<uint64_t>(options.batch);
  Result<CurrentDevice> current = (*device)->makeCurrent();
  if (!current)
    return makeError(file.path(), ": ", current.message());
  const Image *used = usable->front();
  Result<Module> module = Module::load(*device, *used);
  // A driver may be older than the assembler, whose machine code it then refuses, or than the PTX of its GPU; what is
  // for older ones says the same.
  for (size_t i = 1; !module && i < usable->size(); ++i) {
    used = (*usable)[i];
    module = Module::load(*device, *used);
  }
  if (!module)
    return makeError(file.path(), ": ", module.message());
  Result<std::unique_ptr<Executor>> executor =
      Executor::create(*device, cudaplan::planOf(stored, weights.size()), std::move(*module), weights, with);
  if (!executor)
    return makeError(file.path(), ": ", executor.message());
  const char *form = cudaplan::formName(used->isBinary ? cudaplan::CUBIN : cudaplan::PTX);
  return std::unique_ptr<Model>(
      new CUDAModel(file, std::move(*executor), used->target + " " + form, (*device)->name()));
}

Status CUDAModel::run(const Batch &batch, const RunOptions &options) {
  if (Status status = checkBatch(batch); !status)
    return status;
  auto refuse = [](const char *what, const char *why) {
    return makeError(what, ": required an artifact for a CPU, found one for a GPU, ", why);
  };
  if (!options.observers.empty())
    return refuse("observers", "whose spikes stay in its memory, packed");
  if (options.profile)
    return refuse("profile", "whose launches are one graph");
  if (options.poison)
    return refuse("poison", "whose memory is laid out once for a batch size");
  if (options.activity)
    return makeError("activity: required an artifact for a chip, found one for a GPU; leave it null");
  PlanRun run;
  run.images = static_cast<uint64_t>(batch.size);
  run.input = batch.images;
  run.outputs = {batch.logits};
  if (description.halts)
    run.outputs.push_back(batch.halting);
  Status status = executor->run(run);
  return status ? status : makeError(path, ": ", status.message());
}
