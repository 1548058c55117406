//===- EstimateRequest.h - What stas estimate is asked for ------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TOOLS_STAS_ESTIMATEREQUEST_H
#define STAS_TOOLS_STAS_ESTIMATEREQUEST_H

#include "stas/Energy/Estimate.h"
#include "stas/Support/Arguments.h"

namespace stas {

/// The command line of `stas estimate`. stas itself serves artifacts, and
/// stas-compile models, which it compiles as far as the plan: both print the
/// same.
class EstimateRequest {
public:
  static const CommandHelp &help();
  /// The options about how a model is read, which say nothing to an artifact.
  static const std::vector<Option> &modelOptions();

  /// Reads the profile, so that a wrong one is found before the work.
  static Result<EstimateRequest> create(const Arguments &arguments);

  /// Reads rates, estimates, prints.
  Status print(const energy::Network &network, std::ostream &out) const;

private:
  EstimateRequest(const Arguments &arguments, energy::Profile profile)
      : arguments(arguments), profile(std::move(profile)) {}
  const Arguments &arguments;
  energy::Profile profile;
};

/// The options about how a checkpoint is read.
const std::vector<Option> &checkpointOptions();

} // namespace stas

#endif // STAS_TOOLS_STAS_ESTIMATEREQUEST_H
