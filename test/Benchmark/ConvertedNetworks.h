//===- ConvertedNetworks.h - Networks that the compiler made ----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_BENCHMARK_CONVERTEDNETWORKS_H
#define STAS_TEST_BENCHMARK_CONVERTEDNETWORKS_H

#include "stas/Mapping/Problem.h"

namespace stas::test {

/// The network in a module of the phase `network` of stas compile. Errors name
/// the file.
Result<mapping::Problem> readNetwork(const std::string &path);

} // namespace stas::test

#endif // STAS_TEST_BENCHMARK_CONVERTEDNETWORKS_H
