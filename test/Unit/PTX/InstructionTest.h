//===- InstructionTest.h - An instruction against C++ -----------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_PTX_INSTRUCTIONTEST_H
#define STAS_TEST_UNIT_PTX_INSTRUCTIONTEST_H

#include "PtxTest.h"

namespace stas {
namespace ptx {

struct Case {
  const char *code; ///< From %h1..3, %r1..3, %x1..3 or %p1..3 to register 0 of a kind.
  std::function<uint64_t(uint64_t, uint64_t, uint64_t)> expected;
};

inline int32_t s32(uint64_t value) { return static_cast<int32_t>(value); }
inline uint32_t u32(uint64_t value) { return static_cast<uint32_t>(value); }
inline int64_t s64(uint64_t value) { return static_cast<int64_t>(value); }
inline int16_t s16(uint64_t value) { return static_cast<int16_t>(value); }
inline uint16_t u16(uint64_t value) { return static_cast<uint16_t>(value); }
inline float f32(uint64_t value) {
  uint32_t bits = u32(value);
  float result = 0;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}
inline double f64(uint64_t value) {
  double result = 0;
  std::memcpy(&result, &value, sizeof result);
  return result;
}
inline uint64_t bitsOf(float value) {
  uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}
inline uint64_t bitsOf(double value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// Runs a case on triples of inputs, a thread each.
inline void check(const std::vector<uint64_t> &in, const Case &test) {
  Device<uint64_t, uint64_t> device(in, in.size() / 3);
  device.launch.block[0] = 256;
  device.launch.grid[0] = static_cast<unsigned>(device.out.size() / 256);
  Status status = device.run(kernelOf(R"(
    mov.u32 %r4, %tid.x; mov.u32 %r5, %ctaid.x; mov.u32 %r6, %ntid.x; mad.lo.u32 %r4, %r5, %r6, %r4;
    ld.param.u64 %x4, [in]; ld.param.u64 %x5, [out];
    mul.wide.u32 %x6, %r4, 24; add.u64 %x4, %x4, %x6; mul.wide.u32 %x6, %r4, 8; add.u64 %x5, %x5, %x6;
    ld.global.b64 %x1, [%x4]; ld.global.b64 %x2, [%x4+8]; ld.global.b64 %x3, [%x4+16];
    mov.b64 {%r1, _}, %x1; mov.b64 {%r2, _}, %x2; mov.b64 {%r3, _}, %x3;
    mov.b32 {%h1, _}, %r1; mov.b32 {%h2, _}, %r2; mov.b32 {%h3, _}, %r3;
    mov.b32 %f1, %r1; mov.b32 %f2, %r2; mov.b32 %f3, %r3; mov.b64 %d1, %x1; mov.b64 %d2, %x2; mov.b64 %d3, %x3;
    setp.ne.u32 %p1, %r1, 0; setp.lt.s32 %p2, %r2, 0; setp.gt.u32 %p3, %r3, 5;
    mov.b64 %x0, 0; mov.b32 %r0, 0; mov.b16 %h0, 0; mov.b32 %f0, 0f00000000; mov.b64 %d0, 0d0000000000000000;
    setp.ne.u32 %p0, 0, 0;
  )" + std::string(test.code) + R"(
    cvt.u64.u32 %x6, %r0; or.b64 %x0, %x0, %x6; cvt.u64.u16 %x6, %h0; or.b64 %x0, %x0, %x6;
    selp.b64 %x6, 1, 0, %p0; or.b64 %x0, %x0, %x6; mov.b32 %r7, %f0; cvt.u64.u32 %x6, %r7; or.b64 %x0, %x0, %x6;
    mov.b64 %x6, %d0; or.b64 %x0, %x0, %x6;
    st.global.b64 [%x5], %x0;)"));
  ASSERT_TRUE(status) << test.code << ": " << status.message();
  for (size_t i = 0; i < device.out.size(); ++i) {
    const uint64_t *v = &in[3 * i];
    ASSERT_EQ(device.out[i], test.expected(v[0], v[1], v[2]))
        << test.code << std::hex << " of " << v[0] << ", " << v[1] << ", " << v[2];
  }
}

} // namespace ptx
} // namespace stas

#define EXPECTED [](uint64_t a, uint64_t b, uint64_t c)->uint64_t

#endif // STAS_TEST_UNIT_PTX_INSTRUCTIONTEST_H
