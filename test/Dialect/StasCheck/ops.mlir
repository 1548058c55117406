// RUN: stas-opt %s | FileCheck %s

// CHECK-LABEL: @expectations
func.func @expectations(%s: tensor<2x3xi1>, %x: tensor<?xf32>) {
  // CHECK: stas_check.expect_eq %{{.*}}, %{{.*}} : tensor<2x3xi1>
  stas_check.expect_eq %s, %s : tensor<2x3xi1>
  // CHECK: stas_check.expect_close %{{.*}}, %{{.*}} tolerance 5.000000e-01 : tensor<?xf32>
  stas_check.expect_close %x, %x tolerance 0.5 : tensor<?xf32>
  // CHECK: stas_check.probe %{{.*}} "block.0" : tensor<2x3xi1>
  stas_check.probe %s "block.0" : tensor<2x3xi1>
  return
}
