//===- Misfit.cpp - Why a model does not fit a chip -----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Mapping/Misfit.h"

using namespace stas;
using namespace stas::mapping;

const char *mapping::resourceText(Resource resource) {
  switch (resource) {
  case Resource::Neurons:
    return "neurons of a core";
  case Resource::SynapseMemory:
    return "synapse memory of a core";
  case Resource::InAxons:
    return "in-axons of a core";
  case Resource::OutAxons:
    return "out-axons of a core";
  case Resource::StateBits:
    return "state of a neuron";
  case Resource::WeightBits:
    return "stored weight";
  case Resource::PayloadBits:
    return "payload of a spike";
  case Resource::Delay:
    return "delay of an axon";
  case Resource::Cores:
    return "cores of the board";
  }
  return "";
}

const char *mapping::resourceUnit(Resource resource) {
  switch (resource) {
  case Resource::SynapseMemory:
  case Resource::StateBits:
  case Resource::WeightBits:
  case Resource::PayloadBits:
    return " bits";
  case Resource::Delay:
    return " steps";
  default:
    return "";
  }
}

std::string Misfit::message() const {
  std::ostringstream text;
  text << "layer " << layer << ": " << resourceText(resource) << ": required " << used << resourceUnit(resource)
       << ", the chip has " << limit << resourceUnit(resource) << "; largest users:";
  for (size_t i = 0; i < users.size(); ++i)
    text << (i ? ", " : " ") << users[i].layer << " " << users[i].used;
  text << "; would fit: " << remedy;
  return text.str();
}
