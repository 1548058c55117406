// Recorded spikes: [T, B, ..] as PyTorch has them; rows of tokens that are not active, and steps that never ran, are 0.
// A teacher's spikes replace each layer's own after they are recorded.
// RUN: rm -rf %t && mkdir -p %t/teacher
// RUN: %python -c "import numpy as n; n.save('%t/x.npy', n.array([[[4, 0], [0, 4]], [[4, 4], [4, 0]]], n.float32))"

// RUN: stas-translate --interpret %s --input %t/x.npy --dump-spikes %t/own | FileCheck %s
// RUN: %python -c "import numpy as n; print(sorted(__import__('os').listdir('%t/own'))); [print(f, n.load('%t/own/' + f + '.npy').dtype, n.load('%t/own/' + f + '.npy').shape, n.load('%t/own/' + f + '.npy').flatten().tolist()) for f in ('block.lif', 'stem.lif')]" | FileCheck %s --check-prefix=OWN
// Token (0, 1) scores 0 in the first timestep; the other three halt there, so that the second runs for it alone.
// CHECK: [2, 2] 1 2 1 1
// OWN: ['block.lif.npy', 'stem.lif.npy']
// OWN-NEXT: block.lif uint8 (2, 2, 2, 2) [1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0]
// OWN-NEXT: stem.lif uint8 (1, 2, 2, 2) [1, 0, 0, 1, 1, 1, 1, 0]

// No spike from the stem: what the block recorded is its answer to that, and it scores on the teacher's spikes.
// RUN: %python -c "import numpy as n; n.save('%t/teacher/stem.lif.npy', n.zeros((1, 2, 2, 2), n.uint8)); n.save('%t/teacher/block.lif.npy', n.ones((2, 2, 2, 2), n.uint8))"
// RUN: stas-translate --interpret %s --input %t/x.npy --dump-spikes %t/forced --teacher %t/teacher | FileCheck %s --check-prefix=FORCED
// RUN: %python -c "import numpy as n; print(n.load('%t/forced/stem.lif.npy').sum(), n.load('%t/forced/block.lif.npy').sum())" | FileCheck %s --check-prefix=SUMS
// FORCED: [2, 2] 1 1 1 1
// SUMS: 5 0

// RUN: %python -c "import numpy as n; n.save('%t/teacher/stem.lif.npy', n.zeros((2, 2, 2, 2), n.uint8))"
// RUN: not stas-translate --interpret %s --input %t/x.npy --teacher %t/teacher 2>&1 | FileCheck %s --check-prefix=SHAPE
// SHAPE: stem.lif.npy: required uint8 [1, 2, 2, 2], found uint8 [2, 2, 2, 2]; make the reference's spikes from the same model
// RUN: %python -c "import numpy as n; n.save('%t/teacher/stem.lif.npy', n.full((1, 2, 2, 2), 2, n.uint8))"
// RUN: not stas-translate --interpret %s --input %t/x.npy --teacher %t/teacher 2>&1 | FileCheck %s --check-prefix=VALUE
// VALUE: stem.lif.npy: required spikes, 0 or 1, found a larger value
// RUN: rm %t/teacher/stem.lif.npy
// RUN: not stas-translate --interpret %s --input %t/x.npy --teacher %t/teacher 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: stem.lif.npy
// RUN: not stas-translate --interpret %s --input %t/x.npy --function twice --dump-spikes %t/twice 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: requires a name of its own to name the file of its spikes, found a second 'a'
// RUN: not stas-translate --interpret %s --input %t/x.npy --function nameless --dump-spikes %t/twice 2>&1 | FileCheck %s --check-prefix=NAMELESS
// NAMELESS: requires a name in its location
// Nothing half-written stays.
// RUN: ls %t/twice | count 0
// RUN: touch %t/file && not stas-translate --interpret %s --input %t/x.npy --dump-spikes %t/file/x 2>&1 | FileCheck %s --check-prefix=FOLDER
// FOLDER: cannot make the folder

func.func @main(%x: tensor<?x2x2xf32>) -> tensor<?x2xi32> {
  %0 = stas.encode %x {timesteps = 1 : i64} : tensor<?x2x2xf32> -> tensor<1x?x2x2xf32>
  %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<1x?x2x2xf32> -> tensor<1x?x2x2xi1> loc("stem.lif")
  %2 = stas.integrate mean %1 : tensor<1x?x2x2xi1> -> tensor<?x2x2xf32>
  %3 = stas.add %2, %2 : tensor<?x2x2xf32>, tensor<?x2x2xf32> -> tensor<?x2x2xf32>
  // h = 0 where x[0] = 0, else 1.
  %y, %n = stas.act %3 halting(#stas.act<alpha = 400.0, beta = -200.0>) timesteps 2
      : tensor<?x2x2xf32> -> tensor<?x2x2xf32>, tensor<?x2xi32> {
  ^bb0(%s: tensor<?x2x2xf32>, %a: tensor<?x2xi1>):
    %4 = stas.lif %s neuron(#stas.lif<>) : tensor<?x2x2xf32> -> tensor<?x2x2xi1> loc("block.lif")
    %5 = stas.mask %4, %a : tensor<?x2x2xi1>, tensor<?x2xi1>
    %6 = stas.add %s, %5 : tensor<?x2x2xf32>, tensor<?x2x2xi1> -> tensor<?x2x2xf32>
    stas.yield %6 : tensor<?x2x2xf32>
  }
  return %n : tensor<?x2xi32>
}

func.func @twice(%x: tensor<?x2x2xf32>) {
  %0 = stas.encode %x {timesteps = 1 : i64} : tensor<?x2x2xf32> -> tensor<1x?x2x2xf32>
  %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<1x?x2x2xf32> -> tensor<1x?x2x2xi1> loc("a")
  %2 = stas.lif %0 neuron(#stas.lif<>) : tensor<1x?x2x2xf32> -> tensor<1x?x2x2xi1> loc("a")
  return
}

func.func @nameless(%x: tensor<?x2x2xf32>) {
  %0 = stas.encode %x {timesteps = 1 : i64} : tensor<?x2x2xf32> -> tensor<1x?x2x2xf32>
  %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<1x?x2x2xf32> -> tensor<1x?x2x2xi1>
  return
}
