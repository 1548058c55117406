// The types and layouts in which checkpoints store weights: an identity matrix as input reads them back.
// RUN: stas-translate --interpret %s | FileCheck %s
// RUN: cd %S && stas-opt %s -emit-bytecode -o %t.mlirbc && stas-translate --interpret --weights %S %t.mlirbc | FileCheck %s
// CHECK: 5 functions, 5 expectations met

func.func @f16() {
  %i = arith.constant dense<[[1, 0, 0], [0, 1, 0], [0, 0, 1]]> : tensor<3x3xi1>
  %y = stas.linear %i weight(#stas.weight<"linear.f16" in "../Inputs/interpreter/weights.bin" at 512 : tensor<2x3xf16>>)
         : tensor<3x3xi1> -> tensor<3x2xf32>
  %e = arith.constant dense<[[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]> : tensor<3x2xf32>
  stas_check.expect_eq %y, %e : tensor<3x2xf32>
  return
}

func.func @special_halves() {
  %i = arith.constant dense<1> : tensor<1x1xi1>
  %y = stas.linear %i weight(#stas.weight<"halves" in "../Inputs/interpreter/weights.bin" at 896 : tensor<7x1xf16>>)
         : tensor<1x1xi1> -> tensor<1x7xf32>
  %e = arith.constant dense<[[5.9604644775390625e-08, 6.097555160522461e-05, 6.103515625e-05, 65504.0, -1.0009765625,
                              0.0, 0x7F800000]]> : tensor<1x7xf32>
  stas_check.expect_eq %y, %e : tensor<1x7xf32>
  return
}

func.func @bf16() {
  %i = arith.constant dense<[[1, 0, 0], [0, 1, 0], [0, 0, 1]]> : tensor<3x3xi1>
  %y = stas.linear %i weight(#stas.weight<"linear.bf16" in "../Inputs/interpreter/weights.bin" at 576 : tensor<2x3xbf16>>)
         : tensor<3x3xi1> -> tensor<3x2xf32>
  %e = arith.constant dense<[[1.0, 4.0], [2.0, 5.0], [3.0, -6.0]]> : tensor<3x2xf32>
  stas_check.expect_eq %y, %e : tensor<3x2xf32>
  return
}

func.func @f64() {
  %i = arith.constant dense<[[1, 0, 0], [0, 1, 0], [0, 0, 1]]> : tensor<3x3xi1>
  %y = stas.linear %i weight(#stas.weight<"linear.f64" in "../Inputs/interpreter/weights.bin" at 640 : tensor<2x3xf64>>)
         : tensor<3x3xi1> -> tensor<3x2xf32>
  %e = arith.constant dense<[[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]> : tensor<3x2xf32>
  stas_check.expect_eq %y, %e : tensor<3x2xf32>
  return
}

func.func @transposed_by_strides() {
  %i = arith.constant dense<[[1, 0, 0], [0, 1, 0], [0, 0, 1]]> : tensor<3x3xi1>
  %y = stas.linear %i
         weight(#stas.weight<"linear.t" in "../Inputs/interpreter/weights.bin" at 704 strides [1, 2] : tensor<2x3xf32>>)
         : tensor<3x3xi1> -> tensor<3x2xf32>
  %e = arith.constant dense<[[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]> : tensor<3x2xf32>
  stas_check.expect_eq %y, %e : tensor<3x2xf32>
  return
}
