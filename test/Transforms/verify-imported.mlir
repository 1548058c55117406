// Only layers of the model level, in a @main.
// RUN: stas-opt %s --stas-verify-imported --split-input-file --verify-diagnostics

#w8 = #stas.weight<"w8" in "m.pth" at 0 : tensor<8x8xf32>>
func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = stas.linear %x weight(#w8) : tensor<?x8xf32> -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // expected-error @+1 {{is no op of the stas dialect, of which alone an imported model is made; a module of a later phase is compiled from there (--compile-from)}}
  %0 = spike.affine %x norm(#spike.norm<>) : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

// expected-error @+1 {{requires a function @main with a body, found none}}
module {
  func.func @other() {
    return
  }
}

// -----

// expected-error @+1 {{requires a function @main with a body, found none}}
module {
  func.func private @main()
}

// -----

// expected-error @+1 {{requires a body of one block, found 2}}
func.func @main() {
  cf.br ^bb1
^bb1:
  return
}

// -----

module attributes {stas.model = #stas.model<"stas" from "m.pth" timesteps = 4 mean = [0.5] std = [0.5]>} {
func.func @main(%x: tensor<?x4x8xi8>) -> tensor<?x4x8xf32> {
  // expected-error @+1 {{requires the timesteps of stas.model, 4, found 2}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<?x4x8xi8> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xi8>, %active: tensor<?x4xi1>):
    stas.yield %s : tensor<?x4x8xi8>
  }
  return %y : tensor<?x4x8xf32>
}
}
