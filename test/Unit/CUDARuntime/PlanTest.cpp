//===- PlanTest.cpp - Plans that can be run and plans that cannot ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PlanTest.h"
#include "lib/Runtime/CUDA/Memory.h"
#include "gtest/gtest.h"

#include <functional>

using namespace stas;
using namespace stas::cuda;

/// The error of the small plan after a change.
static std::string errorAfter(const std::function<void(Plan &)> &change) {
  Plan plan = smallPlan();
  change(plan);
  Status status = check(plan);
  return status ? "" : status.message();
}

TEST(CUDAPlan, TheSmallPlanIsRight) {
  EXPECT_EQ(errorAfter([](Plan &) {}), "");
  EXPECT_EQ(smallPlan().steps[1].blocks(3), 6u);
}

TEST(CUDAPlan, Buffers) {
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.buffers[4].fixedBytes = 0; }),
            "plan: buffer 'counter': required 1 B to 256.0 TiB, found 0 B and 0 B an image");
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.buffers[4].fixedBytes = ~uint64_t(0); }),
            "plan: buffer 'counter': required 1 B to 256.0 TiB, found 18446744073709551615 B and 0 B an image");
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.buffers[1].imageBytes = plan.buffers[2].imageBytes = 150000000; }),
            "plan: required at most 256.0 TiB for 1048576 images, found more");
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.outputs.push_back(5); }), "plan: an input or output is buffer 5 of 5");
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.input = 9; }), "plan: an input or output is buffer 9 of 5");
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.outputs[0] = 4; }),
            "plan: buffer 'counter': required bytes for images alone of an input or output, found 4 B besides");
}

TEST(CUDAPlan, Launches) {
  const std::string scale = "plan: kernel 'scale' of 'stem': ", blocks =
                                                                    "required 1 to 2147483647 blocks for an image, "
                                                                    "found another number";
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.steps[1].threads = 0; }), scale + "required 1 to 1024 threads, found 0");
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.steps[1].threads = 1025; }),
            scale + "required 1 to 1024 threads, found 1025");
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.steps[1].rowsPerBlock = 0; }), scale + blocks);
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.steps[1].rowsPerImage = 0; }), scale + blocks);
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.steps[1].rowsPerImage = uint64_t(1) << 40; }), scale + blocks);
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.steps[1].blocksPerRows = uint64_t(1) << 31; }), scale + blocks);
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.steps[0].arguments.clear(); }),
            "plan: a fill of 'head': required one argument, which is written");
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.steps[0].arguments[0].kind = PlanArgument::ReadWrite; }),
            "plan: a fill of 'head': required one argument, which is written");
  PlanStep step = smallPlan().steps[1];
  EXPECT_TRUE(canLaunch(step, 1 << 20));
  step.rowsPerImage = 1 << 15;
  EXPECT_TRUE(canLaunch(step, 1 << 16));
  EXPECT_FALSE(canLaunch(step, 1 << 18));
  step.rowsPerImage = 4;
  step.arguments[3].value = 1 << 20;
  EXPECT_TRUE(canLaunch(step, 1 << 11));
  EXPECT_FALSE(canLaunch(step, 1 << 12));
}

TEST(CUDAPlan, Arguments) {
  auto withArgument = [](size_t index, PlanArgument argument) {
    return errorAfter([&](Plan &plan) { plan.steps[1].arguments[index] = argument; });
  };
  const std::string scale = "plan: kernel 'scale' of 'stem': ";
  EXPECT_EQ(withArgument(1, {PlanArgument::Weights, 16}),
            scale + "required an offset below the 16 B of weights, found 16");
  EXPECT_EQ(withArgument(3, {PlanArgument::Number, uint64_t(1) << 32}),
            scale + "required a number of 32 bits, found 4294967296");
  EXPECT_EQ(withArgument(0, {PlanArgument::Read, 5}), scale + "speaks of buffer 5 of 5");
}

TEST(CUDAPlan, BuffersAreWrittenBeforeTheyAreRead) {
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.steps.erase(plan.steps.begin() + 1); }),
            "plan: kernel 'copy' of 'block': reads buffer 'scaled', which nobody wrote before");
  EXPECT_EQ(errorAfter([](Plan &plan) { std::swap(plan.steps[2], plan.steps[3]); }),
            "plan: kernel 'sum' of 'head': reads buffer 'copied', which nobody wrote before");
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.steps.erase(plan.steps.begin()); }),
            "plan: kernel 'sum' of 'head': reads buffer 'counter', which nobody wrote before");
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.steps.pop_back(); }), "plan: the output 'total' is never written");
  // What a kernel writes, it does not read.
  EXPECT_EQ(errorAfter([](Plan &plan) { plan.steps[1].arguments[0].value = 1; }),
            "plan: kernel 'scale' of 'stem': reads buffer 'scaled', which nobody wrote before");
}

TEST(CUDAPlan, BuffersShareMemory) {
  Plan plan = smallPlan();
  for (uint64_t images : {1, 3, 100, 1 << 20}) {
    Layout layout = layOut(plan, images);
    EXPECT_TRUE(check(plan, layout, images));
    // The images are done with when `copied` is written; all else is needed together.
    EXPECT_EQ(layout.offsets[0], layout.offsets[2]);
    uint64_t whole = 0;
    for (const PlanBuffer &buffer : plan.buffers)
      whole += (buffer.bytes(images) + 255) / 256 * 256;
    EXPECT_EQ(layout.bytes,
              whole - (16 * images + 255) / 256 * 256 - (images > 64 ? (4 * images + 255) / 256 * 256 : 256))
        << images;
  }
}

TEST(CUDAPlan, LayoutsThatDestroyWhatIsNeeded) {
  Plan plan = smallPlan();
  const Layout right = {{0, 256, 0, 512, 768}, 1024};
  EXPECT_TRUE(check(plan, right, 4));
  auto errorWith = [&](uint32_t buffer, uint64_t offset) {
    Layout layout = right;
    layout.offsets[buffer] = offset;
    Status status = check(plan, layout, 4);
    return status ? "" : status.message();
  };
  EXPECT_EQ(errorWith(3, 1024),
            "layout: buffer 'total': required 16 B within 1024, at a multiple of 256, found offset 1024");
  EXPECT_EQ(errorWith(3, 520),
            "layout: buffer 'total': required 16 B within 1024, at a multiple of 256, found offset 520");
  EXPECT_EQ(errorWith(1, 0), "layout: kernel 'scale' of 'stem': buffers 'scaled' and 'images' overlap");
  EXPECT_EQ(errorWith(3, 0), "layout: kernel 'sum' of 'head': buffers 'total' and 'copied' overlap");
  EXPECT_EQ(errorWith(4, 256), "layout: buffer 'counter' is overwritten by 'scaled' before it is read");
  // The output is read at the end.
  plan.steps.push_back(plan.steps[0]);
  EXPECT_EQ(errorWith(3, 768), "layout: kernel 'sum' of 'head': buffers 'counter' and 'total' overlap");
  plan.steps[0].arguments[0].value = plan.steps[3].arguments[2].value = 1;
  plan.steps[3].arguments.pop_back();
  EXPECT_EQ(errorWith(3, 768), "layout: buffer 'total' is overwritten by 'counter' before it is read");
}
