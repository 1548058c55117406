//===- Executor.cpp - Runs a plan on a GPU --------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <algorithm>
#include <cstring>

using namespace stas;
using namespace stas::cuda;

/// What memory holds that nobody wrote, where that is asked for.
static constexpr uint8_t kPattern = 0xa5;

Result<std::unique_ptr<Executor>> Executor::create(std::shared_ptr<const Device> device, Plan plan, Module module,
                                                   std::string_view weights, const ExecutorOptions &options) {
  if (weights.size() != plan.weightsBytes)
    return makeError("plan: required ", plan.weightsBytes, " B of weights, found ", weights.size());
  if (options.mostImages < 1 || options.mostImages > kMaxImages)
    return makeError("required 1 to ", kMaxImages, " images at once, found ", options.mostImages);
  if (Status status = check(plan); !status)
    return status.error();
  for (const PlanStep &step : plan.steps)
    if (!step.kernel.empty() && !canLaunch(step, options.mostImages))
      return makeError("kernel '", step.kernel, "' of '", step.layer, "': ", options.mostImages,
                       " images at once are more than a GPU launches; use a smaller batch");
  std::unique_ptr<Executor> executor(new Executor(std::move(device), std::move(plan), std::move(module), options));
  if (Status status = executor->findKernels(); !status)
    return status.error();
  if (Status status = executor->uploadWeights(weights); !status)
    return status.error();
  return executor;
}

Executor::~Executor() {
  // Whatever fails here, nobody can be told, and what is on its way is lost.
  if (Result<CurrentDevice> current = device->makeCurrent())
    ending = std::move(*current);
  for (Size &size : sizes)
    for (std::unique_ptr<Slot> &slot : size.slots)
      if (slot)
        (void)slot->stream.synchronize();
}

Status Executor::findKernels() {
  const std::vector<DeviceAddress> anywhere(plan.buffers.size());
  for (const PlanStep &step : plan.steps) {
    if (step.kernel.empty()) {
      kernels.push_back(nullptr);
      continue;
    }
    Result<FunctionObject *> kernel = module.find(step.kernel, step.sharedBytes);
    if (!kernel)
      return kernel.error();
    if (Status status = module.checkParameters(*kernel, step.kernel, argumentsOf(step, anywhere, 1)); !status)
      return status;
    kernels.push_back(*kernel);
  }
  return {};
}

Status Executor::uploadWeights(std::string_view bytes) {
  if (bytes.empty())
    return {};
  Result<DeviceMemory> memory = pool.allocate(bytes.size(), "the weights");
  if (!memory)
    return memory.error();
  weights = std::move(*memory);
  Result<Stream> stream = Stream::create(device);
  if (!stream)
    return stream.error();
  if (Status status = stream->copyToDevice(weights.address(), bytes.data(), bytes.size()); !status)
    return status;
  return stream->synchronize();
}

Executor::Size &Executor::sizeFor(uint64_t images) {
  auto found = std::find_if(sizes.begin(), sizes.end(), [&](const Size &size) { return size.images == images; });
  if (found != sizes.end()) {
    sizes.splice(sizes.begin(), sizes, found);
    return sizes.front();
  }
  // Nothing is on its way between runs, nor between sizes.
  if (sizes.size() == kMostSizes)
    sizes.pop_back();
  sizes.push_front({images, {}});
  return sizes.front();
}

Result<std::unique_ptr<Executor::Slot>> Executor::makeSlot(uint64_t images) {
  Result<Stream> stream = Stream::create(device);
  if (!stream)
    return stream.error();
  auto slot = std::make_unique<Slot>(std::move(*stream));
  if (Status status = place(*slot, images); !status)
    return status.error();
  Result<Graph> graph = Graph::capture(slot->stream, [&] { return record(*slot, images); });
  if (!graph)
    return graph.error();
  slot->graph = std::move(*graph);
  return slot;
}

Status Executor::place(Slot &slot, uint64_t images) {
  const std::string what = "a batch of " + std::to_string(images);
  auto shortage = [](const Error &error) { return makeError(error.message(), "; a smaller batch needs less"); };
  Layout layout = layOut(plan, images);
  if (Status status = check(plan, layout, images); !status)
    return status;
  if (!options.separateBuffers) {
    Result<DeviceMemory> memory = pool.allocate(layout.bytes, what);
    if (!memory)
      return shortage(memory.error());
    for (uint64_t offset : layout.offsets)
      slot.addresses.push_back(memory->address() + offset);
    slot.memory.push_back(std::move(*memory));
  }
  for (size_t i = 0; options.separateBuffers && i < plan.buffers.size(); ++i) {
    Result<DeviceMemory> memory = pool.allocate(plan.buffers[i].bytes(images), what);
    if (!memory)
      return shortage(memory.error());
    slot.addresses.push_back(memory->address());
    slot.memory.push_back(std::move(*memory));
  }
  Result<PinnedMemory> input = PinnedMemory::allocate(device, plan.buffers[plan.input].bytes(images), what);
  if (!input)
    return shortage(input.error());
  slot.input = std::move(*input);
  for (uint32_t output : plan.outputs) {
    Result<PinnedMemory> memory = PinnedMemory::allocate(device, plan.buffers[output].bytes(images), what);
    if (!memory)
      return shortage(memory.error());
    slot.outputs.push_back(std::move(*memory));
  }
  return {};
}

/// Puts all of a batch into the slot's stream, which is being captured.
Status Executor::record(Slot &slot, uint64_t images) {
  if (options.separateBuffers)
    for (size_t i = 0; i < plan.buffers.size(); ++i)
      if (Status status = slot.stream.fill(slot.addresses[i], kPattern, plan.buffers[i].bytes(images)); !status)
        return status;
  if (Status status = slot.stream.copyToDevice(slot.addresses[plan.input], slot.input.get(), slot.input.size());
      !status)
    return status;
  for (size_t step = 0; step < plan.steps.size(); ++step)
    if (Status status = launch(slot, step, images); !status)
      return makeError(status.message(), ": step ", step, ", '", plan.steps[step].kernel, "' of '",
                       plan.steps[step].layer, "'");
  for (size_t i = 0; i < plan.outputs.size(); ++i)
    if (Status status =
            slot.stream.copyToHost(slot.outputs[i].get(), slot.addresses[plan.outputs[i]], slot.outputs[i].size());
        !status)
      return status;
  return {};
}

Arguments Executor::argumentsOf(const PlanStep &step, const std::vector<DeviceAddress> &addresses,
                                uint64_t images) const {
  Arguments arguments;
  for (const PlanArgument &argument : step.arguments) {
    if (argument.isBuffer())
      arguments.add(addresses[argument.value]);
    else if (argument.kind == PlanArgument::Weights)
      arguments.add(weights.address() + argument.value);
    else
      arguments.add(static_cast<uint32_t>(argument.value * (argument.kind == PlanArgument::PerImage ? images : 1)));
  }
  return arguments;
}

Status Executor::launch(Slot &slot, size_t index, uint64_t images) {
  const PlanStep &step = plan.steps[index];
  if (!kernels[index]) {
    uint64_t buffer = step.arguments[0].value;
    return slot.stream.fill(slot.addresses[buffer], step.value, plan.buffers[buffer].bytes(images));
  }
  Arguments arguments = argumentsOf(step, slot.addresses, images);
  Launch launch;
  launch.grid[0] = static_cast<unsigned>(step.blocks(images));
  launch.block[0] = step.threads;
  launch.dynamicShared = step.sharedBytes;
  return Module::launch(slot.stream, kernels[index], launch, arguments);
}

Status Executor::start(Slot &slot, const PlanRun &run, uint64_t first, uint64_t images) {
  uint64_t bytes = plan.buffers[plan.input].imageBytes;
  std::memcpy(slot.input.get(), static_cast<const char *>(run.input) + first * bytes, images * bytes);
  slot.firstImage = first;
  return slot.stream.launch(*slot.graph);
}

Status Executor::finish(Slot &slot, const PlanRun &run, uint64_t images) {
  if (!slot.firstImage)
    return {};
  uint64_t first = *slot.firstImage;
  slot.firstImage.reset();
  if (Status status = slot.stream.synchronize(); !status)
    return status;
  for (size_t i = 0; i < plan.outputs.size(); ++i) {
    uint64_t bytes = plan.buffers[plan.outputs[i]].imageBytes;
    if (run.outputs[i])
      std::memcpy(static_cast<char *>(run.outputs[i]) + first * bytes, slot.outputs[i].get(), images * bytes);
  }
  return {};
}

Status Executor::run(const PlanRun &run) {
  if (run.outputs.size() != plan.outputs.size() || (run.images > 0 && !run.input))
    return makeError("required an array for the images and for each of ", plan.outputs.size(), " outputs, found ",
                     run.input ? "" : "none for the images and ", run.outputs.size(), " for outputs");
  Result<CurrentDevice> current = device->makeCurrent();
  if (!current)
    return current.error();
  for (uint64_t first = 0; first < run.images;) {
    uint64_t images = std::min(run.images - first, options.mostImages);
    uint64_t batches = (run.images - first) / images;
    if (Status status = runBatches(sizeFor(images), run, first, batches); !status)
      return status;
    first += batches * images;
  }
  return {};
}

/// Runs batches of one size, two at a time.
Status Executor::runBatches(Size &size, const PlanRun &run, uint64_t first, uint64_t batches) {
  Status status;
  for (uint64_t batch = 0; batch < batches && status; ++batch) {
    std::unique_ptr<Slot> &slot = size.slots[batch % 2];
    if (!slot) {
      Result<std::unique_ptr<Slot>> made = makeSlot(size.images);
      if (made)
        slot = std::move(*made);
      else
        status = made.error();
    }
    if (status)
      status = finish(*slot, run, size.images);
    if (status)
      status = start(*slot, run, first + batch * size.images, size.images);
  }
  // Also after an error: nothing may be on its way when this returns.
  for (std::unique_ptr<Slot> &slot : size.slots)
    if (slot)
      if (Status last = finish(*slot, run, size.images); status && !last)
        status = last;
  return status;
}
