// RUN: stas-opt %s --test-stas-time-invariance | FileCheck %s

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>

// An image at every timestep stays the same up to its neurons; a reduction has no timesteps left.
// CHECK-LABEL: func.func @stem
// CHECK-SAME: test.time_arguments = {{\[\[}}"steady"]]
func.func @stem(%image: tensor<?x3x8x8xf32>) -> tensor<?x8x4x4xf32> {
  // CHECK: stas.encode {{.*}}test.time = ["repeated"]
  %0 = stas.encode %image {timesteps = 4 : i64} : tensor<?x3x8x8xf32> -> tensor<4x?x3x8x8xf32>
  // CHECK: stas.conv2d {{.*}}{test.time = ["repeated"]}
  %1 = stas.conv2d %0 weight(#w33) strides [1, 1] padding [1, 1] : tensor<4x?x3x8x8xf32> -> tensor<4x?x8x8x8xf32>
  // CHECK: stas.batch_norm {{.*}}{test.time = ["repeated"]}
  %2 = stas.batch_norm %1 axis 2 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<4x?x8x8x8xf32>
  // CHECK: stas.lif {{.*}}{test.time = ["varying"]}
  %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<4x?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  // CHECK: stas.max_pool2d {{.*}}{test.time = ["varying"]}
  %4 = stas.max_pool2d %3 kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<4x?x8x8x8xi1> -> tensor<4x?x8x4x4xi1>
  // CHECK: stas.integrate {{.*}}{test.time = ["steady"]}
  %5 = stas.integrate mean %4 : tensor<4x?x8x4x4xi1> -> tensor<?x8x4x4xf32>
  // CHECK: stas.isps {{.*}}{test.time = ["steady"]}
  %6 = stas.isps sum %image weight(#w33) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4 : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xi8>
  return %5 : tensor<?x8x4x4xf32>
}

// The first block after I-SPS: the projections, not the attention. A sum is as its worse operand.
// CHECK-LABEL: func.func @block
func.func @block(%x: tensor<?x16x8xi8>) -> tensor<?x8xf32> {
  %0 = stas.encode %x {timesteps = 4 : i64} : tensor<?x16x8xi8> -> tensor<4x?x16x8xi8>
  // CHECK: stas.linear {{.*}}{test.time = ["repeated"]}
  %1 = stas.linear %0 weight(#w8) : tensor<4x?x16x8xi8> -> tensor<4x?x16x8xf32>
  // CHECK: stas.lif {{.*}}{test.time = ["varying"]}
  %2 = stas.lif %1 neuron(#stas.lif<>) : tensor<4x?x16x8xf32> -> tensor<4x?x16x8xi1>
  // CHECK: stas.attention {{.*}}{test.time = ["varying"]}
  %3 = stas.attention %2, %2, %2 heads 2 scale 0.125 : tensor<4x?x16x8xi1> -> tensor<4x?x16x8xf32>
  %4 = stas.lif %3 neuron(#stas.lif<v_threshold = 0.5>) : tensor<4x?x16x8xf32> -> tensor<4x?x16x8xi1>
  // CHECK: stas.add {{.*}}{test.time = ["varying"]}
  %5 = stas.add %0, %4 : tensor<4x?x16x8xi8>, tensor<4x?x16x8xi1> -> tensor<4x?x16x8xi8>
  // CHECK: stas.add {{.*}}{test.time = ["repeated"]}
  %6 = stas.add %0, %0 : tensor<4x?x16x8xi8>, tensor<4x?x16x8xi8> -> tensor<4x?x16x8xi8>
  %7 = stas.mean_tokens %5 : tensor<4x?x16x8xi8> -> tensor<4x?x8xf32>
  %8 = stas.integrate mean %7 : tensor<4x?x8xf32> -> tensor<?x8xf32>
  return %8 : tensor<?x8xf32>
}

// One timestep has none to differ from. Frames, and what nothing is known of, may vary.
// CHECK-LABEL: func.func @others
// CHECK-SAME: test.time_arguments = {{\[\[}}"steady", "varying"]]
func.func @others(%x: tensor<?x8xf32>, %frames: tensor<4x?x8xf32>) -> tensor<1x?x8xi1> {
  %0 = stas.encode %x {timesteps = 1 : i64} : tensor<?x8xf32> -> tensor<1x?x8xf32>
  // CHECK: stas.lif {{.*}}{test.time = ["repeated"]}
  %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<1x?x8xf32> -> tensor<1x?x8xi1>
  // CHECK: stas.staircase {{.*}}{test.time = ["repeated"]}
  %2 = stas.staircase %x neuron(#stas.lif<>) timesteps 1 : tensor<?x8xf32> -> tensor<1x?x8xi1>
  // CHECK: stas.staircase {{.*}}{test.time = ["varying"]}
  %3 = stas.staircase %x neuron(#stas.lif<>) timesteps 2 : tensor<?x8xf32> -> tensor<2x?x8xi1>
  // CHECK: stas.linear {{.*}}{test.time = ["varying"]}
  %4 = stas.linear %frames weight(#w8) : tensor<4x?x8xf32> -> tensor<4x?x8xf32>
  // CHECK: arith.constant {test.time = ["varying"]}
  %5 = arith.constant dense<0.0> : tensor<4x2x8xf32>
  return %1 : tensor<1x?x8xi1>
}

// In a halting encoder the stream that enters the first block is the same at every timestep, and so are its sums.
// CHECK-LABEL: func.func @halting
// CHECK: stas.act {{.*}}test.time = ["varying", "varying"], test.time_arguments = {{\[\[}}"steady", "varying"], ["varying", "varying"]]
func.func @halting(%x: tensor<?x16x8xi8>) -> tensor<?x16x8xf32> {
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<?x16x8xi8> -> tensor<?x16x8xf32>, tensor<?x16xi32> {
  ^bb0(%s: tensor<?x16x8xi8>, %active: tensor<?x16xi1>):
    // CHECK: stas.linear {{.*}}{test.time = ["steady"]}
    %0 = stas.linear %s weight(#w8) : tensor<?x16x8xi8> -> tensor<?x16x8xf32>
    // CHECK: stas.lif {{.*}}{test.time = ["varying"]}
    %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<?x16x8xf32> -> tensor<?x16x8xi1>
    %2 = stas.mask %1, %active : tensor<?x16x8xi1>, tensor<?x16xi1>
    %3 = stas.add %s, %2 : tensor<?x16x8xi8>, tensor<?x16x8xi1> -> tensor<?x16x8xi8>
    stas.yield %3 : tensor<?x16x8xi8>
  }, {
  ^bb0(%s: tensor<?x16x8xi8>, %active: tensor<?x16xi1>):
    // CHECK: stas.linear {{.*}}{test.time = ["varying"]}
    %0 = stas.linear %s weight(#w8) : tensor<?x16x8xi8> -> tensor<?x16x8xf32>
    stas.yield %s : tensor<?x16x8xi8>
  }
  return %y : tensor<?x16x8xf32>
}
