// Buffers that are in use at the same time never overlap; others share memory. All offsets are multiples of 64.
// RUN: stas-opt %s --spike-plan-memory | FileCheck %s

func.func private @one(memref<100xi8>, index, index, index, memref<1xi8>)
func.func private @two(memref<100xi8>, memref<100xi8>, index, index, index, memref<1xi8>)
func.func private @real(memref<25xf32>, memref<100xi8>, index, index, index, memref<1xi8>)
func.func private @big(memref<100xi8>, memref<200xi8>, index, index, index, memref<1xi8>)

// A chain: each buffer is free once its last reader ran.
// CHECK-LABEL: @chain
// CHECK-SAME: spike.arena = 512 : i64
func.func @chain() {
  // CHECK-NEXT: spike.buffer "a" at 0 : memref<100xi8>
  %a = spike.buffer "a" : memref<100xi8>
  // CHECK-NEXT: spike.buffer "b" at 192 : memref<100xi8>
  %b = spike.buffer "b" : memref<100xi8>
  // CHECK-NEXT: spike.buffer "c" at 0 : memref<100xi8>
  %c = spike.buffer "c" : memref<100xi8>
  // Too big for the gap below b.
  // CHECK-NEXT: spike.buffer "d" at 192 : memref<200xi8>
  %d = spike.buffer "d" : memref<200xi8>
  spike.launch @two(%a, %b) extent 1 layer "1" : memref<100xi8>, memref<100xi8>
  spike.launch @two(%b, %c) extent 1 layer "2" : memref<100xi8>, memref<100xi8>
  spike.launch @big(%c, %d) extent 1 layer "3" : memref<100xi8>, memref<200xi8>
  return
}

// What a loop reads of a buffer from outside is in use for all its turns; what it only uses inside is not.
// CHECK-LABEL: @loop
func.func @loop() {
  // CHECK: spike.buffer "outer" at 0
  %outer = spike.buffer "outer" : memref<100xi8>
  // CHECK-NEXT: spike.time_loop
  spike.time_loop 2 {
    // CHECK-NEXT: spike.buffer "x" at 192
    %x = spike.buffer "x" : memref<100xi8>
    // CHECK-NEXT: spike.buffer "y" at 384
    %y = spike.buffer "y" : memref<100xi8>
    // CHECK-NEXT: spike.buffer "z" at 192
    %z = spike.buffer "z" : memref<100xi8>
    spike.launch @two(%outer, %x) extent 1 layer "1" : memref<100xi8>, memref<100xi8>
    spike.launch @two(%x, %y) extent 1 layer "2" : memref<100xi8>, memref<100xi8>
    spike.launch @two(%y, %z) extent 1 layer "3" : memref<100xi8>, memref<100xi8>
    spike.launch @one(%z) extent 1 layer "4" : memref<100xi8>
  }
  // CHECK: spike.buffer "after" at 0
  %after = spike.buffer "after" : memref<100xi8>
  spike.launch @one(%after) extent 1 layer "5" : memref<100xi8>
  return
}

// A cleared buffer holds state from before the first launch to the end. The image is there before the first launch.
// CHECK-LABEL: @whole_plan
func.func @whole_plan() {
  // CHECK: spike.buffer "state" zero at 0
  %state = spike.buffer "state" zero : memref<100xi8>
  // CHECK-NEXT: spike.buffer "image" at 192
  %image = spike.buffer "image" : memref<25xf32>
  // CHECK-NEXT: spike.buffer "early" at 384
  %early = spike.buffer "early" : memref<100xi8>
  // CHECK-NEXT: spike.buffer "late" at 384
  %late = spike.buffer "late" : memref<100xi8>
  // CHECK-NEXT: spike.buffer "unused" at 0
  %unused = spike.buffer "unused" : memref<8xi32>
  spike.launch @one(%early) extent 1 layer "1" : memref<100xi8>
  spike.launch @real(%image, %late) extent 1 layer "2" : memref<25xf32>, memref<100xi8>
  spike.launch @one(%state) extent 1 layer "3" : memref<100xi8>
  spike.outputs image(%image : memref<25xf32>) logits(%image : memref<25xf32>)
  return
}

// CHECK-LABEL: @no_plan()
// CHECK-NOT: spike.arena
func.func @no_plan() {
  return
}
