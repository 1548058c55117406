// Cores, tiles and flows: one case or more for each rule.
// RUN: stas-opt %s --split-input-file --verify-diagnostics

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{core.R1: requires a place of three numbers below [2, 6, 4], found [2, 0, 0]}}
  chip.core @c at [2, 0, 0] {}
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{core.R1: requires a place of three numbers below [2, 6, 4], found [0, 6, 0]}}
  chip.core @c at [0, 6, 0] {}
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{core.R1: requires a place of three numbers below [2, 6, 4], found [0, 0, 4]}}
  chip.core @c at [0, 0, 4] {}
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{core.R1: requires a place of three numbers below [2, 6, 4], found [-1, 0, 0]}}
  chip.core @c at [-1, 0, 0] {}
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{core.R1: requires a place of three numbers below [2, 6, 4], found [0, 0]}}
  chip.core @c at [0, 0] {}
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{core.R1: requires a place of three numbers below [2, 6, 4], found []}}
  chip.core @c at [] {}
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
    // expected-error @+1 {{tile.R1: requires a chip.population of the network, found none named @y}}
    chip.tile @y rows [0, 2] columns [0, 2] channels [0, 8]
  }
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
    // expected-error @+1 {{tile.R2: requires ranges within map [2, 2] and 8 channels, none of them empty, found [0, 3], [0, 2] and [0, 8]}}
    chip.tile @x rows [0, 3] columns [0, 2] channels [0, 8]
  }
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
    // expected-error @+1 {{tile.R2}}
    chip.tile @x rows [0, 2] columns [1, 1] channels [0, 8]
  }
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
    // expected-error @+1 {{tile.R2}}
    chip.tile @x rows [0, 2] columns [0, 2] channels [-1, 8]
  }
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
    // expected-error @+1 {{tile.R2}}
    chip.tile @x rows [0] columns [0, 2] channels [0, 8]
  }
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  chip.core @c {
    // expected-error @+1 {{tile.R2}}
    chip.tile @x rows [0, 2] columns [0, 2] channels [0, 1, 2, 3]
  }
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  chip.population @x lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
  // expected-error @+1 {{op expects parent op 'chip.core'}}
  chip.tile @x rows [0, 1] columns [0, 1] channels [0, 1]
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
  // expected-error @+1 {{flow.R1: requires a chip.population of the network, found none named @y}}
  chip.flow @f of @y from @c neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0]
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
  // expected-error @+1 {{flow.R1: requires a chip.core of the network, found none named @e}}
  chip.flow @f of @x from @e neurons [0, 32] to [@d] delay 0 spikes 1.0 out [0] in [0]
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
  // expected-error @+1 {{flow.R1: requires a chip.core of the network, found none named @x}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d, @x] delay 0 spikes 1.0 out [0, 32] in [0, 32]
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
  // expected-error @+1 {{flow.R2: requires ranges of neurons from 0 to 32 that are not empty, rise and do not touch, found [0, 33]}}
  chip.flow @f of @x from @c neurons [0, 33] to [@d] delay 0 spikes 1.0 out [0] in [0]
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
  // expected-error @+1 {{flow.R2}}
  chip.flow @f of @x from @c neurons [] to [@d] delay 0 spikes 1.0 out [0] in [0]
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
  // expected-error @+1 {{flow.R2}}
  chip.flow @f of @x from @c neurons [0] to [@d] delay 0 spikes 1.0 out [0] in [0]
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
  // expected-error @+1 {{flow.R2}}
  chip.flow @f of @x from @c neurons [-1, 3] to [@d] delay 0 spikes 1.0 out [0] in [0]
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
  // expected-error @+1 {{flow.R2}}
  chip.flow @f of @x from @c neurons [2, 2] to [@d] delay 0 spikes 1.0 out [0] in [0]
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
  // expected-error @+1 {{flow.R2}}
  chip.flow @f of @x from @c neurons [0, 2, 2, 4] to [@d] delay 0 spikes 1.0 out [0] in [0]
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
  // expected-error @+1 {{flow.R2}}
  chip.flow @f of @x from @c neurons [4, 6, 0, 2] to [@d] delay 0 spikes 1.0 out [0] in [0]
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
  // expected-error @+1 {{flow.R3: requires at least one target and none twice}}
  chip.flow @f of @x from @c neurons [0, 32] to [] delay 0 spikes 1.0 out [] in []
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
  // expected-error @+1 {{flow.R3}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d, @d] delay 0 spikes 1.0 out [0, 32] in [0, 32]
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
  // expected-error @+1 {{flow.R4: requires a delay >= 0 and spikes that are finite and not negative, found -1 and 1.0}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay -1 spikes 1.0 out [0] in [0]
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
  // expected-error @+1 {{flow.R4}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes -1.0 out [0] in [0]
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
  // expected-error @+1 {{flow.R4}}
  chip.flow @f of @x from @c neurons [0, 32] to [@d] delay 0 spikes 0x7FF8000000000000 out [0] in [0]
}
