// RUN: stas-translate --interpret %s | FileCheck %s
// CHECK: 7 functions, 12 expectations met

func.func @encode() {
  %x = arith.constant dense<[[1, 200]]> : tensor<1x2xi8>
  %y = stas.encode %x {timesteps = 3 : i64} : tensor<1x2xi8> -> tensor<3x1x2xi8>
  %e = arith.constant dense<[[[1, 200]], [[1, 200]], [[1, 200]]]> : tensor<3x1x2xi8>
  stas_check.expect_eq %y, %e : tensor<3x1x2xi8>
  return
}

// Counts are unsigned: 200 + 55 = 255.
func.func @add() {
  %s = arith.constant dense<[[0, 1, 1]]> : tensor<1x3xi1>
  %c = arith.constant dense<[[7, 200, 254]]> : tensor<1x3xi8>
  %f = arith.constant dense<[[0.5, -1.0, 2.0]]> : tensor<1x3xf32>
  %0 = stas.add %s, %s : tensor<1x3xi1>, tensor<1x3xi1> -> tensor<1x3xi8>
  %e0 = arith.constant dense<[[0, 2, 2]]> : tensor<1x3xi8>
  stas_check.expect_eq %0, %e0 : tensor<1x3xi8>
  %1 = stas.add %c, %s : tensor<1x3xi8>, tensor<1x3xi1> -> tensor<1x3xi8>
  %e1 = arith.constant dense<[[7, 201, 255]]> : tensor<1x3xi8>
  stas_check.expect_eq %1, %e1 : tensor<1x3xi8>
  %2 = stas.add %c, %f : tensor<1x3xi8>, tensor<1x3xf32> -> tensor<1x3xf32>
  %e2 = arith.constant dense<[[7.5, 199.0, 256.0]]> : tensor<1x3xf32>
  stas_check.expect_eq %2, %e2 : tensor<1x3xf32>
  return
}

func.func @integrate() {
  %s = arith.constant dense<[[[0, 1, 1]], [[0, 0, 1]]]> : tensor<2x1x3xi1>
  %0 = stas.integrate sum %s : tensor<2x1x3xi1> -> tensor<1x3xi8>
  %e0 = arith.constant dense<[[0, 1, 2]]> : tensor<1x3xi8>
  stas_check.expect_eq %0, %e0 : tensor<1x3xi8>
  %1 = stas.integrate mean %s : tensor<2x1x3xi1> -> tensor<1x3xf32>
  %e1 = arith.constant dense<[[0.0, 0.5, 1.0]]> : tensor<1x3xf32>
  stas_check.expect_eq %1, %e1 : tensor<1x3xf32>
  %f = arith.constant dense<[[[1.5]], [[-0.25]]]> : tensor<2x1x1xf32>
  %2 = stas.integrate sum %f : tensor<2x1x1xf32> -> tensor<1x1xf32>
  %e2 = arith.constant dense<[[1.25]]> : tensor<1x1xf32>
  stas_check.expect_eq %2, %e2 : tensor<1x1xf32>
  return
}

func.func @flatten() {
  %x = arith.constant dense<[[[[1, 2, 3], [4, 5, 6]], [[11, 12, 13], [14, 15, 16]]]]> : tensor<1x2x2x3xi8>
  %y = stas.flatten %x : tensor<1x2x2x3xi8> -> tensor<1x6x2xi8>
  %e = arith.constant dense<[[[1, 11], [2, 12], [3, 13], [4, 14], [5, 15], [6, 16]]]> : tensor<1x6x2xi8>
  stas_check.expect_eq %y, %e : tensor<1x6x2xi8>
  return
}

func.func @mask() {
  %x = arith.constant dense<[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]> : tensor<2x2x2xi8>
  %m = arith.constant dense<[[1, 0], [0, 1]]> : tensor<2x2xi1>
  %y = stas.mask %x, %m : tensor<2x2x2xi8>, tensor<2x2xi1>
  %e = arith.constant dense<[[[1, 2], [0, 0]], [[0, 0], [7, 8]]]> : tensor<2x2x2xi8>
  stas_check.expect_eq %y, %e : tensor<2x2x2xi8>
  return
}

func.func @mean_tokens() {
  %x = arith.constant dense<[[[1, 2], [3, 4]], [[5, 6], [8, 9]]]> : tensor<2x2x2xi8>
  %y = stas.mean_tokens %x : tensor<2x2x2xi8> -> tensor<2x2xf32>
  %e = arith.constant dense<[[2.0, 3.0], [6.5, 7.5]]> : tensor<2x2xf32>
  stas_check.expect_eq %y, %e : tensor<2x2xf32>
  return
}

// A batch without images is no error.
func.func @empty_batch() {
  %x = arith.constant dense<> : tensor<0x2x2xi8>
  %y = stas.mean_tokens %x : tensor<0x2x2xi8> -> tensor<0x2xf32>
  %s = stas.encode %y {timesteps = 2 : i64} : tensor<0x2xf32> -> tensor<2x0x2xf32>
  %l = stas.lif %s neuron(#stas.lif<>) : tensor<2x0x2xf32> -> tensor<2x0x2xi1>
  %e = arith.constant dense<> : tensor<2x0x2xi1>
  stas_check.expect_eq %l, %e : tensor<2x0x2xi1>
  %close = arith.constant dense<> : tensor<0x2xf32>
  stas_check.expect_close %y, %close tolerance 0.0 : tensor<0x2xf32>
  return
}
