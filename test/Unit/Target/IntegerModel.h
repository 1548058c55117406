//===- IntegerModel.h - A model of every kind of quantised layer --*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The image's layer, convolutions of spikes and counts, layers of a steady
// current, linear layers, attention, the classifier; perhaps halting. Shapes vary
// so that whole vectors, tiles and pairs and what is left of them occur.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_TEST_UNIT_TARGET_INTEGERMODEL_H
#define STAS_TEST_UNIT_TARGET_INTEGERMODEL_H

#include "TestModel.h"
#include <ostream>

struct Shapes {
  const char *name;
  int64_t channels, height, width; // of the image
  int64_t stride;                  // of the first convolution, 3 x 3
  int64_t inner;                   // kernel of the others, odd
  int64_t depth, heads, hidden;    // channels of maps and tokens, of the hidden layer
  int64_t timesteps, classes;
  const char *neuron = "";
  int64_t stateBits = 32; // of the hidden layer
  /// Of stas.act, which then holds two encoder blocks; none: one block without halting.
  const char *halting = nullptr;
  /// A token's halting scores rise with its first channel from the first to the last, up to 1.
  double firstScore = 0.05, lastScore = 0.9;
};

inline void PrintTo(const Shapes &shapes, std::ostream *stream) { *stream << shapes.name; }

/// The model in the spike dialect; weights of the blocks have `bits`.
TestModel integerModel(const Shapes &shapes, int64_t bits);

/// `count` images, some of whose pixels lie beyond what the model tells apart.
std::vector<float> imagesOf(const Shapes &shapes, int64_t count);

#endif // STAS_TEST_UNIT_TARGET_INTEGERMODEL_H
