// Staircases: one kernel without a pool; patterns and their union with one; beside them the steps whose spikes can be seen.
// More than 8 timesteps under a pool go step by step always, with a remark.
// RUN: stas-opt %s --split-input-file --convert-spike-to-vector --remarks-filter=convert-spike-to-vector 2>%t.remarks | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t.remarks

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<12x3x3x3xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x12xf32>>
#image = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true>
#pool = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>

// CHECK-LABEL: func.func @main
// CHECK: %[[MEAN:.*]] = spike.buffer "stem" : memref<288xf32>
// CHECK: spike.launch @staircase_0({{.*}}, %[[MEAN]]) extent 24 layer "stem" when unobserved :
// CHECK-NEXT: %[[S:.*]] = spike.buffer "stem.spikes" : memref<2592xi8>
// CHECK: spike.launch @fire_0({{.*}}, %[[S]]) extent 24 layer "stem" spikes 4 map [9, 4, 6, 12] work <weighted {{.*}} parts 0 max 0 steps 9 inputs[0]> when observed :
// CHECK-NEXT: spike.launch @integrate_0(%[[S]], %[[MEAN]]) extent 5 layer "stem" when observed :
// CHECK: %[[COUNT:.*]] = spike.buffer "pooled" : memref<72xi8>
// CHECK-NEXT: %[[PATTERN:.*]] = spike.buffer "pooled.pattern" : memref<288xi8>
// CHECK: spike.launch @staircase_1({{.*}}, %[[PATTERN]]) extent 24 layer "pooled" when unobserved :
// CHECK-NEXT: spike.launch @pool_patterns_0(%[[PATTERN]], %[[COUNT]]) extent 6 layer "pooled" when unobserved :
// CHECK: spike.launch @fire_1({{.*}}) extent 24 layer "pooled" spikes 4 map [8, 4, 6, 12] work <weighted {{.*}}> when observed :
// CHECK: spike.launch @max_pool_0({{.*}}) extent 6 layer "pooled" when observed :
// CHECK: spike.launch @integrate_1({{.*}}, %[[COUNT]]) extent 2 layer "pooled" when observed :
// CHECK: %[[SLOW:.*]] = spike.buffer "slow" : memref<72xf32>
// CHECK-NEXT: %[[SPIKES:.*]] = spike.buffer "slow.spikes" : memref<2592xi8>
// CHECK: spike.launch @fire_0({{.*}}, %[[SPIKES]]) extent 24 layer "slow" spikes 4 map [9, 4, 6, 12] work <weighted {{.*}}> :
// CHECK-NEXT: %[[UNITED:.*]] = spike.buffer "slow.pooled" : memref<648xi8>
// CHECK-NEXT: spike.launch @max_pool_1(%[[SPIKES]], %[[UNITED]]) extent 6 layer "slow" :
// CHECK-NEXT: spike.launch @integrate_2(%[[UNITED]], %[[SLOW]]) extent 2 layer "slow" :
// REMARK: loc("slow"): [Missed] SpikesInMemory {{.*}} Reason="a byte holds the spikes of at most 8 timesteps", Remark="the spikes of 9 timesteps are fired, pooled and integrated one after the other"
// REMARK-NOT: remark
func.func @main(%image: tensor<?x3x4x6xf32>) -> tensor<?x10xf32> {
  %0 = spike.accumulate %image weight(#w) window(#image) : tensor<?x3x4x6xf32> -> tensor<?x4x6x12xf32>
  %1 = spike.staircase mean %0 norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 9 : tensor<?x4x6x12xf32> -> tensor<?x4x6x12xf32> loc("stem")
  %2 = spike.staircase sum %0 norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 8 pool(#pool) : tensor<?x4x6x12xf32> -> tensor<?x2x3x12xi8> loc("pooled")
  %3 = spike.staircase mean %0 norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 9 pool(#pool) : tensor<?x4x6x12xf32> -> tensor<?x2x3x12xf32> loc("slow")
  %4 = spike.flatten %3 : tensor<?x2x3x12xf32> -> tensor<?x6x12xf32>
  %5 = spike.mean_tokens %4 : tensor<?x6x12xf32> -> tensor<?x12xf32>
  %6 = spike.accumulate %5 weight(#wh) : tensor<?x12xf32> -> tensor<?x10xf32>
  %7 = spike.affine %6 norm(#spike.norm<>) : tensor<?x10xf32>
  return %7 : tensor<?x10xf32>
}
