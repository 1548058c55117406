//===- Layout.cpp - Reading widths and depth from keys and shapes ---------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Import/Layout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <map>
#include <set>

using namespace stas::import;
using llvm::StringRef;

/// No width of a real model is near this; it bounds what a hostile file can
/// make the importer build.
static constexpr int64_t kMaxExtent = 1 << 20;

bool stas::import::isExtent(int64_t extent) { return extent >= 1 && extent <= kMaxExtent; }

StringRef Layout::denseSuffix() const { return naming == Naming::Cifar ? "linear" : "conv"; }

namespace {
class LayoutReader {
public:
  LayoutReader(const Checkpoint &checkpoint) {
    for (const TensorRef &tensor : checkpoint.tensors)
      tensors[tensor.key] = &tensor;
  }
  std::optional<Layout> read(StringRef path, Report &report);

private:
  bool has(const llvm::Twine &key) const { return tensors.contains(key.str()); }
  /// Casts a vote for the extent of the key's axis, if there is such a tensor.
  void vote(const llvm::Twine &key, unsigned axis) {
    auto it = tensors.find(key.str());
    if (it == tensors.end() || axis >= it->second->shape.size())
      return;
    int64_t extent = it->second->shape[axis];
    if (isExtent(extent))
      ++votes[extent];
  }
  void voteNorm(const llvm::Twine &prefix) {
    for (StringRef part : {".weight", ".bias", ".running_mean", ".running_var"})
      vote(prefix + part, 0);
  }
  /// The extent with most votes (the smallest of equals), or kUnknownExtent.
  int64_t elected() {
    int64_t best = kUnknownExtent, most = 0;
    for (auto [extent, count] : votes)
      if (count > most)
        best = extent, most = count;
    votes.clear();
    return best;
  }
  int64_t readDepth(StringRef path, Report &report) const;

  llvm::StringMap<const TensorRef *> tensors;
  std::map<int64_t, int64_t> votes;
};
} // namespace

/// Eight times the deepest published model's.
static constexpr size_t kMaxDepth = 128;

/// The number of blocks, or 0 after reporting.
int64_t LayoutReader::readDepth(StringRef path, Report &report) const {
  std::set<uint64_t> indices;
  for (const auto &entry : tensors) {
    StringRef key = entry.first();
    uint64_t index;
    if (key.consume_front("block.") && !key.consumeInteger(10, index) && key.starts_with("."))
      indices.insert(index);
  }
  if (indices.size() > kMaxDepth) {
    report.problem(path, "", "up to " + llvm::Twine(kMaxDepth) + " blocks", llvm::Twine(indices.size()),
                   "check that the file holds one model");
    return 0;
  }
  uint64_t next = 0;
  for (uint64_t index : indices)
    if (index != next++) {
      report.problem(path, "layer block." + llvm::Twine(index), "blocks numbered 0, 1, 2, ...",
                     "no block." + llvm::Twine(next - 1) + " before it", "save the whole model");
      return 0;
    }
  return indices.size();
}

std::optional<Layout> LayoutReader::read(StringRef path, Report &report) {
  Layout layout;
  // The majority tells the naming, so that one key may be missing or too many.
  auto count = [&](StringRef suffix) {
    return llvm::count_if(tensors, [&](const auto &entry) {
      return entry.first().starts_with("block.") && entry.first().ends_with(suffix);
    });
  };
  auto linear = count("_linear.weight"), conv = count("_conv.weight");
  if (linear + conv == 0 || !(has("patch_embed.proj_conv.weight") || has("patch_embed.proj_bn.weight"))) {
    report.problem(path, "",
                   "a Spikformer or STAS state dict (patch_embed.proj_conv.weight, block.0.attn.q_linear.weight or "
                   "q_conv.weight, ...)",
                   "none of its keys, or not enough of them", "check that the file holds one of these models");
    return std::nullopt;
  }
  layout.naming = linear >= conv ? Naming::Cifar : Naming::ImageNet;
  layout.depth = readDepth(path, report);
  if (!layout.depth)
    return std::nullopt;

  std::string dense = "_" + layout.denseSuffix().str();
  vote("patch_embed.proj_conv.weight", 1);
  layout.inChannels = elected();
  for (unsigned i = 0; i < kStemStages; ++i) {
    std::string n = i ? std::to_string(i) : "";
    vote("patch_embed.proj_conv" + n + ".weight", 0);
    voteNorm("patch_embed.proj_bn" + n);
    if (i + 1 < kStemStages)
      vote("patch_embed.proj_conv" + std::to_string(i + 1) + ".weight", 1);
    layout.stageChannels[i] = elected();
  }
  vote("patch_embed.rpe_conv.weight", 0);
  vote("patch_embed.rpe_conv.weight", 1);
  voteNorm("patch_embed.rpe_bn");
  vote("head.weight", 1);
  for (int64_t i = 0; i < layout.depth; ++i) {
    std::string attn = "block." + std::to_string(i) + ".attn.";
    for (StringRef part : {"q", "k", "v", "proj"}) {
      vote(attn + part + dense + ".weight", 0);
      voteNorm(attn + part + "_bn");
    }
  }
  layout.width = elected();
  // The position embedding adds its input, so the last stage has the width too.
  layout.stageChannels.back() = layout.width;
  for (int64_t i = 0; i < layout.depth; ++i) {
    std::string mlp = "block." + std::to_string(i) + ".mlp.";
    vote(mlp + "fc1" + dense + ".weight", 0);
    voteNorm(mlp + "fc1_bn");
    vote(mlp + "fc2" + dense + ".weight", 1);
    layout.hidden.push_back(elected());
  }
  vote("head.weight", 0);
  vote("head.bias", 0);
  layout.classes = elected();
  return layout;
}

std::optional<Layout> stas::import::readLayout(const Checkpoint &checkpoint, Report &report) {
  return LayoutReader(checkpoint).read(checkpoint.path, report);
}

std::vector<ExpectedTensor> stas::import::expectedTensors(const Layout &layout) {
  std::vector<ExpectedTensor> result;
  auto add = [&](std::string key, llvm::ArrayRef<int64_t> shape) {
    result.push_back({std::move(key), llvm::SmallVector<int64_t, 4>(shape)});
  };
  auto addNorm = [&](const std::string &prefix, int64_t channels) {
    for (const char *part : {".weight", ".bias", ".running_mean", ".running_var"})
      add(prefix + part, channels);
    result.back().variance = true;
  };
  bool conv = layout.naming == Naming::ImageNet;
  std::string dense = "_" + layout.denseSuffix().str();
  // `unit` is the number of kernel axes (of extent 1) behind [out, in].
  auto addDense = [&](const std::string &prefix, int64_t out, int64_t in, unsigned unit, bool bias) {
    llvm::SmallVector<int64_t, 4> shape{out, in};
    shape.append(conv ? unit : 0, 1);
    add(prefix + dense + ".weight", shape);
    if (bias)
      add(prefix + dense + ".bias", out);
    addNorm(prefix + "_bn", out);
  };

  int64_t in = layout.inChannels;
  for (unsigned i = 0; i < kStemStages; ++i) {
    std::string n = i ? std::to_string(i) : "";
    int64_t out = layout.stageChannels[i];
    add("patch_embed.proj_conv" + n + ".weight", {out, in, 3, 3});
    addNorm("patch_embed.proj_bn" + n, out);
    in = out;
  }
  int64_t d = layout.width;
  add("patch_embed.rpe_conv.weight", {d, d, 3, 3});
  addNorm("patch_embed.rpe_bn", d);
  for (int64_t i = 0; i < layout.depth; ++i) {
    std::string block = "block." + std::to_string(i);
    for (const char *part : {"q", "k", "v", "proj"})
      addDense(block + ".attn." + part, d, d, 1, !conv || StringRef(part) == "proj");
    addDense(block + ".mlp.fc1", layout.hidden[i], d, 2, true);
    addDense(block + ".mlp.fc2", d, layout.hidden[i], 2, true);
  }
  add("head.weight", {layout.classes, d});
  add("head.bias", layout.classes);
  return result;
}
