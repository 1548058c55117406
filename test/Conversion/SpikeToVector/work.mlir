// What launches say they compute: levels of inputs along pools, sums, means and residual streams; masks and blocks.
// RUN: stas-opt %s --split-input-file --convert-spike-to-vector | FileCheck %s

#w0 = #stas.weight<"w0" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#w1 = #stas.weight<"w1" in "m.pth" at 0 : tensor<8x8x3x3xf32>>
#q = #stas.weight<"q" in "m.pth" at 0 : tensor<8x8xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x8xf32>>
#image = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#map = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1]>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>

// The image is real; neurons run four steps on its one current.
// CHECK-LABEL: func.func @main
// CHECK: work <weighted "conv0" rows 16 fan_in 27 channels 8 map[4, 4] window <{{.*}}, channels_first = true> parts 0 max 0 steps 4 inputs[0]>
// Spikes of four timesteps, pooled: spikes.
// CHECK: work <weighted "conv1" rows 4 fan_in 72 channels 8 map[2, 2] window <{{[^>]*}}> steps 4 inputs[0]>
// Their mean is n / 4.
// CHECK: work <weighted "mean" rows 4 fan_in 72 channels 8 map[2, 2] window <{{[^>]*}}> parts 4 max 4 steps 1 inputs[0]>
// A residual stream of that mean and a spike: n / 4 up to 2.
// CHECK: work <weighted "stream" rows 4 fan_in 8 channels 8 parts 4 max 8 steps 3 inputs[0]>
// CHECK: work <coincidence "attention" rows 4 channels 8 heads 2 steps 3 inputs[0, 0, 0]>
// The classifier's mean over tokens is real; it drives no neurons.
// CHECK: work <weighted "head" rows 1 fan_in 8 channels 10 parts 0 max 0 inputs[0]>
func.func @main(%image: tensor<?x3x4x4xf32>) -> tensor<?x10xf32> {
  %0 = spike.accumulate %image weight(#w0) window(#image) : tensor<?x3x4x4xf32> -> tensor<?x4x4x8xf32> loc("conv0")
  %1 = spike.fire %0 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x4x8xf32> -> tensor<4x?x4x4x8xi1>
  %2 = spike.max_pool %1 window(#pool) : tensor<4x?x4x4x8xi1> -> tensor<4x?x2x2x8xi1>
  %3 = spike.accumulate %2 weight(#w1) window(#map) : tensor<4x?x2x2x8xi1> -> tensor<4x?x2x2x8xf32> loc("conv1")
  %4 = spike.fire %3 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<4x?x2x2x8xf32> -> tensor<4x?x2x2x8xi1>
  %5 = spike.integrate mean %4 : tensor<4x?x2x2x8xi1> -> tensor<?x2x2x8xf32>
  %6 = spike.accumulate %5 weight(#w1) window(#map) : tensor<?x2x2x8xf32> -> tensor<?x2x2x8xf32> loc("mean")
  %7 = spike.fire %6 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x2x2x8xf32> -> tensor<1x?x2x2x8xi1>
  %8 = spike.integrate sum %7 : tensor<1x?x2x2x8xi1> -> tensor<?x2x2x8xi8>
  %9 = spike.add %5, %8 : tensor<?x2x2x8xf32>, tensor<?x2x2x8xi8> -> tensor<?x2x2x8xf32>
  %10 = spike.flatten %9 : tensor<?x2x2x8xf32> -> tensor<?x4x8xf32>
  %11 = spike.accumulate %10 weight(#q) : tensor<?x4x8xf32> -> tensor<?x4x8xf32> loc("stream")
  %12 = spike.fire %11 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<3x?x4x8xi1>
  %13 = spike.coincide %12, %12, %12 heads 2 : tensor<3x?x4x8xi1> -> tensor<3x?x4x8xi32> loc("attention")
  %14 = spike.fire %13 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<3x?x4x8xi32> -> tensor<3x?x4x8xi1>
  %15 = spike.mean_tokens %14 : tensor<3x?x4x8xi1> -> tensor<3x?x8xf32>
  %16 = spike.integrate mean %15 : tensor<3x?x8xf32> -> tensor<?x8xf32>
  %17 = spike.accumulate %16 weight(#wh) : tensor<?x8xf32> -> tensor<?x10xf32> loc("head")
  %18 = spike.affine %17 norm(#spike.norm<>) : tensor<?x10xf32>
  return %18 : tensor<?x10xf32>
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<12x3x1x1xf32>>
#w0 = #stas.weight<"w0" in "m.pth" at 0 : tensor<12x12xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x12xf32>>
#window = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>

// In a halting encoder: which rows run, in which block; the stream grows from block to block. Names are told apart.
// CHECK-LABEL: func.func @main
// CHECK: spike.time_loop 3
// CHECK: work <weighted "fc" rows 4 fan_in 12 channels 12 steps 1 inputs[1] active 2 block 0>
// CHECK: work <halting "b0.halting" rows 4 channels 12 active 1 block 0>
// CHECK: work <weighted "fc.1" rows 4 fan_in 12 channels 12 max 2 steps 1 inputs[0] active {{[0-9]+}} block 1>
// CHECK: work <halting "b1.halting" rows 4 channels 12 active 1 block 1>
func.func @main(%image: tensor<?x3x2x2xf32>) -> (tensor<?x10xf32>, tensor<?x4xi32>) {
  %0 = spike.accumulate %image weight(#w) window(#window) : tensor<?x3x2x2xf32> -> tensor<?x2x2x12xf32>
  %1 = spike.fire %0 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x2x2x12xf32> -> tensor<1x?x2x2x12xi1>
  %2 = spike.flatten %1 : tensor<1x?x2x2x12xi1> -> tensor<1x?x4x12xi1>
  %3 = spike.integrate sum %2 : tensor<1x?x4x12xi1> -> tensor<?x4x12xi8>
  %y, %steps = stas.act %3 halting(<alpha = 1.0, beta = -1.0>) timesteps 3
      : tensor<?x4x12xi8> -> tensor<?x4x12xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x12xi8>, %active: tensor<?x4xi1>):
    %4 = spike.accumulate %s weight(#w0) : tensor<?x4x12xi8> -> tensor<?x4x12xf32> loc("fc")
    %5 = spike.fire %4 active(%active : tensor<?x4xi1>) norm(#spike.norm<>) neuron(#stas.lif<>)
        : tensor<?x4x12xf32> -> tensor<?x4x12xi1>
    %6 = spike.add %s, %5 : tensor<?x4x12xi8>, tensor<?x4x12xi1> -> tensor<?x4x12xi8>
    stas.yield %6 : tensor<?x4x12xi8> loc("b0")
  }, {
  ^bb0(%s: tensor<?x4x12xi8>, %active: tensor<?x4xi1>):
    %4 = spike.accumulate %s weight(#w0) : tensor<?x4x12xi8> -> tensor<?x4x12xf32> loc("fc")
    %5 = spike.fire %4 active(%active : tensor<?x4xi1>) norm(#spike.norm<>) neuron(#stas.lif<>)
        : tensor<?x4x12xf32> -> tensor<?x4x12xi1>
    %6 = spike.add %s, %5 : tensor<?x4x12xi8>, tensor<?x4x12xi1> -> tensor<?x4x12xi8>
    stas.yield %6 : tensor<?x4x12xi8> loc("b1")
  }
  %7 = spike.mean_tokens %y : tensor<?x4x12xf32> -> tensor<?x12xf32>
  %8 = spike.accumulate %7 weight(#wh) : tensor<?x12xf32> -> tensor<?x10xf32>
  %9 = spike.affine %8 norm(#spike.norm<>) : tensor<?x10xf32>
  return %9, %steps : tensor<?x10xf32>, tensor<?x4xi32>
}
