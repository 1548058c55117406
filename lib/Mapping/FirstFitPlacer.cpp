//===- FirstFitPlacer.cpp - Cores in the order of layers ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Placer.h"

using namespace stas;
using namespace stas::mapping;

namespace {

class FirstFitPlacer : public Placer {
public:
  std::string name() const override { return "first-fit"; }
  Placement place(const PlacementTask &task) const override {
    Placement placement = usedCores(task.chip, task.logicalCores);
    placement.resize(task.logicalCores);
    return placement;
  }
};

} // namespace

std::unique_ptr<Placer> mapping::createFirstFitPlacer() { return std::make_unique<FirstFitPlacer>(); }
