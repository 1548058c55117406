// One case or more for each rule, and odd IR that no rule names. tools/dev/check_rules.py demands each id here.
// RUN: stas-opt %s --split-input-file --verify-diagnostics

#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
// expected-error @+1 {{norm.R1: requires all or none of gamma, beta, mean, var, found 1 of them}}
func.func private @f() attributes {a = #spike.norm<gamma = #v8, eps = 1.0e-5>}

// -----

#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
// expected-error @+1 {{norm.R2}}
func.func private @f() attributes {a = #spike.norm<gamma = #v8, beta = #v8, mean = #v8, var = #v8>}

// -----

#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
// expected-error @+1 {{norm.R2}}
func.func private @f() attributes {a = #spike.norm<gamma = #v8, beta = #v8, mean = #v8, var = #v8, eps = 1.0e999>}

// -----

// expected-error @+1 {{norm.R2: requires a finite eps > 0 with gamma, beta, mean and var, and 0 without, found}}
func.func private @f() attributes {a = #spike.norm<eps = 1.0>}

// -----

#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
#v4 = #stas.weight<"v4" in "m.pth" at 0 : tensor<4xf32>>
// expected-error @+1 {{norm.R3: requires vectors of one length >= 1, found 'tensor<4xf32>' for 'v4'}}
func.func private @f() attributes {a = #spike.norm<bias = #v8, gamma = #v4, beta = #v8, mean = #v8, var = #v8, eps = 1.0>}

// -----

// expected-error @+1 {{norm.R3}}
func.func private @f() attributes {a = #spike.norm<bias = <"m" in "m.pth" at 0 : tensor<2x4xf32>>>}

// -----

// expected-error @+1 {{norm.R3}}
func.func private @f() attributes {a = #spike.norm<bias = <"m" in "m.pth" at 0 : tensor<0xf32>>>}

// -----

// expected-error @+1 {{norm.R4}}
func.func private @f() attributes {a = #spike.norm<unit = 0.0>}

// -----

// expected-error @+1 {{norm.R4}}
func.func private @f() attributes {a = #spike.norm<unit = 1.0e999>}

// -----

// expected-error @+1 {{window.R1}}
func.func private @f() attributes {a = #spike.window<kernel = [3], strides = [1, 1], padding = [0, 0]>}

// -----

// expected-error @+1 {{window.R1}}
func.func private @f() attributes {a = #spike.window<kernel = [0, 3], strides = [1, 1], padding = [0, 0]>}

// -----

// expected-error @+1 {{window.R1}}
func.func private @f() attributes {a = #spike.window<kernel = [3, 3], strides = [1, 0], padding = [0, 0]>}

// -----

// expected-error @+1 {{window.R1}}
func.func private @f() attributes {a = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [-1, 0]>}

// -----

// expected-error @+1 {{window.R1}}
func.func private @f() attributes {a = #spike.window<kernel = [3, 3], strides = [1, 1], padding = [0, 4611686018427387904]>}

// -----

// expected-error @+1 {{pack.R1: requires channels and lanes from 1 to 2147483647, found 0 and 8}}
func.func private @f() attributes {a = #spike.pack<scale 0 lanes 8>}

// -----

// expected-error @+1 {{pack.R1}}
func.func private @f() attributes {a = #spike.pack<scale 8 lanes -8>}

// -----

// expected-error @+1 {{pack.R1}}
func.func private @f() attributes {a = #spike.pack<scale 9223372036854775807 lanes 8>}

// -----

// expected-error @+1 {{pack.R2: requires a weight}}
func.func private @f() attributes {a = #spike.pack<rows 8 lanes 8>}

// -----

// expected-error @+1 {{pack.R2}}
func.func private @f() attributes {a = #spike.pack<scale 8 lanes 8 weight <"w" in "m.pth" at 0 : tensor<8x3xf32>>>}

// -----

// expected-error @+1 {{pack.R2}}
func.func private @f() attributes {a = #spike.pack<rows 4 lanes 8 weight <"w" in "m.pth" at 0 : tensor<8x3xf32>>>}

// -----

// expected-error @+1 {{pack.R2}}
func.func private @f() attributes {a = #spike.pack<rows 8 lanes 8 weight <"w" in "m.pth" at 0 : tensor<8x3x3xf32>>>}

// -----

// expected-error @+1 {{pack.R2}}
func.func private @f() attributes {a = #spike.pack<rows 8 lanes 8 weight <"w" in "m.pth" at 0 : tensor<8x0xf32>>>}

// -----

#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
// expected-error @+1 {{pack.R3: requires norm for kinds scale and shift alone, with vectors of 4 values, found 8}}
func.func private @f() attributes {a = #spike.pack<scale 4 lanes 8 norm <bias = #v8>>}

// -----

// expected-error @+1 {{pack.R3}}
func.func private @f() attributes {a = #spike.pack<rows 8 lanes 8 weight <"w" in "m.pth" at 0 : tensor<8x3xf32>> norm <>>}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x9xf32>>
func.func @f(%x: tensor<?x4x8xi1>) {
  // expected-error @+1 {{accumulate.R1: requires input}}
  %0 = spike.accumulate %x weight(#w) : tensor<?x4x8xi1> -> tensor<?x4x16xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8x1x1xf32>>
func.func @f(%x: tensor<?x4x8xi1>) {
  // expected-error @+1 {{accumulate.R1}}
  %0 = spike.accumulate %x weight(#w) : tensor<?x4x8xi1> -> tensor<?x4x16xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @f(%x: tensor<?x4x?xi1>) {
  // expected-error @+1 {{accumulate.R1}}
  %0 = spike.accumulate %x weight(#w) : tensor<?x4x?xi1> -> tensor<?x4x16xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @f(%x: tensor<8xi1>) {
  // expected-error @+1 {{accumulate.R1}}
  %0 = spike.accumulate %x weight(#w) : tensor<8xi1> -> tensor<16xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x0xf32>>
func.func @f(%x: tensor<?x4x0xi1>) {
  // expected-error @+1 {{accumulate.R1}}
  %0 = spike.accumulate %x weight(#w) : tensor<?x4x0xi1> -> tensor<?x4x16xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x3x5x5xf32>>
func.func @f(%x: tensor<?x8x8x3xf32>) {
  // expected-error @+1 {{accumulate.R2: requires a static map}}
  %0 = spike.accumulate %x weight(#w) window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [0, 0]>) : tensor<?x8x8x3xf32> -> tensor<?x3x3x4xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x3xf32>>
func.func @f(%x: tensor<?x8x8x3xf32>) {
  // expected-error @+1 {{accumulate.R2}}
  %0 = spike.accumulate %x weight(#w) window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [0, 0]>) : tensor<?x8x8x3xf32> -> tensor<?x3x3x4xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>
func.func @f(%x: tensor<?x3x8x8xf32>) {
  // expected-error @+1 {{accumulate.R2}}
  %0 = spike.accumulate %x weight(#w) window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [0, 0]>) : tensor<?x3x8x8xf32> -> tensor<?x3x3x4xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>
func.func @f(%x: tensor<?x8x8x3xf32>) {
  // expected-error @+1 {{accumulate.R2}}
  %0 = spike.accumulate %x weight(#w) window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [0, 0], channels_first = true>) : tensor<?x8x8x3xf32> -> tensor<?x3x3x4xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>
func.func @f(%x: tensor<?x?x8x3xf32>) {
  // expected-error @+1 {{accumulate.R2}}
  %0 = spike.accumulate %x weight(#w) window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [0, 0]>) : tensor<?x?x8x3xf32> -> tensor<?x3x3x4xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>
func.func @f(%x: tensor<8x8x3xf32>) {
  // expected-error @+1 {{accumulate.R2}}
  %0 = spike.accumulate %x weight(#w) window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [0, 0]>) : tensor<8x8x3xf32> -> tensor<3x3x4xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>
func.func @f(%x: tensor<?x2x8x3xf32>) {
  // expected-error @+1 {{accumulate.R3: requires a window that fits the padded map, found kernel 3}}
  %0 = spike.accumulate %x weight(#w) window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [0, 0]>) : tensor<?x2x8x3xf32> -> tensor<?x1x3x4xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>
func.func @f(%x: tensor<?x8x8x3xf32>) {
  // expected-error @+1 {{accumulate.R4: requires a result of shape}}
  %0 = spike.accumulate %x weight(#w) window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [0, 0]>) : tensor<?x8x8x3xf32> -> tensor<?x4x3x4xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @f(%x: tensor<?x4x8xi1>) {
  // expected-error @+1 {{accumulate.R4}}
  %0 = spike.accumulate %x weight(#w) : tensor<?x4x8xi1> -> tensor<?x5x16xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @f(%x: tensor<2x4x8xi1>) {
  // expected-error @+1 {{accumulate.R4}}
  %0 = spike.accumulate %x weight(#w) : tensor<2x4x8xi1> -> tensor<?x4x16xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @unranked(%x: tensor<*xf32>) {
  // expected-error @+1 {{operand #0 must be ranked tensor of}}
  %0 = "spike.accumulate"(%x) {weight = #w} : (tensor<*xf32>) -> tensor<?x16xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi1>) {
  // expected-error @+1 {{coincide.R1}}
  %0 = spike.coincide %x, %x, %x heads 2 : tensor<?x4x8xi1> -> tensor<?x4x9xi32>
  return
}

// -----

func.func @f(%x: tensor<4x8xi1>) {
  // expected-error @+1 {{coincide.R1}}
  %0 = spike.coincide %x, %x, %x heads 2 : tensor<4x8xi1> -> tensor<4x8xi32>
  return
}

// -----

func.func @f(%x: tensor<?x?x8xi1>) {
  // expected-error @+1 {{coincide.R1}}
  %0 = spike.coincide %x, %x, %x heads 2 : tensor<?x?x8xi1> -> tensor<?x?x8xi32>
  return
}

// -----

func.func @f(%x: tensor<2x2x?x4x8xi1>) {
  // expected-error @+1 {{coincide.R1}}
  %0 = spike.coincide %x, %x, %x heads 2 : tensor<2x2x?x4x8xi1> -> tensor<2x2x?x4x8xi32>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi1>) {
  // expected-error @+1 {{coincide.R2: requires heads >= 1 to divide D = 8, found 3}}
  %0 = spike.coincide %x, %x, %x heads 3 : tensor<?x4x8xi1> -> tensor<?x4x8xi32>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi1>) {
  // expected-error @+1 {{coincide.R2}}
  %0 = spike.coincide %x, %x, %x heads 0 : tensor<?x4x8xi1> -> tensor<?x4x8xi32>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi1>) {
  // expected-error @+1 {{coincide.R2}}
  %0 = spike.coincide %x, %x, %x heads -4 : tensor<?x4x8xi1> -> tensor<?x4x8xi32>
  return
}

// -----

func.func @types(%x: tensor<?x4x8xi1>, %y: tensor<?x4x16xi1>) {
  // expected-error @+1 {{requires all operands to have the same type}}
  %0 = "spike.coincide"(%x, %y, %x) {heads = 2 : i64} : (tensor<?x4x8xi1>, tensor<?x4x16xi1>, tensor<?x4x8xi1>) -> tensor<?x4x8xi32>
  return
}

// -----

func.func @f(%x: tensor<?x4x?xf32>) {
  // expected-error @+1 {{fire.R1: requires sums}}
  %0 = spike.fire %x norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x?xf32> -> tensor<2x?x4x?xi1>
  return
}

// -----

func.func @f(%x: tensor<?xf32>) {
  // expected-error @+1 {{fire.R1}}
  %0 = spike.fire %x norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?xf32> -> tensor<2x?xi1>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xf32>) {
  // expected-error @+1 {{fire.R2: requires a static leading T axis}}
  %0 = spike.fire %x norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<?x4x8xi1>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xf32>) {
  // expected-error @+1 {{fire.R2}}
  %0 = spike.fire %x norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<?x?x4x8xi1>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xf32>) {
  // expected-error @+1 {{fire.R2}}
  %0 = spike.fire %x norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<2x2x?x4x8xi1>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xf32>) {
  // expected-error @+1 {{fire.R2}}
  %0 = spike.fire %x norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<2x?x4x9xi1>
  return
}

// -----

func.func @f(%x: tensor<0x4x8xf32>) {
  // expected-error @+1 {{fire.R2}}
  %0 = spike.fire %x norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<0x4x8xf32> -> tensor<0x4x8xi1>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xf32>) {
  // expected-error @+1 {{fire.R2: requires the sums' shape, found 'tensor<?x4x8xf32>' and 'tensor<2x?x4x8xi1>'}}
  %0, %v = spike.fire %x membrane(%x : tensor<?x4x8xf32>) norm(#spike.norm<>) neuron(#stas.lif<>)
      : tensor<?x4x8xf32> -> tensor<2x?x4x8xi1>, tensor<?x4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xf32>) {
  // expected-error @+1 {{fire.R9: requires a membrane of 'f32' and the sums' shape to come in and go out, outside stas.act}}
  %0 = spike.fire %x membrane(%x : tensor<?x4x8xf32>) norm(#spike.norm<>) neuron(#stas.lif<>)
      : tensor<?x4x8xf32> -> tensor<?x4x8xi1>
  return
}

// -----

func.func @f(%x: tensor<4x4x8xf32>) {
  // expected-error @+1 {{fire.R9}}
  %0, %v = spike.fire %x norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<4x4x8xf32> -> tensor<4x4x8xi1>, tensor<4x4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xf32>, %m: tensor<?x4x9xf32>) {
  // expected-error @+1 {{fire.R9}}
  %0, %v = spike.fire %x membrane(%m : tensor<?x4x9xf32>) norm(#spike.norm<>) neuron(#stas.lif<>)
      : tensor<?x4x8xf32> -> tensor<?x4x8xi1>, tensor<?x4x9xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xf32>, %m: tensor<?x4x8xi32>) {
  // expected-error @+1 {{fire.R9}}
  %0, %v = spike.fire %x membrane(%m : tensor<?x4x8xi32>) norm(#spike.norm<>) neuron(#stas.lif<>)
      : tensor<?x4x8xf32> -> tensor<?x4x8xi1>, tensor<?x4x8xi32>
  return
}

// -----

func.func @in_act(%x: tensor<?x4x8xf32>) {
  %0, %1 = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2 : tensor<?x4x8xf32> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xf32>, %a: tensor<?x4xi1>):
    // expected-error @+1 {{fire.R9}}
    %2, %v = spike.fire %s active(%a : tensor<?x4xi1>) membrane(%s : tensor<?x4x8xf32>) norm(#spike.norm<>) neuron(#stas.lif<>)
        : tensor<?x4x8xf32> -> tensor<?x4x8xi1>, tensor<?x4x8xf32>
    stas.yield %s : tensor<?x4x8xf32>
  }
  return
}

// -----

func.func @in_act(%x: tensor<?x4x8xf32>) {
  %0, %1 = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2 : tensor<?x4x8xf32> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xf32>, %a: tensor<?x4xi1>):
    // expected-error @+1 {{fire.R2: requires the sums' shape}}
    %2 = spike.fire %s norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<2x?x4x8xi1>
    stas.yield %s : tensor<?x4x8xf32>
  }
  return
}

// -----

func.func @unmasked(%x: tensor<?x4x8xf32>) {
  %0, %1 = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2 : tensor<?x4x8xf32> -> tensor<?x4x8xf32>, tensor<?x4xi32> {
  ^bb0(%s: tensor<?x4x8xf32>, %a: tensor<?x4xi1>):
    // expected-error @+1 {{fire.R3: requires a mask inside stas.act, found none}}
    %2 = spike.fire %s norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<?x4x8xi1>
    stas.yield %s : tensor<?x4x8xf32>
  }
  return
}

// -----

func.func @f(%x: tensor<?x4x8xf32>, %a: tensor<?x8xi1>) {
  // expected-error @+1 {{fire.R3: requires a mask}}
  %0 = spike.fire %x active(%a : tensor<?x8xi1>) norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<2x?x4x8xi1>
  return
}

// -----

func.func @f(%x: tensor<2x?x4x8xf32>, %a: tensor<?x4xi1>) {
  // expected-error @+1 {{fire.R3}}
  %0 = spike.fire %x active(%a : tensor<?x4xi1>) norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<2x?x4x8xf32> -> tensor<2x?x4x8xi1>
  return
}

// -----

#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
func.func @f(%x: tensor<?x4x16xf32>) {
  // expected-error @+1 {{fire.R4: requires norm's vectors to hold 16 values, found 8}}
  %0 = spike.fire %x norm(#spike.norm<bias = #v8>) neuron(#stas.lif<>) : tensor<?x4x16xf32> -> tensor<2x?x4x16xi1>
  return
}

// -----

#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
func.func @f(%x: tensor<?x16xf32>) {
  // expected-error @+1 {{affine.R1}}
  %0 = spike.affine %x norm(#spike.norm<bias = #v8>) : tensor<?x16xf32>
  return
}

// -----

func.func @f(%x: tensor<?x?xf32>) {
  // expected-error @+1 {{affine.R1}}
  %0 = spike.affine %x norm(#spike.norm<>) : tensor<?x?xf32>
  return
}

// -----

func.func @f(%x: tensor<8x8x3xi1>) {
  // expected-error @+1 {{max_pool.R1: requires a map}}
  %0 = spike.max_pool %x window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>) : tensor<8x8x3xi1> -> tensor<4x4x3xi1>
  return
}

// -----

func.func @f(%x: tensor<?x8x?x3xi1>) {
  // expected-error @+1 {{max_pool.R1}}
  %0 = spike.max_pool %x window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>) : tensor<?x8x?x3xi1> -> tensor<?x4x4x3xi1>
  return
}

// -----

func.func @f(%x: tensor<?x8x8x3xi1>) {
  // expected-error @+1 {{max_pool.R2}}
  %0 = spike.max_pool %x window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [2, 2]>) : tensor<?x8x8x3xi1> -> tensor<?x5x5x3xi1>
  return
}

// -----

func.func @f(%x: tensor<?x4x8x3xi1>) {
  // expected-error @+1 {{max_pool.R2: requires padding <= kernel / 2 and a window that fits the padded map, found kernel 5, padding 0}}
  %0 = spike.max_pool %x window(#spike.window<kernel = [5, 5], strides = [2, 2], padding = [0, 0]>) : tensor<?x4x8x3xi1> -> tensor<?x1x2x3xi1>
  return
}

// -----

func.func @f(%x: tensor<?x8x8x3xi1>) {
  // expected-error @+1 {{max_pool.R3: requires a result of shape}}
  %0 = spike.max_pool %x window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>) : tensor<?x8x8x3xi1> -> tensor<?x3x4x3xi1>
  return
}

// -----

func.func @f(%x: tensor<?x8x8x3xi1>) {
  // expected-error @+1 {{max_pool.R3}}
  %0 = spike.max_pool %x window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>) : tensor<?x8x8x3xi1> -> tensor<?x4x4x3xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi1>) {
  // expected-error @+1 {{spike.integrate.R1}}
  %0 = spike.integrate sum %x : tensor<?x4x8xi1> -> tensor<4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<0x?x8xi1>) {
  // expected-error @+1 {{spike.integrate.R1}}
  %0 = spike.integrate sum %x : tensor<0x?x8xi1> -> tensor<?x8xi8>
  return
}

// -----

func.func @f(%x: tensor<256x?x8xi1>) {
  // expected-error @+1 {{spike.integrate.R1: requires a static leading T axis, at most 255 where counts are summed}}
  %0 = spike.integrate sum %x : tensor<256x?x8xi1> -> tensor<?x8xi8>
  return
}

// -----

func.func @f(%x: tensor<f32>) {
  // expected-error @+1 {{spike.integrate.R1}}
  %0 = spike.integrate sum %x : tensor<f32> -> tensor<f32>
  return
}

// -----

func.func @f(%x: tensor<2x?x8xi1>) {
  // expected-error @+1 {{spike.integrate.R2: requires}}
  %0 = spike.integrate sum %x : tensor<2x?x8xi1> -> tensor<?x9xi8>
  return
}

// -----

func.func @f(%x: tensor<2x?x8xi1>) {
  // expected-error @+1 {{spike.integrate.R2}}
  %0 = spike.integrate mean %x : tensor<2x?x8xi1> -> tensor<?x8xi8>
  return
}

// -----

func.func @f(%x: tensor<2x?x8xi1>) {
  // expected-error @+1 {{spike.integrate.R2}}
  %0 = spike.integrate sum %x : tensor<2x?x8xi1> -> tensor<?x8xi1>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi1>, %y: tensor<?x4x9xi1>) {
  // expected-error @+1 {{spike.add.R1: requires shapes that agree}}
  %0 = spike.add %x, %y : tensor<?x4x8xi1>, tensor<?x4x9xi1> -> tensor<?x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi1>, %y: tensor<?x4x8xi1>) {
  // expected-error @+1 {{spike.add.R1}}
  %0 = spike.add %x, %y : tensor<?x4x8xi1>, tensor<?x4x8xi1> -> tensor<2x?x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x8xi1>, %y: tensor<?x?x8xi1>) {
  // expected-error @+1 {{spike.add.R1}}
  %0 = spike.add %x, %y : tensor<?x8xi1>, tensor<?x?x8xi1> -> tensor<?x?x8xi8>
  return
}

// -----

func.func @f(%x: tensor<8xi1>, %y: tensor<2x2x8xi1>) {
  // expected-error @+1 {{spike.add.R1}}
  %0 = spike.add %x, %y : tensor<8xi1>, tensor<2x2x8xi1> -> tensor<2x2x8xi8>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi1>, %y: tensor<?x4x8xi1>) {
  // expected-error @+1 {{spike.add.R2: requires a result of i8}}
  %0 = spike.add %x, %y : tensor<?x4x8xi1>, tensor<?x4x8xi1> -> tensor<?x4x8xi1>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi1>, %y: tensor<?x4x8xf32>) {
  // expected-error @+1 {{spike.add.R2: requires a result of f32}}
  %0 = spike.add %x, %y : tensor<?x4x8xi1>, tensor<?x4x8xf32> -> tensor<?x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<8x8x3xi1>) {
  // expected-error @+1 {{spike.flatten.R1: requires a map}}
  %0 = spike.flatten %x : tensor<8x8x3xi1> -> tensor<64x3xi1>
  return
}

// -----

func.func @f(%x: tensor<?x?x8x3xi1>) {
  // expected-error @+1 {{spike.flatten.R1}}
  %0 = spike.flatten %x : tensor<?x?x8x3xi1> -> tensor<?x?x3xi1>
  return
}

// -----

func.func @f(%x: tensor<?x8x8x3xi1>) {
  // expected-error @+1 {{spike.flatten.R2: requires}}
  %0 = spike.flatten %x : tensor<?x8x8x3xi1> -> tensor<?x63x3xi1>
  return
}

// -----

func.func @f(%x: tensor<?x8x8x3xi1>) {
  // expected-error @+1 {{spike.flatten.R2}}
  %0 = spike.flatten %x : tensor<?x8x8x3xi1> -> tensor<?x64x3xi8>
  return
}

// -----

func.func @f(%x: tensor<4x8xi1>) {
  // expected-error @+1 {{spike.mean_tokens.R1: requires tokens}}
  %0 = spike.mean_tokens %x : tensor<4x8xi1> -> tensor<8xf32>
  return
}

// -----

func.func @f(%x: tensor<?x0x8xi1>) {
  // expected-error @+1 {{spike.mean_tokens.R1}}
  %0 = spike.mean_tokens %x : tensor<?x0x8xi1> -> tensor<?x8xf32>
  return
}

// -----

func.func @f(%x: tensor<?x4x8xi1>) {
  // expected-error @+1 {{spike.mean_tokens.R2}}
  %0 = spike.mean_tokens %x : tensor<?x4x8xi1> -> tensor<?x4xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{buffer.R1: requires an offset that is a multiple of 64, found 32}}
  %0 = spike.buffer "b" at 32 : memref<8xi8>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{buffer.R1}}
  %0 = spike.buffer "b" at -64 : memref<8xi8>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{result #0 must be static one-dimensional memory of}}
  %0 = spike.buffer "b" : memref<8x8xi8>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{result #0 must be static one-dimensional memory of}}
  %0 = spike.buffer "b" : memref<?xi8>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{result #0 must be static one-dimensional memory of}}
  %0 = spike.buffer "b" : memref<0xi8>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{result #0 must be static one-dimensional memory of}}
  %0 = spike.buffer "b" : memref<8xf64>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{constant.R1: requires a memory of 8 elements}}
  %0 = spike.constant <scale 5 lanes 8> : memref<5xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{constant.R1}}
  %0 = spike.constant <rows 5 lanes 8 weight <"w" in "m.pth" at 0 : tensor<5x3x2x2xf32>>> : memref<24xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{result #0 must be static one-dimensional memory of}}
  %0 = spike.constant <scale 5 lanes 8> : memref<8xi8>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @table() {
  // expected-error @+1 {{table.R1: requires quant with a weight, of at most 16 bits for pairs and tiles, with a neuron for threshold, reset (soft) and cuts (hard) and without for unit, found bias}}
  %0 = spike.table bias <norm = <>, neuron = <>, input_max = 1> : memref<32xi32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @table() {
  // expected-error @+1 {{table.R1}}
  %0 = spike.table threshold <weight = #w, norm = <>, input_max = 1, bits = 16, state_bits = 64> : memref<32xi64>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @table() {
  // expected-error @+1 {{table.R1}}
  %0 = spike.table reset <weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 16> : memref<32xi32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @table() {
  // expected-error @+1 {{table.R1}}
  %0 = spike.table cuts <weight = #w, norm = <>, neuron = <reset = soft>, input_max = 1, bits = 16> : memref<32xi32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @table() {
  // expected-error @+1 {{table.R1}}
  %0 = spike.table unit <weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 16> : memref<1xf64>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @table() {
  // expected-error @+1 {{table.R1}}
  %0 = spike.table pairs <weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 24, state_bits = 64> : memref<288xi16>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @table() {
  // expected-error @+1 {{table.R1}}
  %0 = spike.table tiles <weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 24, state_bits = 64> : memref<6144xi8>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @table() {
  // expected-error @+1 {{table.R2: requires a memory 'memref<288xi16>', found 'memref<256xi16>'}}
  %0 = spike.table pairs <weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 16> : memref<256xi16>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<16x8xf32>>
func.func @table() {
  // expected-error @+1 {{table.R2}}
  %0 = spike.table bias <weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 16> : memref<32xi64>
  return
}

// -----

func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R1: requires a kernel, found none named @k}}
  spike.launch @k(%0) extent 1 layer "a" : memref<12xi8>
  return
}

// -----

func.func private @k(memref<11xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R1: requires a kernel of the operands, three or four indices and scratch memory}}
  spike.launch @k(%0) extent 1 layer "a" : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R1}}
  spike.launch @k(%0) extent 1 layer "a" : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, i64, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R1}}
  spike.launch @k(%0) extent 1 layer "a" : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xf32>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R1}}
  spike.launch @k(%0) extent 1 layer "a" : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>) -> i8
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R1}}
  spike.launch @k(%0) extent 1 layer "a" : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R2: requires spikes to name an i8 operand of as many elements as its axes say}}
  spike.launch @k(%0) extent 1 layer "a" spikes 0 tokens [1, 2, 5] : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R2}}
  spike.launch @k(%0) extent 1 layer "a" spikes 1 tokens [1, 2, 6] : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R2}}
  spike.launch @k(%0) extent 1 layer "a" spikes -1 tokens [1, 2, 6] : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R2}}
  spike.launch @k(%0) extent 1 layer "a" spikes 0 map [1, 2, 6] : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R2}}
  spike.launch @k(%0) extent 1 layer "a" spikes 0 tokens [-1, -2, 6] : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R2}}
  spike.launch @k(%0) extent 1 layer "a" spikes 0 tokens [4294967296, 4294967296, 12] : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R2: requires spikes, layout and axes together}}
  "spike.launch"(%0) {kernel = @k, extent = 1 : i64, layer = "a", spikes = 0 : i64} : (memref<12xi8>) -> ()
  return
}

// -----

func.func private @kernel(memref<12xi8>, memref<8xf32>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>, %1: memref<8xf32>) {
  // expected-error @+1 {{launch.R5: requires no spikes and no work where runs with observers leave the launch out}}
  spike.launch @kernel(%0, %1) extent 3 layer "a" spikes 0 tokens [1, 2, 6] when unobserved : memref<12xi8>, memref<8xf32>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R3: requires extent >= 1, found 0}}
  spike.launch @k(%0) extent 0 layer "a" : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xi8>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xi8>) {
  // expected-error @+1 {{launch.R3}}
  spike.launch @k(%0) extent -1 layer "a" : memref<12xi8>
  return
}

// -----

func.func private @k(memref<12xf32>, index, index, index, memref<1xi8>)
func.func @f(%0: memref<12xf32>) {
  // expected-error @+1 {{launch.R2}}
  spike.launch @k(%0) extent 1 layer "a" spikes 0 tokens [1, 2, 6] : memref<12xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{time_loop.R1: requires 1 <= timesteps <= 256, found 0}}
  spike.time_loop 0 {
  }
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{time_loop.R1: requires 1 <= timesteps <= 256, found -1}}
  spike.time_loop -1 {
  }
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{time_loop.R1: requires 1 <= timesteps <= 256, found 257}}
  spike.time_loop 257 {
  }
  return
}

// -----

func.func @f() {
  spike.time_loop 2 {
    // expected-error @+1 {{time_loop.R2}}
    spike.time_loop 2 {
    }
  }
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{region should have no arguments}}
  "spike.time_loop"() <{timesteps = 2 : i64}> ({
  ^bb0(%t: index):
  }) : () -> ()
  return
}

// -----

func.func @f(%0: memref<4xi8>) {
  // expected-error @+1 {{expects parent op 'spike.time_loop'}}
  spike.stop_when_idle %0 : memref<4xi8>
  return
}

// -----

func.func @f(%0: memref<8xf32>, %1: memref<?xf32>) {
  // expected-error @+1 {{must be static one-dimensional memory of}}
  spike.outputs image(%0 : memref<8xf32>) logits(%1 : memref<?xf32>)
  return
}

// -----

func.func @f(%0: memref<8xf32>) {
  // expected-error @+1 {{must be static one-dimensional memory of}}
  spike.outputs image(%0 : memref<8xf32>) logits(%0 : memref<8xf32>) halting(%0 : memref<8xf32>)
  return
}

// -----

func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{spike.staircase.R1}}
  %0 = spike.staircase sum %x norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4 : tensor<8xf32> -> tensor<8xi8>
  return
}

// -----

func.func @f(%x: tensor<2x4x4x8xf32>) {
  // expected-error @+1 {{spike.staircase.R1: requires sums [.., C] with static C >= 1, norm's vectors of C values and a place outside stas.act, found 'tensor<2x4x4x8xf32>' and 9}}
  %0 = spike.staircase sum %x norm(#spike.norm<bias = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>>) neuron(#stas.lif<>) timesteps 4 : tensor<2x4x4x8xf32> -> tensor<2x4x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<2x4x8xi8> -> tensor<2x4x8xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    %0 = spike.accumulate %s weight(#stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>) : tensor<2x4x8xi8> -> tensor<2x4x8xf32>
    // expected-error @+1 {{spike.staircase.R1}}
    %1 = spike.staircase sum %0 norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4 : tensor<2x4x8xf32> -> tensor<2x4x8xi8>
    stas.yield %s : tensor<2x4x8xi8>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x4x8xf32>) {
  // expected-error @+1 {{spike.staircase.R2: requires 1 <= timesteps <= 255 for a sum, found 0}}
  %0 = spike.staircase sum %x norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 0 : tensor<2x4x4x8xf32> -> tensor<2x4x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<2x4x4x8xf32>) {
  // expected-error @+1 {{spike.staircase.R2: requires 1 <= timesteps <= 255 for a sum, found 256}}
  %0 = spike.staircase sum %x norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 256 : tensor<2x4x4x8xf32> -> tensor<2x4x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<2x4x4x8xf32>) {
  // expected-error @+1 {{spike.staircase.R2: requires 1 <= timesteps <= 256 for a mean, found 257}}
  %0 = spike.staircase mean %x norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 257 : tensor<2x4x4x8xf32> -> tensor<2x4x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{spike.staircase.R3}}
  %0 = spike.staircase sum %x norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4 pool(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>) : tensor<4x8xf32> -> tensor<4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<2x4x4x8xf32>) {
  // expected-error @+1 {{spike.staircase.R3: requires a static map [.., H, W, C] that the pool's window fits, padding <= kernel / 2}}
  %0 = spike.staircase sum %x norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4 pool(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 2]>) : tensor<2x4x4x8xf32> -> tensor<2x2x3x8xi8>
  return
}

// -----

func.func @f(%x: tensor<2x4x4x8xf32>) {
  // expected-error @+1 {{spike.staircase.R3}}
  %0 = spike.staircase sum %x norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4 pool(#spike.window<kernel = [5, 3], strides = [2, 2], padding = [0, 1]>) : tensor<2x4x4x8xf32> -> tensor<2x1x2x8xi8>
  return
}

// -----

func.func @f(%x: tensor<2x4x4x8xf32>) {
  // expected-error @+1 {{spike.staircase.R4: requires a result of shape [2, 2, 2, 8] and type 'i8', found 'tensor<2x4x4x8xi8>'}}
  %0 = spike.staircase sum %x norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4 pool(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>) : tensor<2x4x4x8xf32> -> tensor<2x4x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<2x4x4x8xf32>) {
  // expected-error @+1 {{spike.staircase.R4: requires a result of shape [2, 4, 4, 8] and type 'f32', found 'tensor<2x4x4x8xi8>'}}
  %0 = spike.staircase mean %x norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4 : tensor<2x4x4x8xf32> -> tensor<2x4x4x8xi8>
  return
}

// -----

// expected-error @+1 {{quant.R1: requires a finite input_unit > 0 and 1 <= input_max < 2^62, found 0.000000e+00 and 1}}
func.func private @f() attributes {a = #spike.quant<norm = <>, neuron = <>, input_unit = 0.0, input_max = 1>}

// -----

// expected-error @+1 {{quant.R1}}
func.func private @f() attributes {a = #spike.quant<norm = <>, neuron = <>, input_max = 0>}

// -----

// expected-error @+1 {{quant.R2: requires 1 <= steps <= 256, and 1 without neuron, found 257}}
func.func private @f() attributes {a = #spike.quant<norm = <>, neuron = <>, input_max = 1, steps = 257>}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
// expected-error @+1 {{quant.R2}}
func.func private @f() attributes {a = #spike.quant<weight = #w, norm = <>, input_max = 1, steps = 2, bits = 16, state_bits = 64>}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
// expected-error @+1 {{quant.R3: requires bits 8, 16 or, where state_bits > 32, 24 with a weight and 0 without, found 12 with state_bits 32}}
func.func private @f() attributes {a = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 12>}

// -----

// expected-error @+1 {{quant.R3}}
func.func private @f() attributes {a = #spike.quant<norm = <>, neuron = <>, input_max = 1, bits = 8>}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
// expected-error @+1 {{quant.R3: requires bits 8, 16 or, where state_bits > 32, 24 with a weight and 0 without, found 24 with state_bits 32}}
func.func private @f() attributes {a = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 24>}

// -----

// expected-error @+1 {{quant.R4: requires 0 <= guard <= 8, and 0 without neuron, found 9}}
func.func private @f() attributes {a = #spike.quant<norm = <>, neuron = <>, input_max = 1, guard = 9>}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
// expected-error @+1 {{quant.R4}}
func.func private @f() attributes {a = #spike.quant<weight = #w, norm = <>, input_max = 1, bits = 16, guard = 1, state_bits = 64>}

// -----

// expected-error @+1 {{quant.R5: requires 2 <= state_bits <= 64, and 64 without neuron, found 65}}
func.func private @f() attributes {a = #spike.quant<norm = <>, neuron = <>, input_max = 1, state_bits = 65>}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
// expected-error @+1 {{quant.R5}}
func.func private @f() attributes {a = #spike.quant<weight = #w, norm = <>, input_max = 1, bits = 16>}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
#v8 = #stas.weight<"v8" in "m.pth" at 0 : tensor<8xf32>>
// expected-error @+1 {{quant.R6: requires a weight [N, K] or [C', C, KH, KW] and norm's vectors of as many values as its first extent, found 'tensor<5x4xf32>' and 8}}
func.func private @f() attributes {a = #spike.quant<weight = #w, norm = <bias = #v8>, neuron = <>, input_max = 1, bits = 16>}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5xf32>>
// expected-error @+1 {{quant.R6}}
func.func private @f() attributes {a = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 16>}

// -----

// expected-error @+1 {{quant.R7: requires a weight or a neuron, found neither}}
func.func private @f() attributes {a = #spike.quant<norm = <>, input_max = 1, state_bits = 64>}

// -----

// expected-error @+1 {{quant.R8: requires tau <= 1024, and v_threshold > 0 with soft reset, found tau 1.025000e+03 and v_threshold 1.000000e+00}}
func.func private @f() attributes {a = #spike.quant<norm = <>, neuron = <tau = 1025.0>, input_max = 1>}

// -----

// expected-error @+1 {{quant.R8}}
func.func private @f() attributes {a = #spike.quant<norm = <>, neuron = <v_threshold = 0.0, v_reset = -1.0, reset = soft>, input_max = 1>}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
func.func @f(%x: tensor<2x4xi1>) {
  // expected-error @+1 {{accumulate.R5: requires, without quant, an input of i1, i8 or f32 and a result of f32, found 'tensor<2x4xi1>' and 'tensor<2x5xi32>'}}
  %0 = spike.accumulate %x weight(#w) : tensor<2x4xi1> -> tensor<2x5xi32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
func.func @f(%x: tensor<2x4xi64>) {
  // expected-error @+1 {{accumulate.R5}}
  %0 = spike.accumulate %x weight(#w) : tensor<2x4xi64> -> tensor<2x5xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
#q = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 16>
func.func @f(%x: tensor<2x4xi64>) {
  // expected-error @+1 {{accumulate.R5: requires, with quant, an integer input, i32 and i64 only where state_bits > 32, and a result of 'i32', found 'tensor<2x4xi64>' and 'tensor<2x5xi32>'}}
  %0 = spike.accumulate %x weight(#w) quant(#q) : tensor<2x4xi64> -> tensor<2x5xi32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
#q = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 16>
func.func @f(%x: tensor<2x4xi32>) {
  // expected-error @+1 {{accumulate.R5}}
  %0 = spike.accumulate %x weight(#w) quant(#q) : tensor<2x4xi32> -> tensor<2x5xi32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
#q = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 16, state_bits = 33>
func.func @f(%x: tensor<2x4xi1>) {
  // expected-error @+1 {{accumulate.R5}}
  %0 = spike.accumulate %x weight(#w) quant(#q) : tensor<2x4xi1> -> tensor<2x5xi32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
#q = #spike.quant<weight = <"other" in "m.pth" at 0 : tensor<5x4xf32>>, norm = <>, neuron = <>, input_max = 1, bits = 16>
func.func @f(%x: tensor<2x4xi1>) {
  // expected-error @+1 {{accumulate.R6: requires quant's weight to be the op's}}
  %0 = spike.accumulate %x weight(#w) quant(#q) : tensor<2x4xi1> -> tensor<2x5xi32>
  return
}

// -----

func.func @f(%x: tensor<4x2x3x5xi64>) {
  // expected-error @+1 {{fire.R5: requires sums of f32 or i32, found 'tensor<4x2x3x5xi64>'}}
  %0 = spike.fire %x norm(<>) neuron(<>) : tensor<4x2x3x5xi64> -> tensor<4x2x3x5xi1>
  return
}

// -----

func.func @f(%x: tensor<4x2x3x5xi32>) {
  // expected-error @+1 {{fire.R5: requires sums of i64, found 'tensor<4x2x3x5xi32>'}}
  %0 = spike.fire %x norm(<>) neuron(<>) quant(<norm = <>, neuron = <>, input_max = 1, steps = 4, state_bits = 40>) : tensor<4x2x3x5xi32> -> tensor<4x2x3x5xi1>
  return
}

// -----

func.func @f(%x: tensor<4x2x3x5xi32>) {
  // expected-error @+1 {{fire.R6: requires quant to have the op's norm and neuron and 4 steps, found}}
  %0 = spike.fire %x norm(<>) neuron(<>) quant(<norm = <>, neuron = <>, input_max = 1, steps = 3>) : tensor<4x2x3x5xi32> -> tensor<4x2x3x5xi1>
  return
}

// -----

func.func @f(%x: tensor<4x2x3x5xi32>) {
  // expected-error @+1 {{fire.R6}}
  %0 = spike.fire %x norm(<>) neuron(<tau = 3.0>) quant(<norm = <>, neuron = <>, input_max = 1, steps = 4>) : tensor<4x2x3x5xi32> -> tensor<4x2x3x5xi1>
  return
}

// -----

func.func @f(%x: tensor<4x2x3x5xi32>) {
  // expected-error @+1 {{fire.R6}}
  %0 = spike.fire %x norm(<unit = 0.5>) neuron(<>) quant(<norm = <>, neuron = <>, input_max = 1, steps = 4>) : tensor<4x2x3x5xi32> -> tensor<4x2x3x5xi1>
  return
}

// -----

// The steps of a neuron in an encoder are the encoder's.
func.func @f(%x: tensor<2x4x8xi8>) {
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2 : tensor<2x4x8xi8> -> tensor<2x4x8xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    %c = arith.constant dense<0> : tensor<2x4x8xi32>
    // expected-error @+1 {{fire.R6: requires quant to have the op's norm and neuron and 2 steps, found}}
    %0 = spike.fire %c active(%a : tensor<2x4xi1>) norm(<>) neuron(<>) quant(<norm = <>, neuron = <>, input_max = 1>) : tensor<2x4x8xi32> -> tensor<2x4x8xi1>
    stas.yield %s : tensor<2x4x8xi8>
  }
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
func.func @f(%x: tensor<4x2x3x6xi32>) {
  // expected-error @+1 {{fire.R7: requires quant of 6 channels, found}}
  %0 = spike.fire %x norm(<>) neuron(<>) quant(<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 8>) : tensor<4x2x3x6xi32> -> tensor<4x2x3x6xi1>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
#q = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 8>
func.func @f(%x: tensor<4x2x3x4xi1>) {
  %0 = spike.accumulate %x weight(#w) quant(#q) : tensor<4x2x3x4xi1> -> tensor<4x2x3x5xi32>
  // expected-error @+1 {{fire.R8: requires sums of a spike.accumulate that holds the same quant}}
  %1 = spike.fire %0 norm(<>) neuron(<>) : tensor<4x2x3x5xi32> -> tensor<4x2x3x5xi1>
  return
}

// -----

func.func @f(%x: tensor<2x4x4x8xi64>) {
  // expected-error @+1 {{spike.staircase.R5: requires sums of f32 or i32, and with quant a sum, the op's norm, neuron, timesteps and 8 channels in it, and the same quant on the spike.accumulate, found 'tensor<2x4x4x8xi64>'}}
  %0 = spike.staircase sum %x norm(<>) neuron(<>) timesteps 4 : tensor<2x4x4x8xi64> -> tensor<2x4x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<2x4x4x8xi32>) {
  // expected-error @+1 {{spike.staircase.R5}}
  %0 = spike.staircase mean %x norm(<>) neuron(<>) timesteps 4 quant(<norm = <>, neuron = <>, input_max = 1, steps = 4>) : tensor<2x4x4x8xi32> -> tensor<2x4x4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4x4x8xi32>) {
  // expected-error @+1 {{spike.staircase.R5}}
  %0 = spike.staircase sum %x norm(<>) neuron(<>) timesteps 4 quant(<norm = <>, neuron = <>, input_max = 1, steps = 5>) : tensor<2x4x4x8xi32> -> tensor<2x4x4x8xi8>
  return
}

// -----

func.func @f(%x: tensor<4x2x3xi64>) {
  // expected-error @+1 {{spike.integrate.R3: requires a sum of i64, found a mean: take the sum, in a unit 1/T as large}}
  %0 = spike.integrate mean %x : tensor<4x2x3xi64> -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<4x2x3xi64>) {
  // expected-error @+1 {{spike.integrate.R2}}
  %0 = spike.integrate sum %x : tensor<4x2x3xi64> -> tensor<2x3xi8>
  return
}

// -----

func.func @f(%x: tensor<2x3xi1>) {
  // expected-error @+1 {{spike.add.R3: requires a factor from 1 to 255, and 1 where an operand is f32, found 256}}
  %0 = spike.add %x, %x factor 256 : tensor<2x3xi1>, tensor<2x3xi1> -> tensor<2x3xi8>
  return
}

// -----

func.func @f(%x: tensor<2x3xi1>, %y: tensor<2x3xf32>) {
  // expected-error @+1 {{spike.add.R3}}
  %0 = spike.add %y, %x factor 2 : tensor<2x3xf32>, tensor<2x3xi1> -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{quantize.R1: requires a scale that is a power of two up to 2^30 and 1 <= limit <= 2^24, found 100 and 7}}
  %0 = spike.quantize %x scale 100 limit 7 : tensor<2x3xf32> -> tensor<2x3xi32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{quantize.R1}}
  %0 = spike.quantize %x scale 8192 limit 16777217 : tensor<2x3xf32> -> tensor<2x3xi32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{quantize.R2: requires a result of the input's shape, found 'tensor<2x3xf32>' and 'tensor<3x2xi32>'}}
  %0 = spike.quantize %x scale 8192 limit 7 : tensor<2x3xf32> -> tensor<3x2xi32>
  return
}

// -----

func.func @f(%x: tensor<3x8xi8>) {
  // expected-error @+1 {{sum_tokens.R1: requires tokens [.., N, D] with static N, D >= 1, found 'tensor<3x8xi8>'}}
  %0 = spike.sum_tokens %x : tensor<3x8xi8> -> tensor<8xi64>
  return
}

// -----

func.func @f(%x: tensor<2x3x8xi8>) {
  // expected-error @+1 {{sum_tokens.R2: requires [.., N, D] to become [.., D], found 'tensor<2x3x8xi8>' and 'tensor<2x3xi64>'}}
  %0 = spike.sum_tokens %x : tensor<2x3x8xi8> -> tensor<2x3xi64>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
#q = #spike.quant<weight = #w, norm = <>, input_max = 1, bits = 16, state_bits = 64>
func.func @f(%x: tensor<2x5xi64>) {
  // expected-error @+1 {{readout.R1: requires sums [.., C] with static C >= 1 and a result of that shape, found 'tensor<2x5xi64>' and 'tensor<5x2xf32>'}}
  %0 = spike.readout %x quant(#q) : tensor<2x5xi64> -> tensor<5x2xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
#q = #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 16, state_bits = 64>
func.func @f(%x: tensor<2x5xi64>) {
  // expected-error @+1 {{readout.R2: requires quant without neuron and with a weight of 5 rows, found}}
  %0 = spike.readout %x quant(#q) : tensor<2x5xi64> -> tensor<2x5xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<5x4xf32>>
#q = #spike.quant<weight = #w, norm = <>, input_max = 1, bits = 16, state_bits = 64>
#r = #spike.quant<weight = #w, norm = <>, input_max = 2, bits = 16, state_bits = 64>
func.func @f(%x: tensor<2x4xi64>) {
  %0 = spike.accumulate %x weight(#w) quant(#q) : tensor<2x4xi64> -> tensor<2x5xi64>
  // expected-error @+1 {{readout.R3: requires sums of a spike.accumulate that holds the same quant}}
  %1 = spike.readout %0 quant(#r) : tensor<2x5xi64> -> tensor<2x5xf32>
  return
}
