// The sparse form: compacted rows, packed spikes, and both associations of attention against spike.coincide.
// RUN: stas-translate --interpret %s | FileCheck %s
// CHECK: 9 functions, 13 expectations met

#linear = #stas.weight<"head.weight" in "../Inputs/interpreter/weights.bin" at 768 : tensor<3x2xf32>>

func.func @compact() {
  %x = arith.constant dense<[[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]]> : tensor<2x3x2xi8>
  %a = arith.constant dense<[[0, 1, 1], [1, 0, 0]]> : tensor<2x3xi1>
  %r = spike.compact %x active(%a) : tensor<2x3x2xi8>, tensor<2x3xi1> -> tensor<3x2xi8>
  %e = arith.constant dense<[[3, 4], [5, 6], [7, 8]]> : tensor<3x2xi8>
  stas_check.expect_eq %r, %e : tensor<3x2xi8>
  return
}

func.func @expand() {
  %r = arith.constant dense<[[1.5], [-2.0], [4.0]]> : tensor<3x1xf32>
  %a = arith.constant dense<[[0, 1, 1], [1, 0, 0]]> : tensor<2x3xi1>
  %x = spike.expand %r active(%a) : tensor<3x1xf32>, tensor<2x3xi1> -> tensor<2x3x1xf32>
  %e = arith.constant dense<[[[0.0], [1.5], [-2.0]], [[4.0], [0.0], [0.0]]]> : tensor<2x3x1xf32>
  stas_check.expect_eq %x, %e : tensor<2x3x1xf32>
  return
}

// No token is active: no rows.
func.func @nobody() {
  %x = arith.constant dense<[[[1, 0], [1, 1]]]> : tensor<1x2x2xi1>
  %a = arith.constant dense<0> : tensor<1x2xi1>
  %r = spike.compact %x active(%a) : tensor<1x2x2xi1>, tensor<1x2xi1> -> tensor<?x2xi1>
  %s = spike.accumulate %r weight(#linear) : tensor<?x2xi1> -> tensor<?x3xf32>
  %y = spike.expand %s active(%a) : tensor<?x3xf32>, tensor<1x2xi1> -> tensor<1x2x3xf32>
  %e = arith.constant dense<0.0> : tensor<1x2x3xf32>
  stas_check.expect_eq %y, %e : tensor<1x2x3xf32>
  return
}

// The sums of active rows are those of all rows.
func.func @rows() {
  %x = arith.constant dense<[[[1, 0], [1, 1]], [[0, 1], [1, 0]]]> : tensor<2x2x2xi1>
  %a = arith.constant dense<[[1, 0], [1, 1]]> : tensor<2x2xi1>
  %r = spike.compact %x active(%a) : tensor<2x2x2xi1>, tensor<2x2xi1> -> tensor<?x2xi1>
  %s = spike.accumulate %r weight(#linear) : tensor<?x2xi1> -> tensor<?x3xf32>
  %y = spike.expand %s active(%a) : tensor<?x3xf32>, tensor<2x2xi1> -> tensor<2x2x3xf32>
  %all = spike.accumulate %x weight(#linear) : tensor<2x2x2xi1> -> tensor<2x2x3xf32>
  %f = spike.fire %all active(%a : tensor<2x2xi1>) norm(<unit = 0.25>) neuron(<>) : tensor<2x2x3xf32> -> tensor<1x2x2x3xi1>
  %g = spike.fire %y active(%a : tensor<2x2xi1>) norm(<unit = 0.25>) neuron(<>) : tensor<2x2x3xf32> -> tensor<1x2x2x3xi1>
  stas_check.expect_eq %f, %g : tensor<1x2x2x3xi1>
  return
}

// Two heads of two channels, three tokens: along channels a word is a token's two channels, along tokens a channel's three.
func.func @pack() {
  %x = arith.constant dense<[[[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]]]> : tensor<1x3x4xi1>
  %c = spike.pack %x along channels heads 2 : tensor<1x3x4xi1> -> tensor<1x2x3x1xi64>
  %ce = arith.constant dense<[[[[1], [2], [3]], [[3], [1], [0]]]]> : tensor<1x2x3x1xi64>
  stas_check.expect_eq %c, %ce : tensor<1x2x3x1xi64>
  %t = spike.pack %x along tokens heads 2 : tensor<1x3x4xi1> -> tensor<1x2x2x1xi64>
  %te = arith.constant dense<[[[[5], [6]], [[3], [1]]]]> : tensor<1x2x2x1xi64>
  stas_check.expect_eq %t, %te : tensor<1x2x2x1xi64>
  %y = spike.unpack %t along tokens heads 2 : tensor<1x2x2x1xi64> -> tensor<1x3x4xi1>
  stas_check.expect_eq %y, %x : tensor<1x3x4xi1>
  return
}

// 65 tokens: the last one is bit 0 of a second word.
func.func @second_word() {
  %w = arith.constant dense<[[[[-1, 1]]]]> : tensor<1x1x1x2xi64>
  %x = spike.unpack %w along tokens heads 1 : tensor<1x1x1x2xi64> -> tensor<1x65x1xi1>
  %e = arith.constant dense<1> : tensor<1x65x1xi1>
  stas_check.expect_eq %x, %e : tensor<1x65x1xi1>
  %m = spike.and_count %w, %w : tensor<1x1x1x2xi64>, tensor<1x1x1x2xi64> -> tensor<1x1x1x1xi32>
  %n = arith.constant dense<65> : tensor<1x1x1x1xi32>
  stas_check.expect_eq %m, %n : tensor<1x1x1x1xi32>
  return
}

// The example of @coincide in spike.mlir, by either association.
func.func @key_value() {
  %q = arith.constant dense<[[[1, 0, 1, 1], [1, 1, 0, 0]]]> : tensor<1x2x4xi1>
  %k = arith.constant dense<[[[1, 1, 0, 1], [0, 1, 1, 1]]]> : tensor<1x2x4xi1>
  %v = arith.constant dense<[[[1, 0, 1, 0], [1, 1, 0, 1]]]> : tensor<1x2x4xi1>
  %kp = spike.pack %k along tokens heads 2 : tensor<1x2x4xi1> -> tensor<1x2x2x1xi64>
  %vp = spike.pack %v along tokens heads 2 : tensor<1x2x4xi1> -> tensor<1x2x2x1xi64>
  %m = spike.and_count %kp, %vp : tensor<1x2x2x1xi64>, tensor<1x2x2x1xi64> -> tensor<1x2x2x2xi32>
  %y = spike.sum_counts key_value %q, %m : tensor<1x2x4xi1>, tensor<1x2x2x2xi32> -> tensor<1x2x4xi32>
  %e = arith.constant dense<[[[1, 0, 1, 2], [3, 1, 0, 0]]]> : tensor<1x2x4xi32>
  stas_check.expect_eq %y, %e : tensor<1x2x4xi32>
  return
}

func.func @query_key() {
  %q = arith.constant dense<[[[1, 0, 1, 1], [1, 1, 0, 0]]]> : tensor<1x2x4xi1>
  %k = arith.constant dense<[[[1, 1, 0, 1], [0, 1, 1, 1]]]> : tensor<1x2x4xi1>
  %v = arith.constant dense<[[[1, 0, 1, 0], [1, 1, 0, 1]]]> : tensor<1x2x4xi1>
  %qp = spike.pack %q along channels heads 2 : tensor<1x2x4xi1> -> tensor<1x2x2x1xi64>
  %kp = spike.pack %k along channels heads 2 : tensor<1x2x4xi1> -> tensor<1x2x2x1xi64>
  %s = spike.and_count %qp, %kp : tensor<1x2x2x1xi64>, tensor<1x2x2x1xi64> -> tensor<1x2x2x2xi32>
  %y = spike.sum_counts query_key %v, %s : tensor<1x2x4xi1>, tensor<1x2x2x2xi32> -> tensor<1x2x4xi32>
  %e = arith.constant dense<[[[1, 0, 1, 2], [3, 1, 0, 0]]]> : tensor<1x2x4xi32>
  stas_check.expect_eq %y, %e : tensor<1x2x4xi32>
  return
}

// Rows of tokens that are not active are 0, whatever their spikes.
func.func @masked() {
  %q = arith.constant dense<[[[1, 0, 1, 1], [1, 1, 0, 0]]]> : tensor<1x2x4xi1>
  %a = arith.constant dense<[[0, 1]]> : tensor<1x2xi1>
  %p = spike.pack %q along channels heads 2 : tensor<1x2x4xi1> -> tensor<1x2x2x1xi64>
  %s = spike.and_count %p, %p active(%a : tensor<1x2xi1>)
         : tensor<1x2x2x1xi64>, tensor<1x2x2x1xi64> -> tensor<1x2x2x2xi32>
  %se = arith.constant dense<[[[[0, 0], [1, 2]], [[0, 0], [0, 0]]]]> : tensor<1x2x2x2xi32>
  stas_check.expect_eq %s, %se : tensor<1x2x2x2xi32>
  %y = spike.sum_counts key_value %q, %s active(%a : tensor<1x2xi1>)
         : tensor<1x2x4xi1>, tensor<1x2x2x2xi32> -> tensor<1x2x4xi32>
  %e = arith.constant dense<[[[0, 0, 0, 0], [1, 2, 0, 0]]]> : tensor<1x2x4xi32>
  stas_check.expect_eq %y, %e : tensor<1x2x4xi32>
  return
}
