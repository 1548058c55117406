// Layers to sparse spike ops: channels last, batch normalisation folded, no T axis where nothing changes over time.
// RUN: stas-opt %s --split-input-file --convert-stas-to-spike | FileCheck %s

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#w11 = #stas.weight<"w11" in "m.pth" at 0 : tensor<8x8x1x1xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>

// The image is read channels first, once for all timesteps; its neurons bring the T axis.
// CHECK-LABEL: @stem
// CHECK-SAME: (%[[IMAGE:.*]]: tensor<?x3x8x8xf32>) -> tensor<?x16x8xi8>
func.func @stem(%image: tensor<?x3x8x8xf32>) -> tensor<?x16x8xi8> {
  // CHECK-NEXT: %[[SUM:.*]] = spike.accumulate %[[IMAGE]] weight(<"w33" {{.*}}>) window(<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>) : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  // CHECK-NEXT: %[[S:.*]] = spike.fire %[[SUM]] norm(<bias = <"v8" {{.*}}>, gamma = <"v8" {{.*}}>, beta = {{.*}}, mean = {{.*}}, var = {{.*}}, eps = 1.0e-05>) neuron(<>) : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  // CHECK-NEXT: %[[P:.*]] = spike.max_pool %[[S]] window(<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>) : tensor<4x?x8x8x8xi1> -> tensor<4x?x4x4x8xi1>
  // CHECK-NEXT: %[[SUM1:.*]] = spike.accumulate %[[P]] weight(<"w11" {{.*}}>) window(<kernel = [1, 1], strides = [1, 1], padding = [0, 0]>) : tensor<4x?x4x4x8xi1> -> tensor<4x?x4x4x8xf32>
  // CHECK-NEXT: %[[S1:.*]] = spike.fire %[[SUM1]] norm(<>) neuron(<>) : tensor<4x?x4x4x8xf32> -> tensor<4x?x4x4x8xi1>
  // CHECK-NEXT: %[[R:.*]] = spike.add %[[P]], %[[S1]] : tensor<4x?x4x4x8xi1>, tensor<4x?x4x4x8xi1> -> tensor<4x?x4x4x8xi8>
  // CHECK-NEXT: %[[Z:.*]] = spike.integrate sum %[[R]] : tensor<4x?x4x4x8xi8> -> tensor<?x4x4x8xi8>
  // CHECK-NEXT: %[[F:.*]] = spike.flatten %[[Z]] : tensor<?x4x4x8xi8> -> tensor<?x16x8xi8>
  // CHECK-NEXT: return %[[F]]
  %0 = stas.encode %image {timesteps = 4 : i64} : tensor<?x3x8x8xf32> -> tensor<4x?x3x8x8xf32>
  %1 = stas.conv2d %0 weight(#w33) bias(#v8) strides [1, 1] padding [1, 1] : tensor<4x?x3x8x8xf32> -> tensor<4x?x8x8x8xf32>
  %2 = stas.batch_norm %1 axis 2 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<4x?x8x8x8xf32>
  %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<4x?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  %4 = stas.max_pool2d %3 kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<4x?x8x8x8xi1> -> tensor<4x?x8x4x4xi1>
  %5 = stas.conv2d %4 weight(#w11) strides [1, 1] padding [0, 0] : tensor<4x?x8x4x4xi1> -> tensor<4x?x8x4x4xf32>
  %6 = stas.lif %5 neuron(#stas.lif<>) : tensor<4x?x8x4x4xf32> -> tensor<4x?x8x4x4xi1>
  %7 = stas.add %4, %6 : tensor<4x?x8x4x4xi1>, tensor<4x?x8x4x4xi1> -> tensor<4x?x8x4x4xi8>
  %8 = stas.integrate sum %7 : tensor<4x?x8x4x4xi8> -> tensor<?x8x4x4xi8>
  %9 = stas.flatten %8 : tensor<?x8x4x4xi8> -> tensor<?x16x8xi8>
  return %9 : tensor<?x16x8xi8>
}

// -----

#w8x8 = #stas.weight<"w8x8" in "m.pth" at 0 : tensor<8x8xf32>>
#w10x8 = #stas.weight<"w10x8" in "m.pth" at 0 : tensor<10x8xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
#v10 = #stas.weight<"v10" in "m.pth" at 0 : tensor<10xf32>>

// An encoded value has no T axis; a sum of it and one that has gets it back. The attention's scale is the unit.
// CHECK-LABEL: @attention
func.func @attention(%x: tensor<?x16x8xi8>) -> tensor<?x10xf32> {
  // CHECK-NEXT: %[[SUM:.*]] = spike.accumulate %[[X:.*]] weight({{.*}}) : tensor<?x16x8xi8> -> tensor<?x16x8xf32>
  // CHECK-NEXT: %[[Q:.*]] = spike.fire %[[SUM]] {{.*}} : tensor<?x16x8xf32> -> tensor<2x?x16x8xi1>
  // CHECK-NEXT: %[[C:.*]] = spike.coincide %[[Q]], %[[Q]], %[[Q]] heads 2 : tensor<2x?x16x8xi1> -> tensor<2x?x16x8xi32>
  // CHECK-NEXT: %[[A:.*]] = spike.fire %[[C]] norm(<unit = 0.125>) neuron(<v_threshold = 0.5>) : tensor<2x?x16x8xi32> -> tensor<2x?x16x8xi1>
  // CHECK-NEXT: %[[R:.*]] = spike.add %[[X]], %[[A]] : tensor<?x16x8xi8>, tensor<2x?x16x8xi1> -> tensor<2x?x16x8xi8>
  // CHECK-NEXT: %[[M:.*]] = spike.mean_tokens %[[R]] : tensor<2x?x16x8xi8> -> tensor<2x?x8xf32>
  // CHECK-NEXT: %[[I:.*]] = spike.integrate mean %[[M]] : tensor<2x?x8xf32> -> tensor<?x8xf32>
  // CHECK-NEXT: %[[H:.*]] = spike.accumulate %[[I]] weight(<"w10x8" {{.*}}>) : tensor<?x8xf32> -> tensor<?x10xf32>
  // CHECK-NEXT: spike.affine %[[H]] norm(<bias = <"v10" {{.*}}>>) : tensor<?x10xf32>
  %0 = stas.encode %x {timesteps = 2 : i64} : tensor<?x16x8xi8> -> tensor<2x?x16x8xi8>
  %1 = stas.linear %0 weight(#w8x8) bias(#v8) : tensor<2x?x16x8xi8> -> tensor<2x?x16x8xf32>
  %2 = stas.batch_norm %1 axis 3 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<2x?x16x8xf32>
  %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<2x?x16x8xf32> -> tensor<2x?x16x8xi1>
  %4 = stas.attention %3, %3, %3 heads 2 scale 0.125 : tensor<2x?x16x8xi1> -> tensor<2x?x16x8xf32>
  %5 = stas.lif %4 neuron(#stas.lif<v_threshold = 0.5>) : tensor<2x?x16x8xf32> -> tensor<2x?x16x8xi1>
  %6 = stas.add %0, %5 : tensor<2x?x16x8xi8>, tensor<2x?x16x8xi1> -> tensor<2x?x16x8xi8>
  %7 = stas.mean_tokens %6 : tensor<2x?x16x8xi8> -> tensor<2x?x8xf32>
  %8 = stas.integrate mean %7 : tensor<2x?x8xf32> -> tensor<?x8xf32>
  %9 = stas.head %8 weight(#w10x8) bias(#v10) : tensor<?x8xf32> -> tensor<?x10xf32>
  return %9 : tensor<?x10xf32>
}

// -----

#w8x8 = #stas.weight<"w8x8" in "m.pth" at 0 : tensor<8x8xf32>>

// Neurons inside stas.act take the mask as their `active` operand, with a stas.mask after them or without: halted rows
// are not computed.
// CHECK-LABEL: @act
func.func @act(%x: tensor<?x16x8xi8>) -> (tensor<?x16x8xf32>, tensor<?x16xi32>) {
  // CHECK-NEXT: %[[Y:.*]], %[[STEPS:.*]] = stas.act %{{.*}} halting(<alpha = 1.0, beta = -4.0>) timesteps 2
  // CHECK-NEXT: ^bb0(%[[S:.*]]: tensor<?x16x8xi8>, %[[ACTIVE:.*]]: tensor<?x16xi1>):
  // CHECK-NEXT: %[[SUM:.*]] = spike.accumulate %[[S]]
  // CHECK-NEXT: %[[FIRE:.*]] = spike.fire %[[SUM]] active(%[[ACTIVE]] : tensor<?x16xi1>) {{.*}} : tensor<?x16x8xf32> -> tensor<?x16x8xi1>
  // CHECK-NEXT: %[[R:.*]] = spike.add %[[S]], %[[FIRE]]
  // CHECK-NEXT: %[[SUM2:.*]] = spike.accumulate %[[FIRE]]
  // CHECK-NEXT: %[[BARE:.*]] = spike.fire %[[SUM2]] active(%[[ACTIVE]] : tensor<?x16xi1>)
  // CHECK-NEXT: %[[R2:.*]] = spike.add %[[R]], %[[BARE]]
  // CHECK-NEXT: stas.yield %[[R2]] : tensor<?x16x8xi8>
  // CHECK-NOT: stas.mask
  // CHECK: return %[[Y]], %[[STEPS]]
  %y, %steps = stas.act %x halting(#stas.act<alpha = 1.0, beta = -4.0>) timesteps 2 : tensor<?x16x8xi8> -> tensor<?x16x8xf32>, tensor<?x16xi32> {
  ^bb0(%s: tensor<?x16x8xi8>, %active: tensor<?x16xi1>):
    %0 = stas.linear %s weight(#w8x8) : tensor<?x16x8xi8> -> tensor<?x16x8xf32>
    %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<?x16x8xf32> -> tensor<?x16x8xi1>
    %2 = stas.mask %1, %active : tensor<?x16x8xi1>, tensor<?x16xi1>
    %3 = stas.add %s, %2 : tensor<?x16x8xi8>, tensor<?x16x8xi1> -> tensor<?x16x8xi8>
    %4 = stas.linear %1 weight(#w8x8) : tensor<?x16x8xi1> -> tensor<?x16x8xf32>
    %5 = stas.lif %4 neuron(#stas.lif<>) : tensor<?x16x8xf32> -> tensor<?x16x8xi1>
    %6 = stas.add %3, %5 : tensor<?x16x8xi8>, tensor<?x16x8xi1> -> tensor<?x16x8xi8>
    stas.yield %6 : tensor<?x16x8xi8>
  }
  return %y, %steps : tensor<?x16x8xf32>, tensor<?x16xi32>
}

// -----

#w8x8 = #stas.weight<"w8x8" in "m.pth" at 0 : tensor<8x8xf32>>
#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>

// Sums that meet no neuron get their scale and shift by an affine. Frames that differ keep their T axis.
// CHECK-LABEL: @affine
func.func @affine(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK: %[[S:.*]] = spike.accumulate
  // CHECK: spike.affine %[[S]] norm(<>) : tensor<?x8xf32>
  %0 = stas.linear %x weight(#w8x8) : tensor<?x8xf32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// CHECK-LABEL: @frames
func.func @frames(%frames: tensor<2x?x3x8x8xf32>) -> tensor<?x64x8xf32> {
  // CHECK-NEXT: spike.integrate mean %{{.*}} : tensor<2x?x3x8x8xf32> -> tensor<?x3x8x8xf32>
  // CHECK-NEXT: spike.accumulate %{{.*}} channels_first = true>) : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  %0 = stas.integrate mean %frames : tensor<2x?x3x8x8xf32> -> tensor<?x3x8x8xf32>
  %1 = stas.conv2d %0 weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  %2 = stas.flatten %1 : tensor<?x8x8x8xf32> -> tensor<?x64x8xf32>
  return %2 : tensor<?x64x8xf32>
}

// CHECK: func.func private @declared(tensor<2xf32>)
func.func private @declared(tensor<2xf32>)

// -----

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>

// I-SPS becomes sums and a staircase; steady neurons become neurons whose sums lack the T axis.
// CHECK-LABEL: @isps
// CHECK-SAME: (%[[IMAGE:.*]]: tensor<?x3x8x6xf32>)
func.func @isps(%image: tensor<?x3x8x6xf32>) -> tensor<4x?x12x8xi8> {
  // CHECK-NEXT: %[[SUM:.*]] = spike.accumulate %[[IMAGE]] weight(<"w33" {{.*}}>) window(<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>) : tensor<?x3x8x6xf32> -> tensor<?x8x6x8xf32>
  // CHECK-NEXT: %[[Z:.*]] = spike.staircase sum %[[SUM]] norm(<bias = <"v8" {{.*}}>, gamma = <"v8" {{.*}}>, beta = {{.*}}, mean = {{.*}}, var = {{.*}}, eps = 1.0e-05>) neuron(<tau = 3.0>) timesteps 4 pool(<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>) : tensor<?x8x6x8xf32> -> tensor<?x4x3x8xi8>
  // CHECK-NEXT: %[[F:.*]] = spike.flatten %[[Z]]
  // CHECK-NEXT: %[[Q:.*]] = spike.accumulate %[[F]] weight(<"w8" {{.*}}>) : tensor<?x12x8xi8> -> tensor<?x12x8xf32>
  // CHECK-NEXT: %[[S:.*]] = spike.fire %[[Q]] norm(<>) neuron(<>) : tensor<?x12x8xf32> -> tensor<4x?x12x8xi1>
  // CHECK-NEXT: spike.add %[[S]], %[[S]]
  %0 = stas.isps sum %image weight(#w33) bias(#v8) strides [1, 1] padding [1, 1] norm(#v8, #v8, #v8, #v8) eps 1.0e-5
      neuron(#stas.lif<tau = 3.0>) timesteps 4 pool [3, 3] strides [2, 2] padding [1, 1] : tensor<?x3x8x6xf32> -> tensor<?x8x4x3xi8>
  %1 = stas.flatten %0 : tensor<?x8x4x3xi8> -> tensor<?x12x8xi8>
  %2 = stas.linear %1 weight(#w8) : tensor<?x12x8xi8> -> tensor<?x12x8xf32>
  %3 = stas.staircase %2 neuron(#stas.lif<>) timesteps 4 : tensor<?x12x8xf32> -> tensor<4x?x12x8xi1>
  %4 = stas.add %3, %3 : tensor<4x?x12x8xi1>, tensor<4x?x12x8xi1> -> tensor<4x?x12x8xi8>
  return %4 : tensor<4x?x12x8xi8>
}

// Of a map that went channels last, without a pool.
// CHECK-LABEL: @second_isps
func.func @second_isps(%image: tensor<?x3x8x6xf32>) -> tensor<?x48x8xf32> {
  // CHECK: %[[Z:.*]] = spike.staircase mean
  // CHECK-NEXT: %[[SUM:.*]] = spike.accumulate %[[Z]] weight(<"w" {{.*}}>) window(<kernel = [1, 1], strides = [1, 1], padding = [0, 0]>) : tensor<?x8x6x8xf32> -> tensor<?x8x6x8xf32>
  // CHECK-NEXT: spike.staircase mean %[[SUM]] norm(<>) neuron(<>) timesteps 2 : tensor<?x8x6x8xf32> -> tensor<?x8x6x8xf32>
  %0 = stas.isps mean %image weight(#w33) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 2 : tensor<?x3x8x6xf32> -> tensor<?x8x8x6xf32>
  %1 = stas.isps mean %0 weight(#stas.weight<"w" in "m.pth" at 0 : tensor<8x8x1x1xf32>>) strides [1, 1] padding [0, 0]
      neuron(#stas.lif<>) timesteps 2 : tensor<?x8x8x6xf32> -> tensor<?x8x8x6xf32>
  %2 = stas.flatten %1 : tensor<?x8x8x6xf32> -> tensor<?x48x8xf32>
  return %2 : tensor<?x48x8xf32>
}
