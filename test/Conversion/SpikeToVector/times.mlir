// Times that were measured decide, of the layers that they are of, on the CPU that they are of.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: echo '{"precision": "int16", "cpus": {"here": {"a": {"events": 9e-6, "dense": 7e-6, "choice": 8e-6}, "other": {"events": 1e-6}}, "there": {"a": {"events": 3, "dense": 7}}}}' > times.json
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni times=times.json cpu=here" --remarks-filter=convert-spike-to-vector -o plan.mlir 2>&1 | FileCheck %s --check-prefix=REMARK
// REMARK: loc("a"): {{.*}}"dense for avx512-vnni: 256 rows {{.*}} ns by events, {{.*}} ns by products; an image took 9.0 us by events, 7.0 us by dense, 8.0 us by choice
// RUN: FileCheck %s --check-prefix=DENSE < plan.mlir
// DENSE: spike.launch {{.*}} layer "a" sums dense
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni times=times.json cpu=there" | FileCheck %s --check-prefix=EVENTS
// EVENTS: spike.launch {{.*}} layer "a" sums events
// Of another CPU, and without a file, the cost model decides.
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni times=times.json cpu=nowhere" -o nowhere.mlir
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni" -o without.mlir && cmp nowhere.mlir without.mlir
// RUN: FileCheck %s --check-prefix=MODEL < nowhere.mlir
// MODEL: spike.launch {{.*}} layer "a" sums choice
// What is asked for goes before what was measured.
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni times=times.json cpu=here kernels=events" | FileCheck %s --check-prefix=EVENTS
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni times=times.json cpu=here kernels=choice" | FileCheck %s --check-prefix=MODEL

// A launch that chooses has to save 5 % and a microsecond.
// RUN: echo '{"precision": "int16", "cpus": {"here": {"a": {"events": 5e-6, "choice": 4e-6}}, "there": {"a": {"events": 9e-6, "choice": 7e-6}}}}' > small.json
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni times=small.json cpu=here" | FileCheck %s --check-prefix=EVENTS
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni times=small.json cpu=there" | FileCheck %s --check-prefix=MODEL
// RUN: echo '{"precision": "int16", "cpus": {"here": {"a": {"events": 1.04, "dense": 2, "choice": 1}}, "there": {"a": {"events": 1.06, "choice": 1}}}}' > near.json
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni times=near.json cpu=here" | FileCheck %s --check-prefix=EVENTS
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni times=near.json cpu=there" | FileCheck %s --check-prefix=MODEL
// RUN: echo '{"precision": "int16", "cpus": {"here": {"a": {"dense": 2, "tiles": 1}}}}' > tiles.json
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni amx times=tiles.json cpu=here" | FileCheck %s --check-prefix=TILES
// TILES: spike.launch {{.*}} layer "a" sums tiles

// RUN: not stas-opt %s --convert-spike-to-vector="lanes=16 vnni times=tiles.json cpu=here" 2>&1 | FileCheck %s --check-prefix=NO-AMX
// NO-AMX: error: tiles.json: cpu here, layer a: required a CPU with AMX-INT8 for tiles, found one without
// RUN: sed s/int16/int8/ times.json > int8.json && not stas-opt %s --convert-spike-to-vector="times=int8.json cpu=here" 2>&1 | FileCheck %s --check-prefix=INT8
// INT8: error: int8.json: required times of int16, found those of int8; measure the model in that precision with stas tune
// RUN: sed 's/"a"/"b"/g' times.json > layers.json && not stas-opt %s --convert-spike-to-vector="times=layers.json cpu=here" 2>&1 | FileCheck %s --check-prefix=LAYERS
// LAYERS: error: layers.json: cpu here: required times of layers of this model, found none; measure it with stas tune
// RUN: sed s/int16/f32/ times.json > f32.json && not stas-opt %s --convert-spike-to-vector="times=f32.json cpu=here" 2>&1 | FileCheck %s --check-prefix=F32
// F32: error: f32.json: precision: required int16 or int8, as stas tune writes it, found "f32"
// RUN: sed s/events/vents/ times.json > kernel.json && not stas-opt %s --convert-spike-to-vector="times=kernel.json cpu=here" 2>&1 | FileCheck %s --check-prefix=KERNEL
// KERNEL: error: kernel.json: cpu here, layer a: required events, dense, tiles or choice, found 'vents'
// RUN: sed s/9e-6/-1/ times.json > below.json && not stas-opt %s --convert-spike-to-vector="times=below.json cpu=here" 2>&1 | FileCheck %s --check-prefix=BELOW
// BELOW: error: below.json: cpu here, layer a: events: required seconds above 0, found -1
// RUN: sed 's/{"events": 1e-6}/[]/' times.json > list.json && not stas-opt %s --convert-spike-to-vector="times=list.json cpu=here" 2>&1 | FileCheck %s --check-prefix=LIST
// LIST: error: list.json: cpu here, layer other: required an object of times, by kernel, found a list of 0
// RUN: echo '{"precision": "int16", "cpus": {}}' > none.json && not stas-opt %s --convert-spike-to-vector="times=none.json cpu=here" 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: none.json: cpus: required times of at least one CPU, found none
// RUN: echo '{"layers": {}}' > rates.json && not stas-opt %s --convert-spike-to-vector="times=rates.json cpu=here" 2>&1 | FileCheck %s --check-prefix=RATES
// RATES: error: rates.json: required an object with `cpus`, as stas tune writes it, found none
#wi = #stas.weight<"wi" in "m.pth" at 0 : tensor<384x3x1x1xf32>>
#wa = #stas.weight<"wa" in "m.pth" at 0 : tensor<384x384xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x384xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#qi = #spike.quant<weight = #wi, norm = <>, neuron = <>, input_max = 19878, steps = 4, bits = 16, state_bits = 64>
#qa = #spike.quant<weight = #wa, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16>
#qh = #spike.quant<weight = #wh, norm = <>, input_max = 256, bits = 16, state_bits = 64>
func.func @main(%image: tensor<?x3x8x8xf32>) -> tensor<?x10xf32> {
  %pixels = spike.quantize %image scale 8192 limit 19878 : tensor<?x3x8x8xf32> -> tensor<?x3x8x8xi32>
  %0 = spike.accumulate %pixels weight(#wi) window(#image) quant(#qi) : tensor<?x3x8x8xi32> -> tensor<?x8x8x384xi64>
  %1 = spike.fire %0 norm(<>) neuron(<>) quant(#qi) : tensor<?x8x8x384xi64> -> tensor<4x?x8x8x384xi1> loc("stem")
  %2 = spike.flatten %1 : tensor<4x?x8x8x384xi1> -> tensor<4x?x64x384xi1>
  %3 = spike.accumulate %2 weight(#wa) quant(#qa) : tensor<4x?x64x384xi1> -> tensor<4x?x64x384xi32>
  %4 = spike.fire %3 norm(<>) neuron(<>) quant(#qa) : tensor<4x?x64x384xi32> -> tensor<4x?x64x384xi1> loc("a")
  %5 = spike.sum_tokens %4 : tensor<4x?x64x384xi1> -> tensor<4x?x384xi64>
  %6 = spike.integrate sum %5 : tensor<4x?x384xi64> -> tensor<?x384xi64>
  %7 = spike.accumulate %6 weight(#wh) quant(#qh) : tensor<?x384xi64> -> tensor<?x10xi64>
  %8 = spike.readout %7 quant(#qh) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %8 : tensor<?x10xf32>
}
