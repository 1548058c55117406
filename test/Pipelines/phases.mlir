// The phases one after the other in stas-opt, and each one's pipeline: passes of the phase, then its verifier.
// RUN: stas-opt %s --stas-phase-import --stas-phase-normalize --stas-phase-adapt --stas-phase-spike --stas-phase-plan | FileCheck %s
// RUN: stas-opt %s --stas-phase-import --stas-phase-normalize --stas-phase-adapt --stas-phase-spike --stas-phase-plan=lanes=16 | FileCheck %s --check-prefix=WIDE
// RUN: stas-opt %s --pass-pipeline='builtin.module(stas-phase-normalize)' --dump-pass-pipeline 2>&1 >/dev/null | FileCheck %s --check-prefix=NORMALIZE
// RUN: not stas-opt %s --stas-phase-spike --stas-phase-import 2>&1 | FileCheck %s --check-prefix=ORDER
// CHECK: spike.launch @staircase_0
// CHECK: vector<8xf32>
// WIDE: vector<16xf32>
// NORMALIZE: canonicalize
// NORMALIZE: func.func(
// NORMALIZE-NEXT: stas-choose-schedule
// NORMALIZE: stas-hoist-time-invariant
// NORMALIZE: stas-verify-normalized
// ORDER: is no op of the stas dialect

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<12x3x3x3xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x12xf32>>
#bh = #stas.weight<"bh" in "m.pth" at 0 : tensor<10xf32>>
func.func @main(%image: tensor<?x3x8x8xf32>) -> tensor<?x10xf32> {
  %0 = stas.encode %image {timesteps = 4 : i64} : tensor<?x3x8x8xf32> -> tensor<4x?x3x8x8xf32>
  %1 = stas.conv2d %0 weight(#w33) strides [1, 1] padding [1, 1] : tensor<4x?x3x8x8xf32> -> tensor<4x?x12x8x8xf32>
  %2 = stas.lif %1 neuron(#stas.lif<>) : tensor<4x?x12x8x8xf32> -> tensor<4x?x12x8x8xi1>
  %3 = stas.integrate mean %2 : tensor<4x?x12x8x8xi1> -> tensor<?x12x8x8xf32>
  %4 = stas.flatten %3 : tensor<?x12x8x8xf32> -> tensor<?x64x12xf32>
  %5 = stas.mean_tokens %4 : tensor<?x64x12xf32> -> tensor<?x12xf32>
  %6 = stas.head %5 weight(#wh) bias(#bh) : tensor<?x12xf32> -> tensor<?x10xf32>
  return %6 : tensor<?x10xf32>
}
