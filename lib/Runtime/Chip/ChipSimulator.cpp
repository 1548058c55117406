//===- ChipSimulator.cpp - A model that runs on a simulated chip ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChipSimulator.h"
#include "Simulation.h"

using namespace stas;
using namespace stas::chipsim;
using artifact::Artifact;

ChipSimulator::ChipSimulator(Artifact openFile, ChipPlan openPlan, std::vector<Encoder> openEncoders, int threads)
    : file(std::move(openFile)), plan(std::move(openPlan)), encoders(std::move(openEncoders)),
      classifier(*plan.map, plan.weights), pool(threads), layerOfPopulation(plan.populations.size(), -1) {
  describe(file.manifest());
  description.network = energy::networkOf(file.manifest());
  description.cpu = plan.map->device().name();
  description.costProfile = plan.map->device().cost_profile();
  for (const Encoder &encoder : encoders)
    description.spikeLayers.push_back(
        {encoder.op().layer(),
         true,
         {encoder.height(), encoder.width(), encoder.neurons() / encoder.height() / encoder.width()},
         static_cast<int64_t>(encoder.op().neuron().steps())});
  for (size_t i = 0; i < plan.populations.size(); ++i) {
    const coremap::Population &of = *plan.populations[i].is;
    if (of.has_halting()) {
      description.halts = true;
      description.lexicographic = of.halting().order() == coremap::Halting::ORDER_LEXICOGRAPHIC;
    }
    if (of.layout() == coremap::LAYOUT_NONE)
      continue;
    bool isMap = of.layout() == coremap::LAYOUT_MAP, isSteady = of.program() == coremap::PROGRAM_STAIRCASE;
    layerOfPopulation[i] = static_cast<int64_t>(description.spikeLayers.size());
    std::vector<int64_t> dims = {tokensOf(of), of.channels()};
    if (isMap)
      dims = {of.height(), of.width(), of.channels()};
    description.spikeLayers.push_back(
        {of.layer(), isMap, dims, isSteady ? plan.populations[i].neuron.steps : static_cast<int64_t>(of.runs())});
  }
}

Result<std::unique_ptr<Model>> ChipSimulator::load(Artifact file, const LoadOptions &options) {
  if (!options.cpu.empty())
    return makeError("--cpu=", options.cpu, ": required an artifact for a CPU, found one for the chip ",
                     file.coreMap()->device().name(), ", which is simulated; leave it out");
  Result<ChipPlan> plan = ChipPlan::build(file);
  if (!plan)
    return plan.error();
  std::vector<Encoder> encoders;
  for (const coremap::Encode &encode : file.coreMap()->encodes()) {
    Result<Encoder> encoder = Encoder::build(*file.coreMap(), encode, plan->weights);
    if (!encoder)
      return makeError(file.path(), ": ", encoder.message());
    encoders.push_back(*encoder);
  }
  int threads = options.threads > 0 ? options.threads : availableCpus();
  return std::unique_ptr<Model>(
      new ChipSimulator(std::move(file), std::move(*plan), std::move(encoders), std::min(threads, kMaxThreads)));
}

Status ChipSimulator::run(const Batch &batch, const RunOptions &options) {
  if (Status status = checkBatch(batch); !status)
    return status;
  if (options.profile)
    return makeError("profile: required an artifact for a CPU, whose launches take time, found one for a chip");
  return Simulation({plan, encoders, classifier, description, layerOfPopulation}, pool, batch, options).run();
}
