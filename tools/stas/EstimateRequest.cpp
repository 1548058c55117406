//===- EstimateRequest.cpp - What stas estimate is asked for --------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EstimateRequest.h"

using namespace stas;

const std::vector<Option> &stas::checkpointOptions() {
  static const std::vector<Option> options = {
      {"--config", "FILE", "settings in JSON; they win over the checkpoint's"},
      {"--timesteps", "T", "number of timesteps"},
      {"--heads", "H", "number of attention heads"},
      {"--input", "KIND", "what the model takes: image (default), or frames, one a timestep"},
      {"--set", "KEY=VALUE", "one setting of the config, such as act.alpha=0.5; may be repeated", /*isList=*/true},
      {"--ema", nullptr, "take the moving average of the weights"},
  };
  return options;
}

const std::vector<Option> &EstimateRequest::modelOptions() {
  static const std::vector<Option> options = [] {
    std::vector<Option> all = {
        {"--compile-from", "PHASE", "MODEL is a module that this phase of stas compile wrote, such as quantize"}};
    all.insert(all.end(), checkpointOptions().begin(), checkpointOptions().end());
    return all;
  }();
  return options;
}

const CommandHelp &EstimateRequest::help() {
  static const CommandHelp help = [] {
    CommandHelp result = {
        "estimate",
        "synaptic operations and energy of a model, by layer",
        "MODEL|OUT.stas [OPTIONS]",
        "model or artifact (MODEL)",
        {{"--profile", "NAME|FILE",
          "what operations cost: cmos45 (default), or a file; of a chip what events do (the chip's)"},
         {"--rates", "FILE",
          "what stas run --rates measured, of a chip also what --stats --json printed; without it, bounds"},
         {"--json", nullptr, "the estimate as one JSON object"}},
        "\nMODEL is a checkpoint (.pth .pt .pth.tar .safetensors) or an imported module (.mlir).\n"
        "docs/Energy.md has the rules, and what is not counted.\n\n"
        "  stas run model.stas --input images.npy --rates rates.json\n"
        "  stas estimate model.stas --rates rates.json\n"};
    for (const Option &option : modelOptions())
      result.options.push_back(option);
    return result;
  }();
  return help;
}

Result<EstimateRequest> EstimateRequest::create(const Arguments &arguments) {
  Result<energy::Profile> profile =
      energy::loadProfile(arguments.has("--profile") ? arguments.get("--profile") : "cmos45");
  if (!profile)
    return profile.error();
  if (!profile->pricesOperations())
    return makeError("--profile=", arguments.get("--profile"),
                     ": required prices of operations, found only costs of "
                     "events on a chip; cmos45 has both");
  return EstimateRequest(arguments, std::move(*profile));
}

Status EstimateRequest::print(const energy::Network &network, std::ostream &out) const {
  if (network.layers.empty())
    return makeError(arguments.file(),
                     ": required layers that say what they compute, found none; compile it again with "
                     "this version of stas");
  std::optional<energy::Rates> rates;
  std::string file = arguments.get("--rates");
  if (arguments.has("--rates")) {
    Result<energy::Rates> read = energy::readRates(file, network);
    if (!read)
      return read.error();
    rates = std::move(*read);
  }
  energy::Estimate result = energy::estimate(network, profile, rates ? &*rates : nullptr);
  if (arguments.has("--json"))
    energy::printJson(out, result, arguments.file(), file);
  else
    energy::printText(out, result, arguments.file(), file);
  return {};
}
