//===- ManifestText.cpp - A manifest as text ------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ManifestText.h"
#include "CoreMapText.h"
#include "CudaPlanText.h"
#include "ListText.h"
#include "stas/Support/Text.h"

using namespace stas;
using namespace stas::artifact;

static std::string bufferText(const Manifest &manifest, uint32_t id) {
  std::string name = printable(manifest.buffers(id).name());
  return "%" + std::to_string(id) + (name.empty() ? "" : "." + name);
}

static void printSteps(std::ostream &out, const Manifest &manifest,
                       const google::protobuf::RepeatedPtrField<Step> &steps, int indent) {
  for (const Step &step : steps) {
    out << std::string(indent, ' ');
    if (step.has_time_loop()) {
      out << "for t in 0.." << step.time_loop().timesteps() - 1 << ":\n";
      printSteps(out, manifest, step.time_loop().body(), indent + 2);
    } else if (step.has_stop_when_idle()) {
      out << "stop when " << bufferText(manifest, step.stop_when_idle().buffer()) << " is all zero\n";
    } else {
      const Launch &launch = step.launch();
      out << manifest.kernels(launch.kernel()) << "(";
      std::string separator;
      for (const Argument &argument : launch.args()) {
        out << separator;
        if (argument.has_buffer())
          out << bufferText(manifest, argument.buffer());
        else
          out << "weights+" << argument.weights();
        separator = ", ";
      }
      out << ") over " << launch.extent();
      if (!launch.layer().empty())
        out << "  # " << printable(launch.layer());
      if (launch.sums() != SUMS_UNSPECIFIED)
        out << " by " << artifact::sumsName(launch.sums());
      if (launch.when() != ALWAYS)
        out << (launch.when() == OBSERVED ? " (observed)" : " (unobserved)");
      if (launch.has_spikes())
        out << " -> " << launch.spikes().layer() << " [" << listText(launch.spikes().dims(), ", ") << "]";
      out << '\n';
    }
  }
}

static void printModel(std::ostream &out, const Manifest &manifest) {
  const Input &input = manifest.input();
  std::string frames = input.frames() > 1 ? std::to_string(input.frames()) + " x " : "";
  Table table;
  table.row({"producer", printable(manifest.producer())});
  table.row({"source", printable(manifest.source())});
  table.row({"family", printable(manifest.family())});
  bool isCPU = manifest.target() == "cpu";
  table.row({"target", printable(manifest.target()) + (isCPU ? " (--cpu=" + printable(manifest.cpu()) + ")" : "") +
                           ", " + printable(manifest.precision())});
  if (isCPU)
    table.row({"CPU features", printable(listText(manifest.cpu_features(), " "), 2000)});
  for (const Variant &variant : manifest.variants())
    table.row({"code for " + printable(variant.cpu()), printable(listText(variant.cpu_features(), " "), 2000)});
  table.row({"input", frames + std::to_string(input.channels()) + "x" + std::to_string(input.height()) + "x" +
                          std::to_string(input.width())});
  if (input.mean_size() > 0) {
    table.row({"mean", listText(input.mean(), ", ")});
    table.row({"std", listText(input.std(), ", ")});
  }
  table.row({"classes", std::to_string(manifest.classes())});
  table.row({"timesteps", std::to_string(manifest.timesteps())});
  if (!isCPU) {
    if (manifest.blocks() > 0)
      table.row({"halting", std::to_string(manifest.tokens()) + " tokens in " + std::to_string(manifest.blocks()) +
                                " blocks" +
                                (manifest.halting_order() != HALTING_ORDER_UNSPECIFIED
                                     ? std::string(", ") + artifact::orderName(manifest.halting_order())
                                     : "")});
    return table.print(out, 2);
  }
  // Recorded of encoders that halt: what their halting steps are steps of.
  if (manifest.has_halting_buffer()) {
    table.row({"tokens", std::to_string(manifest.tokens())});
    table.row({"blocks", std::to_string(manifest.blocks())});
  }
  bool halts = manifest.halting_order() != HALTING_ORDER_UNSPECIFIED;
  table.row({"halting", halts ? artifact::orderName(manifest.halting_order()) : "none"});
  table.row({"memory",
             humanBytes(manifest.arena_bytes()) + " an image, " + humanBytes(manifest.scratch_bytes()) + " a thread"});
  table.print(out, 2);
}

void stas::printManifestText(std::ostream &out, const Artifact &artifact) {
  const Manifest &manifest = artifact.manifest();
  out << artifact.path() << ": " << humanBytes(artifact.fileSize()) << "\n\nsections\n";
  Table sections({"name", "offset", "bytes", "sha256"});
  for (const SectionInfo &section : artifact.sections())
    sections.row({section.name, std::to_string(section.offset), std::to_string(section.size), section.sha256});
  sections.print(out, 2);

  out << "\nmodel\n";
  printModel(out, manifest);
  if (const coremap::CoreMap *map = artifact.coreMap())
    return printCoreMapText(out, *map);
  if (const cudaplan::CudaPlan *plan = artifact.cudaPlan())
    return printCudaPlanText(out, *plan);

  out << "\nbuffers\n";
  Table buffers({"buffer", "type", "offset", "bytes", ""});
  for (int i = 0; i < manifest.buffers_size(); ++i) {
    const Buffer &buffer = manifest.buffers(i);
    std::string role = buffer.zero_at_start() ? "zero at start" : "";
    for (auto [id, name] :
         {std::pair<uint32_t, const char *>(manifest.input_buffer(), "input"), {manifest.logits_buffer(), "logits"}})
      if (id == static_cast<uint32_t>(i))
        role += (role.empty() ? "" : ", ") + std::string(name);
    if (manifest.has_halting_buffer() && manifest.halting_buffer() == static_cast<uint32_t>(i))
      role += (role.empty() ? "" : ", ") + std::string("halting");
    buffers.row({bufferText(manifest, i),
                 std::string(elementName(buffer.element())) + " [" + listText(buffer.dims(), ", ") + "]",
                 std::to_string(buffer.offset()), std::to_string(byteSize(buffer)), role});
  }
  buffers.print(out, 2);

  out << "\nplan\n";
  printSteps(out, manifest, manifest.steps(), 2);
}
