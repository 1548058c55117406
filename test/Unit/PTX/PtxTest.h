//===- PtxTest.h - Runs pieces of PTX in tests ------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_PTX_PTXTEST_H
#define STAS_TEST_UNIT_PTX_PTXTEST_H

#include "test/lib/PTX/Program.h"
#include "gtest/gtest.h"

#include <cstring>
#include <functional>

namespace stas {
namespace ptx {

/// A file with one kernel `test(in, out)` whose registers are %p, %h (16 bits),
/// %r (32), %x (64), %f, %d: eight each, from 0.
inline std::string kernelOf(const std::string &body, const std::string &declarations = "") {
  return ".version 8.0\n.target sm_80\n.address_size 64\n" + declarations +
         ".visible .entry test(.param .u64 in, .param .u64 out)\n{\n"
         ".reg .pred %p<8>; .reg .b16 %h<8>; .reg .b32 %r<32>; .reg .b64 %x<16>; .reg .f32 %f<8>; .reg .f64 %d<8>;\n" +
         body + "\nret;\n}\n";
}

/// A device with an input and an output of so many words.
template <typename In, typename Out> struct Device {
  Memory memory;
  std::vector<In> in;
  std::vector<Out> out;
  Launch launch;
  RunOptions options;

  Device(std::vector<In> input, size_t outputs) : in(std::move(input)), out(outputs) {}

  /// Copies the input and the output there, runs the kernel, copies the output back.
  Status run(const std::string &text) {
    Result<std::unique_ptr<Program>> program = Program::load(text, memory);
    if (!program)
      return program.error();
    uint64_t addresses[2] = {memory.allocate(std::max<size_t>(1, in.size() * sizeof(In))),
                             memory.allocate(std::max<size_t>(1, out.size() * sizeof(Out)))};
    if (!in.empty())
      std::memcpy(reinterpret_cast<void *>(addresses[0]), in.data(), in.size() * sizeof(In));
    if (!out.empty())
      std::memcpy(reinterpret_cast<void *>(addresses[1]), out.data(), out.size() * sizeof(Out));
    launch.parameters.resize(sizeof addresses);
    std::memcpy(launch.parameters.data(), addresses, sizeof addresses);
    Status status = (*program)->run("test", launch, options);
    if (!out.empty())
      std::memcpy(out.data(), reinterpret_cast<void *>(addresses[1]), out.size() * sizeof(Out));
    memory.free(addresses[0]);
    memory.free(addresses[1]);
    return status;
  }
};

/// The error of a kernel with that body, run by so many threads and blocks, one after the other; "" for none.
inline std::string faultOf(const std::string &body, unsigned threads = 1, const std::string &declarations = "",
                           unsigned blocks = 1) {
  Device<uint32_t, uint32_t> device(std::vector<uint32_t>(64), 64);
  device.launch.block[0] = threads;
  device.launch.grid[0] = blocks;
  device.options.threads = 1;
  Status status = device.run(kernelOf(body, declarations));
  return status ? "" : status.message();
}

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_UNIT_PTX_PTXTEST_H
