// RUN: stas-opt %s --split-input-file --verify-diagnostics

// expect_eq.R1
func.func @f(%x: tensor<2xf32>, %y: tensor<3xf32>) {
  // expected-error @+1 {{requires all operands to have the same type}}
  "stas_check.expect_eq"(%x, %y) : (tensor<2xf32>, tensor<3xf32>) -> ()
  return
}

// -----

// expect_close.R1
func.func @f(%x: tensor<2xi8>) {
  // expected-error @+1 {{operand #0 must be tensor of 32-bit float values}}
  "stas_check.expect_close"(%x, %x) {tolerance = 0.0 : f64} : (tensor<2xi8>, tensor<2xi8>) -> ()
  return
}

// -----

func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{expect_close.R2: requires a finite tolerance >= 0, found -1}}
  stas_check.expect_close %x, %x tolerance -1.0 : tensor<2xf32>
  return
}

// -----

func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{expect_close.R2}}
  stas_check.expect_close %x, %x tolerance 0x7FF0000000000000 : tensor<2xf32>
  return
}

// -----

func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{probe.R1: requires a name without '/', found '../x'}}
  stas_check.probe %x "../x" : tensor<2xf32>
  return
}

// -----

func.func @f(%x: tensor<2xf32>) {
  // expected-error @+1 {{probe.R1}}
  stas_check.probe %x "" : tensor<2xf32>
  return
}
