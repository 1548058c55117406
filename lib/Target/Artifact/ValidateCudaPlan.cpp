//===- ValidateCudaPlan.cpp - Checks a launch plan that may be hostile ----===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Runtime/CUDA/Plan.h"
#include "stas/Support/Text.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/CudaPlan.h"
#include "stas/Target/Artifact/Limits.h"

#include <set>

using namespace stas;
using namespace stas::cudaplan;
using artifact::Manifest;

namespace {
/// Walks a plan and keeps the first thing that is wrong with it.
class Validator {
public:
  Validator(const CudaPlan &plan, const Manifest &manifest, const std::function<uint64_t(std::string_view)> &bytesOf)
      : plan(plan), manifest(manifest), bytesOf(bytesOf) {}

  Status run();

private:
  template <typename... Parts> bool fail(const Parts &...parts) {
    status = makeError("cudaplan: ", parts...);
    return false;
  }
  bool within(const std::string &field, uint64_t value, uint64_t low, uint64_t high) {
    return (value >= low && value <= high) || fail(field, ": required ", low, " to ", high, ", found ", value);
  }
  bool checkCodes();
  bool checkKernels();
  bool checkBuffers();
  bool checkSteps();
  bool checkArguments(const Launch &launch, const std::string &where);
  bool checkEnd(const char *field, uint64_t buffer, uint64_t bytes);
  bool checkEnds();

  const CudaPlan &plan;
  const Manifest &manifest;
  const std::function<uint64_t(std::string_view)> &bytesOf;
  Status status;
};
} // namespace

/// "sm_80", "sm_90a".
static bool isArchitecture(std::string_view name) {
  if (name.substr(0, 3) != "sm_")
    return false;
  name.remove_prefix(3);
  if (!name.empty() && name.back() == 'a')
    name.remove_suffix(1);
  return (name.size() == 2 || name.size() == 3) && name[0] != '0' &&
         name.find_first_not_of("0123456789") == std::string_view::npos;
}

bool Validator::checkCodes() {
  if (!within("codes count", plan.codes_size(), 1, artifact::kMaxCodes))
    return false;
  std::set<std::string> sections;
  for (const Code &code : plan.codes()) {
    if (!isArchitecture(code.architecture()))
      return fail("codes: required an architecture such as sm_80 or sm_90a, found '", printable(code.architecture()),
                  "'");
    if (code.form() != PTX && code.form() != CUBIN)
      return fail("codes: form ", code.form(), " is unknown");
    std::string section = sectionOf(code);
    if (!sections.insert(section).second)
      return fail("codes: '", section, "' is there twice");
    if (bytesOf(section) == 0)
      return fail("codes: there is no section '", section, "' to hold one");
  }
  return true;
}

bool Validator::checkKernels() {
  if (!within("kernels count", plan.kernels_size(), 0, artifact::kMaxKernels))
    return false;
  for (const Kernel &kernel : plan.kernels()) {
    if (!artifact::isSymbolName(kernel.name()))
      return fail("kernels: required a C identifier, found '", printable(kernel.name()), "'");
    if (!within("kernel '" + kernel.name() + "' shared_bytes", kernel.shared_bytes(), 0, artifact::kMaxSharedBytes))
      return false;
  }
  return true;
}

bool Validator::checkBuffers() {
  if (!within("buffers count", plan.buffers_size(), 1, artifact::kMaxBuffers))
    return false;
  for (const Buffer &buffer : plan.buffers())
    if (!within("buffer name length", buffer.name().size(), 0, artifact::kMaxText))
      return false;
  return true;
}

bool Validator::checkArguments(const Launch &launch, const std::string &where) {
  if (!within(where + " arguments count", launch.arguments_size(), 0, artifact::kMaxArguments))
    return false;
  for (const Argument &argument : launch.arguments())
    if (argument.kind_case() == Argument::KIND_NOT_SET)
      return fail(where, ": argument: required a buffer, weights or a number, found none");
  return true;
}

bool Validator::checkSteps() {
  if (!within("steps count", plan.steps_size(), 0, artifact::kMaxSteps))
    return false;
  for (int i = 0; i < plan.steps_size(); ++i) {
    const Step &step = plan.steps(i);
    std::string where = "step " + std::to_string(i);
    if (!within(where + " layer length", step.layer().size(), 0, artifact::kMaxText))
      return false;
    switch (step.kind_case()) {
    case Step::kLaunch:
      if (step.launch().kernel() >= static_cast<uint64_t>(plan.kernels_size()))
        return fail(where, ": kernel: required below ", plan.kernels_size(), ", found ", step.launch().kernel());
      if (!checkArguments(step.launch(), where))
        return false;
      break;
    case Step::kFill:
      if (!within(where + " value", step.fill().value(), 0, 255))
        return false;
      break;
    case Step::KIND_NOT_SET:
      return fail(where, ": required a launch or a fill, found none");
    }
  }
  return true;
}

/// bytes: of an image.
bool Validator::checkEnd(const char *field, uint64_t buffer, uint64_t bytes) {
  if (buffer >= static_cast<uint64_t>(plan.buffers_size()))
    return fail(field, ": required a buffer below ", plan.buffers_size(), ", found ", buffer);
  uint64_t found = plan.buffers(static_cast<int>(buffer)).image_bytes();
  return found == bytes || fail(field, ": required ", bytes, " B an image, found ", found);
}

bool Validator::checkEnds() {
  // The manifest's own check has bounded these.
  const artifact::Input &input = manifest.input();
  uint64_t pixels = uint64_t(input.frames()) * input.channels() * input.height() * input.width();
  if (!checkEnd("input_buffer", plan.input_buffer(), pixels * sizeof(float)) ||
      !checkEnd("logits_buffer", plan.logits_buffer(), uint64_t(manifest.classes()) * sizeof(float)))
    return false;
  if (!plan.has_halting_buffer())
    return true;
  if (manifest.tokens() == 0 || manifest.blocks() == 0)
    return fail("halting_buffer: tokens and blocks must not be 0 where it is given");
  if (manifest.halting_order() < artifact::LEXICOGRAPHIC || manifest.halting_order() > artifact::TIMESTEP)
    return fail("halting_buffer: required lexicographic, rectangular or timestep as the order, found ",
                manifest.halting_order());
  return checkEnd("halting_buffer", plan.halting_buffer(), uint64_t(manifest.tokens()) * sizeof(int32_t));
}

Status Validator::run() {
  if (plan.version() != kVersion)
    return makeError("cudaplan: version: required ", kVersion, ", found ", plan.version());
  if (!checkCodes() || !checkKernels() || !checkBuffers() || !checkSteps() || !checkEnds())
    return status;
  return cuda::check(planOf(plan, bytesOf(artifact::kWeightsSection)));
}

Status cudaplan::validate(const CudaPlan &plan, const Manifest &manifest,
                          const std::function<uint64_t(std::string_view)> &bytesOf) {
  return Validator(plan, manifest, bytesOf).run();
}
