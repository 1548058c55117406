// Nothing runs at every timestep on what is the same at each; every batch normalisation can be folded.
// RUN: stas-opt %s --stas-verify-normalized --split-input-file --verify-diagnostics

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
#w11 = #stas.weight<"w11" in "m.pth" at 0 : tensor<8x8x1x1xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>

func.func @main(%x: tensor<?x8xi8>, %map: tensor<?x8x4x4xf32>, %row: tensor<8xf32>) -> tensor<4x?x8xi8> {
  %0 = stas.encode %x {timesteps = 4 : i64} : tensor<?x8xi8> -> tensor<4x?x8xi8>
  %1 = stas.linear %x weight(#w8) : tensor<?x8xi8> -> tensor<?x8xf32>
  %2 = stas.batch_norm %1 axis 1 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<?x8xf32>
  %3 = stas.staircase %2 neuron(#stas.lif<>) timesteps 4 : tensor<?x8xf32> -> tensor<4x?x8xi1>
  %4 = stas.add %0, %3 : tensor<4x?x8xi8>, tensor<4x?x8xi1> -> tensor<4x?x8xi8>
  %5 = stas.conv2d %map weight(#w11) strides [1, 1] padding [0, 0] : tensor<?x8x4x4xf32> -> tensor<?x8x4x4xf32>
  %6 = stas.batch_norm %5 axis 1 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<?x8x4x4xf32>
  // A layer that has no meaning on one timestep alone.
  %7 = stas.encode %row {timesteps = 4 : i64} : tensor<8xf32> -> tensor<4x8xf32>
  %8 = stas.linear %7 weight(#w8) : tensor<4x8xf32> -> tensor<4x8xf32>
  return %4 : tensor<4x?x8xi8>
}

// -----

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
func.func @main(%x: tensor<?x8xf32>) -> tensor<4x?x8xf32> {
  %0 = stas.encode %x {timesteps = 4 : i64} : tensor<?x8xf32> -> tensor<4x?x8xf32>
  // expected-error @+1 {{runs at every timestep on what is the same at each: run stas-hoist-time-invariant}}
  %1 = stas.linear %0 weight(#w8) : tensor<4x?x8xf32> -> tensor<4x?x8xf32>
  return %1 : tensor<4x?x8xf32>
}

// -----

func.func @main(%x: tensor<?x8xf32>) -> tensor<4x?x8xi1> {
  %0 = stas.encode %x {timesteps = 4 : i64} : tensor<?x8xf32> -> tensor<4x?x8xf32>
  // expected-error @+1 {{has a current that is the same at every timestep: run stas-hoist-time-invariant}}
  %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<4x?x8xf32> -> tensor<4x?x8xi1>
  return %1 : tensor<4x?x8xi1>
}

// -----

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
func.func @main(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  %0 = stas.linear %x weight(#w8) : tensor<?x8xf32> -> tensor<?x8xf32>
  // expected-error @+1 {{cannot be folded: requires the channels of a convolution or linear layer whose sums have no other use}}
  %1 = stas.batch_norm %0 axis 1 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<?x8xf32>
  return %0, %1 : tensor<?x8xf32>, tensor<?x8xf32>
}

// -----

#w11 = #stas.weight<"w11" in "m.pth" at 0 : tensor<8x8x1x1xf32>>
#v4 = #stas.weight<"v4" in "m.pth" at 0 : tensor<4xf32>>
func.func @main(%x: tensor<?x8x4x4xf32>) -> tensor<?x8x4x4xf32> {
  %0 = stas.conv2d %x weight(#w11) strides [1, 1] padding [0, 0] : tensor<?x8x4x4xf32> -> tensor<?x8x4x4xf32>
  // expected-error @+1 {{cannot be folded}}
  %1 = stas.batch_norm %0 axis 3 weight(#v4) bias(#v4) mean(#v4) var(#v4) eps 1.0e-5 : tensor<?x8x4x4xf32>
  return %1 : tensor<?x8x4x4xf32>
}

// -----

#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @+1 {{cannot be folded}}
  %0 = stas.batch_norm %x axis 1 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

// What is not imported is not normalised.
func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @+1 {{is no op of the stas dialect}}
  %0 = spike.affine %x norm(#spike.norm<>) : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}
