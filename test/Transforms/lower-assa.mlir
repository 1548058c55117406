// Masked layers are computed of active rows, attention by the cheaper association; remarks say so.
// RUN: rm -rf %t && mkdir -p %t
// RUN: echo '{"layers": {"q_lif": {"rate": 0.125}, "v_lif": {"rate": 0.25}}}' > %t/rates.json
// RUN: stas-opt %s --pass-pipeline='builtin.module(func.func(stas-lower-assa{rates=%t/rates.json}))' --remarks-filter=stas-lower-assa 2>%t/remarks | FileCheck %s
// RUN: FileCheck %s --check-prefix=REMARK < %t/remarks
// RUN: stas-opt %s --pass-pipeline='builtin.module(func.func(stas-lower-assa{association=query_key}))' --remarks-filter=stas-lower-assa 2>%t/told | FileCheck %s --check-prefix=TOLD
// RUN: FileCheck %s --check-prefix=TOLD-REMARK < %t/told
// A second run finds nothing left.
// RUN: stas-opt %s --pass-pipeline='builtin.module(func.func(stas-lower-assa))' -o %t/once.mlir
// RUN: stas-opt %t/once.mlir --pass-pipeline='builtin.module(func.func(stas-lower-assa))' -o %t/twice.mlir && cmp %t/once.mlir %t/twice.mlir

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
#act = #stas.act<alpha = 1.0, beta = -1.0>
#q = #spike.quant<weight = #w8, norm = <>, neuron = <>, input_max = 3, steps = 4, bits = 16, guard = 3>

// Two layers of one input share its rows. 70 tokens are two words; 4 channels a head: key_value, as
// 4 * 4 * 2 + 70 * 4 * 4 / 8 is less than 70 * 70 + 70 * 70 * 4 / 4.
// CHECK-LABEL: @block
// CHECK: ^bb0(%[[X:.*]]: tensor<?x70x8xi8>, %[[A:.*]]: tensor<?x70xi1>):
// CHECK-NEXT: %[[R:.*]] = spike.compact %[[X]] active(%[[A]]) : tensor<?x70x8xi8>, tensor<?x70xi1> -> tensor<?x8xi8>
// CHECK-NEXT: %[[QR:.*]] = spike.accumulate %[[R]] weight(<"w8" {{.*}}>) : tensor<?x8xi8> -> tensor<?x8xf32>
// CHECK-NEXT: %[[QS:.*]] = spike.expand %[[QR]] active(%[[A]]) : tensor<?x8xf32>, tensor<?x70xi1> -> tensor<?x70x8xf32>
// CHECK-NEXT: %[[Q:.*]] = spike.fire %[[QS]] active(%[[A]] : tensor<?x70xi1>)
// CHECK-NEXT: %[[VR:.*]] = spike.accumulate %[[R]]
// CHECK-NEXT: %[[VS:.*]] = spike.expand %[[VR]]
// CHECK-NEXT: %[[V:.*]] = spike.fire %[[VS]]
// CHECK-NEXT: %[[KB:.*]] = spike.pack %[[V]] along tokens heads 2 : tensor<?x70x8xi1> -> tensor<?x2x4x2xi64>
// CHECK-NEXT: %[[VB:.*]] = spike.pack %[[V]] along tokens heads 2
// CHECK-NEXT: %[[M:.*]] = spike.and_count %[[KB]], %[[VB]] : tensor<?x2x4x2xi64>, tensor<?x2x4x2xi64> -> tensor<?x2x4x4xi32>
// CHECK-NEXT: %[[S:.*]] = spike.sum_counts key_value %[[Q]], %[[M]] active(%[[A]] : tensor<?x70xi1>) : tensor<?x70x8xi1>, tensor<?x2x4x4xi32> -> tensor<?x70x8xi32>
// CHECK-NEXT: spike.fire %[[S]] active(%[[A]] : tensor<?x70xi1>)
// REMARK: loc("attn"): [Passed] Association {{.*}}Reason="70 tokens, 4 channels a head, 12.5 % of queries and 25.0 % of values spike", Remark="key_value, 172 operations a head and timestep against 9800 of query_key"
// REMARK: loc("q"): [Passed] HaltedRowsLeftOut {{.*}}Remark="sums are computed for active tokens alone, of at most 70"
// TOLD-REMARK: loc("attn"): [Passed] Association {{.*}}Reason="70 tokens, 4 channels a head, 15.0 % of queries and 15.0 % of values spike (15.0 % where nothing was measured)", Remark="query_key, 7840 operations a head and timestep against 200 of key_value, as told"
// TOLD-LABEL: @block
// TOLD: %[[QB:.*]] = spike.pack %{{.*}} along channels heads 2 : tensor<?x70x8xi1> -> tensor<?x2x70x1xi64>
// TOLD-NEXT: %[[KB:.*]] = spike.pack %{{.*}} along channels heads 2
// TOLD-NEXT: %[[M:.*]] = spike.and_count %[[QB]], %[[KB]] active(%{{.*}} : tensor<?x70xi1>) : {{.*}} -> tensor<?x2x70x70xi32>
// TOLD-NEXT: spike.sum_counts query_key %{{.*}}, %[[M]] active(%{{.*}} : tensor<?x70xi1>)
func.func @block(%x: tensor<?x70x8xi8>) -> tensor<?x70x8xf32> {
  %0, %1 = stas.act %x halting(#act) timesteps 4 : tensor<?x70x8xi8> -> tensor<?x70x8xf32>, tensor<?x70xi32> {
  ^bb0(%s: tensor<?x70x8xi8>, %active: tensor<?x70xi1>):
    %2 = spike.accumulate %s weight(#w8) : tensor<?x70x8xi8> -> tensor<?x70x8xf32> loc("q")
    %3 = spike.fire %2 active(%active : tensor<?x70xi1>) norm(<>) neuron(<>) : tensor<?x70x8xf32> -> tensor<?x70x8xi1> loc("q_lif")
    %4 = spike.accumulate %s weight(#w8) : tensor<?x70x8xi8> -> tensor<?x70x8xf32> loc("v")
    %5 = spike.fire %4 active(%active : tensor<?x70xi1>) norm(<>) neuron(<>) : tensor<?x70x8xf32> -> tensor<?x70x8xi1> loc("v_lif")
    %6 = spike.coincide %3, %5, %5 heads 2 : tensor<?x70x8xi1> -> tensor<?x70x8xi32> loc("attn")
    %7 = spike.fire %6 active(%active : tensor<?x70xi1>) norm(<unit = 0.125>) neuron(<v_threshold = 0.5>) : tensor<?x70x8xi32> -> tensor<?x70x8xi1>
    %8 = spike.add %s, %7 : tensor<?x70x8xi8>, tensor<?x70x8xi1> -> tensor<?x70x8xi8>
    stas.yield %8 : tensor<?x70x8xi8>
  }
  return %0 : tensor<?x70x8xf32>
}

// More channels than tokens, and no mask.
// CHECK-LABEL: @few_tokens
// CHECK: %[[QB:.*]] = spike.pack %{{.*}} along channels heads 1 : tensor<4x?x2x8xi1> -> tensor<4x?x1x2x1xi64>
// CHECK: %[[S:.*]] = spike.and_count %[[QB]], %{{.*}} : tensor<4x?x1x2x1xi64>, tensor<4x?x1x2x1xi64> -> tensor<4x?x1x2x2xi32>
// CHECK: spike.sum_counts query_key %{{.*}}, %[[S]] : tensor<4x?x2x8xi1>, tensor<4x?x1x2x2xi32> -> tensor<4x?x2x8xi32>
// REMARK: Reason="2 tokens, 8 channels a head, 15.0 % of queries and 15.0 % of values spike (15.0 % where nothing was measured)", Remark="query_key, 9 operations a head and timestep against 83 of key_value"
func.func @few_tokens(%q: tensor<4x?x2x8xi1>, %k: tensor<4x?x2x8xi1>, %v: tensor<4x?x2x8xi1>) -> tensor<4x?x2x8xi32> {
  %0 = spike.coincide %q, %k, %v heads 1 : tensor<4x?x2x8xi1> -> tensor<4x?x2x8xi32>
  return %0 : tensor<4x?x2x8xi32>
}

// Of rates that nobody measured the typical one decides: at 100 % query_key would be the cheaper.
// CHECK-LABEL: @typical
// CHECK: spike.sum_counts key_value
// REMARK: Reason="64 tokens, 65 channels a head, {{.*}}", Remark="key_value, 44785 operations a head and timestep against 48128 of query_key"
func.func @typical(%q: tensor<?x64x65xi1>) -> tensor<?x64x65xi32> {
  %0 = spike.coincide %q, %q, %q heads 1 : tensor<?x64x65xi1> -> tensor<?x64x65xi32>
  return %0 : tensor<?x64x65xi32>
}

// The integer form keeps its recipe. What needs the mask follows it. Both associations cost the same.
// CHECK-LABEL: @integers
// CHECK-NEXT: %[[M:.*]] = arith.cmpf
// CHECK-NEXT: %[[R:.*]] = spike.compact %arg0 active(%[[M]])
// CHECK-NEXT: %[[S:.*]] = spike.accumulate %[[R]] weight({{.*}}) quant(<weight = <"w8" {{.*}}guard = 3>) : tensor<?x8xi8> -> tensor<?x8xi32>
// CHECK-NEXT: %[[E:.*]] = spike.expand %[[S]] active(%[[M]]) : tensor<?x8xi32>, tensor<?x4xi1> -> tensor<?x4x8xi32>
// CHECK-NEXT: spike.fire %[[E]]
// CHECK: spike.sum_counts key_value
func.func @integers(%x: tensor<?x4x8xi8>, %score: tensor<?x4xf32>, %q: tensor<?x4x8xi1>)
    -> (tensor<4x?x4x8xi1>, tensor<?x4x8xi32>) {
  %0 = spike.accumulate %x weight(#w8) quant(#q) : tensor<?x4x8xi8> -> tensor<?x4x8xi32>
  %m = arith.cmpf olt, %score, %score : tensor<?x4xf32>
  %1 = spike.fire %0 active(%m : tensor<?x4xi1>) norm(<>) neuron(<>) quant(#q) : tensor<?x4x8xi32> -> tensor<4x?x4x8xi1>
  %2 = spike.coincide %q, %q, %q heads 2 : tensor<?x4x8xi1> -> tensor<?x4x8xi32>
  return %1, %2 : tensor<4x?x4x8xi1>, tensor<?x4x8xi32>
}

// Sums that are read without a mask, too, or with two of them, are computed of all rows.
// CHECK-LABEL: @left
// CHECK-NOT: spike.compact
// REMARK-DAG: loc("fc1"): [Missed] HaltedRowsComputed {{.*}}Reason="what takes them is not neurons of one mask", Remark="sums are computed for halted tokens too"
// REMARK-DAG: loc("fc2"): [Missed] HaltedRowsComputed
func.func @left(%x: tensor<?x4x8xi8>, %a: tensor<?x4xi1>, %b: tensor<?x4xi1>)
    -> (tensor<2x?x4x8xi1>, tensor<?x4x8xf32>, tensor<2x?x4x8xi1>, tensor<2x?x4x8xi1>) {
  %0 = spike.accumulate %x weight(#w8) : tensor<?x4x8xi8> -> tensor<?x4x8xf32> loc("fc1")
  %1 = spike.fire %0 active(%a : tensor<?x4xi1>) norm(<>) neuron(<>) : tensor<?x4x8xf32> -> tensor<2x?x4x8xi1>
  %2 = spike.affine %0 norm(<>) : tensor<?x4x8xf32>
  %3 = spike.accumulate %x weight(#w8) : tensor<?x4x8xi8> -> tensor<?x4x8xf32> loc("fc2")
  %4 = spike.fire %3 active(%a : tensor<?x4xi1>) norm(<>) neuron(<>) : tensor<?x4x8xf32> -> tensor<2x?x4x8xi1>
  %5 = spike.fire %3 active(%b : tensor<?x4xi1>) norm(<>) neuron(<>) : tensor<?x4x8xf32> -> tensor<2x?x4x8xi1>
  return %1, %2, %4, %5 : tensor<2x?x4x8xi1>, tensor<?x4x8xf32>, tensor<2x?x4x8xi1>, tensor<2x?x4x8xi1>
}
