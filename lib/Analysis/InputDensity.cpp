//===- InputDensity.cpp - How many inputs are not zero --------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Analysis/InputDensity.h"
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace stas;

/// The table, with a rate for every layer of neurons.
static RateTable complete(Operation *root, RateTable table) {
  root->walk([&](Operation *op) {
    if (isa<spike::FireOp, spike::StaircaseOp>(op) && !table.of(layerName(op)))
      table.set(layerName(op), InputDensity::typicalRate);
  });
  return table;
}

/// Of a sum over time, whose bounds are that each neuron which fires does so always, or once: their geometric middle.
static double overTime(double density, int64_t timesteps) {
  return std::sqrt(density * std::min(1.0, density * timesteps));
}

/// Of a pool's maxima, whose windows hold something between one neuron, all firing together, and as many independent
/// ones as elements: of the geometric middle of those numbers.
static double pooled(double density, spike::WindowAttr window) {
  return 1.0 - std::pow(1.0 - density, std::sqrt(double(window.getKernel()[0]) * window.getKernel()[1]));
}

InputDensity::InputDensity(Operation *root, RateTable measured)
    : measured(std::move(measured)), table(complete(root, this->measured)), rates(root, table) {
  root->walk<WalkOrder::PreOrder>([&](Operation *op) { visit(op); });
}

void InputDensity::visit(Operation *op) {
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](spike::StaircaseOp steps) {
        double neurons = *table.of(layerName(op));
        shares[steps.getOutput()] =
            overTime(steps.getPool() ? pooled(neurons, *steps.getPool()) : neurons, steps.getTimesteps());
      })
      .Case([&](spike::MaxPoolOp pool) { shares[pool.getOutput()] = pooled(of(pool.getInput()), pool.getWindow()); })
      .Case([&](spike::AddOp sum) {
        shares[sum.getOutput()] = 1.0 - (1.0 - of(sum.getLhs())) * (1.0 - of(sum.getRhs()));
      })
      .Case([&](spike::IntegrateOp sum) {
        shares[sum.getOutput()] =
            overTime(of(sum.getInput()), cast<ShapedType>(sum.getInput().getType()).getDimSize(0));
      })
      .Case([&](spike::FlattenOp flat) { shares[flat.getOutput()] = of(flat.getInput()); })
      // The stream enters the first block as the op's input, and each other as the one before yields it.
      .Case([&](ActOp act) { shares[act.getBlocks().front().getArgument(0)] = of(act.getInput()); })
      .Case([&](YieldOp yield) {
        Region *next = nullptr;
        if (auto act = dyn_cast<ActOp>(yield->getParentOp()))
          if (unsigned index = yield->getParentRegion()->getRegionNumber() + 1; index < act.getBlocks().size())
            next = &act.getBlocks()[index];
        if (next)
          shares[next->getArgument(0)] = of(yield->getOperand(0));
      });
}

bool InputDensity::isMeasured(Value value) const {
  Operation *neurons = value.getDefiningOp();
  return neurons && measured.of(layerName(neurons));
}

double InputDensity::of(Value value) const {
  if (auto share = shares.find(value); share != shares.end())
    return share->second;
  RateInterval rate = rates.of(value);
  if (rate.isUnknown() || rate.isUnreached())
    return typicalRate;
  double mean = rate.low > 0.0 ? std::sqrt(rate.low * rate.high) : rate.high;
  return std::min(mean, 1.0);
}

double InputDensity::ofInputs(spike::AccumulateOp sums) const {
  Value input = sums.getAllRows();
  std::optional<double> perRow = measured.inputsOf(layerName(sums));
  if (!perRow)
    return of(input);
  // A row's inputs: on a map, whose windows overlap, its share of the map.
  auto imageSize = [&](Value value) {
    return double(
        ShapedType::getNumElements(cast<ShapedType>(value.getType()).getShape().take_back(sums.getImageAxes())));
  };
  ArrayRef<int64_t> weight = sums.getWeight().getType().getShape();
  double inputs =
      sums.getWindow() ? imageSize(input) * double(weight[0]) / imageSize(sums.getOutput()) : double(weight[1]);
  return std::min(*perRow / inputs, 1.0);
}
