//===- ManifestJson.cpp - A manifest as JSON ------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CoreMapText.h"
#include "CudaPlanText.h"
#include "JsonLists.h"
#include "ManifestText.h"

using namespace stas;
using namespace stas::artifact;
using Json = nlohmann::ordered_json;

static Json workJson(const Work &work) {
  Json json;
  json["kind"] = work.kind() == WEIGHTED ? "weighted" : work.kind() == COINCIDENCE ? "coincidence" : "halting";
  json["layer"] = work.layer();
  json["inputs"] = arrayOf(work.inputs());
  if (work.has_active())
    json["active"] = work.active();
  if (work.has_block())
    json["block"] = work.block();
  json["rows"] = work.rows();
  json["fan_in"] = work.fan_in();
  json["channels"] = work.channels();
  json["heads"] = work.heads();
  json["parts"] = work.parts();
  json["max"] = work.max();
  json["steps"] = work.steps();
  if (work.has_window()) {
    const Window &window = work.window();
    json["window"] = {{"map", {window.height(), window.width()}},
                      {"kernel", {window.kernel_height(), window.kernel_width()}},
                      {"stride", {window.stride_y(), window.stride_x()}},
                      {"padding", {window.padding_y(), window.padding_x()}},
                      {"channels_first", window.channels_first()}};
  }
  return json;
}

static Json launchJson(const Manifest &manifest, const Launch &launch) {
  Json json;
  json["kernel"] = manifest.kernels(launch.kernel());
  json["args"] = Json::array();
  for (const Argument &argument : launch.args()) {
    if (argument.has_buffer())
      json["args"].push_back({{"buffer", argument.buffer()}});
    else
      json["args"].push_back({{"weights", argument.weights()}});
  }
  json["extent"] = launch.extent();
  json["layer"] = launch.layer();
  if (launch.sums() != SUMS_UNSPECIFIED)
    json["sums"] = artifact::sumsName(launch.sums());
  if (launch.when() != ALWAYS)
    json["when"] = launch.when() == OBSERVED ? "observed" : "unobserved";
  if (launch.has_spikes())
    json["spikes"] = {{"layer", launch.spikes().layer()},
                      {"buffer", launch.spikes().buffer()},
                      {"layout", launch.spikes().layout() == MAP ? "map" : "tokens"},
                      {"dims", arrayOf(launch.spikes().dims())}};
  if (launch.has_work())
    json["work"] = workJson(launch.work());
  return json;
}

static Json stepsJson(const Manifest &manifest, const google::protobuf::RepeatedPtrField<Step> &steps) {
  Json json = Json::array();
  for (const Step &step : steps) {
    if (step.has_time_loop())
      json.push_back(
          {{"time_loop",
            {{"timesteps", step.time_loop().timesteps()}, {"body", stepsJson(manifest, step.time_loop().body())}}}});
    else if (step.has_stop_when_idle())
      json.push_back({{"stop_when_idle", {{"buffer", step.stop_when_idle().buffer()}}}});
    else
      json.push_back({{"launch", launchJson(manifest, step.launch())}});
  }
  return json;
}

/// What an artifact with code has.
static void addPlan(const Manifest &manifest, Json &json) {
  json["cpu"] = manifest.cpu();
  json["cpu_features"] = arrayOf(manifest.cpu_features());
  json["arena_bytes"] = manifest.arena_bytes();
  json["scratch_bytes"] = manifest.scratch_bytes();
  json["buffers"] = Json::array();
  for (const Buffer &buffer : manifest.buffers())
    json["buffers"].push_back({{"name", buffer.name()},
                               {"element", elementName(buffer.element())},
                               {"dims", arrayOf(buffer.dims())},
                               {"offset", buffer.offset()},
                               {"zero_at_start", buffer.zero_at_start()}});
  json["kernels"] = arrayOf(manifest.kernels());
  json["input_buffer"] = manifest.input_buffer();
  json["logits_buffer"] = manifest.logits_buffer();
  if (manifest.has_halting_buffer()) {
    json["tokens"] = manifest.tokens();
    json["blocks"] = manifest.blocks();
    json["halting_buffer"] = manifest.halting_buffer();
    json["halting_order"] = artifact::orderName(manifest.halting_order());
  }
  json["steps"] = stepsJson(manifest, manifest.steps());
  json["variants"] = Json::array();
  for (const Variant &variant : manifest.variants()) {
    Json launches = Json::array();
    for (const LaunchCode &code : variant.launches()) {
      launches.push_back({{"kernel", manifest.kernels(code.kernel())}, {"weights", arrayOf(code.weights())}});
      if (code.sums() != SUMS_UNSPECIFIED)
        launches.back()["sums"] = artifact::sumsName(code.sums());
    }
    json["variants"].push_back({{"cpu", variant.cpu()},
                                {"cpu_features", arrayOf(variant.cpu_features())},
                                {"scratch_bytes", variant.scratch_bytes()},
                                {"launches", std::move(launches)}});
  }
}

void stas::printManifestJson(std::ostream &out, const Artifact &artifact) {
  const Manifest &manifest = artifact.manifest();
  Json json;
  json["bytes"] = artifact.fileSize();
  for (const SectionInfo &section : artifact.sections())
    json["sections"].push_back(
        {{"name", section.name}, {"offset", section.offset}, {"bytes", section.size}, {"sha256", section.sha256}});
  json["producer"] = manifest.producer();
  json["source"] = manifest.source();
  json["family"] = manifest.family();
  json["target"] = manifest.target();
  json["precision"] = manifest.precision();
  const Input &input = manifest.input();
  json["input"] = {{"frames", input.frames()}, {"channels", input.channels()},  {"height", input.height()},
                   {"width", input.width()},   {"mean", arrayOf(input.mean())}, {"std", arrayOf(input.std())}};
  json["timesteps"] = manifest.timesteps();
  json["classes"] = manifest.classes();
  if (manifest.target() != "cpu") {
    json["tokens"] = manifest.tokens();
    json["blocks"] = manifest.blocks();
  }
  if (const cudaplan::CudaPlan *plan = artifact.cudaPlan()) {
    if (plan->has_halting_buffer())
      json["halting_order"] = artifact::orderName(manifest.halting_order());
    json["cudaplan"] = cudaPlanJson(*plan);
  } else if (const coremap::CoreMap *map = artifact.coreMap()) {
    json["coremap"] = coreMapJson(*map);
  } else {
    addPlan(manifest, json);
  }
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}
