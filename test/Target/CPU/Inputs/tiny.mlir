// A model of every kernel family, as stas-import would emit it; the weights are all at the start of tiny.bin.
#conv = #stas.weight<"conv" in "tiny.bin" at 0 : tensor<12x3x3x3xf32>>
#qkv = #stas.weight<"qkv" in "tiny.bin" at 16 : tensor<12x12xf32>>
#head = #stas.weight<"head" in "tiny.bin" at 32 : tensor<10x12xf32>>
#v12 = #stas.weight<"v12" in "tiny.bin" at 0 : tensor<12xf32>>
#v10 = #stas.weight<"v10" in "tiny.bin" at 0 : tensor<10xf32>>
func.func @main(%image: tensor<?x3x8x8xf32>) -> (tensor<?x10xf32>, tensor<?x4xi32>) {
  %0 = stas.encode %image {timesteps = 2 : i64} : tensor<?x3x8x8xf32> -> tensor<2x?x3x8x8xf32>
  %1 = stas.conv2d %0 weight(#conv) strides [2, 2] padding [1, 1] : tensor<2x?x3x8x8xf32> -> tensor<2x?x12x4x4xf32>
  %2 = stas.batch_norm %1 axis 2 weight(#v12) bias(#v12) mean(#v12) var(#v12) eps 1.0 : tensor<2x?x12x4x4xf32>
  %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<2x?x12x4x4xf32> -> tensor<2x?x12x4x4xi1> loc("stem")
  %4 = stas.max_pool2d %3 kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<2x?x12x4x4xi1> -> tensor<2x?x12x2x2xi1>
  %5 = stas.integrate sum %4 : tensor<2x?x12x2x2xi1> -> tensor<?x12x2x2xi8>
  %6 = stas.flatten %5 : tensor<?x12x2x2xi8> -> tensor<?x4x12xi8>
  %y, %steps = stas.act %6 halting(#stas.act<alpha = 1.0, beta = -1.0>) timesteps 2 : tensor<?x4x12xi8> -> tensor<?x4x12xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x12xi8>, %active: tensor<?x4xi1>):
    %10 = stas.linear %s weight(#qkv) bias(#v12) : tensor<?x4x12xi8> -> tensor<?x4x12xf32>
    %11 = stas.lif %10 neuron(#stas.lif<>) : tensor<?x4x12xf32> -> tensor<?x4x12xi1> loc("q")
    %12 = stas.mask %11, %active : tensor<?x4x12xi1>, tensor<?x4xi1>
    %13 = stas.attention %12, %12, %12 heads 4 scale 0.125 : tensor<?x4x12xi1> -> tensor<?x4x12xf32>
    %14 = stas.lif %13 neuron(#stas.lif<v_threshold = 0.5>) : tensor<?x4x12xf32> -> tensor<?x4x12xi1> loc("attn")
    %15 = stas.mask %14, %active : tensor<?x4x12xi1>, tensor<?x4xi1>
    %16 = stas.add %s, %15 : tensor<?x4x12xi8>, tensor<?x4x12xi1> -> tensor<?x4x12xi8>
    stas.yield %16 : tensor<?x4x12xi8>
  }
  %7 = stas.mean_tokens %y : tensor<?x4x12xf32> -> tensor<?x12xf32>
  %8 = stas.head %7 weight(#head) bias(#v10) : tensor<?x12xf32> -> tensor<?x10xf32> loc("head")
  return %8, %steps : tensor<?x10xf32>, tensor<?x4xi32>
}
