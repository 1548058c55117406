// A chip of binary spikes sums nothing: both operands go where the sum would, by one table. A pool of the sum, or a factor, needs it.
// RUN: stas-opt %s --split-input-file --convert-spike-to-chip=chip=loihi1 | FileCheck %s
// RUN: not stas-opt %s --split-input-file --convert-spike-to-chip=chip=loihi1 --verify-chip-network 2>&1 >/dev/null | FileCheck %s --check-prefix=REFUSED

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#h = #stas.weight<"h" in "m.pth" at 0 : tensor<10x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 2, steps = 4, bits = 16, state_bits = 24>
#q3 = #spike.quant<weight = #h, norm = <>, input_max = 500, bits = 16, state_bits = 64>

// CHECK-LABEL: chip.network @residual on @loihi1
func.func @residual(%image: tensor<?x3x2x2xf32>) -> tensor<?x10xf32> {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x2x2xf32> -> tensor<?x3x2x2xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x2x2xi32> -> tensor<?x2x2x4xi64> loc("conv0")
  %2 = spike.fire %1 norm(<>) neuron(<>) quant(#q0) : tensor<?x2x2x4xi64> -> tensor<4x?x2x2x4xi1> loc("x")
  %3 = spike.flatten %2 : tensor<4x?x2x2x4xi1> -> tensor<4x?x4x4xi1> loc("x")
  %4 = spike.accumulate %3 weight(#w) quant(#q1) : tensor<4x?x4x4xi1> -> tensor<4x?x4x4xi32> loc("fc1")
  %5 = spike.fire %4 norm(<>) neuron(<>) quant(#q1) : tensor<4x?x4x4xi32> -> tensor<4x?x4x4xi1> loc("a")
  // CHECK-NOT: sum map
  %6 = spike.add %3, %5 : tensor<4x?x4x4xi1>, tensor<4x?x4x4xi1> -> tensor<4x?x4x4xi8> loc("add")
  %7 = spike.accumulate %6 weight(#w) quant(#q1) : tensor<4x?x4x4xi8> -> tensor<4x?x4x4xi32> loc("fc2")
  // CHECK: chip.population @b lif
  // CHECK-NEXT: chip.synapses @fc2 dense
  // CHECK-NEXT: chip.projection @x to @b synapses @fc2 tokens same channels all delay 1
  // CHECK-NEXT: chip.projection @a to @b synapses @fc2 tokens same channels all delay 0
  %8 = spike.fire %7 norm(<>) neuron(<>) quant(#q1) : tensor<4x?x4x4xi32> -> tensor<4x?x4x4xi1> loc("b")
  %9 = spike.add %6, %8 : tensor<4x?x4x4xi8>, tensor<4x?x4x4xi1> -> tensor<4x?x4x4xi8> loc("add2")
  // CHECK: chip.population @head.sum readout
  // CHECK: chip.projection @x to @head.sum {{.*}} delay 2
  // CHECK: chip.projection @a to @head.sum {{.*}} delay 1
  // CHECK: chip.projection @b to @head.sum {{.*}} delay 0
  %10 = spike.sum_tokens %9 : tensor<4x?x4x4xi8> -> tensor<4x?x4xi64> loc("head")
  %11 = spike.integrate sum %10 : tensor<4x?x4xi64> -> tensor<?x4xi64> loc("head")
  %12 = spike.accumulate %11 weight(#h) quant(#q3) : tensor<?x4xi64> -> tensor<?x10xi64> loc("head")
  %13 = spike.readout %12 quant(#q3) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %13 : tensor<?x10xf32>
}

// -----

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#h = #stas.weight<"h" in "m.pth" at 0 : tensor<10x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#pool = #spike.window<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 12, steps = 4, bits = 16, state_bits = 24>
#q3 = #spike.quant<weight = #h, norm = <>, input_max = 500, bits = 16, state_bits = 64>

// CHECK-LABEL: chip.network @summed on @loihi1
// REFUSED: loc("add"): 'chip.population' op required spikes of at most 0 payload bits on device 'loihi1', found 2 for payloads up to 2; take a device with as many
func.func @summed(%image: tensor<?x3x2x2xf32>) -> tensor<?x10xf32> {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x2x2xf32> -> tensor<?x3x2x2xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x2x2xi32> -> tensor<?x2x2x4xi64> loc("conv0")
  %2 = spike.fire %1 norm(<>) neuron(<>) quant(#q0) : tensor<?x2x2x4xi64> -> tensor<4x?x2x2x4xi1> loc("x")
  %3 = spike.add %2, %2 : tensor<4x?x2x2x4xi1>, tensor<4x?x2x2x4xi1> -> tensor<4x?x2x2x4xi8> loc("x")
  // CHECK: chip.population @add.sum sum map [2, 2] channels 4 payload 2
  // CHECK-NEXT: chip.synapses @unit
  // CHECK-NEXT: chip.projection @x to @add.sum
  // CHECK-NEXT: chip.projection @x to @add.sum
  // CHECK: chip.population @add maximum map [1, 1]
  %4 = spike.max_pool %3 window(#pool) : tensor<4x?x2x2x4xi8> -> tensor<4x?x1x1x4xi8> loc("add")
  %5 = spike.flatten %4 : tensor<4x?x1x1x4xi8> -> tensor<4x?x1x4xi8> loc("add")
  %6 = spike.add %5, %5 factor 4 : tensor<4x?x1x4xi8>, tensor<4x?x1x4xi8> -> tensor<4x?x1x4xi8> loc("add")
  %7 = spike.accumulate %6 weight(#w) quant(#q1) : tensor<4x?x1x4xi8> -> tensor<4x?x1x4xi32> loc("fc2")
  // CHECK: chip.population @b.sum sum map [1, 1] channels 4 payload 10
  %8 = spike.fire %7 norm(<>) neuron(<>) quant(#q1) : tensor<4x?x1x4xi32> -> tensor<4x?x1x4xi1> loc("b")
  %9 = spike.sum_tokens %8 : tensor<4x?x1x4xi1> -> tensor<4x?x4xi64> loc("head")
  %10 = spike.integrate sum %9 : tensor<4x?x4xi64> -> tensor<?x4xi64> loc("head")
  %11 = spike.accumulate %10 weight(#h) quant(#q3) : tensor<?x4xi64> -> tensor<?x10xi64> loc("head")
  %12 = spike.readout %11 quant(#q3) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %12 : tensor<?x10xf32>
}
