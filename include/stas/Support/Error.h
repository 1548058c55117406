//===- Error.h - Errors as values -------------------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a function that can fail returns. No exception leaves the libraries that
// use this header, so that they can be called from code built without them.
//
//   Result<Artifact> artifact = Artifact::open(path);
//   if (!artifact)
//     return artifact.error();
//
// An error's text names the thing, what was required, what was found and, where
// it is not obvious, what to do.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_SUPPORT_ERROR_H
#define STAS_SUPPORT_ERROR_H

#include <cassert>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <variant>

namespace stas {

/// Why something failed, in words meant for a user.
class Error {
public:
  explicit Error(std::string message) : text(std::move(message)) {}
  const std::string &message() const { return text; }

private:
  std::string text;
};

/// An error whose text is the parts, written one after another.
template <typename... Parts> Error makeError(const Parts &...parts) {
  std::ostringstream stream;
  (stream << ... << parts);
  return Error(stream.str());
}

/// Nothing, or the reason why it was not done. True means done.
class [[nodiscard]] Status {
public:
  Status() = default;
  Status(Error error) : failure(std::move(error)) {}

  explicit operator bool() const { return !failure; }
  const Error &error() const {
    assert(failure && "error() of a success");
    return *failure;
  }
  const std::string &message() const { return error().message(); }

private:
  std::optional<Error> failure;
};

/// A value, or the reason why there is none. True means a value.
template <typename T> class [[nodiscard]] Result {
public:
  Result(T value) : storage(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : storage(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return storage.index() == 0; }
  T &operator*() & { return *value(); }
  const T &operator*() const & { return *value(); }
  T &&operator*() && { return std::move(*value()); }
  T *operator->() { return value(); }
  const T *operator->() const { return value(); }

  const Error &error() const {
    assert(storage.index() == 1 && "error() of a success");
    return *std::get_if<1>(&storage);
  }
  const std::string &message() const { return error().message(); }

private:
  T *value() {
    assert(storage.index() == 0 && "value of a failure");
    return std::get_if<0>(&storage);
  }
  const T *value() const {
    assert(storage.index() == 0 && "value of a failure");
    return std::get_if<0>(&storage);
  }

  std::variant<T, Error> storage;
};

} // namespace stas

#endif // STAS_SUPPORT_ERROR_H
