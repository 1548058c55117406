// Probes write what a tensor holds; results of value tests are printed.
// RUN: rm -rf %t && stas-translate --interpret %s --probes %t | FileCheck %s
// RUN: %python -c "import numpy as n; [print(a.dtype, a.tolist()) for a in (n.load('%t/%%s.npy' %% k) for k in ('spikes', 'counts', 'reals', 'steps', 'wide'))]" | FileCheck %s --check-prefix=FILES
// FILES: uint8 {{\[\[}}0, 1]]
// FILES-NEXT: uint8 [200]
// FILES-NEXT: float32 [0.1
// FILES-NEXT: int32 [-3]
// FILES-NEXT: int64 [4294967296]
// RUN: touch %t.file && not stas-translate --interpret %s --probes %t.file/x 2>&1 | FileCheck %s --check-prefix=FOLDER
// FOLDER: error: cannot make the folder

func.func @main() -> (tensor<1xi8>, tensor<1xf32>) {
  %0 = arith.constant dense<[[0, 1]]> : tensor<1x2xi1>
  stas_check.probe %0 "spikes" : tensor<1x2xi1>
  %1 = arith.constant dense<200> : tensor<1xi8>
  stas_check.probe %1 "counts" : tensor<1xi8>
  %2 = arith.constant dense<0.1> : tensor<1xf32>
  stas_check.probe %2 "reals" : tensor<1xf32>
  %3 = arith.constant dense<-3> : tensor<1xi32>
  stas_check.probe %3 "steps" : tensor<1xi32>
  %4 = arith.constant dense<4294967296> : tensor<1xi64>
  stas_check.probe %4 "wide" : tensor<1xi64>
  // CHECK: [1] 200
  // CHECK-NEXT: [1] 0.100000001
  // CHECK-NEXT: 1 functions, 0 expectations met
  return %1, %2 : tensor<1xi8>, tensor<1xf32>
}
