//===- JsonFile.cpp - JSON from a file that may be hostile ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/JsonFile.h"
#include "stas/Support/MappedFile.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <set>

using namespace stas;

namespace {

constexpr uint64_t kMaxBytes = 64 << 20;
constexpr size_t kMaxDepth = 16;

/// Looks a text over before a tree is made of it.
class Checker : public nlohmann::json_sax<Json> {
public:
  std::string problem;
  size_t position = 0; ///< Where it was found, in bytes; 0 where the key says.

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t &) override { return true; }
  bool string(string_t &) override { return true; }
  bool binary(binary_t &) override { return true; }
  bool start_object(size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool start_array(size_t) override { return enter(); }
  bool end_array() override { return leave(); }
  bool key(string_t &name) override {
    if (keys.back().insert(name).second)
      return true;
    problem = "key '" + printable(name) + "' is there twice";
    return false;
  }
  bool parse_error(size_t at, const std::string &token, const nlohmann::detail::exception &) override {
    position = std::max<size_t>(1, at);
    problem = "required JSON, found '" + printable(token, 20) + "'";
    return false;
  }

private:
  bool enter() {
    keys.emplace_back();
    if (keys.size() <= kMaxDepth)
      return true;
    problem = "nested more than " + std::to_string(kMaxDepth) + " levels deep";
    return false;
  }
  bool leave() {
    keys.pop_back();
    return true;
  }
  std::vector<std::set<std::string>> keys;
};

} // namespace

Result<Json> stas::readJson(const std::string &path) {
  Result<MappedFile> file = MappedFile::open(path);
  if (!file)
    return file.error();
  if (file->size() > kMaxBytes)
    return makeError(path, ": required at most ", humanBytes(kMaxBytes), ", found ", humanBytes(file->size()));
  const char *begin = file->bytes().data(), *end = begin + file->size();
  Checker checker;
  if (!Json::sax_parse(begin, end, &checker)) {
    std::string where;
    if (checker.position > 0)
      where = "line " +
              std::to_string(1 + std::count(begin, begin + std::min<size_t>(checker.position, file->size()), '\n')) +
              ": ";
    return makeError(path, ": ", where, checker.problem);
  }
  return Json::parse(begin, end, nullptr, /*allow_exceptions=*/false);
}

std::string stas::jsonText(const Json &value) {
  // Only what is shown of a long list is worth writing out.
  if (value.is_array())
    return "a list of " + std::to_string(value.size());
  return value.is_object() ? "an object" : printable(value.dump(-1, ' ', false, Json::error_handler_t::replace), 40);
}
