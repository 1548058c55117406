//===- Names.cpp - Names and sizes of what a manifest holds ---------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/Checked.h"
#include "stas/Target/Artifact/Artifact.h"

using namespace stas;
using namespace stas::artifact;

static constexpr size_t kMaxName = 200;
#define STAS_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool isMadeOf(std::string_view name, const char *characters) {
  return !name.empty() && name.size() <= kMaxName && name.find_first_not_of(characters) == std::string_view::npos;
}

bool artifact::isLayerName(std::string_view name) {
  return isMadeOf(name, STAS_LETTERS "0123456789_-.") && name[0] != '.';
}

bool artifact::isSymbolName(std::string_view name) {
  return isMadeOf(name, STAS_LETTERS "0123456789_") && !(name[0] >= '0' && name[0] <= '9');
}

uint64_t artifact::elementSize(Element element) {
  switch (element) {
  case U8:
    return 1;
  case I32:
  case F32:
    return 4;
  case I64:
    return 8;
  default:
    return 0;
  }
}

const char *artifact::elementName(Element element) {
  switch (element) {
  case U8:
    return "u8";
  case I32:
    return "i32";
  case F32:
    return "f32";
  case I64:
    return "i64";
  default:
    return "?";
  }
}

const char *artifact::orderName(HaltingOrder order) {
  switch (order) {
  case LEXICOGRAPHIC:
    return "lexicographic";
  case RECTANGULAR:
    return "rectangular";
  case TIMESTEP:
    return "timestep";
  default:
    return "?";
  }
}

const char *artifact::sumsName(SumsBy sums) {
  switch (sums) {
  case EVENTS:
    return "events";
  case DENSE:
    return "dense";
  case TILES:
    return "tiles";
  case CHOICE:
    return "choice";
  default:
    return "";
  }
}

uint64_t artifact::byteSize(const Buffer &buffer) {
  return checkedProduct(buffer.dims()).value_or(0) * elementSize(buffer.element());
}
