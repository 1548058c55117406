//===- TestUtils.h - What the unit tests share ------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_TESTUTILS_H
#define STAS_TEST_UNIT_TESTUTILS_H

#include "stas/Support/Error.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace stas {
namespace test {

/// A folder that is gone after the test.
class TempFolder {
public:
  TempFolder() {
    std::string name = ::testing::TempDir() + "/stas-test-XXXXXX";
    folder = mkdtemp(name.data());
  }
  ~TempFolder() { std::filesystem::remove_all(folder); }
  std::string operator/(const std::string &name) const { return folder + "/" + name; }
  const std::string &path() const { return folder; }

  /// The names in it, so that a test can say what must not be left behind.
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
      result.push_back(entry.path().filename());
    std::sort(result.begin(), result.end());
    return result;
  }

private:
  std::string folder;
};

inline std::string readAll(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void writeAll(const std::string &path, const std::string &bytes) {
  // Some file systems flush a file to the disk when it is written over.
  std::filesystem::remove(path);
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Whether a Result or Status is an error whose text has the part.
template <typename T>::testing::AssertionResult failsWith(const T &result, const std::string &part) {
  if (result)
    return ::testing::AssertionFailure() << "success, expected an error with '" << part << "'";
  if (result.message().find(part) == std::string::npos)
    return ::testing::AssertionFailure() << "'" << result.message() << "' lacks '" << part << "'";
  return ::testing::AssertionSuccess();
}

template <typename T>::testing::AssertionResult succeeds(const T &result) {
  if (result)
    return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << result.message();
}

/// A limit of the process, such as RLIMIT_FSIZE in place of a full disk, until
/// the end of the scope. A write over it fails instead of ending the process.
class WithLimit {
public:
  WithLimit(decltype(RLIMIT_FSIZE) which, uint64_t value) : which(which) {
    handler = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(which, &old);
    rlimit low = {value, old.rlim_max};
    setrlimit(which, &low);
  }
  ~WithLimit() {
    setrlimit(which, &old);
    std::signal(SIGXFSZ, handler);
  }

private:
  decltype(RLIMIT_FSIZE) which;
  rlimit old;
  sighandler_t handler;
};

/// AddressSanitizer maps more than any limit on the address space.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kLimitsAddressSpace = false;
#else
inline constexpr bool kLimitsAddressSpace = true;
#endif

/// A small generator whose numbers are the same everywhere.
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t next() {
    state += 0x9e3779b97f4a7c15;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  uint64_t below(uint64_t limit) { return next() % limit; }

private:
  uint64_t state;
};

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_TESTUTILS_H
