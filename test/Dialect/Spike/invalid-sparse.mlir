// One case or more for each rule of the sparse form.
// RUN: stas-opt %s --split-input-file --verify-diagnostics

func.func @compact_map(%x: tensor<?x2x4x8xi1>, %a: tensor<?x4xi1>) {
  // expected-error @+1 {{compact.R1: requires tokens [B, N, D] with static N, D >= 1 and a mask [B, N], found 'tensor<?x2x4x8xi1>' and 'tensor<?x4xi1>'}}
  %0 = spike.compact %x active(%a) : tensor<?x2x4x8xi1>, tensor<?x4xi1> -> tensor<?x8xi1>
  return
}

// -----

func.func @compact_tokens(%x: tensor<?x?x8xi1>, %a: tensor<?x?xi1>) {
  // expected-error @+1 {{compact.R1}}
  %0 = spike.compact %x active(%a) : tensor<?x?x8xi1>, tensor<?x?xi1> -> tensor<?x8xi1>
  return
}

// -----

func.func @compact_mask(%x: tensor<?x4x8xi1>, %a: tensor<?x5xi1>) {
  // expected-error @+1 {{compact.R1}}
  %0 = spike.compact %x active(%a) : tensor<?x4x8xi1>, tensor<?x5xi1> -> tensor<?x8xi1>
  return
}

// -----

func.func @compact_width(%x: tensor<?x4x8xi1>, %a: tensor<?x4xi1>) {
  // expected-error @+1 {{compact.R2: requires rows [R, 8] of 'i1' as its result, found 'tensor<?x4xi1>'}}
  %0 = spike.compact %x active(%a) : tensor<?x4x8xi1>, tensor<?x4xi1> -> tensor<?x4xi1>
  return
}

// -----

func.func @compact_element(%x: tensor<?x4x8xi1>, %a: tensor<?x4xi1>) {
  // expected-error @+1 {{compact.R2}}
  %0 = spike.compact %x active(%a) : tensor<?x4x8xi1>, tensor<?x4xi1> -> tensor<?x8xi8>
  return
}

// -----

func.func @expand_rows(%r: tensor<?x4x8xf32>, %a: tensor<?x4xi1>) {
  // expected-error @+1 {{expand.R1: requires rows [R, C] with static C >= 1 and a mask [B, N] with static N >= 1, found}}
  %0 = spike.expand %r active(%a) : tensor<?x4x8xf32>, tensor<?x4xi1> -> tensor<?x4x8xf32>
  return
}

// -----

func.func @expand_mask(%r: tensor<?x8xf32>, %a: tensor<?x?xi1>) {
  // expected-error @+1 {{expand.R1}}
  %0 = spike.expand %r active(%a) : tensor<?x8xf32>, tensor<?x?xi1> -> tensor<?x?x8xf32>
  return
}

// -----

func.func @expand_result(%r: tensor<?x8xf32>, %a: tensor<?x4xi1>) {
  // expected-error-re @+1 {{expand.R2: requires a result of shape [{{.*}}, 4, 8] and type 'f32', found 'tensor<?x8x4xf32>'}}
  %0 = spike.expand %r active(%a) : tensor<?x8xf32>, tensor<?x4xi1> -> tensor<?x8x4xf32>
  return
}

// -----

func.func @expand_element(%r: tensor<?x8xf32>, %a: tensor<?x4xi1>) {
  // expected-error @+1 {{expand.R2}}
  %0 = spike.expand %r active(%a) : tensor<?x8xf32>, tensor<?x4xi1> -> tensor<?x4x8xi32>
  return
}

// -----

func.func @pack_heads(%x: tensor<?x4x8xi1>) {
  // expected-error @+1 {{spike.pack.R1: requires spikes [B, N, D] or [T, B, N, D] with static N, D >= 1 and heads >= 1 that divide D, found 'tensor<?x4x8xi1>' and 3}}
  %0 = spike.pack %x along tokens heads 3 : tensor<?x4x8xi1> -> tensor<?x3x2x1xi64>
  return
}

// -----

func.func @pack_no_heads(%x: tensor<?x4x8xi1>) {
  // expected-error @+1 {{spike.pack.R1}}
  %0 = spike.pack %x along tokens heads 0 : tensor<?x4x8xi1> -> tensor<?x1x8x1xi64>
  return
}

// -----

func.func @pack_rank(%x: tensor<4x8xi1>) {
  // expected-error @+1 {{spike.pack.R1}}
  %0 = spike.pack %x along tokens heads 1 : tensor<4x8xi1> -> tensor<1x8x1xi64>
  return
}

// -----

func.func @pack_axis(%x: tensor<?x4x8xi1>) {
  // expected-error @+1 {{spike.pack.R2: requires 'tensor<?x2x4x1xi64>' as its result, found 'tensor<?x2x8x1xi64>'}}
  %0 = spike.pack %x along tokens heads 2 : tensor<?x4x8xi1> -> tensor<?x2x8x1xi64>
  return
}

// -----

func.func @pack_words(%x: tensor<2x?x65x8xi1>) {
  // expected-error @+1 {{spike.pack.R2: requires 'tensor<2x?x2x4x2xi64>' as its result}}
  %0 = spike.pack %x along tokens heads 2 : tensor<2x?x65x8xi1> -> tensor<2x?x2x4x1xi64>
  return
}

// -----

func.func @unpack_heads(%x: tensor<?x2x4x1xi64>) {
  // expected-error @+1 {{unpack.R1: requires spikes [B, N, D] or [T, B, N, D] with static N, D >= 1 and heads >= 1 that divide D, found 'tensor<?x4x8xi1>' and -2}}
  %0 = spike.unpack %x along tokens heads -2 : tensor<?x2x4x1xi64> -> tensor<?x4x8xi1>
  return
}

// -----

func.func @unpack_words(%x: tensor<?x2x4x2xi64>) {
  // expected-error @+1 {{unpack.R2: requires 'tensor<?x2x4x1xi64>', found 'tensor<?x2x4x2xi64>'}}
  %0 = spike.unpack %x along channels heads 2 : tensor<?x2x4x2xi64> -> tensor<?x4x8xi1>
  return
}

// -----

func.func @and_count_words(%a: tensor<?x2x4x1xi64>, %b: tensor<?x2x4x2xi64>) {
  // expected-error @+1 {{and_count.R1: requires words [.., M, W] and [.., P, W] with static M, P, W >= 1 and the same leading axes, found 'tensor<?x2x4x1xi64>' and 'tensor<?x2x4x2xi64>'}}
  %0 = spike.and_count %a, %b : tensor<?x2x4x1xi64>, tensor<?x2x4x2xi64> -> tensor<?x2x4x4xi32>
  return
}

// -----

func.func @and_count_heads(%a: tensor<?x2x4x1xi64>, %b: tensor<?x3x4x1xi64>) {
  // expected-error @+1 {{and_count.R1}}
  %0 = spike.and_count %a, %b : tensor<?x2x4x1xi64>, tensor<?x3x4x1xi64> -> tensor<?x2x4x4xi32>
  return
}

// -----

func.func @and_count_rank(%a: tensor<4xi64>) {
  // expected-error @+1 {{and_count.R1}}
  %0 = spike.and_count %a, %a : tensor<4xi64>, tensor<4xi64> -> tensor<4x4xi32>
  return
}

// -----

func.func @and_count_result(%a: tensor<?x2x4x1xi64>, %b: tensor<?x2x6x1xi64>) {
  // expected-error-re @+1 {{and_count.R2: requires a result of shape [{{.*}}, 2, 4, 6], found 'tensor<?x2x6x4xi32>'}}
  %0 = spike.and_count %a, %b : tensor<?x2x4x1xi64>, tensor<?x2x6x1xi64> -> tensor<?x2x6x4xi32>
  return
}

// -----

func.func @and_count_mask(%a: tensor<?x2x4x1xi64>, %m: tensor<?x5xi1>) {
  // expected-error @+1 {{and_count.R3: requires a mask [B, M] to words [B, heads, M, W], found 'tensor<?x5xi1>' and 'tensor<?x2x4x1xi64>'}}
  %0 = spike.and_count %a, %a active(%m : tensor<?x5xi1>) : tensor<?x2x4x1xi64>, tensor<?x2x4x1xi64> -> tensor<?x2x4x4xi32>
  return
}

// -----

func.func @and_count_time(%a: tensor<2x?x2x4x1xi64>, %m: tensor<?x4xi1>) {
  // expected-error @+1 {{and_count.R3}}
  %0 = spike.and_count %a, %a active(%m : tensor<?x4xi1>) : tensor<2x?x2x4x1xi64>, tensor<2x?x2x4x1xi64> -> tensor<2x?x2x4x4xi32>
  return
}

// -----

func.func @sum_counts_rank(%s: tensor<4x8xi1>, %c: tensor<2x4x4xi32>) {
  // expected-error @+1 {{sum_counts.R1: requires spikes [B, N, D] or [T, B, N, D] with static N, D >= 1, found 'tensor<4x8xi1>'}}
  %0 = spike.sum_counts key_value %s, %c : tensor<4x8xi1>, tensor<2x4x4xi32> -> tensor<4x8xi32>
  return
}

// -----

func.func @sum_counts_depth(%s: tensor<?x6x8xi1>, %c: tensor<?x2x6x6xi32>) {
  // expected-error @+1 {{sum_counts.R2: requires counts [.., heads, d, d] with the spikes' leading axes and heads >= 1 that divide D, found 'tensor<?x2x6x6xi32>' to 'tensor<?x6x8xi1>'}}
  %0 = spike.sum_counts key_value %s, %c : tensor<?x6x8xi1>, tensor<?x2x6x6xi32> -> tensor<?x6x8xi32>
  return
}

// -----

func.func @sum_counts_tokens(%s: tensor<?x6x8xi1>, %c: tensor<?x2x4x4xi32>) {
  // expected-error @+1 {{sum_counts.R2: requires counts [.., heads, N, N]}}
  %0 = spike.sum_counts query_key %s, %c : tensor<?x6x8xi1>, tensor<?x2x4x4xi32> -> tensor<?x6x8xi32>
  return
}

// -----

func.func @sum_counts_heads(%s: tensor<?x6x8xi1>, %c: tensor<?x3x2x2xi32>) {
  // expected-error @+1 {{sum_counts.R2}}
  %0 = spike.sum_counts key_value %s, %c : tensor<?x6x8xi1>, tensor<?x3x2x2xi32> -> tensor<?x6x8xi32>
  return
}

// -----

func.func @sum_counts_mask(%s: tensor<?x6x8xi1>, %c: tensor<?x2x4x4xi32>, %m: tensor<?x8xi1>) {
  // expected-error @+1 {{sum_counts.R3: requires a mask [B, N] to spikes [B, N, D], found 'tensor<?x8xi1>' and 'tensor<?x6x8xi1>'}}
  %0 = spike.sum_counts key_value %s, %c active(%m : tensor<?x8xi1>) : tensor<?x6x8xi1>, tensor<?x2x4x4xi32> -> tensor<?x6x8xi32>
  return
}

// -----

func.func @sum_counts_result(%s: tensor<?x6x8xi1>, %c: tensor<?x2x4x4xi32>) {
  // expected-error-re @+1 {{sum_counts.R4: requires a result of shape [{{.*}}, 6, 8], found 'tensor<?x8x6xi32>'}}
  %0 = spike.sum_counts key_value %s, %c : tensor<?x6x8xi1>, tensor<?x2x4x4xi32> -> tensor<?x8x6xi32>
  return
}
