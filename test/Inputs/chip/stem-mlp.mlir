// A model without attention, for chips of binary spikes. make_stem_mlp.py writes its weights.
#conv0 = #stas.weight<"conv0" in "stem-mlp.bin" at 0 : tensor<8x3x3x3xf32>>
#conv1 = #stas.weight<"conv1" in "stem-mlp.bin" at 864 : tensor<16x8x3x3xf32>>
#fc1 = #stas.weight<"fc1" in "stem-mlp.bin" at 5472 : tensor<32x16xf32>>
#fc2 = #stas.weight<"fc2" in "stem-mlp.bin" at 7520 : tensor<16x32xf32>>
#head = #stas.weight<"head" in "stem-mlp.bin" at 9568 : tensor<10x16xf32>>
#bias = #stas.weight<"bias" in "stem-mlp.bin" at 10208 : tensor<10xf32>>
module attributes {stas.model = #stas.model<"spikformer" from "stem-mlp.bin" timesteps = 4 mean = [0.5, 0.5, 0.5] std = [0.25, 0.25, 0.25]>} {
  func.func @main(%image: tensor<?x3x8x8xf32>) -> tensor<?x10xf32> {
    %0 = stas.encode %image {timesteps = 4 : i64} : tensor<?x3x8x8xf32> -> tensor<4x?x3x8x8xf32> loc("image")
    %1 = stas.conv2d %0 weight(#conv0) strides [1, 1] padding [1, 1] : tensor<4x?x3x8x8xf32> -> tensor<4x?x8x8x8xf32> loc("stem.conv0")
    %2 = stas.lif %1 neuron(#stas.lif<>) : tensor<4x?x8x8x8xf32> -> tensor<4x?x8x8x8xi1> loc("stem.lif0")
    %3 = stas.conv2d %2 weight(#conv1) strides [1, 1] padding [1, 1] : tensor<4x?x8x8x8xi1> -> tensor<4x?x16x8x8xf32> loc("stem.conv1")
    %4 = stas.lif %3 neuron(#stas.lif<>) : tensor<4x?x16x8x8xf32> -> tensor<4x?x16x8x8xi1> loc("stem.lif1")
    %5 = stas.max_pool2d %4 kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<4x?x16x8x8xi1> -> tensor<4x?x16x4x4xi1> loc("stem.pool1")
    %6 = stas.flatten %5 : tensor<4x?x16x4x4xi1> -> tensor<4x?x16x16xi1> loc("stem")
    %7 = stas.linear %6 weight(#fc1) : tensor<4x?x16x16xi1> -> tensor<4x?x16x32xf32> loc("mlp.fc1")
    %8 = stas.lif %7 neuron(#stas.lif<>) : tensor<4x?x16x32xf32> -> tensor<4x?x16x32xi1> loc("mlp.lif1")
    %9 = stas.linear %8 weight(#fc2) : tensor<4x?x16x32xi1> -> tensor<4x?x16x16xf32> loc("mlp.fc2")
    %10 = stas.lif %9 neuron(#stas.lif<>) : tensor<4x?x16x16xf32> -> tensor<4x?x16x16xi1> loc("mlp.lif2")
    %11 = stas.add %6, %10 : tensor<4x?x16x16xi1>, tensor<4x?x16x16xi1> -> tensor<4x?x16x16xi8> loc("mlp")
    %12 = stas.linear %11 weight(#fc1) : tensor<4x?x16x16xi8> -> tensor<4x?x16x32xf32> loc("mix.fc1")
    %13 = stas.lif %12 neuron(#stas.lif<>) : tensor<4x?x16x32xf32> -> tensor<4x?x16x32xi1> loc("mix.lif1")
    %14 = stas.linear %13 weight(#fc2) : tensor<4x?x16x32xi1> -> tensor<4x?x16x16xf32> loc("mix.fc2")
    %15 = stas.lif %14 neuron(#stas.lif<>) : tensor<4x?x16x16xf32> -> tensor<4x?x16x16xi1> loc("mix.lif2")
    %16 = stas.add %11, %15 : tensor<4x?x16x16xi8>, tensor<4x?x16x16xi1> -> tensor<4x?x16x16xi8> loc("mix")
    %17 = stas.mean_tokens %16 : tensor<4x?x16x16xi8> -> tensor<4x?x16xf32> loc("mean")
    %18 = stas.integrate mean %17 : tensor<4x?x16xf32> -> tensor<?x16xf32> loc("mean")
    %19 = stas.head %18 weight(#head) bias(#bias) : tensor<?x16xf32> -> tensor<?x10xf32> loc("head")
    return %19 : tensor<?x10xf32>
  }
}
