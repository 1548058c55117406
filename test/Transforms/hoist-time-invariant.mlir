// Layers on what is the same at every timestep run once; neurons on a steady current become staircases.
// RUN: stas-opt %s --stas-hoist-time-invariant --split-input-file | FileCheck %s
// RUN: stas-opt %s --stas-hoist-time-invariant --split-input-file --remarks-filter=stas-hoist-time-invariant 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>

// The encoding sinks through convolution and batch normalisation, whose axis is one less, to the neurons.
// CHECK-LABEL: @stem
// CHECK-SAME: (%[[IMAGE:.*]]: tensor<?x3x8x8xf32>)
func.func @stem(%image: tensor<?x3x8x8xf32>) -> tensor<6x?x8x4x4xi1> {
  // CHECK-NEXT: %[[C:.*]] = stas.conv2d %[[IMAGE]] weight(<"w33" {{.*}}>) bias(<"v8" {{.*}}>) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  // CHECK-NEXT: %[[N:.*]] = stas.batch_norm %[[C]] axis 1 {{.*}} : tensor<?x8x8x8xf32>
  // CHECK-NEXT: %[[S:.*]] = stas.staircase %[[N]] neuron(<tau = 3.0, reset = soft>) timesteps 6 : tensor<?x8x8x8xf32> -> tensor<6x?x8x8x8xi1>
  // CHECK-NEXT: stas.max_pool2d %[[S]]
  // REMARK: loc("conv"): [Passed] RunsOnce {{.*}}"stas.conv2d runs once, not at each of 6 timesteps"
  // REMARK: loc("norm"): [Passed] RunsOnce {{.*}}"stas.batch_norm runs once, not at each of 6 timesteps"
  // REMARK: loc("lif"): [Passed] Staircase {{.*}}"the current is the same at each of 6 timesteps: the neurons keep no state"
  %0 = stas.encode %image {timesteps = 6 : i64} : tensor<?x3x8x8xf32> -> tensor<6x?x3x8x8xf32>
  %1 = stas.conv2d %0 weight(#w33) bias(#v8) strides [1, 1] padding [1, 1] : tensor<6x?x3x8x8xf32> -> tensor<6x?x8x8x8xf32> loc("conv")
  %2 = stas.batch_norm %1 axis 2 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<6x?x8x8x8xf32> loc("norm")
  %3 = stas.lif %2 neuron(#stas.lif<tau = 3.0, reset = soft>) : tensor<6x?x8x8x8xf32> -> tensor<6x?x8x8x8xi1> loc("lif")
  %4 = stas.max_pool2d %3 kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<6x?x8x8x8xi1> -> tensor<6x?x8x4x4xi1>
  return %4 : tensor<6x?x8x4x4xi1>
}

// -----

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>

// The first block after I-SPS: the projections run once, the stream keeps its encoding for the sum with what changes.
// CHECK-LABEL: @block
// CHECK-SAME: (%[[X:.*]]: tensor<?x16x8xi8>)
func.func @block(%x: tensor<?x16x8xi8>) -> tensor<?x8xf32> {
  // CHECK-NEXT: %[[E:.*]] = stas.encode %[[X]] {timesteps = 4 : i64} : tensor<?x16x8xi8> -> tensor<4x?x16x8xi8>
  // CHECK-NEXT: %[[L:.*]] = stas.linear %[[X]] {{.*}} : tensor<?x16x8xi8> -> tensor<?x16x8xf32>
  // CHECK-NEXT: %[[N:.*]] = stas.batch_norm %[[L]] axis 2
  // CHECK-NEXT: %[[Q:.*]] = stas.staircase %[[N]] neuron(<>) timesteps 4 : tensor<?x16x8xf32> -> tensor<4x?x16x8xi1>
  // CHECK-NEXT: %[[A:.*]] = stas.attention %[[Q]], %[[Q]], %[[Q]] heads 2
  // CHECK-NEXT: %[[S:.*]] = stas.lif %[[A]]
  // CHECK-NEXT: %[[R:.*]] = stas.add %[[E]], %[[S]]
  // CHECK-NEXT: %[[M:.*]] = stas.mean_tokens %[[R]] : tensor<4x?x16x8xi8> -> tensor<4x?x8xf32>
  // CHECK-NEXT: stas.integrate mean %[[M]]
  // REMARK: loc("sum"): [Missed] ChangesOverTime {{.*}}Reason="another operand changes over time", Remark="stas.add runs at every timestep, though an operand is the same at each"
  %0 = stas.encode %x {timesteps = 4 : i64} : tensor<?x16x8xi8> -> tensor<4x?x16x8xi8>
  %1 = stas.linear %0 weight(#w8) bias(#v8) : tensor<4x?x16x8xi8> -> tensor<4x?x16x8xf32>
  %2 = stas.batch_norm %1 axis 3 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<4x?x16x8xf32>
  %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<4x?x16x8xf32> -> tensor<4x?x16x8xi1>
  %4 = stas.attention %3, %3, %3 heads 2 scale 0.125 : tensor<4x?x16x8xi1> -> tensor<4x?x16x8xf32>
  %5 = stas.lif %4 neuron(#stas.lif<v_threshold = 0.5>) : tensor<4x?x16x8xf32> -> tensor<4x?x16x8xi1>
  %6 = stas.add %0, %5 : tensor<4x?x16x8xi8>, tensor<4x?x16x8xi1> -> tensor<4x?x16x8xi8> loc("sum")
  %7 = stas.mean_tokens %6 : tensor<4x?x16x8xi8> -> tensor<4x?x8xf32>
  %8 = stas.integrate mean %7 : tensor<4x?x8xf32> -> tensor<?x8xf32>
  return %8 : tensor<?x8xf32>
}

// -----

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>

// Layers of several repeated operands, layers without weights; a reduction of equal timesteps is one of them.
// CHECK-LABEL: @everything_steady
// CHECK-SAME: (%[[X:.*]]: tensor<?x8x4x4xi8>, %[[S:.*]]: tensor<?x16x8xi1>)
func.func @everything_steady(%x: tensor<?x8x4x4xi8>, %s: tensor<?x16x8xi1>) -> tensor<?x8xf32> {
  // CHECK-NEXT: %[[F:.*]] = stas.flatten %[[X]] : tensor<?x8x4x4xi8> -> tensor<?x16x8xi8>
  // CHECK-NEXT: %[[R:.*]] = stas.add %[[F]], %[[S]]
  // CHECK-NEXT: stas.attention %[[S]], %[[S]], %[[S]] heads 2 {{.*}} : tensor<?x16x8xi1> -> tensor<?x16x8xf32>
  // CHECK-NEXT: %[[M:.*]] = stas.mean_tokens %[[R]] : tensor<?x16x8xi8> -> tensor<?x8xf32>
  // CHECK-NEXT: return %[[M]]
  %0 = stas.encode %x {timesteps = 2 : i64} : tensor<?x8x4x4xi8> -> tensor<2x?x8x4x4xi8>
  %1 = stas.encode %s {timesteps = 2 : i64} : tensor<?x16x8xi1> -> tensor<2x?x16x8xi1>
  %2 = stas.flatten %0 : tensor<2x?x8x4x4xi8> -> tensor<2x?x16x8xi8>
  %3 = stas.add %2, %1 : tensor<2x?x16x8xi8>, tensor<2x?x16x8xi1> -> tensor<2x?x16x8xi8>
  %4 = stas.attention %1, %1, %1 heads 2 scale 0.125 : tensor<2x?x16x8xi1> -> tensor<2x?x16x8xf32>
  %5 = stas.mean_tokens %3 : tensor<2x?x16x8xi8> -> tensor<2x?x8xf32>
  %6 = stas.integrate mean %5 : tensor<2x?x8xf32> -> tensor<?x8xf32>
  return %6 : tensor<?x8xf32>
}

// -----

// A sum of copies stays a sum; what is returned is as it was. One encoding serves all who need one.
// CHECK-LABEL: @kept
func.func @kept(%x: tensor<?x8x4xf32>) -> (tensor<?x4xf32>, tensor<3x?x4xf32>) {
  // CHECK-NEXT: %[[M:.*]] = stas.mean_tokens %{{.*}} : tensor<?x8x4xf32> -> tensor<?x4xf32>
  // CHECK-NEXT: %[[E:.*]] = stas.encode %[[M]] {timesteps = 3 : i64} : tensor<?x4xf32> -> tensor<3x?x4xf32>
  // CHECK-NEXT: %[[I:.*]] = stas.integrate mean %[[E]]
  // CHECK-NEXT: return %[[I]], %[[E]]
  %0 = stas.encode %x {timesteps = 3 : i64} : tensor<?x8x4xf32> -> tensor<3x?x8x4xf32>
  %1 = stas.mean_tokens %0 : tensor<3x?x8x4xf32> -> tensor<3x?x4xf32>
  %2 = stas.integrate mean %1 : tensor<3x?x4xf32> -> tensor<?x4xf32>
  return %2, %1 : tensor<?x4xf32>, tensor<3x?x4xf32>
}

// -----

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>

// Frames change; what is in them is left alone. So is a layer that has no meaning on one timestep (a row alone).
// CHECK-LABEL: @frames
func.func @frames(%frames: tensor<4x?x8xf32>, %row: tensor<8xf32>) -> (tensor<4x?x8xi1>, tensor<4x8xf32>) {
  // CHECK-NEXT: %[[E:.*]] = stas.encode %{{.*}} {timesteps = 4 : i64} : tensor<8xf32> -> tensor<4x8xf32>
  // CHECK-NEXT: %[[L:.*]] = stas.linear %{{.*}} : tensor<4x?x8xf32> -> tensor<4x?x8xf32>
  // CHECK-NEXT: stas.lif %[[L]]
  // CHECK-NEXT: stas.linear %[[E]] {{.*}} : tensor<4x8xf32> -> tensor<4x8xf32>
  %e = stas.encode %row {timesteps = 4 : i64} : tensor<8xf32> -> tensor<4x8xf32>
  %0 = stas.linear %frames weight(#w8) : tensor<4x?x8xf32> -> tensor<4x?x8xf32>
  %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<4x?x8xf32> -> tensor<4x?x8xi1>
  %2 = stas.linear %e weight(#w8) : tensor<4x8xf32> -> tensor<4x8xf32>
  return %1, %2 : tensor<4x?x8xi1>, tensor<4x8xf32>
}

// -----

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>

// An encoding of an encoding: both sink. One timestep, two neurons on one current.
// CHECK-LABEL: @nested
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>)
func.func @nested(%x: tensor<?x8xf32>) -> (tensor<1x3x?x8xi1>, tensor<1x3x?x8xi1>) {
  // CHECK-NEXT: %[[L:.*]] = stas.linear %[[X]] {{.*}} : tensor<?x8xf32> -> tensor<?x8xf32>
  // CHECK-NEXT: %[[E:.*]] = stas.encode %[[L]] {timesteps = 3 : i64} : tensor<?x8xf32> -> tensor<3x?x8xf32>
  // CHECK-NEXT: %[[A:.*]] = stas.staircase %[[E]] neuron(<>) timesteps 1 : tensor<3x?x8xf32> -> tensor<1x3x?x8xi1>
  // CHECK-NEXT: %[[B:.*]] = stas.staircase %[[E]] neuron(<v_threshold = 0.5>) timesteps 1
  // CHECK-NEXT: return %[[A]], %[[B]]
  %0 = stas.encode %x {timesteps = 3 : i64} : tensor<?x8xf32> -> tensor<3x?x8xf32>
  %1 = stas.encode %0 {timesteps = 1 : i64} : tensor<3x?x8xf32> -> tensor<1x3x?x8xf32>
  %2 = stas.linear %1 weight(#w8) : tensor<1x3x?x8xf32> -> tensor<1x3x?x8xf32>
  %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<1x3x?x8xf32> -> tensor<1x3x?x8xi1>
  %4 = stas.lif %2 neuron(#stas.lif<v_threshold = 0.5>) : tensor<1x3x?x8xf32> -> tensor<1x3x?x8xi1>
  return %3, %4 : tensor<1x3x?x8xi1>, tensor<1x3x?x8xi1>
}

// A declaration has nothing to hoist.
// CHECK: func.func private @declared(tensor<2xf32>)
func.func private @declared(tensor<2xf32>)

// -----

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>

// What the sum reads is encoded before it, though an encoding of the same stands behind it already: the mean is that timestep.
// CHECK-LABEL: @later
func.func @later(%x: tensor<?x4x8xf32>, %v: tensor<4x?x4x8xf32>) -> tensor<4x?x4x8xf32> {
  // CHECK: %[[C:.*]] = stas.linear %{{.*}} : tensor<?x4x8xf32> -> tensor<?x4x8xf32>
  // CHECK-NEXT: %[[E:.*]] = stas.encode %[[C]]
  // CHECK-NEXT: %[[A:.*]] = stas.add %[[E]], %{{.*}}
  // CHECK: stas.add %{{.*}}, %[[A]]
  %0 = stas.encode %x {timesteps = 4 : i64} : tensor<?x4x8xf32> -> tensor<4x?x4x8xf32>
  %1 = stas.linear %0 weight(#w8) : tensor<4x?x4x8xf32> -> tensor<4x?x4x8xf32>
  %2 = stas.integrate mean %1 : tensor<4x?x4x8xf32> -> tensor<?x4x8xf32>
  %3 = stas.add %1, %v : tensor<4x?x4x8xf32>, tensor<4x?x4x8xf32> -> tensor<4x?x4x8xf32>
  %4 = stas.encode %2 {timesteps = 4 : i64} : tensor<?x4x8xf32> -> tensor<4x?x4x8xf32>
  %5 = stas.add %4, %3 : tensor<4x?x4x8xf32>, tensor<4x?x4x8xf32> -> tensor<4x?x4x8xf32>
  return %5 : tensor<4x?x4x8xf32>
}
