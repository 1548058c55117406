// A model that does not halt, as stas-import would emit it; its weights are those of Target/CPU/Inputs/tiny.sh.
#conv = #stas.weight<"conv" in "tiny.bin" at 0 : tensor<8x3x3x3xf32>>
#second = #stas.weight<"second" in "tiny.bin" at 64 : tensor<16x8x3x3xf32>>
#qkv = #stas.weight<"qkv" in "tiny.bin" at 16 : tensor<16x16xf32>>
#head = #stas.weight<"head" in "tiny.bin" at 32 : tensor<10x16xf32>>
#v8 = #stas.weight<"v8" in "tiny.bin" at 0 : tensor<8xf32>>
#v10 = #stas.weight<"v10" in "tiny.bin" at 0 : tensor<10xf32>>
module attributes {stas.model = #stas.model<"spikformer" from "tiny.bin" timesteps = 2 mean = [0.5, 0.25, 0.5] std = [0.25, 0.5, 0.25]>} {
  func.func @main(%image: tensor<?x3x8x8xf32>) -> tensor<?x10xf32> {
    %0 = stas.encode %image {timesteps = 2 : i64} : tensor<?x3x8x8xf32> -> tensor<2x?x3x8x8xf32>
    %1 = stas.conv2d %0 weight(#conv) strides [2, 2] padding [1, 1] : tensor<2x?x3x8x8xf32> -> tensor<2x?x8x4x4xf32>
    %2 = stas.batch_norm %1 axis 2 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0 : tensor<2x?x8x4x4xf32>
    %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<2x?x8x4x4xf32> -> tensor<2x?x8x4x4xi1> loc("stem")
    %4 = stas.conv2d %3 weight(#second) strides [1, 1] padding [1, 1] : tensor<2x?x8x4x4xi1> -> tensor<2x?x16x4x4xf32>
    %5 = stas.lif %4 neuron(#stas.lif<v_threshold = 8.0>) : tensor<2x?x16x4x4xf32> -> tensor<2x?x16x4x4xi1> loc("second")
    %6 = stas.max_pool2d %5 kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<2x?x16x4x4xi1> -> tensor<2x?x16x2x2xi1>
    %7 = stas.flatten %6 : tensor<2x?x16x2x2xi1> -> tensor<2x?x4x16xi1>
    %8 = stas.linear %7 weight(#qkv) : tensor<2x?x4x16xi1> -> tensor<2x?x4x16xf32>
    %9 = stas.lif %8 neuron(#stas.lif<v_threshold = 4.0>) : tensor<2x?x4x16xf32> -> tensor<2x?x4x16xi1> loc("q")
    %10 = stas.attention %9, %9, %9 heads 2 scale 0.125 : tensor<2x?x4x16xi1> -> tensor<2x?x4x16xf32>
    %11 = stas.lif %10 neuron(#stas.lif<v_threshold = 0.5>) : tensor<2x?x4x16xf32> -> tensor<2x?x4x16xi1> loc("attn")
    %12 = stas.add %7, %11 : tensor<2x?x4x16xi1>, tensor<2x?x4x16xi1> -> tensor<2x?x4x16xi8>
    %13 = stas.mean_tokens %12 : tensor<2x?x4x16xi8> -> tensor<2x?x16xf32>
    %14 = stas.integrate mean %13 : tensor<2x?x16xf32> -> tensor<?x16xf32>
    %15 = stas.head %14 weight(#head) bias(#v10) : tensor<?x16xf32> -> tensor<?x10xf32> loc("head")
    return %15 : tensor<?x10xf32>
  }
}
