//===- BuildBlock.cpp - Spiking self-attention and MLP --------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"

using namespace mlir;
using namespace stas;
using namespace stas::import;

Value ModelBuilder::attention(const std::string &attn, Value x, Value active) {
  auto project = [&](llvm::StringRef part, Value input) {
    std::string prefix = attn + "." + part.str();
    Value spikes = fire(prefix + "_lif", dense(prefix, /*unit=*/1, input), config.lif.threshold);
    // A halted token takes no part in the attention. Masking the spikes and not
    // the input matters: bias and norm would still drive the neuron.
    return mask(prefix + "_lif", spikes, active);
  };
  Value query = project("q", x);
  Value key = project("k", x);
  Value value = project("v", x);
  Value y =
      AttentionOp::create(builder, at(attn), query, key, value, config.heads, llvm::APFloat(config.attentionScale));
  y = fire(attn + ".attn_lif", y, config.lif.attentionThreshold);
  return project("proj", y);
}

Value ModelBuilder::mlp(const std::string &mlp, Value x, Value active) {
  // The hidden neurons are masked too, though nobody would see them fire: a row that is masked is never computed.
  for (const char *part : {"fc1", "fc2"}) {
    std::string prefix = mlp + "." + part;
    Value spikes = fire(prefix + "_lif", dense(prefix, /*unit=*/2, x), config.lif.threshold);
    x = mask(prefix + "_lif", spikes, active);
  }
  return x;
}

Value ModelBuilder::block(int64_t index, Value x, Value active) {
  std::string name = "block." + std::to_string(index);
  Value y = attention(name + ".attn", x, active);
  x = AddOp::create(builder, at(name), x, y);
  y = mlp(name + ".mlp", x, active);
  return AddOp::create(builder, at(name), x, y);
}
