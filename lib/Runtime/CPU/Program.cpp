//===- Program.cpp - A plan, ready to run ---------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "stas/Energy/Network.h"
#include "stas/Support/Checked.h"

#include <algorithm>

using namespace stas;
using namespace stas::artifact;

static Range rangeOf(const Manifest &manifest, uint32_t buffer) {
  return {manifest.buffers(buffer).offset(), byteSize(manifest.buffers(buffer))};
}

Result<Program> Program::build(const Manifest &manifest, const Variant *variant, std::string_view weights,
                               const KernelLibrary &library) {
  Program program;
  program.variant = variant;
  program.weights = weights;
  for (const std::string &name : manifest.kernels()) {
    Result<Kernel> kernel = library.find(name);
    if (!kernel)
      return kernel.error();
    program.kernels.push_back(*kernel);
  }
  program.arenaBytes = manifest.arena_bytes();
  program.scratchBytes = variant ? variant->scratch_bytes() : manifest.scratch_bytes();
  program.input = rangeOf(manifest, manifest.input_buffer());
  program.logits = rangeOf(manifest, manifest.logits_buffer());
  if (manifest.has_halting_buffer())
    program.halting = rangeOf(manifest, manifest.halting_buffer());
  for (int i = 0; i < manifest.buffers_size(); ++i)
    if (manifest.buffers(i).zero_at_start())
      program.zeroed.push_back(rangeOf(manifest, i));
  program.addSteps(manifest, manifest.steps(), 0);
  const auto &features = variant ? variant->cpu_features() : manifest.cpu_features();
  program.chooseImagesTogether(std::find(features.begin(), features.end(), "amx-int8") != features.end());
  return program;
}

void Program::chooseImagesTogether(bool isAmx) {
  uint64_t weights = loopWeights > 0 ? loopWeights : sharedWeights;
  if (weights == 0)
    return;
  uint64_t enough = loopWeights > kSecondCache ? kMostImagesTogether : kMostImagesOnce;
  if (isAmx)
    enough = std::min(enough, std::max<uint64_t>(weights / arenaStride(), 2));
  while (static_cast<uint64_t>(imagesTogether) < enough && 2 * imagesTogether * arenaStride() <= kMostBytesTogether)
    imagesTogether *= 2;
}

uint64_t Program::arenaStride() const { return alignTo(arenaBytes + kArenaSlack, kArenaAlignment); }

/// Adds steps; timesteps are those of the enclosing loop, or 0 outside of one.
void Program::addSteps(const Manifest &manifest, const google::protobuf::RepeatedPtrField<Step> &steps,
                       int64_t timesteps) {
  for (const Step &step : steps) {
    switch (step.kind_case()) {
    case Step::kLaunch:
      addLaunch(manifest, step.launch(), timesteps);
      break;
    case Step::kTimeLoop: {
      uint32_t loop = loops.size();
      loops.push_back({step.time_loop().timesteps(), 0, 0});
      instructions.push_back({Instruction::BeginLoop, loop, loop});
      loops[loop].body = instructions.size();
      addSteps(manifest, step.time_loop().body(), loops[loop].timesteps);
      instructions.push_back({Instruction::RepeatLoop, loop, loop});
      loops[loop].end = instructions.size();
      break;
    }
    case Step::kStopWhenIdle:
      // The enclosing loop is the last one begun: loops do not nest.
      instructions.push_back({Instruction::StopWhenIdle, static_cast<uint32_t>(idleBuffers.size()),
                              static_cast<uint32_t>(loops.size() - 1)});
      idleBuffers.push_back(rangeOf(manifest, step.stop_when_idle().buffer()));
      break;
    case Step::KIND_NOT_SET:
      break;
    }
  }
}

void Program::addWork(const Manifest &manifest, const Work &work, int64_t timesteps) {
  WorkPlan plan;
  for (uint32_t input : work.inputs())
    plan.inputs.push_back(manifest.buffers(input).offset());
  if (work.has_active())
    plan.active = manifest.buffers(work.active()).offset();
  plan.steps = 1;
  plan.isFloat = false;
  if (work.inputs_size() > 0) {
    const Buffer &input = manifest.buffers(work.inputs(0));
    uint64_t elements = byteSize(input) / elementSize(input.element());
    plan.steps = timesteps > 0 ? 1 : energy::layerOf(work, 0, elements).timesteps;
    plan.isFloat = input.element() == F32;
  }
  works.push_back(std::move(plan));
}

void Program::addLaunch(const Manifest &manifest, const Launch &launch, int64_t timesteps) {
  LaunchPlan plan;
  plan.observed = launch.when() != UNOBSERVED;
  plan.unobserved = launch.when() != OBSERVED;
  const LaunchCode *code = variant ? &variant->launches(static_cast<int>(launches.size())) : nullptr;
  plan.kernel = kernels[code ? code->kernel() : launch.kernel()];
  plan.firstArgument = arguments.size();
  plan.extent = launch.extent();
  plan.severalImages = launch.several_images();
  if (plan.severalImages) {
    uint64_t bytes = manifest.precision() == "int8" ? 1 : manifest.precision() == "int16" ? 2 : 4;
    bytes *= std::max<uint64_t>(launch.work().fan_in() * launch.work().channels(), 1);
    sharedWeights += bytes;
    loopWeights += timesteps > 0 ? bytes : 0;
  }
  plan.spikes = plan.work = -1;
  plan.timesteps = timesteps;
  int constants = 0;
  for (const Argument &argument : launch.args()) {
    if (argument.kind_case() == Argument::kWeights)
      arguments.push_back({weights.data() + (code ? code->weights(constants++) : argument.weights()), 0});
    else
      arguments.push_back({nullptr, manifest.buffers(argument.buffer()).offset()});
  }
  if (launch.has_work()) {
    plan.work = works.size();
    addWork(manifest, launch.work(), timesteps);
  }
  if (launch.has_spikes()) {
    const Spikes &from = launch.spikes();
    plan.spikes = spikes.size();
    int64_t steps = from.dims(0);
    int64_t width = from.dims(from.dims_size() - 1), neurons = 1;
    for (int i = 1; i < from.dims_size(); ++i)
      neurons *= from.dims(i);
    spikes.push_back({manifest.buffers(from.buffer()).offset(), steps, neurons / width, width});
    SpikeLayer layer;
    layer.name = from.layer();
    layer.isMap = from.layout() == MAP;
    layer.dims.assign(from.dims().begin() + 1, from.dims().end());
    layer.timesteps = timesteps > 0 ? timesteps : steps;
    spikeLayers.push_back(std::move(layer));
  }
  instructions.push_back({Instruction::Launch, static_cast<uint32_t>(launches.size()), 0});
  launches.push_back(plan);
  launchLayers.push_back(launch.layer());
  launchKernels.push_back(sumsName(code ? code->sums() : launch.sums()));
}
