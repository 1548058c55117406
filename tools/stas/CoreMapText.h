//===- CoreMapText.h - A core map as text -----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TOOLS_STAS_COREMAPTEXT_H
#define STAS_TOOLS_STAS_COREMAPTEXT_H

#include "stas/Target/Artifact/CoreMap.h"

#include <nlohmann/json_fwd.hpp>

#include <ostream>

namespace stas {

/// The network as tables, and what is on each core. Flows and routes, one by
/// one, are in the JSON.
void printCoreMapText(std::ostream &out, const coremap::CoreMap &map);

/// All of it, with the names of CoreMap.proto.
nlohmann::ordered_json coreMapJson(const coremap::CoreMap &map);

// As the dialect prints them.
const char *nameOf(coremap::Synapses::Form form);
const char *nameOf(coremap::Projection::Port port);
const char *nameOf(coremap::Projection::Tokens tokens);
const char *nameOf(coremap::Projection::Channels channels);
const char *nameOf(coremap::Program program);

} // namespace stas

#endif // STAS_TOOLS_STAS_COREMAPTEXT_H
