// Where a delay is longer than the chip's, populations take the spikes over: of spikes lif, of payloads sum. All that wait share them.
// RUN: sed 's/delay_steps: 62/delay_steps: 1/' %S/../../../lib/Target/Chip/Chips/loihi2.txtpb > %t.txtpb
// RUN: stas-opt %s --convert-spike-to-chip=chip=%t.txtpb --verify-chip-network | FileCheck %s
// RUN: sed 's/delay_steps: 62/delay_steps: 0/' %S/../../../lib/Target/Chip/Chips/loihi2.txtpb > %t0.txtpb
// RUN: stas-opt %s --convert-spike-to-chip=chip=%t0.txtpb --verify-chip-network --chip-map --verify-chip-map --verify-chip-routes -o /dev/null
// Measured rates: of a layer, and what a sum of them is.
// RUN: echo '{"layers": {"a": {"rate": 0.5}}}' > %t.json
// RUN: stas-opt %s --convert-spike-to-chip=rates=%t.json | FileCheck %s --check-prefix=RATES
// RATES: chip.population @x input {{.*}} rate 6.000000e-01
// RATES: chip.population @a lif {{.*}} rate 2.000000e+00
// RATES: chip.population @b lif {{.*}} rate 6.000000e-01

#k = #stas.weight<"k" in "m.pth" at 0 : tensor<4x3x1x1xf32>>
#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x4xf32>>
#h = #stas.weight<"h" in "m.pth" at 0 : tensor<10x4xf32>>
#image = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#q0 = #spike.quant<weight = #k, norm = <>, neuron = <>, input_unit = 0.5, input_max = 7, steps = 4, bits = 24, state_bits = 64>
#q1 = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 2, steps = 4, bits = 16, state_bits = 24>
#q3 = #spike.quant<weight = #h, norm = <>, input_max = 500, bits = 16, state_bits = 64>

// CHECK-LABEL: chip.network @main
func.func @main(%image: tensor<?x3x2x2xf32>) -> tensor<?x10xf32> {
  %0 = spike.quantize %image scale 2 limit 7 : tensor<?x3x2x2xf32> -> tensor<?x3x2x2xi32>
  %1 = spike.accumulate %0 weight(#k) window(#image) quant(#q0) : tensor<?x3x2x2xi32> -> tensor<?x2x2x4xi64> loc("conv0")
  %2 = spike.fire %1 norm(<>) neuron(<>) quant(#q0) : tensor<?x2x2x4xi64> -> tensor<4x?x2x2x4xi1> loc("x")
  %3 = spike.flatten %2 : tensor<4x?x2x2x4xi1> -> tensor<4x?x4x4xi1> loc("x")
  %4 = spike.accumulate %3 weight(#w) quant(#q1) : tensor<4x?x4x4xi1> -> tensor<4x?x4x4xi32> loc("fc1")
  %5 = spike.fire %4 norm(<>) neuron(<>) quant(#q1) : tensor<4x?x4x4xi32> -> tensor<4x?x4x4xi1> loc("a")
  %6 = spike.accumulate %5 weight(#w) quant(#q1) : tensor<4x?x4x4xi1> -> tensor<4x?x4x4xi32> loc("fc2")
  %7 = spike.fire %6 norm(<>) neuron(<>) quant(#q1) : tensor<4x?x4x4xi32> -> tensor<4x?x4x4xi1> loc("b")
  // CHECK: chip.population @add sum {{.*}} step 3 runs 4
  // CHECK: chip.projection @x.relay to @add synapses @unit tokens same channels same delay 0
  // CHECK-NEXT: chip.projection @b to @add
  %8 = spike.add %3, %7 : tensor<4x?x4x4xi1>, tensor<4x?x4x4xi1> -> tensor<4x?x4x4xi8> loc("add")
  %9 = spike.accumulate %8 weight(#w) quant(#q1) : tensor<4x?x4x4xi8> -> tensor<4x?x4x4xi32> loc("fc3")
  %10 = spike.fire %9 norm(<>) neuron(<>) quant(#q1) : tensor<4x?x4x4xi32> -> tensor<4x?x4x4xi1> loc("c")
  %11 = spike.accumulate %10 weight(#w) quant(#q1) : tensor<4x?x4x4xi1> -> tensor<4x?x4x4xi32> loc("fc4")
  %12 = spike.fire %11 norm(<>) neuron(<>) quant(#q1) : tensor<4x?x4x4xi32> -> tensor<4x?x4x4xi1> loc("d")
  %13 = spike.add %8, %12 : tensor<4x?x4x4xi8>, tensor<4x?x4x4xi1> -> tensor<4x?x4x4xi8> loc("end")
  %14 = spike.sum_tokens %13 : tensor<4x?x4x4xi8> -> tensor<4x?x4xi64> loc("head")
  %15 = spike.integrate sum %14 : tensor<4x?x4xi64> -> tensor<?x4xi64> loc("head")
  %16 = spike.accumulate %15 weight(#h) quant(#q3) : tensor<?x4xi64> -> tensor<?x10xi64> loc("head")
  // CHECK: chip.population @x.relay lif map [2, 2] channels 4 state_bits {{[0-9]+}} step 2 runs 4 quant(<norm = <>, neuron = <tau = 1.0>, input_max = 1, steps = 4, {{.*}}>) rate 6.0
  // CHECK-NEXT: chip.projection @x to @x.relay synapses @unit tokens same channels same delay 1
  // CHECK-NEXT: chip.population @add.relay sum map [2, 2] channels 4 payload 2 state_bits 3 step 5 runs 4 rate
  // CHECK-NEXT: chip.projection @add to @add.relay synapses @unit tokens same channels same delay 1
  %17 = spike.readout %16 quant(#q3) : tensor<?x10xi64> -> tensor<?x10xf32> loc("head")
  return %17 : tensor<?x10xf32>
}
