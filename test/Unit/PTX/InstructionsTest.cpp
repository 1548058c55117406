//===- InstructionsTest.cpp - Instructions on integers --------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InstructionTest.h"

#include <algorithm>
#include <cmath>
#include <random>

using namespace stas;
using namespace stas::ptx;

/// Triples of numbers at which integers go wrong, and of random ones.
static std::vector<uint64_t> inputs() {
  const uint64_t special[] = {0,          1,          2,          3,           4,         7,          15,
                              31,         32,         33,         63,          64,        65,         0x7f,
                              0x80,       0xff,       0x100,      0x7fff,      0x8000,    0xffff,     0x10000,
                              0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, ~0ull,     1ull << 63, ~(1ull << 63),
                              0x12345678, 0x3210,     0x7654,     0xfedcba98,  0xfb7feac3};
  std::mt19937_64 random(7);
  std::vector<uint64_t> values;
  for (unsigned i = 0; i < 3 * 2048; ++i) {
    bool isSpecial = random() % 2;
    values.push_back(isSpecial ? special[random() % std::size(special)] : random());
  }
  return values;
}

static void check(const std::vector<Case> &cases) {
  static const std::vector<uint64_t> values = inputs();
  for (const Case &test : cases)
    check(values, test);
}
#define EXPECTED [](uint64_t a, uint64_t b, uint64_t c)->uint64_t

TEST(PTXInstructions, IntegerArithmetic) {
  check({
      {"add.s32 %r0, %r1, %r2;", EXPECTED { return u32(a + b);
}
}
, {"add.u64 %x0, %x1, -5;", EXPECTED{return a - 5;
}
}
, {"add.s16 %h0, %h1, %h2;", EXPECTED{return u16(a + b);
}
}
, {"sub.s32 %r0, %r1, %r2;", EXPECTED{return u32(a - b);
}
}
, {"sub.u64 %x0, %x1, %x2;", EXPECTED{return a - b;
}
}
, {"mul.lo.s32 %r0, %r1, %r2;", EXPECTED{return u32(a * b);
}
}
, {"mul.lo.u64 %x0, %x1, %x2;", EXPECTED{return a * b;
}
}
, {"mul.hi.s32 %r0, %r1, %r2;", EXPECTED{return u32((int64_t(s32(a)) * s32(b)) >> 32);
}
}
, {"mul.hi.u32 %r0, %r1, %r2;", EXPECTED{return u32((uint64_t(u32(a)) * u32(b)) >> 32);
}
}
, {"mul.hi.u64 %x0, %x1, %x2;", EXPECTED{return uint64_t(((unsigned __int128)a * b) >> 64);
}
}
, {"mul.hi.s64 %x0, %x1, %x2;", EXPECTED{return uint64_t(((__int128)s64(a) * s64(b)) >> 64);
}
}
, {"mul.wide.s32 %x0, %r1, %r2;", EXPECTED{return uint64_t(int64_t(s32(a)) * s32(b));
}
}
, {"mul.wide.u32 %x0, %r1, %r2;", EXPECTED{return uint64_t(u32(a)) * u32(b);
}
}
, {"mul.wide.s16 %r0, %h1, %h2;", EXPECTED{return u32(int32_t(s16(a)) * s16(b));
}
}
, {"mul.wide.u16 %r0, %h1, %h2;", EXPECTED{return uint32_t(u16(a)) * u16(b);
}
}
, {"mad.lo.s32 %r0, %r1, %r2, %r3;", EXPECTED{return u32(a * b + c);
}
}
, {"mad.hi.u32 %r0, %r1, %r2, %r3;", EXPECTED{return u32(((uint64_t(u32(a)) * u32(b)) >> 32) + c);
}
}
, {"mad.wide.s32 %x0, %r1, %r2, %x3;", EXPECTED{return uint64_t(int64_t(s32(a)) * s32(b)) + c;
}
}
, {"mad.wide.u16 %r0, %h1, %h2, %r3;", EXPECTED{return u32(uint32_t(u16(a)) * u16(b) + c);
}
}
, {"div.u32 %r0, %r1, %r2;", EXPECTED{return u32(b) ? u32(a) / u32(b) : ~0u;
}
}
, {"rem.u32 %r0, %r1, %r2;", EXPECTED{return u32(b) ? u32(a) % u32(b) : ~0u;
}
}
, {"div.s32 %r0, %r1, %r2;", EXPECTED{return s32(b) ? u32(int64_t(s32(a)) / s32(b)) : ~0u;
}
}
, {"rem.s32 %r0, %r1, %r2;", EXPECTED{return s32(b) ? u32(int64_t(s32(a)) % s32(b)) : ~0u;
}
}
, {"div.u64 %x0, %x1, %x2;", EXPECTED{return b ? a / b : ~0ull;
}
}
, {"div.s64 %x0, %x1, %x2;", EXPECTED{return b ? uint64_t((__int128)s64(a) / s64(b)) : ~0ull;
}
}
, {"rem.s64 %x0, %x1, %x2;", EXPECTED{return b ? uint64_t((__int128)s64(a) % s64(b)) : ~0ull;
}
}
, {"min.s32 %r0, %r1, %r2;", EXPECTED{return u32(std::min(s32(a), s32(b)));
}
}
, {"min.u32 %r0, %r1, %r2;", EXPECTED{return std::min(u32(a), u32(b));
}
}
, {"max.s32 %r0, %r1, %r2;", EXPECTED{return u32(std::max(s32(a), s32(b)));
}
}
, {"max.u32 %r0, %r1, %r2;", EXPECTED{return std::max(u32(a), u32(b));
}
}
, {"max.s64 %x0, %x1, %x2;", EXPECTED{return uint64_t(std::max(s64(a), s64(b)));
}
}
, {"max.s16 %h0, %h1, %h2;", EXPECTED{return u16(std::max(s16(a), s16(b)));
}
}
, {"abs.s32 %r0, %r1;", EXPECTED{return s32(a) < 0 ? u32(0 - a) : u32(a);
}
}
, {"neg.s32 %r0, %r1;", EXPECTED{return u32(0 - a);
}
}
, {"neg.s64 %x0, %x1;", EXPECTED{return 0 - a;
}
}
, {"not.b32 %r0, %r1;", EXPECTED{return u32(~a);
}
}
, {"not.pred %p0, %p1;", EXPECTED{return u32(a) == 0;
}
}
, {"cnot.b32 %r0, %r1;", EXPECTED{return u32(a) == 0;
}
}
, {"and.b32 %r0, %r1, %r2;", EXPECTED{return u32(a & b);
}
}
, {"or.b64 %x0, %x1, %x2;", EXPECTED{return a | b;
}
}
, {"xor.b16 %h0, %h1, %h2;", EXPECTED{return u16(a ^ b);
}
}
, {"and.pred %p0, %p1, %p2;", EXPECTED{return u32(a) != 0 && s32(b) < 0;
}
}
, {"xor.pred %p0, %p1, !%p2;", EXPECTED{return (u32(a) != 0) != !(s32(b) < 0);
}
}
,
});
}

TEST(PTXInstructions, Shifts) {
  check({
      {"shl.b32 %r0, %r1, %r2;", EXPECTED { return u32(b) > 31 ? 0 : u32(a << u32(b));
}
}
, {"shl.b64 %x0, %x1, %r2;", EXPECTED{return u32(b) > 63 ? 0 : a << u32(b);
}
}
, {"shl.b16 %h0, %h1, %r2;", EXPECTED{return u32(b) > 15 ? 0 : u16(a << u32(b));
}
}
, {"shr.u32 %r0, %r1, %r2;", EXPECTED{return u32(b) > 31 ? 0 : u32(a) >> u32(b);
}
}
, {"shr.s32 %r0, %r1, %r2;", EXPECTED{return u32(s32(a) >> std::min(u32(b), 31u));
}
}
, {"shr.s64 %x0, %x1, %r2;", EXPECTED{return uint64_t(s64(a) >> std::min(u32(b), 63u));
}
}
, {"shr.u64 %x0, %x1, 7;", EXPECTED{return a >> 7;
}
}
, {"shr.s16 %h0, %h1, %r2;", EXPECTED{return u16(s16(a) >> std::min(u32(b), 15u));
}
}
, {"shf.l.wrap.b32 %r0, %r1, %r2, %r3;", EXPECTED{return u32(((b << 32 | u32(a)) << (c & 31)) >> 32);
}
}
, {"shf.r.wrap.b32 %r0, %r1, %r2, %r3;", EXPECTED{return u32((b << 32 | u32(a)) >> (c & 31));
}
}
, {"shf.l.clamp.b32 %r0, %r1, %r2, %r3;", EXPECTED{return u32(((b << 32 | u32(a)) << std::min(u32(c), 32u)) >> 32);
}
}
, {"shf.r.clamp.b32 %r0, %r1, %r2, %r3;", EXPECTED{return u32((b << 32 | u32(a)) >> std::min(u32(c), 32u));
}
}
,
});
}

/// The manual's own loop.
static uint64_t extracted(uint64_t a, uint64_t b, uint64_t c, unsigned bits, bool isSigned) {
  unsigned msb = bits - 1, position = b & 255, length = c & 255;
  bool sign = isSigned && length != 0 && (a >> std::min(position + length - 1, msb) & 1);
  uint64_t result = 0;
  for (unsigned i = 0; i <= msb; ++i) {
    bool bit = i < length && position + i <= msb ? (a >> (position + i) & 1) : sign;
    result |= uint64_t(bit) << i;
  }
  return result;
}

static uint64_t inserted(uint64_t a, uint64_t b, uint64_t position, uint64_t length, unsigned bits) {
  for (unsigned i = 0; i < (length & 255) && (position & 255) + i < bits; ++i) {
    uint64_t bit = uint64_t(1) << ((position & 255) + i);
    b = (a >> i & 1) ? b | bit : b & ~bit;
  }
  return b;
}

static uint64_t permuted(uint64_t a, uint64_t b, uint64_t selector) {
  uint64_t both = u32(a) | b << 32;
  uint32_t result = 0;
  for (unsigned n = 0; n < 4; ++n) {
    unsigned nibble = selector >> 4 * n & 15;
    auto byte = static_cast<uint8_t>(both >> 8 * (nibble & 7));
    result |= uint32_t(nibble < 8 ? byte : byte & 0x80 ? 0xff : 0) << 8 * n;
  }
  return result;
}

static uint64_t dot(uint64_t a, uint64_t b, uint64_t c, bool signedA, bool signedB) {
  auto byte = [](uint64_t word, unsigned n, bool isSigned) {
    auto value = static_cast<uint8_t>(word >> 8 * n);
    return isSigned ? int(static_cast<int8_t>(value)) : int(value);
  };
  for (unsigned n = 0; n < 4; ++n)
    c += static_cast<uint64_t>(static_cast<int64_t>(byte(a, n, signedA) * byte(b, n, signedB)));
  return u32(c);
}

TEST(PTXInstructions, Bits) {
  check({
      {"bfe.u32 %r0, %r1, %r2, %r3;", EXPECTED { return extracted(u32(a), b, c, 32, false);
}
}
, {"bfe.s32 %r0, %r1, %r2, %r3;", EXPECTED{return extracted(u32(a), b, c, 32, true);
}
}
, {"bfe.u32 %r0, %r1, 5, 1;", EXPECTED{return a >> 5 & 1;
}
}
, {"bfe.s32 %r0, %r1, 4, 9;", EXPECTED{return extracted(u32(a), 4, 9, 32, true);
}
}
, {"bfe.u64 %x0, %x1, %r2, %r3;", EXPECTED{return extracted(a, b, c, 64, false);
}
}
, {"bfe.s64 %x0, %x1, %r2, %r3;", EXPECTED{return extracted(a, b, c, 64, true);
}
}
, {"bfi.b32 %r0, %r1, %r2, %r3, %r1;", EXPECTED{return inserted(a, u32(b), c, a, 32);
}
}
, {"bfi.b64 %x0, %x1, %x2, %r3, 13;", EXPECTED{return inserted(a, b, c, 13, 64);
}
}
, {"prmt.b32 %r0, %r1, %r2, %r3;", EXPECTED{return permuted(a, b, c);
}
}
, {"prmt.b32 %r0, %r1, %r2, 0x5410U;", EXPECTED{return u32(u16(a) | b << 16);
}
}
, {"lop3.b32 %r0, %r1, %r2, %r3, 0x96;", EXPECTED{return u32(a ^ b ^ c);
}
}
, {"lop3.b32 %r0, %r1, %r2, %r3, 0xf8;", EXPECTED{return u32(a | (b & c));
}
}
, {"lop3.b32 %r0, %r1, %r2, %r3, 0x1e;", EXPECTED{return u32(a ^ (b | c));
}
}
, {"popc.b32 %r0, %r1;", EXPECTED{return __builtin_popcount(u32(a));
}
}
, {"popc.b64 %r0, %x1;", EXPECTED{return __builtin_popcountll(a);
}
}
, {"clz.b32 %r0, %r1;", EXPECTED{return u32(a) ? __builtin_clz(u32(a)) : 32;
}
}
, {"clz.b64 %r0, %x1;", EXPECTED{return a ? __builtin_clzll(a) : 64;
}
}
, {"brev.b32 %r0, %r1;", EXPECTED{uint32_t result = 0;
for (unsigned n = 0; n < 32; ++n)
  result |= u32(a >> n & 1) << (31 - n);
return result;
}
}
, {"bfind.u32 %r0, %r1;", EXPECTED{return u32(a) ? 31 - __builtin_clz(u32(a)) : ~0u;
}
}
, {"bfind.s32 %r0, %r1;", EXPECTED{uint32_t value = s32(a) < 0 ? ~u32(a) : u32(a);
return value ? 31 - __builtin_clz(value) : ~0u;
}
}
, {"bfind.shiftamt.u32 %r0, %r1;", EXPECTED{return u32(a) ? __builtin_clz(u32(a)) : ~0u;
}
}
, {"bfind.u64 %r0, %x1;", EXPECTED{return a ? 63 - __builtin_clzll(a) : ~0u;
}
}
, {"dp4a.s32.s32 %r0, %r1, %r2, %r3;", EXPECTED{return dot(a, b, c, true, true);
}
}
, {"dp4a.u32.s32 %r0, %r1, %r2, %r3;", EXPECTED{return dot(a, b, c, false, true);
}
}
, {"dp4a.u32.u32 %r0, %r1, %r2, %r3;", EXPECTED{return dot(a, b, c, false, false);
}
}
,
});
}

TEST(PTXInstructions, MovesSelectionsAndComparisons) {
  check({
      {"mov.b32 %r0, %r1;", EXPECTED { return u32(a);
}
}
, {"mov.b64 %x0, {%r1, %r2};", EXPECTED{return u32(a) | b << 32;
}
}
, {"mov.b64 {_, %r0}, %x1;", EXPECTED{return a >> 32;
}
}
, {"mov.b32 %r0, {%h1, %h2};", EXPECTED{return u16(a) | uint32_t(u16(b)) << 16;
}
}
, {"mov.b64 %x0, {%h1, %h2, %h3, %h1};",
   EXPECTED{return u16(a) | uint64_t(u16(b)) << 16 | uint64_t(u16(c)) << 32 | uint64_t(u16(a)) << 48;
}
}
, {"mov.pred %p0, %p2;", EXPECTED{return s32(b) < 0;
}
}
, {"{ .reg .b32 %r<2>; mov.b32 %r0, 5; { .reg .b32 %r<2>; mov.b32 %r0, 6; } cvt.u64.u32 %x0, %r0; }", EXPECTED{return 5;
}
}
, {"selp.b32 %r0, %r1, %r2, %p3;", EXPECTED{return u32(c) > 5 ? u32(a) : u32(b);
}
}
, {"selp.b64 %x0, %x1, 7, %p3;", EXPECTED{return u32(c) > 5 ? a : 7;
}
}
, {"@%p2 mov.b32 %r0, %r1;", EXPECTED{return s32(b) < 0 ? u32(a) : 0;
}
}
, {"@!%p2 mov.b32 %r0, %r1;", EXPECTED{return s32(b) < 0 ? 0 : u32(a);
}
}
, {"setp.lt.s32 %p0, %r1, %r2;", EXPECTED{return s32(a) < s32(b);
}
}
, {"setp.lt.u32 %p0, %r1, %r2;", EXPECTED{return u32(a) < u32(b);
}
}
, {"setp.ge.s64 %p0, %x1, %x2;", EXPECTED{return s64(a) >= s64(b);
}
}
, {"setp.le.u16 %p0, %h1, %h2;", EXPECTED{return u16(a) <= u16(b);
}
}
, {"setp.gt.s16 %p0, %h1, -3;", EXPECTED{return s16(a) > -3;
}
}
, {"setp.hi.u32 %p0, %r1, %r2;", EXPECTED{return u32(a) > u32(b);
}
}
, {"setp.eq.b64 %p0, %x1, %x2;", EXPECTED{return a == b;
}
}
, {"setp.ne.b32 %p4|%p0, %r1, %r2;", EXPECTED{return u32(a) == u32(b);
}
}
, {"setp.lt.and.s32 %p0, %r1, %r2, %p3;", EXPECTED{return s32(a) < s32(b) && u32(c) > 5;
}
}
, {"setp.lt.or.u32 %p4|%p0, %r1, %r2, !%p3;", EXPECTED{return u32(a) >= u32(b) || u32(c) <= 5;
}
}
, {"setp.lt.f32 %p0, %f1, %f2;", EXPECTED{return f32(a) < f32(b);
}
}
, {"setp.neu.f32 %p0, %f1, %f2;", EXPECTED{return f32(a) != f32(b);
}
}
, {"setp.ne.f64 %p0, %d1, %d2;", EXPECTED{return f64(a) < f64(b) || f64(a) > f64(b);
}
}
, {"setp.nan.f32 %p0, %f1, %f2;", EXPECTED{return std::isnan(f32(a)) || std::isnan(f32(b));
}
}
, {"setp.geu.f64 %p0, %d1, %d2;", EXPECTED{return !(f64(a) < f64(b));
}
}
,
});
}

TEST(PTXInstructions, Loops) {
  // The sum of the numbers below n; registers that are alive across branches and a barrier.
  check({{R"(and.b32 %r1, %r1, 15; mov.b32 %r5, 0; mov.b32 %r6, 0;
             LOOP: setp.ge.u32 %p4, %r5, %r1; @%p4 bra DONE; add.s32 %r6, %r6, %r5; add.s32 %r5, %r5, 1; bra.uni LOOP;
             DONE: bar.sync 0; mov.b32 %r0, %r6;)",
          EXPECTED { return u32((a & 15) * ((a & 15) - 1) / 2);
}
}
});
}

TEST(PTXInstructions, IntegerConversions) {
  check({
      {"cvt.u64.u32 %x0, %r1;", EXPECTED { return u32(a);
}
}
, {"cvt.s64.s32 %x0, %r1;", EXPECTED{return uint64_t(int64_t(s32(a)));
}
}
, {"cvt.u32.u64 %r0, %x1;", EXPECTED{return u32(a);
}
}
, {"cvt.s32.s8 %r0, %r1;", EXPECTED{return u32(int32_t(int8_t(a)));
}
}
, {"cvt.u32.u8 %r0, %h1;", EXPECTED{return uint8_t(a);
}
}
, {"cvt.s16.s8 %h0, %h1;", EXPECTED{return u16(int8_t(a));
}
}
, {"cvt.u16.u32 %h0, %r1;", EXPECTED{return u16(a);
}
}
, {"cvt.s64.s16 %x0, %h1;", EXPECTED{return uint64_t(int64_t(s16(a)));
}
}
, {"cvt.u32.s16 %r0, %h1;", EXPECTED{return u32(int32_t(s16(a)));
}
}
, {"cvt.s8.s32 %r0, %r1;", EXPECTED{return u32(int32_t(int8_t(a)));
}
}
, {"cvt.sat.s8.s32 %r0, %r1;", EXPECTED{return u32(std::clamp(s32(a), -128, 127));
}
}
, {"cvt.sat.u8.s32 %r0, %r1;", EXPECTED{return u32(std::clamp(s32(a), 0, 255));
}
}
, {"cvt.sat.s16.s64 %h0, %x1;", EXPECTED{return u16(std::clamp<int64_t>(s64(a), -32768, 32767));
}
}
, {"cvt.sat.u32.u64 %r0, %x1;", EXPECTED{return std::min<uint64_t>(a, ~0u);
}
}
, {"cvta.to.global.u64 %x4, %x1; cvta.global.u64 %x0, %x4;", EXPECTED{return a;
}
}
, {"cvta.shared.u64 %x4, 1000; cvta.to.shared.u64 %x0, %x4;", EXPECTED{return 1000;
}
}
,
});
}
