// A model computes in f32, or in integers between the image and the logits.
// RUN: stas-opt %s --spike-verify-quantized --split-input-file --verify-diagnostics

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = spike.accumulate %x weight(#w) : tensor<?x8xf32> -> tensor<?x8xf32>
  %1 = spike.affine %0 norm(#spike.norm<>) : tensor<?x8xf32>
  return %1 : tensor<?x8xf32>
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<10x8xf32>>
#q = #spike.quant<weight = #w, norm = <>, input_max = 100, bits = 16, state_bits = 64>
func.func @main(%x: tensor<?x4x8xi8>) -> tensor<?x10xf32> {
  %0 = spike.sum_tokens %x : tensor<?x4x8xi8> -> tensor<?x8xi64>
  %1 = spike.accumulate %0 weight(#w) quant(#q) : tensor<?x8xi64> -> tensor<?x10xi64>
  %2 = spike.readout %1 quant(#q) : tensor<?x10xi64> -> tensor<?x10xf32>
  return %2 : tensor<?x10xf32>
}

// -----

func.func @main(%image: tensor<?x3x8x8xf32>, %x: tensor<?x4x8xi8>) -> tensor<?x8xf32> {
  %0 = spike.quantize %image scale 8192 limit 19878 : tensor<?x3x8x8xf32> -> tensor<?x3x8x8xi32>
  // expected-error @+1 {{computes in f32 in a model in integers: run spike-quantize on all of it}}
  %1 = spike.mean_tokens %x : tensor<?x4x8xi8> -> tensor<?x8xf32>
  return %1 : tensor<?x8xf32>
}

// -----

// What is not lowered is not quantised.
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @+1 {{is left of the stas dialect}}
  %0 = stas.linear %x weight(#w) : tensor<?x8xf32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}
