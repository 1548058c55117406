// RUN: stas-translate --interpret %s | FileCheck %s
// RUN: stas-opt --stas-lower-act %s | stas-translate --interpret | FileCheck %s
// CHECK: 10 functions, 22 expectations met
// The same holds of the loops that encoders become.
// With alpha = 0 and beta = 0 every halting score is 1/2; with alpha = 200 and beta = -300 it is 0 for x[0] <= 1 and
// 1 from x[0] = 2 on.

// Block 1 keeps x, block 2 doubles it: y = x/2 + (1 - 1/2) * 2x, and nothing of the second timestep.
func.func @weighted() {
  %x = arith.constant dense<[[[2, 4], [6, 8]]]> : tensor<1x2x2xi8>
  %y, %n = stas.act %x halting(#stas.act<alpha = 0.0, beta = 0.0>) timesteps 2
      : tensor<1x2x2xi8> -> tensor<1x2x2xf32>, tensor<1x2xi32> {
  ^bb0(%s: tensor<1x2x2xi8>, %a: tensor<1x2xi1>):
    stas.yield %s : tensor<1x2x2xi8>
  }, {
  ^bb0(%s: tensor<1x2x2xi8>, %a: tensor<1x2xi1>):
    %0 = stas.add %s, %s : tensor<1x2x2xi8>, tensor<1x2x2xi8> -> tensor<1x2x2xi8>
    stas.yield %0 : tensor<1x2x2xi8>
  }
  %e = arith.constant dense<[[[3.0, 6.0], [9.0, 12.0]]]> : tensor<1x2x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x2x2xf32>
  %two = arith.constant dense<2> : tensor<1x2xi32>
  stas_check.expect_eq %n, %two : tensor<1x2xi32>
  return
}

// Tokens halt one by one; the one that never scores halts at the end, with all the weight.
func.func @forced_halting() {
  %x = arith.constant dense<[[[0, 1], [1, 3], [2, 5]], [[0, 2], [0, 0], [1, 0]]]> : tensor<2x3x2xi8>
  %y, %n = stas.act %x halting(#stas.act<alpha = 200.0, beta = -300.0>) timesteps 2
      : tensor<2x3x2xi8> -> tensor<2x3x2xf32>, tensor<2x3xi32> {
  ^bb0(%s: tensor<2x3x2xi8>, %a: tensor<2x3xi1>):
    stas.yield %s : tensor<2x3x2xi8>
  }, {
  ^bb0(%s: tensor<2x3x2xi8>, %a: tensor<2x3xi1>):
    %0 = stas.add %s, %s : tensor<2x3x2xi8>, tensor<2x3x2xi8> -> tensor<2x3x2xi8>
    stas.yield %0 : tensor<2x3x2xi8>
  }
  %e = arith.constant dense<[[[0.0, 2.0], [2.0, 6.0], [2.0, 5.0]], [[0.0, 4.0], [0.0, 0.0], [2.0, 0.0]]]> : tensor<2x3x2xf32>
  stas_check.expect_eq %y, %e : tensor<2x3x2xf32>
  %steps = arith.constant dense<[[4, 2, 1], [4, 4, 2]]> : tensor<2x3xi32>
  stas_check.expect_eq %n, %steps : tensor<2x3xi32>
  return
}

// One timestep and one block: all halts there, whatever the score.
func.func @one_step() {
  %x = arith.constant dense<[[[0, 1], [9, 3]]]> : tensor<1x2x2xi8>
  %y, %n = stas.act %x halting(#stas.act<alpha = 0.0, beta = 0.0>) timesteps 1
      : tensor<1x2x2xi8> -> tensor<1x2x2xf32>, tensor<1x2xi32> {
  ^bb0(%s: tensor<1x2x2xi8>, %a: tensor<1x2xi1>):
    stas.yield %s : tensor<1x2x2xi8>
  }
  %e = arith.constant dense<[[[0.0, 1.0], [9.0, 3.0]]]> : tensor<1x2x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x2x2xf32>
  %one = arith.constant dense<1> : tensor<1x2xi32>
  stas_check.expect_eq %n, %one : tensor<1x2xi32>
  return
}

// eps = 1/2: H = 1/2 after block 1 equals 1 - eps, which does not reach.
func.func @equality_does_not_reach() {
  %x = arith.constant dense<[[[4.0, 6.0]]]> : tensor<1x1x2xf32>
  %y, %n = stas.act %x halting(#stas.act<alpha = 0.0, beta = 0.0, eps = 0.5>) timesteps 3
      : tensor<1x1x2xf32> -> tensor<1x1x2xf32>, tensor<1x1xi32> {
  ^bb0(%s: tensor<1x1x2xf32>, %a: tensor<1x1xi1>):
    stas.yield %s : tensor<1x1x2xf32>
  }
  %two = arith.constant dense<2> : tensor<1x1xi32>
  stas_check.expect_eq %n, %two : tensor<1x1xi32>
  stas_check.expect_eq %y, %x : tensor<1x1x2xf32>
  return
}

// Mean over timesteps of the last block's x. Token 0 runs both timesteps, token 1 halts in the first.
func.func @rate() {
  %x = arith.constant dense<[[[0, 3], [2, 5]]]> : tensor<1x2x2xi8>
  %y, %n = stas.act %x halting(#stas.act<alpha = 200.0, beta = -300.0, output = rate>) timesteps 2
      : tensor<1x2x2xi8> -> tensor<1x2x2xf32>, tensor<1x2xi32> {
  ^bb0(%s: tensor<1x2x2xi8>, %a: tensor<1x2xi1>):
    %0 = stas.add %s, %s : tensor<1x2x2xi8>, tensor<1x2x2xi8> -> tensor<1x2x2xi8>
    stas.yield %0 : tensor<1x2x2xi8>
  }
  %e = arith.constant dense<[[[0.0, 6.0], [2.0, 5.0]]]> : tensor<1x2x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x2x2xf32>
  %steps = arith.constant dense<[[2, 1]]> : tensor<1x2xi32>
  stas_check.expect_eq %n, %steps : tensor<1x2xi32>
  return
}

// Rectangular, h = 1/2: H(1,1) = 1/2, H(1,2) = 1 reaches. The token comes back at (2,1), since H(1,1) had not
// reached; H(2,1) = 1 reaches, so that it does not enter (2,2). Lexicographic order would stop for good at (1,2).
func.func @rectangular_comes_back() {
  %x = arith.constant dense<[[[2, 4]]]> : tensor<1x1x2xi8>
  %y, %n = stas.act %x halting(#stas.act<alpha = 0.0, beta = 0.0, order = rectangular, output = rate>) timesteps 2
      : tensor<1x1x2xi8> -> tensor<1x1x2xf32>, tensor<1x1xi32> {
  ^bb0(%s: tensor<1x1x2xi8>, %a: tensor<1x1xi1>):
    stas.yield %s : tensor<1x1x2xi8>
  }, {
  ^bb0(%s: tensor<1x1x2xi8>, %a: tensor<1x1xi1>):
    stas.yield %s : tensor<1x1x2xi8>
  }
  %three = arith.constant dense<3> : tensor<1x1xi32>
  stas_check.expect_eq %n, %three : tensor<1x1xi32>
  %e = arith.constant dense<[[[1.0, 2.0]]]> : tensor<1x1x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x1x2xf32>
  return
}

// h = 1/4: H(1,.) = 1/4 1/2, H(2,.) = 1/2 1 reaches at (2,2), H(3,1) = 3/4; (3,2) is closed by H(2,2).
func.func @rectangular_closes_late_blocks_first() {
  %x = arith.constant dense<[[[2, 4]]]> : tensor<1x1x2xi8>
  %y, %n = stas.act %x
      halting(#stas.act<alpha = 0.0, beta = -1.0986122886681098, order = rectangular, output = rate>) timesteps 3
      : tensor<1x1x2xi8> -> tensor<1x1x2xf32>, tensor<1x1xi32> {
  ^bb0(%s: tensor<1x1x2xi8>, %a: tensor<1x1xi1>):
    stas.yield %s : tensor<1x1x2xi8>
  }, {
  ^bb0(%s: tensor<1x1x2xi8>, %a: tensor<1x1xi1>):
    stas.yield %s : tensor<1x1x2xi8>
  }
  %five = arith.constant dense<5> : tensor<1x1xi32>
  stas_check.expect_eq %n, %five : tensor<1x1xi32>
  %e = arith.constant dense<[[[1.33333333, 2.66666666]]]> : tensor<1x1x2xf32>
  stas_check.expect_close %y, %e tolerance 1.0e-6 : tensor<1x1x2xf32>
  return
}

// Membranes live from one timestep to the next: with c = 1.5, h = 0.75 and then 1.125, which fires. They start anew
// with each stas.act: the second gives the same.
func.func @membranes() {
  %x = arith.constant dense<[[[1.5, 1.0], [2.0, 4.0]]]> : tensor<1x2x2xf32>
  %e = arith.constant dense<[[[2.0, 1.0], [3.0, 5.0]]]> : tensor<1x2x2xf32>
  %y, %n = stas.act %x halting(#stas.act<alpha = 0.0, beta = -200.0, output = rate>) timesteps 2
      : tensor<1x2x2xf32> -> tensor<1x2x2xf32>, tensor<1x2xi32> {
  ^bb0(%s: tensor<1x2x2xf32>, %a: tensor<1x2xi1>):
    %0 = stas.lif %s neuron(#stas.lif<>) : tensor<1x2x2xf32> -> tensor<1x2x2xi1>
    %1 = stas.mask %0, %a : tensor<1x2x2xi1>, tensor<1x2xi1>
    %2 = stas.add %s, %1 : tensor<1x2x2xf32>, tensor<1x2x2xi1> -> tensor<1x2x2xf32>
    stas.yield %2 : tensor<1x2x2xf32>
  }
  stas_check.expect_eq %y, %e : tensor<1x2x2xf32>
  %z, %m = stas.act %x halting(#stas.act<alpha = 0.0, beta = -200.0, output = rate>) timesteps 2
      : tensor<1x2x2xf32> -> tensor<1x2x2xf32>, tensor<1x2xi32> {
  ^bb0(%s: tensor<1x2x2xf32>, %a: tensor<1x2xi1>):
    %0 = stas.lif %s neuron(#stas.lif<>) : tensor<1x2x2xf32> -> tensor<1x2x2xi1>
    %1 = stas.mask %0, %a : tensor<1x2x2xi1>, tensor<1x2xi1>
    %2 = stas.add %s, %1 : tensor<1x2x2xf32>, tensor<1x2x2xi1> -> tensor<1x2x2xf32>
    stas.yield %2 : tensor<1x2x2xf32>
  }
  stas_check.expect_eq %z, %e : tensor<1x2x2xf32>
  %steps = arith.constant dense<2> : tensor<1x2xi32>
  stas_check.expect_eq %n, %steps : tensor<1x2xi32>
  stas_check.expect_eq %m, %steps : tensor<1x2xi32>
  return
}

// Timestep order: three blocks, the last two double x; alpha = 0.5, beta = -4. Token 0 (x = 2, 4, 8): its sum 0.05 +
// 0.12 + 0.5 does not reach. Token 1 (4, 8, 16): 0.12 + 0.5 + 0.98 reaches after the last block. Token 2 (8, 16): 0.5 +
// 0.98 reaches after the second. All come back at every timestep.
func.func @timestep() {
  %x = arith.constant dense<[[[2, 1], [4, 1], [8, 1]]]> : tensor<1x3x2xi8>
  %y, %n = stas.act %x halting(#stas.act<alpha = 0.5, beta = -4.0, order = timestep, output = rate>) timesteps 3
      : tensor<1x3x2xi8> -> tensor<1x3x2xf32>, tensor<1x3xi32> {
  ^bb0(%s: tensor<1x3x2xi8>, %a: tensor<1x3xi1>):
    stas.yield %s : tensor<1x3x2xi8>
  }, {
  ^bb0(%s: tensor<1x3x2xi8>, %a: tensor<1x3xi1>):
    %0 = stas.add %s, %s : tensor<1x3x2xi8>, tensor<1x3x2xi8> -> tensor<1x3x2xi8>
    stas.yield %0 : tensor<1x3x2xi8>
  }, {
  ^bb0(%s: tensor<1x3x2xi8>, %a: tensor<1x3xi1>):
    %0 = stas.add %s, %s : tensor<1x3x2xi8>, tensor<1x3x2xi8> -> tensor<1x3x2xi8>
    stas.yield %0 : tensor<1x3x2xi8>
  }
  %steps = arith.constant dense<[[9, 9, 6]]> : tensor<1x3xi32>
  stas_check.expect_eq %n, %steps : tensor<1x3xi32>
  %e = arith.constant dense<[[[8.0, 4.0], [16.0, 4.0], [0.0, 0.0]]]> : tensor<1x3x2xf32>
  stas_check.expect_eq %y, %e : tensor<1x3x2xf32>
  return
}

// A token that skips a block leaves its membranes there as they are. A current of 1.5 fires at every second timestep.
// Token 0 fires in block 1 at t = 2, so that x[0] = 2 and it halts; of block 2 it sees t = 1 and t = 3, and fires at 3.
// Token 1 never fires in block 1, and in block 2 at t = 2.
func.func @membranes_stay() {
  %x = arith.constant dense<[[[1.0], [1.0]]]> : tensor<1x2x1xf32>
  %y, %n = stas.act %x halting(#stas.act<alpha = 200.0, beta = -300.0, order = timestep, output = rate>) timesteps 3
      : tensor<1x2x1xf32> -> tensor<1x2x1xf32>, tensor<1x2xi32> {
  ^bb0(%s: tensor<1x2x1xf32>, %a: tensor<1x2xi1>):
    %c = arith.constant dense<[[[1.5], [0.0]]]> : tensor<1x2x1xf32>
    %0 = stas.lif %c neuron(#stas.lif<>) : tensor<1x2x1xf32> -> tensor<1x2x1xi1>
    %1 = stas.add %s, %0 : tensor<1x2x1xf32>, tensor<1x2x1xi1> -> tensor<1x2x1xf32>
    stas.yield %1 : tensor<1x2x1xf32>
  }, {
  ^bb0(%s: tensor<1x2x1xf32>, %a: tensor<1x2xi1>):
    %c = arith.constant dense<1.5> : tensor<1x2x1xf32>
    %0 = stas.lif %c neuron(#stas.lif<>) : tensor<1x2x1xf32> -> tensor<1x2x1xi1>
    %1 = stas.mask %0, %a : tensor<1x2x1xi1>, tensor<1x2xi1>
    %2 = stas.add %s, %1 : tensor<1x2x1xf32>, tensor<1x2x1xi1> -> tensor<1x2x1xf32>
    stas.yield %2 : tensor<1x2x1xf32>
  }
  // Token 0: 1, nothing, 1 + 1. Token 1: 1, 1 + 1, 1.
  %e = arith.constant dense<[[[1.0], [1.33333337]]]> : tensor<1x2x1xf32>
  stas_check.expect_eq %y, %e : tensor<1x2x1xf32>
  %steps = arith.constant dense<[[5, 6]]> : tensor<1x2xi32>
  stas_check.expect_eq %n, %steps : tensor<1x2xi32>
  return
}
