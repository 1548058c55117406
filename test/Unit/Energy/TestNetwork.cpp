//===- TestNetwork.cpp - A network small enough to count by hand ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestNetwork.h"

using namespace stas;
using namespace stas::energy;

/// A layer of so many rows, with so many inputs and outputs a row.
static Layer layer(const char *name, int64_t rows, int64_t fanIn, int64_t channels) {
  Layer layer;
  layer.name = name;
  layer.rows = rows;
  layer.fanIn = fanIn;
  layer.channels = channels;
  return layer;
}

Network test::testNetwork() {
  Layer conv = layer("conv", 4, 9, 4);
  conv.window = Window{2, 2, {3, 3}, {1, 1}, {1, 1}, true};
  conv.parts = conv.max = 0;
  conv.neuronSteps = 2;

  Layer mean = layer("mean", 1, 4, 4);
  mean.window = Window{2, 2, {1, 1}, {2, 2}, {0, 0}, false};
  mean.parts = mean.max = 2;

  Layer linear = layer("linear", 2, 4, 3);
  linear.max = 2;

  Layer attention = layer("attention", 2, 0, 6);
  attention.kind = LayerKind::Coincidence;
  attention.heads = 2;

  Layer halting = layer("block.halting", 2, 0, 3);
  halting.kind = LayerKind::Halting;

  Layer head = layer("head", 1, 3, 5);
  head.parts = head.max = 0;

  for (Layer *neurons : {&mean, &linear, &attention})
    neurons->neuronSteps = 1;
  for (Layer *inBlock : {&linear, &attention, &halting}) {
    inBlock->timesteps = 2;
    inBlock->block = 0;
  }
  linear.masked = halting.masked = true;

  Network network;
  network.source = "test.pth";
  network.family = "stas";
  network.timesteps = 2;
  network.tokens = 2;
  network.blocks = 1;
  network.layers = {conv, mean, linear, attention, halting, head};
  return network;
}

Rates test::testRates() {
  Rates rates;
  rates.source = "test.pth";
  rates.images = 4;
  rates.layers.resize(6);
  rates.layers[Conv].inputs = {{16, 0, 0, 0, 0}};
  rates.layers[Mean].inputs = {{4, 20, 16, 12, 5}};
  rates.layers[Linear].inputs = {{8, 12, 10, 2, 12}, {2, 4, 4, 0, 4}};
  rates.layers[Attention].coincidences = {{8, 10, 12, 14, 6, 8, 9, 7}, {4, 2, 2, 2, 1, 1, 1, 1}};
  rates.layers[Halting].active = {8, 2};
  rates.layers[Head].inputs = {{4, 0, 0, 0, 0}};
  rates.neurons = {{"lif", 6, {3, 1}, {4, 1}}};
  return rates;
}
