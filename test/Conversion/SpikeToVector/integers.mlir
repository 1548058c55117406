// Quantised layers become kernels on integers, whose tables follow from the kernel that is chosen.
// RUN: stas-opt %s --convert-spike-to-vector | FileCheck %s --check-prefixes=CHECK,EVENTS
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni kernels=dense" | FileCheck %s --check-prefixes=CHECK,DENSE
// RUN: stas-opt %s --convert-spike-to-vector="lanes=16 vnni amx kernels=tiles" | FileCheck %s --check-prefixes=CHECK,TILES

#wi = #stas.weight<"wi" in "m.pth" at 0 : tensor<12x3x3x3xf32>>
#wa = #stas.weight<"wa" in "m.pth" at 0 : tensor<12x12xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x12xf32>>
#window = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1], channels_first = true>
#qi = #spike.quant<weight = #wi, norm = <>, neuron = <>, input_max = 19878, steps = 2, bits = 16, state_bits = 64>
#qa = #spike.quant<weight = #wa, norm = <>, neuron = <>, input_max = 1, steps = 2, bits = 16>
#qs = #spike.quant<weight = #wa, norm = <>, neuron = <reset = soft>, input_max = 1, steps = 2, bits = 8>
#qt = #spike.quant<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 18, steps = 2>
#qh = #spike.quant<weight = #wh, norm = <>, input_max = 36, bits = 16, state_bits = 64>

// CHECK-LABEL: func.func @main()
// CHECK: %[[IMAGE:.*]] = spike.buffer "image" : memref<72xf32>
// CHECK-NEXT: %[[PIXELS:.*]] = spike.buffer "quantize" : memref<72xi32>
// CHECK-NEXT: spike.launch @quantize_0(%[[IMAGE]], %[[PIXELS]]) extent 2
// The image's sums are i64; a steady current with hard reset needs no recurrence.
// CHECK-NEXT: %[[ROWS:.*]] = spike.table rows {{.*}} : memref<864xi16>
// CHECK-NEXT: %[[CUTS:.*]] = spike.table cuts {{.*}} : memref<64xi64>
// CHECK-NEXT: %[[STEM:.*]] = spike.buffer "stem" : memref<144xi8>
// CHECK-NEXT: spike.launch @fire_0(%[[PIXELS]], %[[ROWS]], %[[CUTS]], %[[STEM]]) extent 6 layer "stem" sums events spikes 3 map [2, 2, 3, 12]
// EVENTS: %[[W:.*]] = spike.table pairs {{.*}} : memref<416xi16>
// DENSE: %[[W:.*]] = spike.table tiles {{.*}} : memref<4096xi8>
// TILES: %[[W:.*]] = spike.table tiles {{.*}} : memref<4096xi8>
// CHECK-NEXT: %[[B:.*]] = spike.table bias {{.*}} : memref<32xi32>
// CHECK-NEXT: %[[T:.*]] = spike.table threshold {{.*}} : memref<32xi32>
// CHECK-NEXT: %[[A:.*]] = spike.buffer "a" : memref<144xi8>
// CHECK-NEXT: spike.launch @fire_1(%[[STEM]], %[[W]], %[[W]], %[[B]], %[[T]], %[[A]]) extent 6 layer "a"
// Weights of 8 bits have one limb.
// EVENTS: spike.table pairs {{.*}} : memref<416xi16>
// DENSE: spike.table tiles {{.*}} : memref<2048xi8>
// CHECK: spike.table bias
// CHECK-NEXT: spike.table threshold
// CHECK-NEXT: spike.table reset {{.*}} : memref<32xi32>
// CHECK: spike.launch @fire_2({{.*}}) extent 6 layer "soft"
// CHECK: spike.launch @attention_0({{.*}}) extent 4 layer "attn"
// CHECK: spike.launch @sum_tokens_0
// CHECK: spike.launch @integrate_0
// CHECK: spike.table rows {{.*}} : memref<384xi16>
// CHECK-NEXT: spike.table bias {{.*}} : memref<32xi64>
// CHECK-NEXT: spike.table unit {{.*}} : memref<1xf64>
// CHECK: spike.launch @readout_0({{.*}}) extent 1 layer "head"
// EVENTS: func.func @fire_1
// EVENTS: "llvm.x86.avx2.pmadd.wd"
// DENSE: func.func @fire_1
// DENSE: "llvm.x86.avx512.vpdpbusd.512"
// TILES: func.func @fire_1
// TILES: amx.tile_muli
func.func @main(%image: tensor<?x3x4x6xf32>) -> tensor<?x10xf32> {
  %pixels = spike.quantize %image scale 8192 limit 19878 : tensor<?x3x4x6xf32> -> tensor<?x3x4x6xi32>
  %0 = spike.accumulate %pixels weight(#wi) window(#window) quant(#qi) : tensor<?x3x4x6xi32> -> tensor<?x2x3x12xi64>
  %1 = spike.fire %0 norm(<>) neuron(<>) quant(#qi) : tensor<?x2x3x12xi64> -> tensor<2x?x2x3x12xi1> loc("stem")
  %2 = spike.flatten %1 : tensor<2x?x2x3x12xi1> -> tensor<2x?x6x12xi1>
  %3 = spike.accumulate %2 weight(#wa) quant(#qa) : tensor<2x?x6x12xi1> -> tensor<2x?x6x12xi32>
  %4 = spike.fire %3 norm(<>) neuron(<>) quant(#qa) : tensor<2x?x6x12xi32> -> tensor<2x?x6x12xi1> loc("a")
  %5 = spike.accumulate %4 weight(#wa) quant(#qs) : tensor<2x?x6x12xi1> -> tensor<2x?x6x12xi32>
  %6 = spike.fire %5 norm(<>) neuron(<reset = soft>) quant(#qs) : tensor<2x?x6x12xi32> -> tensor<2x?x6x12xi1> loc("soft")
  %7 = spike.coincide %4, %6, %6 heads 4 : tensor<2x?x6x12xi1> -> tensor<2x?x6x12xi32>
  %8 = spike.fire %7 norm(<unit = 0.125>) neuron(<v_threshold = 0.5>) quant(#qt)
      : tensor<2x?x6x12xi32> -> tensor<2x?x6x12xi1> loc("attn")
  %9 = spike.add %2, %8 : tensor<2x?x6x12xi1>, tensor<2x?x6x12xi1> -> tensor<2x?x6x12xi8>
  %10 = spike.sum_tokens %9 : tensor<2x?x6x12xi8> -> tensor<2x?x12xi64>
  %11 = spike.integrate sum %10 : tensor<2x?x12xi64> -> tensor<?x12xi64>
  %12 = spike.accumulate %11 weight(#wh) quant(#qh) : tensor<?x12xi64> -> tensor<?x10xi64>
  %13 = spike.readout %12 quant(#qh) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %13 : tensor<?x10xf32>
}
