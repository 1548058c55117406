// A model becomes a plan of launches and kernels; equal layers share a kernel.
// RUN: stas-opt %s --split-input-file --convert-spike-to-vector | FileCheck %s
// RUN: stas-opt %s --split-input-file --convert-spike-to-vector=lanes=16 | FileCheck %s --check-prefix=WIDE

#w3 = #stas.weight<"w3" in "m.pth" at 0 : tensor<12x3x3x3xf32>>
#wa = #stas.weight<"wa" in "m.pth" at 0 : tensor<12x12xf32>>
#wb = #stas.weight<"wb" in "m.pth" at 0 : tensor<12x12xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x12xf32>>
#bh = #stas.weight<"bh" in "m.pth" at 0 : tensor<10xf32>>
#window = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1], channels_first = true>

// The batch axis is gone; spikes are bytes; channels are padded to whole vectors in the constants alone.
// CHECK-LABEL: func.func @main() attributes {spike.blocks = 0 : i64, spike.image = array<i64: 1, 3, 4, 6>, spike.isa = "avx2", spike.precision = "f32"}
// CHECK-NEXT: %[[IMAGE:.*]] = spike.buffer "image" : memref<72xf32>
// CHECK-NEXT: %[[ROWS:.*]] = spike.constant <rows 12 lanes 16 weight <"w3" {{.*}}>> : memref<432xf32>
// CHECK-NEXT: %[[SCALE:.*]] = spike.constant <scale 12 lanes 16 norm <>> : memref<16xf32>
// CHECK-NEXT: %[[SHIFT:.*]] = spike.constant <shift 12 lanes 16 norm <>> : memref<16xf32>
// CHECK-NEXT: %[[S0:.*]] = spike.buffer "stem" : memref<144xi8>
// CHECK-NEXT: spike.launch @fire_0(%[[IMAGE]], %[[ROWS]], %[[SCALE]], %[[SHIFT]], %[[S0]]) extent 6 layer "stem" spikes 4 map [2, 2, 3, 12]
// CHECK-NOT: spike.buffer "flatten"
// CHECK: %[[S1:.*]] = spike.buffer "a" : memref<144xi8>
// CHECK-NEXT: spike.launch @fire_1(%[[S0]], {{.*}}, %[[S1]]) extent 6 layer "a" spikes 4 tokens [2, 6, 12]
// CHECK: %[[S2:.*]] = spike.buffer "b" : memref<144xi8>
// CHECK-NEXT: spike.launch @fire_1(%[[S1]], {{.*}}, %[[S2]]) extent 6 layer "b" spikes 4 tokens [2, 6, 12]
// CHECK: %[[A:.*]] = spike.buffer "attn" : memref<144xi8>
// CHECK-NEXT: spike.launch @attention_0(%[[S1]], %[[S2]], %[[S2]], %[[A]]) extent 4 layer "attn" spikes 3 tokens [2, 6, 12]
// CHECK: spike.launch @add_0(%[[S0]], %[[A]], %{{.*}}) extent 3 layer "add"
// CHECK: spike.launch @mean_tokens_0({{.*}}) extent 1
// CHECK: spike.launch @integrate_0({{.*}}) extent 1
// CHECK: %[[LOGITS:.*]] = spike.buffer "head" : memref<10xf32>
// CHECK-NEXT: spike.launch @affine_0({{.*}}, %[[LOGITS]]) extent 1 layer "head"
// CHECK-NEXT: spike.outputs image(%[[IMAGE]] : memref<72xf32>) logits(%[[LOGITS]] : memref<10xf32>)
// CHECK-NEXT: return
// CHECK-DAG: func.func @fire_0({{.*}}: memref<72xf32>, {{.*}}: index, {{.*}}: index, {{.*}}: index, {{.*}}: memref<{{[0-9]+}}xi8>) attributes {spike.kernel}
// CHECK-DAG: func.func @fire_1(
// CHECK-DAG: func.func @attention_0(
// CHECK-NOT: @fire_2
// WIDE: spike.constant <rows 12 lanes 16 weight <"w3" {{.*}}>> : memref<432xf32>
// WIDE: vector<16xf32>
// WIDE-NOT: vector<8xf32>
func.func @main(%image: tensor<?x3x4x6xf32>) -> tensor<?x10xf32> {
  %0 = spike.accumulate %image weight(#w3) window(#window) : tensor<?x3x4x6xf32> -> tensor<?x2x3x12xf32>
  %1 = spike.fire %0 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x2x3x12xf32> -> tensor<2x?x2x3x12xi1> loc("stem")
  %2 = spike.flatten %1 : tensor<2x?x2x3x12xi1> -> tensor<2x?x6x12xi1>
  %3 = spike.accumulate %2 weight(#wa) : tensor<2x?x6x12xi1> -> tensor<2x?x6x12xf32>
  %4 = spike.fire %3 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<2x?x6x12xf32> -> tensor<2x?x6x12xi1> loc("a")
  %5 = spike.accumulate %4 weight(#wb) : tensor<2x?x6x12xi1> -> tensor<2x?x6x12xf32>
  %6 = spike.fire %5 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<2x?x6x12xf32> -> tensor<2x?x6x12xi1> loc("b")
  %7 = spike.coincide %4, %6, %6 heads 4 : tensor<2x?x6x12xi1> -> tensor<2x?x6x12xi32>
  %8 = spike.fire %7 norm(#spike.norm<unit = 0.125>) neuron(#stas.lif<v_threshold = 0.5>)
      : tensor<2x?x6x12xi32> -> tensor<2x?x6x12xi1> loc("attn")
  %9 = spike.add %2, %8 : tensor<2x?x6x12xi1>, tensor<2x?x6x12xi1> -> tensor<2x?x6x12xi8>
  %10 = spike.mean_tokens %9 : tensor<2x?x6x12xi8> -> tensor<2x?x12xf32>
  %11 = spike.integrate mean %10 : tensor<2x?x12xf32> -> tensor<?x12xf32>
  %12 = spike.accumulate %11 weight(#wh) : tensor<?x12xf32> -> tensor<?x10xf32>
  %13 = spike.affine %12 norm(#spike.norm<bias = #bh>) : tensor<?x10xf32> loc("head")
  return %13 : tensor<?x10xf32>
}

// -----

// A name that a function has already is not taken again; attributes of the argument go with it.
#wa = #stas.weight<"wa" in "m.pth" at 0 : tensor<10x12xf32>>
// CHECK-LABEL: func.func private @affine_0(index)
func.func private @affine_0(index)
// CHECK-LABEL: func.func @main()
// CHECK: spike.launch @affine_1
func.func @main(%image: tensor<?x3x2x2xf32> {stas.note = "image"}) -> tensor<?x10xf32> {
  %0 = spike.accumulate %image weight(#stas.weight<"w" in "m.pth" at 0 : tensor<12x3x2x2xf32>>)
      window(#spike.window<kernel = [2, 2], strides = [1, 1], padding = [0, 0], channels_first = true>)
      : tensor<?x3x2x2xf32> -> tensor<?x1x1x12xf32>
  %1 = spike.fire %0 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x1x1x12xf32> -> tensor<1x?x1x1x12xi1>
  %2 = spike.flatten %1 : tensor<1x?x1x1x12xi1> -> tensor<1x?x1x12xi1>
  %3 = spike.mean_tokens %2 : tensor<1x?x1x12xi1> -> tensor<1x?x12xf32>
  %4 = spike.integrate mean %3 : tensor<1x?x12xf32> -> tensor<?x12xf32>
  %5 = spike.accumulate %4 weight(#wa) : tensor<?x12xf32> -> tensor<?x10xf32>
  %6 = spike.affine %5 norm(#spike.norm<>) : tensor<?x10xf32>
  return %6 : tensor<?x10xf32>
}
