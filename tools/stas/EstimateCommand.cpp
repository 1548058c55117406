//===- EstimateCommand.cpp - stas estimate --------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "EstimateRequest.h"
#include "stas/Target/Artifact/Artifact.h"

#include <iostream>

using namespace stas;

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
  Result<EstimateRequest> request = EstimateRequest::create(*arguments);
  if (!request)
    return request.error();
  Result<artifact::Artifact> file = artifact::Artifact::open(arguments->file());
  if (!file)
    return file.error();
  return request->print(energy::networkOf(file->manifest()), std::cout);
}
