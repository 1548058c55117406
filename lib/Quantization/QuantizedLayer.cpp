//===- QuantizedLayer.cpp - Integer tables of a layer ---------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One channel at a time: choose the step of its weights, round them, and place
// bias and threshold in the unit that follows. Where the result may exceed the
// state, the step is doubled: this channel, and no other, loses a bit.
//
//===----------------------------------------------------------------------===//
#include "stas/Quantization/QuantizedLayer.h"
#include "LayerValues.h"
#include <cmath>

using namespace llvm;
using namespace stas;

namespace {
constexpr int64_t mostGuard = 8;

/// A channel for one guard and one scale of its weights.
struct Channel {
  std::vector<int32_t> weights;
  double unit = 0.0;
  double wholeUnits = 0.0; // soft reset of weighted sums: v_threshold in units of u / 2^G
  int64_t bias = 0, threshold = 0, reset = 0, sumBound = 0;
  Int128 bound = 0;
  int halvings = 0;
};

/// What came of an attempt to give a channel a form.
enum class Outcome {
  Fits,
  Exceeds, ///< may overflow the state: needs a larger step
  Empty,   ///< no weight is left
  Coarse,  ///< soft reset: one unit is more than v_threshold
};

/// Quantises the channels of one layer for one guard.
class Quantizer {
public:
  Quantizer(spike::QuantAttr quant, int64_t guard, const LayerValues &values);

  NeuronForm form;
  /// The channel, its scale doubled as often as the state requires.
  Expected<Channel> quantize(int64_t c) const;
  /// Whether the channel fits without.
  bool fitsUnscaled(int64_t c) const;
  /// Whether no channel is refused.
  bool takesAll() const;

private:
  Outcome weighted(int64_t c, int halvings, Channel &channel) const;
  Outcome constant(int64_t c, int halvings, Channel &channel) const;
  Outcome counted(int64_t c, Channel &channel) const;
  Outcome place(int64_t c, Channel &channel) const;
  bool snap(Channel &channel) const;
  template <typename... Args> Error refuse(int64_t c, const char *reason, Args... args) const;
  /// The real current of a weight of 1 on an input of 1, and the part of the current that is always there.
  double slope(int64_t c) const { return std::fabs(values.norm.scale[c]) * quant.getInputUnit() * gain; }
  double shift(int64_t c) const { return values.norm.shift[c] * gain; }
  /// What a current is compared with: differences far below it hardly matter.
  double level(int64_t c) const { return std::max(threshold, std::fabs(shift(c))); }

  spike::QuantAttr quant;
  LIFAttr neuron;
  const LayerValues &values;
  double threshold; // from v_reset
  double gain;      // a current that does not decay is tau times as large as one that does
  Int128 limit;
};

} // namespace

NeuronForm NeuronForm::of(spike::QuantAttr quant) {
  LIFAttr neuron = quant.getNeuron();
  NeuronForm form;
  form.soft = neuron.getReset() == ResetKind::Soft;
  form.wide = quant.getStateBits() > 32;
  bool halves = neuron.getTau().value == 2.0 && !form.soft && quant.getSteps() <= 8;
  form.mode = halves ? Mode::Halve : Mode::General;
  form.guard = static_cast<int>(quant.getGuard());
  form.fraction = (halves ? static_cast<int>(quant.getSteps()) : 8) + form.guard;
  form.multiplier = roundHalfEven(0x1p30 / neuron.getTau());
  return form;
}

Quantizer::Quantizer(spike::QuantAttr quant, int64_t guard, const LayerValues &values)
    : form(NeuronForm::of(quant)), quant(quant), neuron(quant.getNeuron()), values(values),
      threshold(neuron.getVThreshold() - neuron.getVReset()),
      gain(neuron.getDecayInput() ? 1.0 : neuron.getTau().value),
      limit((Int128(1) << (std::min<int64_t>(quant.getStateBits(), 63) - 1)) - 1) {
  form.fraction += static_cast<int>(guard) - form.guard;
  form.guard = static_cast<int>(guard);
}

template <typename... Args> Error Quantizer::refuse(int64_t c, const char *reason, Args... args) const {
  // The layer's name is an argument: a key may hold a percent sign.
  std::string format = ("channel %lld of %s: " + Twine(reason)).str();
  return createStringError(format.c_str(), static_cast<long long>(c), values.name.c_str(), args...);
}

/// Soft reset takes v_threshold away again and again. It becomes a whole number of units, the unit a little larger, so
/// that nothing is lost each time. Whether there is such a unit.
bool Quantizer::snap(Channel &channel) const {
  double scaled = std::ldexp(neuron.getVThreshold(), form.guard), whole = std::floor(scaled / channel.unit);
  if (whole < 1.0)
    return false;
  channel.wholeUnits = whole;
  channel.unit = scaled / whole;
  return true;
}

Outcome Quantizer::weighted(int64_t c, int halvings, Channel &channel) const {
  channel = Channel();
  channel.halvings = halvings;
  int64_t largest = largestWeight(quant.getBits());
  double step = std::ldexp(values.magnitude(c) / largest, halvings);
  channel.unit = slope(c) * step;
  // So far below anything that it is compared with, a sum counts for nothing.
  if (channel.unit <= std::ldexp(level(c), -200))
    return Outcome::Empty;
  if (form.soft) {
    if (!snap(channel))
      return Outcome::Coarse;
    step = channel.unit / slope(c);
  }
  Int128 sum = roundWeights(values.row(c), step, largest, values.norm.scale[c] < 0.0, channel.weights);
  channel.sumBound = boundOfSum(sum, quant.getInputMax());
  return sum == 0 ? Outcome::Empty : place(c, channel);
}

/// A channel without weights: its current is the bias.
Outcome Quantizer::constant(int64_t c, int halvings, Channel &channel) const {
  channel = Channel();
  channel.halvings = halvings;
  channel.weights.assign(values.inputs, 0);
  channel.unit = std::ldexp(level(c), halvings - 12);
  if (form.soft && !snap(channel))
    return Outcome::Coarse;
  return place(c, channel);
}

/// A channel whose sum is the input itself: nothing is rounded, and the unit is given.
Outcome Quantizer::counted(int64_t c, Channel &channel) const {
  channel = Channel();
  channel.unit = slope(c);
  channel.sumBound = quant.getInputMax();
  return place(c, channel);
}

/// Bias, threshold and bounds in the channel's unit.
Outcome Quantizer::place(int64_t c, Channel &channel) const {
  bool strict = neuron.getCompare() == CompareKind::GT;
  int fraction = form.fraction, guard = form.guard;
  channel.bias = roundHalfEven(std::ldexp(shift(c) / channel.unit, guard));
  Int128 bias = channel.bias;
  channel.bound = ((Int128(channel.sumBound) << guard) + (bias < 0 ? -bias : bias)) << (fraction - guard);
  if (channel.wholeUnits > 0.0) {
    // In these units v_threshold is wholeUnits itself, with nothing rounded.
    channel.threshold =
        exactThreshold(threshold, fraction - guard, neuron.getVThreshold(), strict, roundHalfEven(channel.wholeUnits));
    channel.reset = roundHalfEven(std::ldexp(channel.wholeUnits, fraction - guard));
  } else {
    channel.threshold = exactThreshold(threshold, fraction, channel.unit, strict);
    if (form.soft)
      channel.reset = roundHalfEven(std::ldexp(neuron.getVThreshold() / channel.unit, fraction));
  }
  if (channel.bound >= limit)
    return Outcome::Exceeds;
  if (channel.threshold > channel.bound) {
    // Silent: one more than can be reached, so that the threshold fits the state too.
    channel.threshold = static_cast<int64_t>(channel.bound) + 1;
    channel.reset = 0;
    return Outcome::Fits;
  }
  // With v_reset > 0 a soft reset may exceed the threshold, and the membrane fall below zero.
  channel.bound = std::max<Int128>(channel.bound, channel.reset);
  return channel.bound < limit ? Outcome::Fits : Outcome::Exceeds;
}

bool Quantizer::fitsUnscaled(int64_t c) const {
  Channel channel;
  Outcome outcome = quant.getWeight() ? weighted(c, 0, channel) : counted(c, channel);
  if (outcome == Outcome::Empty)
    outcome = constant(c, 0, channel);
  return outcome == Outcome::Fits;
}

bool Quantizer::takesAll() const {
  for (int64_t c = 0; c < values.channels; ++c)
    if (Expected<Channel> channel = quantize(c); !channel) {
      consumeError(channel.takeError());
      return false;
    }
  return true;
}

Expected<Channel> Quantizer::quantize(int64_t c) const {
  Channel channel;
  double largest = slope(c) * values.magnitude(c);
  if (!std::isfinite(threshold) || !std::isfinite(shift(c)) || !std::isfinite(slope(c)) || !std::isfinite(largest))
    return refuse(c, "requires a threshold and currents that are finite in double precision");
  if (!quant.getWeight()) {
    if (!(slope(c) > 0.0) || values.norm.scale[c] < 0.0)
      return refuse(c, "requires a scale above 0, since there are no weights that could change sign");
    if (counted(c, channel) != Outcome::Fits)
      return refuse(c, "requires more than %lld bits of state for counts up to %lld: raise the state's bits",
                    static_cast<long long>(quant.getStateBits()), static_cast<long long>(quant.getInputMax()));
    return channel;
  }
  Outcome outcome = weighted(c, 0, channel);
  for (int halvings = 1; outcome == Outcome::Exceeds; ++halvings)
    outcome = weighted(c, halvings, channel);
  double lost = channel.halvings ? channel.unit : 0.0, kept = std::max(level(c), largest);
  if (outcome == Outcome::Empty) {
    // The bias is so far above the weights that no unit serves both: the channel is as good as constant.
    double squares = 0.0;
    for (double weight : values.row(c))
      squares += weight * weight;
    lost = slope(c) * std::sqrt(squares) * static_cast<double>(quant.getInputMax());
    kept = level(c);
    outcome = constant(c, 0, channel);
    for (int halvings = 1; outcome == Outcome::Exceeds; ++halvings)
      outcome = constant(c, halvings, channel);
    lost += channel.halvings ? channel.unit : 0.0;
  }
  if (outcome == Outcome::Coarse)
    return refuse(c, "soft reset requires v_threshold %g to be at least one unit of the sum, found a unit of %g",
                  neuron.getVThreshold().value, channel.unit);
  if (lost > kept / 16.0)
    return refuse(c,
                  "%lld bits of state leave a unit of the sum of %g, more than 1/16 of the current %g: raise the "
                  "state's bits",
                  static_cast<long long>(quant.getStateBits()), lost, kept);
  return channel;
}

Expected<QuantizedLayer> stas::quantizeLayer(spike::QuantAttr quant, WeightReader &weights) {
  Expected<LayerValues> values = readLayer(quant, weights);
  if (!values)
    return values.takeError();
  Quantizer quantizer(quant, quant.getGuard(), *values);
  QuantizedLayer layer;
  layer.form = quantizer.form;
  layer.inputs = values->inputs;
  layer.weights.reserve(values->weights.size());
  for (int64_t c = 0; c < values->channels; ++c) {
    Expected<Channel> channel = quantizer.quantize(c);
    if (!channel)
      return channel.takeError();
    append_range(layer.weights, channel->weights);
    layer.units.push_back(channel->unit);
    layer.biases.push_back(channel->bias);
    layer.thresholds.push_back(channel->threshold);
    if (layer.form.soft)
      layer.resets.push_back(channel->reset);
    layer.sumBounds.push_back(channel->sumBound);
    layer.bounds.push_back(static_cast<int64_t>(channel->bound));
    layer.halvings.push_back(channel->halvings);
  }
  return layer;
}

Expected<int64_t> stas::chooseGuard(spike::QuantAttr quant, WeightReader &weights) {
  if (!quant.getWeight() && NeuronForm::of(quant).mode == NeuronForm::Mode::Halve)
    return 0;
  Expected<LayerValues> values = readLayer(quant, weights);
  if (!values)
    return values.takeError();
  int64_t guard = mostGuard;
  for (int64_t c = 0; c < values->channels; ++c)
    while (guard > 0 && !Quantizer(quant, guard, *values).fitsUnscaled(c))
      --guard;
  // A channel that no guard makes fit lowers it to 0, where, with soft reset, a unit of another may exceed v_threshold.
  // Guard bits split that unit, so the fewest that serve all channels are taken; where none do, the layer is refused.
  for (int64_t more = guard; NeuronForm::of(quant).soft && more <= mostGuard; ++more)
    if (Quantizer(quant, more, *values).takesAll())
      return more;
  return guard;
}
