//===- Shapes.h - Box sizes that a family can be cut into -------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_MAPPING_SHAPES_H
#define STAS_LIB_MAPPING_SHAPES_H

#include "Family.h"
#include "FanOut.h"

namespace stas::mapping {

/// A size of boxes that tile a family, the last of each axis cut off; boxes at a border of the map are larger where
/// windows read less there.
struct Shape {
  int64_t height, width, channels;
  int64_t boxes;   ///< That it takes.
  int64_t inAxons; ///< Of all of them, at most.
};

/// Finds the shapes of a family of which every box fits a core.
class ShapeFinder {
public:
  ShapeFinder(const Problem &problem, const std::vector<std::vector<int>> &inEdges, const std::vector<FanOut> &fans,
              const Family &family);

  /// The most promising shapes, best first: few boxes, and few in-axons, which
  /// are out-axons of the layers before. Empty where no shape fits.
  std::vector<Shape> find(size_t count) const;

  /// The boxes of a shape, by row, column and channel.
  std::vector<Box> boxes(const Shape &shape) const;

  /// The largest need of a single neuron.
  Usage single() const;

private:
  /// Rows (columns) of the map in parts of a size; larger at a border as far as they read no more.
  std::vector<Range> parts(int axis, int64_t size) const;
  /// Tokens that each edge brings, at most, to boxes of rows x columns.
  std::vector<int64_t> tokensOf(const std::vector<Range> &rows, const std::vector<Range> &columns) const;
  /// What boxes of a shape need, each resource at most, out-axons aside.
  Usage need(int64_t tokens, const std::vector<int64_t> &edgeTokens, int64_t channels) const;
  std::vector<Box> boxes(const std::vector<Range> &rows, const std::vector<Range> &columns, int64_t channels) const;
  /// The most that a box needs.
  int64_t outAxons(const std::vector<Box> &boxes) const;
  int64_t slices(int64_t channels) const { return (family.channels() + channels - 1) / channels; }

  const Problem &problem;
  const std::vector<FanOut> &fans;
  const Family &family;
  const Layer &view;      ///< The first layer: all have its map.
  std::vector<int> edges; ///< Into the first layer, one of those that bring the same.
  /// Of each layer of the family, its tables without repetition.
  std::vector<std::vector<int>> tables;
};

} // namespace stas::mapping

#endif // STAS_LIB_MAPPING_SHAPES_H
