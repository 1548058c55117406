// RUN: stas-opt %s --test-stas-state-liveness | FileCheck %s

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>

// Only neurons that run several timesteps on what changes look at a membrane again, and keep it in registers.
// CHECK-LABEL: @layers
func.func @layers(%frames: tensor<4x?x8xf32>, %one: tensor<1x?x8xf32>, %x: tensor<?x8xf32>, %image: tensor<?x3x8x8xf32>)
    -> (tensor<4x?x8xi1>, tensor<1x?x8xi1>, tensor<4x?x8xi1>, tensor<?x8x8x8xi8>, tensor<4x?x8xi1>) {
  // CHECK: stas.lif {{.*}}{test.membranes = 0 : i64, test.state = "within"}
  %0 = stas.lif %frames neuron(#stas.lif<>) : tensor<4x?x8xf32> -> tensor<4x?x8xi1>
  // CHECK: stas.lif {{.*}}{test.membranes = 0 : i64, test.state = "none"}
  %1 = stas.lif %one neuron(#stas.lif<>) : tensor<1x?x8xf32> -> tensor<1x?x8xi1>
  // CHECK: stas.staircase {{.*}}{test.membranes = 0 : i64, test.state = "none"}
  %2 = stas.staircase %x neuron(#stas.lif<>) timesteps 4 : tensor<?x8xf32> -> tensor<4x?x8xi1>
  // CHECK: stas.isps {{.*}}{test.membranes = 0 : i64, test.state = "none"}
  %3 = stas.isps sum %image weight(#w33) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4 : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xi8>
  // CHECK: spike.fire {{.*}}{test.membranes = 0 : i64, test.state = "none"}
  %4 = spike.fire %x norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x8xf32> -> tensor<4x?x8xi1>
  // Spikes that reach no result, not even through other layers.
  // CHECK: stas.lif {{.*}}{test.membranes = 0 : i64, test.state = "dead"}
  %5 = stas.lif %frames neuron(#stas.lif<v_threshold = 0.5>) : tensor<4x?x8xf32> -> tensor<4x?x8xi1>
  %6 = stas.linear %5 weight(#w8) : tensor<4x?x8xi1> -> tensor<4x?x8xf32>
  return %0, %1, %2, %3, %4 : tensor<4x?x8xi1>, tensor<1x?x8xi1>, tensor<4x?x8xi1>, tensor<?x8x8x8xi8>, tensor<4x?x8xi1>
}

// In a halting encoder a block is left and entered again: its membranes need memory, 16 x 8 of them.
// CHECK-LABEL: @halting
func.func @halting(%x: tensor<?x16x8xi8>) -> (tensor<?x16x8xf32>, tensor<?x16x8xf32>) {
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<?x16x8xi8> -> tensor<?x16x8xf32>, tensor<?x16xi32> {
  ^bb0(%s: tensor<?x16x8xi8>, %active: tensor<?x16xi1>):
    %0 = stas.linear %s weight(#w8) : tensor<?x16x8xi8> -> tensor<?x16x8xf32>
    // CHECK: stas.lif {{.*}}{test.membranes = 128 : i64, test.state = "timesteps"}
    %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<?x16x8xf32> -> tensor<?x16x8xi1>
    %2 = stas.mask %1, %active : tensor<?x16x8xi1>, tensor<?x16xi1>
    %3 = stas.add %s, %2 : tensor<?x16x8xi8>, tensor<?x16x8xi1> -> tensor<?x16x8xi8>
    stas.yield %3 : tensor<?x16x8xi8>
  }
  // One timestep needs none.
  %z, %m = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 1
      : tensor<?x16x8xi8> -> tensor<?x16x8xf32>, tensor<?x16xi32> {
  ^bb0(%s: tensor<?x16x8xi8>, %active: tensor<?x16xi1>):
    %0 = spike.accumulate %s weight(#w8) : tensor<?x16x8xi8> -> tensor<?x16x8xf32>
    // CHECK: spike.fire {{.*}}{test.membranes = 0 : i64, test.state = "none"}
    %1 = spike.fire %0 active(%active : tensor<?x16xi1>) norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x16x8xf32> -> tensor<?x16x8xi1>
    %2 = spike.add %s, %1 : tensor<?x16x8xi8>, tensor<?x16x8xi1> -> tensor<?x16x8xi8>
    stas.yield %2 : tensor<?x16x8xi8>
  }
  return %y, %z : tensor<?x16x8xf32>, tensor<?x16x8xf32>
}

// A membrane that is a value lives from one turn of a loop to the next, whoever reads the spikes.
// CHECK-LABEL: func.func @loop
func.func @loop(%x: tensor<?x4x8xf32>, %v0: tensor<?x4x8xf32>) -> tensor<?x4x8xf32> {
  // CHECK: stas.time_loop
  %v = stas.time_loop %t timesteps 3 iter(%m = %v0 : tensor<?x4x8xf32>) {
    // CHECK: stas.lif_step {{.*}}{test.membranes = 32 : i64, test.state = "timesteps"}
    %s, %n = stas.lif_step %x, %m neuron(#stas.lif<>) : tensor<?x4x8xf32>
    stas.yield %n : tensor<?x4x8xf32>
  }
  return %v : tensor<?x4x8xf32>
}
