//===- EstimateCommand.cpp - stas estimate --------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "EstimateRequest.h"
#include "stas/Energy/ChipEstimate.h"
#include "stas/Target/Artifact/Artifact.h"

#include <iostream>

using namespace stas;

/// Of an artifact for a chip: events of its cores and links, at the costs that the chip names unless the user does.
static Status estimateOnChip(const Arguments &arguments, const coremap::CoreMap &map) {
  std::string name = arguments.has("--profile") ? arguments.get("--profile") : map.device().cost_profile();
  if (name.empty())
    return makeError(arguments.file(),
                     ": the chip names no cost profile; name one with --profile, such as loihi1-table2");
  Result<energy::Profile> profile = energy::loadProfile(name);
  if (!profile)
    return profile.error();
  if (!profile->pricesEvents())
    return makeError("--profile=", name, ": required costs of events on a chip, found only prices of operations");
  energy::ChipRates rates = energy::boundsOf(map);
  std::string file = arguments.get("--rates");
  if (arguments.has("--rates")) {
    Result<energy::ChipRates> read = energy::readChipRates(file, map);
    if (!read)
      return read.error();
    rates = std::move(*read);
  }
  energy::ChipEstimate estimate = energy::estimateChip(map, *profile, rates);
  if (arguments.has("--json"))
    energy::printJson(std::cout, estimate, arguments.file(), file);
  else
    energy::printText(std::cout, estimate, arguments.file(), file);
  return {};
}

Status stas::estimateCommand(int argc, char **argv) {
  auto parsed = Arguments::parse(EstimateRequest::help(), argc, argv);
  if (!parsed || !*parsed)
    return parsed ? Status() : parsed.error();
  std::optional<Arguments> &arguments = *parsed;
  Result<bool> isArtifact = artifact::isArtifact(arguments->file());
  if (!isArtifact)
    return isArtifact.error();
  const std::string &name = arguments->file();
  bool isNamedSo = name.size() > 5 && name.compare(name.size() - 5, 5, ".stas") == 0;
  if (!*isArtifact && !isNamedSo)
    return delegateCommand({"estimate", "stas-compile", "", true}, argc, argv);
  for (const Option &option : EstimateRequest::modelOptions())
    if (arguments->has(option.name))
      return makeError(option.name, ": speaks of a model, found an artifact that is compiled already; leave it out");
  Result<artifact::Artifact> file = artifact::Artifact::open(arguments->file());
  if (!file)
    return file.error();
  if (file->cudaPlan())
    return makeError(file->path(), ": required a model, or an artifact for a CPU or a chip, found one for a GPU: "
                                   "operations are the same on every target, so estimate the model it was made of");
  if (file->coreMap())
    return estimateOnChip(*arguments, *file->coreMap());
  Result<EstimateRequest> request = EstimateRequest::create(*arguments);
  if (!request)
    return request.error();
  return request->print(energy::networkOf(file->manifest()), std::cout);
}
