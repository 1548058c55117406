//===- FloatingPointTest.cpp - Instructions on floating point -------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InstructionTest.h"

#include <cmath>
#include <limits>
#include <random>

using namespace stas;
using namespace stas::ptx;

/// Bits of floating-point numbers at which rounding shows.
static std::vector<uint64_t> floatInputs(bool isDouble) {
  const double special[] = {
      0.0,  -0.0, 0.5,   -0.5,       1.5,          2.5,       -2.5,           0.49999997, 1e9,   -1e9,
      3e9,  1e20, -1e20, 16777217.0, 2147483648.0, INFINITY,  -INFINITY,      1e-40,      1.1,   255.5,
      -0.0, NAN,  0.1,   1e-300,     4294967295.0, 1.0 / 3.0, 0.333333333333, 1e38,       1e300, -7.5};
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> uniform(-1000, 1000);
  std::vector<uint64_t> values;
  for (unsigned i = 0; i < 3 * 1024; ++i) {
    double value = random() % 2 ? special[random() % std::size(special)] : uniform(random);
    values.push_back(isDouble ? bitsOf(value) : bitsOf(static_cast<float>(value)));
  }
  return values;
}

/// Of NaNs it is only said that they are one.
static void checkFloats(bool isDouble, const std::vector<Case> &cases) {
  std::vector<uint64_t> values = floatInputs(isDouble);
  for (const Case &test : cases) {
    std::vector<uint64_t> kept;
    for (size_t i = 0; i < values.size(); i += 3) {
      uint64_t result = test.expected(values[i], values[i + 1], values[i + 2]);
      bool isNan = isDouble ? std::isnan(f64(result)) : std::isnan(f32(result));
      if (!isNan)
        kept.insert(kept.end(), values.begin() + static_cast<long>(i), values.begin() + static_cast<long>(i) + 3);
    }
    kept.resize(kept.size() / (3 * 256) * 3 * 256);
    ASSERT_GE(kept.size(), 3u * 256) << test.code;
    check(kept, test);
  }
}

TEST(PTXInstructions, FloatingPoint) {
  checkFloats(false, {
                         {"add.rn.f32 %f0, %f1, %f2;", EXPECTED { return bitsOf(f32(a) + f32(b));
}
}
, {"sub.f32 %f0, %f1, %f2;", EXPECTED{return bitsOf(f32(a) - f32(b));
}
}
, {"mul.rn.f32 %f0, %f1, %f2;", EXPECTED{return bitsOf(f32(a) * f32(b));
}
}
, {"fma.rn.f32 %f0, %f1, %f2, %f3;", EXPECTED{return bitsOf(std::fma(f32(a), f32(b), f32(c)));
}
}
, {"div.rn.f32 %f0, %f1, %f2;", EXPECTED{return bitsOf(f32(a) / f32(b));
}
}
, {"rcp.rn.f32 %f0, %f1;", EXPECTED{return bitsOf(1.0f / f32(a));
}
}
, {"sqrt.rn.f32 %f0, %f1;", EXPECTED{return bitsOf(std::sqrt(f32(a)));
}
}
, {"neg.f32 %f0, %f1;", EXPECTED{return bitsOf(-f32(a));
}
}
, {"abs.f32 %f0, %f1;", EXPECTED{return bitsOf(std::fabs(f32(a)));
}
}
, {"selp.f32 %f0, %f1, %f2, %p1;", EXPECTED{return u32(a) ? u32(a) : u32(b);
}
}
, {"cvt.rn.f32.s32 %f0, %r1;", EXPECTED{return bitsOf(static_cast<float>(s32(a)));
}
}
, {"cvt.rn.f32.u32 %f0, %r1;", EXPECTED{return bitsOf(static_cast<float>(u32(a)));
}
}
, {"cvt.rni.f32.f32 %f0, %f1;", EXPECTED{return bitsOf(std::nearbyint(f32(a)));
}
}
, {"cvt.rmi.f32.f32 %f0, %f1;", EXPECTED{return bitsOf(std::floor(f32(a)));
}
}
, {"mov.b32 %f0, 0f3FC00000;", EXPECTED{return bitsOf(1.5f);
}
}
,
});
  checkFloats(true, {
                        {"add.rn.f64 %d0, %d1, %d2;", EXPECTED { return bitsOf(f64(a) + f64(b));
  }
  }
  , {"fma.rn.f64 %d0, %d1, %d2, %d3;", EXPECTED{return bitsOf(std::fma(f64(a), f64(b), f64(c)));
  }
  }
  , {"div.rn.f64 %d0, %d1, %d2;", EXPECTED{return bitsOf(f64(a) / f64(b));
  }
  }
  , {"cvt.rn.f32.f64 %f0, %d1;", EXPECTED{return bitsOf(static_cast<float>(f64(a)));
  }
  }
  ,
  });
  }

  /// To an integer type, as the manual says: clamped, a NaN is 0.
  template <typename Integer> static uint64_t clamped(double value) {
    if (std::isnan(value))
      return 0;
    double low = static_cast<double>(std::numeric_limits<Integer>::min());
    double high = static_cast<double>(std::numeric_limits<Integer>::max());
    Integer result = value <= low    ? std::numeric_limits<Integer>::min()
                     : value >= high ? std::numeric_limits<Integer>::max()
                                     : static_cast<Integer>(value);
    return static_cast<uint64_t>(static_cast<std::make_unsigned_t<Integer>>(result));
  }

  TEST(PTXInstructions, FloatsToIntegers) {
    std::vector<uint64_t> values = floatInputs(false);
  for (const Case &test : std::vector<Case>{
           {"cvt.rni.s32.f32 %r0, %f1;", EXPECTED { return clamped<int32_t>(std::nearbyint(f32(a)));
  }
  }
  , {"cvt.rzi.s32.f32 %r0, %f1;", EXPECTED{return clamped<int32_t>(std::trunc(f32(a)));
  }
  }
  , {"cvt.rmi.s32.f32 %r0, %f1;", EXPECTED{return clamped<int32_t>(std::floor(f32(a)));
  }
  }
  , {"cvt.rpi.s32.f32 %r0, %f1;", EXPECTED{return clamped<int32_t>(std::ceil(f32(a)));
  }
  }
  , {"cvt.rzi.u32.f32 %r0, %f1;", EXPECTED{return clamped<uint32_t>(std::trunc(f32(a)));
  }
  }
  , {"cvt.rni.s64.f32 %x0, %f1;", EXPECTED{return clamped<int64_t>(std::nearbyint(f32(a)));
  }
  }
  , {"cvt.f64.f32 %d0, %f1;", EXPECTED{return std::isnan(f32(a)) ? 0 : bitsOf(double(f32(a)));
  }
  }
  ,
  }) {
    if (std::string(test.code).substr(0, 7) == "cvt.f64")
      for (uint64_t &value : values)
        value = std::isnan(f32(value)) ? 0 : value;
    check(values, test);
  }
  }
