// What launches of integer layers say they compute is what those of f32 layers say: the unit of an input tells its parts.
// RUN: stas-opt %s --convert-spike-to-vector | FileCheck %s

#w0 = #stas.weight<"w0" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#w1 = #stas.weight<"w1" in "m.pth" at 0 : tensor<8x8x3x3xf32>>
#wq = #stas.weight<"q" in "m.pth" at 0 : tensor<8x8xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x8xf32>>
#image = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#map = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1]>
#qi = #spike.quant<weight = #w0, norm = <>, neuron = <>, input_unit = 0.0001220703125, input_max = 19878, steps = 3, bits = 16, state_bits = 64>
#qm = #spike.quant<weight = #w1, norm = <>, neuron = <>, input_unit = 0.3333333333333333, input_max = 3, bits = 16>
#qs = #spike.quant<weight = #wq, norm = <>, neuron = <>, input_unit = 0.3333333333333333, input_max = 6, steps = 4, bits = 16>
#qt = #spike.quant<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 64, steps = 4>
#qh = #spike.quant<weight = #wh, norm = <>, input_unit = 0.015625, input_max = 64, bits = 16, state_bits = 64>

// The image is real, and so is a sum over tokens on its way to the classifier.
// CHECK-LABEL: func.func @main
// CHECK: work <weighted "conv0" rows 16 fan_in 27 channels 8 map[4, 4] window <{{.*}}, channels_first = true> parts 0 max 0 steps 3 inputs[0]>
// The sum of three timesteps' spikes stands for their mean, n / 3.
// CHECK: work <weighted "conv1" rows 16 fan_in 72 channels 8 map[4, 4] window <{{[^>]*}}> parts 3 max 3 steps 1 inputs[0]>
// A spike added to it counts three.
// CHECK: work <weighted "stream" rows 16 fan_in 8 channels 8 parts 3 max 6 steps 4 inputs[0]>
// CHECK: work <coincidence "attention" rows 16 channels 8 heads 2 steps 4 inputs[0, 0, 0]>
// CHECK: work <weighted "head" rows 1 fan_in 8 channels 10 parts 0 max 0 inputs[0]>
func.func @main(%image: tensor<?x3x4x4xf32>) -> tensor<?x10xf32> {
  %pixels = spike.quantize %image scale 8192 limit 19878 : tensor<?x3x4x4xf32> -> tensor<?x3x4x4xi32>
  %0 = spike.accumulate %pixels weight(#w0) window(#image) quant(#qi)
      : tensor<?x3x4x4xi32> -> tensor<?x4x4x8xi64> loc("conv0")
  %1 = spike.staircase sum %0 norm(<>) neuron(<>) timesteps 3 quant(#qi) : tensor<?x4x4x8xi64> -> tensor<?x4x4x8xi8>
  %2 = spike.accumulate %1 weight(#w1) window(#map) quant(#qm)
      : tensor<?x4x4x8xi8> -> tensor<?x4x4x8xi32> loc("conv1")
  %3 = spike.fire %2 norm(<>) neuron(<>) quant(#qm) : tensor<?x4x4x8xi32> -> tensor<1x?x4x4x8xi1>
  %4 = spike.integrate sum %3 : tensor<1x?x4x4x8xi1> -> tensor<?x4x4x8xi8>
  %5 = spike.add %1, %4 factor 3 : tensor<?x4x4x8xi8>, tensor<?x4x4x8xi8> -> tensor<?x4x4x8xi8>
  %6 = spike.flatten %5 : tensor<?x4x4x8xi8> -> tensor<?x16x8xi8>
  %7 = spike.accumulate %6 weight(#wq) quant(#qs) : tensor<?x16x8xi8> -> tensor<?x16x8xi32> loc("stream")
  %8 = spike.fire %7 norm(<>) neuron(<>) quant(#qs) : tensor<?x16x8xi32> -> tensor<4x?x16x8xi1>
  %9 = spike.coincide %8, %8, %8 heads 2 : tensor<4x?x16x8xi1> -> tensor<4x?x16x8xi32> loc("attention")
  %10 = spike.fire %9 norm(<unit = 0.125>) neuron(<v_threshold = 0.5>) quant(#qt)
      : tensor<4x?x16x8xi32> -> tensor<4x?x16x8xi1>
  %11 = spike.sum_tokens %10 : tensor<4x?x16x8xi1> -> tensor<4x?x8xi64>
  %12 = spike.integrate sum %11 : tensor<4x?x8xi64> -> tensor<?x8xi64>
  %13 = spike.accumulate %12 weight(#wh) quant(#qh) : tensor<?x8xi64> -> tensor<?x10xi64> loc("head")
  %14 = spike.readout %13 quant(#qh) : tensor<?x10xi64> -> tensor<?x10xf32>
  return %14 : tensor<?x10xf32>
}
