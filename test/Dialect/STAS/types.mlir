// Attributes: what prints, what is left out, what survives text and bytecode (every RUN of stas-opt does both).
// RUN: stas-opt %s -allow-unregistered-dialect | FileCheck %s

// CHECK-LABEL: @weights
func.func @weights() {
  // CHECK: weight = #stas.weight<"head.weight" in "model.pth" at 4096 : tensor<10x64xf32>>
  "test.op"() {weight = #stas.weight<"head.weight" in "model.pth" at 4096 : tensor<10x64xf32>>} : () -> ()
  // CHECK: #stas.weight<"w" in "a b.pth" at 0 strides[1, 3] : tensor<2x3xf16>>
  "test.op"() {weight = #stas.weight<"w" in "a b.pth" at 0 strides [1, 3] : tensor<2x3xf16>>} : () -> ()
  // CHECK: #stas.weight<"\22\0A" in "\\" at 1 : tensor<bf16>>
  "test.op"() {weight = #stas.weight<"\22\0A" in "\\" at 1 : tensor<bf16>>} : () -> ()
  // CHECK: #stas.weight<"empty" in "f" at 9223372036854775807 : tensor<0xf64>>
  "test.op"() {weight = #stas.weight<"empty" in "f" at 9223372036854775807 : tensor<0xf64>>} : () -> ()
  return
}

// CHECK-LABEL: @neurons
func.func @neurons() {
  // CHECK: #stas.lif<>
  "test.op"() {neuron = #stas.lif<tau = 2.0, v_threshold = 1.0, v_reset = 0.0, reset = hard, decay_input = true, compare = ge>} : () -> ()
  // CHECK: #stas.lif<v_threshold = 0.5>
  "test.op"() {neuron = #stas.lif<v_threshold = 0.5>} : () -> ()
  // CHECK: #stas.lif<tau = 1.3333333333333333, v_threshold = 1.0e-05, v_reset = -0.25, reset = soft, decay_input = false, compare = gt>
  "test.op"() {neuron = #stas.lif<compare = gt, decay_input = false, reset = soft, v_reset = -0.25, v_threshold = 0.00001, tau = 1.3333333333333333>} : () -> ()
  return
}

// CHECK-LABEL: @halting
func.func @halting() {
  // CHECK: #stas.act<alpha = 1.0, beta = -4.0>
  "test.op"() {halting = #stas.act<alpha = 1.0, beta = -4.0, eps = 0.01, order = lexicographic, output = weighted>} : () -> ()
  // CHECK: #stas.act<alpha = 0.5, beta = 0.0, eps = 0.1, order = rectangular, output = rate>
  "test.op"() {halting = #stas.act<alpha = 0.5, beta = 0.0, eps = 0.1, order = rectangular, output = rate>} : () -> ()
  // CHECK: #stas.act<alpha = 0.5, beta = 0.0, order = timestep, output = rate>
  "test.op"() {halting = #stas.act<alpha = 0.5, beta = 0.0, order = timestep, output = rate>} : () -> ()
  // A zero keeps its sign.
  // CHECK: #stas.act<alpha = -0.0, beta = 1.0e+300, output = rate>
  "test.op"() {halting = #stas.act<alpha = -0.0, beta = 1.0e300, output = rate>} : () -> ()
  return
}

// CHECK-LABEL: @header
func.func @header() {
  // CHECK: #stas.model<"stas" from "m.pth" timesteps = 4 mean = [0.4914, 0.4822, 0.4465] std = [0.247, 0.2435, 0.2616]>
  "test.op"() {model = #stas.model<"stas" from "m.pth" timesteps = 4 mean = [0.4914, 0.4822, 0.4465] std = [0.247, 0.2435, 0.2616]>} : () -> ()
  // CHECK: #stas.model<"stas" from "m.pth" timesteps = 256 mean = [0.0] std = [1.0] digest = "00ff3456789abcde">
  "test.op"() {model = #stas.model<"stas" from "m.pth" timesteps = 256 mean = [0.0] std = [1.0] digest = "00ff3456789abcde">} : () -> ()
  // CHECK: #stas.model<"spikformer" from "" timesteps = 1 mean = [-1.0] std = [5.0e-324]>
  "test.op"() {model = #stas.model<"spikformer" from "" timesteps = 1 mean = [-1.0] std = [5.0e-324]>} : () -> ()
  return
}
