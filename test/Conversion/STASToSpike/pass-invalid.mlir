// Every reason to refuse a model.
// RUN: stas-opt %s --split-input-file --convert-stas-to-spike --verify-diagnostics

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
func.func @norm_without_sums(%x: tensor<2x?x8xf32>) {
  // expected-error @+1 {{requires the sums of a convolution or linear layer that have no other use, found another value}}
  %0 = stas.batch_norm %x axis 2 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<2x?x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
func.func @norm_of_shared_sums(%x: tensor<2x?x8xf32>) -> tensor<2x?x8xf32> {
  %0 = stas.linear %x weight(#w) : tensor<2x?x8xf32> -> tensor<2x?x8xf32>
  // expected-error @+1 {{that have no other use}}
  %1 = stas.batch_norm %0 axis 2 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<2x?x8xf32>
  return %0 : tensor<2x?x8xf32>
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
func.func @norm_of_tokens(%x: tensor<?x8x8xf32>) {
  %0 = stas.linear %x weight(#w) : tensor<?x8x8xf32> -> tensor<?x8x8xf32>
  // expected-error @+1 {{requires axis 2, the channels, found 1}}
  %1 = stas.batch_norm %0 axis 1 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<?x8x8xf32>
  return
}

// -----

func.func @neuron_without_sums(%x: tensor<2x?x8xf32>) {
  // expected-error @+1 {{requires the sums of a weighted layer or attention as its input, found another value}}
  %0 = stas.lif %x neuron(#stas.lif<>) : tensor<2x?x8xf32> -> tensor<2x?x8xi1>
  return
}

// -----

func.func @attention_without_neuron(%x: tensor<2x?x4x8xi1>) -> tensor<2x?x4x8xf32> {
  // expected-error @+1 {{requires neurons as its only users}}
  %0 = stas.attention %x, %x, %x heads 2 scale 0.125 : tensor<2x?x4x8xi1> -> tensor<2x?x4x8xf32>
  return %0 : tensor<2x?x4x8xf32>
}

// -----

func.func @pooled_image(%x: tensor<?x3x8x8xf32>) {
  // expected-error @+1 {{requires a layer before it: pooling of the image itself is not supported}}
  %0 = stas.max_pool2d %x kernel [2, 2] strides [2, 2] padding [0, 0] : tensor<?x3x8x8xf32> -> tensor<?x3x4x4xf32>
  return
}

// -----

func.func @flat_image(%x: tensor<?x3x8x8xf32>) {
  // expected-error @+1 {{requires a layer before it: the image itself has no tokens}}
  %0 = stas.flatten %x : tensor<?x3x8x8xf32> -> tensor<?x64x3xf32>
  return
}

// -----

func.func @encoded_integral(%x: tensor<?x8xf32>) {
  %0 = stas.encode %x {timesteps = 2 : i64} : tensor<?x8xf32> -> tensor<2x?x8xf32>
  // expected-error @+1 {{requires a value that changes over time, found one that is the same at every timestep}}
  %1 = stas.integrate mean %0 : tensor<2x?x8xf32> -> tensor<?x8xf32>
  return
}

// -----

func.func @mask_of_argument(%x: tensor<?x4x8xi1>, %active: tensor<?x4xi1>) {
  // expected-error @+1 {{requires the spikes of a stas.lif that has no other use, found another value: mask the neuron itself}}
  %0 = stas.mask %x, %active : tensor<?x4x8xi1>, tensor<?x4xi1>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8x1x1xf32>>
#w2 = #stas.weight<"w2" in "m.pth" at 0 : tensor<8x8xf32>>
func.func @rows_of_a_map(%x: tensor<?x8x8x8xf32>) {
  %0 = stas.conv2d %x weight(#w) strides [1, 1] padding [0, 0] : tensor<?x8x8x8xf32> -> tensor<?x8x8x8xf32>
  // expected-error @+1 {{requires rows of tokens, found the map 'tensor<?x8x8x8xf32>': put a stas.flatten before it}}
  %1 = stas.linear %0 weight(#w2) : tensor<?x8x8x8xf32> -> tensor<?x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8x1x1xf32>>
func.func @image_and_map(%x: tensor<?x8x8x8xf32>) {
  %0 = stas.conv2d %x weight(#w) strides [1, 1] padding [0, 0] : tensor<?x8x8x8xf32> -> tensor<?x8x8x8xf32>
  // expected-error @+1 {{requires layers before both operands, found an argument of the function}}
  %1 = stas.add %0, %x : tensor<?x8x8x8xf32>, tensor<?x8x8x8xf32> -> tensor<?x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8x1x1xf32>>
func.func @returned_map(%x: tensor<?x8x8x8xf32>) -> tensor<?x8x8x8xf32> {
  %0 = stas.conv2d %x weight(#w) strides [1, 1] padding [0, 0] : tensor<?x8x8x8xf32> -> tensor<?x8x8x8xf32>
  // expected-error @+1 {{requires rows of tokens, found the map}}
  return %0 : tensor<?x8x8x8xf32>
}

// -----

func.func @returned_encoding(%x: tensor<?x8xf32>) -> tensor<2x?x8xf32> {
  %0 = stas.encode %x {timesteps = 2 : i64} : tensor<?x8xf32> -> tensor<2x?x8xf32>
  // expected-error @+1 {{requires results that keep their axes, found 'tensor<2x?x8xf32>', which becomes 'tensor<?x8xf32>'}}
  return %0 : tensor<2x?x8xf32>
}

// -----

func.func @unknown(%x: tensor<2xf32>) {
  // expected-error @+1 {{has no lowering to the spike dialect}}
  %0 = arith.addf %x, %x : tensor<2xf32>
  return
}

// -----

// expected-error @+1 {{requires ranked tensors as arguments, found 'index'}}
func.func @scalar(%x: index) {
  return
}

// -----

// expected-error @+1 {{requires a body of one block, found 2}}
func.func @two_blocks(%x: tensor<2xf32>) {
  return
^bb1:
  return
}

// -----

func.func @steady_without_sums(%x: tensor<?x8xf32>) {
  // expected-error @+1 {{requires the sums of a weighted layer or attention as its current, found another value}}
  %0 = stas.staircase %x neuron(#stas.lif<>) timesteps 2 : tensor<?x8xf32> -> tensor<2x?x8xi1>
  return
}
