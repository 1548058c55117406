// Errors of the interpreter. Each names the layer and says what was required and what was found.
// RUN: stas-translate --interpret --weights %S --split-input-file --verify-diagnostics %s

func.func @broken_expectation() {
  %x = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %e = arith.constant dense<[[1.0, 2.5], [3.0, 5.0]]> : tensor<2x2xf32>
  // expected-error @+1 {{expected 2.5 at [0, 1], found 2; 2 of 4 elements differ}}
  stas_check.expect_eq %x, %e : tensor<2x2xf32>
  return
}

// -----

func.func @broken_tolerance() {
  %x = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %e = arith.constant dense<[1.0, 2.5]> : tensor<2xf32>
  stas_check.expect_close %x, %e tolerance 0.5 : tensor<2xf32>
  // expected-error @+1 {{expected 2.5 at [1], found 2; 1 of 2 elements differ}}
  stas_check.expect_close %x, %e tolerance 0.499 : tensor<2xf32>
  return
}

// -----

func.func @nan_is_close_to_nothing() {
  %x = arith.constant dense<0x7FC00000> : tensor<1xf32>
  // expected-error @+1 {{expected nan at [0], found nan}}
  stas_check.expect_close %x, %x tolerance 1.0 : tensor<1xf32>
  return
}

// -----

func.func @count_too_large() {
  %x = arith.constant dense<200> : tensor<1x1xi8>
  // expected-error @+1 {{requires sums of at most 255, the largest count, found 400}}
  %y = stas.add %x, %x : tensor<1x1xi8>, tensor<1x1xi8> -> tensor<1x1xi8>
  return
}

// -----

func.func @sum_too_large() {
  %x = arith.constant dense<1> : tensor<256x1x1xi1>
  // expected-error @+1 {{requires sums of at most 255, the largest count, found 256}}
  %y = stas.integrate sum %x : tensor<256x1x1xi1> -> tensor<1x1xi8>
  return
}

// -----

func.func @scalar_constant() {
  // expected-error @+1 {{requires a dense tensor of i1, i8, i32, i64 or f32 to be interpreted, found 'i32'}}
  %x = arith.constant 1 : i32
  return
}

// -----

func.func @unknown_dialect() {
  %x = arith.constant dense<1> : tensor<1xi32>
  // expected-error @+1 {{cannot be interpreted: the interpreter knows}}
  %y = arith.addi %x, %x : tensor<1xi32>
  return
}

// -----

func.func @no_such_file() {
  %x = arith.constant dense<1> : tensor<1x2xi1>
  // expected-error @+1 {{missing.pth: 'fc.weight': required the checkpoint's file, found none to read}}
  %y = stas.linear %x weight(#stas.weight<"fc.weight" in "missing.pth" at 0 : tensor<1x2xf32>>)
         : tensor<1x2xi1> -> tensor<1x1xf32>
  return
}

// -----

func.func @file_too_short() {
  %x = arith.constant dense<1> : tensor<1x2xi1>
  // expected-error @+1 {{weights.bin: 'fc.weight': required 1028 bytes, found 1024; the file is not the one that was imported}}
  %y = stas.linear %x weight(#stas.weight<"fc.weight" in "../Inputs/interpreter/weights.bin" at 1020 : tensor<1x2xf32>>)
         : tensor<1x2xi1> -> tensor<1x1xf32>
  return
}

// -----

func.func @file_far_too_short() {
  %x = arith.constant dense<1> : tensor<1x2xi1>
  // expected-error @+1 {{required more than 2^63 bytes, found 1024}}
  %y = stas.linear %x weight(#stas.weight<"fc.weight" in "../Inputs/interpreter/weights.bin" at 4
           strides [1, 9223372036854775807] : tensor<1x2xf32>>)
         : tensor<1x2xi1> -> tensor<1x1xf32>
  return
}

// -----

func.func @huge_constant() {
  // expected-error @+1 {{requires at most 2^28 elements to be interpreted}}
  %x = arith.constant dense<1> : tensor<65536x65536xi8>
  return
}

// -----

func.func @quantize_nan() {
  %x = arith.constant dense<[0.0, 0x7FC00000]> : tensor<2xf32>
  // expected-error @+1 {{requires pixels that are numbers, found NaN}}
  %y = spike.quantize %x scale 8 limit 20 : tensor<2xf32> -> tensor<2xi32>
  return
}

// -----

func.func @table_too_short() {
  %x = arith.constant dense<[[[2, 5]]]> : tensor<1x1x2xi8>
  // expected-error @+1 {{requires a halting score for each value of channel 0, found 2 scores and a value of 2}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2 table [0, 5]
      : tensor<1x1x2xi8> -> tensor<1x1x2xi64>, tensor<1x1xi32> {
  ^bb0(%s: tensor<1x1x2xi8>, %a: tensor<1x1xi1>):
    stas.yield %s : tensor<1x1x2xi8>
  }
  return
}

// -----

#linear = #stas.weight<"linear" in "../Inputs/interpreter/weights.bin" at 192 : tensor<2x3xf32>>
func.func @state_too_narrow() {
  %s = arith.constant dense<1> : tensor<1x3xi1>
  // expected-error @+1 {{channel 0 of 'linear': 6 bits of state leave a unit of the sum of}}
  %y = spike.accumulate %s weight(#linear) quant(<weight = #linear, norm = <>, neuron = <>, input_max = 1, bits = 8, state_bits = 6>)
      : tensor<1x3xi1> -> tensor<1x2xi32>
  return
}

// -----

#halves = #stas.weight<"halves" in "../Inputs/interpreter/weights.bin" at 896 : tensor<7x1xf16>>
func.func @weights_not_finite() {
  %s = arith.constant dense<1> : tensor<1x1xi64>
  // expected-error @+1 {{channel 6 of 'halves': requires finite weights}}
  %y = spike.accumulate %s weight(#halves) quant(<weight = #halves, norm = <>, input_max = 1, bits = 16, state_bits = 64>)
      : tensor<1x1xi64> -> tensor<1x7xi64>
  return
}

// -----

// As many elements as leave 2 of 64 bits.
func.func @too_many() {
  // expected-error @+1 {{requires at most 2^28 elements to be interpreted, found 'tensor<3x6148914691236517206x1xf32>'}}
  %x = arith.constant dense<1.0> : tensor<3x6148914691236517206x1xf32>
  return
}
