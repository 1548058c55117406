// RUN: stas-translate --interpret %s | FileCheck %s
// CHECK: 2 functions, 3 expectations met

func.func @heads() {
  %q = arith.constant dense<[[[1, 0, 1, 1], [1, 1, 0, 0]]]> : tensor<1x2x4xi1>
  %k = arith.constant dense<[[[1, 1, 0, 1], [0, 1, 1, 1]]]> : tensor<1x2x4xi1>
  %v = arith.constant dense<[[[1, 0, 1, 0], [1, 1, 0, 1]]]> : tensor<1x2x4xi1>
  // Head 0: scores [[1, 0], [2, 1]]; head 1: [[1, 2], [0, 0]].
  %two = stas.attention %q, %k, %v heads 2 scale 0.125 : tensor<1x2x4xi1> -> tensor<1x2x4xf32>
  %e2 = arith.constant dense<[[[0.125, 0.0, 0.125, 0.25], [0.375, 0.125, 0.0, 0.0]]]> : tensor<1x2x4xf32>
  stas_check.expect_eq %two, %e2 : tensor<1x2x4xf32>
  // One head: scores [[2, 2], [2, 1]].
  %one = stas.attention %q, %k, %v heads 1 scale 0.25 : tensor<1x2x4xi1> -> tensor<1x2x4xf32>
  %e1 = arith.constant dense<[[[1.0, 0.5, 0.5, 0.5], [0.75, 0.25, 0.5, 0.25]]]> : tensor<1x2x4xf32>
  stas_check.expect_eq %one, %e1 : tensor<1x2x4xf32>
  return
}

// Timesteps and images do not mix: one token each, so that a score is q . k of the same token.
func.func @timesteps_and_images() {
  %q = arith.constant dense<[[[[1, 1]], [[1, 0]]], [[[0, 0]], [[1, 1]]]]> : tensor<2x2x1x2xi1>
  %k = arith.constant dense<1> : tensor<2x2x1x2xi1>
  %v = arith.constant dense<[[[[1, 0]], [[1, 1]]], [[[1, 1]], [[0, 1]]]]> : tensor<2x2x1x2xi1>
  %y = stas.attention %q, %k, %v heads 1 scale 1.0 : tensor<2x2x1x2xi1> -> tensor<2x2x1x2xf32>
  %e = arith.constant dense<[[[[2.0, 0.0]], [[1.0, 1.0]]], [[[0.0, 0.0]], [[0.0, 2.0]]]]> : tensor<2x2x1x2xf32>
  stas_check.expect_eq %y, %e : tensor<2x2x1x2xf32>
  return
}
