// The first block's weighted sums are the same at every timestep: they move before the loop, and what reads them stays.
// RUN: stas-opt %s --stas-lower-act --loop-invariant-code-motion | FileCheck %s
// RUN: stas-opt %s --stas-lower-act --loop-invariant-code-motion --convert-stas-to-spike | FileCheck %s --check-prefix=SPIKE
// RUN: stas-opt %s --convert-stas-to-spike --stas-lower-act --loop-invariant-code-motion | FileCheck %s --check-prefix=SPIKE

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>

// CHECK-LABEL: @encoder
// CHECK: %[[SUM:.*]] = stas.linear %arg0
// CHECK-NEXT: %[[C:.*]] = stas.batch_norm %[[SUM]]
// CHECK: stas.time_loop
// CHECK-NEXT: stas.lif_step %[[C]],
// CHECK: stas.linear
// SPIKE-LABEL: @encoder
// SPIKE: %[[SUM:.*]] = spike.accumulate %arg0
// SPIKE: stas.time_loop
// SPIKE-NEXT: spike.fire %[[SUM]] active(%{{.*}}) membrane(%{{.*}}) norm(<gamma = {{.*}}, eps = 1.0e-05>) neuron(<>) : tensor<?x4x8xf32> -> tensor<?x4x8xi1>, tensor<?x4x8xf32>
// SPIKE: spike.accumulate
// SPIKE: spike.fire
// SPIKE: stas.yield
func.func @encoder(%x: tensor<?x4x8xi8>) -> tensor<?x4x8xf32> {
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = -1.0, output = rate>) timesteps 3
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
    %0 = stas.linear %s weight(#w) : tensor<?x4x8xi8> -> tensor<?x4x8xf32>
    %1 = stas.batch_norm %0 axis 2 weight(#v) bias(#v) mean(#v) var(#v) eps 1.0e-5 : tensor<?x4x8xf32>
    %2 = stas.lif %1 neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<?x4x8xi1>
    %3 = stas.mask %2, %a : tensor<?x4x8xi1>, tensor<?x4xi1>
    %4 = stas.linear %3 weight(#w) : tensor<?x4x8xi1> -> tensor<?x4x8xf32>
    %5 = stas.lif %4 neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<?x4x8xi1>
    %6 = stas.mask %5, %a : tensor<?x4x8xi1>, tensor<?x4xi1>
    %7 = stas.add %s, %6 : tensor<?x4x8xi8>, tensor<?x4x8xi1> -> tensor<?x4x8xi8>
    stas.yield %7 : tensor<?x4x8xi8>
  }
  return %y : tensor<?x4x8xf32>
}
