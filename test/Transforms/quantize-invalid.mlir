// What has no integer form is refused, with the reason.
// RUN: stas-opt %s --spike-quantize=base-directory=%S --split-input-file --verify-diagnostics
// RUN: not stas-opt %S/quantize.mlir --spike-quantize="precision=int4" 2>&1 | FileCheck %s --check-prefix=INT4
// RUN: not stas-opt %S/quantize.mlir --spike-quantize="state-bits=7" 2>&1 | FileCheck %s --check-prefix=BITS
// RUN: not stas-opt %S/quantize.mlir --spike-quantize="base-directory=%S state-bits=9" 2>&1 | FileCheck %s --check-prefix=NARROW
// RUN: not stas-opt %S/quantize.mlir --spike-quantize="base-directory=%t" 2>&1 | FileCheck %s --check-prefix=FILE
// INT4: error: spike-quantize requires precision int16 or int8 and 8 to 64 state bits, found int4 and 32
// BITS: error: spike-quantize requires precision int16 or int8 and 8 to 64 state bits, found int16 and 7
// NARROW: error: {{.*}}'spike.fire' op has no integer form: channel 0 of 'linear': 9 bits of state leave a unit of the sum of {{.*}}: raise the state's bits
// FILE: error: {{.*}}'spike.fire' op has no integer form: ../Inputs/interpreter/weights.bin: 'linear': required the checkpoint's file, found none to read

#linear = #stas.weight<"linear" in "../Inputs/interpreter/weights.bin" at 192 : tensor<2x3xf32>>
func.func @tau(%x: tensor<4x?x5x3xi1>) {
  %0 = spike.accumulate %x weight(#linear) : tensor<4x?x5x3xi1> -> tensor<4x?x5x2xf32>
  // expected-error @+1 {{has no integer form: quant.R8: requires tau <= 1024}}
  %1 = spike.fire %0 norm(<>) neuron(<tau = 5000.0>) : tensor<4x?x5x2xf32> -> tensor<4x?x5x2xi1>
  return
}

// -----

#linear = #stas.weight<"linear" in "../Inputs/interpreter/weights.bin" at 192 : tensor<2x3xf32>>
func.func @twice(%x: tensor<4x?x5x3xi1>) {
  // expected-error @+1 {{has an integer form already: requires a module in f32}}
  %0 = spike.accumulate %x weight(#linear) quant(<weight = #linear, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 8>) : tensor<4x?x5x3xi1> -> tensor<4x?x5x2xi32>
  %1 = spike.fire %0 norm(<>) neuron(<>) quant(<weight = #linear, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 8>) : tensor<4x?x5x2xi32> -> tensor<4x?x5x2xi1>
  return
}

// -----

func.func @counts(%x: tensor<16x?x5x3xi8>) {
  // expected-error @+1 {{has no integer form: requires counts of at most 255, found up to 4080; fewer timesteps or blocks make smaller ones}}
  %0 = spike.integrate mean %x : tensor<16x?x5x3xi8> -> tensor<?x5x3xf32>
  return
}

// -----

func.func @stream(%x: tensor<?x5x3xi8>, %s: tensor<?x5x3xi1>) {
  // expected-error @+1 {{requires counts of at most 255, found up to 256}}
  %0 = spike.add %x, %s : tensor<?x5x3xi8>, tensor<?x5x3xi1> -> tensor<?x5x3xi8>
  return
}

// -----

func.func @units(%x: tensor<2x?x5x3xi1>, %y: tensor<3x?x5x3xi1>) {
  %0 = spike.integrate mean %x : tensor<2x?x5x3xi1> -> tensor<?x5x3xf32>
  %1 = spike.integrate mean %y : tensor<3x?x5x3xi1> -> tensor<?x5x3xf32>
  // expected-error @+1 {{has no integer form: requires counts whose units divide each other, found 'tensor<?x5x3xi8>' in 1/3 and 'tensor<?x5x3xi8>' in 1/2}}
  %2 = spike.add %0, %1 : tensor<?x5x3xf32>, tensor<?x5x3xf32> -> tensor<?x5x3xf32>
  return
}

// -----

#linear = #stas.weight<"linear" in "../Inputs/interpreter/weights.bin" at 192 : tensor<2x3xf32>>
func.func @sums(%x: tensor<?x5x3xi1>, %y: tensor<?x5x2xi1>) {
  // expected-error @+1 {{has no integer form: requires sums that drive neurons or a classifier, found a use by spike.add}}
  %0 = spike.accumulate %x weight(#linear) : tensor<?x5x3xi1> -> tensor<?x5x2xf32>
  %1 = spike.add %0, %y : tensor<?x5x2xf32>, tensor<?x5x2xi1> -> tensor<?x5x2xf32>
  return
}

// -----

func.func @image(%x: tensor<?x4x4x3xf32>) {
  // expected-error @+1 {{has no integer form on 'tensor<?x4x4x3xi32>'}}
  %0 = spike.max_pool %x window(<kernel = [2, 2], strides = [2, 2], padding = [0, 0]>) : tensor<?x4x4x3xf32> -> tensor<?x2x2x3xf32>
  return
}

// -----

func.func @given_sums(%x: tensor<4x?x5x3xf32>) {
  // expected-error @+1 {{has no integer form: requires sums of spike.accumulate or spike.coincide}}
  %0 = spike.fire %x norm(<>) neuron(<>) : tensor<4x?x5x3xf32> -> tensor<4x?x5x3xi1>
  return
}

// -----

func.func @result(%x: tensor<4x?x5x3xi1>) -> tensor<?x5x3xf32> {
  %0 = spike.integrate mean %x : tensor<4x?x5x3xi1> -> tensor<?x5x3xf32>
  // expected-error @+1 {{has no integer form: requires results that are logits, spikes or counts, found 'tensor<?x5x3xf32>'}}
  return %0 : tensor<?x5x3xf32>
}

// -----

func.func @op(%x: tensor<4x?x5x3xi8>) {
  // expected-error @+1 {{has no integer form}}
  %0 = stas.encode %x {timesteps = 2 : i64} : tensor<4x?x5x3xi8> -> tensor<2x4x?x5x3xi8>
  return
}

// -----

// expected-error @+1 {{requires tensors of i1, i8 or f32 as arguments, found 'tensor<4xi32>'}}
func.func @argument(%x: tensor<4xi32>) {
  return
}

// -----

// expected-error @+1 {{requires a body of one block, found 2}}
func.func @blocks() {
  cf.br ^bb1
^bb1:
  return
}

// -----

func.func @stream(%x: tensor<1x2x5x3xi1>) {
  %0 = spike.mean_tokens %x : tensor<1x2x5x3xi1> -> tensor<1x2x3xf32>
  // expected-error @+1 {{has no integer form: requires a stream of counts and at most 64 blocks, found 'tensor<1x2x3xi64>' and 1}}
  %y, %n = stas.act %0 halting(#stas.act<alpha = 1.0, beta = -1.0>) timesteps 3 : tensor<1x2x3xf32> -> tensor<1x2x3xf32>, tensor<1x2xi32> {
  ^bb0(%s: tensor<1x2x3xf32>, %a: tensor<1x2xi1>):
    stas.yield %s : tensor<1x2x3xf32>
  }
  return
}

// -----

func.func @image_twice(%x: tensor<?x4xf32>) {
  // expected-error @+1 {{has an integer form already}}
  %0 = spike.quantize %x scale 8 limit 8 : tensor<?x4xf32> -> tensor<?x4xi32>
  return
}

// -----

func.func @tokens(%x: tensor<1x?x4611686018427387904x1xi8>) {
  // expected-error @+1 {{has no integer form: requires sums below 2^62, found larger ones}}
  %0 = spike.mean_tokens %x : tensor<1x?x4611686018427387904x1xi8> -> tensor<1x?x1xf32>
  return
}

// -----

func.func @scalar() {
  // expected-error @+1 {{has no integer form: requires a tensor of i1, i8 or f32, found 'i32'}}
  %0 = arith.constant 3 : i32
  return
}

// -----

#linear = #stas.weight<"linear" in "../Inputs/interpreter/weights.bin" at 192 : tensor<2x3xf32>>
func.func @membrane(%x: tensor<4x5x3xi1>, %v: tensor<4x5x2xf32>) {
  %0 = spike.accumulate %x weight(#linear) : tensor<4x5x3xi1> -> tensor<4x5x2xf32>
  // expected-error @+1 {{has no integer form with a membrane: requires stas.act, which stas-lower-act takes apart behind this pass}}
  %1, %2 = spike.fire %0 membrane(%v : tensor<4x5x2xf32>) norm(<>) neuron(<>) : tensor<4x5x2xf32> -> tensor<4x5x2xi1>, tensor<4x5x2xf32>
  return
}

// -----

module attributes {stas.model = #stas.model<"stas" from "m.pth" timesteps = 1 mean = [0.5] std = [1.0e-30]>} {
// expected-error @+1 {{has no integer form: requires a mean and std by which no pixel exceeds 2^24, found pixels of up to}}
func.func @pixels(%x: tensor<?x1x8x8xf32>) -> tensor<?x1x8x8xf32> {
  return %x : tensor<?x1x8x8xf32>
}
}
