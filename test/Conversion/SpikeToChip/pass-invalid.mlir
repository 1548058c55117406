// Every error of the pass. Those of a chip's limits are those of verify-chip-network.
// RUN: stas-opt %s --split-input-file --verify-diagnostics --convert-spike-to-chip
// RUN: echo 'module {}' | not stas-opt --convert-spike-to-chip=chip=loihi3 2>&1 | FileCheck %s --check-prefix=CHIP
// RUN: echo 'module {}' | not stas-opt --convert-spike-to-chip=rates=%t.json 2>&1 | FileCheck %s --check-prefix=RATES
// CHIP: loihi3
// RATES: {{.*}}.json: cannot open

// Spikes come from the first layer, not from outside.
#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<3x?x4x4xi1>) -> tensor<3x?x4x4xi1> {
  // expected-error @+1 {{cannot run on a chip: required an image, spikes or counts as input, found 'tensor<3x?x4x4xi1>'}}
  %0 = spike.accumulate %x weight(#w) quant(#q1) : tensor<3x?x4x4xi1> -> tensor<3x?x4x4xi32>
  %1 = spike.fire %0 norm(<>) neuron(<>) quant(#q1) : tensor<3x?x4x4xi32> -> tensor<3x?x4x4xi1>
  return %1 : tensor<3x?x4x4xi1>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<3x?x4x4xi1>) -> tensor<3x?x4x4xi1> {
  %0 = spike.accumulate %x weight(#w) : tensor<3x?x4x4xi1> -> tensor<3x?x4x4xf32>
  // expected-error @+1 {{required neurons in integers that keep their membranes, found f32}}
  %1 = spike.fire %0 norm(<>) neuron(<>) : tensor<3x?x4x4xf32> -> tensor<3x?x4x4xi1>
  return %1 : tensor<3x?x4x4xi1>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<?x4x4xi32>, %v: tensor<?x4x4xi32>) -> (tensor<?x4x4xi1>, tensor<?x4x4xi32>) {
  // expected-error @+1 {{found a membrane that is passed on}}
  %1, %v1 = spike.fire %x membrane(%v : tensor<?x4x4xi32>) norm(<>) neuron(<>) quant(#bare) : tensor<?x4x4xi32> -> tensor<?x4x4xi1>, tensor<?x4x4xi32>
  return %1, %v1 : tensor<?x4x4xi1>, tensor<?x4x4xi32>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<3x?x4x4xi32>) -> tensor<3x?x4x4xi1> {
  // expected-error @+1 {{required sums of spike.accumulate or spike.coincide, found those of another op}}
  %1 = spike.fire %x norm(<>) neuron(<>) quant(#bare) : tensor<3x?x4x4xi32> -> tensor<3x?x4x4xi1>
  return %1 : tensor<3x?x4x4xi1>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<?x4x4xi32>) -> tensor<?x4x4xi8> {
  // expected-error @+1 {{required integer sums of spike.accumulate, found others}}
  %1 = spike.staircase sum %x norm(<>) neuron(<>) timesteps 3 quant(#bare) : tensor<?x4x4xi32> -> tensor<?x4x4xi8>
  return %1 : tensor<?x4x4xi8>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<?x2x2x4xi8>) -> tensor<?x1x1x4xi8> {
  %0 = spike.accumulate %x weight(#w) quant(#q1) : tensor<?x2x2x4xi8> -> tensor<?x2x2x4xi32>
  // expected-error @+1 {{required the pool of a staircase on the image, where the host counts it, found one on spikes}}
  %1 = spike.staircase sum %0 norm(<>) neuron(<>) timesteps 3 pool(#pool) quant(#q1) : tensor<?x2x2x4xi32> -> tensor<?x1x1x4xi8>
  return %1 : tensor<?x1x1x4xi8>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<?x2x2x4xi8>) -> tensor<?x1x1x4xi8> {
  // expected-error @+1 {{required spikes or counts as input, found 'tensor<?x2x2x4xi8>'}}
  %1 = spike.max_pool %x window(#pool) : tensor<?x2x2x4xi8> -> tensor<?x1x1x4xi8>
  return %1 : tensor<?x1x1x4xi8>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<3x?x4x4xi1>) -> tensor<?x4x4xi8> {
  // expected-error @+1 {{required spikes or counts as input, found 'tensor<3x?x4x4xi1>'}}
  %1 = spike.integrate sum %x : tensor<3x?x4x4xi1> -> tensor<?x4x4xi8>
  return %1 : tensor<?x4x4xi8>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<?x4x4xi1>) -> tensor<?x4x4xi8> {
  // expected-error @+1 {{required spikes or counts as operands, found 'tensor<?x4x4xi1>' and 'tensor<?x4x4xi1>'}}
  %1 = spike.add %x, %x : tensor<?x4x4xi1>, tensor<?x4x4xi1> -> tensor<?x4x4xi8>
  return %1 : tensor<?x4x4xi8>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<3x?x4x4xi1>) -> tensor<3x?x4x4xi1> {
  // expected-error @+1 {{required spikes as queries, keys and values, found other operands}}
  %0 = spike.coincide %x, %x, %x heads 2 : tensor<3x?x4x4xi1> -> tensor<3x?x4x4xi32>
  %1 = spike.fire %0 norm(<>) neuron(<>) quant(#bare) : tensor<3x?x4x4xi32> -> tensor<3x?x4x4xi1>
  return %1 : tensor<3x?x4x4xi1>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<?x4x4xi8>) -> (tensor<?x4x4xf32>, tensor<?x4xi32>) {
  // expected-error @+1 {{required an encoder in integers on counts, found one on 'tensor<?x4x4xi8>'}}
  %y, %steps = stas.act %x halting(<alpha = 1.0, beta = -2.0>) timesteps 3 : tensor<?x4x4xi8> -> tensor<?x4x4xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x4xi8>, %active: tensor<?x4xi1>):
    stas.yield %s : tensor<?x4x4xi8>
  }
  return %y, %steps : tensor<?x4x4xf32>, tensor<?x4xi32>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<?x4x4xi8>) -> tensor<?x4xi64> {
  // expected-error @+1 {{required spikes or counts as input, found 'tensor<?x4x4xi8>'}}
  %1 = spike.sum_tokens %x : tensor<?x4x4xi8> -> tensor<?x4xi64>
  return %1 : tensor<?x4xi64>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<?x4xi64>) -> tensor<?x4xf32> {
  %0 = spike.accumulate %x weight(#w) quant(#head) : tensor<?x4xi64> -> tensor<?x4xi64>
  // expected-error @+1 {{required one classifier, of a sum over tokens, found one of another value}}
  %1 = spike.readout %0 quant(#head) : tensor<?x4xi64> -> tensor<?x4xf32>
  return %1 : tensor<?x4xf32>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<3x?x4xf32> {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x2x2xf32> -> tensor<?x3x2x2xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x2x2xi32> -> tensor<?x2x2x4xi64>
  %2 = spike.fire %1 norm(<>) neuron(<>) quant(#q0) : tensor<?x2x2x4xi64> -> tensor<3x?x2x2x4xi1>
  %3 = spike.flatten %2 : tensor<3x?x2x2x4xi1> -> tensor<3x?x4x4xi1>
  %4 = spike.sum_tokens %3 : tensor<3x?x4x4xi1> -> tensor<3x?x4xi64>
  %5 = spike.accumulate %4 weight(#w) quant(#head) : tensor<3x?x4xi64> -> tensor<3x?x4xi64>
  // expected-error @+1 {{required a classifier of the sum over timesteps, found one of each timestep}}
  %6 = spike.readout %5 quant(#head) : tensor<3x?x4xi64> -> tensor<3x?x4xf32>
  return %6 : tensor<3x?x4xf32>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%image: tensor<?x3x2x2xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x2x2xf32> -> tensor<?x3x2x2xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x2x2xi32> -> tensor<?x2x2x4xi64>
  %2 = spike.fire %1 norm(<>) neuron(<>) quant(#q0) : tensor<?x2x2x4xi64> -> tensor<3x?x2x2x4xi1>
  %3 = spike.flatten %2 : tensor<3x?x2x2x4xi1> -> tensor<3x?x4x4xi1>
  %4 = spike.sum_tokens %3 : tensor<3x?x4x4xi1> -> tensor<3x?x4xi64>
  %5 = spike.integrate sum %4 : tensor<3x?x4xi64> -> tensor<?x4xi64>
  %6 = spike.accumulate %5 weight(#w) quant(#head) : tensor<?x4xi64> -> tensor<?x4xi64>
  %7 = spike.readout %6 quant(#head) : tensor<?x4xi64> -> tensor<?x4xf32>
  // expected-error @+1 {{found a second one}}
  %8 = spike.readout %6 quant(#head) : tensor<?x4xi64> -> tensor<?x4xf32>
  return %7, %8 : tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<3x?x4x4xi1> {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x2x2xf32> -> tensor<?x3x2x2xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x2x2xi32> -> tensor<?x2x2x4xi64>
  %2 = spike.fire %1 norm(<>) neuron(<>) quant(#q0) : tensor<?x2x2x4xi64> -> tensor<3x?x2x2x4xi1>
  %3 = spike.flatten %2 : tensor<3x?x2x2x4xi1> -> tensor<3x?x4x4xi1>
  // expected-error @+1 {{required logits, and perhaps the steps of each token, as results, found others}}
  return %3 : tensor<3x?x4x4xi1>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%image: tensor<?x4xf32>) -> tensor<3x?x4xi1> {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x4xf32> -> tensor<?x4xi32>
  // expected-error @+1 {{required a convolution of the image, channels first, found another layer}}
  %1 = spike.accumulate %0 weight(#w) quant(<weight = #w, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>) : tensor<?x4xi32> -> tensor<?x4xi64>
  %2 = spike.fire %1 norm(<>) neuron(<>) quant(<weight = #w, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>) : tensor<?x4xi64> -> tensor<3x?x4xi1>
  return %2 : tensor<3x?x4xi1>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 3, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 3, steps = 3, bits = 8>
#bare = #spike.quant<norm = <>, neuron = <>, input_max = 3, steps = 3>
#head = #spike.quant<weight = #w, norm = <>, input_max = 500, bits = 16, state_bits = 64>
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // expected-error @+1 {{required an op of a quantised model (spike-quantize), found another}}
  %0 = spike.affine %x norm(<>) : tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// -----

// expected-error @+1 {{requires one function, which has a body of one block, found 0 functions}}
module {}

// -----

// expected-error @+1 {{requires one function, which has a body of one block, found 1 functions}}
module {
  func.func private @main()
}

// -----

// expected-error @+1 {{requires one function, which has a body of one block, found 2 functions}}
module {
  func.func @main() {
    return
  }
  func.func @other() {
    return
  }
}
