// However the first stage and its reduction are spelled, they become one op; the remark says what went into it.
// RUN: stas-opt %s --stas-fuse-isps --split-input-file --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s
// RUN: stas-opt %s --stas-hoist-time-invariant --stas-fuse-isps --split-input-file | FileCheck %s --check-prefix=HOISTED
// RUN: stas-opt %s --stas-fuse-isps --split-input-file --remarks-filter=stas-fuse-isps 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>

// The encoding before the convolution, with everything. Neurons name the op, then come the convolution and the rest.
// CHECK-LABEL: @everything
// CHECK-NEXT: stas.isps mean %{{.*}} weight({{.*}}"w33"{{.*}}) bias({{.*}}"v8"{{.*}}) strides [1, 1] padding [1, 1] norm({{.*}}) eps 1.000000e-05 neuron({{.*}}tau = 3.0{{.*}}) timesteps 6 pool [3, 3] strides [2, 2] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x4x4xf32> loc(fused["lif", "conv", "norm", "pool", "mean"])
// CHECK-NEXT: return
// HOISTED-LABEL: @everything
// HOISTED-NEXT: stas.isps mean
// HOISTED-NEXT: return
// REMARK: loc("lif"): [Passed] Fused {{.*}}"conv2d, batch_norm, neurons over 6 timesteps, max_pool2d and their mean are one stas.isps"
func.func @everything(%image: tensor<?x3x8x8xf32>) -> tensor<?x8x4x4xf32> {
  %0 = stas.encode %image {timesteps = 6 : i64} : tensor<?x3x8x8xf32> -> tensor<6x?x3x8x8xf32>
  %1 = stas.conv2d %0 weight(#w33) bias(#v8) strides [1, 1] padding [1, 1] : tensor<6x?x3x8x8xf32> -> tensor<6x?x8x8x8xf32> loc("conv")
  %2 = stas.batch_norm %1 axis 2 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<6x?x8x8x8xf32> loc("norm")
  %3 = stas.lif %2 neuron(#stas.lif<tau = 3.0, reset = soft>) : tensor<6x?x8x8x8xf32> -> tensor<6x?x8x8x8xi1> loc("lif")
  %4 = stas.max_pool2d %3 kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<6x?x8x8x8xi1> -> tensor<6x?x8x4x4xi1> loc("pool")
  %5 = stas.integrate mean %4 : tensor<6x?x8x4x4xi1> -> tensor<?x8x4x4xf32> loc("mean")
  return %5 : tensor<?x8x4x4xf32>
}

// -----

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>

// The encoding behind batch normalisation, as the importer has it; nothing but the convolution; a sum.
// CHECK-LABEL: @encoded_current
// CHECK-NEXT: stas.isps sum %{{.*}} norm({{.*}}) eps {{.*}} timesteps 4 : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xi8>
// CHECK-NEXT: return
// HOISTED-LABEL: @encoded_current
// HOISTED-NEXT: stas.isps sum
func.func @encoded_current(%image: tensor<?x3x8x8xf32>) -> tensor<?x8x8x8xi8> {
  %0 = stas.conv2d %image weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  %1 = stas.batch_norm %0 axis 1 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<?x8x8x8xf32>
  %2 = stas.encode %1 {timesteps = 4 : i64} : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xf32>
  %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<4x?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  %4 = stas.integrate sum %3 : tensor<4x?x8x8x8xi1> -> tensor<?x8x8x8xi8>
  return %4 : tensor<?x8x8x8xi8>
}

// The encoding between the two; a staircase and no encoding; one timestep.
// CHECK-LABEL: @between
// CHECK-NEXT: stas.isps sum %{{.*}} norm({{.*}}
// CHECK-NEXT: return
func.func @between(%image: tensor<?x3x8x8xf32>) -> tensor<?x8x8x8xi8> {
  %0 = stas.conv2d %image weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  %1 = stas.encode %0 {timesteps = 4 : i64} : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xf32>
  %2 = stas.batch_norm %1 axis 2 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<4x?x8x8x8xf32>
  %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<4x?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  %4 = stas.integrate sum %3 : tensor<4x?x8x8x8xi1> -> tensor<?x8x8x8xi8>
  return %4 : tensor<?x8x8x8xi8>
}

// CHECK-LABEL: @staircase
// CHECK-NEXT: stas.isps mean %{{.*}} strides [2, 1] padding [0, 1] neuron({{.*}}) timesteps 1 : tensor<?x3x8x8xi8> -> tensor<?x8x3x8xf32>
// CHECK-NEXT: return
func.func @staircase(%counts: tensor<?x3x8x8xi8>) -> tensor<?x8x3x8xf32> {
  %0 = stas.conv2d %counts weight(#w33) strides [2, 1] padding [0, 1] : tensor<?x3x8x8xi8> -> tensor<?x8x3x8xf32>
  %1 = stas.staircase %0 neuron(#stas.lif<>) timesteps 1 : tensor<?x8x3x8xf32> -> tensor<1x?x8x3x8xi1>
  %2 = stas.integrate mean %1 : tensor<1x?x8x3x8xi1> -> tensor<?x8x3x8xf32>
  return %2 : tensor<?x8x3x8xf32>
}

// Two stages, each on the reduction of the one before. An encoding of the image that others use stays.
// CHECK-LABEL: @twice
// CHECK: %[[E:.*]] = stas.encode
// CHECK-NEXT: %[[A:.*]] = stas.isps mean
// CHECK-NEXT: %[[B:.*]] = stas.isps mean %[[A]]
// CHECK-NEXT: return %[[B]], %[[E]]
func.func @twice(%image: tensor<?x8x8x8xf32>) -> (tensor<?x8x8x8xf32>, tensor<2x?x8x8x8xf32>) {
  %e = stas.encode %image {timesteps = 2 : i64} : tensor<?x8x8x8xf32> -> tensor<2x?x8x8x8xf32>
  %0 = stas.conv2d %e weight(#stas.weight<"a" in "m.pth" at 0 : tensor<8x8x1x1xf32>>) strides [1, 1] padding [0, 0] : tensor<2x?x8x8x8xf32> -> tensor<2x?x8x8x8xf32>
  %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<2x?x8x8x8xf32> -> tensor<2x?x8x8x8xi1>
  %2 = stas.integrate mean %1 : tensor<2x?x8x8x8xi1> -> tensor<?x8x8x8xf32>
  %3 = stas.conv2d %2 weight(#stas.weight<"b" in "m.pth" at 0 : tensor<8x8x1x1xf32>>) strides [1, 1] padding [0, 0] : tensor<?x8x8x8xf32> -> tensor<?x8x8x8xf32>
  %4 = stas.staircase %3 neuron(#stas.lif<>) timesteps 2 : tensor<?x8x8x8xf32> -> tensor<2x?x8x8x8xi1>
  %5 = stas.integrate mean %4 : tensor<2x?x8x8x8xi1> -> tensor<?x8x8x8xf32>
  return %5, %e : tensor<?x8x8x8xf32>, tensor<2x?x8x8x8xf32>
}
