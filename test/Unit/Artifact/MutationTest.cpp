//===- MutationTest.cpp - Thousands of broken artifacts -------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Deterministic fuzzing: whatever the bytes are, the reader returns an error
// or a manifest that keeps all promises. Sanitizers see the rest.
//
//===----------------------------------------------------------------------===//

#include "../TestUtils.h"
#include "../Toy/ToyModel.h"
#include "Mutate.h"
#include "Resign.h"
#include "stas/Support/Checked.h"

using namespace stas;
using namespace stas::artifact;
using namespace stas::test;

namespace {

/// What the runtime relies on.
void checkPromises(const Artifact &artifact) {
  const Manifest &manifest = artifact.manifest();
  uint64_t weights = artifact.bytes("weights").size();
  for (const Buffer &buffer : manifest.buffers())
    ASSERT_TRUE(inRange(buffer.offset(), byteSize(buffer), manifest.arena_bytes()));
  ASSERT_LT(manifest.input_buffer(), static_cast<uint32_t>(manifest.buffers_size()));
  const Input &input = manifest.input();
  ASSERT_EQ(byteSize(manifest.buffers(manifest.input_buffer())),
            4ull * input.frames() * input.channels() * input.height() * input.width());
  auto checkLaunch = [&](const Launch &launch) {
    ASSERT_LT(launch.kernel(), static_cast<uint32_t>(manifest.kernels_size()));
    for (const Argument &argument : launch.args())
      if (argument.has_weights())
        ASSERT_LT(argument.weights(), weights);
      else
        ASSERT_LT(argument.buffer(), static_cast<uint32_t>(manifest.buffers_size()));
  };
  for (const Step &step : manifest.steps()) {
    if (step.has_launch())
      checkLaunch(step.launch());
    for (const Step &inner : step.time_loop().body())
      if (inner.has_launch())
        checkLaunch(inner.launch());
  }
}

} // namespace

TEST(Mutation, OfTheFile) {
  TempFolder folder;
  ToyModel().write(folder / "good.stas");
  const std::string good = readAll(folder / "good.stas");
  Random random(1);
  for (int i = 0; i < 4000; ++i) {
    std::string bytes = good;
    mutate(bytes, random);
    if (bytes == good)
      continue;
    writeAll(folder / "a.stas", bytes);
    ASSERT_FALSE(Artifact::open(folder / "a.stas")) << i;
  }
}

TEST(Mutation, OfTheFileWithRightChecksums) {
  TempFolder folder;
  ToyModel().write(folder / "good.stas");
  const std::string good = readAll(folder / "good.stas");
  Random random(2);
  int accepted = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string bytes = good;
    mutate(bytes, random);
    resign(bytes);
    writeAll(folder / "a.stas", bytes);
    if (auto artifact = Artifact::open(folder / "a.stas")) {
      checkPromises(*artifact);
      ++accepted;
    }
  }
  // Changed code or weights are still an artifact.
  EXPECT_GT(accepted, 100);
}

TEST(Mutation, OfTheManifest) {
  TempFolder folder;
  ToyModel toy;
  toy.write(folder / "good.stas");
  std::string file = readAll(folder / "good.stas");
  const std::string good = toy.manifest.SerializeAsString();
  Random random(3);
  int accepted = 0, refused = 0;
  for (int i = 0; i < 12000; ++i) {
    std::string bytes = good;
    mutate(bytes, random);
    replaceManifest(file, bytes);
    writeAll(folder / "a.stas", file);
    if (auto artifact = Artifact::open(folder / "a.stas")) {
      checkPromises(*artifact);
      ++accepted;
    } else {
      ++refused;
    }
  }
  EXPECT_GT(accepted, 100);
  EXPECT_GT(refused, 5000);
}
