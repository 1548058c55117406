//===- CheckPlan.cpp - Whether a plan can be run --------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Plan.h"
#include "stas/Support/Text.h"

#include <algorithm>

using namespace stas;
using namespace stas::cuda;

/// More blocks than this no grid has.
static constexpr uint64_t kMostBlocks = 0x7fffffff;
static constexpr unsigned kMostThreads = 1024;

bool stas::cuda::canLaunch(const PlanStep &step, uint64_t images) {
  if (step.rowsPerBlock == 0 || step.rowsPerImage > kMostBlocks || step.blocksPerRows > kMostBlocks)
    return false;
  // Now no product is beyond 64 bits.
  uint64_t groups = (step.rowsPerImage * images + step.rowsPerBlock - 1) / step.rowsPerBlock;
  bool fits = groups > 0 && groups <= kMostBlocks && step.blocks(images) > 0 && step.blocks(images) <= kMostBlocks;
  return fits && std::all_of(step.arguments.begin(), step.arguments.end(), [&](const PlanArgument &argument) {
           return argument.kind != PlanArgument::PerImage || argument.value <= UINT32_MAX / images;
         });
}

namespace {
class Checker {
public:
  explicit Checker(const Plan &plan) : plan(plan), isWritten(plan.buffers.size()) {}
  Status run();

private:
  Status buffers() const;
  Status endpoints() const;
  Status step(const PlanStep &step);
  Status argument(const PlanStep &step, const PlanArgument &argument);

  const Plan &plan;
  std::vector<bool> isWritten;
};
} // namespace

static Error errorOf(const PlanStep &step, const std::string &what) {
  return makeError("plan: ", step.kernel.empty() ? "a fill" : "kernel '" + printable(step.kernel) + "'", " of '",
                   printable(step.layer), "': ", what);
}

Status Checker::run() {
  if (Status status = buffers(); !status)
    return status;
  if (Status status = endpoints(); !status)
    return status;
  isWritten[plan.input] = true;
  for (const PlanStep &next : plan.steps)
    if (Status status = step(next); !status)
      return status;
  for (uint32_t output : plan.outputs)
    if (!isWritten[output])
      return makeError("plan: the output '", printable(plan.buffers[output].name), "' is never written");
  return {};
}

Status Checker::buffers() const {
  uint64_t sum = 0;
  for (const PlanBuffer &buffer : plan.buffers) {
    bool isBounded = buffer.fixedBytes <= kMaxPlanBytes && buffer.imageBytes <= kMaxPlanBytes / kMaxImages;
    if (!isBounded || buffer.bytes(1) == 0)
      return makeError("plan: buffer '", printable(buffer.name), "': required 1 B to ", humanBytes(kMaxPlanBytes),
                       ", found ", buffer.fixedBytes, " B and ", buffer.imageBytes, " B an image");
    sum += buffer.bytes(kMaxImages) + kBlockAlignment;
    if (sum > kMaxPlanBytes)
      return makeError("plan: required at most ", humanBytes(kMaxPlanBytes), " for ", kMaxImages,
                       " images, found more");
  }
  return {};
}

Status Checker::endpoints() const {
  std::vector<uint32_t> ends = plan.outputs;
  ends.push_back(plan.input);
  for (uint32_t end : ends) {
    if (end >= plan.buffers.size())
      return makeError("plan: an input or output is buffer ", end, " of ", plan.buffers.size());
    if (plan.buffers[end].fixedBytes > 0)
      return makeError("plan: buffer '", printable(plan.buffers[end].name),
                       "': required bytes for images alone of an input or output, found ", plan.buffers[end].fixedBytes,
                       " B besides");
  }
  return {};
}

Status Checker::step(const PlanStep &step) {
  if (step.kernel.empty()) {
    if (step.arguments.size() != 1 || step.arguments[0].kind != PlanArgument::Write)
      return errorOf(step, "required one argument, which is written");
    return argument(step, step.arguments[0]);
  }
  if (step.threads < 1 || step.threads > kMostThreads)
    return errorOf(step,
                   "required 1 to " + std::to_string(kMostThreads) + " threads, found " + std::to_string(step.threads));
  if (!canLaunch(step, 1))
    return errorOf(step, "required 1 to " + std::to_string(kMostBlocks) + " blocks for an image, found another number");
  for (const PlanArgument &next : step.arguments)
    if (Status status = argument(step, next); !status)
      return status;
  for (const PlanArgument &next : step.arguments)
    if (next.kind == PlanArgument::Write)
      isWritten[next.value] = true;
  return {};
}

Status Checker::argument(const PlanStep &step, const PlanArgument &argument) {
  if (argument.kind == PlanArgument::Weights)
    return argument.value < plan.weightsBytes
               ? Status()
               : errorOf(step, "required an offset below the " + std::to_string(plan.weightsBytes) +
                                   " B of weights, found " + std::to_string(argument.value));
  if (!argument.isBuffer())
    return argument.value <= UINT32_MAX
               ? Status()
               : errorOf(step, "required a number of 32 bits, found " + std::to_string(argument.value));
  if (argument.value >= plan.buffers.size())
    return errorOf(step,
                   "speaks of buffer " + std::to_string(argument.value) + " of " + std::to_string(plan.buffers.size()));
  if (argument.kind == PlanArgument::Write && step.kernel.empty())
    isWritten[argument.value] = true;
  if (argument.kind != PlanArgument::Write && !isWritten[argument.value])
    return errorOf(step,
                   "reads buffer '" + printable(plan.buffers[argument.value].name) + "', which nobody wrote before");
  return {};
}

Status stas::cuda::check(const Plan &plan) { return Checker(plan).run(); }
