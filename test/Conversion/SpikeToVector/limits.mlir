// What the CPU's plan cannot hold is an error of the op that asks for it.
// RUN: stas-opt %s --split-input-file --convert-spike-to-vector --verify-diagnostics

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x1x1xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x8xf32>>
#window = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<?x10xf32> {
  %0 = spike.accumulate %image weight(#w) window(#window) : tensor<?x3x2x2xf32> -> tensor<?x2x2x8xf32>
  %1 = spike.fire %0 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x2x2x8xf32> -> tensor<128x?x2x2x8xi1>
  %2 = spike.add %1, %1 : tensor<128x?x2x2x8xi1>, tensor<128x?x2x2x8xi1> -> tensor<128x?x2x2x8xi8>
  // expected-error @+1 {{requires spike counts of at most 255, found up to 256}}
  %3 = spike.integrate sum %2 : tensor<128x?x2x2x8xi8> -> tensor<?x2x2x8xi8>
  %4 = spike.flatten %3 : tensor<?x2x2x8xi8> -> tensor<?x4x8xi8>
  %5 = spike.mean_tokens %4 : tensor<?x4x8xi8> -> tensor<?x8xf32>
  %6 = spike.accumulate %5 weight(#wh) : tensor<?x8xf32> -> tensor<?x10xf32>
  %7 = spike.affine %6 norm(#spike.norm<>) : tensor<?x10xf32>
  return %7 : tensor<?x10xf32>
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x1x1xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x8xf32>>
#window = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
func.func @main(%image: tensor<?x3x1048576x1048576xf32>) -> tensor<?x10xf32> {
  // expected-error @+1 {{requires values of at most 2^32 elements an image, found 'tensor<?x1048576x1048576x8xf32>'}}
  %0 = spike.accumulate %image weight(#w) window(#window) : tensor<?x3x1048576x1048576xf32> -> tensor<?x1048576x1048576x8xf32>
  %1 = spike.fire %0 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x1048576x1048576x8xf32> -> tensor<1x?x1048576x1048576x8xi1>
  %2 = spike.flatten %1 : tensor<1x?x1048576x1048576x8xi1> -> tensor<1x?x1099511627776x8xi1>
  %3 = spike.mean_tokens %2 : tensor<1x?x1099511627776x8xi1> -> tensor<1x?x8xf32>
  %4 = spike.integrate sum %3 : tensor<1x?x8xf32> -> tensor<?x8xf32>
  %5 = spike.accumulate %4 weight(#wh) : tensor<?x8xf32> -> tensor<?x10xf32>
  %6 = spike.affine %5 norm(#spike.norm<>) : tensor<?x10xf32>
  return %6 : tensor<?x10xf32>
}

// -----

// expected-error @+1 {{requires no function marked spike.kernel before the kernels are made, found @mine}}
func.func @mine() attributes {spike.kernel} {
  return
}
func.func @main(%image: tensor<?x3x1x1xf32>) -> tensor<?x1xf32> {
  %0 = spike.flatten %image : tensor<?x3x1x1xf32> -> tensor<?x3x1xf32>
  %1 = spike.mean_tokens %0 : tensor<?x3x1xf32> -> tensor<?x1xf32>
  return %1 : tensor<?x1xf32>
}
