// Where events and products may both be the faster, a launch looks at its inputs and calls the kernel of the one or the other.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni" --remarks-filter=convert-spike-to-vector -o plan.mlir 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: FileCheck %s --check-prefixes=CHECK,BYTES < plan.mlir
// RUN: stas-opt %s --convert-spike-to-vector | FileCheck %s --check-prefixes=CHECK,PAIRS
// One family that is asked for, and what leaves no doubt, has no choice.
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni kernels=dense" | FileCheck %s --check-prefix=ONE
// RUN: echo '{"layers": {"stem": {"rate": 0.01}, "a": {"rate": 0.1}}}' > rates.json
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni rates=rates.json" | FileCheck %s --check-prefix=ONE
// A few microseconds are not worth a look, but where it is asked for.
// RUN: sed 's/384/64/g' %s > small.mlir
// RUN: stas-opt small.mlir --convert-spike-to-vector="lanes=16 vnni" | FileCheck %s --check-prefix=ONE
// RUN: stas-opt small.mlir --convert-spike-to-vector="lanes=16 vnni kernels=choice" | FileCheck %s --check-prefix=ASKED

// REMARK: loc("a"): {{.*}}"events where at most 30.6% are not zero, else dense, for avx512-vnni: 256 rows of 384 spikes, 15.0% not zero, into 384 channels by weights of 16 bits

// CHECK: %[[STEM:.*]] = spike.buffer "stem"
// CHECK: %[[PAIRS:.*]] = spike.table pairs {{.*}} : memref<147840xi16>
// BYTES-NEXT: %[[TILES:.*]] = spike.table tiles {{.*}} : memref<294912xi8>
// BYTES: spike.launch @[[CHOICE:fire_[0-9]+]](%[[STEM]], %[[PAIRS]], %[[TILES]],
// PAIRS: spike.launch @[[CHOICE:fire_[0-9]+]](%[[STEM]], %[[PAIRS]], %[[PAIRS]],
// CHECK: func.func @[[EVENTS:fire_1]]({{.*}}) attributes {spike.kernel}
// BYTES-NOT: vpdpbusd
// CHECK: func.func @[[PRODUCTS:fire_2]]({{.*}}) attributes {spike.kernel}
// BYTES: vpdpbusd
// CHECK: func.func @[[CHOICE]](%[[INPUT:arg[0-9]+]]: memref<98304xi8>, {{.*}}, %[[BEGIN:arg[0-9]+]]: index, %[[END:arg[0-9]+]]: index, %[[T:arg[0-9]+]]: index, %[[STRIDE:arg[0-9]+]]: index, %{{arg[0-9]+}}: memref<
// Of 64 rows of all images, in steps that no edge of a map falls in with, a vector of inputs at a time.
// CHECK: %[[ITEMS:.*]] = arith.subi %[[END]], %[[BEGIN]]
// CHECK: %[[ROWS:.*]] = arith.constant 64 : index
// CHECK: arith.minsi %[[ITEMS]], %[[ROWS]]
// CHECK: arith.constant 618 : index
// CHECK: arith.remui {{.*}}, %[[ITEMS]]
// CHECK: arith.divui %[[STRIDE]]
// CHECK: vector.load %[[INPUT]]
// CHECK: math.ctpop
// BYTES: %[[MOST:.*]] = arith.constant 306 : index
// CHECK: arith.cmpi ule
// CHECK: scf.if
// CHECK: func.call @[[EVENTS]](%[[INPUT]], {{.*}}%[[BEGIN]], %[[END]], %[[T]], %[[STRIDE]],
// CHECK: } else {
// CHECK: func.call @[[PRODUCTS]](%[[INPUT]], {{.*}}%[[BEGIN]], %[[END]], %[[T]], %[[STRIDE]],

// ONE: spike.launch @{{fire_[0-9]+}}({{.*}} layer "a"
// ONE-NOT: func.call
// ASKED: func.call
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
