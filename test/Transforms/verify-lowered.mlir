// Nothing of the model level is left but the halting encoder; sums go where their scale is known.
// RUN: stas-opt %s --spike-verify-lowered --split-input-file --verify-diagnostics

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
func.func @main(%x: tensor<?x4x8xi8>) -> tensor<?x4x8xf32> {
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %active: tensor<?x4xi1>):
    %0 = spike.accumulate %s weight(#w8) : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
    %1 = spike.fire %0 active(%active : tensor<?x4xi1>) norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<?x4x8xi1>
    %2 = spike.add %s, %1 : tensor<?x4x8xi8>, tensor<?x4x8xi1> -> tensor<?x4x8xi8>
    stas.yield %2 : tensor<?x4x8xi8>
  }
  return %y : tensor<?x4x8xf32>
}

// -----

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @+1 {{is left of the stas dialect: run convert-stas-to-spike}}
  %0 = stas.linear %x weight(#w8) : tensor<?x8xf32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @+1 {{requires spike.fire, spike.staircase, spike.affine or spike.readout as its users, found another}}
  %0 = spike.accumulate %x weight(#w8) : tensor<?x8xf32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

// expected-error @+1 {{requires a function @main with a body, found none}}
module {
}

// -----

func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @+1 {{is of a time loop, which stas-lower-act makes: targets take stas.act; leave that pass out}}
  %0 = stas.splat 0.0 : f32 like %x : tensor<?x8xf32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}
