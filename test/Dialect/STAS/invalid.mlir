// One case or more for each rule, and odd IR that no rule names. tools/dev/check_rules.py demands each id here.
// RUN: stas-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{weight.R1}}
func.func private @f() attributes {a = #stas.weight<"" in "m.pth" at 0 : tensor<2xf32>>}

// -----

// expected-error @+1 {{weight.R1: requires a key and a file, found key 'w' and file ''}}
func.func private @f() attributes {a = #stas.weight<"w" in "" at 0 : tensor<2xf32>>}

// -----

// expected-error @+1 {{weight.R2}}
func.func private @f() attributes {a = #stas.weight<"w" in "m.pth" at 0 : tensor<?xf32>>}

// -----

// expected-error @+1 {{weight.R2}}
func.func private @f() attributes {a = #stas.weight<"w" in "m.pth" at 0 : tensor<2xi8>>}

// -----

// expected-error @+1 {{weight.R2}}
func.func private @f() attributes {a = #stas.weight<"w" in "m.pth" at 0 : tensor<4294967296x4294967296xf32>>}

// -----

// expected-error @+1 {{weight.R3}}
func.func private @f() attributes {a = #stas.weight<"w" in "m.pth" at -4 : tensor<2xf32>>}

// -----

// expected-error @+1 {{weight.R4}}
func.func private @f() attributes {a = #stas.weight<"w" in "m.pth" at 0 strides [1] : tensor<2x2xf32>>}

// -----

// expected-error @+1 {{weight.R5}}
func.func private @f() attributes {a = #stas.weight<"w" in "m.pth" at 0 strides [1, -1] : tensor<2x2xf32>>}

// -----

// expected-error @+1 {{lif.R1}}
func.func private @f() attributes {a = #stas.lif<tau = 0.5>}

// -----

// expected-error @+1 {{lif.R1}}
func.func private @f() attributes {a = #stas.lif<tau = 1.0e999>}

// -----

// expected-error @+1 {{lif.R2}}
func.func private @f() attributes {a = #stas.lif<v_threshold = 0.0>}

// -----

// expected-error @+1 {{lif.R2}}
func.func private @f() attributes {a = #stas.lif<v_threshold = 1.0, v_reset = 1.5>}

// -----

// expected-error @+1 {{act.R1}}
func.func private @f() attributes {a = #stas.act<alpha = 1.0, beta = -1.0e999>}

// -----

// expected-error @+1 {{act.R2}}
func.func private @f() attributes {a = #stas.act<alpha = 1.0, beta = 0.0, eps = 0.0>}

// -----

// expected-error @+1 {{act.R2}}
func.func private @f() attributes {a = #stas.act<alpha = 1.0, beta = 0.0, eps = 1.0>}

// -----

// expected-error @+1 {{act.R3: rectangular order}}
func.func private @f() attributes {a = #stas.act<alpha = 1.0, beta = 0.0, order = rectangular>}

// -----

// expected-error @+1 {{act.R3: timestep order}}
func.func private @f() attributes {a = #stas.act<alpha = 1.0, beta = 0.0, order = timestep>}

// -----

// expected-error @+1 {{model.R1}}
func.func private @f() attributes {a = #stas.model<"resnet" from "m.pth" timesteps = 4 mean = [0.5] std = [0.5]>}

// -----

// expected-error @+1 {{model.R2: requires 1 <= timesteps <= 256, found 0}}
func.func private @f() attributes {a = #stas.model<"stas" from "m.pth" timesteps = 0 mean = [0.5] std = [0.5]>}

// -----

// expected-error @+1 {{model.R2: requires 1 <= timesteps <= 256, found 257}}
func.func private @f() attributes {a = #stas.model<"stas" from "m.pth" timesteps = 257 mean = [0.5] std = [0.5]>}

// -----

// expected-error @+1 {{model.R3}}
func.func private @f() attributes {a = #stas.model<"stas" from "m.pth" timesteps = 4 mean = [0.5, 0.5] std = [0.5]>}

// -----

// expected-error @+1 {{model.R3}}
func.func private @f() attributes {a = #stas.model<"stas" from "m.pth" timesteps = 4 mean = [1.0e999] std = [0.5]>}

// -----

// expected-error @+1 {{model.R4}}
func.func private @f() attributes {a = #stas.model<"stas" from "m.pth" timesteps = 4 mean = [0.5] std = [0.0]>}

// -----

// expected-error @+1 {{model.R5: requires a digest of 16 lower-case hexadecimal digits, found 'c0ffee'}}
func.func private @f() attributes {a = #stas.model<"stas" from "m.pth" timesteps = 4 mean = [0.5] std = [0.5] digest = "c0ffee">}

// -----

// expected-error @+1 {{model.R5: requires a digest of 16 lower-case hexadecimal digits, found '0123456789ABCDEF'}}
func.func private @f() attributes {a = #stas.model<"stas" from "m.pth" timesteps = 4 mean = [0.5] std = [0.5] digest = "0123456789ABCDEF">}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+2 {{encode.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.encode %x {timesteps = 0 : i64} : tensor<2x3xf32> -> tensor<0x2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+2 {{encode.R1: requires 1 <= timesteps <= 256, found -1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.encode %x {timesteps = -1 : i64} : tensor<2x3xf32> -> tensor<1x2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+2 {{encode.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.encode %x {timesteps = 257 : i64} : tensor<2x3xf32> -> tensor<257x2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<*xf32>) {
  // expected-error @+2 {{encode.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.encode %x {timesteps = 2 : i64} : tensor<*xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+2 {{op inferred type(s) 'tensor<2x2x3xf32>' are incompatible}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.encode %x {timesteps = 2 : i64} : tensor<2x3xf32> -> tensor<3x2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<3x8x8xf32>) {
  // expected-error @+2 {{conv2d.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>) strides [1, 1] padding [1, 1]
       : tensor<3x8x8xf32> -> tensor<4x8x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x?x8x8xf32>) {
  // expected-error @+2 {{conv2d.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>) strides [1, 1] padding [1, 1]
       : tensor<1x?x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x0x8xf32>) {
  // expected-error @+2 {{conv2d.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>) strides [1, 1] padding [1, 1]
       : tensor<1x3x0x8xf32> -> tensor<1x4x0x8xf32>
  return
}

// -----

func.func @f(%x: tensor<*xf32>) {
  // expected-error @+2 {{conv2d.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>) strides [1, 1] padding [1, 1]
       : tensor<*xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+2 {{conv2d.R2: requires a weight [C', 3, KH, KW] with extents >= 1, found 'tensor<4x2x3x3xf32>' for 'w'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x2x3x3xf32>>) strides [1, 1] padding [1, 1]
       : tensor<1x3x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+2 {{conv2d.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x3x0x3xf32>>) strides [1, 1] padding [1, 1]
       : tensor<1x3x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+2 {{conv2d.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x3xf32>>) strides [1, 1] padding [1, 1]
       : tensor<1x3x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+2 {{conv2d.R3: requires bias of shape [4], found 'tensor<3xf32>' for 'b'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>) bias(<"b" in "m.pth" at 0 : tensor<3xf32>>) strides [1, 1] padding [1, 1]
       : tensor<1x3x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+2 {{conv2d.R4}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>) strides [1] padding [1, 1]
       : tensor<1x3x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+2 {{conv2d.R4}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>) strides [0, 1] padding [1, 1]
       : tensor<1x3x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+2 {{found [1, 1] and [1, -1]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>) strides [1, 1] padding [1, -1]
       : tensor<1x3x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+2 {{conv2d.R4}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x3x3x3xf32>>) strides [1, 1] padding [4611686018427387904, 1]
       : tensor<1x3x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xf32>) {
  // expected-error @+2 {{conv2d.R5}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.conv2d %x weight(<"w" in "m.pth" at 0 : tensor<4x3x11x3xf32>>) strides [1, 1] padding [1, 1]
       : tensor<1x3x8x8xf32> -> tensor<1x4x1x8xf32>
  return
}

// -----

func.func @f(%x: tensor<3xf32>) {
  // expected-error @+2 {{linear.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.linear %x weight(<"w" in "m.pth" at 0 : tensor<4x3xf32>>) : tensor<3xf32> -> tensor<4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x?xf32>) {
  // expected-error @+2 {{linear.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.linear %x weight(<"w" in "m.pth" at 0 : tensor<4x3xf32>>) : tensor<2x?xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x0xf32>) {
  // expected-error @+2 {{linear.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.linear %x weight(<"w" in "m.pth" at 0 : tensor<4x0xf32>>) : tensor<2x0xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+2 {{linear.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.linear %x weight(<"w" in "m.pth" at 0 : tensor<4x2xf32>>) : tensor<2x3xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+2 {{linear.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.linear %x weight(<"w" in "m.pth" at 0 : tensor<0x3xf32>>) : tensor<2x3xf32> -> tensor<2x0xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+2 {{linear.R3}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.linear %x weight(<"w" in "m.pth" at 0 : tensor<4x3xf32>>) bias(<"b" in "m.pth" at 0 : tensor<3xf32>>) : tensor<2x3xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{batch_norm.R1}}
  %0 = stas.batch_norm %x axis 2 weight(<"g" in "m.pth" at 0 : tensor<3xf32>>) bias(<"b" in "m.pth" at 0 : tensor<3xf32>>)
       mean(<"m" in "m.pth" at 0 : tensor<3xf32>>) var(<"v" in "m.pth" at 0 : tensor<3xf32>>) eps 1.0e-5 : tensor<2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{batch_norm.R1: requires axis to name a static axis of extent >= 1, found axis -1}}
  %0 = stas.batch_norm %x axis -1 weight(<"g" in "m.pth" at 0 : tensor<3xf32>>) bias(<"b" in "m.pth" at 0 : tensor<3xf32>>)
       mean(<"m" in "m.pth" at 0 : tensor<3xf32>>) var(<"v" in "m.pth" at 0 : tensor<3xf32>>) eps 1.0e-5 : tensor<2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<?x3xf32>) {
  // expected-error @+1 {{batch_norm.R1}}
  %0 = stas.batch_norm %x axis 0 weight(<"g" in "m.pth" at 0 : tensor<3xf32>>) bias(<"b" in "m.pth" at 0 : tensor<3xf32>>)
       mean(<"m" in "m.pth" at 0 : tensor<3xf32>>) var(<"v" in "m.pth" at 0 : tensor<3xf32>>) eps 1.0e-5 : tensor<?x3xf32>
  return
}

// -----

func.func @f(%x: tensor<*xf32>) {
  // expected-error @+1 {{batch_norm.R1}}
  %0 = stas.batch_norm %x axis 0 weight(<"g" in "m.pth" at 0 : tensor<3xf32>>) bias(<"b" in "m.pth" at 0 : tensor<3xf32>>)
       mean(<"m" in "m.pth" at 0 : tensor<3xf32>>) var(<"v" in "m.pth" at 0 : tensor<3xf32>>) eps 1.0e-5 : tensor<*xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{batch_norm.R2: requires var of shape [3], found 'tensor<4xf32>' for 'v'}}
  %0 = stas.batch_norm %x axis 1 weight(<"g" in "m.pth" at 0 : tensor<3xf32>>) bias(<"b" in "m.pth" at 0 : tensor<3xf32>>)
       mean(<"m" in "m.pth" at 0 : tensor<3xf32>>) var(<"v" in "m.pth" at 0 : tensor<4xf32>>) eps 1.0e-5 : tensor<2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{batch_norm.R2: requires weight of shape [3]}}
  %0 = stas.batch_norm %x axis 1 weight(<"g" in "m.pth" at 0 : tensor<1x3xf32>>) bias(<"b" in "m.pth" at 0 : tensor<1x3xf32>>)
       mean(<"m" in "m.pth" at 0 : tensor<1x3xf32>>) var(<"v" in "m.pth" at 0 : tensor<1x3xf32>>) eps 1.0e-5 : tensor<2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{batch_norm.R3}}
  %0 = stas.batch_norm %x axis 1 weight(<"g" in "m.pth" at 0 : tensor<3xf32>>) bias(<"b" in "m.pth" at 0 : tensor<3xf32>>)
       mean(<"m" in "m.pth" at 0 : tensor<3xf32>>) var(<"v" in "m.pth" at 0 : tensor<3xf32>>) eps 0.0 : tensor<2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{batch_norm.R3}}
  %0 = stas.batch_norm %x axis 1 weight(<"g" in "m.pth" at 0 : tensor<3xf32>>) bias(<"b" in "m.pth" at 0 : tensor<3xf32>>)
       mean(<"m" in "m.pth" at 0 : tensor<3xf32>>) var(<"v" in "m.pth" at 0 : tensor<3xf32>>) eps 0x7FF0000000000000 : tensor<2x3xf32>
  return
}

// -----

func.func @f(%x: tensor<4xf32>) {
  // expected-error @+2 {{lif.R3}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.lif %x neuron(#stas.lif<>) : tensor<4xf32> -> tensor<4xi1>
  return
}

// -----

func.func @f(%x: tensor<*xf32>) {
  // expected-error @+2 {{lif.R3}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.lif %x neuron(#stas.lif<>) : tensor<*xf32> -> tensor<4xi1>
  return
}

// -----

func.func @f(%x: tensor<?x4xf32>) {
  // expected-error @+1 {{lif.R4}}
  %0 = stas.lif %x neuron(#stas.lif<>) : tensor<?x4xf32> -> tensor<?x4xi1>
  return
}

// -----

func.func @f(%x: tensor<0x4xf32>) {
  // expected-error @+1 {{lif.R4}}
  %0 = stas.lif %x neuron(#stas.lif<>) : tensor<0x4xf32> -> tensor<0x4xi1>
  return
}

// -----

func.func @f(%x: tensor<8x8xi1>) {
  // expected-error @+2 {{max_pool2d.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.max_pool2d %x kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<8x8xi1> -> tensor<4x4xi1>
  return
}

// -----

func.func @f(%x: tensor<1x3x?x8xi1>) {
  // expected-error @+2 {{max_pool2d.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.max_pool2d %x kernel [3, 3] strides [2, 2] padding [1, 1] : tensor<1x3x?x8xi1> -> tensor<1x3x?x4xi1>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xi1>) {
  // expected-error @+2 {{max_pool2d.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.max_pool2d %x kernel [0, 3] strides [2, 2] padding [0, 1] : tensor<1x3x8x8xi1> -> tensor<1x3x4x4xi1>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xi1>) {
  // expected-error @+2 {{max_pool2d.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.max_pool2d %x kernel [3, 3] strides [2, -2] padding [1, 1] : tensor<1x3x8x8xi1> -> tensor<1x3x4x4xi1>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xi1>) {
  // expected-error @+2 {{max_pool2d.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.max_pool2d %x kernel [3, 3] strides [2, 2] padding [1, 2] : tensor<1x3x8x8xi1> -> tensor<1x3x4x4xi1>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xi1>) {
  // expected-error @+2 {{found [3, 3], [2, 2] and []}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.max_pool2d %x kernel [3, 3] strides [2, 2] padding [] : tensor<1x3x8x8xi1> -> tensor<1x3x4x4xi1>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xi1>) {
  // expected-error @+2 {{max_pool2d.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.max_pool2d %x kernel [9223372036854775807, 3] strides [2, 2] padding [0, 1] : tensor<1x3x8x8xi1> -> tensor<1x3x4x4xi1>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x8xi1>) {
  // expected-error @+2 {{max_pool2d.R3}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.max_pool2d %x kernel [11, 3] strides [2, 2] padding [1, 1] : tensor<1x3x8x8xi1> -> tensor<1x3x1x4xi1>
  return
}

// -----

func.func @f(%x: tensor<2x3xi1>, %y: tensor<2x4xi1>) {
  // expected-error @+2 {{add.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.add %x, %y : tensor<2x3xi1>, tensor<2x4xi1> -> tensor<2x3xi8>
  return
}

// -----

func.func @f(%x: tensor<2x3xi1>, %y: tensor<?x3xi1>) {
  // expected-error @+2 {{add.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.add %x, %y : tensor<2x3xi1>, tensor<?x3xi1> -> tensor<2x3xi8>
  return
}

// -----

func.func @f(%x: tensor<*xi1>, %y: tensor<*xi1>) {
  // expected-error @+2 {{add.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.add %x, %y : tensor<*xi1>, tensor<*xi1> -> tensor<2x3xi8>
  return
}

// -----

// add.R2
func.func @f(%x: tensor<2x3xi1>) {
  // expected-error @+2 {{op inferred type(s) 'tensor<2x3xi8>' are incompatible with return type(s) of operation 'tensor<2x3xi1>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.add %x, %x : tensor<2x3xi1>, tensor<2x3xi1> -> tensor<2x3xi1>
  return
}

// -----

func.func @f(%x: tensor<?x4xi1>) {
  // expected-error @+2 {{integrate.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.integrate sum %x : tensor<?x4xi1> -> tensor<4xi8>
  return
}

// -----

func.func @f(%x: tensor<0x4xi1>) {
  // expected-error @+2 {{integrate.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.integrate sum %x : tensor<0x4xi1> -> tensor<4xi8>
  return
}

// -----

func.func @f(%x: tensor<4xi1>) {
  // expected-error @+2 {{integrate.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.integrate sum %x : tensor<4xi1> -> tensor<4xi8>
  return
}

// -----

// integrate.R2
func.func @f(%x: tensor<4x3xi1>) {
  // expected-error @+2 {{op inferred type(s) 'tensor<3xf32>' are incompatible with return type(s) of operation 'tensor<3xi8>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.integrate mean %x : tensor<4x3xi1> -> tensor<3xi8>
  return
}

// -----

func.func @f(%x: tensor<3x8x8xi8>) {
  // expected-error @+2 {{flatten.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.flatten %x : tensor<3x8x8xi8> -> tensor<64x3xi8>
  return
}

// -----

func.func @f(%x: tensor<1x3x8x?xi8>) {
  // expected-error @+2 {{flatten.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.flatten %x : tensor<1x3x8x?xi8> -> tensor<1x?x3xi8>
  return
}

// -----

func.func @f(%x: tensor<1x3x4611686018427387904x4xi8>) {
  // expected-error @+2 {{flatten.R1: requires fewer than 2^31 tokens}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.flatten %x : tensor<1x3x4611686018427387904x4xi8> -> tensor<1x1x3xi8>
  return
}

// -----

func.func @f(%q: tensor<4x8xi1>) {
  // expected-error @+2 {{attention.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.attention %q, %q, %q heads 2 scale 0.125 : tensor<4x8xi1> -> tensor<4x8xf32>
  return
}

// -----

func.func @f(%q: tensor<1x?x8xi1>) {
  // expected-error @+2 {{attention.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.attention %q, %q, %q heads 2 scale 0.125 : tensor<1x?x8xi1> -> tensor<1x?x8xf32>
  return
}

// -----

func.func @f(%q: tensor<1x1x1x4x8xi1>) {
  // expected-error @+2 {{attention.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.attention %q, %q, %q heads 2 scale 0.125 : tensor<1x1x1x4x8xi1> -> tensor<1x1x1x4x8xf32>
  return
}

// -----

func.func @f(%q: tensor<1x4x0xi1>) {
  // expected-error @+2 {{attention.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.attention %q, %q, %q heads 2 scale 0.125 : tensor<1x4x0xi1> -> tensor<1x4x0xf32>
  return
}

// -----

func.func @f(%q: tensor<1x4x8xi1>) {
  // expected-error @+2 {{attention.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.attention %q, %q, %q heads 3 scale 0.125 : tensor<1x4x8xi1> -> tensor<1x4x8xf32>
  return
}

// -----

func.func @f(%q: tensor<1x4x8xi1>) {
  // expected-error @+2 {{attention.R2: requires heads >= 1 to divide D = 8, found -2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.attention %q, %q, %q heads -2 scale 0.125 : tensor<1x4x8xi1> -> tensor<1x4x8xf32>
  return
}

// -----

func.func @f(%q: tensor<1x4x8xi1>) {
  // expected-error @+2 {{attention.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.attention %q, %q, %q heads 0 scale 0.125 : tensor<1x4x8xi1> -> tensor<1x4x8xf32>
  return
}

// -----

func.func @f(%q: tensor<1x4x8xi1>) {
  // expected-error @+2 {{attention.R3}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.attention %q, %q, %q heads 2 scale -0.125 : tensor<1x4x8xi1> -> tensor<1x4x8xf32>
  return
}

// -----

func.func @f(%q: tensor<1x4x8xi1>) {
  // expected-error @+2 {{attention.R3}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.attention %q, %q, %q heads 2 scale 0x7FF8000000000000 : tensor<1x4x8xi1> -> tensor<1x4x8xf32>
  return
}

// -----

func.func @f(%q: tensor<1x4x8xi1>, %k: tensor<2x4x8xi1>) {
  // expected-error @+1 {{requires all operands to have the same type}}
  %0 = "stas.attention"(%q, %k, %q) {heads = 2 : i64, scale = 0.125 : f64}
       : (tensor<1x4x8xi1>, tensor<2x4x8xi1>, tensor<1x4x8xi1>) -> tensor<1x4x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x8xi1>, %m: tensor<1x3xi1>) {
  // expected-error @+1 {{mask.R1}}
  %0 = stas.mask %x, %m : tensor<1x4x8xi1>, tensor<1x3xi1>
  return
}

// -----

func.func @f(%x: tensor<4x8xi1>, %m: tensor<4xi1>) {
  // expected-error @+1 {{mask.R1}}
  %0 = stas.mask %x, %m : tensor<4x8xi1>, tensor<4xi1>
  return
}

// -----

func.func @f(%x: tensor<4x8xi8>) {
  // expected-error @+2 {{mean_tokens.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.mean_tokens %x : tensor<4x8xi8> -> tensor<8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x0x8xi8>) {
  // expected-error @+2 {{mean_tokens.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.mean_tokens %x : tensor<1x0x8xi8> -> tensor<1x8xf32>
  return
}

// -----

func.func @f(%x: tensor<1x4x8xf32>) {
  // expected-error @+2 {{head.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.head %x weight(<"w" in "m.pth" at 0 : tensor<10x8xf32>>) bias(<"b" in "m.pth" at 0 : tensor<10xf32>>) : tensor<1x4x8xf32> -> tensor<1x4x10xf32>
  return
}

// -----

func.func @f(%x: tensor<1x?xf32>) {
  // expected-error @+2 {{head.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.head %x weight(<"w" in "m.pth" at 0 : tensor<10x8xf32>>) bias(<"b" in "m.pth" at 0 : tensor<10xf32>>) : tensor<1x?xf32> -> tensor<1x10xf32>
  return
}

// -----

func.func @f(%x: tensor<1x8xf32>) {
  // expected-error @+2 {{head.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.head %x weight(<"w" in "m.pth" at 0 : tensor<10x4xf32>>) bias(<"b" in "m.pth" at 0 : tensor<10xf32>>) : tensor<1x8xf32> -> tensor<1x10xf32>
  return
}

// -----

func.func @f(%x: tensor<1x8xf32>) {
  // expected-error @+2 {{head.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.head %x weight(<"w" in "m.pth" at 0 : tensor<0x8xf32>>) bias(<"b" in "m.pth" at 0 : tensor<0xf32>>) : tensor<1x8xf32> -> tensor<1x0xf32>
  return
}

// -----

func.func @f(%x: tensor<1x8xf32>) {
  // expected-error @+2 {{head.R3}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.head %x weight(<"w" in "m.pth" at 0 : tensor<10x8xf32>>) bias(<"b" in "m.pth" at 0 : tensor<8xf32>>) : tensor<1x8xf32> -> tensor<1x10xf32>
  return
}

// -----

func.func @f(%x: tensor<4x8xi8>) {
  // expected-error @+2 {{act.R4}}
  // expected-error @+1 {{failed to infer returned types}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<4x8xi8> -> tensor<4x8xf32>, tensor<4xi32> {
  ^bb0(%s: tensor<4x8xi8>, %a: tensor<4xi1>):
    stas.yield %s : tensor<4x8xi8>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi1>) {
  // expected-error @+2 {{act.R4}}
  // expected-error @+1 {{failed to infer returned types}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<2x4x8xi1> -> tensor<2x4x8xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi1>, %a: tensor<2x4xi1>):
    stas.yield %s : tensor<2x4x8xi1>
  }
  return
}

// -----

func.func @f(%x: tensor<2x?x8xi8>) {
  // expected-error @+2 {{act.R4}}
  // expected-error @+1 {{failed to infer returned types}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<2x?x8xi8> -> tensor<2x?x8xf32>, tensor<2x?xi32> {
  ^bb0(%s: tensor<2x?x8xi8>, %a: tensor<2x?xi1>):
    stas.yield %s : tensor<2x?x8xi8>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x0xi8>) {
  // expected-error @+2 {{act.R4}}
  // expected-error @+1 {{failed to infer returned types}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<2x4x0xi8> -> tensor<2x4x0xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x0xi8>, %a: tensor<2x4xi1>):
    stas.yield %s : tensor<2x4x0xi8>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  // expected-error @+1 {{act.R5: requires 1 <= timesteps <= 256 and at least one block, found 0 and 1}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 0
      : tensor<2x4x8xi8> -> tensor<2x4x8xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    stas.yield %s : tensor<2x4x8xi8>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  // expected-error @+1 {{act.R5: requires 1 <= timesteps <= 256 and at least one block, found 257 and 1}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 257
      : tensor<2x4x8xi8> -> tensor<2x4x8xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    stas.yield %s : tensor<2x4x8xi8>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  // expected-error @+1 {{act.R5: requires 1 <= timesteps <= 256 and at least one block, found 2 and 0}}
  %y, %n = "stas.act"(%x) {halting = #stas.act<alpha = 1.0, beta = 0.0>, timesteps = 2 : i64}
      : (tensor<2x4x8xi8>) -> (tensor<2x4x8xf32>, tensor<2x4xi32>)
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  // expected-error @+1 {{act.R6: requires block 0 to take ('tensor<2x4x8xi8>', 'tensor<2x4xi1>') and to yield 'tensor<2x4x8xi8>'}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<2x4x8xi8> -> tensor<2x4x8xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>):
    stas.yield %s : tensor<2x4x8xi8>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  // expected-error @+1 {{act.R6: requires block 1}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<2x4x8xi8> -> tensor<2x4x8xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    stas.yield %s : tensor<2x4x8xi8>
  }, {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    %0 = stas.mean_tokens %s : tensor<2x4x8xi8> -> tensor<2x8xf32>
    stas.yield %0 : tensor<2x8xf32>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<2x4x8xi8> -> tensor<2x4x8xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    // expected-error @+1 {{act.R7}}
    %0 = stas.encode %s {timesteps = 2 : i64} : tensor<2x4x8xi8> -> tensor<2x2x4x8xi8>
    stas.yield %s : tensor<2x4x8xi8>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<2x4x8xi8> -> tensor<2x4x8xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    // expected-error @+1 {{act.R7}}
    %0 = stas.integrate sum %s : tensor<2x4x8xi8> -> tensor<4x8xi8>
    stas.yield %s : tensor<2x4x8xi8>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<2x4x8xi8> -> tensor<2x4x8xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    %0 = stas.mean_tokens %s : tensor<2x4x8xi8> -> tensor<2x8xf32>
    // expected-error @+1 {{lif.R5: requires one row for each token of the stas.act around it, whose input is 'tensor<2x4x8xi8>', found 'tensor<2x8xf32>'}}
    %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<2x8xf32> -> tensor<2x8xi1>
    stas.yield %s : tensor<2x4x8xi8>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  // expected-error @+1 {{act.R6: requires block 0}}
  %y, %n = "stas.act"(%x) ({
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    "stas.yield"() : () -> ()
  }) {halting = #stas.act<alpha = 1.0, beta = 0.0>, timesteps = 2 : i64}
      : (tensor<2x4x8xi8>) -> (tensor<2x4x8xf32>, tensor<2x4xi32>)
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  // expected-error @+1 {{expects a non-empty block}}
  %y, %n = "stas.act"(%x) ({
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
  }) {halting = #stas.act<alpha = 1.0, beta = 0.0>, timesteps = 2 : i64}
      : (tensor<2x4x8xi8>) -> (tensor<2x4x8xf32>, tensor<2x4xi32>)
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  // expected-error @+1 {{requires attribute 'timesteps'}}
  %y, %n = "stas.act"(%x) ({
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    stas.yield %s : tensor<2x4x8xi8>
  }) {halting = #stas.act<alpha = 1.0, beta = 0.0>} : (tensor<2x4x8xi8>) -> (tensor<2x4x8xf32>, tensor<2x4xi32>)
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{requires attribute 'weight'}}
  %0 = "stas.linear"(%x) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf64>) {
  // expected-error @+1 {{operand #0 must be tensor of 32-bit float values}}
  %0 = "stas.lif"(%x) {neuron = #stas.lif<>} : (tensor<2x4xf64>) -> tensor<2x4xi1>
  return
}

// -----

func.func @f(%x: tensor<f32>) {
  // expected-error @+2 {{staircase.R1: requires a current of at least one axis, found 'tensor<f32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.staircase %x neuron(#stas.lif<>) timesteps 4 : tensor<f32> -> tensor<4xi1>
  return
}

// -----

func.func @f(%x: tensor<*xf32>) {
  // expected-error @+2 {{staircase.R1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = "stas.staircase"(%x) {neuron = #stas.lif<>, timesteps = 4 : i64} : (tensor<*xf32>) -> tensor<4x2xi1>
  return
}

// -----

func.func @f(%x: tensor<2x4xi8>) {
  // expected-error @+1 {{operand #0 must be tensor of 32-bit float values}}
  %0 = "stas.staircase"(%x) {neuron = #stas.lif<>, timesteps = 4 : i64} : (tensor<2x4xi8>) -> tensor<4x2x4xi1>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+2 {{staircase.R2: requires 1 <= timesteps <= 256, found 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.staircase %x neuron(#stas.lif<>) timesteps 0 : tensor<2x4xf32> -> tensor<4x2x4xi1>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+2 {{staircase.R2: requires 1 <= timesteps <= 256, found -1}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.staircase %x neuron(#stas.lif<>) timesteps -1 : tensor<2x4xf32> -> tensor<4x2x4xi1>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+2 {{staircase.R2: requires 1 <= timesteps <= 256, found 257}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.staircase %x neuron(#stas.lif<>) timesteps 257 : tensor<2x4xf32> -> tensor<4x2x4xi1>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // staircase.R2 again: the extent is not timesteps.
  // expected-error @+2 {{inferred type(s) 'tensor<4x2x4xi1>' are incompatible with return type(s) of operation 'tensor<3x2x4xi1>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.staircase %x neuron(#stas.lif<>) timesteps 4 : tensor<2x4xf32> -> tensor<3x2x4xi1>
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2
      : tensor<2x4x8xi8> -> tensor<2x4x8xf32>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    %0 = stas.linear %s weight(#stas.weight<"w" in "m.pth" at 0 : tensor<8x8xf32>>) : tensor<2x4x8xi8> -> tensor<2x4x8xf32>
    // expected-error @+1 {{act.R7}}
    %1 = stas.staircase %0 neuron(#stas.lif<>) timesteps 1 : tensor<2x4x8xf32> -> tensor<1x2x4x8xi1>
    stas.yield %s : tensor<2x4x8xi8>
  }
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<4x2x3x8x8xf32>) {
  // expected-error @+2 {{isps.R1: requires a map [B, C, H, W], the same at every timestep, found 'tensor<4x2x3x8x8xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps mean %x weight(#w) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4 : tensor<4x2x3x8x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x4x8x8xf32>) {
  // expected-error @+2 {{conv2d.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps mean %x weight(#w) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4 : tensor<2x4x8x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x8x8xf32>) {
  // expected-error @+2 {{conv2d.R3}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps mean %x weight(#w) bias(#n) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4 : tensor<2x3x8x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x8x8xf32>) {
  // expected-error @+2 {{conv2d.R4}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps mean %x weight(#w) strides [0, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4 : tensor<2x3x8x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x2x8xf32>) {
  // expected-error @+2 {{conv2d.R5}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps mean %x weight(#w) strides [1, 1] padding [0, 0] neuron(#stas.lif<>) timesteps 4 : tensor<2x3x2x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x8x8xf32>) {
  // expected-error @+2 {{isps.R2: requires gamma, beta, mean, var and eps together, found 1 of them}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = "stas.isps"(%x) {kind = 1 : i32, weight = #w, strides = array<i64: 1, 1>, padding = array<i64: 1, 1>, gamma = #v, neuron = #stas.lif<>, timesteps = 4 : i64} : (tensor<2x3x8x8xf32>) -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x8x8xf32>) {
  // expected-error @+2 {{batch_norm.R2: requires bias of shape [8]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps mean %x weight(#w) strides [1, 1] padding [1, 1] norm(#v, #n, #v, #v) eps 1.0e-5 neuron(#stas.lif<>) timesteps 4 : tensor<2x3x8x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x8x8xf32>) {
  // expected-error @+2 {{batch_norm.R3}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps mean %x weight(#w) strides [1, 1] padding [1, 1] norm(#v, #v, #v, #v) eps 0.0 neuron(#stas.lif<>) timesteps 4 : tensor<2x3x8x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x8x8xf32>) {
  // expected-error @+2 {{isps.R3: requires the pool's kernel, strides and padding together, found 2 of them}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = "stas.isps"(%x) {kind = 1 : i32, weight = #w, strides = array<i64: 1, 1>, padding = array<i64: 1, 1>, pool_kernel = array<i64: 1, 1>, pool_padding = array<i64: 0, 0>, neuron = #stas.lif<>, timesteps = 4 : i64} : (tensor<2x3x8x8xf32>) -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x8x8xf32>) {
  // expected-error @+2 {{max_pool2d.R2}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps mean %x weight(#w) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4 pool [2, 2] strides [2, 2] padding [2, 0] : tensor<2x3x8x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x8x8xf32>) {
  // expected-error @+2 {{max_pool2d.R3}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps mean %x weight(#w) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4 pool [9, 2] strides [2, 2] padding [0, 0] : tensor<2x3x8x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x8x8xf32>) {
  // expected-error @+2 {{isps.R4: requires 1 <= timesteps <= 256 for a mean, found 0}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps mean %x weight(#w) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 0 : tensor<2x3x8x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x8x8xf32>) {
  // expected-error @+2 {{isps.R4: requires 1 <= timesteps <= 256 for a mean, found 257}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps mean %x weight(#w) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 257 : tensor<2x3x8x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x8x8xf32>) {
  // expected-error @+2 {{isps.R4: requires 1 <= timesteps <= 255 for a sum, found 256}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps sum %x weight(#w) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 256 : tensor<2x3x8x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

#w = #stas.weight<"w" in "m.pth" at 0 : tensor<8x3x3x3xf32>>
#v = #stas.weight<"v" in "m.pth" at 0 : tensor<8xf32>>
#n = #stas.weight<"n" in "m.pth" at 0 : tensor<9xf32>>
func.func @f(%x: tensor<2x3x8x8xf32>) {
  // isps.R5: a sum of spikes is an integer.
  // expected-error @+2 {{inferred type(s) 'tensor<2x8x8x8xi8>' are incompatible with return type(s) of operation 'tensor<2x8x8x8xf32>'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = stas.isps sum %x weight(#w) strides [1, 1] padding [1, 1] neuron(#stas.lif<>) timesteps 4 : tensor<2x3x8x8xf32> -> tensor<2x8x8x8xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  // expected-error @+1 {{act.R8: requires, with a table, 1 to 256 scores from 0 to 2^24, an input of i8 and at most 64 blocks, found 2 scores, 'tensor<2x4x8xi8>' and 1 blocks}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2 table [0, 16777217] : tensor<2x4x8xi8> -> tensor<2x4x8xi64>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    stas.yield %s : tensor<2x4x8xi8>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x8xf32>) {
  // expected-error @+1 {{act.R8}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2 table [0, 1] : tensor<2x4x8xf32> -> tensor<2x4x8xi64>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xf32>, %a: tensor<2x4xi1>):
    stas.yield %s : tensor<2x4x8xf32>
  }
  return
}

// -----

func.func @f(%x: tensor<2x4x8xi8>) {
  // expected-error @+1 {{act.R8}}
  %y, %n = stas.act %x halting(#stas.act<alpha = 1.0, beta = 0.0>) timesteps 2 table [] : tensor<2x4x8xi8> -> tensor<2x4x8xi64>, tensor<2x4xi32> {
  ^bb0(%s: tensor<2x4x8xi8>, %a: tensor<2x4xi1>):
    stas.yield %s : tensor<2x4x8xi8>
  }
  return
}
