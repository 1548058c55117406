// A layer of every family: an image that is the same at every timestep, a pool, a convolution whose neurons meet their
// own input, attention, layers of 8 and 16 bits, a steady current, the classifier. weights.py writes m.bin.
#wi = #stas.weight<"wi" in "m.bin" at 0 : tensor<32x3x3x3xf32>>
#wc = #stas.weight<"wc" in "m.bin" at 0 : tensor<32x32x3x3xf32>>
#wl = #stas.weight<"wl" in "m.bin" at 0 : tensor<32x32xf32>>
#wh = #stas.weight<"wh" in "m.bin" at 0 : tensor<10x32xf32>>
#image = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#conv = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1]>
#pool = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
#qi = #spike.quant<weight = #wi, norm = <>, neuron = <>, input_unit = 2.384185791015625e-07, input_max = 10000000, steps = 4, bits = 24, guard = 2, state_bits = 64>
#qc = #spike.quant<weight = #wc, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#qq = #spike.quant<weight = #wl, norm = <>, neuron = <>, input_max = 2, steps = 4, bits = 8, guard = 2>
#qt = #spike.quant<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 256, steps = 4>
#qp = #spike.quant<weight = #wl, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 8, guard = 2>
#qs = #spike.quant<weight = #wl, norm = <>, neuron = <>, input_unit = 0.25, input_max = 12, steps = 4, bits = 16>
#qh = #spike.quant<weight = #wh, norm = <>, input_max = 448, bits = 16, state_bits = 64>

func.func @main(%image: tensor<?x3x8x8xf32>) -> tensor<?x10xf32> {
  %0 = spike.quantize %image scale 4194304 limit 10000000 : tensor<?x3x8x8xf32> -> tensor<?x3x8x8xi32> loc("image")
  %1 = spike.accumulate %0 weight(#wi) window(#image) quant(#qi) : tensor<?x3x8x8xi32> -> tensor<?x8x8x32xi64>
  %2 = spike.fire %1 norm(<>) neuron(<>) quant(#qi) : tensor<?x8x8x32xi64> -> tensor<4x?x8x8x32xi1> loc("conv0")
  %3 = spike.max_pool %2 window(#pool) : tensor<4x?x8x8x32xi1> -> tensor<4x?x4x4x32xi1> loc("pool0")
  %4 = spike.accumulate %3 weight(#wc) window(#conv) quant(#qc) : tensor<4x?x4x4x32xi1> -> tensor<4x?x4x4x32xi32>
  %5 = spike.fire %4 norm(<>) neuron(<>) quant(#qc) : tensor<4x?x4x4x32xi32> -> tensor<4x?x4x4x32xi1> loc("rpe")
  %6 = spike.add %5, %3 : tensor<4x?x4x4x32xi1>, tensor<4x?x4x4x32xi1> -> tensor<4x?x4x4x32xi8> loc("rpe_add")
  %7 = spike.flatten %6 : tensor<4x?x4x4x32xi8> -> tensor<4x?x16x32xi8>
  %8 = spike.accumulate %7 weight(#wl) quant(#qq) : tensor<4x?x16x32xi8> -> tensor<4x?x16x32xi32>
  %q = spike.fire %8 norm(<>) neuron(<>) quant(#qq) : tensor<4x?x16x32xi32> -> tensor<4x?x16x32xi1> loc("q")
  %9 = spike.accumulate %7 weight(#wl) quant(#qq) : tensor<4x?x16x32xi8> -> tensor<4x?x16x32xi32>
  %k = spike.fire %9 norm(<>) neuron(<>) quant(#qq) : tensor<4x?x16x32xi32> -> tensor<4x?x16x32xi1> loc("k")
  %vs = spike.accumulate %7 weight(#wl) quant(#qq) : tensor<4x?x16x32xi8> -> tensor<4x?x16x32xi32>
  %v = spike.fire %vs norm(<>) neuron(<>) quant(#qq) : tensor<4x?x16x32xi32> -> tensor<4x?x16x32xi1> loc("v")
  %10 = spike.coincide %q, %k, %v heads 2 : tensor<4x?x16x32xi1> -> tensor<4x?x16x32xi32>
  %11 = spike.fire %10 norm(<unit = 0.125>) neuron(<v_threshold = 0.5>) quant(#qt) : tensor<4x?x16x32xi32> -> tensor<4x?x16x32xi1> loc("attn")
  %12 = spike.accumulate %11 weight(#wl) quant(#qp) : tensor<4x?x16x32xi1> -> tensor<4x?x16x32xi32>
  %13 = spike.fire %12 norm(<>) neuron(<>) quant(#qp) : tensor<4x?x16x32xi32> -> tensor<4x?x16x32xi1> loc("proj")
  %14 = spike.add %7, %13 : tensor<4x?x16x32xi8>, tensor<4x?x16x32xi1> -> tensor<4x?x16x32xi8> loc("proj_add")
  %15 = spike.integrate sum %14 : tensor<4x?x16x32xi8> -> tensor<?x16x32xi8> loc("total")
  %16 = spike.accumulate %15 weight(#wl) quant(#qs) : tensor<?x16x32xi8> -> tensor<?x16x32xi32>
  %17 = spike.fire %16 norm(<>) neuron(<>) quant(#qs) : tensor<?x16x32xi32> -> tensor<4x?x16x32xi1> loc("steady")
  %18 = spike.add %14, %17 : tensor<4x?x16x32xi8>, tensor<4x?x16x32xi1> -> tensor<4x?x16x32xi8> loc("steady_add")
  %19 = spike.add %18, %14 : tensor<4x?x16x32xi8>, tensor<4x?x16x32xi8> -> tensor<4x?x16x32xi8> loc("add")
  %20 = spike.sum_tokens %19 : tensor<4x?x16x32xi8> -> tensor<4x?x32xi64>
  %21 = spike.integrate sum %20 : tensor<4x?x32xi64> -> tensor<?x32xi64>
  %22 = spike.accumulate %21 weight(#wh) quant(#qh) : tensor<?x32xi64> -> tensor<?x10xi64>
  %23 = spike.readout %22 quant(#qh) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %23 : tensor<?x10xf32>
}
