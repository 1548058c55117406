//===- ManifestTest.cpp - Manifests that are wrong in one place -----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../TestUtils.h"
#include "../Toy/ToyModel.h"
#include "stas/Target/Artifact/Limits.h"

#include <cmath>

using namespace stas;
using namespace stas::artifact;
using namespace stas::test;

namespace {

class ManifestTest : public testing::Test {
protected:
  /// What validate() says of the toy's manifest after a change.
  template <typename Change> Status after(Change change) {
    ToyModel toy;
    change(toy.manifest);
    return validate(toy.manifest, 1000, 1024);
  }
};

Launch &stem(Manifest &manifest) { return *manifest.mutable_steps(ToyModel::StemStep)->mutable_launch(); }
TimeLoop &loop(Manifest &manifest) { return *manifest.mutable_steps(ToyModel::LoopStep)->mutable_time_loop(); }
Buffer &buffer(Manifest &manifest, int id) { return *manifest.mutable_buffers(id); }

} // namespace

#define EXPECT_REFUSED(change, message) EXPECT_TRUE(failsWith(after([](Manifest &m) { change; }), message))

TEST_F(ManifestTest, TheToyIsValid) {
  EXPECT_TRUE(succeeds(after([](Manifest &) {})));
}

TEST_F(ManifestTest, Texts) {
  EXPECT_REFUSED(m.set_target("tpu"), "target: required cpu, cuda or chip, found 'tpu'");
  EXPECT_REFUSED(m.set_target("cuda"),
                 "target cuda: required neither buffers, kernels, steps nor variants, found some");
  EXPECT_REFUSED(m.set_target("chip"),
                 "target chip: required neither buffers, kernels, steps nor variants, found some");
  EXPECT_REFUSED(m.set_producer(std::string(5000, 'x')), "producer length: required 0 to 1024, found 5000");
  EXPECT_REFUSED(m.add_cpu_features(""), "cpu_features length: required 1");
  EXPECT_REFUSED(for (int i = 0; i < 300; ++i) m.add_cpu_features("avx"),
                 "cpu_features count: required 0 to 256, found 300");
}

TEST_F(ManifestTest, Input) {
  EXPECT_REFUSED(m.set_timesteps(0), "timesteps: required 1 to 4096, found 0");
  EXPECT_REFUSED(m.set_timesteps(~0u), "timesteps: required 1 to 4096");
  EXPECT_REFUSED(m.set_classes(0), "classes: required 1");
  EXPECT_REFUSED(m.set_tokens(~0u), "tokens: required 0");
  EXPECT_REFUSED(m.set_blocks(~0u), "blocks: required 0");
  EXPECT_REFUSED(m.mutable_input()->set_channels(0), "input.channels: required");
  EXPECT_REFUSED(m.mutable_input()->set_height(0), "input.height: required");
  EXPECT_REFUSED(m.mutable_input()->set_width(~0u), "input.width: required");
  EXPECT_REFUSED(m.mutable_input()->set_frames(2), "input.frames: required 1 or the number of timesteps (5), "
                                                   "found 2");
  EXPECT_REFUSED(m.mutable_input()->add_mean(0), "input.mean and input.std: required one number a channel (3), "
                                                 "found 1");
  EXPECT_REFUSED(for (int c = 0; c < 3; ++c) m.mutable_input()->add_mean(0),
                 "input.mean and input.std: one is given without the other");
  EXPECT_REFUSED(
      for (int c = 0; c < 3; ++c) {
        m.mutable_input()->add_mean(NAN);
        m.mutable_input()->add_std(1);
      },
      "input.mean: required a finite number, found nan");
  EXPECT_REFUSED(
      for (int c = 0; c < 3; ++c) {
        m.mutable_input()->add_mean(0);
        m.mutable_input()->add_std(0);
      },
      "input.std: required a positive number, found 0");
  EXPECT_REFUSED(
      {
        m.mutable_input()->set_channels(1 << 16);
        m.mutable_input()->set_height(1 << 16);
      },
      "input: an image is over 1.0 GiB");
}

TEST_F(ManifestTest, Buffers) {
  EXPECT_REFUSED(m.set_arena_bytes(kMaxArenaBytes + 1), "arena_bytes: required");
  EXPECT_REFUSED(m.set_scratch_bytes(kMaxScratchBytes + 1), "scratch_bytes: required");
  EXPECT_REFUSED(for (int i = 0; i < 70000; ++i) m.add_buffers(), "buffers count: required 0 to 65536");
  EXPECT_REFUSED(buffer(m, 1).set_element(ELEMENT_UNSPECIFIED), "buffer 1 'stem': element type 0 is unknown");
  EXPECT_REFUSED(buffer(m, 1).set_element(static_cast<Element>(77)), "element type 77 is unknown");
  EXPECT_REFUSED(buffer(m, 1).clear_dims(), "buffer 1 'stem' dims count: required 1 to 8, found 0");
  EXPECT_REFUSED(buffer(m, 1).set_dims(0, 0), "'stem' dims: required 1");
  EXPECT_REFUSED(buffer(m, 1).set_dims(0, ~0ull), "'stem' dims: required 1");
  EXPECT_REFUSED(buffer(m, 1).set_dims(0, 1 << 20), "buffer 1 'stem': does not lie in the arena of ");
  EXPECT_REFUSED(for (int i = 0; i < 3; ++i) buffer(m, 1).set_dims(i, 1ull << 33),
                 "does not lie in the arena"); // 2^99 elements.
  EXPECT_REFUSED(buffer(m, 1).set_offset(~0ull), "does not lie in the arena");
  EXPECT_REFUSED(buffer(m, 1).set_offset(8), "offset: required a multiple of 64, found 8");
  EXPECT_REFUSED(buffer(m, 1).set_name(std::string(2000, 'x')), "name length: required 0 to 1024, found 2000");
}

TEST_F(ManifestTest, BuffersWithARole) {
  EXPECT_REFUSED(m.set_input_buffer(99), "input_buffer: required a buffer below 9, found 99");
  EXPECT_REFUSED(m.set_input_buffer(ToyModel::Logits), "input_buffer: required 24 f32, found 4 f32");
  EXPECT_REFUSED(m.set_input_buffer(ToyModel::Stem), "input_buffer: required 24 f32, found 24 u8");
  EXPECT_REFUSED(m.set_logits_buffer(ToyModel::Sum), "logits_buffer: required 4 f32, found 24 f32");
  EXPECT_REFUSED(m.set_halting_buffer(ToyModel::Active), "halting_buffer: required 3 i32, found 3 u8");
  EXPECT_REFUSED(m.set_tokens(0), "halting_buffer: tokens and blocks must not be 0");
  EXPECT_REFUSED(m.set_halting_order(HALTING_ORDER_UNSPECIFIED),
                 "halting_order: required lexicographic, rectangular or timestep, found 0");
  EXPECT_REFUSED(m.set_halting_order(static_cast<HaltingOrder>(4)), "rectangular or timestep, found 4");
}

TEST_F(ManifestTest, Kernels) {
  for (const char *name : {"", "1k", "a b", "../x", "k\n"})
    EXPECT_TRUE(
        failsWith(after([&](Manifest &m) { m.set_kernels(0, name); }), "kernels: required a C identifier, found '"));
  EXPECT_REFUSED(for (int i = 0; i < 70000; ++i) m.add_kernels("k"), "kernels count: required 0 to 65536");
  ToyModel toy;
  EXPECT_TRUE(failsWith(validate(toy.manifest, 0, 1024), "kernels: there is no section 'object'"));
}

TEST_F(ManifestTest, TwoWays) {
  EXPECT_TRUE(succeeds(after([](Manifest &m) { stem(m).set_when(OBSERVED); })));
  EXPECT_REFUSED(stem(m).set_when(static_cast<When>(3)), "when 3 is unknown");
  EXPECT_REFUSED(stem(m).set_when(UNOBSERVED), "spikes: required none where runs with observers leave the launch out");
  EXPECT_REFUSED((stem(m).clear_spikes(), stem(m).set_when(UNOBSERVED)),
                 "work: required none where runs with observers leave the launch out");
}

TEST_F(ManifestTest, Sums) {
  EXPECT_TRUE(succeeds(after([](Manifest &m) { stem(m).set_sums(CHOICE); })));
  EXPECT_REFUSED(stem(m).set_sums(static_cast<SumsBy>(9)), "sums 9 is unknown");
}

TEST_F(ManifestTest, Variants) {
  EXPECT_TRUE(
      succeeds(after([](Manifest &m) { addVariant(m, "other"), addVariant(m, "other").add_cpu_features("avx"); })));
  EXPECT_REFUSED(for (int i = 0; i < 17; ++i) addVariant(m, "other"), "variants count: required 0 to 16, found 17");
  EXPECT_REFUSED(addVariant(m, "other").clear_cpu(), "variant 0 cpu length: required 1");
  EXPECT_REFUSED(addVariant(m, "other").add_cpu_features(""), "variant 0 cpu_features length: required 1");
  EXPECT_REFUSED(addVariant(m, "other").set_scratch_bytes(~0ull), "variant 0 scratch_bytes: required 0");
  EXPECT_REFUSED((addVariant(m, "other"), addVariant(m, "other").add_launches()),
                 "variant 1: launches: required 7 of them, found 8");
  EXPECT_REFUSED(addVariant(m, "other").clear_launches(), "variant 0: launches: required 7 of them, found 0");
  EXPECT_REFUSED(addVariant(m, "other").mutable_launches(2)->set_kernel(7),
                 "variant 0 launch 2: kernel: required below 7, found 7");
  EXPECT_REFUSED(addVariant(m, "other").mutable_launches(2)->add_weights(0),
                 "variant 0 launch 2: weights: required 1 of them, found 2");
  EXPECT_REFUSED(addVariant(m, "other").mutable_launches(2)->set_weights(0, 1024),
                 "variant 0 launch 2: argument: required a multiple of 64 in the 1024 bytes of weights, found 1024");
  EXPECT_REFUSED(addVariant(m, "other").mutable_launches(2)->set_weights(0, 65),
                 "variant 0 launch 2: argument: required a multiple of 64 in the 1024 bytes of weights, found 65");
}

TEST_F(ManifestTest, Steps) {
  EXPECT_REFUSED(m.add_steps(), "step 5: required a launch, a time loop or "
                                "stop_when_idle, found none");
  EXPECT_REFUSED(m.add_steps()->mutable_stop_when_idle(), "step 5: stop_when_idle outside of a time loop");
  EXPECT_REFUSED(loop(m).add_body()->mutable_time_loop(), "step 3.4: a time loop in a time loop");
  EXPECT_REFUSED(loop(m).set_timesteps(0), "step 3 timesteps: required 1");
  EXPECT_REFUSED(loop(m).set_timesteps(~0u), "step 3 timesteps: required 1");
  EXPECT_REFUSED(loop(m).mutable_body(0)->mutable_stop_when_idle()->set_buffer(9),
                 "step 3.0: stop_when_idle: required a buffer below 9, found 9");
  EXPECT_REFUSED(loop(m).mutable_body(0)->mutable_stop_when_idle()->set_buffer(0),
                 "step 3.0: stop_when_idle: required a u8 buffer, found f32");
  EXPECT_REFUSED(for (uint64_t i = 0; i <= kMaxSteps; ++i) * m.add_steps() = m.steps(0), "steps: more than 262144");
}

TEST_F(ManifestTest, Launches) {
  EXPECT_REFUSED(stem(m).set_kernel(50), "step 1: kernel: required below 7");
  EXPECT_REFUSED(stem(m).set_extent(0), "step 1 extent: required 1");
  EXPECT_REFUSED(stem(m).set_extent(~0ull), "step 1 extent: required 1");
  EXPECT_REFUSED(stem(m).set_layer(std::string(2000, 'x')), "step 1 layer length: required 0 to 1024, found 2000");
  EXPECT_REFUSED(for (int i = 0; i < 300; ++i) stem(m).add_args(), "step 1 args count: required 0 to 256");
  EXPECT_REFUSED(stem(m).add_args(), "step 1: argument: required a buffer or weights, found none");
  EXPECT_REFUSED(stem(m).add_args()->set_buffer(9), "step 1: argument: required a buffer below 9, found 9");
  EXPECT_REFUSED(stem(m).add_args()->set_weights(1024), "argument: required a multiple of 64 in the 1024 bytes of "
                                                        "weights, found 1024");
  EXPECT_REFUSED(stem(m).add_args()->set_weights(65), "found 65");
}

TEST_F(ManifestTest, Spikes) {
  auto spikes = [](Manifest &m) -> Spikes & { return *stem(m).mutable_spikes(); };
  for (const char *name : {"", "../../etc/passwd", "a/b", ".hidden", "a b"})
    EXPECT_TRUE(failsWith(after([&](Manifest &m) { spikes(m).set_layer(name); }),
                          "step 1: spikes: layer: required letters, digits, '_', '-' and '.'"));
  auto refused = [&](auto change, const char *message) {
    EXPECT_TRUE(failsWith(after([&](Manifest &m) { change(spikes(m)); }), message));
  };
  refused([](Spikes &s) { s.set_layer("block.lif"); }, "step 3.1: spikes: layer 'block.lif' is there twice");
  refused([](Spikes &s) { s.set_buffer(9); }, "spikes: required a buffer below 9, found 9");
  refused([](Spikes &s) { s.set_layout(LAYOUT_UNSPECIFIED); }, "spikes: layout 0 is unknown");
  refused([](Spikes &s) { s.set_layout(TOKENS); }, "spikes: dims: required 3 of them, found 4");
  refused([](Spikes &s) { s.set_dims(1, 5); }, "spikes: dims do not match the size of buffer 1, or it is not u8");
  refused([](Spikes &s) { s.set_dims(1, ~0ull); }, "dims do not match");
  refused([](Spikes &s) { s.set_buffer(ToyModel::Image); }, "dims do not match");
  // In a time loop a turn gives one timestep.
  EXPECT_REFUSED(
      {
        Spikes &s = *loop(m).mutable_body(1)->mutable_launch()->mutable_spikes();
        s.set_dims(0, 2);
        s.set_dims(1, 6);
      },
      "step 3.1 spikes timesteps: required 1 to 1, found 2");
}

TEST_F(ManifestTest, Work) {
  auto refused = [&](auto change, const char *message) {
    EXPECT_TRUE(failsWith(after([&](Manifest &m) { change(*stem(m).mutable_work()); }),
                          std::string("step 1: work: ") + message));
  };
  refused([](Work &w) { w.set_kind(WORK_KIND_UNSPECIFIED); }, "kind 0 is unknown");
  refused([](Work &w) { w.set_layer("../x"); }, "layer: required letters, digits, '_', '-' and '.', found '../x'");
  refused([](Work &w) { w.set_rows(0); }, "rows: required 1 to ");
  refused([](Work &w) { w.set_fan_in(0); }, "fan_in: required 1 to ");
  refused([](Work &w) { w.set_channels(0); }, "channels: required 1 to ");
  refused([](Work &w) { w.set_parts(~0ull); }, "parts: required 0 to 2147483648");
  refused([](Work &w) { w.set_max(1); }, "max: required 0 to 0, found 1");
  refused([](Work &w) { w.set_parts(1); }, "max: required 1 to ");
  refused([](Work &w) { w.set_steps(~0ull); }, "steps: required 0 to 4096");
  refused([](Work &w) { w.set_channels(1ull << 40), w.set_fan_in(1ull << 40); },
          "rows, fan_in and channels: their product is over 2^53");
  refused([](Work &w) { w.set_heads(3); }, "heads: required a divisor of 3 channels, 1 but for attention, found 3");
  refused([](Work &w) { w.set_heads(0); }, "heads: required a divisor");
  refused([](Work &w) { w.mutable_window()->set_height(0); }, "window extents: required 1 to 65536, found 0");
  refused([](Work &w) { w.mutable_window()->set_stride_x(~0ull); }, "window extents: required 1 to 65536");
  refused([](Work &w) { w.mutable_window()->set_padding_y(~0ull); }, "window padding: required 0 to 65536");
  refused([](Work &w) { w.mutable_window()->set_padding_y(1); },
          "window: required 8 positions and a fan_in of whole kernels, found 12 positions and fan_in 3");
  refused([](Work &w) { w.mutable_window()->set_kernel_height(9); }, "window: required 8 positions");
  refused(
      [](Work &w) {
        w.mutable_window()->set_height(1 << 16), w.mutable_window()->set_width(1 << 16);
        w.set_fan_in(1ull << 30);
      },
      "window and fan_in: their product is over 2^53");
  refused([](Work &w) { w.clear_inputs(); }, "inputs: required 1 of them, found 0");
  refused([](Work &w) { w.set_inputs(0, 9); }, "inputs: required a buffer below 9, found 9");
  refused([](Work &w) { w.set_inputs(0, ToyModel::Active); }, "inputs: required whole timesteps of 24 values, found 3");
  refused([](Work &w) { w.clear_window(), w.set_fan_in(5); },
          "inputs: required whole timesteps of 40 values, found 24");
  refused([](Work &w) { w.clear_window(), w.set_rows(2), w.set_steps(3); },
          "steps: required a multiple of 4 timesteps, found 3");
  refused([](Work &w) { w.set_active(9); }, "active: a convolution has no tokens that could halt");
  refused([](Work &w) { w.set_kind(HALTING), w.set_fan_in(0), w.set_parts(1), w.set_max(1); },
          "window: only a weighted layer has one");
  refused([](Work &w) { w.set_block(0); },
          "block: required one below 1 in a time loop, with 3 rows, found 0 with 8 outside of a loop");
}

TEST_F(ManifestTest, WorkOfTokens) {
  enum { Attention = 1, Linear, Halt };
  auto refused = [&](int step, auto change, const char *message) {
    EXPECT_TRUE(failsWith(
        after([&](Manifest &m) { change(*loop(m).mutable_body(step)->mutable_launch()->mutable_work()); }), message));
  };
  refused(Linear, [](Work &w) { w.set_active(9); }, "step 3.2: work: active: required a buffer below 9, found 9");
  refused(Linear, [](Work &w) { w.set_active(ToyModel::Lif); }, "active: required 3 u8, found 24 u8");
  refused(Linear, [](Work &w) { w.set_active(ToyModel::Steps); }, "active: required 3 u8, found 3 i32");
  refused(
      Linear, [](Work &w) { w.set_block(1); },
      "block: required one below 1 in a time loop, with 3 rows, found 1 with 3");
  refused(Linear, [](Work &w) { w.set_inputs(0, ToyModel::Steps); }, "inputs: required whole timesteps of 24 values");
  refused(
      Linear, [](Work &w) { w.set_fan_in(4); },
      "inputs: required whole timesteps of 12 values, one in a loop, found 24");
  refused(
      Linear, [](Work &w) { w.set_fan_in(1), w.set_inputs(0, ToyModel::Steps); },
      "inputs: required spikes or counts, found i32");
  refused(Linear, [](Work &w) { w.set_layer("stem.conv"); }, "step 3.2: work: layer 'stem.conv' is there twice");
  refused(
      Attention, [](Work &w) { w.set_inputs(1, ToyModel::Current); }, "inputs: required spikes or counts, found f32");
  refused(
      Attention, [](Work &w) { w.set_inputs(2, ToyModel::Active); }, "inputs: required whole timesteps of 24 values");
  refused(Attention, [](Work &w) { w.set_fan_in(1); }, "fan_in: required 0 to 0, found 1");
  EXPECT_TRUE(failsWith(after([&](Manifest &m) {
                          Launch &neurons = *loop(m).mutable_body(Attention)->mutable_launch();
                          *neurons.mutable_work() = loop(m).body(Linear).launch().work();
                          neurons.mutable_work()->set_layer("another");
                        }),
                        "step 3.1: spikes: required 3 rows as the mask of its work has, found"));
  refused(Halt, [](Work &w) { w.clear_block(); }, "block and active: required with kind halting, found no block");
  refused(Halt, [](Work &w) { w.clear_active(); }, "block and active: required with kind halting, found no active");
  refused(Halt, [](Work &w) { w.add_inputs(0); }, "inputs: required 0 of them, found 1");
}

TEST(Names, OfElements) {
  EXPECT_EQ(elementSize(U8), 1u);
  EXPECT_EQ(elementSize(I32), 4u);
  EXPECT_EQ(elementSize(F32), 4u);
  EXPECT_EQ(elementSize(ELEMENT_UNSPECIFIED), 0u);
  EXPECT_STREQ(elementName(I32), "i32");
  EXPECT_STREQ(elementName(ELEMENT_UNSPECIFIED), "?");
}
