//===- ValidateManifest.cpp - Checks a manifest that may be hostile -------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Validate.h"
#include "stas/Support/Checked.h"
#include "stas/Support/Text.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/Limits.h"

#include <cmath>
#include <set>

using namespace stas;
using namespace stas::artifact;

namespace {

/// Walks a manifest and keeps the first thing that is wrong with it.
class Validator {
public:
  Validator(const Manifest &manifest, uint64_t objectBytes, uint64_t weightsBytes)
      : manifest(manifest), objectBytes(objectBytes), weightsBytes(weightsBytes) {}

  Status run();

private:
  template <typename... Parts> bool fail(const Parts &...parts) {
    status = makeError("manifest: ", parts...);
    return false;
  }
  bool within(const std::string &field, uint64_t value, uint64_t low, uint64_t high);
  bool checkTexts();
  bool checkFeatures(const std::string &where, const google::protobuf::RepeatedPtrField<std::string> &features);
  bool checkInput();
  bool checkHasNoPlan();
  bool checkBuffers();
  bool checkKernels();
  bool checkNamedBuffer(const char *field, uint64_t id, Element element, uint64_t elements);
  bool checkSteps();
  bool checkStep(const Step &step, const std::string &where, bool inLoop);
  bool checkLaunch(const Launch &launch, const std::string &where, bool inLoop);
  bool checkArgument(const Argument &argument, const std::string &where);
  bool checkWork(const Work &work, const std::string &where, bool inLoop);
  bool checkSpikes(const Spikes &spikes, const std::string &where, bool inLoop);
  bool checkLoop(const TimeLoop &loop, const std::string &where);
  bool checkVariant(const Variant &variant, const std::string &where);
  bool checkKernel(uint64_t kernel, const std::string &where);
  bool checkSums(SumsBy sums, const std::string &where);
  bool checkWeights(uint64_t offset, const std::string &where);

  const Manifest &manifest;
  const uint64_t objectBytes;
  const uint64_t weightsBytes;
  std::vector<uint64_t> bufferBytes;
  std::set<std::string> spikeLayers, workLayers;
  uint64_t stepCount = 0;
  std::vector<int> weightsOfLaunch; ///< Arguments in the weights section.
  Status status;
};

} // namespace

bool Validator::within(const std::string &field, uint64_t value, uint64_t low, uint64_t high) {
  if (value >= low && value <= high)
    return true;
  return fail(field, ": required ", low, " to ", high, ", found ", value);
}

bool Validator::checkTexts() {
  const std::pair<const char *, const std::string *> texts[] = {
      {"producer", &manifest.producer()}, {"source", &manifest.source()},       {"family", &manifest.family()},
      {"target", &manifest.target()},     {"precision", &manifest.precision()}, {"cpu", &manifest.cpu()}};
  for (auto [field, text] : texts)
    if (!within(std::string(field) + " length", text->size(), 0, kMaxText))
      return false;
  if (manifest.target() != "cpu" && manifest.target() != "cuda" && manifest.target() != "chip")
    return fail("target: required cpu, cuda or chip, found '", printable(manifest.target()), "'");
  return checkFeatures("cpu_features", manifest.cpu_features());
}

bool Validator::checkFeatures(const std::string &where,
                              const google::protobuf::RepeatedPtrField<std::string> &features) {
  if (!within(where + " count", features.size(), 0, kMaxFeatures))
    return false;
  for (const std::string &feature : features)
    if (!within(where + " length", feature.size(), 1, kMaxText))
      return false;
  return true;
}

bool Validator::checkInput() {
  const Input &input = manifest.input();
  if (!within("timesteps", manifest.timesteps(), 1, kMaxTimesteps) ||
      !within("classes", manifest.classes(), 1, kMaxClasses) || !within("tokens", manifest.tokens(), 0, kMaxTokens) ||
      !within("blocks", manifest.blocks(), 0, kMaxBlocks) ||
      !within("input.channels", input.channels(), 1, kMaxChannels) ||
      !within("input.height", input.height(), 1, kMaxSide) || !within("input.width", input.width(), 1, kMaxSide))
    return false;
  if (input.frames() != 1 && input.frames() != manifest.timesteps())
    return fail("input.frames: required 1 or the number of timesteps (", manifest.timesteps(), "), found ",
                input.frames());
  for (const auto *list : {&input.mean(), &input.std()})
    if (list->size() != 0 && static_cast<uint32_t>(list->size()) != input.channels())
      return fail("input.mean and input.std: required one number a channel (", input.channels(), "), found ",
                  list->size());
  if (input.mean().size() != input.std().size())
    return fail("input.mean and input.std: one is given without the other");
  for (float mean : input.mean())
    if (!std::isfinite(mean))
      return fail("input.mean: required a finite number, found ", mean);
  for (float std : input.std())
    if (!std::isfinite(std) || !(std > 0))
      return fail("input.std: required a positive number, found ", std);
  return true;
}

bool Validator::checkBuffers() {
  if (!within("arena_bytes", manifest.arena_bytes(), 0, kMaxArenaBytes) ||
      !within("scratch_bytes", manifest.scratch_bytes(), 0, kMaxScratchBytes) ||
      !within("buffers count", manifest.buffers_size(), 0, kMaxBuffers))
    return false;
  for (const Buffer &buffer : manifest.buffers()) {
    std::string where = "buffer " + std::to_string(bufferBytes.size()) + " '" + printable(buffer.name()) + "'";
    if (!within(where + " name length", buffer.name().size(), 0, kMaxText))
      return false;
    uint64_t size = elementSize(buffer.element());
    if (size == 0)
      return fail(where, ": element type ", buffer.element(), " is unknown");
    if (!within(where + " dims count", buffer.dims_size(), 1, kMaxDimensions))
      return false;
    for (uint64_t dim : buffer.dims())
      if (!within(where + " dims", dim, 1, kMaxArenaBytes))
        return false;
    auto elements = checkedProduct(buffer.dims());
    auto bytes = elements ? checkedMultiply(*elements, size) : std::nullopt;
    if (!bytes || !inRange(buffer.offset(), *bytes, manifest.arena_bytes()))
      return fail(where, ": does not lie in the arena of ", manifest.arena_bytes(), " bytes");
    if (buffer.offset() % 64 != 0)
      return fail(where, ": offset: required a multiple of 64, found ", buffer.offset());
    bufferBytes.push_back(*bytes);
  }
  return true;
}

bool Validator::checkKernels() {
  if (!within("kernels count", manifest.kernels_size(), 0, kMaxKernels))
    return false;
  for (const std::string &kernel : manifest.kernels())
    if (!isSymbolName(kernel))
      return fail("kernels: required a C identifier, found '", printable(kernel), "'");
  if (manifest.kernels_size() > 0 && objectBytes == 0)
    return fail("kernels: there is no section 'object' to hold them");
  return true;
}

bool Validator::checkNamedBuffer(const char *field, uint64_t id, Element element, uint64_t elements) {
  if (id >= bufferBytes.size())
    return fail(field, ": required a buffer below ", bufferBytes.size(), ", found ", id);
  const Buffer &buffer = manifest.buffers(id);
  if (buffer.element() != element || bufferBytes[id] != elements * elementSize(element))
    return fail(field, ": required ", elements, " ", elementName(element), ", found ",
                bufferBytes[id] / elementSize(buffer.element()), " ", elementName(buffer.element()));
  return true;
}

bool Validator::checkSteps() {
  int index = 0;
  for (const Step &step : manifest.steps())
    if (!checkStep(step, "step " + std::to_string(index++), false))
      return false;
  return true;
}

bool Validator::checkStep(const Step &step, const std::string &where, bool inLoop) {
  if (++stepCount > kMaxSteps)
    return fail("steps: more than ", kMaxSteps);
  switch (step.kind_case()) {
  case Step::kLaunch:
    return checkLaunch(step.launch(), where, inLoop);
  case Step::kTimeLoop:
    if (inLoop)
      return fail(where, ": a time loop in a time loop");
    return checkLoop(step.time_loop(), where);
  case Step::kStopWhenIdle: {
    if (!inLoop)
      return fail(where, ": stop_when_idle outside of a time loop");
    uint64_t id = step.stop_when_idle().buffer();
    if (id >= bufferBytes.size())
      return fail(where, ": stop_when_idle: required a buffer below ", bufferBytes.size(), ", found ", id);
    if (manifest.buffers(id).element() != U8)
      return fail(where, ": stop_when_idle: required a u8 buffer, found ", elementName(manifest.buffers(id).element()));
    return true;
  }
  case Step::KIND_NOT_SET:
    break;
  }
  return fail(where, ": required a launch, a time loop or stop_when_idle, "
                     "found none");
}

bool Validator::checkLaunch(const Launch &launch, const std::string &where, bool inLoop) {
  if (!checkKernel(launch.kernel(), where))
    return false;
  if (!within(where + " extent", launch.extent(), 1, kMaxExtent) ||
      !within(where + " layer length", launch.layer().size(), 0, kMaxText) ||
      !within(where + " args count", launch.args_size(), 0, kMaxArguments))
    return false;
  int weights = 0;
  for (const Argument &argument : launch.args()) {
    if (!checkArgument(argument, where))
      return false;
    weights += argument.kind_case() == Argument::kWeights;
  }
  weightsOfLaunch.push_back(weights);
  if (launch.has_work() && !checkWork(launch.work(), where, inLoop))
    return false;
  if (launch.when() != ALWAYS && launch.when() != OBSERVED && launch.when() != UNOBSERVED)
    return fail(where, ": when ", launch.when(), " is unknown");
  if (!checkSums(launch.sums(), where))
    return false;
  if (launch.when() == UNOBSERVED && (launch.has_spikes() || launch.has_work()))
    return fail(where, launch.has_spikes() ? ": spikes" : ": work",
                ": required none where runs with observers leave the launch out");
  if (!launch.has_spikes())
    return true;
  if (!checkSpikes(launch.spikes(), where, inLoop))
    return false;
  // Observers see rows that are not active as silent.
  uint64_t rows =
      byteSize(manifest.buffers(launch.spikes().buffer())) / *launch.spikes().dims().rbegin() / launch.spikes().dims(0);
  return !launch.work().has_active() || rows == launch.work().rows() ||
         fail(where, ": spikes: required ", launch.work().rows(), " rows as the mask of its work has, found ", rows);
}

bool Validator::checkSums(SumsBy sums, const std::string &where) {
  return sums == SUMS_UNSPECIFIED || *sumsName(sums) != '\0' || fail(where, ": sums ", sums, " is unknown");
}

bool Validator::checkWork(const Work &work, const std::string &where, bool inLoop) {
  if (Status result = validateWork(manifest, work, inLoop); !result)
    return fail(where, ": work: ", result.message());
  if (!workLayers.insert(work.layer()).second)
    return fail(where, ": work: layer '", work.layer(), "' is there twice");
  return true;
}

bool Validator::checkArgument(const Argument &argument, const std::string &where) {
  switch (argument.kind_case()) {
  case Argument::kBuffer:
    if (argument.buffer() < bufferBytes.size())
      return true;
    return fail(where, ": argument: required a buffer below ", bufferBytes.size(), ", found ", argument.buffer());
  case Argument::kWeights:
    return checkWeights(argument.weights(), where);
  case Argument::KIND_NOT_SET:
    break;
  }
  return fail(where, ": argument: required a buffer or weights, found none");
}

bool Validator::checkKernel(uint64_t kernel, const std::string &where) {
  if (kernel < static_cast<uint64_t>(manifest.kernels_size()))
    return true;
  return fail(where, ": kernel: required below ", manifest.kernels_size(), ", found ", kernel);
}

bool Validator::checkWeights(uint64_t offset, const std::string &where) {
  if (offset % 64 == 0 && offset < weightsBytes)
    return true;
  return fail(where, ": argument: required a multiple of 64 in the ", weightsBytes, " bytes of weights, found ",
              offset);
}

/// A variant gives each launch that checkSteps() has seen a kernel and constants.
bool Validator::checkVariant(const Variant &variant, const std::string &where) {
  if (!within(where + " cpu length", variant.cpu().size(), 1, kMaxText) ||
      !checkFeatures(where + " cpu_features", variant.cpu_features()) ||
      !within(where + " scratch_bytes", variant.scratch_bytes(), 0, kMaxScratchBytes))
    return false;
  if (static_cast<size_t>(variant.launches_size()) != weightsOfLaunch.size())
    return fail(where, ": launches: required ", weightsOfLaunch.size(), " of them, found ", variant.launches_size());
  for (int i = 0; i < variant.launches_size(); ++i) {
    const LaunchCode &code = variant.launches(i);
    std::string launch = where + " launch " + std::to_string(i);
    if (!checkKernel(code.kernel(), launch) || !checkSums(code.sums(), launch))
      return false;
    if (code.weights_size() != weightsOfLaunch[i])
      return fail(launch, ": weights: required ", weightsOfLaunch[i], " of them, found ", code.weights_size());
    for (uint64_t offset : code.weights())
      if (!checkWeights(offset, launch))
        return false;
  }
  return true;
}

bool Validator::checkSpikes(const Spikes &spikes, const std::string &where, bool inLoop) {
  if (!isLayerName(spikes.layer()))
    return fail(where,
                ": spikes: layer: required letters, digits, '_', '-' "
                "and '.', found '",
                printable(spikes.layer()), "'");
  if (!spikeLayers.insert(spikes.layer()).second)
    return fail(where, ": spikes: layer '", spikes.layer(), "' is there twice");
  if (spikes.buffer() >= bufferBytes.size())
    return fail(where, ": spikes: required a buffer below ", bufferBytes.size(), ", found ", spikes.buffer());
  int rank = spikes.layout() == TOKENS ? 3 : spikes.layout() == MAP ? 4 : 0;
  if (rank == 0)
    return fail(where, ": spikes: layout ", spikes.layout(), " is unknown");
  if (spikes.dims_size() != rank)
    return fail(where, ": spikes: dims: required ", rank, " of them, found ", spikes.dims_size());
  auto bytes = checkedProduct(spikes.dims());
  if (manifest.buffers(spikes.buffer()).element() != U8 || !bytes || *bytes != bufferBytes[spikes.buffer()])
    return fail(where, ": spikes: dims do not match the size of buffer ", spikes.buffer(), ", or it is not u8");
  return within(where + " spikes timesteps", spikes.dims(0), 1, inLoop ? 1 : kMaxTimesteps);
}

bool Validator::checkLoop(const TimeLoop &loop, const std::string &where) {
  if (!within(where + " timesteps", loop.timesteps(), 1, kMaxTimesteps))
    return false;
  int index = 0;
  for (const Step &step : loop.body())
    if (!checkStep(step, where + "." + std::to_string(index++), true))
      return false;
  return true;
}

/// The plan of a chip's artifact is its core map, that of a GPU's its launch plan.
bool Validator::checkHasNoPlan() {
  bool isPlan = manifest.buffers_size() || manifest.kernels_size() || manifest.steps_size() ||
                manifest.variants_size() || manifest.cpu_features_size() || manifest.has_halting_buffer() ||
                objectBytes != 0;
  return !isPlan ||
         fail("target ", manifest.target(), ": required neither buffers, kernels, steps nor variants, found some");
}

Status Validator::run() {
  if (!checkTexts() || !checkInput())
    return status;
  if (manifest.target() == "chip") {
    checkHasNoPlan();
    return status;
  }
  const Input &input = manifest.input();
  const uint64_t sizes[] = {input.frames(), input.channels(), input.height(), input.width()};
  auto pixels = checkedProduct(sizes);
  if (!pixels || *pixels > kMaxImageBytes / sizeof(float))
    return makeError("manifest: input: an image is over ", humanBytes(kMaxImageBytes));
  if (manifest.target() == "cuda") {
    checkHasNoPlan();
    return status;
  }
  if (!checkBuffers() || !checkKernels())
    return status;
  if (!checkNamedBuffer("input_buffer", manifest.input_buffer(), F32, *pixels) ||
      !checkNamedBuffer("logits_buffer", manifest.logits_buffer(), F32, manifest.classes()))
    return status;
  if (manifest.has_halting_buffer()) {
    if (manifest.tokens() == 0 || manifest.blocks() == 0)
      return makeError("manifest: halting_buffer: tokens and blocks must not "
                       "be 0 where it is given");
    if (!checkNamedBuffer("halting_buffer", manifest.halting_buffer(), I32, manifest.tokens()))
      return status;
    if (manifest.halting_order() < LEXICOGRAPHIC || manifest.halting_order() > TIMESTEP)
      return makeError("manifest: halting_order: required lexicographic, "
                       "rectangular or timestep, found ",
                       manifest.halting_order());
  }
  if (!checkSteps() || !within("variants count", manifest.variants_size(), 0, kMaxVariants))
    return status;
  for (int i = 0; i < manifest.variants_size(); ++i)
    if (!checkVariant(manifest.variants(i), "variant " + std::to_string(i)))
      return status;
  return {};
}

Status artifact::validate(const Manifest &manifest, uint64_t objectBytes, uint64_t weightsBytes) {
  return Validator(manifest, objectBytes, weightsBytes).run();
}
