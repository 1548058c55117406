// Attention of 2048 tokens in one head of 512 channels: the keys of 32 channels alone are more than the shared memory of some GPUs.
#conv = #stas.weight<"conv" in "wide.bin" at 0 : tensor<512x3x1x1xf32>>
#head = #stas.weight<"head" in "wide.bin" at 0 : tensor<4x512xf32>>
#v512 = #stas.weight<"v512" in "wide.bin" at 0 : tensor<512xf32>>
#v4 = #stas.weight<"v4" in "wide.bin" at 0 : tensor<4xf32>>
module attributes {stas.model = #stas.model<"spikformer" from "wide.bin" timesteps = 1 mean = [0.5, 0.5, 0.5] std = [0.25, 0.25, 0.25]>} {
  func.func @main(%image: tensor<?x3x64x32xf32>) -> tensor<?x4xf32> {
    %0 = stas.encode %image {timesteps = 1 : i64} : tensor<?x3x64x32xf32> -> tensor<1x?x3x64x32xf32>
    %1 = stas.conv2d %0 weight(#conv) strides [1, 1] padding [0, 0] : tensor<1x?x3x64x32xf32> -> tensor<1x?x512x64x32xf32>
    %2 = stas.batch_norm %1 axis 2 weight(#v512) bias(#v512) mean(#v512) var(#v512) eps 1.0 : tensor<1x?x512x64x32xf32>
    %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<1x?x512x64x32xf32> -> tensor<1x?x512x64x32xi1> loc("stem")
    %4 = stas.flatten %3 : tensor<1x?x512x64x32xi1> -> tensor<1x?x2048x512xi1>
    %5 = stas.attention %4, %4, %4 heads 1 scale 0.125 : tensor<1x?x2048x512xi1> -> tensor<1x?x2048x512xf32>
    %6 = stas.lif %5 neuron(#stas.lif<v_threshold = 0.5>) : tensor<1x?x2048x512xf32> -> tensor<1x?x2048x512xi1> loc("attn")
    %7 = stas.mean_tokens %6 : tensor<1x?x2048x512xi1> -> tensor<1x?x512xf32>
    %8 = stas.integrate mean %7 : tensor<1x?x512xf32> -> tensor<?x512xf32>
    %9 = stas.head %8 weight(#head) bias(#v4) : tensor<?x512xf32> -> tensor<?x4xf32> loc("head")
    return %9 : tensor<?x4xf32>
  }
}
