// Every op once in each of its forms.
// RUN: stas-opt %s | FileCheck %s

#w8x3 = #stas.weight<"w8x3" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#w16x8 = #stas.weight<"w16x8" in "m.pth" at 0 : tensor<16x8xf16>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
#norm8 = #spike.norm<bias = #v8>
#image33 = #spike.window<kernel = [3, 3], strides = [2, 1], padding = [1, 1], channels_first = true>
#map33 = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>

// CHECK-LABEL: @maps
func.func @maps(%image: tensor<?x3x8x8xf32>, %frames: tensor<4x?x3x8x8xf32>, %map: tensor<2x?x4x8x3xi8>) {
  // CHECK: spike.accumulate %{{.*}} weight(<"w8x3" in "m.pth" at 0 : tensor<8x3x3x3xf32>>) window(<kernel = [3, 3], strides = [2, 1], padding = [1, 1], channels_first = true>) : tensor<?x3x8x8xf32> -> tensor<?x4x8x8xf32>
  %0 = spike.accumulate %image weight(#w8x3) window(#image33) : tensor<?x3x8x8xf32> -> tensor<?x4x8x8xf32>
  %1 = spike.accumulate %frames weight(#w8x3) window(#image33) : tensor<4x?x3x8x8xf32> -> tensor<4x?x4x8x8xf32>
  // CHECK: spike.accumulate %{{.*}} window(<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>) : tensor<2x?x4x8x3xi8> -> tensor<2x?x2x4x8xf32>
  %2 = spike.accumulate %map weight(#w8x3) window(#map33) : tensor<2x?x4x8x3xi8> -> tensor<2x?x2x4x8xf32>
  // CHECK: spike.fire %{{.*}} norm(<bias = <"v8" {{.*}}>>) neuron(<>) : tensor<?x4x8x8xf32> -> tensor<4x?x4x8x8xi1>
  %3 = spike.fire %0 norm(#norm8) neuron(#stas.lif<>) : tensor<?x4x8x8xf32> -> tensor<4x?x4x8x8xi1>
  // CHECK: spike.fire %{{.*}} norm(<>) neuron(<v_threshold = 0.5>) : tensor<4x?x4x8x8xf32> -> tensor<4x?x4x8x8xi1>
  %4 = spike.fire %1 norm(#spike.norm<>) neuron(#stas.lif<v_threshold = 0.5>)
      : tensor<4x?x4x8x8xf32> -> tensor<4x?x4x8x8xi1>
  // CHECK: spike.staircase mean %{{.*}} norm(<bias = <"v8" {{.*}}>>) neuron(<>) timesteps 4 : tensor<?x4x8x8xf32> -> tensor<?x4x8x8xf32>
  %10 = spike.staircase mean %0 norm(#norm8) neuron(#stas.lif<>) timesteps 4 : tensor<?x4x8x8xf32> -> tensor<?x4x8x8xf32>
  // CHECK: spike.staircase sum %{{.*}} norm(<>) neuron(<tau = 3.0>) timesteps 255 pool(<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>) : tensor<?x4x8x8xf32> -> tensor<?x2x4x8xi8>
  %11 = spike.staircase sum %0 norm(#spike.norm<>) neuron(#stas.lif<tau = 3.0>) timesteps 255 pool(#map33)
      : tensor<?x4x8x8xf32> -> tensor<?x2x4x8xi8>
  // CHECK: spike.max_pool %{{.*}} window(<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>) : tensor<4x?x4x8x8xi1> -> tensor<4x?x2x4x8xi1>
  %5 = spike.max_pool %3 window(#map33) : tensor<4x?x4x8x8xi1> -> tensor<4x?x2x4x8xi1>
  // CHECK: spike.integrate mean %{{.*}} : tensor<4x?x2x4x8xi1> -> tensor<?x2x4x8xf32>
  %6 = spike.integrate mean %5 : tensor<4x?x2x4x8xi1> -> tensor<?x2x4x8xf32>
  // CHECK: spike.integrate sum %{{.*}} : tensor<4x?x2x4x8xi1> -> tensor<?x2x4x8xi8>
  %7 = spike.integrate sum %5 : tensor<4x?x2x4x8xi1> -> tensor<?x2x4x8xi8>
  // CHECK: spike.integrate sum %{{.*}} : tensor<4x?x4x8x8xf32> -> tensor<?x4x8x8xf32>
  %8 = spike.integrate sum %1 : tensor<4x?x4x8x8xf32> -> tensor<?x4x8x8xf32>
  // CHECK: spike.flatten %{{.*}} : tensor<?x2x4x8xi8> -> tensor<?x8x8xi8>
  %9 = spike.flatten %7 : tensor<?x2x4x8xi8> -> tensor<?x8x8xi8>
  return
}

// CHECK-LABEL: @tokens
func.func @tokens(%x: tensor<4x?x6x8xi1>, %c: tensor<?x6x8xi8>, %active: tensor<?x6xi1>) {
  // CHECK: spike.accumulate %{{.*}} weight(<"w16x8" {{.*}}>) : tensor<4x?x6x8xi1> -> tensor<4x?x6x16xf32>
  %0 = spike.accumulate %x weight(#w16x8) : tensor<4x?x6x8xi1> -> tensor<4x?x6x16xf32>
  %1 = spike.accumulate %c weight(#w16x8) : tensor<?x6x8xi8> -> tensor<?x6x16xf32>
  // CHECK: spike.fire %{{.*}} active(%{{.*}} : tensor<?x6xi1>) norm(<>) neuron(<>) : tensor<?x6x16xf32> -> tensor<4x?x6x16xi1>
  %2 = spike.fire %1 active(%active : tensor<?x6xi1>) norm(#spike.norm<>) neuron(#stas.lif<>)
      : tensor<?x6x16xf32> -> tensor<4x?x6x16xi1>
  // CHECK: spike.fire %{{.*}} active(%{{.*}} : tensor<?x6xi1>) membrane(%[[V:.*]] : tensor<?x6x16xf32>) norm(<>) neuron(<>) : tensor<?x6x16xf32> -> tensor<?x6x16xi1>, tensor<?x6x16xf32>
  %s, %v = spike.fire %1 active(%active : tensor<?x6xi1>) membrane(%1 : tensor<?x6x16xf32>) norm(#spike.norm<>)
      neuron(#stas.lif<>) : tensor<?x6x16xf32> -> tensor<?x6x16xi1>, tensor<?x6x16xf32>
  // CHECK: spike.coincide %{{.*}}, %{{.*}}, %{{.*}} heads 2 : tensor<4x?x6x8xi1> -> tensor<4x?x6x8xi32>
  %3 = spike.coincide %x, %x, %x heads 2 : tensor<4x?x6x8xi1> -> tensor<4x?x6x8xi32>
  // CHECK: spike.fire %{{.*}} norm(<unit = 0.125>) {{.*}} : tensor<4x?x6x8xi32> -> tensor<4x?x6x8xi1>
  %4 = spike.fire %3 norm(#spike.norm<unit = 0.125>) neuron(#stas.lif<>) : tensor<4x?x6x8xi32> -> tensor<4x?x6x8xi1>
  // CHECK: spike.add %{{.*}}, %{{.*}} : tensor<?x6x8xi8>, tensor<4x?x6x8xi1> -> tensor<4x?x6x8xi8>
  %5 = spike.add %c, %x : tensor<?x6x8xi8>, tensor<4x?x6x8xi1> -> tensor<4x?x6x8xi8>
  // CHECK: spike.add %{{.*}}, %{{.*}} : tensor<4x?x6x8xi1>, tensor<4x?x6x8xi1> -> tensor<4x?x6x8xi8>
  %6 = spike.add %x, %x : tensor<4x?x6x8xi1>, tensor<4x?x6x8xi1> -> tensor<4x?x6x8xi8>
  // CHECK: spike.mean_tokens %{{.*}} : tensor<4x?x6x8xi8> -> tensor<4x?x8xf32>
  %7 = spike.mean_tokens %5 : tensor<4x?x6x8xi8> -> tensor<4x?x8xf32>
  // CHECK: spike.affine %{{.*}} norm(<bias = <"v8" {{.*}}>>) : tensor<4x?x8xf32>
  %8 = spike.affine %7 norm(#norm8) : tensor<4x?x8xf32>
  return
}

// CHECK-LABEL: @sparse
func.func @sparse(%x: tensor<?x70x8xi8>, %s: tensor<2x?x70x8xi1>, %q: tensor<?x70x8xi1>, %active: tensor<?x70xi1>) {
  // CHECK: spike.compact %{{.*}} active(%{{.*}}) : tensor<?x70x8xi8>, tensor<?x70xi1> -> tensor<?x8xi8>
  %0 = spike.compact %x active(%active) : tensor<?x70x8xi8>, tensor<?x70xi1> -> tensor<?x8xi8>
  %1 = spike.accumulate %0 weight(#w16x8) : tensor<?x8xi8> -> tensor<?x16xf32>
  // CHECK: spike.expand %{{.*}} active(%{{.*}}) : tensor<?x16xf32>, tensor<?x70xi1> -> tensor<?x70x16xf32>
  %2 = spike.expand %1 active(%active) : tensor<?x16xf32>, tensor<?x70xi1> -> tensor<?x70x16xf32>
  // CHECK: spike.pack %{{.*}} along tokens heads 2 : tensor<2x?x70x8xi1> -> tensor<2x?x2x4x2xi64>
  %3 = spike.pack %s along tokens heads 2 : tensor<2x?x70x8xi1> -> tensor<2x?x2x4x2xi64>
  // CHECK: spike.pack %{{.*}} along channels heads 2 : tensor<?x70x8xi1> -> tensor<?x2x70x1xi64>
  %4 = spike.pack %q along channels heads 2 : tensor<?x70x8xi1> -> tensor<?x2x70x1xi64>
  // CHECK: spike.unpack %{{.*}} along channels heads 2 : tensor<?x2x70x1xi64> -> tensor<?x70x8xi1>
  %5 = spike.unpack %4 along channels heads 2 : tensor<?x2x70x1xi64> -> tensor<?x70x8xi1>
  // CHECK: spike.and_count %{{.*}}, %{{.*}} : tensor<2x?x2x4x2xi64>, tensor<2x?x2x4x2xi64> -> tensor<2x?x2x4x4xi32>
  %6 = spike.and_count %3, %3 : tensor<2x?x2x4x2xi64>, tensor<2x?x2x4x2xi64> -> tensor<2x?x2x4x4xi32>
  // CHECK: spike.and_count %{{.*}}, %{{.*}} active(%{{.*}} : tensor<?x70xi1>) : tensor<?x2x70x1xi64>, tensor<?x2x70x1xi64> -> tensor<?x2x70x70xi32>
  %7 = spike.and_count %4, %4 active(%active : tensor<?x70xi1>)
      : tensor<?x2x70x1xi64>, tensor<?x2x70x1xi64> -> tensor<?x2x70x70xi32>
  // CHECK: spike.sum_counts key_value %{{.*}}, %{{.*}} : tensor<2x?x70x8xi1>, tensor<2x?x2x4x4xi32> -> tensor<2x?x70x8xi32>
  %8 = spike.sum_counts key_value %s, %6 : tensor<2x?x70x8xi1>, tensor<2x?x2x4x4xi32> -> tensor<2x?x70x8xi32>
  // CHECK: spike.sum_counts query_key %{{.*}}, %{{.*}} active(%{{.*}} : tensor<?x70xi1>) : tensor<?x70x8xi1>, tensor<?x2x70x70xi32> -> tensor<?x70x8xi32>
  %9 = spike.sum_counts query_key %5, %7 active(%active : tensor<?x70xi1>)
      : tensor<?x70x8xi1>, tensor<?x2x70x70xi32> -> tensor<?x70x8xi32>
  return
}

#q16 = #spike.quant<weight = #w16x8, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 8, guard = 3>
#qimage = #spike.quant<weight = #w8x3, norm = <bias = #v8>, neuron = <>, input_unit = 0.125, input_max = 20, steps = 4, bits = 16, state_bits = 64>
#qhead = #spike.quant<weight = #w16x8, norm = <>, input_unit = 0.25, input_max = 72, bits = 16, state_bits = 64>
#qcounts = #spike.quant<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 24, steps = 4>

// CHECK-LABEL: @integers
func.func @integers(%image: tensor<?x3x8x8xf32>, %x: tensor<4x?x6x8xi1>, %c: tensor<4x?x6x8xi8>) {
  // CHECK: spike.quantize %{{.*}} scale 8 limit 20 : tensor<?x3x8x8xf32> -> tensor<?x3x8x8xi32>
  %0 = spike.quantize %image scale 8 limit 20 : tensor<?x3x8x8xf32> -> tensor<?x3x8x8xi32>
  // CHECK: spike.accumulate %{{.*}} weight({{.*}}) window({{.*}}) quant(<weight = <"w8x3" {{.*}}>, norm = <bias = <"v8" {{.*}}>>, neuron = <>, input_unit = 0.125, input_max = 20, steps = 4, bits = 16, state_bits = 64>) : tensor<?x3x8x8xi32> -> tensor<?x4x8x8xi64>
  %1 = spike.accumulate %0 weight(#w8x3) window(#image33) quant(#qimage) : tensor<?x3x8x8xi32> -> tensor<?x4x8x8xi64>
  // CHECK: spike.fire %{{.*}} norm({{.*}}) neuron(<>) quant({{.*}}) : tensor<?x4x8x8xi64> -> tensor<4x?x4x8x8xi1>
  %2 = spike.fire %1 norm(#norm8) neuron(<>) quant(#qimage) : tensor<?x4x8x8xi64> -> tensor<4x?x4x8x8xi1>
  // CHECK: spike.staircase sum %{{.*}} timesteps 4 pool({{.*}}) quant({{.*}}) : tensor<?x4x8x8xi64> -> tensor<?x2x4x8xi8>
  %3 = spike.staircase sum %1 norm(#norm8) neuron(<>) timesteps 4 pool(#map33) quant(#qimage)
      : tensor<?x4x8x8xi64> -> tensor<?x2x4x8xi8>
  // CHECK: spike.accumulate %{{.*}} weight({{.*}}) quant({{.*}}bits = 8, guard = 3>) : tensor<4x?x6x8xi1> -> tensor<4x?x6x16xi32>
  %4 = spike.accumulate %x weight(#w16x8) quant(#q16) : tensor<4x?x6x8xi1> -> tensor<4x?x6x16xi32>
  %5 = spike.fire %4 norm(<>) neuron(<>) quant(#q16) : tensor<4x?x6x16xi32> -> tensor<4x?x6x16xi1>
  %6 = spike.coincide %x, %x, %x heads 2 : tensor<4x?x6x8xi1> -> tensor<4x?x6x8xi32>
  // CHECK: spike.fire %{{.*}} norm(<unit = 0.125>) neuron(<v_threshold = 0.5>) quant(<norm = <unit = 0.125>, neuron = <v_threshold = 0.5>, input_max = 24, steps = 4>) : tensor<4x?x6x8xi32> -> tensor<4x?x6x8xi1>
  %7 = spike.fire %6 norm(<unit = 0.125>) neuron(<v_threshold = 0.5>) quant(#qcounts)
      : tensor<4x?x6x8xi32> -> tensor<4x?x6x8xi1>
  // CHECK: spike.add %{{.*}}, %{{.*}} factor 4 : tensor<4x?x6x8xi8>, tensor<4x?x6x8xi1> -> tensor<4x?x6x8xi8>
  %8 = spike.add %c, %x factor 4 : tensor<4x?x6x8xi8>, tensor<4x?x6x8xi1> -> tensor<4x?x6x8xi8>
  // CHECK: spike.sum_tokens %{{.*}} : tensor<4x?x6x8xi8> -> tensor<4x?x8xi64>
  %9 = spike.sum_tokens %8 : tensor<4x?x6x8xi8> -> tensor<4x?x8xi64>
  // CHECK: spike.integrate sum %{{.*}} : tensor<4x?x8xi64> -> tensor<?x8xi64>
  %10 = spike.integrate sum %9 : tensor<4x?x8xi64> -> tensor<?x8xi64>
  %11 = spike.accumulate %10 weight(#w16x8) quant(#qhead) : tensor<?x8xi64> -> tensor<?x16xi64>
  // CHECK: spike.readout %{{.*}} quant(<weight = <"w16x8" {{.*}}>, norm = <>, input_unit = 0.25, input_max = 72, bits = 16, state_bits = 64>) : tensor<?x16xi64> -> tensor<?x16xf32>
  %12 = spike.readout %11 quant(#qhead) : tensor<?x16xi64> -> tensor<?x16xf32>
  return
}

func.func private @kernel(memref<12xi8>, memref<8xf32>, index, index, index, memref<1xi8>)
func.func private @of_images(memref<12xi8>, memref<8xf32>, index, index, index, index, memref<1xi8>)

// CHECK-LABEL: @plan
func.func @plan() {
  // CHECK: spike.buffer "image" : memref<8xf32>
  %0 = spike.buffer "image" : memref<8xf32>
  // CHECK: spike.buffer "state" zero at 64 : memref<12xi8>
  %1 = spike.buffer "state" zero at 64 : memref<12xi8>
  // CHECK: spike.constant <scale 5 lanes 8> : memref<8xf32>
  %2 = spike.constant <scale 5 lanes 8> : memref<8xf32>
  // CHECK: spike.table bias <weight = <"w16x8" {{.*}}>, norm = <>, neuron = <>, input_max = 1, bits = 16> : memref<32xi32>
  %bias = spike.table bias <weight = #w16x8, norm = <>, neuron = <>, input_max = 1, bits = 16> : memref<32xi32>
  // CHECK: spike.table pairs {{.*}} : memref<288xi16>
  %pairs = spike.table pairs <weight = #w16x8, norm = <>, neuron = <>, input_max = 1, bits = 16> : memref<288xi16>
  // CHECK: spike.table rows {{.*}} : memref<256xi32>
  %rows = spike.table rows <weight = #w16x8, norm = <>, neuron = <>, input_max = 1, bits = 24, state_bits = 64> : memref<256xi32>
  // CHECK: spike.table tiles {{.*}} : memref<4096xi8>
  %tiles = spike.table tiles <weight = #w16x8, norm = <>, neuron = <>, input_max = 1, bits = 16> : memref<4096xi8>
  // CHECK: spike.table cuts {{.*}} : memref<128xi64>
  %cuts = spike.table cuts <weight = #w16x8, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 8, state_bits = 40> : memref<128xi64>
  // CHECK: spike.table reset {{.*}} : memref<32xi32>
  %reset = spike.table reset <weight = #w16x8, norm = <>, neuron = <reset = soft>, input_max = 1, bits = 8> : memref<32xi32>
  // CHECK: spike.table unit {{.*}} : memref<1xf64>
  %unit = spike.table unit <weight = #w16x8, norm = <>, input_max = 1, bits = 16, state_bits = 64> : memref<1xf64>
  // CHECK: spike.constant <rows 16 lanes 8 weight <"w16x8" {{.*}}>> : memref<128xf32>
  %3 = spike.constant <rows 16 lanes 8 weight #w16x8> : memref<128xf32>
  // CHECK: spike.buffer "steps" : memref<6xi32>
  %4 = spike.buffer "steps" : memref<6xi32>
  // CHECK: spike.launch @kernel(%{{.*}}, %{{.*}}) extent 3 layer "a.b" : memref<12xi8>, memref<8xf32>
  spike.launch @kernel(%1, %2) extent 3 layer "a.b" : memref<12xi8>, memref<8xf32>
  // CHECK: spike.launch @kernel(%{{.*}}, %{{.*}}) extent 3 layer "a.d" sums tiles when unobserved : memref
  spike.launch @kernel(%1, %2) extent 3 layer "a.d" sums tiles when unobserved : memref<12xi8>, memref<8xf32>
  // CHECK: spike.launch @of_images(%{{.*}}, %{{.*}}) extent 3 layer "a.c" : memref<12xi8>, memref<8xf32>
  spike.launch @of_images(%1, %2) extent 3 layer "a.c" : memref<12xi8>, memref<8xf32>
  // CHECK: spike.launch @kernel(%{{.*}}, %{{.*}}) extent 3 layer "e" spikes 0 tokens [1, 2, 6] when observed : memref
  spike.launch @kernel(%1, %2) extent 3 layer "e" spikes 0 tokens [1, 2, 6] when observed : memref<12xi8>, memref<8xf32>
  // CHECK: spike.launch @kernel(%{{.*}}, %{{.*}}) extent 3 layer "e" when unobserved : memref
  spike.launch @kernel(%1, %2) extent 3 layer "e" when unobserved : memref<12xi8>, memref<8xf32>
  // CHECK: spike.time_loop 4 {
  spike.time_loop 4 {
    // CHECK-NEXT: spike.launch @kernel(%{{.*}}, %{{.*}}) extent 3 layer "c" spikes 0 tokens [1, 2, 6] : memref
    spike.launch @kernel(%1, %2) extent 3 layer "c" spikes 0 tokens [1, 2, 6] : memref<12xi8>, memref<8xf32>
    // CHECK: layer "e" work <weighted "e" rows 3 fan_in 4 channels 5 inputs[0]> : memref
    spike.launch @kernel(%1, %2) extent 3 layer "e" work <weighted "e" rows 3 fan_in 4 channels 5 inputs [0]>
        : memref<12xi8>, memref<8xf32>
    spike.launch @kernel(%1, %2) extent 3 layer "d" spikes 0 map [1, 2, 2, 3] : memref<12xi8>, memref<8xf32>
    // CHECK: spike.stop_when_idle %{{.*}} : memref<12xi8>
    spike.stop_when_idle %1 : memref<12xi8>
  }
  // CHECK: spike.outputs image(%{{.*}} : memref<8xf32>) logits(%{{.*}} : memref<8xf32>) halting(%{{.*}} : memref<6xi32>)
  spike.outputs image(%0 : memref<8xf32>) logits(%2 : memref<8xf32>) halting(%4 : memref<6xi32>)
  return
}

// CHECK-LABEL: @plain_outputs
func.func @plain_outputs(%0: memref<8xf32>) {
  // CHECK: spike.outputs image(%{{.*}} : memref<8xf32>) logits(%{{.*}} : memref<8xf32>){{$}}
  spike.outputs image(%0 : memref<8xf32>) logits(%0 : memref<8xf32>)
  return
}
