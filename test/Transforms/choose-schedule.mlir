// An encoder whose tokens cannot halt early becomes a chain of layers; every other one stays, with a reason.
// RUN: stas-opt %s --split-input-file --stas-choose-schedule | FileCheck %s
// RUN: stas-opt %s --split-input-file --stas-choose-schedule --remarks-filter=stas-choose-schedule 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>

// alpha = 1: of a stream that starts at 1 and reaches 2 the largest score is sigmoid(2 - 12).
// CHECK-LABEL: @chain
// CHECK-SAME: (%[[X:.*]]: tensor<?x4x8xi1>)
func.func @chain(%x: tensor<?x4x8xi1>) -> tensor<?x4x8xf32> {
  // CHECK: %[[I:.*]] = stas.integrate sum
  // CHECK-NEXT: %[[S:.*]] = stas.encode %[[I]] {timesteps = 3 : i64} : tensor<?x4x8xi8> -> tensor<3x?x4x8xi8>
  // CHECK-NEXT: %[[C:.*]] = stas.linear %[[S]] {{.*}} -> tensor<3x?x4x8xf32>
  // CHECK-NEXT: %[[F:.*]] = stas.lif %[[C]] {{.*}} -> tensor<3x?x4x8xi1>
  // CHECK-NEXT: %[[Y:.*]] = stas.add %[[S]], %[[F]] {{.*}} -> tensor<3x?x4x8xi8>
  // CHECK-NEXT: %[[M:.*]] = stas.integrate mean %[[Y]] : tensor<3x?x4x8xi8> -> tensor<?x4x8xf32>
  // CHECK-NEXT: return %[[M]]
  // REMARK: [Passed] LayerMajor {{.*}}no token can halt before the end: at most 2 scores of at most 4.54e-05 before it", Remark="a layer runs all its timesteps at once"
  %t = stas.encode %x {timesteps = 1 : i64} : tensor<?x4x8xi1> -> tensor<1x?x4x8xi1>
  %i = stas.integrate sum %t : tensor<1x?x4x8xi1> -> tensor<?x4x8xi8>
  %y, %n = stas.act %i halting(#stas.act<alpha = 1.0, beta = -12.0, output = rate>) timesteps 3
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    %0 = stas.linear %s weight(#w) : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
    %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<?x4x8xi1>
    %2 = stas.mask %1, %a : tensor<?x4x8xi1>, tensor<?x4xi1>
    %3 = stas.add %s, %2 : tensor<?x4x8xi8>, tensor<?x4x8xi1> -> tensor<?x4x8xi8>
    stas.yield %3 : tensor<?x4x8xi8>
  }
  return %y : tensor<?x4x8xf32>
}

// -----

// Of counts that nothing bounds x[0] may be 255.
// CHECK-LABEL: @lexicographic
func.func @lexicographic(%x: tensor<?x4x8xi8>) -> tensor<?x4x8xf32> {
  // CHECK-NEXT: stas.act
  // REMARK: [Missed] TimestepMajor {{.*}}whether a token enters the first block depends on the last block of the timestep before; a token can halt early: up to 2 scores of up to 1.0000 against a limit of 0.9900", Remark="all blocks run at one timestep before the next"
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = -12.0, output = rate>) timesteps 3
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    stas.yield %s : tensor<?x4x8xi8>
  }
  return %y : tensor<?x4x8xf32>
}

// -----

// Two blocks of three timesteps: at most four scores, in the last column, decide on a token.
// CHECK-LABEL: @rectangular
func.func @rectangular(%x: tensor<?x4x8xi8>) -> tensor<?x4x8xf32> {
  // CHECK-NEXT: stas.act
  // REMARK: [Missed] TimestepMajor {{.*}}whether a token enters a block depends on that block at the timestep before; a token can halt early: up to 4 scores of up to 0.2689
  %y, %n = stas.act %x halting(#stas.act<alpha = -1.0, beta = -1.0, order = rectangular, output = rate>) timesteps 3
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    stas.yield %s : tensor<?x4x8xi8>
  }, {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    stas.yield %s : tensor<?x4x8xi8>
  }
  return %y : tensor<?x4x8xf32>
}

// -----

// CHECK-LABEL: @timestep
func.func @timestep(%x: tensor<?x4x8xi8>) -> tensor<?x4x8xf32> {
  // CHECK-NEXT: stas.act
  // REMARK: [Missed] TimestepMajor {{.*}}rows of a layer that are skipped differ from timestep to timestep; a token can halt early: up to 1 scores of up to 1.0000
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = -1.0, order = timestep, output = rate>) timesteps 3
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    stas.yield %s : tensor<?x4x8xi8>
  }, {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    stas.yield %s : tensor<?x4x8xi8>
  }
  return %y : tensor<?x4x8xf32>
}

// -----

// In timestep order one block never halts a token that has another to enter, whatever its scores.
// CHECK-LABEL: @one_block
func.func @one_block(%x: tensor<?x4x8xf32>) -> tensor<?x4x8xf32> {
  // CHECK-NEXT: stas.encode
  // CHECK-NEXT: stas.integrate mean
  // REMARK: [Passed] LayerMajor {{.*}}at most 0 scores of at most 1.00e+00 before it
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = -1.0, order = timestep, output = rate>) timesteps 3
      : tensor<?x4x8xf32> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xf32>, %a: tensor<?x4xi1>):
    stas.yield %s : tensor<?x4x8xf32>
  }
  return %y : tensor<?x4x8xf32>
}

// -----

// CHECK-LABEL: @weighted
func.func @weighted(%x: tensor<?x4x8xi8>) -> tensor<?x4x8xf32> {
  // CHECK-NEXT: stas.act
  // REMARK: [Missed] TimestepMajor {{.*}}the output weighs what each block yields by its score
  %y, %n = stas.act %x halting(#stas.act<alpha = 0.0, beta = -12.0>) timesteps 3
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    stas.yield %s : tensor<?x4x8xi8>
  }
  return %y : tensor<?x4x8xf32>
}

// -----

// CHECK-LABEL: @steps
func.func @steps(%x: tensor<?x4x8xi8>) -> tensor<?x4xi32> {
  // CHECK-NEXT: stas.act
  // REMARK: [Missed] TimestepMajor {{.*}}the number of steps of each token is used
  %y, %n = stas.act %x halting(#stas.act<alpha = 0.0, beta = -12.0, output = rate>) timesteps 3
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    stas.yield %s : tensor<?x4x8xi8>
  }
  return %n : tensor<?x4xi32>
}

// -----

// CHECK-LABEL: @foreign
func.func @foreign(%x: tensor<1x4x8xi8>) -> tensor<1x4x8xf32> {
  // CHECK-NEXT: stas.act
  // REMARK: [Missed] TimestepMajor {{.*}}a block holds arith.constant, which is no layer over time
  %y, %n = stas.act %x halting(#stas.act<alpha = 0.0, beta = -12.0, output = rate>) timesteps 3
      : tensor<1x4x8xi8> -> tensor<1x4x8xf32>, tensor<1x4xi32> {
  ^bb0(%s: tensor<1x4x8xi8>, %a: tensor<1x4xi1>):
    %0 = arith.constant dense<1> : tensor<1x4x8xi8>
    stas.yield %0 : tensor<1x4x8xi8>
  }
  return %y : tensor<1x4x8xf32>
}

// -----

// CHECK-LABEL: @nothing_halts
func.func @nothing_halts(%x: tensor<4x?x4x8xf32>) -> tensor<4x?x4x8xi1> {
  // CHECK-NEXT: stas.lif
  // REMARK: [Analysis] LayerMajor {{.*}}nothing halts{{.*}}a layer runs all its timesteps at once
  %0 = stas.lif %x neuron(#stas.lif<>) : tensor<4x?x4x8xf32> -> tensor<4x?x4x8xi1>
  return %0 : tensor<4x?x4x8xi1>
}
