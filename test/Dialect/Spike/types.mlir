// Attributes in their shortest and longest form: what is a default is not printed.
// RUN: stas-opt %s | FileCheck %s

#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>

// CHECK: @norms
func.func private @norms() attributes {
  // CHECK-SAME: a = #spike.norm<>,
  a = #spike.norm<>,
  // CHECK-SAME: b = #spike.norm<unit = 0.125>,
  b = #spike.norm<unit = 0.125>,
  // CHECK-SAME: c = #spike.norm<bias = <"v8" in "m.pth" at 0 : tensor<8xf32>>>,
  c = #spike.norm<bias = #v8>,
  // CHECK-SAME: d = #spike.norm<gamma = <"v8" {{.*}}>, beta = <"v8" {{.*}}>, mean = <"v8" {{.*}}>, var = <"v8" {{.*}}>, eps = 1.0e-05>
  d = #spike.norm<gamma = #v8, beta = #v8, mean = #v8, var = #v8, eps = 1.0e-5>
}

// CHECK: @windows
func.func private @windows() attributes {
  // CHECK-SAME: a = #spike.window<kernel = [3, 5], strides = [2, 1], padding = [1, 0]>,
  a = #spike.window<kernel = [3, 5], strides = [2, 1], padding = [1, 0]>,
  // CHECK-SAME: b = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
  b = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>,
  // CHECK-SAME: c = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0]>
  c = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = false>
}

// CHECK: @packs
func.func private @packs() attributes {
  // CHECK-SAME: a = #spike.pack<rows 8 lanes 16 weight <"w" in "m.pth" at 0 : tensor<8x3xf32>>>,
  a = #spike.pack<rows 8 lanes 16 weight <"w" in "m.pth" at 0 : tensor<8x3xf32>>>,
  // CHECK-SAME: b = #spike.pack<scale 8 lanes 8>,
  b = #spike.pack<scale 8 lanes 8>,
  // CHECK-SAME: c = #spike.pack<shift 8 lanes 8 norm <bias = <"v8" {{.*}}>>>
  c = #spike.pack<shift 8 lanes 8 norm <bias = #v8>>
}

// CHECK: @quants
func.func private @quants() attributes {
  // CHECK-SAME: a = #spike.quant<norm = <>, neuron = <>, input_max = 1>,
  a = #spike.quant<norm = <>, neuron = <>, input_max = 1>,
  // CHECK-SAME: b = #spike.quant<weight = <"w" {{.*}}>, norm = <bias = <"v8" {{.*}}>>, neuron = <tau = 1.5, reset = soft>, input_unit = 0.25, input_max = 18, steps = 6, bits = 8, guard = 7, state_bits = 24>
  b = #spike.quant<weight = <"w" in "m.pth" at 0 : tensor<8x3xf32>>, norm = <bias = #v8>,
                   neuron = <tau = 1.5, reset = soft>, input_unit = 0.25, input_max = 18, steps = 6, bits = 8, guard = 7,
                   state_bits = 24>
}

// CHECK: @works
func.func private @works() attributes {
  // CHECK-SAME: a = #spike.work<weighted "block.0.attn.q_linear" rows 64 fan_in 32 channels 48 max 2 steps 1 inputs[0] active 5 block 0>,
  a = #spike.work<weighted "block.0.attn.q_linear" rows 64 fan_in 32 channels 48 max 2 steps 1 inputs [0] active 5 block 0>,
  // CHECK-SAME: b = #spike.work<weighted "conv" rows 4 fan_in 27 channels 8 map[2, 2] window <kernel = [3, 3], {{.*}}> parts 0 max 0 steps 4 inputs[0]>,
  b = #spike.work<weighted "conv" rows 4 fan_in 27 channels 8 map [2, 2]
      window <kernel = [3, 3], strides = [1, 1], padding = [1, 1], channels_first = true> parts 0 max 0 steps 4 inputs [0]>,
  // CHECK-SAME: c = #spike.work<coincidence "block.0.attn" rows 64 channels 48 heads 4 steps 1 inputs[0, 1, 2] block 0>,
  c = #spike.work<coincidence "block.0.attn" rows 64 channels 48 heads 4 steps 1 inputs [0, 1, 2] block 0>,
  // CHECK-SAME: d = #spike.work<halting "block.0.halting" rows 64 channels 0 active 1 block 1>
  d = #spike.work<halting "block.0.halting" rows 64 channels 0 active 1 block 1>
}
