// Reductions that are no I-SPS of one stage are left alone, and a remark says why.
// RUN: stas-opt %s --stas-fuse-isps --remarks-filter=stas-fuse-isps 2>%t.remarks | FileCheck %s --implicit-check-not=stas.isps
// RUN: FileCheck %s --check-prefix=REMARK --implicit-check-not='[Passed]' < %t.remarks

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#w11 = #stas.weight<"w11" in "m.pth" at 0 : tensor<8x8x1x1xf32>>
#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>

// I-SPS behind the whole stem.
// CHECK-LABEL: @after_stem
// REMARK: loc("patch_embed"): [Missed] NotFused {{.*}}Reason="it reduces what stas.add (rpe) yields, not the spikes of one layer of neurons", Remark="a reduction over time is no I-SPS of one stage"
func.func @after_stem(%image: tensor<?x3x8x8xf32>) -> tensor<?x8x8x8xi8> {
  %0 = stas.conv2d %image weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  %1 = stas.staircase %0 neuron(#stas.lif<>) timesteps 4 : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  %2 = stas.conv2d %1 weight(#w11) strides [1, 1] padding [0, 0] : tensor<4x?x8x8x8xi1> -> tensor<4x?x8x8x8xf32>
  %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<4x?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  %4 = stas.add %1, %3 : tensor<4x?x8x8x8xi1>, tensor<4x?x8x8x8xi1> -> tensor<4x?x8x8x8xi8> loc("rpe")
  %5 = stas.integrate sum %4 : tensor<4x?x8x8x8xi8> -> tensor<?x8x8x8xi8> loc("patch_embed")
  return %5 : tensor<?x8x8x8xi8>
}

// REMARK: Reason="the current of stas.lif (lif1) changes over time"
func.func @later_stage(%image: tensor<?x3x8x8xf32>) -> tensor<?x8x8x8xi8> {
  %0 = stas.conv2d %image weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  %1 = stas.staircase %0 neuron(#stas.lif<>) timesteps 4 : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  %2 = stas.conv2d %1 weight(#w11) strides [1, 1] padding [0, 0] : tensor<4x?x8x8x8xi1> -> tensor<4x?x8x8x8xf32>
  %3 = stas.lif %2 neuron(#stas.lif<>) : tensor<4x?x8x8x8xf32> -> tensor<4x?x8x8x8xi1> loc("lif1")
  %4 = stas.integrate sum %3 : tensor<4x?x8x8x8xi1> -> tensor<?x8x8x8xi8>
  return %4 : tensor<?x8x8x8xi8>
}

// REMARK: Reason="the current of stas.lif (lif0) changes over time"
func.func @frames(%frames: tensor<4x?x3x8x8xf32>) -> tensor<?x8x8x8xi8> {
  %0 = stas.conv2d %frames weight(#w33) strides [1, 1] padding [1, 1] : tensor<4x?x3x8x8xf32> -> tensor<4x?x8x8x8xf32>
  %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<4x?x8x8x8xf32> -> tensor<4x?x8x8x8xi1> loc("lif0")
  %2 = stas.integrate sum %1 : tensor<4x?x8x8x8xi1> -> tensor<?x8x8x8xi8>
  return %2 : tensor<?x8x8x8xi8>
}

// REMARK: Reason="what stas.staircase (lif0) yields has another use"
func.func @spikes_used(%image: tensor<?x3x8x8xf32>) -> (tensor<?x8x8x8xi8>, tensor<4x?x8x8x8xi1>) {
  %0 = stas.conv2d %image weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  %1 = stas.staircase %0 neuron(#stas.lif<>) timesteps 4 : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1> loc("lif0")
  %2 = stas.integrate sum %1 : tensor<4x?x8x8x8xi1> -> tensor<?x8x8x8xi8>
  return %2, %1 : tensor<?x8x8x8xi8>, tensor<4x?x8x8x8xi1>
}

// REMARK: Reason="what stas.conv2d (conv0) yields has another use"
func.func @sums_used(%image: tensor<?x3x8x8xf32>) -> (tensor<?x8x8x8xi8>, tensor<?x8x8x8xf32>) {
  %0 = stas.conv2d %image weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32> loc("conv0")
  %1 = stas.staircase %0 neuron(#stas.lif<>) timesteps 4 : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  %2 = stas.integrate sum %1 : tensor<4x?x8x8x8xi1> -> tensor<?x8x8x8xi8>
  return %2, %0 : tensor<?x8x8x8xi8>, tensor<?x8x8x8xf32>
}

// REMARK: Reason="the neurons are driven by stas.max_pool2d (pool), not by a convolution"
func.func @pool_before_neurons(%image: tensor<?x3x8x8xf32>) -> tensor<?x8x4x4xi8> {
  %0 = stas.conv2d %image weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  %1 = stas.max_pool2d %0 kernel [2, 2] strides [2, 2] padding [0, 0] : tensor<?x8x8x8xf32> -> tensor<?x8x4x4xf32> loc("pool")
  %2 = stas.staircase %1 neuron(#stas.lif<>) timesteps 4 : tensor<?x8x4x4xf32> -> tensor<4x?x8x4x4xi1>
  %3 = stas.integrate sum %2 : tensor<4x?x8x4x4xi1> -> tensor<?x8x4x4xi8>
  return %3 : tensor<?x8x4x4xi8>
}

// REMARK: Reason="the neurons are driven by an argument of the function, not by a convolution"
func.func @no_layer(%current: tensor<?x8x4x4xf32>) -> tensor<?x8x4x4xi8> {
  %0 = stas.staircase %current neuron(#stas.lif<>) timesteps 4 : tensor<?x8x4x4xf32> -> tensor<4x?x8x4x4xi1>
  %1 = stas.integrate sum %0 : tensor<4x?x8x4x4xi1> -> tensor<?x8x4x4xi8>
  return %1 : tensor<?x8x4x4xi8>
}

// REMARK: Reason="batch normalisation is not over the channels"
func.func @norm_of_rows(%image: tensor<?x3x8x8xf32>) -> tensor<?x8x8x8xi8> {
  %0 = stas.conv2d %image weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  %1 = stas.batch_norm %0 axis 2 weight(#v8) bias(#v8) mean(#v8) var(#v8) eps 1.0e-5 : tensor<?x8x8x8xf32>
  %2 = stas.staircase %1 neuron(#stas.lif<>) timesteps 4 : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
  %3 = stas.integrate sum %2 : tensor<4x?x8x8x8xi1> -> tensor<?x8x8x8xi8>
  return %3 : tensor<?x8x8x8xi8>
}

// REMARK: Reason="counts of 256 timesteps do not fit i8"
func.func @too_many(%image: tensor<?x3x8x8xf32>) -> tensor<?x8x8x8xi8> {
  %0 = stas.conv2d %image weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  %1 = stas.staircase %0 neuron(#stas.lif<>) timesteps 256 : tensor<?x8x8x8xf32> -> tensor<256x?x8x8x8xi1>
  %2 = stas.integrate sum %1 : tensor<256x?x8x8x8xi1> -> tensor<?x8x8x8xi8>
  return %2 : tensor<?x8x8x8xi8>
}

// REMARK: Reason="the input of the convolution is not a map [B, C, H, W]"
func.func @map_of_frames(%frames: tensor<4x2x3x8x8xf32>) -> tensor<4x2x8x8x8xi8> {
  %0 = stas.conv2d %frames weight(#w33) strides [1, 1] padding [1, 1] : tensor<4x2x3x8x8xf32> -> tensor<4x2x8x8x8xf32>
  %1 = stas.staircase %0 neuron(#stas.lif<>) timesteps 4 : tensor<4x2x8x8x8xf32> -> tensor<4x4x2x8x8x8xi1>
  %2 = stas.integrate sum %1 : tensor<4x4x2x8x8x8xi1> -> tensor<4x2x8x8x8xi8>
  return %2 : tensor<4x2x8x8x8xi8>
}

// One timestep is no reduction, and one of real values none of spikes: no remark.
// REMARK-NOT: remark
func.func @silent(%counts: tensor<1x?x8x8xi8>, %real: tensor<4x?x8xf32>) -> (tensor<?x8x8xi8>, tensor<?x8xf32>) {
  %0 = stas.integrate sum %counts : tensor<1x?x8x8xi8> -> tensor<?x8x8xi8>
  %1 = stas.integrate mean %real : tensor<4x?x8xf32> -> tensor<?x8xf32>
  return %0, %1 : tensor<?x8x8xi8>, tensor<?x8xf32>
}
