// By which kernel a layer's inputs are summed, from how many of them are not zero: a remark says both.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: echo '{"layers": {"stem": {"rate": 0.25}, "conv": {"rate": 0.2}, "a": {"rate": 0.05}, "b": {"rate": 0.5}}}' > rates.json
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni rates=rates.json" --remarks-filter=convert-spike-to-vector -o plan.mlir 2>&1 | FileCheck %s
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni amx rates=rates.json" --remarks-filter=convert-spike-to-vector -o plan.mlir 2>&1 | FileCheck %s --check-prefix=AMX

// The image and the classifier have one kernel only, and no remark. A quarter of the stem's neurons fire at a timestep, a
// quarter to all of them at one of four: half of the sums are taken not to be zero.
// CHECK-NOT: loc("stem")
// CHECK: loc("conv"): [Analysis] SumsKernel {{.*}}Remark="dense for avx512-vnni: 64 rows of 288 counts in windows of 32 channels, 50.0% not zero, into 32 channels by weights of 16 bits; a row takes 35.8 ns by events, 29.4 ns by products"
// A pool's windows of nine neurons hold as much as three independent ones: 1 - 0.8^3.
// CHECK: loc("a"): [Analysis] SumsKernel {{.*}}dense for avx512-vnni: 64 rows of 32 spikes, 48.8% not zero, into 32 channels by weights of 8 bits
// CHECK: loc("b"): [Analysis] SumsKernel {{.*}}events for avx512-vnni: 64 rows of 32 spikes, 5.0% not zero, into 32 channels
// What is added fires independently: 1 - 0.95 * 0.5, and with the pool 1 - 0.95 * 0.5 * 0.512.
// CHECK: loc("c"): [Analysis] SumsKernel {{.*}} 64 rows of 32 counts, 52.5% not zero
// CHECK: loc("d"): [Analysis] SumsKernel {{.*}} 64 rows of 32 counts, 75.7% not zero
// CHECK-NOT: SumsKernel

// The stream of a halting encoder goes from block to block, and each adds to it: 1 - 0.788 * 0.85.
// RUN: stas-opt %S/../SpikeToGPU/Inputs/act.mlir --convert-spike-to-vector="lanes=16 vnni" --remarks-filter=convert-spike-to-vector -o plan.mlir 2>&1 | FileCheck %s --check-prefix=ACT
// ACT: loc("b0.q"): {{.*}} counts, 21.2% not zero
// ACT: loc("b0.proj"): {{.*}} spikes, 15.0% not zero
// ACT: loc("b1.q"): {{.*}} counts, 33.0% not zero

// AMX: loc("conv"): {{.*}}tiles for amx: 64 rows of 288 counts in windows of 32 channels, 50.0% not zero
#wi = #stas.weight<"wi" in "m.pth" at 0 : tensor<32x3x3x3xf32>>
#wc = #stas.weight<"wc" in "m.pth" at 0 : tensor<32x32x3x3xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<32x32xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x32xf32>>
#image = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#window = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1]>
#pool = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
#qi = #spike.quant<weight = #wi, norm = <>, neuron = <>, input_max = 19878, steps = 4, bits = 16, state_bits = 64>
#qc = #spike.quant<weight = #wc, norm = <>, neuron = <>, input_max = 4, steps = 4, bits = 16>
#q = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 8>
#qn = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 4, bits = 16>
#qh = #spike.quant<weight = #wh, norm = <>, input_max = 256, bits = 16, state_bits = 64>
func.func @main(%image: tensor<?x3x8x8xf32>) -> tensor<?x10xf32> {
  %pixels = spike.quantize %image scale 8192 limit 19878 : tensor<?x3x8x8xf32> -> tensor<?x3x8x8xi32>
  %0 = spike.accumulate %pixels weight(#wi) window(#image) quant(#qi) : tensor<?x3x8x8xi32> -> tensor<?x8x8x32xi64>
  %1 = spike.fire %0 norm(<>) neuron(<>) quant(#qi) : tensor<?x8x8x32xi64> -> tensor<4x?x8x8x32xi1> loc("stem")
  %2 = spike.integrate sum %1 : tensor<4x?x8x8x32xi1> -> tensor<?x8x8x32xi8>
  %3 = spike.accumulate %2 weight(#wc) window(#window) quant(#qc) : tensor<?x8x8x32xi8> -> tensor<?x8x8x32xi32>
  %4 = spike.fire %3 norm(<>) neuron(<>) quant(#qc) : tensor<?x8x8x32xi32> -> tensor<4x?x8x8x32xi1> loc("conv")
  %5 = spike.max_pool %4 window(#pool) : tensor<4x?x8x8x32xi1> -> tensor<4x?x4x4x32xi1> loc("pool")
  %6 = spike.flatten %5 : tensor<4x?x4x4x32xi1> -> tensor<4x?x16x32xi1>
  %7 = spike.accumulate %6 weight(#w) quant(#q) : tensor<4x?x16x32xi1> -> tensor<4x?x16x32xi32>
  %8 = spike.fire %7 norm(<>) neuron(<>) quant(#q) : tensor<4x?x16x32xi32> -> tensor<4x?x16x32xi1> loc("a")
  %9 = spike.accumulate %8 weight(#w) quant(#q) : tensor<4x?x16x32xi1> -> tensor<4x?x16x32xi32>
  %10 = spike.fire %9 norm(<>) neuron(<>) quant(#q) : tensor<4x?x16x32xi32> -> tensor<4x?x16x32xi1> loc("b")
  %11 = spike.add %8, %10 : tensor<4x?x16x32xi1>, tensor<4x?x16x32xi1> -> tensor<4x?x16x32xi8>
  %12 = spike.accumulate %11 weight(#w) quant(#qn) : tensor<4x?x16x32xi8> -> tensor<4x?x16x32xi32>
  %13 = spike.fire %12 norm(<>) neuron(<>) quant(#qn) : tensor<4x?x16x32xi32> -> tensor<4x?x16x32xi1> loc("c")
  %14 = spike.add %11, %6 : tensor<4x?x16x32xi8>, tensor<4x?x16x32xi1> -> tensor<4x?x16x32xi8>
  %15 = spike.accumulate %14 weight(#w) quant(#qn) : tensor<4x?x16x32xi8> -> tensor<4x?x16x32xi32>
  %16 = spike.fire %15 norm(<>) neuron(<>) quant(#qn) : tensor<4x?x16x32xi32> -> tensor<4x?x16x32xi1> loc("d")
  %17 = spike.add %13, %16 : tensor<4x?x16x32xi1>, tensor<4x?x16x32xi1> -> tensor<4x?x16x32xi8>
  %18 = spike.sum_tokens %17 : tensor<4x?x16x32xi8> -> tensor<4x?x32xi64>
  %19 = spike.integrate sum %18 : tensor<4x?x32xi64> -> tensor<?x32xi64>
  %20 = spike.accumulate %19 weight(#wh) quant(#qh) : tensor<?x32xi64> -> tensor<?x10xi64>
  %21 = spike.readout %20 quant(#qh) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %21 : tensor<?x10xf32>
}
