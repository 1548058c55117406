//===- Layout.cpp - Where the buffers of a plan are -----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Plan.h"
#include "stas/Support/Checked.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <numeric>
#include <utility>

using namespace stas;
using namespace stas::cuda;

namespace {
/// The first and the last step that needs a buffer; step 0 is the start.
struct Lifetime {
  size_t first = SIZE_MAX, last = 0;
  void use(size_t step) {
    first = std::min(first, step);
    last = std::max(last, step);
  }
  bool meets(const Lifetime &other) const { return first <= other.last && other.first <= last; }
};
} // namespace

static std::vector<Lifetime> lifetimesOf(const Plan &plan) {
  std::vector<Lifetime> lifetimes(plan.buffers.size());
  lifetimes[plan.input].use(0);
  for (size_t i = 0; i < plan.steps.size(); ++i)
    for (const PlanArgument &argument : plan.steps[i].arguments)
      if (argument.isBuffer())
        lifetimes[argument.value].use(i + 1);
  for (uint32_t output : plan.outputs)
    lifetimes[output].use(plan.steps.size() + 1);
  return lifetimes;
}

Layout stas::cuda::layOut(const Plan &plan, uint64_t images) {
  std::vector<Lifetime> lifetimes = lifetimesOf(plan);
  auto sizeOf = [&](uint32_t buffer) { return alignTo(plan.buffers[buffer].bytes(images), kBlockAlignment); };
  std::vector<uint32_t> order(plan.buffers.size()), placed;
  std::iota(order.begin(), order.end(), 0);
  // Large ones first: small ones fill what is left between them.
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return std::make_pair(sizeOf(b), a) < std::make_pair(sizeOf(a), b); });
  Layout layout;
  layout.offsets.resize(plan.buffers.size());
  for (uint32_t buffer : order) {
    uint64_t offset = 0;
    // In the order of their offsets, so that the first gap that is large enough is found.
    for (uint32_t other : placed)
      if (lifetimes[buffer].meets(lifetimes[other]) && layout.offsets[other] < offset + sizeOf(buffer))
        offset = std::max(offset, layout.offsets[other] + sizeOf(other));
    layout.offsets[buffer] = offset;
    layout.bytes = std::max(layout.bytes, offset + sizeOf(buffer));
    placed.insert(std::upper_bound(placed.begin(), placed.end(), buffer,
                                   [&](uint32_t a, uint32_t b) { return layout.offsets[a] < layout.offsets[b]; }),
                  buffer);
  }
  return layout;
}

namespace {
/// Goes through the steps and notes whose bytes are in memory.
class LayoutChecker {
public:
  LayoutChecker(const Plan &plan, const Layout &layout, uint64_t images)
      : plan(plan), layout(layout), images(images), destroyer(plan.buffers.size(), kNobody) {}

  Status run() {
    for (uint32_t i = 0; i < plan.buffers.size(); ++i)
      if (!inRange(layout.offsets[i], bytes(i), layout.bytes) || layout.offsets[i] % kBlockAlignment != 0)
        return makeError("layout: buffer '", name(i), "': required ", bytes(i), " B within ", layout.bytes,
                         ", at a multiple of ", kBlockAlignment, ", found offset ", layout.offsets[i]);
    write(plan.input);
    for (const PlanStep &next : plan.steps)
      if (Status status = step(next); !status)
        return status;
    for (uint32_t output : plan.outputs)
      if (Status status = read(output); !status)
        return status;
    return {};
  }

private:
  static constexpr uint32_t kNobody = ~0u;
  uint64_t bytes(uint32_t buffer) const { return plan.buffers[buffer].bytes(images); }
  std::string name(uint32_t buffer) const { return printable(plan.buffers[buffer].name); }
  bool overlap(uint32_t a, uint32_t b) const {
    return layout.offsets[a] < layout.offsets[b] + bytes(b) && layout.offsets[b] < layout.offsets[a] + bytes(a);
  }

  void write(uint32_t buffer) {
    for (uint32_t other = 0; other < plan.buffers.size(); ++other)
      if (other != buffer && overlap(buffer, other))
        destroyer[other] = buffer;
    destroyer[buffer] = kNobody;
  }
  Status read(uint32_t buffer) const {
    if (destroyer[buffer] == kNobody)
      return {};
    return makeError("layout: buffer '", name(buffer), "' is overwritten by '", name(destroyer[buffer]),
                     "' before it is read");
  }
  Status step(const PlanStep &step) {
    const std::vector<PlanArgument> &arguments = step.arguments;
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (!arguments[i].isBuffer())
        continue;
      auto buffer = static_cast<uint32_t>(arguments[i].value);
      if (arguments[i].kind != PlanArgument::Write)
        if (Status status = read(buffer); !status)
          return status;
      for (size_t j = 0; j < i; ++j)
        if (arguments[j].isBuffer() && arguments[j].value != buffer &&
            overlap(buffer, static_cast<uint32_t>(arguments[j].value)))
          return makeError("layout: kernel '", printable(step.kernel), "' of '", printable(step.layer), "': buffers '",
                           name(buffer), "' and '", name(static_cast<uint32_t>(arguments[j].value)), "' overlap");
    }
    for (const PlanArgument &argument : arguments)
      if (argument.kind == PlanArgument::Write || argument.kind == PlanArgument::ReadWrite)
        write(static_cast<uint32_t>(argument.value));
    return {};
  }

  const Plan &plan;
  const Layout &layout;
  uint64_t images;
  std::vector<uint32_t> destroyer; ///< Who wrote into a buffer's bytes since it was written.
};
} // namespace

Status stas::cuda::check(const Plan &plan, const Layout &layout, uint64_t images) {
  return LayoutChecker(plan, layout, images).run();
}
