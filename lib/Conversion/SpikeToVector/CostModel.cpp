//===- CostModel.cpp - Which kernel is the fastest ------------------------===//
#include "CostModel.h"
#include "RowSums.h"
#include "stas/Support/Window.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace mlir;
using namespace stas;
using Association = AttentionSpec::Association;
using Family = AccumulateSpec::Family;
using Input = AccumulateSpec::Input;

std::string CostModel::force(ArrayRef<std::string> names) {
  StringRef ofSums, ofAttention;
  for (StringRef name : names) {
    std::optional<Family> family = spike::symbolizeSumsBy(name);
    auto association = llvm::StringSwitch<std::optional<Association>>(name)
                           .Case("key-value-events", Association::KeyValueEvents)
                           .Case("key-value-bits", Association::KeyValueBits)
                           .Case("query-key-bits", Association::QueryKeyBits)
                           .Default(std::nullopt);
    if (!family && !association)
      return ("required events, dense, tiles, choice, key-value-events, key-value-bits or query-key-bits, found '" +
              name + "'")
          .str();
    StringRef &other = family ? ofSums : ofAttention;
    if (!other.empty() && other != name)
      return ("required one kernel of sums and one of attention, found " + other + " and " + name).str();
    other = name;
    if (family == Family::Tiles && !isa.amx)
      return "required a CPU with AMX-INT8 for tiles, found one without";
    if (family == Family::Choice)
      isOpen = true;
    else if (family)
      forcedFamily = family;
    else
      forcedAssociation = association;
  }
  return "";
}

namespace {
/// What work costs, in nanoseconds of one core of the CPU that it was measured on (docs/Targets/CPU.md): only ratios
/// count.
struct Costs {
  double scan;              // visiting 32 inputs; with AVX2, 32 that are not all zero
  double visit;             // an event, for each tile of channels
  double event;             // adding 32 channels of a weight row in the first cache, weights of 16 bits
  double event8;            // the same of 8 bits, where inputs are spikes
  double miss;              // what they cost more where they are in the second cache and all inputs are not zero
  double gather;            // copying an input to a panel, by the widest vectors
  double product, product8; // of an input and 32 channels, by the kernel that does not look at zeros
  double refill;            // what they cost more where the weights are in the second cache
};
} // namespace

static Costs costsOf(const Isa &isa) {
  if (isa.amx)
    return {6.4, 0, 0.75, 0.73, 0, 0.02, 0.05, 0.026, 0};
  if (isa.vnni)
    return {0.52, 0.1, 0.163, 0.216, 0.58, 0, 0.102, 0.041, 0.021};
  if (isa.lanes == 16)
    return {6.4, 0, 0.85, 0.43, 0, 0.03, 0.50, 0.45, 0};
  return {12, 0.03, 0.46, 0.295, 0.32, 0.056, 0.296, 0.269, 0.058};
}

/// The share of so many bytes of weights that the first cache does not hold beside what else is used.
static double beyondFirstCache(double bytes) {
  constexpr double firstCache = 32 << 10;
  return std::max(0.0, 1 - firstCache / bytes);
}

/// The share of a window's elements that lie on the map, over all its positions; rows are positions in order.
static double shareInside(const AccumulateSpec &spec) {
  if (!spec.window)
    return 1;
  const AccumulateSpec::Window &w = *spec.window;
  int64_t outputHeight = spec.rows / w.outputWidth;
  int64_t inside = tapsInside(0, outputHeight, w.kernelHeight, w.strideY, w.paddingY, w.height) *
                   tapsInside(0, w.outputWidth, w.kernelWidth, w.strideX, w.paddingX, w.width);
  return double(inside) / double(spec.rows * w.kernelHeight * w.kernelWidth);
}

CostModel::Sums CostModel::sums(const AccumulateSpec &spec, StringRef layer, double density) const {
  // Bytes can be gathered; what is few and wide, the image and the classifier, is summed event by event.
  bool isBytes = spec.input == Input::Spikes || spec.input == Input::Counts;
  if (spec.isReal() || spec.wide || !isBytes || (spec.window && spec.window->channelsFirst))
    return {Family::Events};
  Costs costs = costsOf(isa);
  double inputs = spec.inputs, inside = shareInside(spec);
  int64_t groups = spec.paddedChannels() / channelMultiple;
  // Of a tile's weights the first cache holds a part. Products take all of them; the fewer inputs are not zero, the
  // more often they are the same ones, whose weights stay there.
  constexpr double weightBytes = 2;
  double width = std::min(tileChannels(spec.by(Family::Events)), spec.paddedChannels());
  double event = spec.bits == 8 && spec.input == Input::Spikes ? costs.event8 : costs.event;
  double miss = beyondFirstCache(inputs * width * weightBytes) * costs.miss;
  double tiles = std::ceil(spec.paddedChannels() / width);
  // A run of inputs is visited 32 at a time. AVX2 passes by zeros, and guesses wrong where it finds others.
  const auto &w = spec.window;
  int64_t visits =
      w ? w->kernelHeight * llvm::divideCeil(w->kernelWidth * w->channels, 32) : llvm::divideCeil(spec.inputs, 32);
  auto byEvents = [&](double share) {
    double hit = isa.lanes == 8 ? 1 - std::pow(1 - share, 32) : 1;
    return inside *
           (visits * hit * costs.scan + inputs * share * (tiles * costs.visit + groups * (event + share * miss)));
  };
  double events = byEvents(density);
  // Tiles are of 64 inputs and 16 rows, whatever there is.
  int64_t lists = spec.rows * spec.timesIn;
  double padded = isa.vnni ? roundUp(spec.inputs, isa.amx ? 64 : 4) : spec.inputs;
  double idle = isa.amx ? double(roundUp(lists, 16)) / lists : 1.0;
  int64_t widest = isa.vnni ? 64 : isa.lanes * 2; // of bytes, or bytes that become 16 bits
  double copies = std::max(1.0, double(widest) / runLanes(spec));
  double product =
      (spec.bits == 8 ? costs.product8 : costs.product) +
      beyondFirstCache(inputs * channelMultiple * (isa.vnni ? spec.bits / 8.0 : weightBytes)) * costs.refill;
  double products = inputs * costs.gather * copies + padded * idle * groups * product;
  Family family = isa.amx ? Family::Tiles : Family::Dense;
  if (forcedFamily)
    return {*forcedFamily, events, products};
  // Rates differ from timestep to timestep and from image to image; to look at them takes a few microseconds.
  constexpr double doubt = 4, worthwhile = 30e3;
  auto shares = llvm::seq<int64_t>(1, 1000);
  int64_t most =
      *llvm::partition_point(shares, [&](int64_t share) { return byEvents(share / 1000.0) <= products; }) - 1;
  if (isOpen)
    return {family, events, products, std::max<int64_t>(most, 1)};
  if (auto times = measured ? measured->find(layer) : KernelTimes::OfCpu::const_iterator();
      measured && times != measured->end()) {
    // A launch that chooses has two kernels and both weights: worth it where it saves something beyond noise.
    auto weighed = [](const auto &kernel) {
      return kernel.first == Family::Choice ? kernel.second * 1.05 + 1e-6 : kernel.second;
    };
    auto bySeconds = [&](const auto &a, const auto &b) { return weighed(a) < weighed(b); };
    Family best = llvm::min_element(times->second, bySeconds)->first;
    bool isChoice = best == Family::Choice;
    return {isChoice ? family : best, events, products, isChoice ? std::max<int64_t>(most, 1) : 0, &times->second};
  }
  bool isDoubtful = events < doubt * products && products < doubt * events && most >= 1 && most < 999;
  if (isDoubtful && spec.inputs >= 64 && lists * products >= worthwhile)
    return {family, events, products, most};
  return {events <= products ? Family::Events : family, events, products};
}

Association CostModel::association(const AttentionSpec &, std::optional<spike::Association> first) const {
  if (first == spike::Association::QueryKey)
    return Association::QueryKeyBits;
  if (first && forcedAssociation == Association::QueryKeyBits)
    return Association::KeyValueBits; // the form of the module has decided
  return forcedAssociation.value_or(Association::KeyValueBits);
}
