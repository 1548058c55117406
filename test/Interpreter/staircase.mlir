// A constant current c fires a neuron of tau = 2 every n-th step, n the least with c * (1 - 2^-n) >= 1, so that the count
// over T steps is floor(T / n): the fact behind I-SPS.
// RUN: stas-translate --interpret %s | FileCheck %s
// CHECK: 2 functions, 3 expectations met

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
