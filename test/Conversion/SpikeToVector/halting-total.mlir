// In integers the output of a halting encoder is summed over its tokens as they halt: a launch after each block adds the rows
// by what they count for, and the classifier reads the sum.
// RUN: stas-opt %S/../SpikeToGPU/Inputs/act.mlir --convert-spike-to-vector | FileCheck %s
// Of the rate only the last block's rows count.
// RUN: sed 's/beta = -1.0>/beta = -1.0, output = rate>/' %S/../SpikeToGPU/Inputs/act.mlir > %t.mlir
// RUN: stas-opt %t.mlir --convert-spike-to-vector | FileCheck %s --check-prefix=RATE
// Tokens are not kept one by one.
// RUN: sed 's/%%5 = .*/&\n  %%each = spike.accumulate %%4 weight(#wh) quant(#qh) : tensor<?x16x32xi64> -> tensor<?x16x10xi64>/' %S/../SpikeToGPU/Inputs/act.mlir > %t.mlir
// RUN: not stas-opt %t.mlir --convert-spike-to-vector 2>&1 | FileCheck %s --check-prefix=KEPT

// CHECK-DAG: %[[TOTAL:.*]] = spike.buffer "act.total" zero : memref<32xi64>
// CHECK-DAG: %[[WEIGHT:.*]] = spike.buffer "act.weight" : memref<16xi32>
// CHECK: spike.time_loop
// CHECK: spike.launch @halt_0(%[[STREAM:[0-9]+]], %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %[[WEIGHT]],
// CHECK: spike.launch @weigh_0(%[[STREAM]], %[[WEIGHT]], %[[TOTAL]]) extent 1
// CHECK: spike.launch @halt_1(%[[LAST:[0-9]+]], %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %[[WEIGHT]],
// CHECK: spike.launch @weigh_0(%[[LAST]], %[[WEIGHT]], %[[TOTAL]])
// CHECK-NOT: sum_tokens
// CHECK: spike.launch @readout_0(%[[TOTAL]],

// RATE: spike.launch @halt_0(
// RATE-NOT: @weigh
// RATE: spike.launch @halt_1(%[[LAST:[0-9]+]], %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %[[WEIGHT:[0-9]+]],
// RATE-NEXT: spike.launch @weigh_0(%[[LAST]], %[[WEIGHT]],

// KEPT: error: {{.*}}'stas.act' op requires spike.sum_tokens as its output's users in integers on the CPU, found another
