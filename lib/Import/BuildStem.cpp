//===- BuildStem.cpp - Spiking patch splitting ----------------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"

using namespace mlir;
using namespace stas;
using namespace stas::import;

/// Stage 0's modules have no number: proj_conv, proj_conv1, ...
static std::string stageName(llvm::StringRef part, unsigned stage) {
  return ("patch_embed." + part + (stage ? llvm::Twine(stage) : "")).str();
}

static int64_t channelAxis(Value map) { return cast<RankedTensorType>(map.getType()).getRank() - 3; }

Value ModelBuilder::stemCurrent(unsigned stage, Value x) {
  std::string conv = stageName("proj_conv", stage);
  Value y = Conv2dOp::create(builder, at(conv), x, weight(conv + ".weight"),
                             /*bias=*/WeightAttr(),
                             /*strides=*/llvm::ArrayRef<int64_t>{1, 1},
                             /*padding=*/llvm::ArrayRef<int64_t>{1, 1});
  return norm(stageName("proj_bn", stage), y, channelAxis(y));
}

Value ModelBuilder::stemSpikes(unsigned stage, Value current) {
  Value spikes = fire(stageName("proj_lif", stage), current, config.lif.threshold);
  if (!layout.poolsAfter(stage))
    return spikes;
  return MaxPool2dOp::create(builder, at(stageName("maxpool", stage)), spikes,
                             /*kernel=*/llvm::ArrayRef<int64_t>{3, 3},
                             /*strides=*/llvm::ArrayRef<int64_t>{2, 2},
                             /*padding=*/llvm::ArrayRef<int64_t>{1, 1});
}

Value ModelBuilder::stemFrom(unsigned first, Value x) {
  for (unsigned stage = first; stage < kStemStages; ++stage)
    x = stemSpikes(stage, stemCurrent(stage, x));
  // Relative position embedding: x + LIF(BN(conv(x))).
  std::string conv = "patch_embed.rpe_conv";
  Value y = Conv2dOp::create(builder, at(conv), x, weight(conv + ".weight"),
                             /*bias=*/WeightAttr(),
                             /*strides=*/llvm::ArrayRef<int64_t>{1, 1},
                             /*padding=*/llvm::ArrayRef<int64_t>{1, 1});
  y = norm("patch_embed.rpe_bn", y, channelAxis(y));
  y = fire("patch_embed.rpe_lif", y, config.lif.threshold);
  return AddOp::create(builder, at("patch_embed"), y, x);
}
