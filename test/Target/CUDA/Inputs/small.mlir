// The smallest model that a GPU runs: neurons that the image drives, and a classifier.
#conv = #stas.weight<"conv" in "tiny.bin" at 0 : tensor<8x1x3x3xf32>>
#head = #stas.weight<"head" in "tiny.bin" at 32 : tensor<4x8xf32>>
#v8 = #stas.weight<"v8" in "tiny.bin" at 0 : tensor<8xf32>>
#v4 = #stas.weight<"v4" in "tiny.bin" at 0 : tensor<4xf32>>
module attributes {stas.model = #stas.model<"spikformer" from "tiny.bin" timesteps = 2 mean = [0.5] std = [0.25]>} {
  func.func @main(%image: tensor<?x1x4x4xf32>) -> tensor<?x4xf32> {
    %0 = stas.encode %image {timesteps = 2 : i64} : tensor<?x1x4x4xf32> -> tensor<2x?x1x4x4xf32>
    %1 = stas.conv2d %0 weight(#conv) strides [1, 1] padding [1, 1] : tensor<2x?x1x4x4xf32> -> tensor<2x?x8x4x4xf32>
    %2 = stas.batch_norm %1 axis 2 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0 : tensor<2x?x8x4x4xf32>
    %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<2x?x8x4x4xf32> -> tensor<2x?x8x4x4xi1> loc("stem")
    %4 = stas.flatten %3 : tensor<2x?x8x4x4xi1> -> tensor<2x?x16x8xi1>
    %5 = stas.mean_tokens %4 : tensor<2x?x16x8xi1> -> tensor<2x?x8xf32>
    %6 = stas.integrate mean %5 : tensor<2x?x8xf32> -> tensor<?x8xf32>
    %7 = stas.head %6 weight(#head) bias(#v4) : tensor<?x8xf32> -> tensor<?x4xf32> loc("head")
    return %7 : tensor<?x4xf32>
  }
}
