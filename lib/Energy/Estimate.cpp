//===- Estimate.cpp - Synaptic operations and energy of a model -----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Energy/Estimate.h"
#include "stas/Support/Window.h"

#include <algorithm>

using namespace stas;
using namespace stas::energy;

Charge &Charge::operator+=(const Charge &other) {
  for (size_t i = 0; i < kOperations; ++i)
    operations[i] += other.operations[i];
  sops += other.sops;
  picojoules += other.picojoules;
  return *this;
}

std::vector<Operation> Estimate::unpriced() const {
  std::vector<Operation> result;
  for (size_t i = 0; i < kOperations; ++i)
    if (!profile->prices[i] && (counted.operations[i].high > 0 || strict.operations[i].high > 0))
      result.push_back(static_cast<Operation>(i));
  return result;
}

namespace {

/// What a network did, or may do, for one image.
class Estimator {
public:
  Estimator(const Network &network, const Profile &profile, const Rates *rates)
      : network(network), profile(profile), rates(rates) {}
  Estimate run();

private:
  LayerEstimate estimate(const Layer &layer, const LayerRates *counts);
  void addWeighted(LayerEstimate &result, const LayerRates *counts);
  void addCoincidence(LayerEstimate &result, const LayerRates *counts);
  /// Rows that ran for an image, over all timesteps.
  Interval rowsOf(const Layer &layer, const LayerRates *counts) const;
  /// A measured sum over images and timesteps, as the figure of one image.
  template <typename Counts> Interval mean(const std::vector<Counts> &steps, uint64_t Counts::*field) const {
    double sum = 0;
    for (const Counts &step : steps)
      sum += step.*field;
    sum /= rates->images;
    return {sum, sum};
  }
  void add(Charge &charge, Operation operation, Interval count) const;

  const Network &network;
  const Profile &profile;
  const Rates *rates;
};

/// Multiply-accumulates of a convolution's timestep that meet no padding.
double macsInside(const Layer &layer) {
  const Window &window = *layer.window;
  const int64_t extents[] = {window.height, window.width};
  double reached = 1;
  for (int axis : {0, 1}) {
    int64_t kernel = window.kernel[axis], stride = window.stride[axis], padding = window.padding[axis];
    int64_t outputs = (extents[axis] + 2 * padding - kernel) / stride + 1;
    reached *= tapsInside(0, outputs, kernel, stride, padding, extents[axis]);
  }
  int64_t inputChannels = layer.fanIn / (window.kernel[0] * window.kernel[1]);
  return reached * inputChannels * layer.channels;
}

bool isSynaptic(Operation operation) { return operation <= Operation::AndAccumulate; }

} // namespace

void Estimator::add(Charge &charge, Operation operation, Interval count) const {
  charge.of(operation) += count;
  if (isSynaptic(operation))
    charge.sops += count;
  charge.picojoules += count * profile.picojoules(operation);
}

Interval Estimator::rowsOf(const Layer &layer, const LayerRates *counts) const {
  if (counts && layer.kind == LayerKind::Weighted)
    return mean(counts->inputs, &InputCounts::rows);
  if (counts && layer.kind == LayerKind::Coincidence)
    return mean(counts->coincidences, &CoincidenceCounts::rows);
  double most = static_cast<double>(layer.rows) * layer.timesteps;
  if (counts) {
    double sum = 0;
    for (uint64_t active : counts->active)
      sum += active;
    return {sum / rates->images, sum / rates->images};
  }
  // Tokens may halt after the first block of the first timestep, not before.
  if (layer.block)
    return {*layer.block == 0 ? static_cast<double>(layer.rows) : 0, most};
  return {most, most};
}

void Estimator::addWeighted(LayerEstimate &result, const LayerRates *counts) {
  const Layer &layer = *result.layer;
  double macsOfRow = static_cast<double>(layer.macs()) / layer.rows;
  double fanOut = static_cast<double>(layer.macs()) / layer.inputValues();
  Interval rows = rowsOf(layer, counts);
  result.denseMacs = rows * macsOfRow;
  if (layer.isReal()) {
    for (Charge *charge : {&result.counted, &result.strict})
      add(*charge, Operation::Mac, result.denseMacs);
    if (layer.window)
      result.padding = rows * (macsOfRow - macsInside(layer) / layer.rows);
    return;
  }
  if (counts) {
    Interval sum = mean(counts->inputs, &InputCounts::sum);
    add(result.counted, Operation::Ac, sum * fanOut);
    bool isGraded = mean(counts->inputs, &InputCounts::graded).high > 0;
    if (isGraded)
      add(result.strict, Operation::Mac, result.denseMacs);
    else
      add(result.strict, Operation::Ac, sum * (fanOut / layer.parts));
    double rate = meanInput(layer, *counts);
    result.input = {rate, rate};
    if (layer.window) {
      double inside = mean(counts->inputs, &InputCounts::taps).low * layer.channels;
      result.padding = {sum.low * fanOut - inside, sum.low * fanOut - inside};
    }
    return;
  }
  Interval all = {0, result.denseMacs.high};
  add(result.counted, Operation::Ac, all * layer.max);
  result.input = {0, static_cast<double>(layer.max)};
  if (layer.parts == 1 && layer.max == 1) {
    add(result.strict, Operation::Ac, all);
    return;
  }
  // One or the other, as the inputs will be; not both.
  result.strict.of(Operation::Mac) = result.strict.of(Operation::Ac) = result.strict.sops = all;
  result.strict.picojoules = all * std::max(profile.picojoules(Operation::Mac), profile.picojoules(Operation::Ac));
}

/// Both products add where a spike says so: accumulates, whatever the number
/// that is added, under either convention.
void Estimator::addCoincidence(LayerEstimate &result, const LayerRates *counts) {
  const Layer &layer = *result.layer;
  // N * N * d in each of the heads is N * D for each row; k^T v is d * d for each token and head.
  result.denseMacs = rowsOf(layer, counts) * (2.0 * layer.rows * layer.channels);
  Interval charged = {0, result.denseMacs.high};
  result.input = {0, 1};
  int64_t headChannels = layer.channels / layer.heads;
  result.otherWay = {0, 2.0 * layer.inputValues() * headChannels * layer.timesteps};
  if (counts) {
    charged = mean(counts->coincidences, &CoincidenceCounts::queryKey);
    charged += mean(counts->coincidences, &CoincidenceCounts::scoreValue);
    result.otherWay = mean(counts->coincidences, &CoincidenceCounts::keyValue);
    result.otherWay += mean(counts->coincidences, &CoincidenceCounts::queryTable);
    double rate = result.denseMacs.low > 0 ? charged.low / result.denseMacs.low : 0;
    result.input = {rate, rate};
  }
  for (Charge *charge : {&result.counted, &result.strict})
    add(*charge, Operation::AndAccumulate, charged);
}

LayerEstimate Estimator::estimate(const Layer &layer, const LayerRates *counts) {
  LayerEstimate result;
  result.layer = &layer;
  Interval rows = rowsOf(layer, counts);
  result.active = rows * (1 / (static_cast<double>(layer.rows) * layer.timesteps));
  if (layer.kind == LayerKind::Weighted)
    addWeighted(result, counts);
  else if (layer.kind == LayerKind::Coincidence)
    addCoincidence(result, counts);
  for (Charge *charge : {&result.counted, &result.strict}) {
    if (layer.kind == LayerKind::Halting) {
      add(*charge, Operation::HaltingScore, rows);
      add(*charge, Operation::HaltingSum, rows * layer.channels);
    } else {
      add(*charge, Operation::NeuronUpdate, rows * (static_cast<double>(layer.channels) * layer.neuronSteps));
    }
  }
  return result;
}

Estimate Estimator::run() {
  Estimate result;
  result.network = &network;
  result.profile = &profile;
  if (rates) {
    result.images = rates->images;
    result.ratesSource = rates->source;
  }
  for (size_t i = 0; i < network.layers.size(); ++i) {
    result.layers.push_back(estimate(network.layers[i], rates ? &rates->layers[i] : nullptr));
    const LayerEstimate &layer = result.layers.back();
    result.counted += layer.counted;
    result.strict += layer.strict;
    result.padding += layer.padding;
    result.otherWay += layer.otherWay;
  }
  return result;
}

Estimate energy::estimate(const Network &network, const Profile &profile, const Rates *rates) {
  return Estimator(network, profile, rates).run();
}
