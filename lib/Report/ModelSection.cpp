//===- ModelSection.cpp - What a model is ---------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Figures.h"
#include "Sections.h"
#include "Tables.h"
#include "stas/Support/Text.h"

using namespace stas;
using namespace stas::report;
using namespace stas::artifact;

std::string report::inputText(const Input &input) {
  std::string size =
      std::to_string(input.channels()) + " × " + std::to_string(input.height()) + " × " + std::to_string(input.width());
  return input.frames() > 1 ? std::to_string(input.frames()) + " frames of " + size : size;
}

static std::string features(const google::protobuf::RepeatedPtrField<std::string> &names) {
  std::string text;
  for (const std::string &name : names)
    text += (text.empty() ? "" : " ") + shown(name);
  return text;
}

static std::string numbers(const google::protobuf::RepeatedField<float> &values) {
  constexpr int kMost = 8; // of channels
  std::string text;
  for (int i = 0; i < std::min(values.size(), kMost); ++i)
    text += (i ? ", " : "") + fixed(values[i], 4);
  return values.size() > kMost ? text + ", …" : text;
}

std::optional<HaltingKind> report::haltingOf(const Artifact &artifact) {
  const Manifest &manifest = artifact.manifest();
  if (manifest.has_halting_buffer())
    return HaltingKind{manifest.tokens(), manifest.blocks(), manifest.halting_order() == LEXICOGRAPHIC,
                       orderName(manifest.halting_order())};
  if (!artifact.coreMap())
    return std::nullopt;
  // On a chip each block has a population of halting neurons, one for each token.
  std::optional<HaltingKind> kind;
  for (const coremap::Population &of : artifact.coreMap()->populations())
    if (of.has_halting() && !kind)
      kind = HaltingKind{manifest.tokens(), manifest.blocks(),
                         of.halting().order() == coremap::Halting::ORDER_LEXICOGRAPHIC,
                         orderName(static_cast<HaltingOrder>(of.halting().order()))};
  return kind;
}

static std::string haltingText(const Artifact &artifact) {
  std::optional<HaltingKind> kind = haltingOf(artifact);
  if (!kind)
    return "none: every token goes through every block";
  return plural(kind->tokens, "token") + ", " + plural(kind->blocks, "block") + ", scores summed in " + kind->order +
         " order";
}

static std::string targetText(const Artifact &artifact) {
  const Manifest &manifest = artifact.manifest();
  return shown(manifest.target()) + ", " +
         shown(artifact.coreMap() ? artifact.coreMap()->device().name() : manifest.cpu());
}

/// Code and memory of an artifact for a CPU.
static void writeCode(Html &html, const Manifest &manifest) {
  Listing code{"Code in the artifact; the last that a machine can run is taken",
               {{"CPU"}, {"Scratch memory", true}, {"Features that it needs"}},
               {{shown(manifest.cpu()), humanBytes(manifest.scratch_bytes()), features(manifest.cpu_features())}}};
  for (const Variant &variant : manifest.variants())
    code.rows.push_back({shown(variant.cpu()), humanBytes(variant.scratch_bytes()), features(variant.cpu_features())});
  writeFoldedTable(html, "Code for " + plural(code.rows.size(), "kind") + " of CPU", code);
}

void report::writeModel(Html &html, const Content &content) {
  const Manifest &manifest = content.artifact.manifest();
  auto section = html.open("section", {{"id", "model"}});
  html.leaf("h2", "Model");
  std::vector<std::pair<std::string, std::string>> pairs = {
      {"Checkpoint", shown(manifest.source())},
      {"Family", shown(manifest.family())},
      {"Precision", shown(manifest.precision())},
      {"Input", inputText(manifest.input())},
      {"Timesteps", std::to_string(manifest.timesteps())},
      {"Classes", humanCount(manifest.classes())},
      {"Halting", haltingText(content.artifact)},
      {"Target", targetText(content.artifact)},
      {"Artifact", humanBytes(content.artifact.fileSize())},
      {"Compiled by", shown(manifest.producer())},
  };
  if (!content.artifact.coreMap())
    pairs.push_back({"Working memory", humanBytes(manifest.arena_bytes()) + " an image, " +
                                           humanBytes(manifest.scratch_bytes()) + " a thread"});
  writePairs(html, pairs);

  if (!content.artifact.coreMap())
    writeCode(html, manifest);
  Listing sections{"Sections of the file", {{"Section"}, {"Bytes", true}, {"SHA-256"}}};
  for (const SectionInfo &info : content.artifact.sections())
    sections.rows.push_back({info.name, humanCount(info.size), info.sha256});
  writeFoldedTable(html, "What the file holds", sections);

  const Input &input = manifest.input();
  if (input.mean_size() > 0)
    writeFoldedTable(html, "How pixels are normalised",
                     {"Pixels of 0 … 1 become (pixel − mean) / standard deviation",
                      {{"Of each channel"}, {"Values"}},
                      {{"mean", numbers(input.mean())}, {"standard deviation", numbers(input.std())}}});
}
