// No stage is left that I-SPS would make one op of; what comes before holds too.
// RUN: stas-opt %s --stas-verify-adapted --split-input-file --verify-diagnostics

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#w11 = #stas.weight<"w11" in "m.pth" at 0 : tensor<8x8x1x1xf32>>

func.func @main(%image: tensor<?x3x8x8xf32>) -> tensor<?x8x8x8xi8> {
  %0 = stas.isps mean %image weight(#w33) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4 : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  %1 = stas.conv2d %0 weight(#w11) strides [1, 1] padding [0, 0] : tensor<?x8x8x8xf32> -> tensor<?x8x8x8xf32>
  %2 = stas.staircase %1 neuron(#stas.lif<>) timesteps 4 : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  %3 = stas.add %2, %2 : tensor<4x?x8x8x8xi1>, tensor<4x?x8x8x8xi1> -> tensor<4x?x8x8x8xi8>
  %4 = stas.integrate sum %3 : tensor<4x?x8x8x8xi8> -> tensor<?x8x8x8xi8>
  return %4 : tensor<?x8x8x8xi8>
}

// -----

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
func.func @main(%image: tensor<?x3x8x8xf32>) -> tensor<?x8x8x8xf32> {
  %0 = stas.conv2d %image weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  %1 = stas.staircase %0 neuron(#stas.lif<>) timesteps 4 : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  // expected-error @+1 {{reduces steady spikes of a convolution: run stas-fuse-isps}}
  %2 = stas.integrate mean %1 : tensor<4x?x8x8x8xi1> -> tensor<?x8x8x8xf32>
  return %2 : tensor<?x8x8x8xf32>
}

// -----

// What is not normalised is not adapted.
func.func @main(%x: tensor<?x8xf32>) -> tensor<4x?x8xi1> {
  %0 = stas.encode %x {timesteps = 4 : i64} : tensor<?x8xf32> -> tensor<4x?x8xf32>
  // expected-error @+1 {{run stas-hoist-time-invariant}}
  %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<4x?x8xf32> -> tensor<4x?x8xi1>
  return %1 : tensor<4x?x8xi1>
}
