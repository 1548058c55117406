// A plan says all that a runtime needs, and holds nothing else.
// RUN: stas-opt %s --spike-verify-plan --split-input-file --verify-diagnostics

func.func @main() attributes {spike.arena = 128 : i64, spike.blocks = 0 : i64, spike.image = array<i64: 1, 1, 1, 8>} {
  %0 = spike.buffer "image" at 0 : memref<8xf32>
  spike.outputs image(%0 : memref<8xf32>) logits(%0 : memref<8xf32>)
  return
}

// -----

// expected-error @+1 {{requires a plan: no arguments or results, spike.arena and spike.image; found '(tensor<?x8xf32>) -> ()'}}
func.func @main(%x: tensor<?x8xf32>) {
  return
}

// -----

// expected-error @+1 {{requires a plan}}
func.func @main() attributes {spike.image = array<i64: 1, 1, 1, 8>} {
  return
}

// -----

// expected-error @+1 {{requires spike.outputs at the end of the plan, found none}}
func.func @main() attributes {spike.arena = 128 : i64, spike.image = array<i64: 1, 1, 1, 8>} {
  %0 = spike.buffer "image" at 0 : memref<8xf32>
  return
}

// -----

func.func @main() attributes {spike.arena = 128 : i64, spike.image = array<i64: 1, 1, 1, 8>} {
  // expected-error @+1 {{requires a place in the arena: run spike-plan-memory}}
  %0 = spike.buffer "image" : memref<8xf32>
  spike.outputs image(%0 : memref<8xf32>) logits(%0 : memref<8xf32>)
  return
}

// -----

func.func @main() attributes {spike.arena = 128 : i64, spike.image = array<i64: 1, 1, 1, 8>} {
  // expected-error @+1 {{is no op of a plan: run convert-spike-to-vector}}
  %c = arith.constant 0 : index
  %0 = spike.buffer "image" at 0 : memref<8xf32>
  spike.outputs image(%0 : memref<8xf32>) logits(%0 : memref<8xf32>)
  return
}

// -----

// expected-error @+1 {{requires a function @main with a body, found none}}
module {
}
