//===- CPUModel.cpp - A model that runs on this machine's CPU -------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CPUModel.h"
#include "Executor.h"
#include "stas/Runtime/CpuFeatures.h"
#include "stas/Support/Text.h"

#include <algorithm>

using namespace stas;
using namespace stas::artifact;

/// The code of an artifact for one kind of CPU.
namespace {
struct Code {
  const Variant *variant; ///< Null: the plan's own.
  std::string cpu;
  std::vector<std::string> features;
};
} // namespace

static std::vector<Code> codesOf(const Manifest &manifest) {
  std::vector<Code> codes{{nullptr, manifest.cpu(), {manifest.cpu_features().begin(), manifest.cpu_features().end()}}};
  for (const Variant &variant : manifest.variants())
    codes.push_back({&variant, variant.cpu(), {variant.cpu_features().begin(), variant.cpu_features().end()}});
  return codes;
}

/// The code of a name or, without one, the last that this machine can run.
static Result<Code> chooseCode(const Manifest &manifest, const std::string &name) {
  std::vector<std::string> present = hostCpuFeatures();
  std::vector<Code> codes = codesOf(manifest);
  if (name.empty()) {
    for (auto code = codes.rbegin(); code != codes.rend(); ++code)
      if (requireCpuFeatures(code->features, present, code->cpu))
        return *code;
    return requireCpuFeatures(codes[0].features, present, codes[0].cpu).error();
  }
  std::string known;
  for (const Code &code : codes) {
    known += (known.empty() ? "" : ", ") + printable(code.cpu);
    if (code.cpu != name)
      continue;
    if (Status status = requireCpuFeatures(code.features, present, code.cpu); !status)
      return status.error();
    return code;
  }
  return makeError("--cpu=", printable(name), ": required a CPU that the artifact has code for (", known,
                   "), found another");
}

CPUModel::CPUModel(Artifact openFile, KernelLibrary library, Program program, std::string cpu, int threads)
    : file(std::move(openFile)), library(std::move(library)), program(std::move(program)), pool(threads) {
  const Manifest &manifest = file.manifest();
  describe(manifest);
  description.cpu = std::move(cpu);
  description.halts = manifest.has_halting_buffer();
  description.lexicographic = description.halts && manifest.halting_order() == LEXICOGRAPHIC;
  description.spikeLayers = this->program.spikeLayers;
  description.network = energy::networkOf(manifest);
}

Result<std::unique_ptr<Model>> CPUModel::load(Artifact file, const LoadOptions &options) {
  const Manifest &manifest = file.manifest();
  const std::string path = file.path();
  Result<Code> code = chooseCode(manifest, options.cpu);
  if (!code)
    return makeError(path, ": ", code.message());
  Result<KernelLibrary> library = KernelLibrary::load(path, file.bytes(kObjectSection));
  if (!library)
    return library.error();
  Result<Program> program = Program::build(manifest, code->variant, file.bytes(kWeightsSection), *library);
  if (!program)
    return program.error();
  int threads = options.threads > 0 ? options.threads : availableCpus();
  std::unique_ptr<CPUModel> model(new CPUModel(std::move(file), std::move(*library), std::move(*program), code->cpu,
                                               std::min(threads, kMaxThreads)));
  for (int i = 0; i < model->threads(); ++i) {
    Result<Arena> arena = Arena::create(model->program);
    if (!arena)
      return makeError(path, ": ", arena.message());
    model->arenas.push_back(std::move(*arena));
    WorkMemory scratch(model->program.scratchBytes);
    if (!scratch)
      return makeError(path, ": not enough memory: required ", humanBytes(model->program.scratchBytes),
                       " a thread; use fewer threads");
    model->scratch.push_back(std::move(scratch));
  }
  return std::unique_ptr<Model>(std::move(model));
}

Status CPUModel::run(const Batch &batch, const RunOptions &options) {
  if (Status status = checkBatch(batch); !status)
    return status;
  if (options.activity)
    return makeError("activity: required an artifact for a chip, found one for a CPU; leave it null");
  return Executor(program, pool, arenas, scratch, batch, options).run();
}
