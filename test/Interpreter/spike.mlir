// The sparse level: channels last, batch normalisation folded, values without a T axis the same at every timestep.
// RUN: stas-translate --interpret %s | FileCheck %s
// CHECK: 8 functions, 11 expectations met
// The tensors are listed in Inputs/interpreter/make_weights.py.

#linear = #stas.weight<"linear" in "../Inputs/interpreter/weights.bin" at 192 : tensor<2x3xf32>>
#bias = #stas.weight<"bias" in "../Inputs/interpreter/weights.bin" at 128 : tensor<2xf32>>
#filters = #stas.weight<"filters" in "../Inputs/interpreter/weights.bin" at 64 : tensor<2x2x1x3xf32>>
#g = #stas.weight<"bn.weight" in "../Inputs/interpreter/weights.bin" at 256 : tensor<2xf32>>
#b = #stas.weight<"bn.bias" in "../Inputs/interpreter/weights.bin" at 320 : tensor<2xf32>>
#m = #stas.weight<"bn.mean" in "../Inputs/interpreter/weights.bin" at 384 : tensor<2xf32>>
#v = #stas.weight<"bn.var" in "../Inputs/interpreter/weights.bin" at 448 : tensor<2xf32>>

func.func @accumulate() {
  %s = arith.constant dense<[[1, 0, 1], [0, 0, 0]]> : tensor<2x3xi1>
  %y = spike.accumulate %s weight(#linear) : tensor<2x3xi1> -> tensor<2x2xf32>
  %e = arith.constant dense<[[4.0, 10.0], [0.0, 0.0]]> : tensor<2x2xf32>
  stas_check.expect_eq %y, %e : tensor<2x2xf32>
  return
}

// The values of conv2d_channels_and_bias in layers.mlir, less the bias; the second map has its channels first.
func.func @accumulate_windows() {
  %x = arith.constant dense<[[[[1, 0], [0, 1], [1, 0]]]]> : tensor<1x1x3x2xi1>
  %y = spike.accumulate %x weight(#filters) window(#spike.window<kernel = [1, 3], strides = [1, 2], padding = [0, 1]>)
         : tensor<1x1x3x2xi1> -> tensor<1x1x2x2xf32>
  %e = arith.constant dense<[[[[8.0, 20.0], [6.0, 18.0]]]]> : tensor<1x1x2x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x1x2x2xf32>
  %f = arith.constant dense<[[[[1.0, 0.0, 1.0]], [[0.0, 1.0, 0.0]]]]> : tensor<1x2x1x3xf32>
  %z = spike.accumulate %f weight(#filters)
         window(#spike.window<kernel = [1, 3], strides = [1, 2], padding = [0, 1], channels_first = true>)
         : tensor<1x2x1x3xf32> -> tensor<1x1x2x2xf32>
  stas_check.expect_eq %z, %e : tensor<1x1x2x2xf32>
  return
}

func.func @coincide() {
  %q = arith.constant dense<[[[1, 0, 1, 1], [1, 1, 0, 0]]]> : tensor<1x2x4xi1>
  %k = arith.constant dense<[[[1, 1, 0, 1], [0, 1, 1, 1]]]> : tensor<1x2x4xi1>
  %v = arith.constant dense<[[[1, 0, 1, 0], [1, 1, 0, 1]]]> : tensor<1x2x4xi1>
  %two = spike.coincide %q, %k, %v heads 2 : tensor<1x2x4xi1> -> tensor<1x2x4xi32>
  %e = arith.constant dense<[[[1, 0, 1, 2], [3, 1, 0, 0]]]> : tensor<1x2x4xi32>
  stas_check.expect_eq %two, %e : tensor<1x2x4xi32>
  return
}

// a = unit * g / sqrt(var + eps) = 2 * 1 and 2 * 1/2; b = beta + (bias - mean) * r = 1 + (1/2 - 3) * 1 and -1 + (-1/4 - 0) / 2.
func.func @affine() {
  %x = arith.constant dense<[[1.0, 1.0]]> : tensor<1x2xf32>
  %y = spike.affine %x norm(#spike.norm<unit = 2.0, bias = #bias, gamma = #g, beta = #b, mean = #m, var = #v, eps = 1.0>) : tensor<1x2xf32>
  %e = arith.constant dense<[[0.5, -0.125]]> : tensor<1x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x2xf32>
  return
}

// A sum without T axis drives every step; the second function of the same currents over two steps agrees.
func.func @fire() {
  %c = arith.constant dense<[[12.0, 8.0]]> : tensor<1x2xf32>
  %s = spike.fire %c norm(#spike.norm<unit = 0.125>) neuron(#stas.lif<>) : tensor<1x2xf32> -> tensor<4x1x2xi1>
  %e = arith.constant dense<[[[0, 0]], [[1, 0]], [[0, 0]], [[1, 0]]]> : tensor<4x1x2xi1>
  stas_check.expect_eq %s, %e : tensor<4x1x2xi1>
  %n = arith.constant dense<[[[[4, 3]]], [[[4, 5]]]]> : tensor<2x1x1x2xi32>
  %a = spike.fire %n norm(#spike.norm<unit = 0.25>) neuron(#stas.lif<v_threshold = 0.5>)
         : tensor<2x1x1x2xi32> -> tensor<2x1x1x2xi1>
  %f = arith.constant dense<[[[[1, 0]]], [[[1, 1]]]]> : tensor<2x1x1x2xi1>
  stas_check.expect_eq %a, %f : tensor<2x1x1x2xi1>
  return
}

func.func @max_pool() {
  %x = arith.constant dense<[[[[1, 0], [0, 0], [0, 1]]]]> : tensor<1x1x3x2xi1>
  %y = spike.max_pool %x window(#spike.window<kernel = [1, 2], strides = [1, 2], padding = [0, 1]>)
         : tensor<1x1x3x2xi1> -> tensor<1x1x2x2xi1>
  %e = arith.constant dense<[[[[1, 0], [0, 1]]]]> : tensor<1x1x2x2xi1>
  stas_check.expect_eq %y, %e : tensor<1x1x2x2xi1>
  return
}

func.func @sums() {
  %x = arith.constant dense<[[[[[1], [0]]]], [[[[1], [1]]]]]> : tensor<2x1x1x2x1xi1>
  %z = spike.integrate sum %x : tensor<2x1x1x2x1xi1> -> tensor<1x1x2x1xi8>
  %r = spike.add %z, %x : tensor<1x1x2x1xi8>, tensor<2x1x1x2x1xi1> -> tensor<2x1x1x2x1xi8>
  %t = spike.flatten %r : tensor<2x1x1x2x1xi8> -> tensor<2x1x2x1xi8>
  %e = arith.constant dense<[[[[3], [1]]], [[[3], [2]]]]> : tensor<2x1x2x1xi8>
  stas_check.expect_eq %t, %e : tensor<2x1x2x1xi8>
  %m = spike.mean_tokens %t : tensor<2x1x2x1xi8> -> tensor<2x1x1xf32>
  %em = arith.constant dense<[[[2.0]], [[2.5]]]> : tensor<2x1x1xf32>
  stas_check.expect_eq %m, %em : tensor<2x1x1xf32>
  return
}

// Rows of tokens that are not active neither fire nor count.
func.func @active() {
  %x = arith.constant dense<[[[0.0, 2.0], [2.0, 2.0]]]> : tensor<1x2x2xf32>
  %y, %n = stas.act %x halting(#stas.act<alpha = 400.0, beta = -200.0, output = rate>) timesteps 2
      : tensor<1x2x2xf32> -> tensor<1x2x2xf32>, tensor<1x2xi32> {
  ^bb0(%s: tensor<1x2x2xf32>, %a: tensor<1x2xi1>):
    %0 = spike.fire %s active(%a : tensor<1x2xi1>) norm(#spike.norm<>) neuron(#stas.lif<>)
           : tensor<1x2x2xf32> -> tensor<1x2x2xi1>
    %1 = spike.add %s, %0 : tensor<1x2x2xf32>, tensor<1x2x2xi1> -> tensor<1x2x2xf32>
    stas.yield %1 : tensor<1x2x2xf32>
  }
  %e = arith.constant dense<[[[0.0, 3.0], [1.5, 1.5]]]> : tensor<1x2x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x2x2xf32>
  return
}
