// A constant current c fires a neuron of tau = 2 every n-th step, n the least with c * (1 - 2^-n) >= 1, so that the count
// over T steps is floor(T / n): the fact behind I-SPS.
// RUN: stas-translate --interpret %s | FileCheck %s
// CHECK: 6 functions, 21 expectations met
// The tensors are listed in Inputs/interpreter/make_weights.py.

#filters = #stas.weight<"filters" in "../Inputs/interpreter/weights.bin" at 64 : tensor<2x2x1x3xf32>>
#bias = #stas.weight<"bias" in "../Inputs/interpreter/weights.bin" at 128 : tensor<2xf32>>
#g = #stas.weight<"bn.weight" in "../Inputs/interpreter/weights.bin" at 256 : tensor<2xf32>>
#b = #stas.weight<"bn.bias" in "../Inputs/interpreter/weights.bin" at 320 : tensor<2xf32>>
#m = #stas.weight<"bn.mean" in "../Inputs/interpreter/weights.bin" at 384 : tensor<2xf32>>
#v = #stas.weight<"bn.var" in "../Inputs/interpreter/weights.bin" at 448 : tensor<2xf32>>

func.func @counts_are_a_staircase() {
  %c = arith.constant dense<[[3.0, 2.0, 1.99, 1.34, 1.33, 1.2, 1.125, 1.05, 1.01, 1.003, 1.0, -3.0]]> : tensor<1x12xf32>
  %x = stas.encode %c {timesteps = 8 : i64} : tensor<1x12xf32> -> tensor<8x1x12xf32>
  %s = stas.lif %x neuron(#stas.lif<>) : tensor<8x1x12xf32> -> tensor<8x1x12xi1>
  %z = stas.integrate sum %s : tensor<8x1x12xi1> -> tensor<1x12xi8>
  %e = arith.constant dense<[[8, 8, 4, 4, 2, 2, 2, 1, 1, 0, 0, 0]]> : tensor<1x12xi8>
  stas_check.expect_eq %z, %e : tensor<1x12xi8>
  return
}

// A pool comes before the reduction: 3 of 4 steps see a spike of period 2 or one of period 3; the larger count is 2.
func.func @patterns_of_different_period_unite() {
  %c = arith.constant dense<[[[[1.5, 1.25]]]]> : tensor<1x1x1x2xf32>
  %x = stas.encode %c {timesteps = 4 : i64} : tensor<1x1x1x2xf32> -> tensor<4x1x1x1x2xf32>
  %s = stas.lif %x neuron(#stas.lif<>) : tensor<4x1x1x1x2xf32> -> tensor<4x1x1x1x2xi1>
  %p = stas.max_pool2d %s kernel [1, 2] strides [1, 2] padding [0, 0] : tensor<4x1x1x1x2xi1> -> tensor<4x1x1x1x1xi1>
  %z = stas.integrate sum %p : tensor<4x1x1x1x1xi1> -> tensor<1x1x1x1xi8>
  %three = arith.constant dense<3> : tensor<1x1x1x1xi8>
  stas_check.expect_eq %z, %three : tensor<1x1x1x1xi8>
  %m = stas.integrate mean %p : tensor<4x1x1x1x1xi1> -> tensor<1x1x1x1xf32>
  %mean = arith.constant dense<0.75> : tensor<1x1x1x1xf32>
  stas_check.expect_eq %m, %mean : tensor<1x1x1x1xf32>
  return
}

// A staircase is the recurrence on one current: every kind of neuron, on both levels.
func.func @staircase_is_lif_on_a_repeated_current() {
  %c = arith.constant dense<[[3.0, 2.0, 1.99, 1.34, 1.33, 1.2, 1.125, 1.05, 0.75, 0.5, 0.25, -3.0]]> : tensor<1x12xf32>
  %x = stas.encode %c {timesteps = 7 : i64} : tensor<1x12xf32> -> tensor<7x1x12xf32>
  %s0 = stas.lif %x neuron(#stas.lif<>) : tensor<7x1x12xf32> -> tensor<7x1x12xi1>
  %t0 = stas.staircase %c neuron(#stas.lif<>) timesteps 7 : tensor<1x12xf32> -> tensor<7x1x12xi1>
  stas_check.expect_eq %t0, %s0 : tensor<7x1x12xi1>
  %s1 = stas.lif %x neuron(#stas.lif<tau = 3.0, compare = gt>) : tensor<7x1x12xf32> -> tensor<7x1x12xi1>
  %t1 = stas.staircase %c neuron(#stas.lif<tau = 3.0, compare = gt>) timesteps 7 : tensor<1x12xf32> -> tensor<7x1x12xi1>
  stas_check.expect_eq %t1, %s1 : tensor<7x1x12xi1>
  %s2 = stas.lif %x neuron(#stas.lif<tau = 1.25, v_threshold = 0.5, v_reset = -0.25, reset = soft>) : tensor<7x1x12xf32> -> tensor<7x1x12xi1>
  %t2 = stas.staircase %c neuron(#stas.lif<tau = 1.25, v_threshold = 0.5, v_reset = -0.25, reset = soft>) timesteps 7 : tensor<1x12xf32> -> tensor<7x1x12xi1>
  stas_check.expect_eq %t2, %s2 : tensor<7x1x12xi1>
  %s3 = stas.lif %x neuron(#stas.lif<decay_input = false, tau = 4.0>) : tensor<7x1x12xf32> -> tensor<7x1x12xi1>
  %t3 = stas.staircase %c neuron(#stas.lif<decay_input = false, tau = 4.0>) timesteps 7 : tensor<1x12xf32> -> tensor<7x1x12xi1>
  stas_check.expect_eq %t3, %s3 : tensor<7x1x12xi1>
  %s4 = stas.lif %x neuron(#stas.lif<tau = 1.0>) : tensor<7x1x12xf32> -> tensor<7x1x12xi1>
  %t4 = stas.staircase %c neuron(#stas.lif<tau = 1.0>) timesteps 7 : tensor<1x12xf32> -> tensor<7x1x12xi1>
  stas_check.expect_eq %t4, %s4 : tensor<7x1x12xi1>
  %f0 = spike.fire %c norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<1x12xf32> -> tensor<7x1x12xi1>
  stas_check.expect_eq %f0, %s0 : tensor<7x1x12xi1>
  %f1 = spike.fire %c norm(#spike.norm<>) neuron(#stas.lif<tau = 3.0, compare = gt>) : tensor<1x12xf32> -> tensor<7x1x12xi1>
  stas_check.expect_eq %f1, %s1 : tensor<7x1x12xi1>
  %f2 = spike.fire %c norm(#spike.norm<>) neuron(#stas.lif<tau = 1.25, v_threshold = 0.5, v_reset = -0.25, reset = soft>) : tensor<1x12xf32> -> tensor<7x1x12xi1>
  stas_check.expect_eq %f2, %s2 : tensor<7x1x12xi1>
  %f3 = spike.fire %c norm(#spike.norm<>) neuron(#stas.lif<decay_input = false, tau = 4.0>) : tensor<1x12xf32> -> tensor<7x1x12xi1>
  stas_check.expect_eq %f3, %s3 : tensor<7x1x12xi1>
  %f4 = spike.fire %c norm(#spike.norm<>) neuron(#stas.lif<tau = 1.0>) : tensor<1x12xf32> -> tensor<7x1x12xi1>
  stas_check.expect_eq %f4, %s4 : tensor<7x1x12xi1>
  return
}

// The f32 numbers on either side of 2, 4/3 and 8/7, where the stairs of n = 1, 2 and 3 begin.
func.func @edges_of_stairs() {
  %c = arith.constant dense<[0x3FFFFFFF, 0x40000000, 0x3FAAAAAA, 0x3FAAAAAB, 0x3F924924, 0x3F924925]> : tensor<6xf32>
  %s = stas.staircase %c neuron(#stas.lif<>) timesteps 3 : tensor<6xf32> -> tensor<3x6xi1>
  %e = arith.constant dense<[[0, 1, 0, 0, 0, 0], [1, 1, 0, 1, 0, 0], [0, 1, 1, 0, 0, 1]]> : tensor<3x6xi1>
  stas_check.expect_eq %s, %e : tensor<3x6xi1>
  return
}

// I-SPS is its ops one after the other: with everything, and with nothing but convolution and neurons.
func.func @isps_is_its_parts() {
  %i = arith.constant dense<[[[[0.125, 0.25, 0.0, 0.5], [0.0, 0.125, 0.0625, 0.0]], [[0.0, 0.125, 0.25, -0.5], [0.0625, 0.0, 0.0, 0.25]]]]> : tensor<1x2x2x4xf32>
  %c = stas.conv2d %i weight(#filters) bias(#bias) strides [1, 1] padding [0, 1] : tensor<1x2x2x4xf32> -> tensor<1x2x2x4xf32>
  %n = stas.batch_norm %c axis 1 weight(#g) bias(#b) mean(#m) var(#v) eps 1.0 : tensor<1x2x2x4xf32>
  %x = stas.encode %n {timesteps = 9 : i64} : tensor<1x2x2x4xf32> -> tensor<9x1x2x2x4xf32>
  %s = stas.lif %x neuron(#stas.lif<tau = 3.0>) : tensor<9x1x2x2x4xf32> -> tensor<9x1x2x2x4xi1>
  %p = stas.max_pool2d %s kernel [2, 3] strides [1, 2] padding [1, 1] : tensor<9x1x2x2x4xi1> -> tensor<9x1x2x3x2xi1>
  %sum = stas.integrate sum %p : tensor<9x1x2x3x2xi1> -> tensor<1x2x3x2xi8>
  %mean = stas.integrate mean %p : tensor<9x1x2x3x2xi1> -> tensor<1x2x3x2xf32>
  %one = stas.isps sum %i weight(#filters) bias(#bias) strides [1, 1] padding [0, 1] norm(#g, #b, #m, #v) eps 1.0
      neuron(#stas.lif<tau = 3.0>) timesteps 9 pool [2, 3] strides [1, 2] padding [1, 1] : tensor<1x2x2x4xf32> -> tensor<1x2x3x2xi8>
  stas_check.expect_eq %one, %sum : tensor<1x2x3x2xi8>
  %two = stas.isps mean %i weight(#filters) bias(#bias) strides [1, 1] padding [0, 1] norm(#g, #b, #m, #v) eps 1.0
      neuron(#stas.lif<tau = 3.0>) timesteps 9 pool [2, 3] strides [1, 2] padding [1, 1] : tensor<1x2x2x4xf32> -> tensor<1x2x3x2xf32>
  stas_check.expect_eq %two, %mean : tensor<1x2x3x2xf32>
  %d = stas.conv2d %i weight(#filters) strides [1, 2] padding [0, 1] : tensor<1x2x2x4xf32> -> tensor<1x2x2x2xf32>
  %y = stas.staircase %d neuron(#stas.lif<>) timesteps 4 : tensor<1x2x2x2xf32> -> tensor<4x1x2x2x2xi1>
  %few = stas.integrate sum %y : tensor<4x1x2x2x2xi1> -> tensor<1x2x2x2xi8>
  %three = stas.isps sum %i weight(#filters) strides [1, 2] padding [0, 1] neuron(#stas.lif<>) timesteps 4
      : tensor<1x2x2x4xf32> -> tensor<1x2x2x2xi8>
  stas_check.expect_eq %three, %few : tensor<1x2x2x2xi8>
  // Sums: 1.75, 0.5, 0.6875, 1.75; 4.75, 4.25, 1.8125, 4.375. From 2 on a neuron fires at every step, from 4/3 at every second.
  %e = arith.constant dense<[[[[2, 0], [0, 2]], [[4, 4], [2, 4]]]]> : tensor<1x2x2x2xi8>
  stas_check.expect_eq %three, %e : tensor<1x2x2x2xi8>
  return
}

// The same on the sparse level: 3 of 4 steps see a spike of either period.
func.func @sparse_staircase() {
  %c = arith.constant dense<[[[[1.5], [1.25]]]]> : tensor<1x1x2x1xf32>
  %z = spike.staircase sum %c norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4 : tensor<1x1x2x1xf32> -> tensor<1x1x2x1xi8>
  %e = arith.constant dense<[[[[2], [1]]]]> : tensor<1x1x2x1xi8>
  stas_check.expect_eq %z, %e : tensor<1x1x2x1xi8>
  %p = spike.staircase sum %c norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4
      pool(#spike.window<kernel = [1, 2], strides = [1, 2], padding = [0, 0]>) : tensor<1x1x2x1xf32> -> tensor<1x1x1x1xi8>
  %three = arith.constant dense<3> : tensor<1x1x1x1xi8>
  stas_check.expect_eq %p, %three : tensor<1x1x1x1xi8>
  %m = spike.staircase mean %c norm(#spike.norm<unit = 0.5>) neuron(#stas.lif<v_threshold = 0.5>) timesteps 4
      pool(#spike.window<kernel = [1, 2], strides = [1, 2], padding = [0, 0]>) : tensor<1x1x2x1xf32> -> tensor<1x1x1x1xf32>
  %mean = arith.constant dense<0.75> : tensor<1x1x1x1xf32>
  stas_check.expect_eq %m, %mean : tensor<1x1x1x1xf32>
  return
}
