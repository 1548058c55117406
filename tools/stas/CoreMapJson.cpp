//===- CoreMapJson.cpp - A core map as JSON -------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoreMapText.h"
#include "JsonLists.h"

using namespace stas;
using namespace stas::coremap;
using Json = nlohmann::ordered_json;

static Json deviceJson(const Device &device) {
  Json json = {{"name", device.name()},
               {"symbol", device.symbol()},
               {"board", {device.board_rows(), device.board_columns()}},
               {"mesh", {device.mesh_rows(), device.mesh_columns()}},
               {"cores_per_tile", device.cores_per_tile()},
               {"neurons", device.neurons()},
               {"state_bits", device.state_bits()},
               {"synapse_memory_kib", device.synapse_memory_kib()},
               {"in_axons", device.in_axons()},
               {"out_axons", device.out_axons()},
               {"idle", device.idle_skipped() ? "skipped" : "updated"},
               {"weight_bits", device.weight_bits()},
               {"weight_shift", device.weight_shift()},
               {"payload_bits", device.payload_bits()},
               {"delay_steps", device.delay_steps()},
               {"multicast", device.tree() ? "tree" : "per_core"},
               {"cost_profile", device.cost_profile()}};
  if (device.has_counter_bits())
    json["counter_bits"] = device.counter_bits();
  if (device.has_link_messages_per_step())
    json["link_messages_per_step"] = device.link_messages_per_step();
  json["programs"] = listOf(device.programs(), [](int program) { return nameOf(static_cast<Program>(program)); });
  return json;
}

static Json neuronJson(const Neuron &neuron) {
  return {{"form", neuron.general() ? "general" : "halve"},
          {"reset", neuron.soft() ? "soft" : "hard"},
          {"wide", neuron.wide()},
          {"guard", neuron.guard()},
          {"fraction", neuron.fraction()},
          {"multiplier", neuron.multiplier()},
          {"steps", neuron.steps()},
          {"count", neuron.count()},
          {"biases_at", neuron.biases_at()},
          {"thresholds_at", neuron.thresholds_at()},
          {"resets_at", neuron.resets_at()},
          {"recipe", neuron.recipe()}};
}

static Json populationJson(const Population &of) {
  Json json = {{"name", of.name()},
               {"program", nameOf(of.program())},
               {"map", {of.height(), of.width()}},
               {"channels", of.channels()},
               {"payload", of.payload()},
               {"state_bits", of.state_bits()},
               {"step", of.step()},
               {"runs", of.runs()}};
  if (of.has_rate())
    json["rate"] = of.rate();
  if (of.layout() != LAYOUT_NONE) {
    json["layer"] = of.layer();
    json["layout"] = of.layout() == LAYOUT_MAP ? "map" : "tokens";
  }
  if (of.has_neuron())
    json["neuron"] = neuronJson(of.neuron());
  if (of.has_halting()) {
    static constexpr const char *orders[] = {"?", "lexicographic", "rectangular", "timestep"};
    json["halting"] = {{"limit", of.halting().limit()},   {"order", orders[of.halting().order()]},
                       {"scores", of.halting().scores()}, {"scores_at", of.halting().scores_at()},
                       {"last", of.halting().last()},     {"recipe", of.halting().recipe()}};
  }
  return json;
}

static Json synapsesJson(const Synapses &table) {
  return {{"name", table.name()},     {"form", nameOf(table.form())},
          {"rows", table.rows()},     {"columns", table.columns()},
          {"bits", table.bits()},     {"limbs", table.limbs()},
          {"factor", table.factor()}, {"weights_at", table.weights_at()},
          {"recipe", table.recipe()}};
}

static Json windowJson(const Window &window) {
  return {{"kernel", {window.kernel_height(), window.kernel_width()}},
          {"stride", {window.stride_y(), window.stride_x()}},
          {"padding", {window.padding_y(), window.padding_x()}}};
}

static Json projectionJson(const Projection &by) {
  Json json = {{"source", by.source()},     {"target", by.target()},         {"table", by.table()},
               {"port", nameOf(by.port())}, {"tokens", nameOf(by.tokens())}, {"channels", nameOf(by.channels())},
               {"group", by.group()},       {"delay", by.delay()},           {"hold", by.hold()},
               {"next", by.next()}};
  if (by.has_window())
    json["window"] = windowJson(by.window());
  return json;
}

static Json encodeJson(const Encode &encode) {
  Json json = {{"population", encode.population()},
               {"layer", encode.layer()},
               {"image", {encode.image_channels(), encode.image_height(), encode.image_width()}},
               {"window", windowJson(encode.window())},
               {"frames", encode.frames()},
               {"counts", encode.counts()},
               {"pixel_bits", encode.pixel_bits()},
               {"pixel_limit", encode.pixel_limit()},
               {"weights_at", encode.weights_at()},
               {"neuron", neuronJson(encode.neuron())}};
  if (encode.has_pool())
    json["pool"] = windowJson(encode.pool());
  return json;
}

static Json coreJson(const Core &core) {
  return {{"name", core.name()},
          {"place", {core.row(), core.column(), core.index()}},
          {"tiles", listOf(core.tiles(), [](const Tile &tile) {
             return Json{{"population", tile.population()},
                         {"rows", {tile.row_begin(), tile.row_end()}},
                         {"columns", {tile.column_begin(), tile.column_end()}},
                         {"channels", {tile.channel_begin(), tile.channel_end()}}};
           })}};
}

Json stas::coreMapJson(const CoreMap &map) {
  Json json = {{"version", map.version()},
               {"device", deviceJson(map.device())},
               {"name", map.name()},
               {"timesteps", map.timesteps()},
               {"interval", map.interval()},
               {"populations", listOf(map.populations(), populationJson)},
               {"tables", listOf(map.tables(), synapsesJson)},
               {"projections", listOf(map.projections(), projectionJson)},
               {"encodes", listOf(map.encodes(), encodeJson)}};
  const Classify &classify = map.classify();
  json["classify"] = {{"readouts", arrayOf(classify.readouts())},
                      {"classes", classify.classes()},
                      {"weights_at", classify.weights_at()},
                      {"biases_at", classify.biases_at()},
                      {"unit", classify.unit()},
                      {"recipe", classify.recipe()}};
  json["cores"] = listOf(map.cores(), coreJson);
  json["flows"] = listOf(map.flows(), [](const Flow &flow) {
    return Json{{"name", flow.name()},
                {"population", flow.population()},
                {"source", flow.source()},
                {"neurons", arrayOf(flow.neurons())},
                {"targets", arrayOf(flow.targets())},
                {"delay", flow.delay()},
                {"spikes", flow.spikes()},
                {"out_axons", arrayOf(flow.out_axons())},
                {"in_axons", arrayOf(flow.in_axons())},
                {"routes", arrayOf(flow.routes())},
                {"runs", arrayOf(flow.runs())}};
  });
  return json;
}
