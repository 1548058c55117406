// Networks get cores, places and routes; what comes out is complete, keeps every limit, and is the same each time.
// RUN: stas-opt %s --verify-chip-network --chip-map --verify-chip-map --verify-chip-routes > %t.mlir
// RUN: FileCheck %s < %t.mlir
// RUN: stas-opt %s --chip-map | diff - %t.mlir
// RUN: stas-opt %t.mlir --verify-chip-network --verify-chip-map --verify-chip-routes | diff - %t.mlir
// RUN: stas-opt %s --chip-map=placer=first-fit --verify-chip-map --verify-chip-routes | FileCheck %s --check-prefix=FIRST
// RUN: stas-opt %s --chip-map=seed=2 --verify-chip-map --verify-chip-routes -o /dev/null

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x2x3x3xf32>>
#linear = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
#conv = #spike.quant<weight = #k, norm = <>, neuron = <>, input_max = 1, bits = 16>
#one = #spike.quant<norm = <>, neuron = <>, input_max = 1>
#map33 = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>
#pool = #spike.window<kernel = [1, 1], strides = [2, 2], padding = [0, 0]>

// Two chips of three cores.
chip.device @two <"two" board [1, 2] mesh [1, 3] cores_per_tile 1 neurons 32 state_bits 24 synapse_memory_kib 1
  in_axons 64 out_axons 128 programs [lif, fastweight, readout] idle updated weight_bits 8 weight_shift 8 counter_bits 4
  payload_bits 0 delay_steps 8 multicast per_core>
chip.device @trees <"trees" board [1, 1] mesh [4, 4] cores_per_tile 2 neurons 16 state_bits 24 synapse_memory_kib 1
  in_axons 64 out_axons 64 programs [lif, fastweight, readout] idle skipped weight_bits 8 weight_shift 8 counter_bits 4
  payload_bits 0 delay_steps 8 multicast tree>

chip.device @tight <"tight" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 8 state_bits 24 synapse_memory_kib 1048576
  in_axons 4 out_axons 4 programs [lif, halting, readout] idle updated weight_bits 8 weight_shift 8 payload_bits 32 delay_steps 4
  multicast tree>

// 64 neurons and 128 need two cores and four.
// CHECK-LABEL: chip.network @linear
// FIRST-LABEL: chip.network @linear
chip.network @linear on @two timesteps 1 interval 1 {
  chip.population @x lif map [1, 8] channels 8 state_bits 24 step 0 runs 1 quant(#one) rate 0.25
  chip.population @y lif map [1, 8] channels 16 state_bits 24 step 1 runs 1 quant(#linear)
  chip.synapses @w dense rows 8 columns 16 bits 8 quant(#linear)
  chip.projection @x to @y synapses @w tokens same channels all delay 0
  // FIRST: chip.core @core_0 at [0, 0, 0] {
  // FIRST: chip.core @core_5 at [0, 5, 0] {
  // CHECK: chip.core @core_0 at
  // CHECK: chip.tile @x rows [0, 1]
  // CHECK: chip.core @core_5 at
  // CHECK-NOT: chip.core
  // CHECK: chip.flow @flow_0 of @x from @core_{{.}} neurons [{{.*}}] to [@core_{{.}}] delay 0 spikes 4.000000e+00 out [{{[0-9, ]+}}] in [{{[0-9, ]+}}] via {{\[\[}}
}

// A window, a stride that leaves neurons out, heads, a mean over tokens, and two delays from one population.
// CHECK-LABEL: chip.network @mixed
chip.network @mixed on @trees timesteps 1 interval 1 {
  chip.population @image lif map [4, 4] channels 2 state_bits 24 step 0 runs 1 quant(#one)
  chip.population @stem lif map [2, 2] channels 4 state_bits 24 step 1 runs 1 quant(#conv)
  chip.population @pooled lif map [2, 2] channels 2 state_bits 24 step 1 runs 1 quant(#one)
  chip.population @y fastweight map [2, 2] channels 4 state_bits 24 step 3 runs 1 quant(#one)
  chip.population @mean readout map [1, 1] channels 4 state_bits 48 step 4 runs 1
  chip.synapses @kernel shared rows 18 columns 4 bits 8 limbs 2 quant(#conv)
  chip.synapses @counters fastweight rows 2 columns 4 bits 4
  chip.synapses @unit constant rows 1 columns 1 bits 8
  chip.projection @image to @stem synapses @kernel tokens window window(#map33) channels all delay 0
  chip.projection @image to @pooled synapses @unit tokens window window(#pool) channels same delay 0
  chip.projection @stem to @y synapses @counters port key tokens all channels group size 2 delay 0
  chip.projection @stem to @y synapses @counters port value tokens all channels same delay 0
  chip.projection @stem to @y synapses @counters port query tokens same channels group size 2 delay 1
  chip.projection @y to @mean synapses @unit tokens all channels same delay 0
  chip.projection @stem to @mean synapses @unit tokens all channels same delay 2
  // CHECK: chip.flow @flow_{{[0-9]+}} of {{.*}} out [{{[0-9]+}}] in [{{.*}}] via {{\[\[[0-9, ]*\]\]}}{{$}}
}

// x + x by two equal projections: four in-axons, and the device has no more.
// CHECK-LABEL: chip.network @twice
chip.network @twice on @tight timesteps 1 interval 1 {
  chip.population @x lif map [1, 2] channels 2 state_bits 24 step 0 runs 1 quant(#one)
  chip.population @y lif map [1, 1] channels 2 state_bits 24 step 1 runs 1 quant(#one)
  chip.synapses @unit constant rows 1 columns 1 bits 8
  chip.projection @x to @y synapses @unit tokens all channels all delay 0
  chip.projection @x to @y synapses @unit tokens all channels all delay 0
  // CHECK: chip.flow @{{flow_[0-9]+}} of @x from @core_0 neurons [0, 4] to [@core_0] delay 0 {{.*}} out [0] in [0]
  // CHECK-NOT: chip.flow
}

// Two ports by one table, delay and map.
// CHECK-LABEL: chip.network @ports
chip.network @ports on @tight timesteps 1 interval 1 {
  chip.population @halt halting map [1, 4] channels 1 payload 16777216 state_bits 32 step 0 runs 1
    halting(<alpha = 1.0, beta = -4.0>) scores [0, 16777216] last
  chip.population @mean readout map [1, 1] channels 1 state_bits 48 step 1 runs 1
  chip.synapses @unit constant rows 1 columns 1 bits 8
  chip.projection @halt to @mean synapses @unit port gain tokens all channels all delay 0
  chip.projection @halt to @mean synapses @unit port gate tokens all channels all delay 0
  // CHECK: chip.flow @{{flow_[0-9]+}} of @halt {{.*}} in [0]
  // CHECK-NOT: chip.flow
}

// What has the name of a core already keeps it.
// CHECK-LABEL: chip.network @names
chip.network @names on @two timesteps 1 interval 1 {
  chip.population @core_0 lif map [1, 1] channels 1 state_bits 24 step 0 runs 1 quant(#one)
  // CHECK: chip.core @core_0_0 at
  // CHECK: chip.tile @core_0 rows
}

// Of two channels the first alone has axons.
// CHECK-LABEL: chip.network @score
chip.network @score on @tight timesteps 1 interval 1 {
  chip.population @x lif map [1, 2] channels 2 state_bits 24 step 0 runs 1 quant(#one) rate 0.5
  chip.population @halt halting map [1, 2] channels 1 payload 33554432 state_bits 27 step 1 runs 1
    halting(<alpha = 1.0, beta = -4.0>) scores [0, 16777216] last
  chip.synapses @unit constant rows 1 columns 1 bits 8
  chip.projection @x to @halt synapses @unit port score tokens same channels first delay 0
  // CHECK: chip.flow @{{flow_[0-9]+}} of @x from @core_0 neurons [0, 1, 2, 3] to [@core_0] delay 0 spikes 1.000000e+00
}
