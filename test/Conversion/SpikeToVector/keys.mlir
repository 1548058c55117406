// Kernels are shared by layers of equal shape and constants, and by no others: scales that differ in the fourth digit are
// two kernels.
// RUN: stas-opt %s --convert-spike-to-vector | FileCheck %s

// CHECK: spike.launch @attention_0
// CHECK: spike.launch @attention_1
// CHECK: spike.launch @attention_0
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x1x1xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x8xf32>>
#window = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<?x10xf32> {
  %0 = spike.accumulate %image weight(#w) window(#window) : tensor<?x3x2x2xf32> -> tensor<?x2x2x8xf32>
  %1 = spike.fire %0 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x2x2x8xf32> -> tensor<2x?x2x2x8xi1>
  %q = spike.flatten %1 : tensor<2x?x2x2x8xi1> -> tensor<2x?x4x8xi1>
  %2 = spike.coincide %q, %q, %q heads 2 : tensor<2x?x4x8xi1> -> tensor<2x?x4x8xi32>
  %3 = spike.fire %2 norm(#spike.norm<unit = 0.0001>) neuron(#stas.lif<>) : tensor<2x?x4x8xi32> -> tensor<2x?x4x8xi1>
  %4 = spike.coincide %3, %3, %3 heads 2 : tensor<2x?x4x8xi1> -> tensor<2x?x4x8xi32>
  %5 = spike.fire %4 norm(#spike.norm<unit = 0.0049>) neuron(#stas.lif<>) : tensor<2x?x4x8xi32> -> tensor<2x?x4x8xi1>
  %6 = spike.coincide %5, %5, %5 heads 2 : tensor<2x?x4x8xi1> -> tensor<2x?x4x8xi32>
  %7 = spike.fire %6 norm(#spike.norm<unit = 0.0001>) neuron(#stas.lif<>) : tensor<2x?x4x8xi32> -> tensor<2x?x4x8xi1>
  %8 = spike.integrate mean %7 : tensor<2x?x4x8xi1> -> tensor<?x4x8xf32>
  %9 = spike.mean_tokens %8 : tensor<?x4x8xf32> -> tensor<?x8xf32>
  %10 = spike.accumulate %9 weight(#wh) : tensor<?x8xf32> -> tensor<?x10xf32>
  %11 = spike.affine %10 norm(#spike.norm<>) : tensor<?x10xf32>
  return %11 : tensor<?x10xf32>
}
