// Bounds without measured rates, and with them. Text around the numbers, unknown layers and other fields do no harm.
// RUN: rm -rf %t && mkdir -p %t
// RUN: echo '{"images": 8, "layers": {"stem": {"rate": 0.25, "spikes": 7, "inputs": [1]}, "q": {"rate": 0.125}, "x": {"sops": 1}, "other": {"rate": 1}}}' > %t/rates.json
// RUN: stas-opt %s --test-stas-firing-rates | FileCheck %s --check-prefixes=CHECK,BOUND
// RUN: stas-opt %s --pass-pipeline='builtin.module(func.func(test-stas-firing-rates{rates=%t/rates.json}))' | FileCheck %s --check-prefixes=CHECK,KNOWN

// RUN: echo '{"layers": {"a": {"rate": 1.5}}}' > %t/large.json
// RUN: not stas-opt %s --pass-pipeline='builtin.module(func.func(test-stas-firing-rates{rates=%t/large.json}))' 2>&1 | FileCheck %s --check-prefix=LARGE
// LARGE: large.json: layer a: required a rate from 0 to 1, found 1.5
// RUN: echo '{"layers": {"a": {"rate": "x"}}}' > %t/text.json
// RUN: not stas-opt %s --pass-pipeline='builtin.module(func.func(test-stas-firing-rates{rates=%t/text.json}))' 2>&1 | FileCheck %s --check-prefix=TEXT
// TEXT: text.json: layer a: required a rate from 0 to 1, found "x"
// RUN: echo '[]' > %t/list.json
// RUN: not stas-opt %s --pass-pipeline='builtin.module(func.func(test-stas-firing-rates{rates=%t/list.json}))' 2>&1 | FileCheck %s --check-prefix=LIST
// LIST: list.json: required an object with `layers`, as stas run --rates writes it, found none
// RUN: echo 'rates' > %t/none.json
// RUN: not stas-opt %s --pass-pipeline='builtin.module(func.func(test-stas-firing-rates{rates=%t/none.json}))' 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: none.json: line 1: required JSON, found 'r'
// What nests without end is refused before it is a tree.
// RUN: %python -c "print('[' * 1000000)" > %t/deep.json
// RUN: not stas-opt %s --pass-pipeline='builtin.module(func.func(test-stas-firing-rates{rates=%t/deep.json}))' 2>&1 | FileCheck %s --check-prefix=DEEP
// DEEP: deep.json: nested more than 16 levels deep
// RUN: not stas-opt %s --pass-pipeline='builtin.module(func.func(test-stas-firing-rates{rates=%t/missing.json}))' 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: missing.json: cannot open: No such file or directory

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
#pool = #spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>

// CHECK-LABEL: func.func @stem
// CHECK-SAME: "unknown"
func.func @stem(%image: tensor<?x3x8x8xf32>) {
  // CHECK: stas.conv2d {{.*}}{test.rate = ["unknown"]}
  %0 = stas.conv2d %image weight(#w33) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
  // BOUND: stas.staircase {{.*}}{test.rate = ["0..1"]}
  // KNOWN: stas.staircase {{.*}}{test.rate = ["0.25..0.25"]}
  %1 = stas.staircase %0 neuron(#stas.lif<>) timesteps 4 : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1> loc("stem")
  // A spike lies in at most 4 windows, a window holds at most 9 spikes; there are a quarter as many windows as neurons.
  // BOUND: stas.max_pool2d {{.*}}{test.rate = ["0..1"]}
  // KNOWN: stas.max_pool2d {{.*}}{test.rate = ["0.111111..1"]}
  %2 = stas.max_pool2d %1 kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<4x?x8x8x8xi1> -> tensor<4x?x8x4x4xi1>
  // Windows that leave elements out may miss all spikes.
  // KNOWN: stas.max_pool2d {{.*}}{test.rate = ["0..1"]}
  %3 = stas.max_pool2d %1 kernel [1, 1] strides [2, 2] padding [0, 0] : tensor<4x?x8x8x8xi1> -> tensor<4x?x8x4x4xi1>
  // KNOWN: stas.integrate mean {{.*}}{test.rate = ["0.25..0.25"]}
  %4 = stas.integrate mean %1 : tensor<4x?x8x8x8xi1> -> tensor<?x8x8x8xf32>
  // BOUND: stas.integrate sum {{.*}}{test.rate = ["0..4"]}
  // KNOWN: stas.integrate sum {{.*}}{test.rate = ["1..1"]}
  %5 = stas.integrate sum %1 : tensor<4x?x8x8x8xi1> -> tensor<?x8x8x8xi8>
  // KNOWN: stas.add {{.*}}{test.rate = ["0.5..0.5"]}
  %6 = stas.add %1, %1 : tensor<4x?x8x8x8xi1>, tensor<4x?x8x8x8xi1> -> tensor<4x?x8x8x8xi8>
  // CHECK: stas.add {{.*}}{test.rate = ["unknown"]}
  %7 = stas.add %0, %5 : tensor<?x8x8x8xf32>, tensor<?x8x8x8xi8> -> tensor<?x8x8x8xf32>
  // BOUND: stas.isps sum {{.*}}{test.rate = ["0..4"]}
  // KNOWN: stas.isps sum {{.*}}{test.rate = ["1..1"]}
  %8 = stas.isps sum %image weight(#w33) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4 : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xi8> loc("stem")
  // KNOWN: stas.isps mean {{.*}}{test.rate = ["0.111111..1"]}
  %9 = stas.isps mean %image weight(#w33) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4
      pool [3, 3] strides [2, 2] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x4x4xf32> loc("stem")
  // Of counts the mean may exceed 1, and a pool of real values has no rate.
  // KNOWN: stas.max_pool2d {{.*}}{test.rate = ["0.222222..8"]}
  %10 = stas.max_pool2d %6 kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<4x?x8x8x8xi8> -> tensor<4x?x8x4x4xi8>
  // CHECK: stas.max_pool2d {{.*}}{test.rate = ["unknown"]}
  %11 = stas.max_pool2d %0 kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<?x8x8x8xf32> -> tensor<?x8x4x4xf32>
  return
}

// Halted tokens' rows are 0, and are measured so. The stream goes from block to block.
// CHECK-LABEL: func.func @halting
// KNOWN: stas.act {{.*}}test.rate_arguments = {{\[\[}}"0.125..0.125", "0..1"], ["0.25..0.25", "0..1"]]
func.func @halting(%x: tensor<?x16x8xf32>) -> tensor<?x16x8xf32> {
  %l = stas.linear %x weight(#w8) : tensor<?x16x8xf32> -> tensor<?x16x8xf32>
  %e = stas.staircase %l neuron(#stas.lif<>) timesteps 1 : tensor<?x16x8xf32> -> tensor<1x?x16x8xi1> loc("q")
  %i = stas.integrate sum %e : tensor<1x?x16x8xi1> -> tensor<?x16x8xi8>
  %y, %n = stas.act %i halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 4
      : tensor<?x16x8xi8> -> tensor<?x16x8xf32>, tensor<?x16xi32> {
  ^bb0(%s: tensor<?x16x8xi8>, %active: tensor<?x16xi1>):
    %0 = stas.linear %s weight(#w8) : tensor<?x16x8xi8> -> tensor<?x16x8xf32>
    %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<?x16x8xf32> -> tensor<?x16x8xi1> loc("q")
    // KNOWN: stas.mask {{.*}}{test.rate = ["0.125..0.125"]}
    %2 = stas.mask %1, %active : tensor<?x16x8xi1>, tensor<?x16xi1>
    %3 = stas.add %s, %2 : tensor<?x16x8xi8>, tensor<?x16x8xi1> -> tensor<?x16x8xi8>
    stas.yield %3 : tensor<?x16x8xi8>
  }, {
  ^bb0(%s: tensor<?x16x8xi8>, %active: tensor<?x16xi1>):
    // Of another value the mask may take everything.
    // KNOWN: stas.mask {{.*}}{test.rate = ["0..0.25"]}
    %0 = stas.mask %s, %active : tensor<?x16x8xi8>, tensor<?x16xi1>
    stas.yield %0 : tensor<?x16x8xi8>
  }
  return %y : tensor<?x16x8xf32>
}

// CHECK-LABEL: func.func @sparse
func.func @sparse(%sums: tensor<?x8x8x8xf32>) {
  // KNOWN: spike.fire {{.*}}{test.rate = ["0.25..0.25"]}
  %0 = spike.fire %sums norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1> loc("stem")
  // KNOWN: spike.staircase sum {{.*}}{test.rate = ["0.444444..4"]}
  %1 = spike.staircase sum %sums norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4 pool(#pool) : tensor<?x8x8x8xf32> -> tensor<?x4x4x8xi8> loc("stem")
  // KNOWN: spike.max_pool {{.*}}{test.rate = ["0.111111..1"]}
  %2 = spike.max_pool %0 window(#pool) : tensor<4x?x8x8x8xi1> -> tensor<4x?x4x4x8xi1>
  // KNOWN: spike.add {{.*}}{test.rate = ["0.555556..5"]}
  %3 = spike.add %1, %2 : tensor<?x4x4x8xi8>, tensor<4x?x4x4x8xi1> -> tensor<4x?x4x4x8xi8>
  // KNOWN: spike.flatten {{.*}}{test.rate = ["0.555556..5"]}
  %4 = spike.flatten %3 : tensor<4x?x4x4x8xi8> -> tensor<4x?x16x8xi8>
  // KNOWN: spike.mean_tokens {{.*}}{test.rate = ["0.555556..5"]}
  %5 = spike.mean_tokens %4 : tensor<4x?x16x8xi8> -> tensor<4x?x8xf32>
  // KNOWN: spike.integrate mean {{.*}}{test.rate = ["0.555556..5"]}
  %6 = spike.integrate mean %5 : tensor<4x?x8xf32> -> tensor<?x8xf32>
  return
}

// A membrane has no rate.
// KNOWN-LABEL: func.func @loop
func.func @loop(%x: tensor<?x4x8xf32>, %v0: tensor<?x4x8xf32>) -> tensor<?x4x8xf32> {
  // KNOWN: stas.time_loop
  %v = stas.time_loop %t timesteps 3 iter(%m = %v0 : tensor<?x4x8xf32>) {
    // KNOWN: stas.lif_step {{.*}}test.rate = ["0..1", "unknown"]
    %s, %n = stas.lif_step %x, %m neuron(#stas.lif<>) : tensor<?x4x8xf32>
    stas.yield %n : tensor<?x4x8xf32>
  }
  return %v : tensor<?x4x8xf32>
}
