// Batches that differ only show at run time.
// RUN: rm -rf %t && mkdir -p %t
// RUN: %python -c "import numpy as n; [n.save('%t/%%s%%d.npy' %% (k, b), n.ones((b, 2, 2) if k != 'm' else (b, 2), d)) for b in (1, 2) for k, d in (('s', n.uint8), ('m', n.uint8), ('f', n.float32))]"
// RUN: not stas-translate --interpret %s --function add --input %t/s1.npy --input %t/s2.npy 2>&1 | FileCheck %s --check-prefix=ADD
// ADD: error: 'stas.add' op requires operands of one shape, found batches of different size
// RUN: not stas-translate --interpret %s --function mask --input %t/s1.npy --input %t/m2.npy 2>&1 | FileCheck %s --check-prefix=MASK
// MASK: error: 'stas.mask' op requires a mask of the input's batch, found batches of different size
// RUN: not stas-translate --interpret %s --function attention --input %t/s1.npy --input %t/s2.npy 2>&1 | FileCheck %s --check-prefix=ATTENTION
// ATTENTION: error: 'stas.attention' op requires q, k, v of one shape, found batches of different size
// RUN: not stas-translate --interpret %s --function coincide --input %t/s1.npy --input %t/s2.npy 2>&1 | FileCheck %s --check-prefix=COINCIDE
// COINCIDE: error: 'spike.coincide' op requires q, k, v of one shape, found batches of different size
// RUN: not stas-translate --interpret %s --function compact --input %t/s1.npy --input %t/m2.npy 2>&1 | FileCheck %s --check-prefix=COMPACT
// COMPACT: error: 'spike.compact' op requires a mask of the input's batch, found batches of different size
// RUN: not stas-translate --interpret %s --function expand --input %t/s1.npy --input %t/m1.npy --input %t/m2.npy 2>&1 | FileCheck %s --check-prefix=EXPAND
// EXPAND: error: 'spike.expand' op requires a row for each active token, found 2 rows and 4 active tokens
// RUN: not stas-translate --interpret %s --function and_count --input %t/s1.npy --input %t/s2.npy 2>&1 | FileCheck %s --check-prefix=AND-COUNT
// AND-COUNT: error: 'spike.and_count' op requires operands of one batch, found batches of different size
// RUN: not stas-translate --interpret %s --function sum_counts --input %t/s1.npy --input %t/s2.npy 2>&1 | FileCheck %s --check-prefix=SUM-COUNTS
// SUM-COUNTS: error: 'spike.sum_counts' op requires operands of one batch, found batches of different size
// RUN: not stas-translate --interpret %s --function halted --input %t/s1.npy --input %t/m2.npy 2>&1 | FileCheck %s --check-prefix=HALTED
// HALTED: error: 'spike.sum_counts' op requires a mask of the input's batch, found batches of different size
// RUN: not stas-translate --interpret %s --function expect --input %t/f1.npy --input %t/f2.npy 2>&1 | FileCheck %s --check-prefix=EXPECT
// EXPECT: error: 'stas_check.expect_eq' op found a tensor of another batch than expected
// RUN: stas-translate --interpret %s --function expect --input %t/f2.npy --input %t/f2.npy

// Something that is no module.
// RUN: echo 'func.func @f() { return }' > %t/f.mlir
// RUN: not stas-translate --interpret --no-implicit-module %t/f.mlir 2>&1 | FileCheck %s --check-prefix=MODULE
// MODULE: error: {{.*}}requires a builtin module to interpret

#w = #stas.weight<"head.weight" in "../Inputs/interpreter/weights.bin" at 768 : tensor<3x2xf32>>
func.func @add(%x: tensor<?x2x2xi1>, %y: tensor<?x2x2xi1>) {
  %0 = stas.add %x, %y : tensor<?x2x2xi1>, tensor<?x2x2xi1> -> tensor<?x2x2xi8>
  return
}
func.func @mask(%x: tensor<?x2x2xi1>, %m: tensor<?x2xi1>) {
  %0 = stas.mask %x, %m : tensor<?x2x2xi1>, tensor<?x2xi1>
  return
}
func.func @attention(%x: tensor<?x2x2xi1>, %y: tensor<?x2x2xi1>) {
  %0 = stas.attention %x, %x, %y heads 1 scale 1.0 : tensor<?x2x2xi1> -> tensor<?x2x2xf32>
  return
}
func.func @coincide(%x: tensor<?x2x2xi1>, %y: tensor<?x2x2xi1>) {
  %0 = spike.coincide %x, %y, %x heads 1 : tensor<?x2x2xi1> -> tensor<?x2x2xi32>
  return
}
func.func @expect(%x: tensor<?x2x2xf32>, %y: tensor<?x2x2xf32>) {
  stas_check.expect_eq %x, %y : tensor<?x2x2xf32>
  return
}
func.func @compact(%x: tensor<?x2x2xi1>, %m: tensor<?x2xi1>) {
  %0 = spike.compact %x active(%m) : tensor<?x2x2xi1>, tensor<?x2xi1> -> tensor<?x2xi1>
  return
}
func.func @expand(%x: tensor<?x2x2xi1>, %all: tensor<?x2xi1>, %m: tensor<?x2xi1>) {
  %rows = spike.compact %x active(%all) : tensor<?x2x2xi1>, tensor<?x2xi1> -> tensor<?x2xi1>
  %sums = spike.accumulate %rows weight(#w) : tensor<?x2xi1> -> tensor<?x3xf32>
  %0 = spike.expand %sums active(%m) : tensor<?x3xf32>, tensor<?x2xi1> -> tensor<?x2x3xf32>
  return
}
func.func @and_count(%x: tensor<?x2x2xi1>, %y: tensor<?x2x2xi1>) {
  %0 = spike.pack %x along tokens heads 1 : tensor<?x2x2xi1> -> tensor<?x1x2x1xi64>
  %1 = spike.pack %y along tokens heads 1 : tensor<?x2x2xi1> -> tensor<?x1x2x1xi64>
  %2 = spike.and_count %0, %1 : tensor<?x1x2x1xi64>, tensor<?x1x2x1xi64> -> tensor<?x1x2x2xi32>
  return
}
func.func @sum_counts(%x: tensor<?x2x2xi1>, %y: tensor<?x2x2xi1>) {
  %0 = spike.pack %x along tokens heads 1 : tensor<?x2x2xi1> -> tensor<?x1x2x1xi64>
  %1 = spike.and_count %0, %0 : tensor<?x1x2x1xi64>, tensor<?x1x2x1xi64> -> tensor<?x1x2x2xi32>
  %2 = spike.sum_counts key_value %y, %1 : tensor<?x2x2xi1>, tensor<?x1x2x2xi32> -> tensor<?x2x2xi32>
  return
}
func.func @halted(%x: tensor<?x2x2xi1>, %m: tensor<?x2xi1>) {
  %0 = spike.pack %x along tokens heads 1 : tensor<?x2x2xi1> -> tensor<?x1x2x1xi64>
  %1 = spike.and_count %0, %0 : tensor<?x1x2x1xi64>, tensor<?x1x2x1xi64> -> tensor<?x1x2x2xi32>
  %2 = spike.sum_counts key_value %x, %1 active(%m : tensor<?x2xi1>) : tensor<?x2x2xi1>, tensor<?x1x2x2xi32> -> tensor<?x2x2xi32>
  return
}
