// RUN: stas-translate --interpret %s | FileCheck %s
// CHECK: 9 functions, 9 expectations met
// Each column is a neuron, each row a timestep.

func.func @defaults_fire_at_equality() {
  %x = arith.constant dense<[[2.0, 1.5, 1.25, 1.0, -1.0], [2.0, 1.5, 1.25, 1.0, -1.0],
                             [2.0, 1.5, 1.25, 1.0, -1.0], [2.0, 1.5, 1.25, 1.0, 9.0]]> : tensor<4x5xf32>
  %s = stas.lif %x neuron(#stas.lif<>) : tensor<4x5xf32> -> tensor<4x5xi1>
  %e = arith.constant dense<[[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 0, 1, 0, 0], [1, 1, 0, 0, 1]]> : tensor<4x5xi1>
  stas_check.expect_eq %s, %e : tensor<4x5xi1>
  return
}

func.func @gt_does_not_fire_at_equality() {
  %x = arith.constant dense<2.0> : tensor<4x1xf32>
  %s = stas.lif %x neuron(#stas.lif<compare = gt>) : tensor<4x1xf32> -> tensor<4x1xi1>
  %e = arith.constant dense<[[0], [1], [0], [1]]> : tensor<4x1xi1>
  stas_check.expect_eq %s, %e : tensor<4x1xi1>
  return
}

// h = 0.875, 1.3125 (v = 0.3125), 1.03125 (v = 0.03125), 0.890625; a hard reset would fire at steps 2 and 4.
func.func @soft_reset_keeps_the_rest() {
  %x = arith.constant dense<1.75> : tensor<4x1xf32>
  %s = stas.lif %x neuron(#stas.lif<reset = soft>) : tensor<4x1xf32> -> tensor<4x1xi1>
  %e = arith.constant dense<[[0], [1], [1], [0]]> : tensor<4x1xi1>
  stas_check.expect_eq %s, %e : tensor<4x1xi1>
  return
}

// h = 0.75, 0.75 + 0.75 - 0.375 = 1.125; with a decayed input the neuron would be silent.
func.func @input_that_does_not_decay() {
  %x = arith.constant dense<0.75> : tensor<4x1xf32>
  %s = stas.lif %x neuron(#stas.lif<decay_input = false>) : tensor<4x1xf32> -> tensor<4x1xi1>
  %e = arith.constant dense<[[0], [1], [0], [1]]> : tensor<4x1xi1>
  stas_check.expect_eq %s, %e : tensor<4x1xi1>
  return
}

// v starts at -0.5: h = -0.5 + 2/2 = 0.5, then 0.5 + (2 - 1)/2 = 1. For x = 3: h = 1 at once.
func.func @reset_potential() {
  %x = arith.constant dense<[[2.0, 3.0], [2.0, 3.0], [2.0, 3.0], [2.0, 3.0]]> : tensor<4x2xf32>
  %s = stas.lif %x neuron(#stas.lif<v_reset = -0.5>) : tensor<4x2xf32> -> tensor<4x2xi1>
  %e = arith.constant dense<[[0, 1], [1, 1], [0, 1], [1, 1]]> : tensor<4x2xi1>
  stas_check.expect_eq %s, %e : tensor<4x2xi1>
  return
}

// h = 0.5, 0.875, 1.15625.
func.func @slow_membrane() {
  %x = arith.constant dense<2.0> : tensor<4x1xf32>
  %s = stas.lif %x neuron(#stas.lif<tau = 4.0>) : tensor<4x1xf32> -> tensor<4x1xi1>
  %e = arith.constant dense<[[0], [0], [1], [0]]> : tensor<4x1xi1>
  stas_check.expect_eq %s, %e : tensor<4x1xi1>
  return
}

// tau = 1 forgets at once: h = x.
func.func @no_memory() {
  %x = arith.constant dense<[[0.5], [1.0], [0.99], [1.5]]> : tensor<4x1xf32>
  %s = stas.lif %x neuron(#stas.lif<tau = 1.0>) : tensor<4x1xf32> -> tensor<4x1xi1>
  %e = arith.constant dense<[[0], [1], [0], [1]]> : tensor<4x1xi1>
  stas_check.expect_eq %s, %e : tensor<4x1xi1>
  return
}

func.func @attention_threshold() {
  %x = arith.constant dense<[[0.875, 1.0, 0.75], [0.875, 1.0, 0.125]]> : tensor<2x3xf32>
  %s = stas.lif %x neuron(#stas.lif<v_threshold = 0.5>) : tensor<2x3xf32> -> tensor<2x3xi1>
  %e = arith.constant dense<[[0, 1, 0], [1, 1, 0]]> : tensor<2x3xi1>
  stas_check.expect_eq %s, %e : tensor<2x3xi1>
  return
}

// Soft reset, strict comparison, undecayed input and v_reset at once: v = 0.25 at the start,
// h = 0.25 + 1 - 0 = 1.25 (fires, v = 0.25), the same again, then x = 0.75: h = 1.0 (does not fire),
// h = 1 + 0.375 - 0.75/2 = 1.0 (still not).
func.func @all_at_once() {
  %x = arith.constant dense<[[1.0], [1.0], [0.75], [0.375]]> : tensor<4x1xf32>
  %s = stas.lif %x neuron(#stas.lif<v_reset = 0.25, reset = soft, decay_input = false, compare = gt>)
         : tensor<4x1xf32> -> tensor<4x1xi1>
  %e = arith.constant dense<[[1], [1], [0], [0]]> : tensor<4x1xi1>
  stas_check.expect_eq %s, %e : tensor<4x1xi1>
  return
}
