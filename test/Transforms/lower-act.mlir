// A halting encoder becomes a loop over timesteps that carries what the order, the output and the neurons need.
// RUN: stas-opt %s --split-input-file --stas-lower-act | FileCheck %s

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>

// The model level: one sum over all timesteps and blocks, and the weighted output.
// CHECK-LABEL: @lexicographic
// CHECK-SAME: (%[[X:.*]]: tensor<?x4x8xi8>)
func.func @lexicographic(%x: tensor<?x4x8xi8>) -> (tensor<?x4x8xf32>, tensor<?x4xi32>) {
  // CHECK-DAG: %[[A0:.*]] = stas.splat true like %[[X]] : tensor<?x4x8xi8> -> tensor<?x4xi1>
  // CHECK-DAG: %[[H0:.*]] = stas.splat 0.000000e+00 : f32 like %[[X]] : tensor<?x4x8xi8> -> tensor<?x4xf32>
  // CHECK-DAG: %[[R0:.*]] = stas.splat 1.000000e+00 : f32 like %[[X]] : tensor<?x4x8xi8> -> tensor<?x4xf32>
  // CHECK-DAG: %[[Y0:.*]] = stas.splat 0.000000e+00 : f32 like %[[X]] : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
  // CHECK-DAG: %[[N0:.*]] = stas.splat 0 : i32 like %[[X]] : tensor<?x4x8xi8> -> tensor<?x4xi32>
  // CHECK-DAG: %[[V0:.*]] = stas.splat 0.000000e+00 : f32 like %[[X]] : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
  // CHECK-DAG: %[[W0:.*]] = stas.splat -2.500000e-01 : f32 like %[[X]] : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
  // CHECK: %[[L:.*]]:7 = stas.time_loop %[[T:.*]] timesteps 3 iter(%[[A:.*]] = %[[A0]] : tensor<?x4xi1>, %[[H:.*]] = %[[H0]] : tensor<?x4xf32>, %[[R:.*]] = %[[R0]] : tensor<?x4xf32>, %[[Y:.*]] = %[[Y0]] : tensor<?x4x8xf32>, %[[N:.*]] = %[[N0]] : tensor<?x4xi32>, %[[V:.*]] = %[[V0]] : tensor<?x4x8xf32>, %[[W:.*]] = %[[W0]] : tensor<?x4x8xf32>) idle(%[[A]]) {
  // The first block starts from the same stream at every timestep.
  // CHECK-NEXT: %[[C:.*]] = stas.linear %[[X]]
  // CHECK-NEXT: %[[S:.*]], %[[V1:.*]] = stas.lif_step %[[C]], %[[V]] active(%[[A]] : tensor<?x4xi1>) neuron(<>)
  // CHECK-NEXT: %[[MASKED:.*]] = stas.mask %[[S]], %[[A]]
  // CHECK-NEXT: %[[X1:.*]] = stas.add %[[X]], %[[MASKED]]
  // CHECK-NEXT: %[[Z0:[a-zA-Z_0-9]+]], %[[Z1:[a-zA-Z_0-9]+]], %[[Z2:[a-zA-Z_0-9]+]], %[[Z3:[a-zA-Z_0-9]+]], %[[Z4:[a-zA-Z_0-9]+]] = stas.halt %[[X1]] at %[[T]] active(%[[A]]) sum(%[[H]]) remainder(%[[R]]) output(%[[Y]]) steps(%[[N]]) block 0 of 2 timesteps 3 halting(<alpha = 1.0, beta = -1.0>) : tensor<?x4x8xi8>
  // CHECK-NEXT: %[[C1:.*]] = stas.linear %[[X1]]
  // CHECK-NEXT: %[[S1:.*]], %[[W1:.*]] = stas.lif_step %[[C1]], %[[W]] active(%[[Z0]] : tensor<?x4xi1>) neuron(<v_reset = -0.25>)
  // CHECK-NEXT: %[[X2:.*]] = stas.add %[[X1]], %[[S1]]
  // CHECK-NEXT: %[[U0:[a-zA-Z_0-9]+]], %[[U1:[a-zA-Z_0-9]+]], %[[U2:[a-zA-Z_0-9]+]], %[[U3:[a-zA-Z_0-9]+]], %[[U4:[a-zA-Z_0-9]+]] = stas.halt %[[X2]] at %[[T]] active(%[[Z0]]) sum(%[[Z1]]) remainder(%[[Z2]]) output(%[[Z3]]) steps(%[[Z4]]) block 1 of 2
  // CHECK-NEXT: stas.yield %[[U0]], %[[U1]], %[[U2]], %[[U3]], %[[U4]], %[[V1]], %[[W1]] :
  // CHECK: return %[[L]]#3, %[[L]]#4
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = -1.0>) timesteps 3
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    %0 = stas.linear %s weight(#w) : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
    %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<?x4x8xi1>
    %2 = stas.mask %1, %a : tensor<?x4x8xi1>, tensor<?x4xi1>
    %3 = stas.add %s, %2 : tensor<?x4x8xi8>, tensor<?x4x8xi1> -> tensor<?x4x8xi8>
    stas.yield %3 : tensor<?x4x8xi8>
  }, {
  // Neurons of tokens that are not active are silent, masked or not.
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    %0 = stas.linear %s weight(#w) : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
    %1 = stas.lif %0 neuron(#stas.lif<v_reset = -0.25>) : tensor<?x4x8xf32> -> tensor<?x4x8xi1>
    %2 = stas.add %s, %1 : tensor<?x4x8xi8>, tensor<?x4x8xi1> -> tensor<?x4x8xi8>
    stas.yield %2 : tensor<?x4x8xi8>
  }
  return %y, %n : tensor<?x4x8xf32>, tensor<?x4xi32>
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>

// The sparse level, rectangular order: the mask of block 1 and a sum for each block; no remainder, no steps that nobody
// reads. The rate is the sum over timesteps, divided once.
// CHECK-LABEL: @rectangular
// CHECK-SAME: (%[[X:.*]]: tensor<?x4x8xi8>)
func.func @rectangular(%x: tensor<?x4x8xi8>) -> tensor<?x4x8xf32> {
  // CHECK: %[[ALL:.*]] = stas.splat true like
  // CHECK: %[[NONE:.*]] = stas.splat 0.000000e+00 : f32 like {{.*}} -> tensor<?x4xf32>
  // CHECK: %[[L:.*]]:6 = stas.time_loop %[[T:.*]] timesteps 3 iter(%[[A:.*]] = %[[ALL]] : tensor<?x4xi1>, %[[Y:.*]] = %{{.*}} : tensor<?x4x8xf32>, %[[C0:.*]] = %[[NONE]] : tensor<?x4xf32>, %[[C1:.*]] = %[[NONE]] : tensor<?x4xf32>, %[[V0:.*]] = %{{.*}} : tensor<?x4x8xf32>, %[[V1:.*]] = %{{.*}} : tensor<?x4x8xf32>) idle(%[[A]]) {
  // CHECK: spike.fire %{{.*}} active(%[[A]] : tensor<?x4xi1>) membrane(%[[V0]] : tensor<?x4x8xf32>)
  // CHECK: %[[Z0:[a-zA-Z_0-9]+]], %[[Z1:[a-zA-Z_0-9]+]], %[[Z2:[a-zA-Z_0-9]+]] = stas.halt %{{.*}} at %[[T]] active(%[[A]]) sum(%[[NONE]]) column(%[[C0]]) block 0 of 2
  // CHECK-NEXT: %[[G:.*]] = stas.gate %[[Z0]], %[[C1]]
  // CHECK: spike.fire %{{.*}} active(%[[G]] : tensor<?x4xi1>) membrane(%[[V1]] : tensor<?x4x8xf32>)
  // CHECK: %[[U0:[a-zA-Z_0-9]+]], %[[U1:[a-zA-Z_0-9]+]], %[[U2:[a-zA-Z_0-9]+]], %[[U3:[a-zA-Z_0-9]+]] = stas.halt %{{.*}} at %[[T]] active(%[[G]]) sum(%[[Z1]]) column(%[[C1]]) output(%[[Y]]) block 1 of 2
  // CHECK-NEXT: %[[NEXT:.*]] = stas.gate %[[ALL]], %[[Z2]]
  // CHECK-NEXT: stas.yield %[[NEXT]], %[[U3]], %[[Z2]], %[[U2]], %{{.*}}, %{{.*}} :
  // CHECK: %[[THREE:.*]] = stas.splat 3.000000e+00 : f32 like %[[X]]
  // CHECK: %[[RATE:.*]] = arith.divf %[[L]]#1, %[[THREE]] : tensor<?x4x8xf32>
  // CHECK: return %[[RATE]]
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = -1.0, order = rectangular, output = rate>) timesteps 3
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    %0 = spike.accumulate %s weight(#w) : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
    %1 = spike.fire %0 active(%a : tensor<?x4xi1>) norm(#spike.norm<>) neuron(#stas.lif<>)
        : tensor<?x4x8xf32> -> tensor<?x4x8xi1>
    %2 = spike.add %s, %1 : tensor<?x4x8xi8>, tensor<?x4x8xi1> -> tensor<?x4x8xi8>
    stas.yield %2 : tensor<?x4x8xi8>
  }, {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    %0 = spike.accumulate %s weight(#w) : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
    %1 = spike.fire %0 active(%a : tensor<?x4xi1>) norm(#spike.norm<>) neuron(#stas.lif<>)
        : tensor<?x4x8xf32> -> tensor<?x4x8xi1>
    %2 = spike.add %s, %1 : tensor<?x4x8xi8>, tensor<?x4x8xi1> -> tensor<?x4x8xi8>
    stas.yield %2 : tensor<?x4x8xi8>
  }
  return %y : tensor<?x4x8xf32>
}

// -----

// Timestep order starts anew at each timestep and never ends early.
// CHECK-LABEL: @timestep
func.func @timestep(%x: tensor<?x4x8xi8>) -> (tensor<?x4x8xf32>, tensor<?x4xi32>) {
  // CHECK: stas.time_loop %[[T:.*]] timesteps 3 iter(%[[Y:.*]] = %{{.*}} : tensor<?x4x8xf32>, %[[N:.*]] = %{{.*}} : tensor<?x4xi32>) {
  // CHECK-NEXT: stas.halt %{{.*}} at %[[T]] active(%{{.*}}) sum(%{{.*}}) output(%[[Y]]) steps(%[[N]]) block 0 of 1
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = -1.0, order = timestep, output = rate>) timesteps 3
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    stas.yield %s : tensor<?x4x8xi8>
  }
  return %y, %n : tensor<?x4x8xf32>, tensor<?x4xi32>
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>

// With one timestep nothing outlives it but what the encoder yields: membranes start at rest and are not carried.
// CHECK-LABEL: @once
func.func @once(%x: tensor<?x4x8xi8>) -> tensor<?x4x8xf32> {
  // CHECK: %[[V:.*]] = stas.splat 5.000000e-01 : f32
  // CHECK: stas.time_loop %{{.*}} timesteps 1 iter(%{{.*}} = %{{.*}} : tensor<?x4x8xf32>) {
  // CHECK: stas.lif_step %{{.*}}, %[[V]] active
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = -1.0>) timesteps 1
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    %0 = stas.linear %s weight(#w) : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
    %1 = stas.lif %0 neuron(#stas.lif<v_reset = 0.5>) : tensor<?x4x8xf32> -> tensor<?x4x8xi1>
    %2 = stas.add %s, %1 : tensor<?x4x8xi8>, tensor<?x4x8xi1> -> tensor<?x4x8xi8>
    stas.yield %2 : tensor<?x4x8xi8>
  }
  return %y : tensor<?x4x8xf32>
}

// -----

// Without halting there is nothing to lower.
// CHECK-LABEL: @layer_major
func.func @layer_major(%x: tensor<4x?x4x8xf32>) -> tensor<4x?x4x8xi1> {
  // CHECK-NEXT: stas.lif
  %0 = stas.lif %x neuron(#stas.lif<>) : tensor<4x?x4x8xf32> -> tensor<4x?x4x8xi1>
  return %0 : tensor<4x?x4x8xi1>
}

// -----

// A loop that there is already is left alone.
// CHECK-LABEL: @lowered
func.func @lowered(%x: tensor<?x4xf32>, %t: tensor<4x?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: stas.time_loop
  %l = stas.time_loop %s timesteps 3 iter(%v = %x : tensor<?x4xf32>) {
    %0, %v1 = stas.lif_step %x, %v neuron(<>) : tensor<?x4xf32>
    stas.yield %v1 : tensor<?x4xf32>
  }
  %1 = stas.lif %t neuron(#stas.lif<>) : tensor<4x?x4xf32> -> tensor<4x?x4xi1>
  return %l : tensor<?x4xf32>
}
