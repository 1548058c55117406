// Time loops and what runs in them, on numbers worked by hand.
// RUN: stas-translate --interpret %s | FileCheck %s
// CHECK: 10 functions, 29 expectations met

// The batch is that of another value, here two images.
func.func @splat() {
  %x = arith.constant dense<7> : tensor<2x3xi8>
  %0 = stas.splat -1.5 : f32 like %x : tensor<2x3xi8> -> tensor<2x1x2xf32>
  %e0 = arith.constant dense<-1.5> : tensor<2x1x2xf32>
  stas_check.expect_eq %0, %e0 : tensor<2x1x2xf32>
  %1 = stas.splat true like %x : tensor<2x3xi8> -> tensor<2xi1>
  %e1 = arith.constant dense<true> : tensor<2xi1>
  stas_check.expect_eq %1, %e1 : tensor<2xi1>
  %2 = stas.splat -9 : i64 like %x : tensor<2x3xi8> -> tensor<2x1xi64>
  %e2 = arith.constant dense<-9> : tensor<2x1xi64>
  stas_check.expect_eq %2, %e2 : tensor<2x1xi64>
  %3 = stas.splat 255 : i8 like %x : tensor<2x3xi8> -> tensor<2x1xi8>
  %e3 = arith.constant dense<255> : tensor<2x1xi8>
  stas_check.expect_eq %3, %e3 : tensor<2x1xi8>
  return
}

// h = 1 fires and resets; 0.75; and where the token is not active the membrane stays.
func.func @lif_step() {
  %x = arith.constant dense<[[[1.5, 1.0], [3.0, 4.0]]]> : tensor<1x2x2xf32>
  %v = arith.constant dense<[[[0.5, 0.5], [0.25, -0.25]]]> : tensor<1x2x2xf32>
  %a = arith.constant dense<[[true, false]]> : tensor<1x2xi1>
  %s, %w = stas.lif_step %x, %v active(%a : tensor<1x2xi1>) neuron(<>) : tensor<1x2x2xf32>
  %es = arith.constant dense<[[[true, false], [false, false]]]> : tensor<1x2x2xi1>
  %ew = arith.constant dense<[[[0.0, 0.75], [0.25, -0.25]]]> : tensor<1x2x2xf32>
  stas_check.expect_eq %s, %es : tensor<1x2x2xi1>
  stas_check.expect_eq %w, %ew : tensor<1x2x2xf32>
  %t, %u = stas.lif_step %x, %v neuron(<>) : tensor<1x2x2xf32>
  %et = arith.constant dense<[[[true, false], [true, true]]]> : tensor<1x2x2xi1>
  stas_check.expect_eq %t, %et : tensor<1x2x2xi1>
  // The same on the sparse level, where the current is 2 * sum.
  %f, %g = spike.fire %x active(%a : tensor<1x2xi1>) membrane(%v : tensor<1x2x2xf32>) norm(#spike.norm<unit = 2.0>)
      neuron(#stas.lif<>) : tensor<1x2x2xf32> -> tensor<1x2x2xi1>, tensor<1x2x2xf32>
  %ef = arith.constant dense<[[[true, true], [false, false]]]> : tensor<1x2x2xi1>
  %eg = arith.constant dense<[[[0.0, 0.0], [0.25, -0.25]]]> : tensor<1x2x2xf32>
  stas_check.expect_eq %f, %ef : tensor<1x2x2xi1>
  stas_check.expect_eq %g, %eg : tensor<1x2x2xf32>
  return
}

// v = 0.5, 0.75, 0.875: three timesteps of x = 1 from 0.
func.func @loop() {
  %x = arith.constant dense<1.0> : tensor<1x1xf32>
  %v0 = arith.constant dense<0.0> : tensor<1x1xf32>
  %l = stas.time_loop %t timesteps 3 iter(%v = %v0 : tensor<1x1xf32>) {
    %s, %v1 = stas.lif_step %x, %v neuron(<>) : tensor<1x1xf32>
    stas.yield %v1 : tensor<1x1xf32>
  }
  %e = arith.constant dense<0.875> : tensor<1x1xf32>
  stas_check.expect_eq %l, %e : tensor<1x1xf32>
  return
}

// The first image is idle after one timestep and stays as it was; the second runs all three.
func.func @images_end_alone() {
  %x = arith.constant dense<1.0> : tensor<2x1xf32>
  %v0 = arith.constant dense<0.0> : tensor<2x1xf32>
  %m0 = arith.constant dense<true> : tensor<2x1xi1>
  %m1 = arith.constant dense<[[false], [true]]> : tensor<2x1xi1>
  %l:2 = stas.time_loop %t timesteps 3 iter(%v = %v0 : tensor<2x1xf32>, %m = %m0 : tensor<2x1xi1>) idle(%m) {
    %s, %v1 = stas.lif_step %x, %v neuron(<>) : tensor<2x1xf32>
    stas.yield %v1, %m1 : tensor<2x1xf32>, tensor<2x1xi1>
  }
  %e = arith.constant dense<[[0.5], [0.875]]> : tensor<2x1xf32>
  stas_check.expect_eq %l#0, %e : tensor<2x1xf32>
  stas_check.expect_eq %l#1, %m1 : tensor<2x1xi1>
  return
}

// Three tokens, h = 1/2, limit 0.99. The first has H = 1/4: goes on with h * x, R = 3/4 - 1/2. The second has H = 1/2
// and halts: R * x. The third is not active.
func.func @weighted() {
  %x = arith.constant dense<[[[2, 4], [6, 8], [1, 1]]]> : tensor<1x3x2xi8>
  %a = arith.constant dense<[[true, true, false]]> : tensor<1x3xi1>
  %h = arith.constant dense<[[0.25, 0.5, 0.125]]> : tensor<1x3xf32>
  %r = arith.constant dense<[[0.75, 0.5, 0.875]]> : tensor<1x3xf32>
  %y = arith.constant dense<1.0> : tensor<1x3x2xf32>
  %n = arith.constant dense<[[4, 5, 6]]> : tensor<1x3xi32>
  %l:5 = stas.time_loop %t timesteps 1 iter(%a0 = %a : tensor<1x3xi1>, %h0 = %h : tensor<1x3xf32>,
      %r0 = %r : tensor<1x3xf32>, %y0 = %y : tensor<1x3x2xf32>, %n0 = %n : tensor<1x3xi32>) {
    %a1, %h1, %r1, %y1, %n1 = stas.halt %x at %t active(%a0) sum(%h0) remainder(%r0) output(%y0) steps(%n0) block 0 of 2
        timesteps 1 halting(<alpha = 0.0, beta = 0.0>) : tensor<1x3x2xi8>
    stas.yield %a1, %h1, %r1, %y1, %n1 : tensor<1x3xi1>, tensor<1x3xf32>, tensor<1x3xf32>, tensor<1x3x2xf32>,
        tensor<1x3xi32>
  }
  %ea = arith.constant dense<[[true, false, false]]> : tensor<1x3xi1>
  %eh = arith.constant dense<[[0.75, 1.0, 0.125]]> : tensor<1x3xf32>
  %er = arith.constant dense<[[0.25, 0.5, 0.875]]> : tensor<1x3xf32>
  %ey = arith.constant dense<[[[2.0, 3.0], [4.0, 5.0], [1.0, 1.0]]]> : tensor<1x3x2xf32>
  %en = arith.constant dense<[[5, 6, 6]]> : tensor<1x3xi32>
  stas_check.expect_eq %l#0, %ea : tensor<1x3xi1>
  stas_check.expect_eq %l#1, %eh : tensor<1x3xf32>
  stas_check.expect_eq %l#2, %er : tensor<1x3xf32>
  stas_check.expect_eq %l#3, %ey : tensor<1x3x2xf32>
  stas_check.expect_eq %l#4, %en : tensor<1x3xi32>
  return
}

// The same in integers: scores of 2^23 for x[0] = 2 and 2^22 for 6; R = 2^24 - H.
func.func @table() {
  %x = arith.constant dense<[[[2, 4], [6, 8], [9, 1]]]> : tensor<1x3x2xi8>
  %a = arith.constant dense<[[true, true, false]]> : tensor<1x3xi1>
  %h = arith.constant dense<[[4194304, 12582912, 7]]> : tensor<1x3xi32>
  %y = arith.constant dense<1> : tensor<1x3x2xi64>
  %l:3 = stas.time_loop %t timesteps 1 iter(%a0 = %a : tensor<1x3xi1>, %h0 = %h : tensor<1x3xi32>,
      %y0 = %y : tensor<1x3x2xi64>) {
    %a1, %h1, %y1 = stas.halt %x at %t active(%a0) sum(%h0) output(%y0) block 0 of 2 timesteps 1
        table[0, 0, 8388608, 0, 0, 0, 4194304] halting(<alpha = 0.0, beta = 0.0>) : tensor<1x3x2xi8>
    stas.yield %a1, %h1, %y1 : tensor<1x3xi1>, tensor<1x3xi32>, tensor<1x3x2xi64>
  }
  %ea = arith.constant dense<[[true, false, false]]> : tensor<1x3xi1>
  %eh = arith.constant dense<[[12582912, 16777216, 7]]> : tensor<1x3xi32>
  // 2^23 * (2, 4) + 1; R = 2^24 - 3 * 2^22 = 2^22 times (6, 8), + 1.
  %ey = arith.constant dense<[[[16777217, 33554433], [25165825, 33554433], [1, 1]]]> : tensor<1x3x2xi64>
  stas_check.expect_eq %l#0, %ea : tensor<1x3xi1>
  stas_check.expect_eq %l#1, %eh : tensor<1x3xi32>
  stas_check.expect_eq %l#2, %ey : tensor<1x3x2xi64>
  return
}

// H exceeds 2^24 - eps strictly; eps = 1/4 is 2^22. At the very end h is 2^24.
func.func @table_limit() {
  %x = arith.constant dense<[[[0], [1]]]> : tensor<1x2x1xi8>
  %a0 = arith.constant dense<true> : tensor<1x2xi1>
  %h0 = arith.constant dense<0> : tensor<1x2xi32>
  %n0 = arith.constant dense<0> : tensor<1x2xi32>
  %y0 = arith.constant dense<0> : tensor<1x2x1xi64>
  %l:4 = stas.time_loop %t timesteps 2 iter(%a = %a0 : tensor<1x2xi1>, %h = %h0 : tensor<1x2xi32>,
      %y = %y0 : tensor<1x2x1xi64>, %n = %n0 : tensor<1x2xi32>) idle(%a) {
    %a1, %h1, %y1, %n1 = stas.halt %x at %t active(%a) sum(%h) output(%y) steps(%n) block 0 of 1 timesteps 2
        table[12582912, 12582913] halting(<alpha = 0.0, beta = 0.0, eps = 0.25>) : tensor<1x2x1xi8>
    stas.yield %a1, %h1, %y1, %n1 : tensor<1x2xi1>, tensor<1x2xi32>, tensor<1x2x1xi64>, tensor<1x2xi32>
  }
  %eh = arith.constant dense<[[29360128, 12582913]]> : tensor<1x2xi32>
  %ey = arith.constant dense<[[[0], [16777216]]]> : tensor<1x2x1xi64>
  %en = arith.constant dense<[[2, 1]]> : tensor<1x2xi32>
  stas_check.expect_eq %l#1, %eh : tensor<1x2xi32>
  stas_check.expect_eq %l#2, %ey : tensor<1x2x1xi64>
  stas_check.expect_eq %l#3, %en : tensor<1x2xi32>
  return
}

// Rectangular order: the column takes what this timestep has gathered, also of tokens that are not active.
func.func @rectangular() {
  %x = arith.constant dense<[[[2], [6], [4]]]> : tensor<1x3x1xi8>
  %a = arith.constant dense<[[true, true, false]]> : tensor<1x3xi1>
  %h = arith.constant dense<[[0.0, 0.25, 0.5]]> : tensor<1x3xf32>
  %c = arith.constant dense<[[0.0, 0.5, 0.25]]> : tensor<1x3xf32>
  %y = arith.constant dense<1.0> : tensor<1x3x1xf32>
  %l:4 = stas.time_loop %t timesteps 2 iter(%a0 = %a : tensor<1x3xi1>, %h0 = %h : tensor<1x3xf32>,
      %c0 = %c : tensor<1x3xf32>, %y0 = %y : tensor<1x3x1xf32>) idle(%a0) {
    %a1, %h1, %c1, %y1 = stas.halt %x at %t active(%a0) sum(%h0) column(%c0) output(%y0) block 0 of 1 timesteps 2
        halting(<alpha = 0.0, beta = 0.0, order = rectangular, output = rate>) : tensor<1x3x1xi8>
    %none = stas.splat false like %x : tensor<1x3x1xi8> -> tensor<1x3xi1>
    stas.yield %none, %h1, %c1, %y1 : tensor<1x3xi1>, tensor<1x3xf32>, tensor<1x3xf32>, tensor<1x3x1xf32>
  }
  %eh = arith.constant dense<[[0.5, 0.75, 0.5]]> : tensor<1x3xf32>
  %ec = arith.constant dense<[[0.5, 1.25, 0.75]]> : tensor<1x3xf32>
  %ey = arith.constant dense<[[[3.0], [7.0], [1.0]]]> : tensor<1x3x1xf32>
  stas_check.expect_eq %l#1, %eh : tensor<1x3xf32>
  stas_check.expect_eq %l#2, %ec : tensor<1x3xf32>
  stas_check.expect_eq %l#3, %ey : tensor<1x3x1xf32>
  %g = stas.gate %a, %l#2 halting(<alpha = 0.0, beta = 0.0, order = rectangular, output = rate>)
      : tensor<1x3xi1>, tensor<1x3xf32>
  %eg = arith.constant dense<[[true, false, false]]> : tensor<1x3xi1>
  stas_check.expect_eq %g, %eg : tensor<1x3xi1>
  return
}

func.func @gate_in_integers() {
  %a = arith.constant dense<true> : tensor<1x2xi1>
  %c = arith.constant dense<[[12582912, 12582913]]> : tensor<1x2xi32>
  %g = stas.gate %a, %c halting(<alpha = 0.0, beta = 0.0, eps = 0.25, order = rectangular, output = rate>)
      : tensor<1x2xi1>, tensor<1x2xi32>
  %eg = arith.constant dense<[[true, false]]> : tensor<1x2xi1>
  stas_check.expect_eq %g, %eg : tensor<1x2xi1>
  return
}

func.func @divide() {
  %x = arith.constant dense<[[1.0, 3.0]]> : tensor<1x2xf32>
  %d = stas.splat 4.0 : f32 like %x : tensor<1x2xf32> -> tensor<1x2xf32>
  %q = arith.divf %x, %d : tensor<1x2xf32>
  %e = arith.constant dense<[[0.25, 0.75]]> : tensor<1x2xf32>
  stas_check.expect_eq %q, %e : tensor<1x2xf32>
  return
}
