// Every rule of the time loop and of what runs in it, broken.
// RUN: stas-opt %s --split-input-file --verify-diagnostics

func.func @f(%x: tensor<?x4xf32>) {
  // expected-error @+1 {{stas.time_loop.R1: requires 1 <= timesteps <= 256, found 0}}
  %l = stas.time_loop %t timesteps 0 iter(%v = %x : tensor<?x4xf32>) {
    stas.yield %v : tensor<?x4xf32>
  }
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>) {
  // expected-error @+1 {{stas.time_loop.R1: requires 1 <= timesteps <= 256, found 257}}
  %l = stas.time_loop %t timesteps 257 iter(%v = %x : tensor<?x4xf32>) {
    stas.yield %v : tensor<?x4xf32>
  }
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>, %m: tensor<?x4xi1>) {
  // expected-error @+1 {{stas.time_loop.R2: requires a body that takes ('index', 'tensor<?x4xf32>') and yields all but the first of them}}
  %l = stas.time_loop %t timesteps 2 iter(%v = %x : tensor<?x4xf32>) {
    stas.yield %m : tensor<?x4xi1>
  }
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>) {
  // expected-error @+1 {{stas.time_loop.R2}}
  %l = "stas.time_loop"(%x) <{timesteps = 2 : i64}> ({
  ^bb0(%v: tensor<?x4xf32>):
    stas.yield %v : tensor<?x4xf32>
  }) : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>) {
  // expected-error @+1 {{stas.time_loop.R2}}
  %l = "stas.time_loop"(%x) <{timesteps = 2 : i64}> ({
  ^bb0(%t: index, %v: tensor<?x4xf32>):
    stas.yield %v : tensor<?x4xf32>
  }) : (tensor<?x4xf32>) -> tensor<?x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>) {
  // expected-error @+1 {{stas.time_loop.R3: requires a state of at least one value}}
  stas.time_loop %t timesteps 2 iter() {
    "stas.yield"() : () -> ()
  }
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>, %y: tensor<2x4xf32>) {
  // expected-error @+1 {{stas.time_loop.R3}}
  %l:2 = stas.time_loop %t timesteps 2 iter(%v = %x : tensor<?x4xf32>, %w = %y : tensor<2x4xf32>) {
    stas.yield %v, %w : tensor<?x4xf32>, tensor<2x4xf32>
  }
  return
}

// -----

func.func @f(%x: tensor<?x?xf32>) {
  // expected-error @+1 {{each [B, ..] of one B and static but for B, found 'tensor<?x?xf32>'}}
  %l = stas.time_loop %t timesteps 2 iter(%v = %x : tensor<?x?xf32>) {
    stas.yield %v : tensor<?x?xf32>
  }
  return
}

// -----

func.func @f(%x: tensor<f32>) {
  // expected-error @+1 {{stas.time_loop.R3}}
  %l = stas.time_loop %t timesteps 2 iter(%v = %x : tensor<f32>) {
    stas.yield %v : tensor<f32>
  }
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>) {
  // expected-error @+1 {{stas.time_loop.R4: requires idle to name a mask of the state}}
  %l = stas.time_loop %t timesteps 2 iter(%v = %x : tensor<?x4xf32>) idle(%v) {
    stas.yield %v : tensor<?x4xf32>
  }
  return
}

// -----

func.func @f(%x: tensor<?x4xi1>) {
  // expected-error @+1 {{stas.time_loop.R4}}
  %l = "stas.time_loop"(%x) <{timesteps = 2 : i64, idle = 1 : i64}> ({
  ^bb0(%t: index, %v: tensor<?x4xi1>):
    stas.yield %v : tensor<?x4xi1>
  }) : (tensor<?x4xi1>) -> tensor<?x4xi1>
  return
}

// -----

func.func @f(%x: tensor<?x4xi1>) {
  // expected-error @+1 {{requires idle to name a value of iter, found %x}}
  %l = stas.time_loop %t timesteps 2 iter(%v = %x : tensor<?x4xi1>) idle(%x) {
    stas.yield %v : tensor<?x4xi1>
  }
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>) {
  %l = stas.time_loop %t timesteps 2 iter(%v = %x : tensor<?x4xf32>) {
    // expected-error @+1 {{stas.time_loop.R5: may not stand in a time loop}}
    %k = stas.time_loop %s timesteps 2 iter(%w = %v : tensor<?x4xf32>) {
      stas.yield %w : tensor<?x4xf32>
    }
    stas.yield %k : tensor<?x4xf32>
  }
  return
}

// -----

func.func @f(%x: tensor<?x4x8xf32>) {
  %l = stas.time_loop %t timesteps 2 iter(%v = %x : tensor<?x4x8xf32>) {
    // expected-error @+1 {{stas.time_loop.R5}}
    %y, %n = stas.act %v halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
        : tensor<?x4x8xf32> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
    ^bb0(%s: tensor<?x4x8xf32>, %a: tensor<?x4xi1>):
      stas.yield %s : tensor<?x4x8xf32>
    }
    stas.yield %y : tensor<?x4x8xf32>
  }
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>) {
  // expected-error @+1 {{splat.R1: requires a result [B, ..] of the B of 'tensor<?x4xf32>', static but for B, found 'tensor<2x4xf32>'}}
  %0 = stas.splat 0.0 : f32 like %x : tensor<?x4xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>) {
  // expected-error @+1 {{splat.R1}}
  %0 = stas.splat 0.0 : f32 like %x : tensor<?x4xf32> -> tensor<?x?xf32>
  return
}

// -----

func.func @f(%x: tensor<f32>) {
  // expected-error @+1 {{splat.R1}}
  %0 = stas.splat 0.0 : f32 like %x : tensor<f32> -> tensor<?x4xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>) {
  // expected-error @+1 {{splat.R2: requires a value of 'f32', found 0 : i32}}
  %0 = stas.splat 0 : i32 like %x : tensor<?x4xf32> -> tensor<?x4xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>, %v: tensor<?x5xf32>) {
  // expected-error @+1 {{failed to verify that lif_step.R1: the membrane has the current's type}}
  %0:2 = "stas.lif_step"(%x, %v) <{neuron = #stas.lif<>}> : (tensor<?x4xf32>, tensor<?x5xf32>)
      -> (tensor<?x4xi1>, tensor<?x4xf32>)
  return
}

// -----

func.func @f(%x: tensor<?xf32>) {
  // expected-error @+1 {{lif_step.R1: requires a current of at least two axes, found 'tensor<?xf32>'}}
  %s, %v = stas.lif_step %x, %x neuron(<>) : tensor<?xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xf32>, %a: tensor<?x5xi1>) {
  // expected-error @+1 {{lif_step.R2: requires a mask of the leading axes of 'tensor<?x4x8xf32>', found 'tensor<?x5xi1>'}}
  %s, %v = stas.lif_step %x, %x active(%a : tensor<?x5xi1>) neuron(<>) : tensor<?x4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>, %a: tensor<?x4x8xi1>) {
  // expected-error @+1 {{lif_step.R2}}
  %s, %v = stas.lif_step %x, %x active(%a : tensor<?x4x8xi1>) neuron(<>) : tensor<?x4xf32>
  return
}

// -----

func.func @f(%x: tensor<?x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xf32>) {
  // expected-error @+1 {{halt.R1: requires a stream [B, N, D] with static N, D >= 1, found 'tensor<?x8xi8>'}}
  %0:2 = stas.halt %x at %t active(%a) sum(%h) block 0 of 2 timesteps 2 halting(<alpha = 1.0, beta = 0.0>) : tensor<?x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi1>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xf32>, %y: tensor<?x4x8xf32>) {
  // expected-error @+1 {{halt.R1: requires a stream of f32 or i8}}
  %0:4 = stas.halt %x at %t active(%a) sum(%h) remainder(%h) output(%y) block 0 of 2 timesteps 2
      halting(<alpha = 1.0, beta = 0.0>) : tensor<?x4x8xi1>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xf32>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xi32>, %y: tensor<?x4x8xi64>) {
  // expected-error @+1 {{halt.R1: requires a stream of f32 or i8 (i8 with a table)}}
  %0:3 = stas.halt %x at %t active(%a) sum(%h) output(%y) block 0 of 2 timesteps 2 table[0, 1]
      halting(<alpha = 1.0, beta = 0.0>) : tensor<?x4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xf32>, %y: tensor<?x4x8xf32>) {
  // expected-error @+1 {{halt.R2: requires 1 <= timesteps <= 256 and 0 <= block_index < num_blocks, found 0, 0 and 2}}
  %0:4 = stas.halt %x at %t active(%a) sum(%h) remainder(%h) output(%y) block 0 of 2 timesteps 0
      halting(<alpha = 1.0, beta = 0.0>) : tensor<?x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xf32>, %y: tensor<?x4x8xf32>) {
  // expected-error-re @+1 {{halt.R2: {{.*}} found 2, 2 and 2}}
  %0:4 = stas.halt %x at %t active(%a) sum(%h) remainder(%h) output(%y) block 2 of 2 timesteps 2
      halting(<alpha = 1.0, beta = 0.0>) : tensor<?x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x5xi1>, %h: tensor<?x4xf32>) {
  // expected-error @+1 {{halt.R3: requires active to come in and go out as 'tensor<?x4xi1>'}}
  %0:2 = "stas.halt"(%x, %t, %a, %h) <{operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 0, 0>,
      resultSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0>, block_index = 0 : i64, num_blocks = 2 : i64, timesteps = 2 : i64,
      halting = #stas.act<alpha = 1.0, beta = 0.0, output = rate>}>
      : (tensor<?x4x8xi8>, index, tensor<?x5xi1>, tensor<?x4xf32>) -> (tensor<?x5xi1>, tensor<?x4xf32>)
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xi32>) {
  // expected-error @+1 {{halt.R3: requires sum to come in and go out as 'tensor<?x4xf32>'}}
  %0:2 = "stas.halt"(%x, %t, %a, %h) <{operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 0, 0>,
      resultSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0>, block_index = 0 : i64, num_blocks = 2 : i64, timesteps = 2 : i64,
      halting = #stas.act<alpha = 1.0, beta = 0.0, output = rate>}>
      : (tensor<?x4x8xi8>, index, tensor<?x4xi1>, tensor<?x4xi32>) -> (tensor<?x4xi1>, tensor<?x4xi32>)
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xf32>, %n: tensor<?x4xi32>) {
  // expected-error @+1 {{halt.R3: requires steps to come in and go out}}
  %0:2 = "stas.halt"(%x, %t, %a, %h, %n) <{operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 0, 1>,
      resultSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0>, block_index = 0 : i64, num_blocks = 2 : i64, timesteps = 2 : i64,
      halting = #stas.act<alpha = 1.0, beta = 0.0, output = rate>}>
      : (tensor<?x4x8xi8>, index, tensor<?x4xi1>, tensor<?x4xf32>, tensor<?x4xi32>) -> (tensor<?x4xi1>, tensor<?x4xf32>)
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xf32>, %y: tensor<?x4x8xf32>) {
  // expected-error @+1 {{halt.R4: requires remainder for #stas.act<alpha = 1.0, beta = 0.0> after block 0 of 2}}
  %0:3 = stas.halt %x at %t active(%a) sum(%h) output(%y) block 0 of 2 timesteps 2 halting(<alpha = 1.0, beta = 0.0>)
      : tensor<?x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xf32>) {
  // expected-error @+1 {{halt.R4: requires no remainder}}
  %0:3 = stas.halt %x at %t active(%a) sum(%h) remainder(%h) block 0 of 2 timesteps 2
      halting(<alpha = 1.0, beta = 0.0, output = rate>) : tensor<?x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xf32>) {
  // expected-error @+1 {{halt.R4: requires column}}
  %0:2 = stas.halt %x at %t active(%a) sum(%h) block 0 of 2 timesteps 2
      halting(<alpha = 1.0, beta = 0.0, order = rectangular, output = rate>) : tensor<?x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xf32>) {
  // expected-error @+1 {{halt.R4: requires no column}}
  %0:3 = stas.halt %x at %t active(%a) sum(%h) column(%h) block 0 of 2 timesteps 2
      halting(<alpha = 1.0, beta = 0.0, order = timestep, output = rate>) : tensor<?x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xf32>) {
  // expected-error-re @+1 {{halt.R4: requires output for {{.*}} after block 1 of 2}}
  %0:2 = stas.halt %x at %t active(%a) sum(%h) block 1 of 2 timesteps 2
      halting(<alpha = 1.0, beta = 0.0, order = timestep, output = rate>) : tensor<?x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xi32>) {
  // expected-error @+1 {{halt.R5: requires a table of 1 to 256 scores from 0 to 2^24 and at most 64 blocks, found 2 and 2}}
  %0:2 = stas.halt %x at %t active(%a) sum(%h) block 0 of 2 timesteps 2 table[0, 16777217]
      halting(<alpha = 1.0, beta = 0.0, output = rate>) : tensor<?x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xi32>) {
  // expected-error-re @+1 {{halt.R5: {{.*}} found 0 and 2}}
  %0:2 = stas.halt %x at %t active(%a) sum(%h) block 0 of 2 timesteps 2 table[]
      halting(<alpha = 1.0, beta = 0.0, output = rate>) : tensor<?x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi8>, %t: index, %a: tensor<?x4xi1>, %h: tensor<?x4xi32>) {
  // expected-error-re @+1 {{halt.R5: {{.*}} found 1 and 65}}
  %0:2 = stas.halt %x at %t active(%a) sum(%h) block 0 of 65 timesteps 2 table[1]
      halting(<alpha = 1.0, beta = 0.0, output = rate>) : tensor<?x4x8xi8>
  return
}

// -----

func.func @f(%a: tensor<?x4xi1>, %c: tensor<?x5xf32>) {
  // expected-error @+1 {{gate.R1: requires a mask [B, N] and scores [B, N], found 'tensor<?x4xi1>' and 'tensor<?x5xf32>'}}
  %0 = stas.gate %a, %c halting(<alpha = 1.0, beta = 0.0, order = rectangular, output = rate>)
      : tensor<?x4xi1>, tensor<?x5xf32>
  return
}

// -----

func.func @f(%a: tensor<?x4xi1>, %c: tensor<?x4xf32>) {
  // expected-error @+1 {{gate.R2: requires rectangular order, found #stas.act<alpha = 1.0, beta = 0.0>}}
  %0 = stas.gate %a, %c halting(<alpha = 1.0, beta = 0.0>) : tensor<?x4xi1>, tensor<?x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<2x4x8xi8> -> tensor<2x4x8xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    // expected-error @+1 {{act.R7}}
    %0 = stas.time_loop %t timesteps 2 iter(%v = %s : tensor<2x4x8xi8>) {
      stas.yield %v : tensor<2x4x8xi8>
    }
    stas.yield %0 : tensor<2x4x8xi8>
  }
  return
}
