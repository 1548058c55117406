// Every value gets a unit and a range, every layer a recipe that the op that sums and the op that takes the sums hold.
// RUN: stas-opt %s --spike-quantize=base-directory=%S | FileCheck %s
// RUN: stas-opt %s --spike-quantize="precision=int8 base-directory=%S" | FileCheck %s --check-prefix=NARROW
// RUN: stas-opt %s --spike-quantize="state-bits=18 base-directory=%S" --remarks-filter=spike-quantize 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// The tensors are listed in Inputs/interpreter/make_weights.py.

#linear = #stas.weight<"linear" in "../Inputs/interpreter/weights.bin" at 192 : tensor<2x3xf32>>
#filter = #stas.weight<"filter" in "../Inputs/interpreter/weights.bin" at 0 : tensor<1x1x2x2xf32>>
#bias = #stas.weight<"bias" in "../Inputs/interpreter/weights.bin" at 128 : tensor<2xf32>>
#square = #stas.weight<"square" in "../Inputs/interpreter/weights.bin" at 64 : tensor<2x2xf32>>
#minus = #stas.weight<"minus" in "../Inputs/interpreter/weights.bin" at 960 : tensor<1x1xf32>>

// Pixels of 0..1, less 0.5, by 0.1, reach 5 > 2^24 / 2^22: the scale is halved, so that none is cut off.
module attributes {stas.model = #stas.model<"spikformer" from "m.pth" timesteps = 4 mean = [0.5] std = [0.1]>} {

// CHECK-LABEL: @layer
// NARROW-LABEL: @layer
// REMARK: loc("layer"): [Analysis] IntegerLayer {{.*}}"2 channels, 0 guard bits; 2 channels lost weight bits, at most 8; 0 never fire; bound 82944 of 2^17"
func.func @layer(%x: tensor<4x?x5x3xi1>) -> tensor<4x?x5x2xi1> {
  // CHECK-NEXT: %[[SUMS:.*]] = spike.accumulate %{{.*}} weight(<"linear" {{.*}}>) quant(<weight = <"linear" {{.*}}>, norm = <bias = <"bias" {{.*}}>>, neuron = <tau = 3.0>, input_max = 1, steps = 4, bits = 16, guard = 6>) : tensor<4x?x5x3xi1> -> tensor<4x?x5x2xi32>
  // CHECK-NEXT: spike.fire %[[SUMS]] norm(<bias = <"bias" {{.*}}>>) neuron(<tau = 3.0>) quant(<{{.*}}, guard = 6>) : tensor<4x?x5x2xi32> -> tensor<4x?x5x2xi1>
  // NARROW-NEXT: spike.accumulate {{.*}} input_max = 1, steps = 4, bits = 16, guard = 6>)
  %0 = spike.accumulate %x weight(#linear) : tensor<4x?x5x3xi1> -> tensor<4x?x5x2xf32>
  %1 = spike.fire %0 norm(<bias = #bias>) neuron(<tau = 3.0>) : tensor<4x?x5x2xf32> -> tensor<4x?x5x2xi1> loc("layer")
  return %1 : tensor<4x?x5x2xi1>
}

// Two neurons on one sum have a recipe each, and so a sum each.
// CHECK-LABEL: @two_neurons
func.func @two_neurons(%x: tensor<4x?x5x3xi1>) -> (tensor<4x?x5x2xi1>, tensor<4x?x5x2xi1>) {
  // CHECK-DAG: %[[A:.*]] = spike.accumulate {{.*}} neuron = <>, {{.*}} -> tensor<4x?x5x2xi32>
  // CHECK-DAG: %[[B:.*]] = spike.accumulate {{.*}} neuron = <v_threshold = 7.0>, {{.*}} -> tensor<4x?x5x2xi32>
  // CHECK-NOT: f32>
  // CHECK-DAG: spike.fire %[[A]] norm(<>) neuron(<>)
  // CHECK-DAG: spike.fire %[[B]] norm(<>) neuron(<v_threshold = 7.0>)
  %0 = spike.accumulate %x weight(#linear) : tensor<4x?x5x3xi1> -> tensor<4x?x5x2xf32>
  %1 = spike.fire %0 norm(<>) neuron(<>) : tensor<4x?x5x2xf32> -> tensor<4x?x5x2xi1>
  %2 = spike.fire %0 norm(<>) neuron(<v_threshold = 7.0>) : tensor<4x?x5x2xf32> -> tensor<4x?x5x2xi1>
  return %1, %2 : tensor<4x?x5x2xi1>, tensor<4x?x5x2xi1>
}

// In int8 the layers on tokens have 16 bits up to their second residual sum, the end of the first block, and 8 from there
// on. A sum of maps does not count.
// NARROW-LABEL: @residual
func.func @residual(%map: tensor<4x?x1x2x2xi1>) -> tensor<4x?x2x2xi1> {
  // NARROW: spike.add
  // NARROW: spike.accumulate {{.*}} bits = 16,
  // NARROW: spike.add
  // NARROW-NEXT: spike.accumulate {{.*}} bits = 16,
  // NARROW: spike.add
  // NARROW-NEXT: spike.accumulate {{.*}} bits = 8,
  %0 = spike.add %map, %map : tensor<4x?x1x2x2xi1>, tensor<4x?x1x2x2xi1> -> tensor<4x?x1x2x2xi8>
  %1 = spike.flatten %0 : tensor<4x?x1x2x2xi8> -> tensor<4x?x2x2xi8>
  %2 = spike.accumulate %1 weight(#square) : tensor<4x?x2x2xi8> -> tensor<4x?x2x2xf32>
  %3 = spike.fire %2 norm(<>) neuron(<>) : tensor<4x?x2x2xf32> -> tensor<4x?x2x2xi1>
  %4 = spike.add %1, %3 : tensor<4x?x2x2xi8>, tensor<4x?x2x2xi1> -> tensor<4x?x2x2xi8>
  %5 = spike.accumulate %4 weight(#square) : tensor<4x?x2x2xi8> -> tensor<4x?x2x2xf32>
  %6 = spike.fire %5 norm(<>) neuron(<>) : tensor<4x?x2x2xf32> -> tensor<4x?x2x2xi1>
  %7 = spike.add %4, %6 : tensor<4x?x2x2xi8>, tensor<4x?x2x2xi1> -> tensor<4x?x2x2xi8>
  %8 = spike.accumulate %7 weight(#square) : tensor<4x?x2x2xi8> -> tensor<4x?x2x2xf32>
  %9 = spike.fire %8 norm(<>) neuron(<>) : tensor<4x?x2x2xf32> -> tensor<4x?x2x2xi1>
  return %9 : tensor<4x?x2x2xi1>
}

// The image has 24-bit weights and 64-bit sums. A mean over T = 4 is the sum of unit 1/4; convolutions keep 16 bits in int8 too.
// CHECK-LABEL: @stem
// NARROW-LABEL: @stem
func.func @stem(%image: tensor<?x1x4x4xf32>) -> tensor<1x?x2x2x1xi1> {
  // CHECK-NEXT: %[[X:.*]] = spike.quantize %{{.*}} scale 2097152 limit 10485760 : tensor<?x1x4x4xf32> -> tensor<?x1x4x4xi32>
  // CHECK-NEXT: %[[S:.*]] = spike.accumulate %[[X]] {{.*}} input_unit = 4.76837158203125e-07, input_max = 10485760, steps = 4, bits = 24, guard = 8, state_bits = 64>) : tensor<?x1x4x4xi32> -> tensor<?x3x3x1xi64>
  // CHECK-NEXT: %[[Z:.*]] = spike.staircase sum %[[S]] {{.*}} timesteps 4 pool({{.*}}) quant({{.*}}) : tensor<?x3x3x1xi64> -> tensor<?x3x3x1xi8>
  // CHECK-NEXT: spike.accumulate %[[Z]] {{.*}} input_unit = 0.25, input_max = 4, bits = 16, {{.*}} : tensor<?x3x3x1xi8> -> tensor<?x2x2x1xi32>
  // NARROW: spike.accumulate {{.*}} input_max = 4, bits = 16,
  %0 = spike.accumulate %image weight(#filter) window(<kernel = [2, 2], strides = [1, 1], padding = [0, 0], channels_first = true>)
      : tensor<?x1x4x4xf32> -> tensor<?x3x3x1xf32>
  %1 = spike.staircase mean %0 norm(<>) neuron(<>) timesteps 4 pool(<kernel = [3, 3], strides = [1, 1], padding = [1, 1]>)
      : tensor<?x3x3x1xf32> -> tensor<?x3x3x1xf32>
  %2 = spike.accumulate %1 weight(#filter) window(<kernel = [2, 2], strides = [1, 1], padding = [0, 0]>)
      : tensor<?x3x3x1xf32> -> tensor<?x2x2x1xf32>
  %3 = spike.fire %2 norm(<>) neuron(<>) : tensor<?x2x2x1xf32> -> tensor<1x?x2x2x1xi1>
  return %3 : tensor<1x?x2x2x1xi1>
}

// The stream of a mean has unit 1/4: a spike of a branch is 4 of it, whichever side of the sum it stands on. The means at
// the end are sums of unit 1/4 * 1/5 * 1/4, and of values up to (4 + 4) * 5 * 4.
// CHECK-LABEL: @stream
// NARROW-LABEL: @stream
// REMARK: [Analysis] IntegerHead {{.*}}"2 classes; all lost 0 weight bits; bound 9302075 of 2^63"
func.func @stream(%spikes: tensor<4x?x5x2xi1>, %branch: tensor<4x?x5x2xi1>) -> tensor<?x2xf32> {
  // CHECK-NEXT: %[[X:.*]] = spike.integrate sum %[[SPIKES:.*]] : tensor<4x?x5x2xi1> -> tensor<?x5x2xi8>
  // CHECK-NEXT: %[[Y:.*]] = spike.add %[[X]], %{{.*}} factor 4 : tensor<?x5x2xi8>, tensor<4x?x5x2xi1> -> tensor<4x?x5x2xi8>
  // CHECK-NEXT: %[[N:.*]] = spike.sum_tokens %[[Y]] : tensor<4x?x5x2xi8> -> tensor<4x?x2xi64>
  // CHECK-NEXT: %[[T:.*]] = spike.integrate sum %[[N]] : tensor<4x?x2xi64> -> tensor<?x2xi64>
  // CHECK-NEXT: %[[L:.*]] = spike.accumulate %[[T]] weight(<"square" {{.*}}>) quant(<weight = <"square" {{.*}}>, norm = <bias = <"bias" {{.*}}>>, input_unit = 0.0125, input_max = 160, bits = 16, state_bits = 64>) : tensor<?x2xi64> -> tensor<?x2xi64>
  // CHECK-NEXT: spike.readout %[[L]] quant({{.*}}) : tensor<?x2xi64> -> tensor<?x2xf32>
  // NARROW: spike.accumulate {{.*}} input_max = 160, bits = 16, state_bits = 64>
  %0 = spike.integrate mean %spikes : tensor<4x?x5x2xi1> -> tensor<?x5x2xf32>
  %1 = spike.add %branch, %0 : tensor<4x?x5x2xi1>, tensor<?x5x2xf32> -> tensor<4x?x5x2xf32>
  %2 = spike.mean_tokens %1 : tensor<4x?x5x2xf32> -> tensor<4x?x2xf32>
  %3 = spike.integrate mean %2 : tensor<4x?x2xf32> -> tensor<?x2xf32>
  %4 = spike.accumulate %3 weight(#square) : tensor<?x2xf32> -> tensor<?x2xf32>
  %5 = spike.affine %4 norm(<bias = #bias>) : tensor<?x2xf32>
  return %5 : tensor<?x2xf32>
}

// Flattened maps, and attention: as many coincidences as tokens times channels of a head. 255 * 2 does not reach a
// threshold of 1000: silent.
// CHECK-LABEL: @attention
// REMARK: loc("silent"): [Analysis] IntegerLayer {{.*}}"1 channels, 0 guard bits; 1 channels lost weight bits, at most 10; 1 never fire;
// REMARK: loc("counts"): [Analysis] IntegerLayer {{.*}}"1 channels, 0 guard bits; 0 channels lost weight bits, at most 0; 0 never fire; bound
func.func @attention(%map: tensor<4x?x2x2x1xi8>) -> tensor<4x?x4x1xi1> {
  // CHECK-NEXT: spike.max_pool %{{.*}} : tensor<4x?x2x2x1xi8> -> tensor<4x?x2x2x1xi8>
  // CHECK-NEXT: spike.flatten %{{.*}} : tensor<4x?x2x2x1xi8> -> tensor<4x?x4x1xi8>
  // CHECK-NEXT: spike.accumulate %{{.*}} input_max = 255, {{.*}} : tensor<4x?x4x1xi8> -> tensor<4x?x4x1xi32>
  // CHECK: spike.coincide
  // CHECK-NEXT: spike.fire %{{.*}} quant(<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 4, steps = 4>) : tensor<4x?x4x1xi32>
  %0 = spike.max_pool %map window(<kernel = [1, 1], strides = [1, 1], padding = [0, 0]>) : tensor<4x?x2x2x1xi8> -> tensor<4x?x2x2x1xi8>
  %1 = spike.flatten %0 : tensor<4x?x2x2x1xi8> -> tensor<4x?x4x1xi8>
  %2 = spike.accumulate %1 weight(#minus) : tensor<4x?x4x1xi8> -> tensor<4x?x4x1xf32>
  %3 = spike.fire %2 norm(<>) neuron(<v_threshold = 1000.0>) : tensor<4x?x4x1xf32> -> tensor<4x?x4x1xi1> loc("silent")
  %4 = spike.coincide %3, %3, %3 heads 1 : tensor<4x?x4x1xi1> -> tensor<4x?x4x1xi32>
  %5 = spike.fire %4 norm(<unit = 0.125>) neuron(<v_threshold = 0.5>) : tensor<4x?x4x1xi32> -> tensor<4x?x4x1xi1> loc("counts")
  return %5 : tensor<4x?x4x1xi1>
}

// Scores of 0, 1/2, 1, 3/2, 2, 5/2, 3: the stream has unit 1/2, starts with at most 2 and gains 2 in each block. Layers of the
// second block take what the first may have left.
// CHECK-LABEL: @encoder
func.func @encoder(%spikes: tensor<2x?x4x2xi1>) -> (tensor<?x2xf32>, tensor<?x4xi32>) {
  // CHECK: stas.act %{{.*}} halting(<alpha = 1.0, beta = -1.0>) timesteps 3 table [4512088, 6334081, 8388608, 10443135, 12265128, 13716624, 14777323] : tensor<?x4x2xi8> -> tensor<?x4x2xi64>, tensor<?x4xi32>
  // CHECK-NEXT: ^bb0(%{{.*}}: tensor<?x4x2xi8>, %{{.*}}: tensor<?x4xi1>):
  // CHECK: input_unit = 0.5, input_max = 2, steps = 3,
  // CHECK: spike.add %{{.*}}, %{{.*}} factor 2 : tensor<?x4x2xi8>, tensor<?x4x2xi1> -> tensor<?x4x2xi8>
  // CHECK: input_unit = 0.5, input_max = 4, steps = 3,
  // CHECK: spike.sum_tokens %{{.*}} : tensor<?x4x2xi64> -> tensor<?x2xi64>
  // CHECK: spike.accumulate {{.*}} input_unit = 7.450580596923828e-09, input_max = 402653184,
  %0 = spike.integrate mean %spikes : tensor<2x?x4x2xi1> -> tensor<?x4x2xf32>
  %y, %n = stas.act %0 halting(#stas.act<alpha = 1.0, beta = -1.0>) timesteps 3 : tensor<?x4x2xf32> -> tensor<?x4x2xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x2xf32>, %a: tensor<?x4xi1>):
    %1 = spike.accumulate %s weight(#square) : tensor<?x4x2xf32> -> tensor<?x4x2xf32>
    %2 = spike.fire %1 active(%a : tensor<?x4xi1>) norm(<>) neuron(<>) : tensor<?x4x2xf32> -> tensor<?x4x2xi1>
    %3 = spike.add %s, %2 : tensor<?x4x2xf32>, tensor<?x4x2xi1> -> tensor<?x4x2xf32>
    stas.yield %3 : tensor<?x4x2xf32>
  }, {
  ^bb0(%s: tensor<?x4x2xf32>, %a: tensor<?x4xi1>):
    %1 = spike.accumulate %s weight(#square) : tensor<?x4x2xf32> -> tensor<?x4x2xf32>
    %2 = spike.fire %1 active(%a : tensor<?x4xi1>) norm(<>) neuron(<>) : tensor<?x4x2xf32> -> tensor<?x4x2xi1>
    %3 = spike.add %s, %2 : tensor<?x4x2xf32>, tensor<?x4x2xi1> -> tensor<?x4x2xf32>
    stas.yield %3 : tensor<?x4x2xf32>
  }
  %m = spike.mean_tokens %y : tensor<?x4x2xf32> -> tensor<?x2xf32>
  %l = spike.accumulate %m weight(#square) : tensor<?x2xf32> -> tensor<?x2xf32>
  %z = spike.affine %l norm(<>) : tensor<?x2xf32>
  return %z, %n : tensor<?x2xf32>, tensor<?x4xi32>
}
}
