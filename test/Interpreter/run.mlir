// A model on inputs from files: results, halting steps, batches, and what can be wrong with them.
// RUN: rm -rf %t && mkdir -p %t
// RUN: %python -c "import numpy as n; n.save('%t/x.npy', n.array([[[1.5, 1], [2, 4]]] * 3, n.float32))"
// RUN: %python -c "import numpy as n; n.save('%t/u8.npy', n.zeros((1, 2, 2), n.uint8))"
// RUN: %python -c "import numpy as n; n.save('%t/wide.npy', n.zeros((1, 2, 3), n.float32))"

// RUN: stas-translate --interpret %s --input %t/x.npy | FileCheck %s
// CHECK: [3, 2, 2] 2 1 3 5 2 1 3 5 2 1 3 5
// CHECK-NEXT: [3, 2] 2 2 2 2 2 2

// RUN: stas-translate --interpret %s --input %t/x.npy --output %t/y.npy --halting %t/n.npy | count 0
// RUN: %python -c "import numpy as n; y = n.load('%t/y.npy'); h = n.load('%t/n.npy'); print(y.dtype, y.shape, y[2].tolist(), h.dtype, h.shape, h.min(), h.max())" | FileCheck %s --check-prefix=FILES
// FILES: float32 (3, 2, 2) {{\[\[}}2.0, 1.0], [3.0, 5.0]] int32 (3, 2) 2 2

// RUN: not stas-translate --interpret %s 2>&1 | FileCheck %s --check-prefix=NO-INPUT
// NO-INPUT: error: requires --input, or a function without arguments to interpret; found neither
// RUN: not stas-translate --interpret %s --input %t/none.npy 2>&1 | FileCheck %s --check-prefix=NO-FILE
// NO-FILE: none.npy
// RUN: not stas-translate --interpret %s --input %t/u8.npy 2>&1 | FileCheck %s --check-prefix=TYPE
// TYPE: error: requires argument 0 to be a 'tensor<?x2x2xf32>', found a tensor of extents [1, 2, 2] or of another element type
// RUN: not stas-translate --interpret %s --input %t/wide.npy 2>&1 | FileCheck %s --check-prefix=EXTENT
// EXTENT: error: requires argument 0 to be a 'tensor<?x2x2xf32>', found a tensor of extents [1, 2, 3]
// RUN: not stas-translate --interpret %s --input %t/x.npy --input %t/x.npy 2>&1 | FileCheck %s --check-prefix=COUNT
// COUNT: error: requires a body of one block and 1 arguments to be interpreted, found 2 arguments
// RUN: not stas-translate --interpret %s --input %t/x.npy --function other 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: requires a function 'other' to interpret, found none
// RUN: not stas-translate --interpret %s --input %t/x.npy --function empty --output %t/y.npy 2>&1 | FileCheck %s --check-prefix=NO-RESULT
// NO-RESULT: error: requires a result to write to {{.*}}y.npy, found none
// RUN: not stas-translate --interpret %s --input %t/x.npy --function empty --halting %t/n.npy 2>&1 | FileCheck %s --check-prefix=NO-ACT
// NO-ACT: error: requires a stas.act to write --halting, found none
// RUN: not stas-translate --interpret %s --input %t/x.npy --output %t/none/y.npy 2>&1 | FileCheck %s --check-prefix=NO-FOLDER
// NO-FOLDER: error: {{.*}}none

func.func @main(%x: tensor<?x2x2xf32>) -> (tensor<?x2x2xf32>, tensor<?x2xi32>) {
  %y, %n = stas.act %x halting(#stas.act<alpha = 0.0, beta = -200.0, output = rate>) timesteps 2
      : tensor<?x2x2xf32> -> tensor<?x2x2xf32>, tensor<?x2xi32> {
  ^bb0(%s: tensor<?x2x2xf32>, %a: tensor<?x2xi1>):
    %0 = stas.lif %s neuron(#stas.lif<>) : tensor<?x2x2xf32> -> tensor<?x2x2xi1>
    %1 = stas.mask %0, %a : tensor<?x2x2xi1>, tensor<?x2xi1>
    %2 = stas.add %s, %1 : tensor<?x2x2xf32>, tensor<?x2x2xi1> -> tensor<?x2x2xf32>
    stas.yield %2 : tensor<?x2x2xf32>
  }
  return %y, %n : tensor<?x2x2xf32>, tensor<?x2xi32>
}

func.func @empty(%x: tensor<?x2x2xf32>) { return }
