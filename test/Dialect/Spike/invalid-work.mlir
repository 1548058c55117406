// What a launch says it computes.
// RUN: stas-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{work.R1: requires rows and channels >= 1, fan_in >= 1 for kind weighted and 0 for others, and products below 2^53, found rows 0, fan_in 4, channels 8}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 0 fan_in 4 channels 8>}

// -----

// expected-error @+1 {{work.R1}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 4 channels 8>}

// -----

// expected-error @+1 {{work.R1}}
func.func private @f() attributes {a = #spike.work<coincidence "l" rows 4 fan_in 4 channels 8>}

// -----

// expected-error @+1 {{work.R1}}
func.func private @f() attributes {a = #spike.work<coincidence "l" rows 4 channels 0>}

// -----

// expected-error @+1 {{work.R1}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 4294967296 fan_in 4294967296 channels 1>}

// -----

// expected-error @+1 {{work.R2: requires heads >= 1 to divide 8 channels, and to be 1 but for kind coincidence, found 3}}
func.func private @f() attributes {a = #spike.work<coincidence "l" rows 4 channels 8 heads 3>}

// -----

// expected-error @+1 {{work.R2}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 4 fan_in 4 channels 8 heads 2>}

// -----

// expected-error @+1 {{work.R3: requires a map and a window together, for kind weighted, that give 4 rows of fan_in 4, found map [2, 2]}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 4 fan_in 4 channels 8 map [2, 2]>}

// -----

#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1]>
// expected-error @+1 {{work.R3}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 4 fan_in 4 channels 8 map [2, 2] window #w>}

// -----

#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1]>
// expected-error @+1 {{work.R3}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 5 fan_in 9 channels 8 map [2, 2] window #w>}

// -----

#w = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [0, 0]>
// expected-error @+1 {{work.R3}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 1 fan_in 9 channels 8 map [2, 2] window #w>}

// -----

#w = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0]>
// expected-error @+1 {{work.R3}}
func.func private @f() attributes {a = #spike.work<coincidence "l" rows 4 channels 8 map [2, 2] window #w>}

// -----

// expected-error @+1 {{work.R4: requires parts from 0 to 2^31, and max from 1 to 2^53 or 0 for real inputs, found 0 and 1}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 4 fan_in 4 channels 8 parts 0>}

// -----

// expected-error @+1 {{work.R4}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 4 fan_in 4 channels 8 max 0>}

// -----

// expected-error @+1 {{work.R4}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 4 fan_in 4 channels 8 parts -1>}

// -----

// expected-error @+1 {{work.R5: requires steps from 0 to 256, found 257}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 4 fan_in 4 channels 8 steps 257>}

// -----

// expected-error @+1 {{work.R6: requires active and block of at least -1, and for kind halting of at least 0, found -1 and 0}}
func.func private @f() attributes {a = #spike.work<halting "l" rows 4 channels 8 block 0>}

// -----

// expected-error @+1 {{work.R6}}
func.func private @f() attributes {a = #spike.work<weighted "l" rows 4 fan_in 4 channels 8 active -2>}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R4: requires work to name 1 operands of whole timesteps, and as active an i8 operand of 3 elements}}
  spike.launch @k(%0) extent 1 layer "a" work <weighted "l" rows 3 fan_in 4 channels 8> : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R4}}
  spike.launch @k(%0) extent 1 layer "a" work <weighted "l" rows 3 fan_in 4 channels 8 inputs [1]> : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R4}}
  spike.launch @k(%0) extent 1 layer "a" work <weighted "l" rows 5 fan_in 4 channels 8 inputs [0]> : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R4: requires work to name 3 operands}}
  spike.launch @k(%0) extent 1 layer "a" work <coincidence "l" rows 3 channels 4 inputs [0, 0]> : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, memref<3xf32>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>, %1: memref<3xf32>) {
  // expected-error @+1 {{launch.R4}}
  spike.launch @k(%0, %1) extent 1 layer "a" work <weighted "l" rows 3 fan_in 4 channels 8 inputs [0] active 1> : memref<12xi8>, memref<3xf32>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R4}}
  spike.launch @k(%0) extent 1 layer "a" work <weighted "l" rows 3 fan_in 4 channels 8 inputs [0] active 0> : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R5}}
  spike.launch @k(%0) extent 1 layer "a" work <weighted "l" rows 3 fan_in 4 channels 8 inputs [0]> when unobserved : memref<12xi8>
  return
}
