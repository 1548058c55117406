//===- LinearSpec.cpp - Shapes and constants of linear layers -------------===//
#include "Kernels.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;
using Input = LinearSpec::Input;

bool LinearTiles::operator==(const LinearTiles &other) const {
  return rows == other.rows && channels == other.channels && inputs == other.inputs && stages == other.stages &&
         warpRows == other.warpRows && warpChannels == other.warpChannels && timesteps == other.timesteps &&
         blocks == other.blocks;
}

int64_t LinearSpec::chunkTimes() const {
  int64_t chunks = (timesIn + tiles.timesteps - 1) / tiles.timesteps;
  return (timesIn + chunks - 1) / chunks;
}

int64_t LinearSpec::inputStageBytes() const {
  int64_t bytes = tiles.rows * chunkTimes() * tiles.inputs;
  return input == Input::Spikes ? bytes / 8 : bytes;
}
int64_t LinearSpec::stageBytes() const { return inputStageBytes() + tiles.channels * tiles.inputs; }

std::string stas::cuda::problemOf(const LinearSpec &spec) {
  const LinearTiles &t = spec.tiles;
  auto isPower = [](int64_t value) { return value > 0 && (value & (value - 1)) == 0; };
  if (spec.inputs < 1 || spec.channels < 1 || spec.timesIn < 1 || spec.timesOut < spec.timesIn ||
      (spec.timesIn > 1 && spec.timesOut != spec.timesIn))
    return "requires inputs, channels and timesteps, as many out as in where there is more than one";
  if (spec.bits != 8 && spec.bits != 16)
    return "requires weights of 8 or 16 bits, found " + std::to_string(spec.bits);
  if (spec.form.wide)
    return "requires sums of 32 bits";
  if (spec.stateful && spec.timesOut != 1)
    return "requires one timestep where membranes are kept";
  if (!spec.spikes && !spec.residual)
    return "requires spikes or a residual sum to write";
  if (spec.parts < 1 || (spec.parts > 1 && spec.channels % (spec.parts * LinearSpec::partChannels) != 0))
    return "requires parts of as many channels, a multiple of 8, found " + std::to_string(spec.parts) + " of " +
           std::to_string(spec.channels);
  if (spec.parts > 1 && spec.residual)
    return "requires one part where there is a residual sum";
  for (int64_t factor : {spec.residual.value_or(1), spec.streamFactor})
    if (factor < 1 || factor > 255)
      return "requires a residual factor of 1 to 255, found " + std::to_string(factor);
  if (!isPower(t.rows) || !isPower(t.channels) || !isPower(t.warpRows) || !isPower(t.warpChannels) || t.warpRows < 16 ||
      t.warpChannels < channelBlock || t.rows < t.warpRows || t.channels < t.warpChannels)
    return "requires tiles of powers of two: rows of at least 16, channels of at least 32, warps within blocks";
  if (const auto &map = spec.map) {
    if (map->height < 1 || map->width < 1 || map->kernel[0] < 1 || map->kernel[1] < 1 || map->kernel[0] % 2 == 0 ||
        map->kernel[1] % 2 == 0)
      return "requires a map and an odd window";
    if (spec.listed)
      return "requires all rows of a map";
  }
  if ((t.inputs != 64 && t.inputs != 128) || spec.tapInputs() % t.inputs != 0)
    return "requires tiles of 64 inputs, or of 128 where they divide the layer's";
  if (t.stages < 2 || t.timesteps < 1 || t.threads() > 1024 || t.blocks < 0)
    return "requires at least 2 stages, 1 timestep and at most 1024 threads";
  return "";
}

SmallVector<Parameter> stas::cuda::parametersOf(const LinearSpec &spec) {
  SmallVector<Parameter> parameters{{"input"}, {"weights"}, {"bias"}, {"threshold"}};
  if (spec.form.soft)
    parameters.push_back({"reset"});
  if (spec.parts > 1)
    parameters.push_back({"guard"});
  if (spec.residual)
    parameters.push_back({"stream"});
  if (spec.stateful)
    parameters.push_back({"membrane"});
  if (spec.listed) {
    parameters.push_back({"list"});
    parameters.push_back({"count"});
  }
  for (int64_t part = 0; spec.spikes && part < spec.parts; ++part)
    parameters.push_back({spec.parts == 1 ? "spikes" : "spikes_" + std::to_string(part)});
  if (spec.residual)
    parameters.push_back({"sum"});
  parameters.push_back({"rows", Parameter::Kind::Number});
  return parameters;
}

LaunchShape stas::cuda::launchOf(const LinearSpec &spec, int64_t rows) {
  const LinearTiles &t = spec.tiles;
  LaunchShape launch;
  launch.grid[0] = roundUp(rows, t.rows) / t.rows * (roundUp(spec.channels, t.channels) / t.channels);
  launch.threads = t.threads();
  launch.sharedBytes = t.stages * spec.stageBytes();
  return launch;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

std::vector<int8_t> stas::cuda::packWeights(ArrayRef<int32_t> weights, const LinearSpec &spec) {
  int64_t limbs = spec.limbs(), blocks = spec.paddedInputs() / inputBlock;
  std::vector<int8_t> packed(spec.paddedChannels() * spec.paddedInputs() * limbs);
  for (int64_t n = 0; n < spec.channels; ++n)
    for (int64_t input = 0; input < spec.taps() * spec.inputs; ++input) {
      int64_t k = input / spec.inputs * spec.tapInputs() + input % spec.inputs;
      // Channel 8 q' + 2 j + h of 32 is column 2 q' + h of tile j, which lanes 4 (2 q' + h) + q hold.
      int64_t within = n % channelBlock, column = within % 8 / 2, row = within / 8 * 2 + within % 2;
      int64_t quad, product, half, byte, part = k / inputBlock;
      if (spec.input == Input::Spikes) {
        // Lanes that share a word have neighbouring bits of each of its bytes; each bit is a factor of the lane.
        int64_t inputs = spec.tiles.inputs, sharing = 128 / inputs, bits = 8 / sharing, factor = k % bits;
        quad = k % inputs / 32 * sharing + k % 8 / bits, byte = k % 32 / 8;
        part = k / inputs * (inputs / inputBlock) + factor / 4, product = factor % 4 / 2, half = factor % 2;
      } else {
        product = k % 64 / 32, half = k % 32 / 16, quad = k % 16 / 4, byte = k % 4;
      }
      auto at = [&](int64_t limb) {
        int64_t block = (n / channelBlock * limbs + limb) * blocks + part;
        return ((block * 4 + column) * 32 + row * 4 + quad) * 16 + product * 8 + half * 4 + byte;
      };
      int32_t weight = weights[n * spec.taps() * spec.inputs + input];
      auto low = static_cast<int8_t>(weight);
      packed[at(limbs - 1)] = low;
      if (limbs == 2)
        packed[at(0)] = static_cast<int8_t>((weight - low) / 256);
    }
  return packed;
}

std::vector<int32_t> stas::cuda::packChannels(ArrayRef<int64_t> values, int64_t channels, int32_t padding) {
  std::vector<int32_t> packed(roundUp(channels, channelBlock), padding);
  for (int64_t c = 0; c < channels; ++c)
    packed[c] = static_cast<int32_t>(values[values.size() == 1 ? 0 : c]);
  return packed;
}
