//===- CudaPlan.cpp - A launch plan as it is stored, and as it runs -------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Target/Artifact/CudaPlan.h"
#include "lib/Runtime/CUDA/Plan.h"

#include <map>
#include <tuple>

using namespace stas;
using namespace stas::cudaplan;
using cuda::PlanArgument;

std::string cudaplan::sectionOf(const Code &code) {
  return (code.form() == CUBIN ? "cubin_" : "ptx_") + code.architecture();
}

const char *cudaplan::formName(Form form) { return form == CUBIN ? "machine code" : "PTX"; }

static PlanArgument argumentOf(const Argument &from) {
  switch (from.kind_case()) {
  case Argument::kRead:
    return {PlanArgument::Read, from.read()};
  case Argument::kWrite:
    return {PlanArgument::Write, from.write()};
  case Argument::kUpdate:
    return {PlanArgument::ReadWrite, from.update()};
  case Argument::kWeights:
    return {PlanArgument::Weights, from.weights()};
  case Argument::kPerImage:
    return {PlanArgument::PerImage, from.per_image()};
  case Argument::kNumber:
  case Argument::KIND_NOT_SET: // validate() has refused it
    break;
  }
  return {PlanArgument::Number, from.number()};
}

cuda::Plan cudaplan::planOf(const CudaPlan &from, uint64_t weightsBytes) {
  cuda::Plan plan;
  plan.weightsBytes = weightsBytes;
  for (const Buffer &buffer : from.buffers())
    plan.buffers.push_back({buffer.name(), buffer.fixed_bytes(), buffer.image_bytes()});
  for (const Step &step : from.steps()) {
    cuda::PlanStep &to = plan.steps.emplace_back();
    to.layer = step.layer();
    if (step.has_fill()) {
      to.value = static_cast<uint8_t>(step.fill().value());
      to.arguments = {{PlanArgument::Write, step.fill().buffer()}};
      continue;
    }
    const Launch &launch = step.launch();
    const Kernel &kernel = from.kernels(static_cast<int>(launch.kernel()));
    to.kernel = kernel.name();
    to.threads = kernel.threads();
    to.sharedBytes = kernel.shared_bytes();
    to.rowsPerImage = launch.rows_per_image();
    to.rowsPerBlock = launch.rows_per_block();
    to.blocksPerRows = launch.blocks_per_rows();
    for (const Argument &argument : launch.arguments())
      to.arguments.push_back(argumentOf(argument));
  }
  plan.input = from.input_buffer();
  plan.outputs = {from.logits_buffer()};
  if (from.has_halting_buffer())
    plan.outputs.push_back(from.halting_buffer());
  return plan;
}

static void store(const PlanArgument &from, Argument &to) {
  auto number = static_cast<uint32_t>(from.value);
  switch (from.kind) {
  case PlanArgument::Read:
    return to.set_read(number);
  case PlanArgument::Write:
    return to.set_write(number);
  case PlanArgument::ReadWrite:
    return to.set_update(number);
  case PlanArgument::Weights:
    return to.set_weights(from.value);
  case PlanArgument::Number:
    return to.set_number(number);
  case PlanArgument::PerImage:
    return to.set_per_image(number);
  }
}

void cudaplan::write(const cuda::Plan &plan, CudaPlan &to) {
  to.set_version(kVersion);
  for (const cuda::PlanBuffer &buffer : plan.buffers) {
    Buffer &stored = *to.add_buffers();
    stored.set_name(buffer.name);
    stored.set_fixed_bytes(buffer.fixedBytes);
    stored.set_image_bytes(buffer.imageBytes);
  }
  std::map<std::tuple<std::string, uint32_t, uint32_t>, uint32_t> kernels;
  for (const cuda::PlanStep &step : plan.steps) {
    Step &stored = *to.add_steps();
    stored.set_layer(step.layer);
    if (step.kernel.empty()) {
      stored.mutable_fill()->set_buffer(static_cast<uint32_t>(step.arguments[0].value));
      stored.mutable_fill()->set_value(step.value);
      continue;
    }
    auto [kernel, isNew] = kernels.try_emplace({step.kernel, step.threads, step.sharedBytes}, to.kernels_size());
    if (isNew) {
      Kernel &made = *to.add_kernels();
      made.set_name(step.kernel);
      made.set_threads(step.threads);
      made.set_shared_bytes(step.sharedBytes);
    }
    Launch &launch = *stored.mutable_launch();
    launch.set_kernel(kernel->second);
    launch.set_rows_per_image(step.rowsPerImage);
    launch.set_rows_per_block(step.rowsPerBlock);
    launch.set_blocks_per_rows(step.blocksPerRows);
    for (const PlanArgument &argument : step.arguments)
      store(argument, *launch.add_arguments());
  }
  to.set_input_buffer(plan.input);
  to.set_logits_buffer(plan.outputs[0]);
  if (plan.outputs.size() > 1)
    to.set_halting_buffer(plan.outputs[1]);
}
