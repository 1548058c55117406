// The device's attribute in its shortest and longest form: what is a default is not printed.
// RUN: stas-opt %s | FileCheck %s

// CHECK: @hardware
func.func private @hardware() attributes {
  // CHECK-SAME: a = #chip.hardware<"a" board[1, 1] mesh[1, 1] cores_per_tile 1 neurons 1 state_bits 8 synapse_memory_kib 1 in_axons 1 out_axons 1 programs[lif] idle updated weight_bits 8 weight_shift 0 payload_bits 0 delay_steps 0 multicast per_core>,
  a = #chip.hardware<"a" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 1 state_bits 8 synapse_memory_kib 1 in_axons 1
    out_axons 1 programs [lif] idle updated weight_bits 8 weight_shift 0 payload_bits 0 delay_steps 0
    multicast per_core>,
  // CHECK-SAME: b = #chip.hardware<"b" board[2, 3] mesh[4, 5] cores_per_tile 6 link_messages 7 neurons 8 state_bits 9 synapse_memory_kib 10 in_axons 11 out_axons 12 programs[input, fastweight] idle skipped weight_bits 13 weight_shift 14 counter_bits 16 payload_bits 17 delay_steps 18 multicast tree profile "p">
  b = #chip.hardware<"b" board [2, 3] mesh [4, 5] cores_per_tile 6 link_messages 7 neurons 8 state_bits 9
    synapse_memory_kib 10 in_axons 11 out_axons 12 programs [input, fastweight] idle skipped weight_bits 13
    weight_shift 14 counter_bits 16 payload_bits 17 delay_steps 18 multicast tree profile "p">
}
