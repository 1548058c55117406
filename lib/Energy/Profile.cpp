//===- Profile.cpp - What operations cost ---------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Energy/Profile.h"
#include "ShippedProfiles.h"
#include "stas/Energy/Profile.pb.h"
#include "stas/Support/MappedFile.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <cmath>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

using namespace stas;
using namespace stas::energy;

static constexpr uint64_t kMaxBytes = 1 << 20;

const char *energy::operationKey(Operation operation) {
  constexpr const char *keys[kOperations] = {"mac",           "ac",         "and_accumulate", "neuron_update",
                                             "halting_score", "halting_sum"};
  return keys[static_cast<size_t>(operation)];
}

const char *energy::operationText(Operation operation) {
  constexpr const char *texts[kOperations] = {"multiply-accumulates", "accumulates",    "AND-accumulates",
                                              "neuron updates",       "halting scores", "halting-weighted sums"};
  return texts[static_cast<size_t>(operation)];
}

namespace {

/// Keeps the first thing that is wrong with a text.
class FirstError : public google::protobuf::io::ErrorCollector {
public:
  void AddError(int line, google::protobuf::io::ColumnNumber, const std::string &message) override {
    if (!text.empty())
      return;
    text = "line " + std::to_string(line + 1) + ": " + printable(message, 200);
    if (text.back() == '.')
      text.pop_back();
  }
  void AddWarning(int, google::protobuf::io::ColumnNumber, const std::string &) override {}
  std::string text;
};

std::string lowerCase(std::string text) {
  for (char &c : text)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

std::string operationList() {
  std::string list;
  for (int value = proto::Operation_MIN + 1; value <= proto::Operation_MAX; ++value)
    list += (list.empty() ? "" : ", ") + proto::Operation_Name(static_cast<proto::Operation>(value));
  return list;
}

std::string evidenceList() {
  std::string list;
  for (int value = proto::Evidence_MIN + 1; value <= proto::Evidence_MAX; ++value)
    list += (list.empty() ? "" : ", ") + proto::Evidence_Name(static_cast<proto::Evidence>(value));
  return list;
}

bool isWord(const std::string &name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

Result<std::optional<Price>> readPrice(const std::string &where, const proto::Price &price) {
  const bool hasEvidence = price.evidence() != proto::EVIDENCE_UNSPECIFIED;
  if (!price.has_picojoules()) {
    if (hasEvidence || !price.source().empty())
      return makeError(where, ": evidence or source without picojoules: required a price, or neither");
    return std::optional<Price>();
  }
  if (!std::isfinite(price.picojoules()) || price.picojoules() < 0)
    return makeError(where, ": picojoules: required a finite number of 0 or more, found ", price.picojoules());
  if (!hasEvidence || price.source().empty())
    return makeError(where, ": required evidence (", evidenceList(), ") and source with picojoules, found ",
                     hasEvidence ? "no source" : "no evidence");
  return std::optional(Price{price.picojoules(), lowerCase(proto::Evidence_Name(price.evidence())), price.source()});
}

} // namespace

Result<Profile> energy::parseProfile(const std::string &where, const std::string &text) {
  proto::Profile message;
  google::protobuf::TextFormat::Parser parser;
  FirstError problem;
  parser.RecordErrorsTo(&problem);
  if (!parser.ParseFromString(text, &message))
    return makeError(where, ": ", problem.text, "; required a cost profile with prices of ", operationList());
  Profile profile;
  profile.name = message.name();
  profile.description = message.description();
  if (!isWord(profile.name))
    return makeError(where, ": name: required a word of letters, digits, '-' and '_', found '", printable(profile.name),
                     "'");
  std::array<bool, kOperations> seen{};
  for (const proto::Price &price : message.price()) {
    if (price.operation() == proto::OPERATION_UNSPECIFIED)
      return makeError(where, ": price: required an operation (", operationList(), "), found none");
    std::string name = where + ": price of " + proto::Operation_Name(price.operation());
    size_t index = price.operation() - 1;
    if (seen[index])
      return makeError(name, ": is there twice");
    seen[index] = true;
    Result<std::optional<Price>> read = readPrice(name, price);
    if (!read)
      return read.error();
    profile.prices[index] = *read;
  }
  if (std::none_of(profile.prices.begin(), profile.prices.end(), [](const auto &price) { return price.has_value(); }))
    return makeError(where, ": required a price of at least one operation (", operationList(), "), found none");
  return profile;
}

Result<Profile> energy::loadProfile(const std::string &nameOrFile) {
  for (const ShippedProfile &shipped : kShippedProfiles)
    if (nameOrFile == shipped.name)
      return parseProfile(nameOrFile, shipped.text);
  if (nameOrFile.find_first_of("./") == std::string::npos) {
    std::string known, near = nearest(nameOrFile, profileNames());
    for (const std::string &name : profileNames())
      known += (known.empty() ? "" : ", ") + name;
    return makeError("--profile=", printable(nameOrFile), ": no profile of that name; ",
                     near.empty() ? "there are: " + known : "did you mean " + near + "?",
                     " (a file's name has a '.' or '/' in it)");
  }
  Result<MappedFile> file = MappedFile::open(nameOrFile);
  if (!file)
    return file.error();
  if (file->size() > kMaxBytes)
    return makeError(nameOrFile, ": required at most ", humanBytes(kMaxBytes), ", found ", humanBytes(file->size()));
  return parseProfile(nameOrFile, std::string(file->bytes()));
}

std::vector<std::string> energy::profileNames() {
  std::vector<std::string> names;
  for (const ShippedProfile &shipped : kShippedProfiles)
    names.push_back(shipped.name);
  std::sort(names.begin(), names.end());
  return names;
}
