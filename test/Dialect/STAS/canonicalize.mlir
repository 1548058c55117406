// RUN: stas-opt %s --canonicalize --cse --split-input-file | FileCheck %s

// CHECK-LABEL: @pool_of_one
func.func @pool_of_one(%x: tensor<?x3x8x8xi1>) -> tensor<?x3x8x8xi1> {
  // CHECK-NEXT: return %arg0
  %0 = stas.max_pool2d %x kernel [1, 1] strides [1, 1] padding [0, 0] : tensor<?x3x8x8xi1> -> tensor<?x3x8x8xi1>
  return %0 : tensor<?x3x8x8xi1>
}

// CHECK-LABEL: @pool_that_skips
func.func @pool_that_skips(%x: tensor<?x3x8x8xi1>) -> tensor<?x3x4x4xi1> {
  // CHECK-NEXT: stas.max_pool2d
  %0 = stas.max_pool2d %x kernel [1, 1] strides [2, 2] padding [0, 0] : tensor<?x3x8x8xi1> -> tensor<?x3x4x4xi1>
  return %0 : tensor<?x3x4x4xi1>
}

// The mean of equal values is the value.
// CHECK-LABEL: @mean_of_equal
func.func @mean_of_equal(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK-NEXT: return %arg0
  %0 = stas.encode %x {timesteps = 4 : i64} : tensor<?x8xf32> -> tensor<4x?x8xf32>
  %1 = stas.integrate mean %0 : tensor<4x?x8xf32> -> tensor<?x8xf32>
  return %1 : tensor<?x8xf32>
}

// Not where the sum may round: 3 * 1.7 / 3 is not 1.7 in f32.
// CHECK-LABEL: @mean_of_three_equal
func.func @mean_of_three_equal(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK: stas.integrate mean
  %0 = stas.encode %x {timesteps = 3 : i64} : tensor<?x8xf32> -> tensor<3x?x8xf32>
  %1 = stas.integrate mean %0 : tensor<3x?x8xf32> -> tensor<?x8xf32>
  return %1 : tensor<?x8xf32>
}

// CHECK-LABEL: @sum_of_one
func.func @sum_of_one(%x: tensor<?x8xi8>) -> tensor<?x8xi8> {
  // CHECK-NEXT: return %arg0
  %0 = stas.encode %x {timesteps = 1 : i64} : tensor<?x8xi8> -> tensor<1x?x8xi8>
  %1 = stas.integrate sum %0 : tensor<1x?x8xi8> -> tensor<?x8xi8>
  return %1 : tensor<?x8xi8>
}

// The type changes: spikes do not become counts, or counts real values, by themselves.
// CHECK-LABEL: @types_stay
func.func @types_stay(%s: tensor<?x8xi1>) -> (tensor<?x8xi8>, tensor<?x8xf32>) {
  // CHECK-COUNT-2: stas.integrate
  %0 = stas.encode %s {timesteps = 1 : i64} : tensor<?x8xi1> -> tensor<1x?x8xi1>
  %1 = stas.integrate sum %0 : tensor<1x?x8xi1> -> tensor<?x8xi8>
  %2 = stas.integrate mean %0 : tensor<1x?x8xi1> -> tensor<?x8xf32>
  return %1, %2 : tensor<?x8xi8>, tensor<?x8xf32>
}

// CHECK-LABEL: @sum_of_four
func.func @sum_of_four(%x: tensor<?x8xi8>) -> tensor<?x8xi8> {
  // CHECK: stas.integrate sum
  %0 = stas.encode %x {timesteps = 4 : i64} : tensor<?x8xi8> -> tensor<4x?x8xi8>
  %1 = stas.integrate sum %0 : tensor<4x?x8xi8> -> tensor<?x8xi8>
  return %1 : tensor<?x8xi8>
}

// CHECK-LABEL: @masks
func.func @masks(%x: tensor<?x4x8xi1>, %a: tensor<?x4xi1>, %b: tensor<?x4xi1>)
    -> (tensor<?x4x8xi1>, tensor<?x4x8xi1>) {
  // CHECK-NEXT: %[[A:.*]] = stas.mask %arg0, %arg1
  // CHECK-NEXT: %[[B:.*]] = stas.mask %[[A]], %arg2
  // CHECK-NEXT: return %[[A]], %[[B]]
  %0 = stas.mask %x, %a : tensor<?x4x8xi1>, tensor<?x4xi1>
  %1 = stas.mask %0, %a : tensor<?x4x8xi1>, tensor<?x4xi1>
  %2 = stas.mask %0, %b : tensor<?x4x8xi1>, tensor<?x4xi1>
  return %1, %2 : tensor<?x4x8xi1>, tensor<?x4x8xi1>
}

// Layers have no effects: what nobody reads goes, what is computed twice is computed once. The order of a sum's operands
// makes no difference.
// CHECK-LABEL: @pure
func.func @pure(%x: tensor<?x4x8xi8>, %s: tensor<?x4x8xi1>) -> (tensor<?x4x8xi8>, tensor<?x4x8xi8>) {
  // CHECK-NEXT: %[[SUM:.*]] = stas.add
  // CHECK-NEXT: return %[[SUM]], %[[SUM]]
  %0 = stas.add %x, %s : tensor<?x4x8xi8>, tensor<?x4x8xi1> -> tensor<?x4x8xi8>
  %1 = stas.add %s, %x : tensor<?x4x8xi1>, tensor<?x4x8xi8> -> tensor<?x4x8xi8>
  %y, %steps = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%stream: tensor<?x4x8xi8>, %active: tensor<?x4xi1>):
    stas.yield %stream : tensor<?x4x8xi8>
  }
  return %0, %1 : tensor<?x4x8xi8>, tensor<?x4x8xi8>
}

// Steady neurons are computed once, and not at all where nobody reads them.
// CHECK-LABEL: @steady
func.func @steady(%x: tensor<?x8xf32>, %image: tensor<?x3x8x8xf32>) -> (tensor<4x?x8xi1>, tensor<4x?x8xi1>) {
  // CHECK-NEXT: %[[S:.*]] = stas.staircase
  // CHECK-NEXT: return %[[S]], %[[S]]
  %0 = stas.staircase %x neuron(#stas.lif<>) timesteps 4 : tensor<?x8xf32> -> tensor<4x?x8xi1>
  %1 = stas.staircase %x neuron(#stas.lif<>) timesteps 4 : tensor<?x8xf32> -> tensor<4x?x8xi1>
  %2 = stas.isps sum %image weight(#stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>) strides [1, 1] padding [1, 1]
      neuron(#stas.lif<>) timesteps 4 : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xi8>
  return %0, %1 : tensor<4x?x8xi1>, tensor<4x?x8xi1>
}

// A mask that lets everyone through is none, and neurons that took a mask need no second one.
// CHECK-LABEL: @everyone
func.func @everyone(%x: tensor<?x4x8xf32>, %m: tensor<?x4xi1>) -> (tensor<?x4x8xi1>, tensor<?x4x8xi1>) {
  %all = stas.splat true like %x : tensor<?x4x8xf32> -> tensor<?x4xi1>
  // CHECK: %[[S:.*]], %{{.*}} = stas.lif_step %arg0, %arg0 neuron
  %s, %v = stas.lif_step %x, %x active(%all : tensor<?x4xi1>) neuron(<>) : tensor<?x4x8xf32>
  %0 = stas.mask %s, %all : tensor<?x4x8xi1>, tensor<?x4xi1>
  // CHECK: %[[T:.*]], %{{.*}} = stas.lif_step %arg0, %arg0 active(%arg1 : tensor<?x4xi1>)
  %t, %w = stas.lif_step %x, %x active(%m : tensor<?x4xi1>) neuron(<>) : tensor<?x4x8xf32>
  %1 = stas.mask %t, %m : tensor<?x4x8xi1>, tensor<?x4xi1>
  // CHECK: return %[[S]], %[[T]]
  return %0, %1 : tensor<?x4x8xi1>, tensor<?x4x8xi1>
}

// A mask of no one is no mask of everyone.
// CHECK-LABEL: @no_one
func.func @no_one(%x: tensor<?x4x8xi8>) -> tensor<?x4x8xi8> {
  %none = stas.splat false like %x : tensor<?x4x8xi8> -> tensor<?x4xi1>
  // CHECK: stas.mask
  %0 = stas.mask %x, %none : tensor<?x4x8xi8>, tensor<?x4xi1>
  return %0 : tensor<?x4x8xi8>
}

// What no timestep changes (%c, %d) is its initial value; what nobody reads (%e, %f) is dropped. The mask that a loop
// ends by stays.
// CHECK-LABEL: @carried_for_nothing
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>, %[[M:.*]]: tensor<?x4xi1>)
func.func @carried_for_nothing(%x: tensor<?x4xf32>, %m: tensor<?x4xi1>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK: %[[L:.*]]:2 = stas.time_loop %{{.*}} timesteps 3 iter(%[[V:.*]] = %[[X]] : tensor<?x4xf32>, %[[A:.*]] = %[[M]] : tensor<?x4xi1>) idle(%[[A]]) {
  %l:6 = stas.time_loop %t timesteps 3 iter(%c = %x : tensor<?x4xf32>, %v = %x : tensor<?x4xf32>,
      %d = %x : tensor<?x4xf32>, %e = %x : tensor<?x4xf32>, %a = %m : tensor<?x4xi1>, %f = %x : tensor<?x4xf32>) idle(%a) {
    // CHECK-NEXT: %[[S:.*]], %[[V1:.*]] = stas.lif_step %[[X]], %[[V]] neuron
    %s, %v1 = stas.lif_step %c, %v neuron(<>) : tensor<?x4xf32>
    // CHECK-NEXT: stas.yield %[[V1]], %[[A]] :
    stas.yield %c, %v1, %x, %v1, %a, %f : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>,
        tensor<?x4xi1>, tensor<?x4xf32>
  }
  // CHECK: return %[[L]]#0, %[[X]]
  return %l#1, %l#2 : tensor<?x4xf32>, tensor<?x4xf32>
}

// Two that follow each other are both read.
// CHECK-LABEL: @in_turn
func.func @in_turn(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: stas.time_loop %{{.*}} timesteps 3 iter(%[[A:.*]] = %arg0 : tensor<?x4xf32>, %[[B:.*]] = %arg1 : tensor<?x4xf32>) {
  // CHECK-NEXT: stas.yield %[[B]], %[[A]]
  %l:2 = stas.time_loop %t timesteps 3 iter(%a = %x : tensor<?x4xf32>, %b = %y : tensor<?x4xf32>) {
    stas.yield %b, %a : tensor<?x4xf32>, tensor<?x4xf32>
  }
  return %l#0 : tensor<?x4xf32>
}

// A loop that nobody reads is gone.
// CHECK-LABEL: @unread_loop
func.func @unread_loop(%x: tensor<?x4xf32>) {
  // CHECK-NEXT: return
  %l = stas.time_loop %t timesteps 3 iter(%v = %x : tensor<?x4xf32>) {
    %s, %v1 = stas.lif_step %x, %v neuron(<>) : tensor<?x4xf32>
    stas.yield %v1 : tensor<?x4xf32>
  }
  return
}
