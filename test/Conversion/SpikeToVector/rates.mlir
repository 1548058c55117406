// The kernel of a quantised layer is chosen by how many of its inputs are not zero, and by what the CPU has.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: echo '{"layers": {"in": {"rate": 0.001}, "thin": {"rate": 0.3}}}' > rates.json
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni amx rates=rates.json" | FileCheck %s --check-prefix=AMX
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni rates=rates.json" | FileCheck %s --check-prefix=VNNI
// RUN: stas-opt %s --convert-spike-to-vector="rates=rates.json" | FileCheck %s --check-prefix=AVX2
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni amx" | FileCheck %s --check-prefix=TYPICAL
// A forced kernel is taken whatever the rates.
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni amx rates=rates.json kernels=events" | FileCheck %s --check-prefix=AVX2

// RUN: not stas-opt %s --convert-spike-to-vector="rates=none.json" 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: none.json: cannot open: No such file or directory

// 0.1 % of the first layer's inputs are not zero, 30 % of the second's, and of their sum nearly as many. With AMX looking at
// an input costs more than its products with 64 channels.
// AMX: spike.table tiles
// AMX: layer "thin"
// AMX: spike.table tiles
// AMX: layer "thick"
// AMX: spike.table tiles
// AMX: layer "counted"
// VNNI: spike.table pairs
// VNNI: layer "thin"
// VNNI: spike.table tiles
// VNNI: layer "thick"
// AVX2: spike.table pairs
// AVX2: layer "thin"
// AVX2: spike.table pairs
// AVX2: layer "thick"
// AVX2: spike.table pairs
// AVX2: layer "counted"
// TYPICAL: spike.table tiles
// TYPICAL: layer "thin"
#wi = #stas.weight<"wi" in "m.pth" at 0 : tensor<64x3x3x3xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<64x64xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x64xf32>>
#window = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1], channels_first = true>
#qi = #spike.quant<weight = #wi, norm = <>, neuron = <>, input_max = 19878, steps = 2, bits = 16, state_bits = 64>
#q = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 2, bits = 8>
#qc = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 2, steps = 2, bits = 16>
#qh = #spike.quant<weight = #wh, norm = <>, input_max = 32, bits = 16, state_bits = 64>
func.func @main(%image: tensor<?x3x8x8xf32>) -> tensor<?x10xf32> {
  %pixels = spike.quantize %image scale 8192 limit 19878 : tensor<?x3x8x8xf32> -> tensor<?x3x8x8xi32>
  %0 = spike.accumulate %pixels weight(#wi) window(#window) quant(#qi) : tensor<?x3x8x8xi32> -> tensor<?x4x4x64xi64>
  %1 = spike.fire %0 norm(<>) neuron(<>) quant(#qi) : tensor<?x4x4x64xi64> -> tensor<2x?x4x4x64xi1> loc("in")
  %2 = spike.flatten %1 : tensor<2x?x4x4x64xi1> -> tensor<2x?x16x64xi1>
  %3 = spike.accumulate %2 weight(#w) quant(#q) : tensor<2x?x16x64xi1> -> tensor<2x?x16x64xi32>
  %4 = spike.fire %3 norm(<>) neuron(<>) quant(#q) : tensor<2x?x16x64xi32> -> tensor<2x?x16x64xi1> loc("thin")
  %5 = spike.accumulate %4 weight(#w) quant(#q) : tensor<2x?x16x64xi1> -> tensor<2x?x16x64xi32>
  %6 = spike.fire %5 norm(<>) neuron(<>) quant(#q) : tensor<2x?x16x64xi32> -> tensor<2x?x16x64xi1> loc("thick")
  %7 = spike.add %2, %4 : tensor<2x?x16x64xi1>, tensor<2x?x16x64xi1> -> tensor<2x?x16x64xi8>
  %8 = spike.accumulate %7 weight(#w) quant(#qc) : tensor<2x?x16x64xi8> -> tensor<2x?x16x64xi32>
  %9 = spike.fire %8 norm(<>) neuron(<>) quant(#qc) : tensor<2x?x16x64xi32> -> tensor<2x?x16x64xi1> loc("counted")
  %10 = spike.add %9, %6 : tensor<2x?x16x64xi1>, tensor<2x?x16x64xi1> -> tensor<2x?x16x64xi8>
  %11 = spike.sum_tokens %10 : tensor<2x?x16x64xi8> -> tensor<2x?x64xi64>
  %12 = spike.integrate sum %11 : tensor<2x?x64xi64> -> tensor<?x64xi64>
  %13 = spike.accumulate %12 weight(#wh) quant(#qh) : tensor<?x64xi64> -> tensor<?x10xi64>
  %14 = spike.readout %13 quant(#qh) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %14 : tensor<?x10xf32>
}
