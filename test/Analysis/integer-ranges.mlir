// RUN: stas-opt %s --test-stas-integer-ranges --split-input-file | FileCheck %s

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>

// Spikes are 0 or 1; sums add up what reaches them; real values have no range, and end none.
// CHECK-LABEL: func.func @layers
// CHECK-SAME: test.range_arguments = {{\[\[}}"none", "0..255"]]
func.func @layers(%image: tensor<?x3x8x8xf32>, %counts: tensor<?x8x8x8xi8>) {
  // CHECK: stas.conv2d {{.*}}{test.range = ["none"]}
  %0 = stas.conv2d %image weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  // CHECK: stas.staircase {{.*}}{test.range = ["0..1"]}
  %1 = stas.staircase %0 neuron(#stas.lif<>) timesteps 4 : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  // CHECK: stas.max_pool2d {{.*}}{test.range = ["0..1"]}
  %2 = stas.max_pool2d %1 kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<4x?x8x8x8xi1> -> tensor<4x?x8x4x4xi1>
  // CHECK: stas.add {{.*}}{test.range = ["0..2"]}
  %3 = stas.add %2, %2 : tensor<4x?x8x4x4xi1>, tensor<4x?x8x4x4xi1> -> tensor<4x?x8x4x4xi8>
  // CHECK: stas.flatten {{.*}}{test.range = ["0..2"]}
  %4 = stas.flatten %3 : tensor<4x?x8x4x4xi8> -> tensor<4x?x16x8xi8>
  // CHECK: stas.integrate sum {{.*}}{test.range = ["0..8"]}
  %5 = stas.integrate sum %4 : tensor<4x?x16x8xi8> -> tensor<?x16x8xi8>
  // CHECK: stas.integrate mean {{.*}}{test.range = ["none"]}
  %6 = stas.integrate mean %4 : tensor<4x?x16x8xi8> -> tensor<?x16x8xf32>
  // CHECK: stas.encode {{.*}}test.range = ["0..8"]
  %7 = stas.encode %5 {timesteps = 2 : i64} : tensor<?x16x8xi8> -> tensor<2x?x16x8xi8>
  // CHECK: stas.isps sum {{.*}}{test.range = ["0..6"]}
  %8 = stas.isps sum %image weight(#w33) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 6 : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xi8>
  // What i8 does not hold is cut off: it is an error when the model runs.
  // CHECK: stas.add {{.*}}{test.range = ["0..255"]}
  %9 = stas.add %counts, %8 : tensor<?x8x8x8xi8>, tensor<?x8x8x8xi8> -> tensor<?x8x8x8xi8>
  // CHECK: stas.add {{.*}}{test.range = ["none"]}
  %10 = stas.add %0, %8 : tensor<?x8x8x8xf32>, tensor<?x8x8x8xi8> -> tensor<?x8x8x8xf32>
  return
}

// -----

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>

// The residual stream grows by at most one for each branch, from block to block, and not with time: 2 L + 2.
// CHECK-LABEL: func.func @halting
// CHECK: stas.act {{.*}}test.range = ["none", "1..8"], test.range_arguments = {{\[\[}}"0..2", "0..1"], ["0..4", "0..1"]]
func.func @halting(%x: tensor<2x?x16x8xi1>) -> tensor<?x16x8xf32> {
  %i = stas.integrate sum %x : tensor<2x?x16x8xi1> -> tensor<?x16x8xi8>
  %y, %n = stas.act %i halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 4
      : tensor<?x16x8xi8> -> tensor<?x16x8xf32>, tensor<?x16xi32> {
  ^bb0(%s: tensor<?x16x8xi8>, %active: tensor<?x16xi1>):
    %0 = stas.linear %s weight(#w8) : tensor<?x16x8xi8> -> tensor<?x16x8xf32>
    %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<?x16x8xf32> -> tensor<?x16x8xi1>
    // CHECK: stas.mask {{.*}}{test.range = ["0..1"]}
    %2 = stas.mask %1, %active : tensor<?x16x8xi1>, tensor<?x16xi1>
    // CHECK: stas.add {{.*}}{test.range = ["0..3"]}
    %3 = stas.add %s, %2 : tensor<?x16x8xi8>, tensor<?x16x8xi1> -> tensor<?x16x8xi8>
    // CHECK: stas.add {{.*}}{test.range = ["0..4"]}
    %4 = stas.add %3, %2 : tensor<?x16x8xi8>, tensor<?x16x8xi1> -> tensor<?x16x8xi8>
    stas.yield %4 : tensor<?x16x8xi8>
  }, {
  ^bb0(%s: tensor<?x16x8xi8>, %active: tensor<?x16xi1>):
    %0 = stas.linear %s weight(#w8) : tensor<?x16x8xi8> -> tensor<?x16x8xf32>
    %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<?x16x8xf32> -> tensor<?x16x8xi1>
    %2 = stas.mask %1, %active : tensor<?x16x8xi1>, tensor<?x16xi1>
    // CHECK: stas.add {{.*}}{test.range = ["0..5"]}
    %3 = stas.add %s, %2 : tensor<?x16x8xi8>, tensor<?x16x8xi1> -> tensor<?x16x8xi8>
    // CHECK: stas.add {{.*}}{test.range = ["0..6"]}
    %4 = stas.add %3, %2 : tensor<?x16x8xi8>, tensor<?x16x8xi1> -> tensor<?x16x8xi8>
    stas.yield %4 : tensor<?x16x8xi8>
  }
  return %y : tensor<?x16x8xf32>
}

// A stream of real values has no range; its masks have.
// CHECK-LABEL: func.func @real_stream
// CHECK: stas.act {{.*}}test.range_arguments = {{\[\[}}"none", "0..1"]]
func.func @real_stream(%x: tensor<?x16x8xf32>) -> tensor<?x16x8xf32> {
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 4
      : tensor<?x16x8xf32> -> tensor<?x16x8xf32>, tensor<?x16xi32> {
  ^bb0(%s: tensor<?x16x8xf32>, %active: tensor<?x16xi1>):
    stas.yield %s : tensor<?x16x8xf32>
  }
  return %y : tensor<?x16x8xf32>
}

// -----

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>

// The same on the sparse level. Attention counts up to N * d.
// CHECK-LABEL: func.func @sparse
func.func @sparse(%sums: tensor<?x4x4x8xf32>) {
  // CHECK: spike.fire {{.*}}{test.range = ["0..1"]}
  %0 = spike.fire %sums norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x4x8xf32> -> tensor<4x?x4x4x8xi1>
  // CHECK: spike.staircase sum {{.*}}{test.range = ["0..4"]}
  %1 = spike.staircase sum %sums norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4 : tensor<?x4x4x8xf32> -> tensor<?x4x4x8xi8>
  // CHECK: spike.add {{.*}}{test.range = ["0..5"]}
  %2 = spike.add %1, %0 : tensor<?x4x4x8xi8>, tensor<4x?x4x4x8xi1> -> tensor<4x?x4x4x8xi8>
  // CHECK: spike.max_pool {{.*}}{test.range = ["0..5"]}
  %3 = spike.max_pool %2 window(#pool) : tensor<4x?x4x4x8xi8> -> tensor<4x?x2x2x8xi8>
  // CHECK: spike.integrate sum {{.*}}{test.range = ["0..20"]}
  %4 = spike.integrate sum %3 : tensor<4x?x2x2x8xi8> -> tensor<?x2x2x8xi8>
  // CHECK: spike.flatten {{.*}}{test.range = ["0..1"]}
  %5 = spike.flatten %0 : tensor<4x?x4x4x8xi1> -> tensor<4x?x16x8xi1>
  // CHECK: spike.coincide {{.*}}{test.range = ["0..64"]}
  %6 = spike.coincide %5, %5, %5 heads 2 : tensor<4x?x16x8xi1> -> tensor<4x?x16x8xi32>
  %7 = spike.pack %5 along tokens heads 2 : tensor<4x?x16x8xi1> -> tensor<4x?x2x4x1xi64>
  // CHECK: spike.and_count {{.*}}{test.range = ["0..64"]}
  %8 = spike.and_count %7, %7 : tensor<4x?x2x4x1xi64>, tensor<4x?x2x4x1xi64> -> tensor<4x?x2x4x4xi32>
  // CHECK: spike.sum_counts {{.*}}{test.range = ["0..256"]}
  %9 = spike.sum_counts key_value %5, %8 : tensor<4x?x16x8xi1>, tensor<4x?x2x4x4xi32> -> tensor<4x?x16x8xi32>
  // CHECK: spike.unpack {{.*}}{test.range = ["0..1"]}
  %10 = spike.unpack %7 along tokens heads 2 : tensor<4x?x2x4x1xi64> -> tensor<4x?x16x8xi1>
  return
}

// The time of a loop, and what neurons in it fire.
// CHECK-LABEL: func.func @loop
func.func @loop(%x: tensor<?x4x8xf32>, %v0: tensor<?x4x8xf32>) -> tensor<?x4x8xf32> {
  // CHECK: stas.time_loop {{.*}}test.range_arguments = {{\[\[}}"0..2", "none"]]
  %v = stas.time_loop %t timesteps 3 iter(%m = %v0 : tensor<?x4x8xf32>) {
    // CHECK: stas.lif_step {{.*}}test.range = ["0..1", "none"]
    %s, %n = stas.lif_step %x, %m neuron(#stas.lif<>) : tensor<?x4x8xf32>
    stas.yield %n : tensor<?x4x8xf32>
  }
  return %v : tensor<?x4x8xf32>
}
