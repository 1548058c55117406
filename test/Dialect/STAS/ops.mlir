// Every op once in each of its forms.
// RUN: stas-opt %s | FileCheck %s

#w33 = #stas.weight<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8xf32>>
#w16x8 = #stas.weight<"w16x8" in "m.pth" at 0 : tensor<16x8xf16>>
#w16 = #stas.weight<"w16" in "m.pth" at 0 : tensor<16xf16>>

// CHECK-LABEL: @layers
func.func @layers(%image: tensor<?x3x32x32xf32>, %x: tensor<4x?x64x8xi1>) {
  // CHECK: stas.encode %{{.*}} {timesteps = 4 : i64} : tensor<?x3x32x32xf32> -> tensor<4x?x3x32x32xf32>
  %0 = stas.encode %image {timesteps = 4 : i64} : tensor<?x3x32x32xf32> -> tensor<4x?x3x32x32xf32>
  // CHECK: stas.conv2d %{{.*}} weight(<"w33" in "m.pth" at 0 : tensor<8x3x3x3xf32>>) strides [1, 1] padding [1, 1] : tensor<4x?x3x32x32xf32> -> tensor<4x?x8x32x32xf32>
  %1 = stas.conv2d %0 weight(#w33) strides [1, 1] padding [1, 1] : tensor<4x?x3x32x32xf32> -> tensor<4x?x8x32x32xf32>
  // CHECK: stas.conv2d %{{.*}} weight({{.*}}) bias(<"w8" {{.*}}>) strides [2, 4] padding [0, 3] : tensor<?x3x32x32xf32> -> tensor<?x8x15x9xf32>
  %2 = stas.conv2d %image weight(#w33) bias(#w8) strides [2, 4] padding [0, 3] : tensor<?x3x32x32xf32> -> tensor<?x8x15x9xf32>
  // CHECK: stas.batch_norm %{{.*}} axis 2 weight({{.*}}) bias({{.*}}) mean({{.*}}) var({{.*}}) eps 1.000000e-05 : tensor<4x?x8x32x32xf32>
  %3 = stas.batch_norm %1 axis 2 weight(#w8) bias(#w8) mean(#w8) var(#w8) eps 1.0e-5 : tensor<4x?x8x32x32xf32>
  // CHECK: stas.lif %{{.*}} neuron(<>) : tensor<4x?x8x32x32xf32> -> tensor<4x?x8x32x32xi1>
  %4 = stas.lif %3 neuron(#stas.lif<>) : tensor<4x?x8x32x32xf32> -> tensor<4x?x8x32x32xi1>
  // CHECK: stas.max_pool2d %{{.*}} kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<4x?x8x32x32xi1> -> tensor<4x?x8x16x16xi1>
  %5 = stas.max_pool2d %4 kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<4x?x8x32x32xi1> -> tensor<4x?x8x16x16xi1>
  // CHECK: stas.integrate mean %{{.*}} : tensor<4x?x8x16x16xi1> -> tensor<?x8x16x16xf32>
  %6 = stas.integrate mean %5 : tensor<4x?x8x16x16xi1> -> tensor<?x8x16x16xf32>
  // CHECK: stas.integrate sum %{{.*}} : tensor<4x?x8x16x16xi1> -> tensor<?x8x16x16xi8>
  %7 = stas.integrate sum %5 : tensor<4x?x8x16x16xi1> -> tensor<?x8x16x16xi8>
  // CHECK: stas.flatten %{{.*}} : tensor<?x8x16x16xi8> -> tensor<?x256x8xi8>
  %8 = stas.flatten %7 : tensor<?x8x16x16xi8> -> tensor<?x256x8xi8>
  // CHECK: stas.linear %{{.*}} weight(<"w16x8" {{.*}}>) : tensor<4x?x64x8xi1> -> tensor<4x?x64x16xf32>
  %9 = stas.linear %x weight(#w16x8) : tensor<4x?x64x8xi1> -> tensor<4x?x64x16xf32>
  // CHECK: stas.linear %{{.*}} weight({{.*}}) bias(<"w16" {{.*}}>) : tensor<?x256x8xi8> -> tensor<?x256x16xf32>
  %10 = stas.linear %8 weight(#w16x8) bias(#w16) : tensor<?x256x8xi8> -> tensor<?x256x16xf32>
  // CHECK: stas.add %{{.*}}, %{{.*}} : tensor<4x?x64x8xi1>, tensor<4x?x64x8xi1> -> tensor<4x?x64x8xi8>
  %11 = stas.add %x, %x : tensor<4x?x64x8xi1>, tensor<4x?x64x8xi1> -> tensor<4x?x64x8xi8>
  // CHECK: stas.attention %{{.*}}, %{{.*}}, %{{.*}} heads 2 scale 1.250000e-01 : tensor<4x?x64x8xi1> -> tensor<4x?x64x8xf32>
  %12 = stas.attention %x, %x, %x heads 2 scale 0.125 : tensor<4x?x64x8xi1> -> tensor<4x?x64x8xf32>
  // CHECK: stas.mean_tokens %{{.*}} : tensor<4x?x64x8xi8> -> tensor<4x?x8xf32>
  %13 = stas.mean_tokens %11 : tensor<4x?x64x8xi8> -> tensor<4x?x8xf32>
  // CHECK: stas.integrate mean %{{.*}} : tensor<4x?x8xf32> -> tensor<?x8xf32>
  %14 = stas.integrate mean %13 : tensor<4x?x8xf32> -> tensor<?x8xf32>
  // CHECK: stas.head %{{.*}} weight({{.*}}) bias({{.*}}) : tensor<?x8xf32> -> tensor<?x16xf32>
  %15 = stas.head %14 weight(#w16x8) bias(#w16) : tensor<?x8xf32> -> tensor<?x16xf32>
  return
}

// CHECK-LABEL: @steady
func.func @steady(%image: tensor<?x3x32x32xf32>, %counts: tensor<2x3x8x8xi8>, %current: tensor<?x64x8xf32>) {
  // CHECK: stas.staircase %{{.*}} neuron(<>) timesteps 4 : tensor<?x64x8xf32> -> tensor<4x?x64x8xi1>
  %0 = stas.staircase %current neuron(#stas.lif<>) timesteps 4 : tensor<?x64x8xf32> -> tensor<4x?x64x8xi1>
  // CHECK: stas.isps mean %{{.*}} weight(<"w33" {{.*}}>) strides [1, 1] padding [1, 1] neuron(<>) timesteps 4 : tensor<?x3x32x32xf32> -> tensor<?x8x32x32xf32>
  %1 = stas.isps mean %image weight(#w33) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4
      : tensor<?x3x32x32xf32> -> tensor<?x8x32x32xf32>
  // CHECK: stas.isps sum %{{.*}} weight(<"w33" {{.*}}>) bias(<"w8" {{.*}}>) strides [2, 4] padding [0, 3] norm(<"w8" {{.*}}>, <"w8" {{.*}}>, <"w8" {{.*}}>, <"w8" {{.*}}>) eps 1.000000e-05 neuron(<tau = 3.0>) timesteps 255 pool [3, 3] strides [2, 2] padding [1, 1] : tensor<?x3x32x32xf32> -> tensor<?x8x8x5xi8>
  %2 = stas.isps sum %image weight(#w33) bias(#w8) strides [2, 4] padding [0, 3] norm(#w8, #w8, #w8, #w8) eps 1.0e-5
      neuron(#stas.lif<tau = 3.0>) timesteps 255 pool [3, 3] strides [2, 2] padding [1, 1]
      : tensor<?x3x32x32xf32> -> tensor<?x8x8x5xi8>
  // Counts and spikes enter as numbers.
  // CHECK: stas.isps mean %{{.*}} timesteps 256 : tensor<2x3x8x8xi8> -> tensor<2x8x8x8xf32>
  %3 = stas.isps mean %counts weight(#w33) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 256
      : tensor<2x3x8x8xi8> -> tensor<2x8x8x8xf32>
  return
}

// CHECK-LABEL: @encoder
func.func @encoder(%x: tensor<?x64x8xi8>) -> (tensor<?x64x8xf32>, tensor<?x64xi32>) {
  // CHECK: stas.act %{{.*}} halting(<alpha = 1.0, beta = -4.0>) timesteps 4 : tensor<?x64x8xi8> -> tensor<?x64x8xf32>, tensor<?x64xi32> {
  %y, %steps = stas.act %x halting(#stas.act<alpha = 1.0, beta = -4.0>) timesteps 4
      : tensor<?x64x8xi8> -> tensor<?x64x8xf32>, tensor<?x64xi32> {
  // CHECK-NEXT: ^bb0(%{{.*}}: tensor<?x64x8xi8>, %{{.*}}: tensor<?x64xi1>):
  ^bb0(%s: tensor<?x64x8xi8>, %active: tensor<?x64xi1>):
    %0 = stas.linear %s weight(#w16x8) : tensor<?x64x8xi8> -> tensor<?x64x16xf32>
    // CHECK: stas.lif %{{.*}} neuron(<v_threshold = 0.5>) : tensor<?x64x16xf32> -> tensor<?x64x16xi1>
    %1 = stas.lif %0 neuron(#stas.lif<v_threshold = 0.5>) : tensor<?x64x16xf32> -> tensor<?x64x16xi1>
    // CHECK: stas.mask %{{.*}}, %{{.*}} : tensor<?x64x16xi1>, tensor<?x64xi1>
    %2 = stas.mask %1, %active : tensor<?x64x16xi1>, tensor<?x64xi1>
    // CHECK: stas.yield %{{.*}} : tensor<?x64x8xi8>
    stas.yield %s : tensor<?x64x8xi8>
  // CHECK-NEXT: }, {
  }, {
  ^bb0(%s: tensor<?x64x8xi8>, %active: tensor<?x64xi1>):
    stas.yield %s : tensor<?x64x8xi8>
  }
  return %y, %steps : tensor<?x64x8xf32>, tensor<?x64xi32>
}

// With a table of scores the encoder computes in integers.
// CHECK-LABEL: @integer_encoder
func.func @integer_encoder(%x: tensor<?x64x8xi8>) -> tensor<?x64x8xi64> {
  // CHECK: stas.act %{{.*}} halting(<alpha = 1.0, beta = -4.0>) timesteps 4 table [0, 9, 16777216] : tensor<?x64x8xi8> -> tensor<?x64x8xi64>, tensor<?x64xi32> {
  %y, %steps = stas.act %x halting(#stas.act<alpha = 1.0, beta = -4.0>) timesteps 4 table [0, 9, 16777216]
      : tensor<?x64x8xi8> -> tensor<?x64x8xi64>, tensor<?x64xi32> {
  ^bb0(%s: tensor<?x64x8xi8>, %active: tensor<?x64xi1>):
    stas.yield %s : tensor<?x64x8xi8>
  }
  return %y : tensor<?x64x8xi64>
}

// The same encoder as a loop: its state is values.
// CHECK-LABEL: @time_loop
func.func @time_loop(%x: tensor<?x64x8xi8>, %c: tensor<?x64x8xf32>) -> (tensor<?x64x8xf32>, tensor<?x64xi32>) {
  // CHECK: %[[A0:.*]] = stas.splat true like %{{.*}} : tensor<?x64x8xi8> -> tensor<?x64xi1>
  %a0 = stas.splat true like %x : tensor<?x64x8xi8> -> tensor<?x64xi1>
  // CHECK: stas.splat -5.000000e-01 : f32 like %{{.*}} : tensor<?x64x8xi8> -> tensor<?x64x8xf32>
  %v0 = stas.splat -0.5 : f32 like %x : tensor<?x64x8xi8> -> tensor<?x64x8xf32>
  %h0 = stas.splat 0.0 : f32 like %x : tensor<?x64x8xi8> -> tensor<?x64xf32>
  %y0 = stas.splat 0.0 : f32 like %x : tensor<?x64x8xi8> -> tensor<?x64x8xf32>
  // CHECK: stas.splat 0 : i32 like
  %n0 = stas.splat 0 : i32 like %x : tensor<?x64x8xi8> -> tensor<?x64xi32>
  // CHECK: %[[L:.*]]:6 = stas.time_loop %[[T:.*]] timesteps 4 iter(%[[A:.*]] = %[[A0]] : tensor<?x64xi1>, %{{.*}} = %{{.*}} : tensor<?x64xf32>,
  // CHECK-SAME: idle(%[[A]]) attributes {note = "kept"} {
  %l:6 = stas.time_loop %t timesteps 4 iter(%a = %a0 : tensor<?x64xi1>, %h = %h0 : tensor<?x64xf32>,
      %r = %h0 : tensor<?x64xf32>, %y = %y0 : tensor<?x64x8xf32>, %n = %n0 : tensor<?x64xi32>,
      %v = %v0 : tensor<?x64x8xf32>) idle(%a) attributes {note = "kept"} {
    // CHECK-NEXT: %[[S:.*]], %[[V1:.*]] = stas.lif_step %{{.*}}, %{{.*}} active(%[[A]] : tensor<?x64xi1>) neuron(<v_reset = -0.5>) : tensor<?x64x8xf32>
    %s, %v1 = stas.lif_step %c, %v active(%a : tensor<?x64xi1>) neuron(<v_reset = -0.5>) : tensor<?x64x8xf32>
    %2 = stas.add %x, %s : tensor<?x64x8xi8>, tensor<?x64x8xi1> -> tensor<?x64x8xi8>
    // CHECK: %[[H0:[a-zA-Z_0-9]+]], %[[H1:[a-zA-Z_0-9]+]], %[[H2:[a-zA-Z_0-9]+]], %[[H3:[a-zA-Z_0-9]+]], %[[H4:[a-zA-Z_0-9]+]] = stas.halt %{{.*}} at %[[T]] active(%[[A]]) sum(%{{.*}}) remainder(%{{.*}}) output(%{{.*}}) steps(%{{.*}}) block 0 of 1 timesteps 4 halting(<alpha = 1.0, beta = -4.0>) : tensor<?x64x8xi8>
    %a1, %h1, %r1, %y1, %n1 = stas.halt %2 at %t active(%a) sum(%h) remainder(%r) output(%y) steps(%n) block 0 of 1
        timesteps 4 halting(<alpha = 1.0, beta = -4.0>) : tensor<?x64x8xi8>
    // CHECK-NEXT: stas.yield %[[H0]], %[[H1]], %[[H2]], %[[H3]], %[[H4]], %[[V1]] : tensor<?x64xi1>,
    stas.yield %a1, %h1, %r1, %y1, %n1, %v1 : tensor<?x64xi1>, tensor<?x64xf32>, tensor<?x64xf32>,
        tensor<?x64x8xf32>, tensor<?x64xi32>, tensor<?x64x8xf32>
  }
  return %l#3, %l#4 : tensor<?x64x8xf32>, tensor<?x64xi32>
}

// Rectangular order: a sum for each block, and gates. Scores in integers.
// CHECK-LABEL: @columns
func.func @columns(%x: tensor<?x64x8xi8>, %t: index, %a: tensor<?x64xi1>, %h: tensor<?x64xi32>, %c: tensor<?x64xi32>,
                   %y: tensor<?x64x8xi64>, %f: tensor<?x64xf32>) {
  // CHECK: stas.gate %{{.*}}, %{{.*}} halting(<alpha = 1.0, beta = 0.0, order = rectangular, output = rate>) : tensor<?x64xi1>, tensor<?x64xi32>
  %0 = stas.gate %a, %c halting(<alpha = 1.0, beta = 0.0, order = rectangular, output = rate>)
      : tensor<?x64xi1>, tensor<?x64xi32>
  // CHECK: stas.gate {{.*}} : tensor<?x64xi1>, tensor<?x64xf32>
  %1 = stas.gate %a, %f halting(<alpha = 1.0, beta = 0.0, order = rectangular, output = rate>)
      : tensor<?x64xi1>, tensor<?x64xf32>
  // CHECK: stas.halt %{{.*}} at %{{.*}} active(%{{.*}}) sum(%{{.*}}) column(%{{.*}}) block 0 of 2 timesteps 4 table[4096, 16777216] halting(<alpha = 1.0, beta = 0.0, order = rectangular, output = rate>) {note = 1 : i64} : tensor<?x64x8xi8>
  %a1, %h1, %c1 = stas.halt %x at %t active(%0) sum(%h) column(%c) block 0 of 2 timesteps 4 table[4096, 16777216]
      halting(<alpha = 1.0, beta = 0.0, order = rectangular, output = rate>) {note = 1 : i64} : tensor<?x64x8xi8>
  // CHECK: stas.halt {{.*}} column(%{{.*}}) output(%{{.*}}) block 1 of 2
  %a2, %h2, %c2, %y2 = stas.halt %x at %t active(%a1) sum(%h1) column(%c1) output(%y) block 1 of 2 timesteps 4
      table[4096, 16777216] halting(<alpha = 1.0, beta = 0.0, order = rectangular, output = rate>) : tensor<?x64x8xi8>
  // CHECK: stas.lif_step %{{.*}}, %{{.*}} neuron(<>) : tensor<?x64xf32>
  %s, %v = stas.lif_step %f, %f neuron(<>) : tensor<?x64xf32>
  return
}

// The batch may be static, one, or none at all.
// CHECK-LABEL: @batches
func.func @batches(%none: tensor<0x4xf32>, %some: tensor<2x5x4xf32>) {
  // CHECK: stas.encode %{{.*}} {timesteps = 256 : i64} : tensor<0x4xf32> -> tensor<256x0x4xf32>
  %0 = stas.encode %none {timesteps = 256 : i64} : tensor<0x4xf32> -> tensor<256x0x4xf32>
  // CHECK: stas.lif %{{.*}} neuron(<>) : tensor<2x5x4xf32> -> tensor<2x5x4xi1>
  %1 = stas.lif %some neuron(#stas.lif<>) : tensor<2x5x4xf32> -> tensor<2x5x4xi1>
  // CHECK: stas.staircase %{{.*}} neuron(<>) timesteps 1 : tensor<0x4xf32> -> tensor<1x0x4xi1>
  %2 = stas.staircase %none neuron(#stas.lif<>) timesteps 1 : tensor<0x4xf32> -> tensor<1x0x4xi1>
  return
}
