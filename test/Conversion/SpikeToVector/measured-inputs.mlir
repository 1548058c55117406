// What `stas run --rates` counted of a layer's inputs decides, not the rate of the neurons before it: that counts halted
// tokens, too, and no rate says what a sum or a pool holds.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: echo '{"layers": {"stem": {"rate": 0.5}, "conv": {"rate": 0.5}}, "inputs": {"image": {"rows": [128]}, "map": {"rows": [128], "nonzero": [1024]}, "tokens": {"rows": [32, 0], "nonzero": [64, 0]}}}' > rates.json
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni rates=rates.json" --remarks-filter=convert-spike-to-vector -o plan.mlir 2>&1 | FileCheck %s
// Of two images 1,024 of 2 * 64 * 32 pixels' channels are not zero, and 64 of 32 * 32 tokens'. Of the elements of windows of 3 x 3
// on a map of 8 x 8, (22 / 24)^2 are on it: 0.84 * (9 * 3.9 + 288 * 0.25 * 0.25).
// CHECK: loc("conv"): {{.*}} 256 rows of 288 spikes in windows of 32 channels, 25.0% not zero, into 32 channels by weights of 16 bits; a row takes 19.8 ns by events, 29.4 ns by products
// CHECK: loc("a"): {{.*}} 256 rows of 32 spikes, 6.2% not zero

// A layer of which no row ran, or that has real inputs, says nothing: the rate decides.
// RUN: echo '{"layers": {"stem": {"rate": 0.5}, "conv": {"rate": 0.5}}, "inputs": {"map": {"rows": [], "nonzero": []}, "tokens": {"rows": [0, 0], "nonzero": [0, 0]}}}' > none.json
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni rates=none.json" --remarks-filter=convert-spike-to-vector -o plan.mlir 2>&1 | FileCheck %s --check-prefix=RATE
// RATE: loc("conv"): {{.*}}, 50.0% not zero
// RATE: loc("a"): {{.*}}, 50.0% not zero

// More than there are: as many as there are.
// RUN: echo '{"layers": {}, "inputs": {"tokens": {"rows": [1], "nonzero": [99]}}}' > many.json
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni rates=many.json" --remarks-filter=convert-spike-to-vector -o plan.mlir 2>&1 | FileCheck %s --check-prefix=MANY
// MANY: loc("a"): {{.*}}, 100.0% not zero

// RUN: echo '{"layers": {}, "inputs": {"tokens": {"rows": [-1], "nonzero": [1]}}}' > bad.json
// RUN: not stas-opt %s --convert-spike-to-vector="rates=bad.json" 2>&1 | FileCheck %s --check-prefix=BAD -DFOUND='{"nonzero":[1],"rows":[-1]}'
// RUN: echo '{"layers": {}, "inputs": {"tokens": {"nonzero": 1.5}}}' > bad.json
// RUN: not stas-opt %s --convert-spike-to-vector="rates=bad.json" 2>&1 | FileCheck %s --check-prefix=BAD -DFOUND='{"nonzero":1.5}'
// RUN: echo '{"layers": {}, "inputs": {"tokens": {"nonzero": [1, 2], "rows": [1]}}}' > bad.json
// RUN: not stas-opt %s --convert-spike-to-vector="rates=bad.json" 2>&1 | FileCheck %s --check-prefix=BAD -DFOUND='{"nonzero":[1,2],"rows":[1]}'
// BAD: error: bad.json: inputs of layer tokens: required rows and nonzero as lists of whole numbers from 0, a number for each timestep, found [[FOUND]]
// RUN: echo '{"layers": {}, "inputs": 3}' > bad.json
// RUN: not stas-opt %s --convert-spike-to-vector="rates=bad.json" 2>&1 | FileCheck %s --check-prefix=NO-LAYERS
// NO-LAYERS: error: bad.json: inputs: required an object of layers, found 3
// RUN: echo '{"layers": {}, "version": 99}' > bad.json
// RUN: not stas-opt %s --convert-spike-to-vector="rates=bad.json" 2>&1 | FileCheck %s --check-prefix=VERSION
// VERSION: error: bad.json: version: required 1, found 99; measure anew with stas run --rates
#wi = #stas.weight<"wi" in "m.pth" at 0 : tensor<32x3x3x3xf32>>
#wc = #stas.weight<"wc" in "m.pth" at 0 : tensor<32x32x3x3xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<32x32xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x32xf32>>
#image = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#window = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1]>
#qi = #spike.quant<weight = #wi, norm = <>, neuron = <>, input_max = 19878, steps = 4, bits = 16, state_bits = 64>
#qc = #spike.quant<weight = #wc, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#q = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 8>
#qh = #spike.quant<weight = #wh, norm = <>, input_max = 256, bits = 16, state_bits = 64>
func.func @main(%image: tensor<?x3x8x8xf32>) -> tensor<?x10xf32> {
  %pixels = spike.quantize %image scale 8192 limit 19878 : tensor<?x3x8x8xf32> -> tensor<?x3x8x8xi32>
  %0 = spike.accumulate %pixels weight(#wi) window(#image) quant(#qi) : tensor<?x3x8x8xi32> -> tensor<?x8x8x32xi64> loc("image")
  %1 = spike.fire %0 norm(<>) neuron(<>) quant(#qi) : tensor<?x8x8x32xi64> -> tensor<4x?x8x8x32xi1> loc("stem")
  %2 = spike.accumulate %1 weight(#wc) window(#window) quant(#qc) : tensor<4x?x8x8x32xi1> -> tensor<4x?x8x8x32xi32> loc("map")
  %3 = spike.fire %2 norm(<>) neuron(<>) quant(#qc) : tensor<4x?x8x8x32xi32> -> tensor<4x?x8x8x32xi1> loc("conv")
  %4 = spike.flatten %3 : tensor<4x?x8x8x32xi1> -> tensor<4x?x64x32xi1>
  %5 = spike.accumulate %4 weight(#w) quant(#q) : tensor<4x?x64x32xi1> -> tensor<4x?x64x32xi32> loc("tokens")
  %6 = spike.fire %5 norm(<>) neuron(<>) quant(#q) : tensor<4x?x64x32xi32> -> tensor<4x?x64x32xi1> loc("a")
  %7 = spike.sum_tokens %6 : tensor<4x?x64x32xi1> -> tensor<4x?x32xi64>
  %8 = spike.integrate sum %7 : tensor<4x?x32xi64> -> tensor<?x32xi64>
  %9 = spike.accumulate %8 weight(#wh) quant(#qh) : tensor<?x32xi64> -> tensor<?x10xi64>
  %10 = spike.readout %9 quant(#qh) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %10 : tensor<?x10xf32>
}
