// One case or more for each rule, and odd IR that no rule names. tools/dev/check_rules.py demands each id here.
// RUN: stas-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{hardware.R1: requires two extents of board and of mesh, found [1] and [1, 1]}}
func.func private @f() attributes {a = #chip.hardware<"a" board [1] mesh [1, 1] cores_per_tile 1 neurons 1 state_bits 8 synapse_memory_kib 1 in_axons 1 out_axons 1 programs [lif] idle updated weight_bits 8 weight_shift 0 payload_bits 0 delay_steps 0 multicast per_core>}

// -----

// expected-error @+1 {{hardware.R1}}
func.func private @f() attributes {a = #chip.hardware<"a" board [1, 1] mesh [1, 2, 3] cores_per_tile 1 neurons 1 state_bits 8 synapse_memory_kib 1 in_axons 1 out_axons 1 programs [lif] idle updated weight_bits 8 weight_shift 0 payload_bits 0 delay_steps 0 multicast per_core>}

// -----

// expected-error @+1 {{hardware.R1: requires each program once, found one twice}}
func.func private @f() attributes {a = #chip.hardware<"a" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 1 state_bits 8 synapse_memory_kib 1 in_axons 1 out_axons 1 programs [lif, lif] idle updated weight_bits 8 weight_shift 0 payload_bits 0 delay_steps 0 multicast per_core>}

// -----

// expected-error @+1 {{hardware.R2: core.state_bits: required 8 to 32, found 64}}
func.func private @f() attributes {a = #chip.hardware<"a" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 1 state_bits 64 synapse_memory_kib 1 in_axons 1 out_axons 1 programs [lif] idle updated weight_bits 8 weight_shift 0 payload_bits 0 delay_steps 0 multicast per_core>}

// -----

// expected-error @+1 {{hardware.R2: core.neurons: required 1 to 1048576, found -1}}
func.func private @f() attributes {a = #chip.hardware<"a" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons -1 state_bits 8 synapse_memory_kib 1 in_axons 1 out_axons 1 programs [lif] idle updated weight_bits 8 weight_shift 0 payload_bits 0 delay_steps 0 multicast per_core>}

// -----

// expected-error @+1 {{hardware.R2: messages.payload_bits: required 1 or more, since core.program has sum}}
func.func private @f() attributes {a = #chip.hardware<"a" board [1, 1] mesh [1, 1] cores_per_tile 1 neurons 1 state_bits 8 synapse_memory_kib 1 in_axons 1 out_axons 1 programs [sum] idle updated weight_bits 8 weight_shift 0 payload_bits 0 delay_steps 0 multicast per_core>}

// -----

// expected-error @+1 {{hardware.R2: board and mesh: required at most 1048576 cores in all}}
func.func private @f() attributes {a = #chip.hardware<"a" board [1024, 1024] mesh [2, 1] cores_per_tile 1 neurons 1 state_bits 8 synapse_memory_kib 1 in_axons 1 out_axons 1 programs [lif] idle updated weight_bits 8 weight_shift 0 payload_bits 0 delay_steps 0 multicast per_core>}

// -----

// expected-error @+1 {{network.R1: requires a chip.device, found none named @e}}
chip.network @n on @e timesteps 1 interval 1 {}

// -----

func.func private @e()
// expected-error @+1 {{network.R1}}
chip.network @n on @e timesteps 1 interval 1 {}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
// expected-error @+1 {{network.R2: requires 1 <= timesteps <= 256 and 1 <= interval <= 2^20, found 0 and 1}}
chip.network @n on @d timesteps 0 interval 1 {}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
// expected-error @+1 {{network.R2}}
chip.network @n on @d timesteps 257 interval 1 {}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
// expected-error @+1 {{network.R2}}
chip.network @n on @d timesteps 4 interval 0 {}

// -----

// expected-error @+1 {{op expects parent op 'chip.network'}}
chip.synapses @s constant rows 1 columns 1 bits 8

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R1: requires a map of two extents and channels}}
  chip.population @p lif map [2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R1: requires a map of two extents and channels}}
  chip.population @p lif map [2, 0] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R1: requires a map of two extents and channels}}
  chip.population @p lif map [2, 2] channels 0 state_bits 24 step 0 runs 1 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R1: requires a map of two extents and channels}}
  chip.population @p lif map [2, -2] channels -8 state_bits 24 step 0 runs 1 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R1: requires a map of two extents and channels}}
  chip.population @p lif map [65536, 65536] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R1: requires a map of two extents and channels}}
  chip.population @p lif map [4611686018427387904, 4] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R1: requires a map of two extents and channels}}
  chip.population @p lif map [2, 2] channels 4611686018427387904 state_bits 24 step 0 runs 1 quant(#lif)
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R2: requires quant of program lif}}
  chip.population @p lif map [2, 2] channels 8 state_bits 24 step 0 runs 1
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R2: requires no quant of program sum}}
  chip.population @p sum map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3xf32>>
#sums = #spike.quant<weight = #w, norm = <>, input_max = 1, bits = 8, state_bits = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R2: requires quant with a neuron}}
  chip.population @p lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#sums)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3xf32>>
#dense = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R2: requires quant of 4 channels, found one of 8}}
  chip.population @p lif map [2, 2] channels 4 state_bits 24 step 0 runs 1 quant(#dense)
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R2: requires halting and scores of program halting}}
  chip.population @p halting map [2, 2] channels 1 state_bits 24 step 0 runs 1
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R2: requires neither halting, scores nor last of program sum}}
  chip.population @p sum map [2, 2] channels 8 state_bits 24 step 0 runs 1 halting(<alpha = 1.0, beta = 0.0>) scores [1]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R2: requires neither halting, scores nor last of program lif}}
  chip.population @p lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif) last
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R2: requires halting and scores}}
  chip.population @p halting map [2, 2] channels 1 state_bits 24 step 0 runs 1 scores [1]
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R2: requires one channel and 1 to 256 scores from 0 to 2^24 of program halting, found 2 and 1}}
  chip.population @p halting map [2, 2] channels 2 state_bits 24 step 0 runs 1 halting(<alpha = 1.0, beta = 0.0>) scores [1]
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R2: requires one channel}}
  chip.population @p halting map [2, 2] channels 1 state_bits 24 step 0 runs 1 halting(<alpha = 1.0, beta = 0.0>) scores []
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R2: requires one channel}}
  chip.population @p halting map [2, 2] channels 1 state_bits 24 step 0 runs 1 halting(<alpha = 1.0, beta = 0.0>) scores [-1]
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R2: requires one channel}}
  chip.population @p halting map [2, 2] channels 1 state_bits 24 step 0 runs 1 halting(<alpha = 1.0, beta = 0.0>) scores [16777217]
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R3: requires payload 1 of binary spikes, found 2}}
  chip.population @p lif map [2, 2] channels 8 payload 2 state_bits 24 step 0 runs 1 quant(#lif)
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R3: requires 1 <= payload < 2^32, found 0}}
  chip.population @p sum map [2, 2] channels 8 payload 0 state_bits 24 step 0 runs 1
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R3: requires 1 <= payload < 2^32, found 4294967296}}
  chip.population @p sum map [2, 2] channels 8 payload 4294967296 state_bits 24 step 0 runs 1
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R4: requires 1 <= state_bits <= 64, found 0}}
  chip.population @p lif map [2, 2] channels 8 state_bits 0 step 0 runs 1 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R4}}
  chip.population @p lif map [2, 2] channels 8 state_bits 65 step 0 runs 1 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R5: requires 0 <= step <= 2^20 and 1 <= runs <= 4, the timesteps, found -1 and 1}}
  chip.population @p lif map [2, 2] channels 8 state_bits 24 step -1 runs 1 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R5}}
  chip.population @p lif map [2, 2] channels 8 state_bits 24 step 1048577 runs 1 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R5}}
  chip.population @p lif map [2, 2] channels 8 state_bits 24 step 0 runs 5 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R5}}
  chip.population @p lif map [2, 2] channels 8 state_bits 24 step 0 runs 0 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R6: requires 0 <= rate <= 1, its runs, found -5.000000e-01}}
  chip.population @p lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif) rate -0.5
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R6}}
  chip.population @p lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif) rate 0x7FF0000000000000
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R6}}
  chip.population @p lif map [2, 2] channels 8 state_bits 24 step 0 runs 1 quant(#lif) rate 0x7FF8000000000000
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R6: requires 0 <= rate <= 4, its runs, found 1.000000e+308}}
  chip.population @p lif map [2, 2] channels 8 state_bits 24 step 0 runs 4 quant(#lif) rate 1.0e308
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{population.R6: requires 0 <= rate <= 4, its runs, found 4.500000e+00}}
  chip.population @p lif map [2, 2] channels 8 state_bits 24 step 0 runs 4 quant(#lif) rate 4.5
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R1: requires rows and columns from 1 to 2^31 - 1, bits from 1 to 32 and 1 or 2 limbs, found 0, 1, 8 and 1}}
  chip.synapses @s fastweight rows 0 columns 1 bits 8
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R1}}
  chip.synapses @s fastweight rows 1 columns 2147483648 bits 8
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R1}}
  chip.synapses @s fastweight rows 1 columns 1 bits 33
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R1}}
  chip.synapses @s fastweight rows 1 columns 1 bits 8 limbs 3
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R2: requires quant with a weight of as many rows and columns of form dense, found 3 rows, 8 columns and no quant}}
  chip.synapses @s dense rows 3 columns 8 bits 8
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R2: requires no quant of form constant}}
  chip.synapses @s constant rows 1 columns 1 bits 8 quant(#lif)
}

// -----

#lif = #spike.quant<norm = <>, neuron = <>, input_max = 64>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R2: requires quant with a weight}}
  chip.synapses @s dense rows 3 columns 8 bits 8 quant(#lif)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3xf32>>
#dense = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{found 4 rows, 8 columns and a quant that is not so}}
  chip.synapses @s dense rows 4 columns 8 bits 8 quant(#dense)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3xf32>>
#dense = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R2}}
  chip.synapses @s dense rows 3 columns 7 bits 8 quant(#dense)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#conv = #spike.quant<weight = #k, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R2}}
  chip.synapses @s dense rows 27 columns 8 bits 8 quant(#conv)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3xf32>>
#dense = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R2}}
  chip.synapses @s shared rows 3 columns 8 bits 8 quant(#dense)
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#conv = #spike.quant<weight = #k, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R2}}
  chip.synapses @s shared rows 54 columns 8 bits 8 quant(#conv)
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3xf32>>
#dense = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 8>
chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R3: requires limbs of 8 bits in all, as quant has, found 2 of 8}}
  chip.synapses @s dense rows 3 columns 8 bits 8 limbs 2 quant(#dense)
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R4: requires one row, one column and a factor from 1 to 255 of form constant, found 2, 1 and 1}}
  chip.synapses @s constant rows 2 columns 1 bits 8
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R4}}
  chip.synapses @s constant rows 1 columns 1 bits 8 factor 0
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R4}}
  chip.synapses @s constant rows 1 columns 1 bits 8 factor 256
}

// -----

chip.device @d <"d" board [1, 2] mesh [2, 3] cores_per_tile 4 neurons 64 state_bits 24 synapse_memory_kib 4 in_axons 64 out_axons 64
  programs [lif] idle updated weight_bits 8 weight_shift 8 payload_bits 0 delay_steps 62 multicast per_core>
chip.network @n on @d timesteps 4 interval 3 {
  // expected-error @+1 {{synapses.R4: requires factor 1 of form fastweight}}
  chip.synapses @s fastweight rows 1 columns 1 bits 8 factor 2
}
