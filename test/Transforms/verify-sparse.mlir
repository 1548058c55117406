// What holds from phase sparse on.
// RUN: stas-opt %s --split-input-file --spike-verify-sparse --verify-diagnostics

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
func.func @main(%x: tensor<?x4x8xi8>, %a: tensor<?x4xi1>, %b: tensor<?x4xi1>) -> (tensor<2x?x4x8xi1>, tensor<2x?x4x8xi1>, tensor<2x?x4x8xi1>) {
  %0 = spike.compact %x active(%a) : tensor<?x4x8xi8>, tensor<?x4xi1> -> tensor<?x8xi8>
  %1 = spike.accumulate %0 weight(#w8) : tensor<?x8xi8> -> tensor<?x8xf32>
  %2 = spike.expand %1 active(%a) : tensor<?x8xf32>, tensor<?x4xi1> -> tensor<?x4x8xf32>
  %3 = spike.fire %2 active(%a : tensor<?x4xi1>) norm(<>) neuron(<>) : tensor<?x4x8xf32> -> tensor<2x?x4x8xi1>
  // Two masks: each row may be needed.
  %4 = spike.accumulate %x weight(#w8) : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
  %5 = spike.fire %4 active(%a : tensor<?x4xi1>) norm(<>) neuron(<>) : tensor<?x4x8xf32> -> tensor<2x?x4x8xi1>
  %6 = spike.fire %4 active(%b : tensor<?x4xi1>) norm(<>) neuron(<>) : tensor<?x4x8xf32> -> tensor<2x?x4x8xi1>
  return %3, %5, %6 : tensor<2x?x4x8xi1>, tensor<2x?x4x8xi1>, tensor<2x?x4x8xi1>
}

// -----

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
func.func @main(%x: tensor<?x4x8xi8>, %a: tensor<?x4xi1>) -> tensor<2x?x4x8xi1> {
  // expected-error @+1 {{computes rows of halted tokens, which nothing takes: run stas-lower-assa}}
  %0 = spike.accumulate %x weight(#w8) : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
  %1 = spike.fire %0 active(%a : tensor<?x4xi1>) norm(<>) neuron(<>) : tensor<?x4x8xf32> -> tensor<2x?x4x8xi1>
  return %1 : tensor<2x?x4x8xi1>
}

// -----

func.func @main(%q: tensor<?x4x8xi1>) -> tensor<?x4x8xi32> {
  // expected-error @+1 {{is attention whose order of products is not chosen: run stas-lower-assa}}
  %0 = spike.coincide %q, %q, %q heads 2 : tensor<?x4x8xi1> -> tensor<?x4x8xi32>
  return %0 : tensor<?x4x8xi32>
}

// -----

func.func @main(%r: tensor<?x8xf32>, %a: tensor<?x4xi1>) -> tensor<?x4x8xf32> {
  // expected-error @+1 {{requires spike.fire, spike.staircase, spike.affine or spike.readout as its users, found another}}
  %0 = spike.expand %r active(%a) : tensor<?x8xf32>, tensor<?x4xi1> -> tensor<?x4x8xf32>
  return %0 : tensor<?x4x8xf32>
}

// -----

func.func @main(%x: tensor<4x?x8xi1>) -> tensor<?x8xf32> {
  // expected-error @+1 {{is left of the stas dialect: run convert-stas-to-spike}}
  %0 = stas.integrate mean %x : tensor<4x?x8xi1> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

// expected-error @+1 {{requires a function @main with a body, found none}}
module {
}
