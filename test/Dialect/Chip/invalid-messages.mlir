// Axons and routes of flows: one case or more for each rule.
// RUN: stas-opt %s --split-input-file --verify-diagnostics

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R5: requires 1 out-axons >= 0 (one where the device has trees) and 1 in-axons >= 0, found out [0, 32] and in [0]}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0, 32] in [0]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R5: requires 2 out-axons}}
  chip.flow @f of @x from @c neurons [0, 32] to [@c, @d] delay 0 spikes 1.0 out [0] in [0, 0]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast tree>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R5: requires 1 out-axons >= 0 (one where the device has trees) and 2 in-axons}}
  chip.flow @f of @x from @c neurons [0, 32] to [@c, @d] delay 0 spikes 1.0 out [0, 32] in [0, 0]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast tree>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R5: requires 1 out-axons >= 0 (one where the device has trees) and 2 in-axons >= 0, found out [0] and in [0]}}
  chip.flow @f of @x from @c neurons [0, 32] to [@c, @d] delay 0 spikes 1.0 out [0] in [0]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R5: requires 1 out-axons >= 0 (one where the device has trees) and 1 in-axons >= 0, found out [0] and in []}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in []
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{found out [-1] and in [0]}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [-1] in [0]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{found out [0] and in [-1]}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [-1]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires 2 routes (one where the device has trees), found 1}}
  chip.flow @f of @x from @c neurons [0, 32] to [@c, @d] delay 0 spikes 1.0 out [0, 32] in [0, 0] via [[]]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast tree>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires 1 routes (one where the device has trees), found 2}}
  chip.flow @f of @x from @c neurons [0, 32] to [@c, @d] delay 0 spikes 1.0 out [0] in [0, 0] via [[], []]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires 1 routes (one where the device has trees), found 0}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0] via []
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires straight runs of four numbers on the board, along a row and then along a column, found [0, 0, 0]}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0] via [[0, 0, 0]]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires straight runs}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0] via [[0, 0, 1, 1]]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires straight runs}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0] via [[0, 0, 0, 0]]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires straight runs}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0] via [[0, 0, 2, 0]]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires straight runs}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0] via [[0, 0, 0, 6]]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires straight runs}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0] via [[-1, 0, 0, 0]]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires straight runs}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0] via [[0, 0, 1, 0, 1, 0, 1, 2]]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires straight runs}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0] via [[0, 0, 0, 2, 0, 3, 1, 3]]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires straight runs}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0] via [[0, 0, 0, 2, 0, 2, 1, 2, 1, 2, 1, 4]]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires straight runs}}
  chip.flow @f of @x from @c neurons [0, 32] to [@c, @d] delay 0 spikes 1.0 out [0, 32] in [0, 0] via [[], [0, 0, 1, 1]]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast tree>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{flow.R6: requires straight runs}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0] via [[0, 0, 0, 6]]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
  }
  // expected-error @+1 {{expected '['}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0] via [x]
}
