// RUN: stas-translate --interpret %s | FileCheck %s
// CHECK: 8 functions, 10 expectations met
// The tensors are listed in Inputs/interpreter/make_weights.py.

#linear = #stas.weight<"linear" in "../Inputs/interpreter/weights.bin" at 192 : tensor<2x3xf32>>
#bias = #stas.weight<"bias" in "../Inputs/interpreter/weights.bin" at 128 : tensor<2xf32>>
#filter = #stas.weight<"filter" in "../Inputs/interpreter/weights.bin" at 0 : tensor<1x1x2x2xf32>>
#filters = #stas.weight<"filters" in "../Inputs/interpreter/weights.bin" at 64 : tensor<2x2x1x3xf32>>
#g = #stas.weight<"bn.weight" in "../Inputs/interpreter/weights.bin" at 256 : tensor<2xf32>>
#b = #stas.weight<"bn.bias" in "../Inputs/interpreter/weights.bin" at 320 : tensor<2xf32>>
#m = #stas.weight<"bn.mean" in "../Inputs/interpreter/weights.bin" at 384 : tensor<2xf32>>
#v = #stas.weight<"bn.var" in "../Inputs/interpreter/weights.bin" at 448 : tensor<2xf32>>

func.func @linear() {
  %s = arith.constant dense<[[1, 0, 1], [0, 0, 0]]> : tensor<2x3xi1>
  %y = stas.linear %s weight(#linear) bias(#bias) : tensor<2x3xi1> -> tensor<2x2xf32>
  %e = arith.constant dense<[[4.5, 9.75], [0.5, -0.25]]> : tensor<2x2xf32>
  stas_check.expect_eq %y, %e : tensor<2x2xf32>
  %c = arith.constant dense<[[[[2, 0, 255]]]]> : tensor<1x1x1x3xi8>
  %z = stas.linear %c weight(#linear) : tensor<1x1x1x3xi8> -> tensor<1x1x1x2xf32>
  %ez = arith.constant dense<[[[[767.0, 1538.0]]]]> : tensor<1x1x1x2xf32>
  stas_check.expect_eq %z, %ez : tensor<1x1x1x2xf32>
  return
}

func.func @conv2d() {
  %x = arith.constant dense<[[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]]> : tensor<1x1x3x3xf32>
  %y = stas.conv2d %x weight(#filter) strides [1, 1] padding [0, 0] : tensor<1x1x3x3xf32> -> tensor<1x1x2x2xf32>
  %e = arith.constant dense<[[[[37.0, 47.0], [67.0, 77.0]]]]> : tensor<1x1x2x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x1x2x2xf32>
  return
}

// Rows -1 and 0, then 1 and 2: the first row of the filter lies on the padding at first.
func.func @conv2d_strides_and_padding() {
  %x = arith.constant dense<[[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]]> : tensor<1x1x3x3xi8>
  %y = stas.conv2d %x weight(#filter) strides [2, 1] padding [1, 0] : tensor<1x1x3x3xi8> -> tensor<1x1x2x2xf32>
  %e = arith.constant dense<[[[[11.0, 18.0], [67.0, 77.0]]]]> : tensor<1x1x2x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x1x2x2xf32>
  return
}

// Two timesteps of two channels; filters [[1 2 3], [4 5 6]] and [[7 8 9], [10 11 12]].
func.func @conv2d_channels_and_bias() {
  %x = arith.constant dense<[[[[[1, 0, 1]], [[0, 1, 0]]]], [[[[0, 0, 1]], [[0, 0, 0]]]]]> : tensor<2x1x2x1x3xi1>
  %y = stas.conv2d %x weight(#filters) bias(#bias) strides [1, 2] padding [0, 1]
         : tensor<2x1x2x1x3xi1> -> tensor<2x1x2x1x2xf32>
  %e = arith.constant dense<[[[[[8.5, 6.5]], [[19.75, 17.75]]]], [[[[0.5, 2.5]], [[-0.25, 7.75]]]]]>
         : tensor<2x1x2x1x2xf32>
  stas_check.expect_eq %y, %e : tensor<2x1x2x1x2xf32>
  return
}

// scale = 2 / sqrt(3 + 1) = 1 and 0.5 / sqrt(0 + 1), shift = 1 - 3 * 1 and -1.
func.func @batch_norm() {
  %x = arith.constant dense<[[1.0, 1.0], [4.0, -2.0]]> : tensor<2x2xf32>
  %y = stas.batch_norm %x axis 1 weight(#g) bias(#b) mean(#m) var(#v) eps 1.0 : tensor<2x2xf32>
  %e = arith.constant dense<[[-1.0, -0.5], [2.0, -2.0]]> : tensor<2x2xf32>
  stas_check.expect_eq %y, %e : tensor<2x2xf32>
  return
}

func.func @batch_norm_of_maps() {
  %x = arith.constant dense<[[[[1.0, 4.0]], [[1.0, -2.0]]]]> : tensor<1x2x1x2xf32>
  %y = stas.batch_norm %x axis 1 weight(#g) bias(#b) mean(#m) var(#v) eps 1.0 : tensor<1x2x1x2xf32>
  %e = arith.constant dense<[[[[-1.0, 2.0]], [[-0.5, -2.0]]]]> : tensor<1x2x1x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x2x1x2xf32>
  return
}

func.func @max_pool2d() {
  %s = arith.constant dense<[[[[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]]]> : tensor<1x1x4x4xi1>
  %p = stas.max_pool2d %s kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<1x1x4x4xi1> -> tensor<1x1x2x2xi1>
  %e = arith.constant dense<[[[[1, 0], [0, 1]]]]> : tensor<1x1x2x2xi1>
  stas_check.expect_eq %p, %e : tensor<1x1x2x2xi1>
  // Padding never wins, not even over negative values.
  %f = arith.constant dense<[[[[-1.0, -2.0], [-3.0, -4.0]]]]> : tensor<1x1x2x2xf32>
  %q = stas.max_pool2d %f kernel [2, 2] strides [1, 2] padding [1, 1] : tensor<1x1x2x2xf32> -> tensor<1x1x3x2xf32>
  %g = arith.constant dense<[[[[-1.0, -2.0], [-1.0, -2.0], [-3.0, -4.0]]]]> : tensor<1x1x3x2xf32>
  stas_check.expect_eq %q, %g : tensor<1x1x3x2xf32>
  return
}

func.func @head() {
  %x = arith.constant dense<[[0.5, 2.0]]> : tensor<1x2xf32>
  %y = stas.head %x weight(#stas.weight<"head.weight" in "../Inputs/interpreter/weights.bin" at 768 : tensor<3x2xf32>>)
         bias(#stas.weight<"head.bias" in "../Inputs/interpreter/weights.bin" at 832 : tensor<3xf32>>)
         : tensor<1x2xf32> -> tensor<1x3xf32>
  %e = arith.constant dense<[[0.5, 3.0, 1.5]]> : tensor<1x3xf32>
  stas_check.expect_eq %y, %e : tensor<1x3xf32>
  return
}
