//===- PlanTest.h - A small plan ------------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_CUDARUNTIME_PLANTEST_H
#define STAS_TEST_UNIT_CUDARUNTIME_PLANTEST_H

#include "lib/Runtime/CUDA/Plan.h"

namespace stas {
namespace cuda {

/// Images of 4 words. scaled[i] = image[i] * weights[i % 4], by two rows a block; copied = scaled + 0;
/// total[image] = sum of copied; count = the images, in `counter`, which starts at 0.
inline Plan smallPlan() {
  using A = PlanArgument;
  Plan plan;
  plan.buffers = {{"images", 0, 16}, {"scaled", 0, 16}, {"copied", 0, 16}, {"total", 0, 4}, {"counter", 4, 0}};
  plan.weightsBytes = 16;
  plan.input = 0;
  plan.outputs = {3};
  PlanStep clear, scale, copy, sum;
  clear.layer = "head";
  clear.arguments = {{A::Write, 4}};
  scale.kernel = "scale";
  scale.layer = "stem";
  scale.threads = 2;
  scale.rowsPerImage = 4;
  scale.rowsPerBlock = 2;
  scale.arguments = {{A::Read, 0}, {A::Weights, 0}, {A::Write, 1}, {A::PerImage, 4}};
  copy = scale;
  copy.kernel = "copy";
  copy.layer = "block";
  copy.arguments = {{A::Read, 1}, {A::Write, 2}, {A::Number, 7}};
  sum.kernel = "sum";
  sum.layer = "head";
  sum.threads = 1;
  sum.arguments = {{A::Read, 2}, {A::Write, 3}, {A::ReadWrite, 4}};
  plan.steps = {clear, scale, copy, sum};
  return plan;
}

/// Its kernels. `copy` adds its number less 7, `sum` traps where more images are counted than there are.
inline const char kPlanKernels[] = R"(
.version 7.0
.target sm_80
.address_size 64
.visible .entry scale(.param .u64 images, .param .u64 weights, .param .u64 scaled, .param .u32 rows)
{
  .reg .pred %p; .reg .b32 %r<8>; .reg .b64 %x<8>;
  mov.u32 %r1, %ctaid.x; mov.u32 %r2, %tid.x; mad.lo.u32 %r1, %r1, 2, %r2; ld.param.b32 %r2, [rows];
  setp.ge.u32 %p, %r1, %r2; @%p ret;
  ld.param.b64 %x1, [images]; mul.wide.u32 %x2, %r1, 4; add.u64 %x1, %x1, %x2; ld.global.b32 %r3, [%x1];
  and.b32 %r4, %r1, 3; mul.wide.u32 %x3, %r4, 4; ld.param.b64 %x4, [weights]; add.u64 %x4, %x4, %x3;
  ld.global.b32 %r5, [%x4]; mul.lo.u32 %r3, %r3, %r5;
  ld.param.b64 %x5, [scaled]; add.u64 %x5, %x5, %x2; st.global.b32 [%x5], %r3; ret;
}
.visible .entry copy(.param .u64 scaled, .param .u64 copied, .param .u32 number)
{
  .reg .b32 %r<8>; .reg .b64 %x<8>;
  mov.u32 %r1, %ctaid.x; mov.u32 %r2, %tid.x; mad.lo.u32 %r1, %r1, 2, %r2; mul.wide.u32 %x2, %r1, 4;
  ld.param.b64 %x1, [scaled]; add.u64 %x1, %x1, %x2; ld.global.b32 %r3, [%x1];
  ld.param.b32 %r4, [number]; add.u32 %r3, %r3, %r4; add.u32 %r3, %r3, -7;
  ld.param.b64 %x5, [copied]; add.u64 %x5, %x5, %x2; st.global.b32 [%x5], %r3; ret;
}
.visible .entry sum(.param .u64 copied, .param .u64 total, .param .u64 counter)
{
  .reg .pred %p; .reg .b32 %r<8>; .reg .b64 %x<8>;
  mov.u32 %r1, %ctaid.x; mul.wide.u32 %x2, %r1, 16; ld.param.b64 %x1, [copied]; add.u64 %x1, %x1, %x2;
  ld.global.v4.b32 {%r2, %r3, %r4, %r5}, [%x1];
  add.u32 %r2, %r2, %r3; add.u32 %r4, %r4, %r5; add.u32 %r2, %r2, %r4;
  mul.wide.u32 %x2, %r1, 4; ld.param.b64 %x3, [total]; add.u64 %x3, %x3, %x2; st.global.b32 [%x3], %r2;
  ld.param.b64 %x4, [counter]; atom.global.add.u32 %r6, [%x4], 1; mov.u32 %r7, %nctaid.x;
  setp.ge.u32 %p, %r6, %r7; @%p trap; ret;
}
)";

} // namespace cuda
} // namespace stas

#endif // STAS_TEST_UNIT_CUDARUNTIME_PLANTEST_H
