//===- ValidateNetwork.cpp - Checks the logical part of a core map --------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a simulator relies on. Rules that only decide whether a network means
// something (that projections meet their targets in time, for one) are the
// dialect's: docs/Dialects/Chip.md.
//
//===----------------------------------------------------------------------===//

#include "Validate.h"
#include "stas/Support/Checked.h"
#include "stas/Support/Text.h"
#include "stas/Target/Artifact/Limits.h"

#include <algorithm>
#include <cmath>
#include <set>

using namespace stas;
using namespace stas::coremap;
using artifact::isLayerName;
using artifact::kMaxNeurons;
using artifact::kMaxPopulations;
using artifact::kMaxRecipe;
using artifact::kMaxText;
using artifact::Manifest;

namespace {

constexpr uint64_t kMaxWindow = 1 << 16, kMaxStep = 1 << 20, kMaxRuns = 256, kMaxRows = 0x7fffffff;

class NetworkValidator : private Checker {
public:
  NetworkValidator(const CoreMap &map, const Manifest &manifest, uint64_t weightsBytes)
      : map(map), manifest(manifest), weightsBytes(weightsBytes) {}

  Status run();

private:
  bool checkLayer(const std::string &where, const std::string &layer);
  bool checkArray(const std::string &where, uint64_t at, uint64_t count, uint64_t bytes);
  bool checkDevice();
  bool checkPopulation(const Population &of, const std::string &where);
  bool checkNeuron(const Neuron &neuron, uint64_t channels, const std::string &where);
  bool checkHalting(const Population &of, const std::string &where);
  bool checkTable(const Synapses &table, const std::string &where);
  bool checkWindow(const Window &window, const std::string &where);
  bool checkProjection(const Projection &projection, const std::string &where);
  bool checkShape(const Projection &projection, const std::string &where);
  bool checkPort(const Projection &projection, const std::string &where);
  bool checkGains();
  bool checkEncode(const Encode &encode, const std::string &where);
  bool checkClassify();

  const CoreMap &map;
  const Manifest &manifest;
  const uint64_t weightsBytes;
  std::set<std::string> layers;
  std::set<uint32_t> encoded;
};

/// Positions of a window along an axis.
int64_t positions(int64_t extent, int64_t kernel, int64_t stride, int64_t padding) {
  int64_t room = extent + 2 * padding - kernel;
  return room < 0 ? 0 : room / stride + 1;
}

/// The map that a window makes of one.
std::pair<int64_t, int64_t> windowed(std::pair<int64_t, int64_t> map, const Window &window) {
  return {positions(map.first, window.kernel_height(), window.stride_y(), window.padding_y()),
          positions(map.second, window.kernel_width(), window.stride_x(), window.padding_x())};
}

} // namespace

bool NetworkValidator::checkLayer(const std::string &where, const std::string &layer) {
  if (!isLayerName(layer))
    return fail(where, ": layer: required letters, digits, '_', '-' and '.', found '", printable(layer), "'");
  return layers.insert(layer).second || fail(where, ": layer '", layer, "' is there twice");
}

bool NetworkValidator::checkArray(const std::string &where, uint64_t at, uint64_t count, uint64_t bytes) {
  auto size = checkedMultiply(count, bytes);
  if (at % 64 == 0 && size && inRange(at, *size, weightsBytes))
    return true;
  return fail(where, ": required ", count, " numbers of ", bytes, " bytes at a multiple of 64 in the ", weightsBytes,
              " bytes of weights, found them at ", at);
}

bool NetworkValidator::checkDevice() {
  const Device &device = map.device();
  if (!checkName("device", device.symbol()) ||
      !within("device.programs count", device.programs_size(), 0, kCorePrograms) ||
      !within("device.cost_profile length", device.cost_profile().size(), 0, kMaxText))
    return false;
  names.clear(); // it has a scope of its own
  for (int program : device.programs())
    if (!within("device.programs", static_cast<unsigned>(program), 1, kCorePrograms))
      return false;
  if (Status chip = chipOf(device).validate("device"); !chip)
    return fail(chip.message());
  return true;
}

bool NetworkValidator::checkNeuron(const Neuron &neuron, uint64_t channels, const std::string &where) {
  if (!within(where + " guard", neuron.guard(), 0, 8) ||
      !within(where + " fraction", neuron.fraction(), neuron.guard(), 16) ||
      !within(where + " multiplier", neuron.multiplier(), 0, 1 << 30) ||
      !within(where + " steps", neuron.steps(), 1, kMaxRuns) ||
      !within(where + " recipe length", neuron.recipe().size(), 0, kMaxRecipe))
    return false;
  if (neuron.count() != 1 && neuron.count() != channels)
    return fail(where, " count: required 1 or the number of channels (", channels, "), found ", neuron.count());
  if (!neuron.soft() && neuron.resets_at() != 0)
    return fail(where, " resets_at: required 0 with hard reset, found ", neuron.resets_at());
  return checkArray(where + " biases_at", neuron.biases_at(), neuron.count(), 8) &&
         checkArray(where + " thresholds_at", neuron.thresholds_at(), neuron.count(), 8) &&
         (!neuron.soft() || checkArray(where + " resets_at", neuron.resets_at(), neuron.count(), 8));
}

bool NetworkValidator::checkHalting(const Population &of, const std::string &where) {
  const Halting &halting = of.halting();
  if (of.channels() != 1)
    return fail(where, ": channels: required 1 of program halting, found ", of.channels());
  return within(where + " halting.limit", halting.limit(), 0, 1 << 24) &&
         within(where + " halting.order", static_cast<unsigned>(halting.order()), 1, Halting::ORDER_TIMESTEP) &&
         within(where + " halting.scores", halting.scores(), 1, 256) &&
         within(where + " halting.recipe length", halting.recipe().size(), 0, kMaxRecipe) &&
         checkArray(where + " halting.scores_at", halting.scores_at(), halting.scores(), 4);
}

bool NetworkValidator::checkPopulation(const Population &of, const std::string &where) {
  const uint64_t extents[] = {of.height(), of.width(), of.channels()};
  auto neurons = checkedProduct(extents);
  if (!neurons || !within(where + " neurons", *neurons, 1, kMaxNeurons))
    return neurons ? false : fail(where, ": too many neurons");
  if (!within(where + " program", static_cast<unsigned>(of.program()), 1, kCorePrograms) ||
      !within(where + " payload", of.payload(), 1, 0xffffffff) ||
      !within(where + " state_bits", of.state_bits(), 1, 64) || !within(where + " step", of.step(), 0, kMaxStep) ||
      !within(where + " runs", of.runs(), 1, map.timesteps()) ||
      !within(where + " layout", static_cast<unsigned>(of.layout()), 0, LAYOUT_MAP) ||
      !within(where + " layer length", of.layer().size(), 0, kMaxText))
    return false;
  if (of.has_rate() && !(of.rate() >= 0 && of.rate() <= of.runs()))
    return fail(where, ": rate: required 0 to its ", of.runs(), " runs, found ", of.rate());
  bool isBinary = of.program() == PROGRAM_LIF || of.program() == PROGRAM_FASTWEIGHT;
  bool fires = isBinary || of.program() == PROGRAM_STAIRCASE;
  if (isBinary && of.payload() != 1)
    return fail(where, ": payload: required 1 of binary spikes, found ", of.payload());
  if (of.has_neuron() != fires || of.has_halting() != (of.program() == PROGRAM_HALTING))
    return fail(where,
                ": required a neuron of programs lif, staircase and fastweight, halting of program halting, and "
                "no other, found ",
                of.has_neuron()    ? "a neuron"
                : of.has_halting() ? "halting"
                                   : "none");
  if (of.layout() != LAYOUT_NONE && (!fires || !checkLayer(where, of.layer())))
    return fires ? false : fail(where, ": layout: required none without a neuron, found one");
  if (fires && !checkNeuron(of.neuron(), of.channels(), where + " neuron"))
    return false;
  if (fires && of.neuron().general() && !of.neuron().wide() && of.state_bits() > 32)
    return fail(where, ": state_bits: required at most 32 of a neuron that is not wide, found ", of.state_bits());
  return !of.has_halting() || checkHalting(of, where);
}

bool NetworkValidator::checkTable(const Synapses &table, const std::string &where) {
  if (!within(where + " form", static_cast<unsigned>(table.form()), 1, Synapses::FORM_CONSTANT) ||
      !within(where + " rows", table.rows(), 1, kMaxRows) ||
      !within(where + " columns", table.columns(), 1, kMaxRows) || !within(where + " bits", table.bits(), 1, 32) ||
      !within(where + " limbs", table.limbs(), 1, 2) ||
      !within(where + " recipe length", table.recipe().size(), 0, kMaxRecipe))
    return false;
  bool isConstant = table.form() == Synapses::FORM_CONSTANT;
  if (!within(where + " factor", table.factor(), 1, isConstant ? 255 : 1))
    return false;
  if (isConstant)
    return (table.rows() == 1 && table.columns() == 1) ||
           fail(where, ": required one row and one column of a constant");
  if (table.form() == Synapses::FORM_FASTWEIGHT)
    return true;
  return within(where + " bits * limbs", uint64_t(table.bits()) * table.limbs(), 1, 32) &&
         checkArray(where + " weights_at", table.weights_at(), uint64_t(table.rows()) * table.columns(),
                    weightBytes(table));
}

bool NetworkValidator::checkWindow(const Window &window, const std::string &where) {
  return within(where + " kernel_height", window.kernel_height(), 1, kMaxWindow) &&
         within(where + " kernel_width", window.kernel_width(), 1, kMaxWindow) &&
         within(where + " stride_y", window.stride_y(), 1, kMaxWindow) &&
         within(where + " stride_x", window.stride_x(), 1, kMaxWindow) &&
         within(where + " padding_y", window.padding_y(), 0, kMaxWindow) &&
         within(where + " padding_x", window.padding_x(), 0, kMaxWindow);
}

/// Tokens and channels of source, target and table agree.
bool NetworkValidator::checkShape(const Projection &projection, const std::string &where) {
  const Population &from = map.populations(projection.source()), &to = map.populations(projection.target());
  const Synapses &table = map.tables(projection.table());
  bool isWindow = projection.tokens() == Projection::TOKENS_WINDOW;
  bool isSame = projection.channels() == Projection::CHANNELS_SAME;
  bool isGroup = projection.channels() == Projection::CHANNELS_GROUP;
  bool isAll = projection.channels() == Projection::CHANNELS_ALL;
  if (isWindow != projection.has_window() || (isWindow && !checkWindow(projection.window(), where + " window")))
    return status ? fail(where, ": required a window of tokens window, and no other") : false;
  std::pair<int64_t, int64_t> reached(from.height(), from.width()), found(to.height(), to.width());
  if (isWindow)
    reached = windowed(reached, projection.window());
  if (projection.tokens() != Projection::TOKENS_ALL && reached != found)
    return fail(where, ": required a target map of ", reached.first, " x ", reached.second, ", found ", found.first,
                " x ", found.second);
  if ((isSame || isGroup) && from.channels() != to.channels())
    return fail(where, ": required as many channels of source and target, found ", from.channels(), " and ",
                to.channels());
  uint64_t group = projection.group();
  if (isGroup ? group < 1 || from.channels() % group != 0 : group != 0)
    return fail(where, ": group: required a size that divides ", from.channels(),
                " channels with channels group, else 0, found ", group);
  uint64_t rows = 1, columns = 1;
  bool fits = true;
  switch (table.form()) {
  case Synapses::FORM_DENSE:
    rows = from.channels();
    columns = to.channels();
    fits = isAll && !isWindow;
    break;
  case Synapses::FORM_SHARED:
    rows = uint64_t(projection.window().kernel_height()) * projection.window().kernel_width() * from.channels();
    columns = to.channels();
    fits = isAll && isWindow;
    break;
  case Synapses::FORM_FASTWEIGHT:
    rows = projection.port() == Projection::PORT_VALUE ? table.rows() : group;
    columns = to.channels();
    fits = projection.port() == Projection::PORT_VALUE ? isSame : isGroup;
    break;
  default:
    break;
  }
  if (!fits || table.rows() != rows || table.columns() != columns)
    return fail(where, ": table: required one that fits ", from.channels(), " channels to ", to.channels(),
                ", found another with ", table.rows(), " rows and ", table.columns(), " columns");
  return true;
}

bool NetworkValidator::checkPort(const Projection &projection, const std::string &where) {
  auto port = projection.port();
  Program from = map.populations(projection.source()).program(), to = map.populations(projection.target()).program();
  auto form = map.tables(projection.table()).form();
  bool isAttention = port == Projection::PORT_QUERY || port == Projection::PORT_KEY || port == Projection::PORT_VALUE;
  bool fits = isAttention == (form == Synapses::FORM_FASTWEIGHT) && (!isAttention || to == PROGRAM_FASTWEIGHT);
  if (port == Projection::PORT_KEY || port == Projection::PORT_VALUE)
    fits &= projection.tokens() == Projection::TOKENS_ALL;
  if (port == Projection::PORT_QUERY)
    fits &= projection.tokens() == Projection::TOKENS_SAME;
  if (port == Projection::PORT_SCORE)
    fits &= to == PROGRAM_HALTING;
  if (port == Projection::PORT_GATE || port == Projection::PORT_GAIN)
    fits &= from == PROGRAM_HALTING;
  if (port == Projection::PORT_GAIN)
    fits &= to == PROGRAM_READOUT;
  if (port == Projection::PORT_ADD)
    fits &= to != PROGRAM_INPUT && (to != PROGRAM_HALTING || from == PROGRAM_HALTING || from == PROGRAM_SUM);
  else if (!isAttention)
    fits &= form == Synapses::FORM_CONSTANT;
  if (!fits)
    return fail(where, ": port: required one that source, target and table have, found ", port);
  if (projection.hold() && port != Projection::PORT_ADD)
    return fail(where, ": hold: required at port add alone, found at ", port);
  return true;
}

bool NetworkValidator::checkProjection(const Projection &projection, const std::string &where) {
  if (projection.source() >= static_cast<uint32_t>(map.populations_size()) ||
      projection.target() >= static_cast<uint32_t>(map.populations_size()) ||
      projection.table() >= static_cast<uint32_t>(map.tables_size()))
    return fail(where, ": required populations below ", map.populations_size(), " and a table below ",
                map.tables_size(), ", found ", projection.source(), ", ", projection.target(), " and ",
                projection.table());
  return within(where + " port", static_cast<unsigned>(projection.port()), 1, Projection::PORT_GAIN) &&
         within(where + " tokens", static_cast<unsigned>(projection.tokens()), 1, Projection::TOKENS_ALL) &&
         within(where + " channels", static_cast<unsigned>(projection.channels()), 1, Projection::CHANNELS_FIRST) &&
         within(where + " delay", projection.delay(), 0, map.device().delay_steps()) && checkShape(projection, where) &&
         checkPort(projection, where);
}

/// Gains are of source tokens: all that is added where they arrive has as many, and one gain each.
bool NetworkValidator::checkGains() {
  std::vector<int64_t> tokens(map.populations_size());
  for (const Projection &projection : map.projections()) {
    if (projection.port() != Projection::PORT_GAIN)
      continue;
    int64_t &of = tokens[projection.target()], found = tokensOf(map.populations(projection.source()));
    if (of != 0 && of != found)
      return fail("projections: required gains of as many tokens at readout ", projection.target(), ", found ", of,
                  " and ", found);
    of = found;
  }
  for (const Projection &projection : map.projections()) {
    int64_t of = tokens[projection.target()], found = tokensOf(map.populations(projection.source()));
    if (of != 0 && (found != of || projection.hold()))
      return fail("projections: required ", of, " tokens, not held, of what a readout adds by gain, found ", found,
                  projection.hold() ? ", held" : "");
  }
  return true;
}

bool NetworkValidator::checkEncode(const Encode &encode, const std::string &where) {
  const artifact::Input &input = manifest.input();
  if (encode.population() >= static_cast<uint32_t>(map.populations_size()) ||
      map.populations(encode.population()).program() != PROGRAM_INPUT || !encoded.insert(encode.population()).second)
    return fail(where, ": population: required one of program input that nothing else encodes, found ",
                encode.population());
  const Population &of = map.populations(encode.population());
  if (encode.image_channels() != input.channels() || encode.image_height() != input.height() ||
      encode.image_width() != input.width() || (encode.frames() ? encode.neuron().steps() : 1) != input.frames())
    return fail(where, ": required the manifest's image, ", input.frames(), " of ", input.channels(), " x ",
                input.height(), " x ", input.width(), ", found ", encode.image_channels(), " x ", encode.image_height(),
                " x ", encode.image_width());
  if (!checkLayer(where, encode.layer()) || !checkWindow(encode.window(), where + " window") ||
      (encode.has_pool() && !checkWindow(encode.pool(), where + " pool")) ||
      !checkNeuron(encode.neuron(), of.channels(), where + " neuron") ||
      !within(where + " pixel_bits", encode.pixel_bits(), 0, 30) ||
      !within(where + " pixel_limit", encode.pixel_limit(), 1, 1 << 24))
    return false;
  if (encode.neuron().general() && !encode.neuron().wide())
    return fail(where, ": neuron: required a wide one on the host, found one of 32 bits");
  auto reached = windowed({encode.image_height(), encode.image_width()}, encode.window());
  if (!within(where + " neurons", uint64_t(reached.first) * reached.second * of.channels(), 1, kMaxNeurons))
    return false;
  if (encode.has_pool()) {
    reached = windowed(reached, encode.pool());
    // So that every window has a neuron in it.
    if (encode.pool().padding_y() > encode.pool().kernel_height() / 2 ||
        encode.pool().padding_x() > encode.pool().kernel_width() / 2)
      return fail(where, ": pool: required a padding of at most half the kernel");
  }
  uint64_t steps = encode.neuron().steps(), runs = encode.counts() ? 1 : steps, payload = encode.counts() ? steps : 1;
  if (reached != std::pair<int64_t, int64_t>(of.height(), of.width()) || of.runs() != runs || of.payload() != payload)
    return fail(where, ": required a population of map ", reached.first, " x ", reached.second, ", ", runs,
                " runs and payload ", payload, ", found ", of.height(), " x ", of.width(), ", ", of.runs(), " and ",
                of.payload());
  const uint64_t weights[] = {of.channels(), encode.image_channels(), encode.window().kernel_height(),
                              encode.window().kernel_width()};
  auto count = checkedProduct(weights);
  return count ? checkArray(where + " weights_at", encode.weights_at(), *count, 4) : fail(where, ": too many weights");
}

bool NetworkValidator::checkClassify() {
  const Classify &classify = map.classify();
  if (!map.has_classify() || classify.readouts_size() < 1)
    return fail("classify: required with at least one readout, found none");
  if (classify.classes() != manifest.classes())
    return fail("classify.classes: required the manifest's ", manifest.classes(), ", found ", classify.classes());
  std::set<uint32_t> seen;
  uint64_t channels = 0;
  for (uint32_t readout : classify.readouts()) {
    if (readout >= static_cast<uint32_t>(map.populations_size()) || !seen.insert(readout).second)
      return fail("classify.readouts: required populations below ", map.populations_size(), ", none twice, found ",
                  readout);
    const Population &of = map.populations(readout);
    if (channels == 0)
      channels = of.channels();
    if (of.program() != PROGRAM_READOUT || tokensOf(of) != 1 || of.channels() != channels)
      return fail("classify.readouts: required readouts of one token and ", channels, " channels, found another");
  }
  if (!std::isfinite(classify.unit()))
    return fail("classify.unit: required a finite number, found ", classify.unit());
  return within("classify.recipe length", classify.recipe().size(), 0, kMaxRecipe) &&
         checkArray("classify.weights_at", classify.weights_at(), channels * classify.classes(), 4) &&
         checkArray("classify.biases_at", classify.biases_at(), classify.classes(), 8);
}

Status NetworkValidator::run() {
  if (map.version() != coremap::kVersion)
    return makeError("version: required ", coremap::kVersion, ", found ", map.version());
  if (!within("timesteps", map.timesteps(), 1, kMaxRuns) || !within("interval", map.interval(), 1, kMaxStep) ||
      !within("populations count", map.populations_size(), 1, kMaxPopulations) ||
      !within("tables count", map.tables_size(), 0, kMaxPopulations) ||
      !within("projections count", map.projections_size(), 0, kMaxPopulations) || !checkDevice() ||
      !checkName("network", map.name()))
    return status;
  names.clear();
  if (map.timesteps() != manifest.timesteps())
    return makeError("timesteps: required the manifest's ", manifest.timesteps(), ", found ", map.timesteps());
  uint64_t neurons = 0, index = 0, blocks = 0;
  for (const Population &of : map.populations()) {
    std::string where = "population " + std::to_string(index++);
    if (!checkName(where, of.name()) || !checkPopulation(of, where))
      return status;
    neurons += neuronsOf(of);
    if (of.has_halting() && (++blocks, tokensOf(of) != manifest.tokens()))
      return makeError(where, ": required the manifest's ", manifest.tokens(), " tokens, found ", tokensOf(of));
  }
  if (blocks != manifest.blocks())
    return makeError("populations: required ", manifest.blocks(), " of program halting, the manifest's blocks, found ",
                     blocks);
  if (!within("neurons of all populations", neurons, 1, kMaxNeurons))
    return status;
  index = 0;
  for (const Synapses &table : map.tables()) {
    std::string where = "table " + std::to_string(index++);
    if (!checkName(where, table.name()) || !checkTable(table, where))
      return status;
  }
  index = 0;
  for (const Projection &projection : map.projections())
    if (!checkProjection(projection, "projection " + std::to_string(index++)))
      return status;
  if (!checkGains())
    return status;
  index = 0;
  for (const Encode &encode : map.encodes())
    if (!checkEncode(encode, "encode " + std::to_string(index++)))
      return status;
  for (int i = 0; i < map.populations_size(); ++i)
    if (map.populations(i).program() == PROGRAM_INPUT && !encoded.count(i))
      return makeError("population ", i, ": required an encode of program input, found none");
  checkClassify();
  return status;
}

uint64_t coremap::weightBytes(const Synapses &table) {
  uint64_t bits = uint64_t(table.bits()) * table.limbs();
  return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
}

Status coremap::validateNetwork(const CoreMap &map, const artifact::Manifest &manifest, uint64_t weightsBytes) {
  return NetworkValidator(map, manifest, weightsBytes).run();
}
