// An encoder and the chain of layers that it becomes mean the same, on numbers worked by hand.
// RUN: stas-translate --interpret %s --weights %S/../Inputs/interpreter | FileCheck %s
// RUN: stas-opt %s --stas-choose-schedule | FileCheck %s --check-prefix=CHAIN
// RUN: stas-opt %s --stas-choose-schedule | stas-translate --interpret --weights %S/../Inputs/interpreter | FileCheck %s
// CHAIN-NOT: stas.act
// CHECK: 2 functions, 2 expectations met

// [[1, 2], [3, 4]]
#w = #stas.weight<"square" in "weights.bin" at 64 : tensor<2x2xf32>>

// x = (1, 0) drives (1, 3): in block 1 neuron 2 fires at every second timestep, and the stream is (1, 0), (1, 1), ..
// Block 2, driven by (1, 3), (3, 7), ..: neuron 1 has 0.5, 1.75, 1.375, and fires at t = 4; neuron 2 fires at t = 2 and 4.
// The stream ends as (1, 0), (1, 2), (1, 0), (2, 2).
func.func @rate() {
  %x = arith.constant dense<[[[1, 0]]]> : tensor<1x1x2xi8>
  %y, %n = stas.act %x halting(#stas.act<alpha = 0.0, beta = -9.0, output = rate>) timesteps 4
      : tensor<1x1x2xi8> -> tensor<1x1x2xf32>, tensor<1x1xi32> {
  ^bb0(%s: tensor<1x1x2xi8>, %a: tensor<1x1xi1>):
    %0 = stas.linear %s weight(#w) : tensor<1x1x2xi8> -> tensor<1x1x2xf32>
    %1 = stas.lif %0 neuron(#stas.lif<v_threshold = 2.0>) : tensor<1x1x2xf32> -> tensor<1x1x2xi1>
    %2 = stas.mask %1, %a : tensor<1x1x2xi1>, tensor<1x1xi1>
    %3 = stas.add %s, %2 : tensor<1x1x2xi8>, tensor<1x1x2xi1> -> tensor<1x1x2xi8>
    stas.yield %3 : tensor<1x1x2xi8>
  }, {
  ^bb0(%s: tensor<1x1x2xi8>, %a: tensor<1x1xi1>):
    %0 = stas.linear %s weight(#w) : tensor<1x1x2xi8> -> tensor<1x1x2xf32>
    %1 = stas.lif %0 neuron(#stas.lif<v_threshold = 2.0>) : tensor<1x1x2xf32> -> tensor<1x1x2xi1>
    %2 = stas.mask %1, %a : tensor<1x1x2xi1>, tensor<1x1xi1>
    %3 = stas.add %s, %2 : tensor<1x1x2xi8>, tensor<1x1x2xi1> -> tensor<1x1x2xi8>
    stas.yield %3 : tensor<1x1x2xi8>
  }
  %e = arith.constant dense<[[[1.25, 1.0]]]> : tensor<1x1x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x1x2xf32>
  return
}

// Batch normalisation is of the channels, whose axis is one more with the timesteps before it. (1, 0) drives (1, 3),
// which is normalised to (-1, 0.5): neuron 2 has 0.25 and 0.375, and fires at every second timestep. As many tokens as
// channels, so that no type tells the axes apart.
#bw = #stas.weight<"bn.weight" in "weights.bin" at 256 : tensor<2xf32>>
#bb = #stas.weight<"bn.bias" in "weights.bin" at 320 : tensor<2xf32>>
#bm = #stas.weight<"bn.mean" in "weights.bin" at 384 : tensor<2xf32>>
#bv = #stas.weight<"bn.var" in "weights.bin" at 448 : tensor<2xf32>>
func.func @norm() {
  %x = arith.constant dense<[[[1, 0], [1, 0]]]> : tensor<1x2x2xi8>
  %y, %n = stas.act %x halting(#stas.act<alpha = 0.0, beta = -9.0, output = rate>) timesteps 4
      : tensor<1x2x2xi8> -> tensor<1x2x2xf32>, tensor<1x2xi32> {
  ^bb0(%s: tensor<1x2x2xi8>, %a: tensor<1x2xi1>):
    %0 = stas.linear %s weight(#w) : tensor<1x2x2xi8> -> tensor<1x2x2xf32>
    %1 = stas.batch_norm %0 axis 2 weight(#bw) bias(#bb) mean(#bm) var(#bv) eps 1.0 : tensor<1x2x2xf32>
    %2 = stas.lif %1 neuron(#stas.lif<v_threshold = 0.3>) : tensor<1x2x2xf32> -> tensor<1x2x2xi1>
    %3 = stas.mask %2, %a : tensor<1x2x2xi1>, tensor<1x2xi1>
    %4 = stas.add %s, %3 : tensor<1x2x2xi8>, tensor<1x2x2xi1> -> tensor<1x2x2xi8>
    stas.yield %4 : tensor<1x2x2xi8>
  }
  %e = arith.constant dense<[[[1.0, 0.5], [1.0, 0.5]]]> : tensor<1x2x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x2x2xf32>
  return
}
