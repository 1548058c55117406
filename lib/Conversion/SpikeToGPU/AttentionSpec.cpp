//===- AttentionSpec.cpp - Shapes of attention, and which product first ---===//
#include "AttentionKernel.h"
#include "CostModel.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;
using First = AttentionSpec::First;

namespace {
constexpr int64_t wordBits = 32;

/// The words and heads that a window's channels have a part in: the most of any window.
std::pair<int64_t, int64_t> mostOf(const AttentionSpec &spec) {
  int64_t words = 0, heads = 0, depth = spec.depth();
  for (int64_t first = 0; first < spec.width; first += wordBits) {
    int64_t end = std::min(first + wordBits, spec.width);
    int64_t firstHead = first / depth, endHead = (end - 1) / depth + 1;
    words = std::max(words, (endHead * depth - 1) / wordBits - firstHead * depth / wordBits + 1);
    heads = std::max(heads, endHead - firstHead);
  }
  return {words, heads};
}
} // namespace

int64_t AttentionSpec::chunkTimes() const {
  int64_t most = timesteps == 0 ? timesIn : timesteps, chunks = (timesIn + most - 1) / most;
  return (timesIn + chunks - 1) / chunks;
}

AttentionSizes::AttentionSizes(const AttentionSpec &spec)
    : areWhole(spec.depth() % wordBits == 0), bits(spec.tokens <= 128 ? 128 : 256), times(spec.chunkTimes()) {
  std::tie(words, heads) = mostOf(spec);
  bool isPairs = spec.first == First::KeyValue;
  blocks = roundUp(spec.tokens, isPairs ? bits : wordBits) / wordBits;
  columns = (isPairs ? words * wordBits : 0) + wordBits;
  // Lanes that read together are in different banks.
  stride = !isPairs ? blocks | 1 : bits == 128 ? blocks : blocks + 4;
  keyStride = words % 8 == 0 ? words + 1 : words;
  limbs = (isPairs ? spec.tokens : spec.depth()) > 255 ? 2 : 1;
  tables = roundUp(times * columns * stride * 4, 128);
  membranes = tables + times * (isPairs ? limbs * words * tableBytes : blocks * wordBits * keyStride * 4);
  total = membranes + (spec.chunks() > 1 ? roundUp(spec.tokens, 16) * wordBits * 4 : 0);
}

std::string stas::cuda::problemOf(const AttentionSpec &spec) {
  if (spec.tokens < 1 || spec.tokens > 65535)
    return "requires 1 to 65535 tokens, found " + std::to_string(spec.tokens);
  if (spec.heads < 1 || spec.width < 1 || spec.width % spec.heads != 0 || spec.depth() > 65535)
    return "requires heads of equal width, of at most 65535 channels";
  if (spec.timesIn < 1 || spec.timesOut < spec.timesIn || (spec.timesIn > 1 && spec.timesOut != spec.timesIn))
    return "requires as many timesteps out as in where there is more than one";
  if (spec.form.wide)
    return "requires sums of 32 bits";
  if (spec.stateful && spec.timesOut != 1)
    return "requires one timestep where membranes are kept";
  if (spec.warps < 1 || spec.warps > 32 || spec.timesteps < 0)
    return "requires 1 to 32 warps";
  return "";
}

SmallVector<Parameter> stas::cuda::parametersOf(const AttentionSpec &spec) {
  SmallVector<Parameter> parameters{{"query"}, {"key"}, {"value"}};
  if (spec.stateful)
    parameters.push_back({"membrane"});
  if (spec.masked)
    parameters.push_back({"active"});
  parameters.push_back({"spikes"});
  for (const char *before : {"query_row", "key_row", "value_row"})
    if (spec.masked)
      parameters.push_back({before, Parameter::Kind::Number});
  parameters.push_back({"rows", Parameter::Kind::Number});
  return parameters;
}

LaunchShape stas::cuda::launchOf(const AttentionSpec &spec, int64_t images) {
  LaunchShape launch;
  launch.grid[0] = images * spec.windows();
  launch.threads = spec.warps * 32;
  launch.sharedBytes = AttentionSizes(spec).total;
  return launch;
}

//===----------------------------------------------------------------------===//
// Which product comes first
//===----------------------------------------------------------------------===//

double stas::cuda::clocksOf(const AttentionSpec &spec, const Gpu &gpu) {
  AttentionSizes size(spec);
  auto perWarp = [&](int64_t items) {
    int64_t most = (items + spec.warps - 1) / spec.warps;
    return static_cast<double>(most);
  };
  // Of a warp, which has a fourth of the multiprocessor: one product of bytes, one word of channels turned over.
  double product = 16 * 8 * 32 / (gpu.products / 4), turn = 70;
  int64_t tiles = roundUp(spec.tokens, 16) / 16, words = size.words;
  double firing = words * 10.0; // of a tile and timestep, beside the neurons, which both have
  if (spec.first == First::KeyValue) {
    double turning = perWarp((words + 1) * size.blocks * size.times) * turn;
    int64_t products = 4 * (size.blocks * wordBits / size.bits), stores = 16 * size.limbs;
    double pairs = static_cast<double>(products) * (product + 3) + static_cast<double>(stores) * 4;
    firing += size.limbs * words * 4 * (product + 3);
    return static_cast<double>(spec.chunks()) * (turning + perWarp(2 * words * size.times) * pairs +
                                                 perWarp(tiles) * static_cast<double>(size.times) * firing);
  }
  double taking = perWarp(size.blocks * words * size.times) * 12 + perWarp(size.blocks * size.times) * turn;
  double scores = words * 4 * (product + 6) + size.limbs * 12, sums = size.limbs * 4 * (product + 5);
  firing += size.blocks * size.heads * (scores + sums);
  return static_cast<double>(spec.chunks()) * (taking + perWarp(tiles) * static_cast<double>(size.times) * firing);
}

void stas::cuda::chooseAttention(AttentionSpec &spec, const Gpu &gpu) {
  AttentionSpec best = spec;
  std::optional<std::pair<bool, double>> least; // those that do not fit come last
  for (First first : {First::KeyValue, First::QueryKey})
    for (int64_t timesteps = spec.timesIn; timesteps > 0; --timesteps) {
      AttentionSpec candidate = spec;
      candidate.first = first;
      candidate.timesteps = timesteps;
      int64_t bytes = launchOf(candidate, 1).sharedBytes;
      bool isMisfit = bytes > gpu.sharedBytes;
      std::pair<bool, double> cost(isMisfit, isMisfit ? static_cast<double>(bytes) : clocksOf(candidate, gpu));
      if (!least || cost < *least) {
        least = cost;
        best = candidate;
      }
      // All timesteps at once where they fit: a chunk costs barriers.
      if (!isMisfit)
        break;
    }
  spec = best;
}
