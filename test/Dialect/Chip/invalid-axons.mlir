// Axons and routes: one case or more for each rule.
// RUN: stas-opt %s --split-input-file --verify-diagnostics

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
  }
  chip.core @d {
    // expected-error @+1 {{axon_in.R1: requires a chip.flow with target @d, found none named @g}}
    chip.axon_in @g first 0
  }
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
    // expected-error @+1 {{axon_in.R1: requires a chip.flow with target @c, found another: @f}}
    chip.axon_in @f first 0
  }
  chip.core @d {
  }
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
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
    // expected-error @+1 {{axon_in.R2: requires first >= 0, found -1}}
    chip.axon_in @f first -1
  }
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
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
    // expected-error @+1 {{axon_out.R1: requires a chip.flow from @d and a target of it (none where the device has trees), found @f to d}}
    chip.axon_out @f to @d first 0
  }
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
    // expected-error @+1 {{axon_out.R1}}
    chip.axon_out @g to @d first 0
  }
  chip.core @d {
  }
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
    // expected-error @+1 {{axon_out.R1}}
    chip.axon_out @f to @c first 0
  }
  chip.core @d {
  }
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
    // expected-error @+1 {{found @f to all}}
    chip.axon_out @f first 0
  }
  chip.core @d {
  }
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast tree>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
    // expected-error @+1 {{axon_out.R1}}
    chip.axon_out @f to @d first 0
  }
  chip.core @d {
  }
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
    // expected-error @+1 {{axon_out.R2: requires first >= 0, found -1}}
    chip.axon_out @f to @d first -1
  }
  chip.core @d {
  }
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R1: requires a chip.flow and a target of it (none where the device has trees), found @g to d}}
  chip.route @g to @d via []
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R1}}
  chip.route @f to @c via []
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R1}}
  chip.route @f via []
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R1}}
  chip.route @f to @d via []
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R2: requires straight runs of four numbers on the board, along a row and then along a column, found [0, 0, 1, 1]}}
  chip.route @f to @d via [0, 0, 1, 1]
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R2}}
  chip.route @f to @d via [0, 0, 0]
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R2}}
  chip.route @f to @d via [0, 0, 0, 0]
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R2}}
  chip.route @f to @d via [0, 0, 0, 6]
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R2}}
  chip.route @f to @d via [0, 0, 2, 0]
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R2}}
  chip.route @f to @d via [-1, 0, 0, 0]
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R2}}
  chip.route @f to @d via [0, 0, 1, 0, 1, 0, 1, 2]
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R2}}
  chip.route @f to @d via [0, 0, 0, 2, 0, 3, 1, 3]
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R2}}
  chip.route @f to @d via [0, 0, 0, 2, 0, 2, 1, 2, 1, 2, 1, 4]
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
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 1.0
  // expected-error @+1 {{route.R2}}
  chip.route @f via [0, 0, 0, 6]
}
