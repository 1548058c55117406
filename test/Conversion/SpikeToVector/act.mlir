// A halting encoder becomes a time loop: membranes and sums outlive a turn, the mask gates every layer.
// RUN: stas-opt %s --convert-spike-to-vector | FileCheck %s
// RUN: sed 's/<alpha = 1.0, beta = -1.0>/<alpha = 1.0, beta = -1.0, order = rectangular, output = rate>/' %s > %t.mlir
// RUN: stas-opt %t.mlir --convert-spike-to-vector | FileCheck %s --check-prefix=RECT

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<12x3x1x1xf32>>
#w0 = #stas.weight<"w0" in "m.pth" at 0 : tensor<12x12xf32>>
#w1 = #stas.weight<"w1" in "m.pth" at 0 : tensor<12x12xf32>>
#wh = #stas.weight<"wh" in "m.pth" at 0 : tensor<10x12xf32>>
#window = #spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0], channels_first = true>
#lif = #stas.lif<v_reset = -0.5>

// CHECK: func.func @main() attributes {spike.blocks = 2 : i64, spike.halting_order = "lexicographic", spike.image = array<i64: 1, 3, 2, 2>, spike.isa = "avx2", spike.precision = "f32"}
// CHECK-DAG: %[[ACTIVE:.*]] = spike.buffer "act.active" : memref<4xi8>
// CHECK-DAG: %[[SUM:.*]] = spike.buffer "act.sum" zero : memref<4xf32>
// CHECK-DAG: %[[REST:.*]] = spike.buffer "act.remainder" : memref<4xf32>
// CHECK-DAG: %[[Y:.*]] = spike.buffer "act.output" zero : memref<48xf32>
// CHECK-DAG: %[[STEPS:.*]] = spike.buffer "act.steps" zero : memref<4xi32>
// CHECK: spike.launch @fill_0(%[[ACTIVE]]) extent 1
// CHECK: spike.launch @fill_1(%[[REST]]) extent 1
// What drives the first block's layers is the same at every timestep: they run before the loop, for all of them.
// CHECK: %[[AHEAD:.*]] = spike.buffer "b0.ahead" : memref<144xi8>
// CHECK-NEXT: spike.launch @{{fire_[0-9]+}}(%[[STREAM:[^,]*]], {{.*}}, %[[AHEAD]]) extent 4 layer "b0" :
// The membrane stands before the loop. What it holds at timestep 0 nobody reads: halted tokens do not come back.
// CHECK: %[[MEMBRANE:.*]] = spike.buffer "b1.membrane" : memref<64xf32>
// CHECK-NOT: spike.launch @fill
// CHECK: spike.time_loop 3 {
// CHECK: spike.launch @select_0(%[[AHEAD]], %[[STREAM]], %[[ACTIVE]], %{{.*}}) extent 4 layer "b0" spikes 3 tokens [1, 4, 12]
// CHECK: spike.launch @halt_0(%{{.*}}, %[[ACTIVE]], %[[SUM]], %[[REST]], %[[Y]], %[[STEPS]]) extent 4
// CHECK-NEXT: spike.stop_when_idle %[[ACTIVE]]
// The last block's halting is another kernel.
// CHECK: spike.launch @[[FIRE:fire_[0-9]+]](%{{.*}}, %[[MEMBRANE]], %[[ACTIVE]], %{{.*}}) extent 4 layer "b1" spikes 6 tokens [1, 4, 12]
// CHECK: spike.launch @halt_1(
// CHECK-NEXT: spike.stop_when_idle %[[ACTIVE]]
// CHECK-NEXT: }
// CHECK: spike.outputs {{.*}} halting(%[[STEPS]] : memref<4xi32>)
// A kernel that skips halted tokens takes several images: begin, end, t, stride.
// CHECK: func.func @[[FIRE]]({{.*}}: index, {{.*}}: index, {{.*}}: index, {{.*}}: index, {{.*}}: memref<{{[0-9]+}}xi8>

// RECT: spike.halting_order = "rectangular"
// RECT-DAG: %[[ACTIVE:.*]] = spike.buffer "act.active"
// RECT-DAG: %[[SUM:.*]] = spike.buffer "act.sum" zero
// RECT-DAG: %[[COLUMN0:.*]] = spike.buffer "act.0.column" zero : memref<4xf32>
// RECT-DAG: %[[REACHED0:.*]] = spike.buffer "act.0.reached" zero : memref<4xi8>
// RECT-DAG: %[[COLUMN1:.*]] = spike.buffer "act.1.column" zero : memref<4xf32>
// RECT-DAG: %[[REACHED1:.*]] = spike.buffer "act.1.reached" zero : memref<4xi8>
// Tokens may come back: membranes are at rest when an image starts, at a potential other than 0 by a launch.
// RECT: %[[MEMBRANE:.*]] = spike.buffer "b1.membrane" zero : memref<64xf32>
// RECT: spike.launch @fill_2(%[[MEMBRANE]]) extent 1 layer "b1"
// RECT-NOT: spike.launch @fill
// RECT: spike.time_loop 3 {
// RECT-NOT: gate
// RECT: spike.launch @halt_0({{.*}}, %[[COLUMN0]], %[[REACHED0]]) extent 4
// RECT-NOT: stop_when_idle
// RECT: spike.launch @gate_0(%[[ACTIVE]], %[[REACHED1]]) extent 4
// RECT: spike.launch @halt_1({{.*}}, %[[COLUMN1]], %[[REACHED1]]) extent 4
// RECT-NEXT: spike.launch @next_step_0(%[[ACTIVE]], %[[REACHED0]], %[[SUM]]) extent 4
// RECT-NEXT: spike.stop_when_idle %[[ACTIVE]]
// RECT-NEXT: }
// RECT-NEXT: spike.launch @divide_0({{.*}}) extent 1
func.func @main(%image: tensor<?x3x2x2xf32>) -> (tensor<?x10xf32>, tensor<?x4xi32>) {
  %0 = spike.accumulate %image weight(#w) window(#window) : tensor<?x3x2x2xf32> -> tensor<?x2x2x12xf32>
  %1 = spike.fire %0 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x2x2x12xf32> -> tensor<1x?x2x2x12xi1>
  %2 = spike.integrate sum %1 : tensor<1x?x2x2x12xi1> -> tensor<?x2x2x12xi8>
  %3 = spike.flatten %2 : tensor<?x2x2x12xi8> -> tensor<?x4x12xi8>
  %y, %steps = stas.act %3 halting(#stas.act<alpha = 1.0, beta = -1.0>) timesteps 3 : tensor<?x4x12xi8> -> tensor<?x4x12xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x12xi8>, %active: tensor<?x4xi1>):
    %4 = spike.accumulate %s weight(#w0) : tensor<?x4x12xi8> -> tensor<?x4x12xf32>
    %5 = spike.fire %4 active(%active : tensor<?x4xi1>) norm(#spike.norm<>) neuron(#stas.lif<>)
        : tensor<?x4x12xf32> -> tensor<?x4x12xi1> loc("b0")
    %6 = spike.add %s, %5 : tensor<?x4x12xi8>, tensor<?x4x12xi1> -> tensor<?x4x12xi8>
    stas.yield %6 : tensor<?x4x12xi8>
  }, {
  ^bb0(%s: tensor<?x4x12xi8>, %active: tensor<?x4xi1>):
    %4 = spike.accumulate %s weight(#w1) : tensor<?x4x12xi8> -> tensor<?x4x12xf32>
    %5 = spike.fire %4 active(%active : tensor<?x4xi1>) norm(#spike.norm<>) neuron(#lif)
        : tensor<?x4x12xf32> -> tensor<?x4x12xi1> loc("b1")
    %6 = spike.add %s, %5 : tensor<?x4x12xi8>, tensor<?x4x12xi1> -> tensor<?x4x12xi8>
    stas.yield %6 : tensor<?x4x12xi8>
  }
  %7 = spike.mean_tokens %y : tensor<?x4x12xf32> -> tensor<?x12xf32>
  %8 = spike.accumulate %7 weight(#wh) : tensor<?x12xf32> -> tensor<?x10xf32>
  %9 = spike.affine %8 norm(#spike.norm<>) : tensor<?x10xf32>
  return %9, %steps : tensor<?x10xf32>, tensor<?x4xi32>
}
