//===- ToyCuda.h - A small artifact for a GPU -------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_ARTIFACT_TOYCUDA_H
#define STAS_TEST_UNIT_ARTIFACT_TOYCUDA_H

#include "../CUDARuntime/PlanTest.h"
#include "../TestUtils.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/ArtifactWriter.h"
#include "stas/Target/Artifact/CudaPlan.h"

namespace stas {
namespace test {

/// The plan of PlanTest.h as an artifact: images of 1 x 2 x 2 words, whose weighted sum is the only logit.
struct ToyCuda {
  ToyCuda() {
    manifest.set_producer("toy");
    manifest.set_source("toy.pth");
    manifest.set_family("spikformer");
    manifest.set_target("cuda");
    manifest.set_precision("int16");
    manifest.set_timesteps(4);
    manifest.set_classes(1);
    artifact::Input &input = *manifest.mutable_input();
    input.set_frames(1);
    input.set_channels(1);
    input.set_height(2);
    input.set_width(2);
    addCode("sm_80", cudaplan::PTX);
    cudaplan::write(cuda::smallPlan(), plan);
  }
  void addCode(const std::string &architecture, cudaplan::Form form) {
    cudaplan::Code &code = *plan.add_codes();
    code.set_architecture(architecture);
    code.set_form(form);
  }

  /// PTX for every architecture is the same, and machine code is some that no driver takes.
  Status write(const std::string &path) const {
    auto writer = artifact::ArtifactWriter::create(path);
    if (!writer)
      return writer.error();
    auto add = [&](const std::string &section, const void *bytes, size_t size) -> Status {
      if (Status status = writer->beginSection(section); !status)
        return status;
      auto at = writer->append(bytes, size);
      return at ? Status() : at.error();
    };
    const uint32_t weights[] = {1, 10, 100, 1000};
    if (Status status = add("weights", weights, sizeof(weights)); !status)
      return status;
    for (const cudaplan::Code &code : plan.codes()) {
      std::string_view bytes = code.form() == cudaplan::PTX ? cuda::kPlanKernels : kMachineCode;
      if (Status status = add(cudaplan::sectionOf(code), bytes.data(), bytes.size()); !status)
        return status;
    }
    return writer->finish(manifest, plan);
  }

  static constexpr char kMachineCode[] = "\x7f"
                                         "ELF";
  artifact::Manifest manifest;
  cudaplan::CudaPlan plan;
};

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_ARTIFACT_TOYCUDA_H
