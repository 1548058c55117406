// Every reason to refuse a module.
// RUN: stas-opt %s --split-input-file --convert-spike-to-vector --verify-diagnostics
// RUN: not stas-opt %s --convert-spike-to-vector=lanes=4 --split-input-file 2>&1 | FileCheck %s
// CHECK: requires 8 or 16 lanes, found 4
// RUN: not stas-opt %s --convert-spike-to-vector="lanes=8 vnni" --split-input-file 2>&1 | FileCheck %s --check-prefix=NARROW
// RUN: not stas-opt %s --convert-spike-to-vector="lanes=16 amx" --split-input-file 2>&1 | FileCheck %s --check-prefix=NARROW
// NARROW: requires 16 lanes beside vnni, and vnni beside amx
// RUN: not stas-opt %s --convert-spike-to-vector=kernels=tiles --split-input-file 2>&1 | FileCheck %s --check-prefix=AMX
// AMX: kernels: required a CPU with AMX-INT8 for tiles, found one without
// RUN: not stas-opt %s --convert-spike-to-vector=kernels=events,key-value-bits,choice --split-input-file 2>&1 | FileCheck %s --check-prefix=TWO
// TWO: kernels: required one kernel of sums and one of attention, found events and choice
// RUN: not stas-opt %s --convert-spike-to-vector=kernels=events,vnni --split-input-file 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: kernels: required events, dense, tiles, choice, key-value-events, key-value-bits or query-key-bits, found 'vnni'

// expected-error @+1 {{requires a function @main with a body, found none}}
module {
}

// -----

// expected-error @+1 {{requires a function @main with a body, found none}}
module {
  func.func private @main(tensor<?x3x2x2xf32>) -> tensor<?x10xf32>
}

// -----

// expected-error @+1 {{requires a body of one block, found 2}}
func.func @main(%image: tensor<?x3x2x2xf32>) {
  return
^bb1:
  return
}

// -----

// expected-error @+1 {{requires one f32 image [B, C, H, W] or [T, B, C, H, W], f32 logits [B, classes]}}
func.func @main(%image: tensor<?x10xf32>) -> tensor<?x10xf32> {
  return %image : tensor<?x10xf32>
}

// -----

// expected-error @+1 {{B dynamic or 1 and all else static, found '(tensor<2x3x2x2xf32>) -> tensor<2x10xf32>'}}
func.func @main(%image: tensor<2x3x2x2xf32>) -> tensor<2x10xf32> {
  %0 = arith.constant dense<0.0> : tensor<2x10xf32>
  return %0 : tensor<2x10xf32>
}

// -----

// expected-error @+1 {{requires one f32 image}}
func.func @main(%image: tensor<?x3x?x2xf32>) -> index {
  %0 = arith.constant 0 : index
  return %0 : index
}

// -----

// expected-error @+1 {{requires one f32 image}}
func.func @main(%image: memref<?x3x2x2xf32>) {
  return
}

// -----

#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x3xf32>>
func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<?x10xf32> {
  // expected-error @+1 {{has no CPU kernel: run convert-stas-to-spike first}}
  %0 = stas.mean_tokens %image : tensor<?x3x2x2xf32> -> tensor<?x3x2xf32>
  %1 = stas.mean_tokens %0 : tensor<?x3x2xf32> -> tensor<?x2xf32>
  %2 = stas.linear %1 weight(#stas.weight<"w" in "m.pth" at 0 : tensor<10x2xf32>>) : tensor<?x2xf32> -> tensor<?x10xf32>
  return %2 : tensor<?x10xf32>
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x1x1xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x8xf32>>
#window = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<?x10xf32> {
  // expected-error @+1 {{requires spike.fire, spike.staircase, spike.affine or spike.readout as its users on the CPU, found another}}
  %0 = spike.accumulate %image weight(#w) window(#window) : tensor<?x3x2x2xf32> -> tensor<?x2x2x8xf32>
  %1 = spike.flatten %0 : tensor<?x2x2x8xf32> -> tensor<?x4x8xf32>
  %2 = spike.mean_tokens %1 : tensor<?x4x8xf32> -> tensor<?x8xf32>
  %3 = spike.accumulate %2 weight(#wh) : tensor<?x8xf32> -> tensor<?x10xf32>
  %4 = spike.affine %3 norm(#spike.norm<>) : tensor<?x10xf32>
  return %4 : tensor<?x10xf32>
}

// -----

func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<?x2xf32> {
  // expected-error @+1 {{requires sums of spike.accumulate or spike.coincide on the CPU, or the products of stas-lower-assa, found another value}}
  %0 = spike.fire %image norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x3x2x2xf32> -> tensor<1x?x3x2x2xi1>
  %1 = spike.mean_tokens %0 : tensor<1x?x3x2x2xi1> -> tensor<1x?x3x2xf32>
  %2 = spike.mean_tokens %1 : tensor<1x?x3x2xf32> -> tensor<1x?x2xf32>
  %3 = spike.integrate mean %2 : tensor<1x?x2xf32> -> tensor<?x2xf32>
  return %3 : tensor<?x2xf32>
}

// -----

func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<?x3xf32> {
  %0 = spike.flatten %image : tensor<?x3x2x2xf32> -> tensor<?x6x2xf32>
  %1 = spike.mean_tokens %0 : tensor<?x6x2xf32> -> tensor<?x2xf32>
  // expected-error @+1 {{requires sums of spike.accumulate on the CPU, found another value}}
  %2 = spike.affine %1 norm(#spike.norm<>) : tensor<?x2xf32>
  %3 = spike.accumulate %2 weight(#stas.weight<"w" in "m.pth" at 0 : tensor<3x2xf32>>) : tensor<?x2xf32> -> tensor<?x3xf32>
  %4 = spike.affine %3 norm(#spike.norm<>) : tensor<?x3xf32>
  return %4 : tensor<?x3xf32>
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x1x1xf32>>
#window = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<?x8xf32> {
  %0 = spike.accumulate %image weight(#w) window(#window) : tensor<?x3x2x2xf32> -> tensor<?x2x2x8xf32>
  %1 = spike.fire %0 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x2x2x8xf32> -> tensor<2x?x2x2x8xi1>
  %2 = spike.flatten %1 : tensor<2x?x2x2x8xi1> -> tensor<2x?x4x8xi1>
  %3 = spike.coincide %2, %2, %2 heads 2 : tensor<2x?x4x8xi1> -> tensor<2x?x4x8xi32>
  // expected-error @+1 {{requires attention without batch normalisation or bias}}
  %4 = spike.fire %3 norm(<bias = <"b" in "m.pth" at 0 : tensor<8xf32>>>) neuron(#stas.lif<>)
      : tensor<2x?x4x8xi32> -> tensor<2x?x4x8xi1>
  %5 = spike.mean_tokens %4 : tensor<2x?x4x8xi1> -> tensor<2x?x8xf32>
  %6 = spike.integrate mean %5 : tensor<2x?x8xf32> -> tensor<?x8xf32>
  return %6 : tensor<?x8xf32>
}

// -----

func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<?x2xf32> {
  // A map of rows that no kernel takes.
  // expected-error @+1 {{requires [B, ..] or [T, B, ..] with 2 axes behind a dynamic batch (or of one)}}
  %0 = spike.mean_tokens %image : tensor<?x3x2x2xf32> -> tensor<?x3x2xf32>
  %1 = spike.mean_tokens %0 : tensor<?x3x2xf32> -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<2147483647x2xf32>>
func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<?x2147483647xf32> {
  %0 = spike.flatten %image : tensor<?x3x2x2xf32> -> tensor<?x6x2xf32>
  %1 = spike.mean_tokens %0 : tensor<?x6x2xf32> -> tensor<?x2xf32>
  // expected-error @+1 {{requires fewer than 2^31 weights, found 'tensor<2147483647x2xf32>'}}
  %2 = spike.accumulate %1 weight(#w) : tensor<?x2xf32> -> tensor<?x2147483647xf32>
  %3 = spike.affine %2 norm(#spike.norm<>) : tensor<?x2147483647xf32>
  return %3 : tensor<?x2147483647xf32>
}

// -----

func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<?x3xf32> {
  // expected-error @+1 {{requires sums of spike.accumulate without a T axis on the CPU, of a map where there is a pool, found another value}}
  %0 = spike.staircase mean %image norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4 : tensor<?x3x2x2xf32> -> tensor<?x3x2x2xf32>
  %1 = spike.mean_tokens %0 : tensor<?x3x2x2xf32> -> tensor<?x3x2xf32>
  %2 = spike.mean_tokens %0 : tensor<?x3x2x2xf32> -> tensor<?x3x2xf32>
  %3 = spike.mean_tokens %1 : tensor<?x3x2xf32> -> tensor<?x2xf32>
  %4 = spike.accumulate %3 weight(#stas.weight<"w" in "m.pth" at 0 : tensor<3x2xf32>>) : tensor<?x2xf32> -> tensor<?x3xf32>
  %5 = spike.affine %4 norm(#spike.norm<>) : tensor<?x3xf32>
  return %5 : tensor<?x3xf32>
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<3x2xf32>>
func.func @main(%image: tensor<2x?x2x2x2xf32>) -> tensor<?x3xf32> {
  %0 = spike.accumulate %image weight(#stas.weight<"c" in "m.pth" at 0 : tensor<2x2x1x1xf32>>)
      window(#spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>)
      : tensor<2x?x2x2x2xf32> -> tensor<2x?x2x2x2xf32>
  // expected-error @+1 {{requires sums of spike.accumulate without a T axis on the CPU}}
  %1 = spike.staircase sum %0 norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4 : tensor<2x?x2x2x2xf32> -> tensor<2x?x2x2x2xi8>
  %2 = spike.flatten %1 : tensor<2x?x2x2x2xi8> -> tensor<2x?x4x2xi8>
  %3 = spike.mean_tokens %2 : tensor<2x?x4x2xi8> -> tensor<2x?x2xf32>
  %4 = spike.integrate mean %3 : tensor<2x?x2xf32> -> tensor<?x2xf32>
  %5 = spike.accumulate %4 weight(#w) : tensor<?x2xf32> -> tensor<?x3xf32>
  %6 = spike.affine %5 norm(#spike.norm<>) : tensor<?x3xf32>
  return %6 : tensor<?x3xf32>
}
