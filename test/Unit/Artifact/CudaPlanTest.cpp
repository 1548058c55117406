//===- CudaPlanTest.cpp - Launch plans of GPUs, right and wrong -----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mutate.h"
#include "Resign.h"
#include "ToyCuda.h"
#include "stas/Target/Artifact/Limits.h"

using namespace stas;
using namespace stas::artifact;
using namespace stas::cudaplan;
using namespace stas::test;

/// What validate() says of the toy after a change.
template <typename Change> static Status after(Change change) {
  ToyCuda toy;
  change(toy.plan, toy.manifest);
  return cudaplan::validate(toy.plan, toy.manifest, [](std::string_view name) -> uint64_t {
    return name == "weights" ? 16 : name == "ptx_sm_80" ? 1000 : 0;
  });
}

#define EXPECT_REFUSED(change, message) EXPECT_TRUE(failsWith(after([](CudaPlan &p, Manifest &m) { change; }), message))

static cudaplan::Launch &launch(CudaPlan &plan) { return *plan.mutable_steps(1)->mutable_launch(); }

TEST(CudaPlan, TheToyIsValid) {
  EXPECT_TRUE(succeeds(after([](CudaPlan &, Manifest &) {})));
}

TEST(CudaPlan, Codes) {
  EXPECT_REFUSED(p.set_version(2), "cudaplan: version: required 1, found 2");
  EXPECT_REFUSED(p.clear_codes(), "codes count: required 1 to 8, found 0");
  EXPECT_REFUSED(p.mutable_codes(0)->set_form(FORM_UNSPECIFIED), "codes: form 0 is unknown");
  EXPECT_REFUSED(*p.add_codes() = p.codes(0), "codes: 'ptx_sm_80' is there twice");
  EXPECT_REFUSED(p.mutable_codes(0)->set_form(CUBIN), "codes: there is no section 'cubin_sm_80' to hold one");
  for (const char *name : {"", "sm_", "sm_8", "sm_08", "sm_1000", "sm_80b", "sm_a0", "80", "sm_80\n"})
    EXPECT_TRUE(failsWith(after([&](CudaPlan &plan, Manifest &) { plan.mutable_codes(0)->set_architecture(name); }),
                          "codes: required an architecture such as sm_80 or sm_90a, found '"));
}

TEST(CudaPlan, Kernels) {
  EXPECT_REFUSED(for (int i = 0; i < 70000; ++i) p.add_kernels(), "kernels count: required 0 to 65536, found");
  EXPECT_REFUSED(p.mutable_kernels(0)->set_name("a b"), "kernels: required a C identifier, found 'a b'");
  EXPECT_REFUSED(p.mutable_kernels(0)->set_shared_bytes(2 << 20),
                 "kernel 'scale' shared_bytes: required 0 to 1048576, found 2097152");
  EXPECT_REFUSED(p.mutable_kernels(0)->set_threads(0), "kernel 'scale' of 'stem': required 1 to 1024 threads");
}

TEST(CudaPlan, Buffers) {
  EXPECT_REFUSED(p.clear_buffers(), "buffers count: required 1 to 65536, found 0");
  EXPECT_REFUSED(p.mutable_buffers(1)->set_name(std::string(2000, 'x')), "buffer name length: required 0 to 1024");
  EXPECT_REFUSED(p.mutable_buffers(1)->set_image_bytes(~0ull), "buffer 'scaled': required 1 B to 256.0 TiB");
}

TEST(CudaPlan, Steps) {
  EXPECT_REFUSED(p.mutable_steps(0)->clear_kind(), "step 0: required a launch or a fill, found none");
  EXPECT_REFUSED(p.mutable_steps(0)->mutable_fill()->set_value(256), "step 0 value: required 0 to 255, found 256");
  EXPECT_REFUSED(p.mutable_steps(0)->mutable_fill()->set_buffer(5), "a fill of 'head': speaks of buffer 5 of 5");
  EXPECT_REFUSED(p.mutable_steps(1)->set_layer(std::string(2000, 'x')), "step 1 layer length: required 0 to 1024");
  EXPECT_REFUSED(launch(p).set_kernel(3), "step 1: kernel: required below 3, found 3");
  EXPECT_REFUSED(for (int i = 0; i < 300; ++i) launch(p).add_arguments(),
                 "step 1 arguments count: required 0 to 256, found 304");
  EXPECT_REFUSED(launch(p).add_arguments(), "step 1: argument: required a buffer, weights or a number, found none");
  EXPECT_REFUSED(launch(p).mutable_arguments(0)->set_read(9), "speaks of buffer 9 of 5");
  EXPECT_REFUSED(launch(p).mutable_arguments(0)->set_read(1), "reads buffer 'scaled', which nobody wrote before");
  EXPECT_REFUSED(launch(p).mutable_arguments(1)->set_weights(16), "required an offset below the 16 B of weights");
  EXPECT_REFUSED(launch(p).set_rows_per_block(0), "blocks for an image, found another number");
  EXPECT_REFUSED(for (int i = 0; i < 300000; ++i) p.add_steps(), "steps count: required 0 to 262144, found");
}

TEST(CudaPlan, Ends) {
  EXPECT_REFUSED(p.set_input_buffer(5), "input_buffer: required a buffer below 5, found 5");
  EXPECT_REFUSED(m.mutable_input()->set_width(3), "input_buffer: required 24 B an image, found 16");
  EXPECT_REFUSED(p.set_logits_buffer(5), "logits_buffer: required a buffer below 5, found 5");
  EXPECT_REFUSED(m.set_classes(2), "logits_buffer: required 8 B an image, found 4");
  EXPECT_REFUSED(p.set_halting_buffer(3), "halting_buffer: tokens and blocks must not be 0 where it is given");
  EXPECT_REFUSED(
      {
        p.set_halting_buffer(3);
        m.set_tokens(1);
        m.set_blocks(2);
      },
      "halting_buffer: required lexicographic, rectangular or timestep as the order, found 0");
  auto halting = [](uint32_t tokens) {
    return after([tokens](CudaPlan &plan, Manifest &manifest) {
      plan.set_halting_buffer(3);
      manifest.set_tokens(tokens);
      manifest.set_blocks(2);
      manifest.set_halting_order(RECTANGULAR);
    });
  };
  EXPECT_TRUE(failsWith(halting(2), "halting_buffer: required 8 B an image, found 4"));
  EXPECT_TRUE(succeeds(halting(1)));
}

/// Written and read it is the plan that it was.
TEST(CudaPlan, RoundTrip) {
  ToyCuda toy;
  EXPECT_EQ(toy.plan.kernels_size(), 3);
  CudaPlan again;
  *again.mutable_codes() = toy.plan.codes();
  cudaplan::write(cudaplan::planOf(toy.plan, 16), again);
  EXPECT_EQ(again.SerializeAsString(), toy.plan.SerializeAsString());
}

TEST(CudaPlan, InAFile) {
  TempFolder folder;
  ToyCuda toy;
  toy.addCode("sm_90a", CUBIN);
  ASSERT_TRUE(succeeds(toy.write(folder / "a.stas")));
  auto file = Artifact::open(folder / "a.stas");
  ASSERT_TRUE(succeeds(file));
  ASSERT_NE(file->cudaPlan(), nullptr);
  EXPECT_EQ(file->coreMap(), nullptr);
  EXPECT_EQ(file->cudaPlan()->SerializeAsString(), toy.plan.SerializeAsString());
  EXPECT_EQ(file->bytes("cubin_sm_90a"), std::string_view(ToyCuda::kMachineCode));
}

TEST(CudaPlan, WriterRefuses) {
  TempFolder folder;
  ToyCuda toy;
  toy.manifest.set_target("chip");
  EXPECT_TRUE(
      failsWith(toy.write(folder / "a.stas"), "a.stas: refusing to write: core map: required with target chip"));
  toy.manifest.set_target("cuda");
  toy.plan.set_version(7);
  EXPECT_TRUE(failsWith(toy.write(folder / "a.stas"), "a.stas: refusing to write: cudaplan: version: required 1"));
  auto writer = ArtifactWriter::create(folder / "a.stas");
  ASSERT_TRUE(succeeds(writer));
  EXPECT_TRUE(
      failsWith(writer->finish(toy.manifest), "cudaplan: required with target cuda, and with no other, found none"));
  toy.manifest.set_target("cpu");
  EXPECT_FALSE(writer->finish(toy.manifest, ToyCuda().plan));
  EXPECT_TRUE(folder.names().empty());
}

TEST(CudaPlan, AFileWithoutOne) {
  TempFolder folder;
  ASSERT_TRUE(succeeds(ToyCuda().write(folder / "a.stas")));
  const std::string bytes = readAll(folder / "a.stas");
  auto rename = [&](const std::string &from, const std::string &to) {
    std::string renamed = bytes;
    renamed.replace(renamed.find(from), to.size(), to);
    resign(renamed);
    writeAll(folder / "b.stas", renamed);
    return Artifact::open(folder / "b.stas");
  };
  EXPECT_TRUE(failsWith(rename("cudaplan", "cudaplot"), "damaged artifact: there is no section 'cudaplan'"));
  EXPECT_TRUE(failsWith(rename("ptx_sm_80", "ptx_sm_99"),
                        "damaged artifact: cudaplan: codes: there is no section 'ptx_sm_80' to hold one"));
}

/// Whatever the bytes are, what is accepted keeps its promises to the runtime.
TEST(CudaPlan, Mutations) {
  const std::string good = ToyCuda().plan.SerializeAsString();
  Random random(5);
  int accepted = 0, refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string bytes = good;
    mutate(bytes, random);
    Status status = after([&](CudaPlan &plan, Manifest &) {
      if (!plan.ParseFromString(bytes))
        plan.Clear();
    });
    (status ? accepted : refused)++;
    if (!status)
      continue;
    CudaPlan plan;
    ASSERT_TRUE(plan.ParseFromString(bytes));
    cuda::Plan ready = cudaplan::planOf(plan, 16);
    ASSERT_TRUE(cuda::check(ready));
    for (uint64_t images : {1, 7})
      ASSERT_TRUE(cuda::check(ready, cuda::layOut(ready, images), images));
  }
  EXPECT_GT(accepted, 100);
  EXPECT_GT(refused, 10000);
}

TEST(CudaPlan, MutationsOfTheFile) {
  TempFolder folder;
  ASSERT_TRUE(succeeds(ToyCuda().write(folder / "good.stas")));
  const std::string good = readAll(folder / "good.stas");
  Random random(6);
  for (int i = 0; i < 4000; ++i) {
    std::string bytes = good;
    mutate(bytes, random);
    bool isChanged = bytes != good;
    if (i % 2)
      resign(bytes);
    writeAll(folder / "a.stas", bytes);
    auto file = Artifact::open(folder / "a.stas");
    if (i % 2 == 0 && isChanged) {
      ASSERT_FALSE(file) << i;
    }
    if (file) {
      ASSERT_TRUE(cuda::check(cudaplan::planOf(*file->cudaPlan(), file->bytes("weights").size()))) << i;
    }
  }
}
