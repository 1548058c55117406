// Ops without effect whose results nobody uses go; a pool of windows of one element is its input.
// RUN: stas-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @unused
func.func @unused(%x: tensor<?x4x8xf32>) {
  // CHECK-NEXT: return
  %0 = spike.affine %x norm(#spike.norm<>) : tensor<?x4x8xf32>
  %1 = spike.fire %0 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<2x?x4x8xi1>
  %2 = spike.staircase sum %0 norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 2 : tensor<?x4x8xf32> -> tensor<?x4x8xi8>
  return
}

// CHECK-LABEL: @identity_pool
// CHECK-SAME: (%[[X:.*]]: tensor
func.func @identity_pool(%x: tensor<2x?x4x4x8xi1>) -> tensor<2x?x4x4x8xi1> {
  // CHECK-NEXT: return %[[X]]
  %0 = spike.max_pool %x window(#spike.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0]>)
      : tensor<2x?x4x4x8xi1> -> tensor<2x?x4x4x8xi1>
  return %0 : tensor<2x?x4x4x8xi1>
}

// A stride leaves elements out, a larger window takes their maximum.
// CHECK-LABEL: @real_pool
func.func @real_pool(%x: tensor<?x4x4x8xi8>) -> (tensor<?x2x4x8xi8>, tensor<?x3x4x8xi8>) {
  // CHECK-COUNT-2: spike.max_pool
  %0 = spike.max_pool %x window(#spike.window<kernel = [1, 1], strides = [2, 1], padding = [0, 0]>)
      : tensor<?x4x4x8xi8> -> tensor<?x2x4x8xi8>
  %1 = spike.max_pool %x window(#spike.window<kernel = [2, 1], strides = [1, 1], padding = [0, 0]>)
      : tensor<?x4x4x8xi8> -> tensor<?x3x4x8xi8>
  return %0, %1 : tensor<?x2x4x8xi8>, tensor<?x3x4x8xi8>
}

// An affine without vectors stays: a target emits its sums with it.
// CHECK-LABEL: @identity_affine
func.func @identity_affine(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK: spike.affine
  %0 = spike.affine %x norm(#spike.norm<>) : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// A mask that lets everyone through is none.
// CHECK-LABEL: @everyone
func.func @everyone(%x: tensor<?x4x8xf32>) -> tensor<?x4x8xi1> {
  %all = stas.splat true like %x : tensor<?x4x8xf32> -> tensor<?x4xi1>
  // CHECK-NEXT: spike.fire %arg0 membrane(%arg0 : tensor<?x4x8xf32>)
  %s, %v = spike.fire %x active(%all : tensor<?x4xi1>) membrane(%x : tensor<?x4x8xf32>) norm(#spike.norm<>)
      neuron(#stas.lif<>) : tensor<?x4x8xf32> -> tensor<?x4x8xi1>, tensor<?x4x8xf32>
  return %s : tensor<?x4x8xi1>
}
