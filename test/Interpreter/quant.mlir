// The integer form: exact sums, integer neurons, integer halting. Weights 1..6 in 8 bits are [[42, 85, 127], [85, 106, 127]].
// RUN: stas-translate --interpret %s | FileCheck %s
// CHECK: 12 functions, 19 expectations met
// The tensors are listed in Inputs/interpreter/make_weights.py.

#linear = #stas.weight<"linear" in "../Inputs/interpreter/weights.bin" at 192 : tensor<2x3xf32>>
#filters = #stas.weight<"filters" in "../Inputs/interpreter/weights.bin" at 64 : tensor<2x2x1x3xf32>>
#bias = #stas.weight<"bias" in "../Inputs/interpreter/weights.bin" at 128 : tensor<2xf32>>

#norm = #spike.norm<bias = #bias>
#q = #spike.quant<weight = #linear, norm = #norm, neuron = <>, input_max = 2, steps = 2, bits = 8>
#wide = #spike.quant<weight = #linear, norm = #norm, neuron = <>, input_max = 100, steps = 2, bits = 8, state_bits = 64>
#head = #spike.quant<weight = #linear, norm = #norm, input_unit = 0.25, input_max = 100, bits = 16, state_bits = 64>

func.func @accumulate() {
  %s = arith.constant dense<[[1, 0, 1], [0, 0, 0]]> : tensor<2x3xi1>
  %y = spike.accumulate %s weight(#linear) quant(#q) : tensor<2x3xi1> -> tensor<2x2xi32>
  %e = arith.constant dense<[[169, 212], [0, 0]]> : tensor<2x2xi32>
  stas_check.expect_eq %y, %e : tensor<2x2xi32>
  %c = arith.constant dense<[[2, 1, 0]]> : tensor<1x3xi8>
  %z = spike.accumulate %c weight(#linear) quant(#q) : tensor<1x3xi8> -> tensor<1x2xi32>
  %f = arith.constant dense<[[169, 276]]> : tensor<1x2xi32>
  stas_check.expect_eq %z, %f : tensor<1x2xi32>
  return
}

// Sums of 64 bits: of signed pixels, and of sums.
func.func @wide_sums() {
  %s = arith.constant dense<[[1, -2, 100]]> : tensor<1x3xi32>
  %y = spike.accumulate %s weight(#linear) quant(#wide) : tensor<1x3xi32> -> tensor<1x2xi64>
  %e = arith.constant dense<[[12572, 12573]]> : tensor<1x2xi64>
  stas_check.expect_eq %y, %e : tensor<1x2xi64>
  %x = arith.constant dense<[[0, 0, 4294967296]]> : tensor<1x3xi64>
  %z = spike.accumulate %x weight(#linear) quant(#wide) : tensor<1x3xi64> -> tensor<1x2xi64>
  %f = arith.constant dense<545460846592> : tensor<1x2xi64>
  stas_check.expect_eq %z, %f : tensor<1x2xi64>
  return
}

// The windows of spike.mlir. Filters 1..12 in 8 bits: 21 42 64 | 85 106 127 and 74 85 95 | 106 116 127 per input channel.
func.func @windows() {
  %x = arith.constant dense<[[[[1, 0], [0, 1], [1, 0]]]]> : tensor<1x1x3x2xi1>
  %y = spike.accumulate %x weight(#filters) window(#spike.window<kernel = [1, 3], strides = [1, 2], padding = [0, 1]>)
         quant(<weight = #filters, norm = #norm, neuron = <>, input_max = 1, steps = 2, bits = 8>)
         : tensor<1x1x3x2xi1> -> tensor<1x1x2x2xi32>
  %e = arith.constant dense<[[[[169, 212], [127, 191]]]]> : tensor<1x1x2x2xi32>
  stas_check.expect_eq %y, %e : tensor<1x1x2x2xi32>
  return
}

// B = [21, -5], theta = [170, 85], in units of the sum / 4. A sum of [42, 85] fires at the second step, and at both.
func.func @fire() {
  %s = arith.constant dense<[[[42, 85], [0, 0]]]> : tensor<1x2x2xi32>
  %y = spike.fire %s norm(#norm) neuron(<>) quant(#q) : tensor<1x2x2xi32> -> tensor<2x1x2x2xi1>
  %e = arith.constant dense<[[[[0, 1], [0, 0]]], [[[1, 1], [0, 0]]]]> : tensor<2x1x2x2xi1>
  stas_check.expect_eq %y, %e : tensor<2x1x2x2xi1>
  return
}

// Sums that change: the membrane of the first step, 126, counts half at the second.
func.func @fire_over_time() {
  %s = arith.constant dense<[[[[42, 85]]], [[[30, -100]]]]> : tensor<2x1x1x2xi32>
  %y = spike.fire %s norm(#norm) neuron(<>) quant(#q) : tensor<2x1x1x2xi32> -> tensor<2x1x1x2xi1>
  %e = arith.constant dense<[[[[0, 1]]], [[[0, 0]]]]> : tensor<2x1x1x2xi1>
  stas_check.expect_eq %y, %e : tensor<2x1x1x2xi1>
  %t = arith.constant dense<[[[[42, 85]]], [[[33, 0]]]]> : tensor<2x1x1x2xi32>
  %z = spike.fire %t norm(#norm) neuron(<>) quant(#q) : tensor<2x1x1x2xi32> -> tensor<2x1x1x2xi1>
  %f = arith.constant dense<[[[[0, 1]]], [[[1, 0]]]]> : tensor<2x1x1x2xi1>
  stas_check.expect_eq %z, %f : tensor<2x1x1x2xi1>
  return
}

// Attention, tau = 2: the fourth coincidence decides at the first step. Scale 1/8, threshold 1/2: 8 counts fire at once.
func.func @fire_counts() {
  %s = arith.constant dense<[[[7, 8, 5, 6]]]> : tensor<1x1x4xi32>
  %y = spike.fire %s norm(<unit = 0.125>) neuron(<v_threshold = 0.5>)
         quant(<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 8, steps = 2>)
         : tensor<1x1x4xi32> -> tensor<2x1x1x4xi1>
  %e = arith.constant dense<[[[[0, 1, 0, 0]]], [[[1, 1, 0, 1]]]]> : tensor<2x1x1x4xi1>
  stas_check.expect_eq %y, %e : tensor<2x1x1x4xi1>
  return
}

// The staircase sums the spikes of @fire; with a pool, a step counts once.
func.func @staircase() {
  %s = arith.constant dense<[[[[42, 85], [200, -85]]]]> : tensor<1x1x2x2xi32>
  %y = spike.staircase sum %s norm(#norm) neuron(<>) timesteps 2 quant(#q) : tensor<1x1x2x2xi32> -> tensor<1x1x2x2xi8>
  %e = arith.constant dense<[[[[1, 2], [2, 0]]]]> : tensor<1x1x2x2xi8>
  stas_check.expect_eq %y, %e : tensor<1x1x2x2xi8>
  %z = spike.staircase sum %s norm(#norm) neuron(<>) timesteps 2
         pool(<kernel = [1, 2], strides = [1, 2], padding = [0, 0]>) quant(#q)
         : tensor<1x1x2x2xi32> -> tensor<1x1x1x2xi8>
  %f = arith.constant dense<2> : tensor<1x1x1x2xi8>
  stas_check.expect_eq %z, %f : tensor<1x1x1x2xi8>
  return
}

func.func @quantize() {
  %x = arith.constant dense<[0.0625, 0.1875, -0.1875, 0.3125, 3.0, -3.0, 1.0e30]> : tensor<7xf32>
  %y = spike.quantize %x scale 8 limit 20 : tensor<7xf32> -> tensor<7xi32>
  %e = arith.constant dense<[0, 2, -2, 2, 20, -20, 20]> : tensor<7xi32>
  stas_check.expect_eq %y, %e : tensor<7xi32>
  return
}

func.func @sums_and_factors() {
  %x = arith.constant dense<[[[[200, 1], [100, 2]]], [[[0, 0], [7, 0]]]]> : tensor<2x1x2x2xi8>
  %y = spike.sum_tokens %x : tensor<2x1x2x2xi8> -> tensor<2x1x2xi64>
  %z = spike.integrate sum %y : tensor<2x1x2xi64> -> tensor<1x2xi64>
  %e = arith.constant dense<[[307, 3]]> : tensor<1x2xi64>
  stas_check.expect_eq %z, %e : tensor<1x2xi64>
  %s = arith.constant dense<[[[1, 0], [0, 1]]]> : tensor<1x2x2xi1>
  %a = arith.constant dense<[[[5, 6], [7, 8]]]> : tensor<1x2x2xi8>
  %b = spike.add %a, %s factor 4 : tensor<1x2x2xi8>, tensor<1x2x2xi1> -> tensor<1x2x2xi8>
  %f = arith.constant dense<[[[9, 6], [7, 12]]]> : tensor<1x2x2xi8>
  stas_check.expect_eq %b, %f : tensor<1x2x2xi8>
  return
}

// One unit for both classes, 6 / 32639 / 4: biases 10880 and -5440.
func.func @readout() {
  %s = arith.constant dense<[[0, 100], [-40000, 7]]> : tensor<2x2xi64>
  %y = spike.readout %s quant(#head) : tensor<2x2xi64> -> tensor<2x2xf32>
  %e = arith.constant dense<[[0.5000153183937073, -0.2454119324684143], [-1.3382762670516968, -0.24968595802783966]]>
         : tensor<2x2xf32>
  stas_check.expect_eq %y, %e : tensor<2x2xf32>
  return
}

// A token of score 0.6 halts at the second timestep, the last: its shares sum up to 2^24. One of score 0.99 and more halts
// at once.
func.func @halting() {
  %x = arith.constant dense<[[[1, 3], [2, 5]]]> : tensor<1x2x2xi8>
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2 table [0, 10066330, 16609445]
      : tensor<1x2x2xi8> -> tensor<1x2x2xi64>, tensor<1x2xi32> {
  ^bb0(%s: tensor<1x2x2xi8>, %a: tensor<1x2xi1>):
    stas.yield %s : tensor<1x2x2xi8>
  }
  %e = arith.constant dense<[[[16777216, 50331648], [33554432, 83886080]]]> : tensor<1x2x2xi64>
  stas_check.expect_eq %y, %e : tensor<1x2x2xi64>
  %m = arith.constant dense<[[2, 1]]> : tensor<1x2xi32>
  stas_check.expect_eq %n, %m : tensor<1x2xi32>
  return
}

// 2^24 - 167772 is the limit of eps = 0.01, and has not exceeded itself. Membranes live from one timestep to the next: the
// block's neuron fires at the second.
func.func @membranes_in_an_encoder() {
  %x = arith.constant dense<[[[0, 0]]]> : tensor<1x1x2xi8>
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0, output = rate>) timesteps 2 table [16609444, 0]
      : tensor<1x1x2xi8> -> tensor<1x1x2xi64>, tensor<1x1xi32> {
  ^bb0(%s: tensor<1x1x2xi8>, %a: tensor<1x1xi1>):
    %c = arith.constant dense<[[[42, 42]]]> : tensor<1x1x2xi32>
    %f = spike.fire %c active(%a : tensor<1x1xi1>) norm(#norm) neuron(<>) quant(#q) : tensor<1x1x2xi32> -> tensor<1x1x2xi1>
    %r = spike.add %s, %f : tensor<1x1x2xi8>, tensor<1x1x2xi1> -> tensor<1x1x2xi8>
    stas.yield %r : tensor<1x1x2xi8>
  }
  %e = arith.constant dense<[[[1, 1]]]> : tensor<1x1x2xi64>
  stas_check.expect_eq %y, %e : tensor<1x1x2xi64>
  %m = arith.constant dense<2> : tensor<1x1xi32>
  stas_check.expect_eq %n, %m : tensor<1x1xi32>
  return
}
