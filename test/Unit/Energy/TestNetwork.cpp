//===- TestNetwork.cpp - A network small enough to count by hand ----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestNetwork.h"

using namespace stas;
using namespace stas::energy;

Network test::testNetwork() {
  Network network;
  network.source = "test.pth";
  network.family = "stas";
  network.timesteps = 2;
  network.tokens = 2;
  network.blocks = 1;
  network.layers.resize(6);
  Layer &conv = network.layers[Conv];
  conv.name = "conv";
  conv.rows = 4;
  conv.fanIn = 9;
  conv.channels = 4;
  conv.window = Window{2, 2, {3, 3}, {1, 1}, {1, 1}, true};
  conv.parts = conv.max = 0;
  conv.neuronSteps = 2;
  Layer &mean = network.layers[Mean];
  mean.name = "mean";
  mean.rows = 1;
  mean.fanIn = 4;
  mean.channels = 4;
  mean.window = Window{2, 2, {1, 1}, {2, 2}, {0, 0}, false};
  mean.parts = mean.max = 2;
  mean.neuronSteps = 1;
  Layer &linear = network.layers[Linear];
  linear.name = "linear";
  linear.timesteps = 2;
  linear.rows = 2;
  linear.fanIn = 4;
  linear.channels = 3;
  linear.max = 2;
  linear.neuronSteps = 1;
  linear.masked = true;
  linear.block = 0;
  Layer &attention = network.layers[Attention];
  attention.name = "attention";
  attention.kind = LayerKind::Coincidence;
  attention.timesteps = 2;
  attention.rows = 2;
  attention.channels = 6;
  attention.heads = 2;
  attention.neuronSteps = 1;
  attention.block = 0;
  Layer &halting = network.layers[Halting];
  halting.name = "block.halting";
  halting.kind = LayerKind::Halting;
  halting.timesteps = 2;
  halting.rows = 2;
  halting.channels = 3;
  halting.masked = true;
  halting.block = 0;
  Layer &head = network.layers[Head];
  head.name = "head";
  head.fanIn = 3;
  head.channels = 5;
  head.parts = head.max = 0;
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
