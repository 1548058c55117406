//===- Mutate.h - Bytes broken in the ways in which files are ---*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_ARTIFACT_MUTATE_H
#define STAS_TEST_UNIT_ARTIFACT_MUTATE_H

#include "../TestUtils.h"

namespace stas {
namespace test {

/// Changes bytes in one of the ways in which files are broken or made up.
inline void mutate(std::string &bytes, Random &random) {
  for (uint64_t n = 1 + random.below(3); n > 0 && !bytes.empty(); --n) {
    size_t at = random.below(bytes.size());
    switch (random.below(6)) {
    case 0:
      bytes[at] ^= 1 << random.below(8);
      break;
    case 1:
      bytes[at] = static_cast<char>(random.next());
      break;
    case 2: { // An extreme number.
      const uint64_t values[] = {0, 1, 0x7f, 0xff, 1ull << 31, 1ull << 63, ~0ull};
      uint64_t value = values[random.below(7)];
      for (int i = 0; i < 8 && at + i < bytes.size(); ++i)
        bytes[at + i] = static_cast<char>(value >> (8 * i));
      break;
    }
    case 3:
      bytes.erase(at, 1 + random.below(16));
      break;
    case 4:
      bytes.insert(at, bytes.substr(random.below(bytes.size()), 1 + random.below(32)));
      break;
    default:
      bytes.resize(at);
      break;
    }
  }
}

} // namespace test
} // namespace stas

#endif // STAS_TEST_UNIT_ARTIFACT_MUTATE_H
