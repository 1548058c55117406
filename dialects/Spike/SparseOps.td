// Operations of the sparse form: rows of halted tokens are left out, products of attention are counts of set bits.
#ifndef SPIKE_SPARSE_OPS_TD
#define SPIKE_SPARSE_OPS_TD

def Spike_Words : RankedTensorOf<[I64]>;

def Spike_CompactOp : Spike_TensorOp<"compact"> {
  let summary = "the rows of active tokens";
  let description = [{
    The rows of the tokens that are active, behind one another in the order of images and tokens. How many there are is known
    when the mask is.

    - compact.R1: input [B, N, D] with static N, D >= 1, active [B, N].
    - compact.R2: the result is [R, D] of the input's element type.

    ```mlir
    %rows = spike.compact %x active(%active) : tensor<?x64x96xi8>, tensor<?x64xi1> -> tensor<?x96xi8>
    ```
  }];
  let arguments = (ins Spike_Activation:$input, Spike_Train:$active);
  let results = (outs Spike_Activation:$output);
  let assemblyFormat = [{
    $input `active` `(` $active `)` attr-dict `:` type($input) `,` type($active) `->` type($output)
  }];
}

def Spike_ExpandOp : Spike_TensorOp<"expand"> {
  let summary = "rows of active tokens in their places among all tokens";
  let description = [{
    The inverse of `spike.compact`: row r goes to the r-th active token; rows of other tokens are 0.

    - expand.R1: rows [R, C] with static C >= 1, active [B, N] with static N >= 1.
    - expand.R2: the result is [B, N, C] of the rows' element type.

    ```mlir
    %sums = spike.expand %rows active(%active) : tensor<?x96xf32>, tensor<?x64xi1> -> tensor<?x64x96xf32>
    ```
  }];
  let arguments = (ins Spike_Sums:$rows, Spike_Train:$active);
  let results = (outs Spike_Sums:$output);
  let assemblyFormat = [{
    $rows `active` `(` $active `)` attr-dict `:` type($rows) `,` type($active) `->` type($output)
  }];
}

def Spike_PackOp : Spike_TensorOp<"pack"> {
  let summary = "spikes of attention heads as bits of words";
  let description = [{
    The N tokens and d = D / heads channels of each head, packed along one of these axes: bit i of word w is element 64 w + i
    of that axis. Bits behind the last element are 0.

    - spike.pack.R1: spikes [B, N, D] or [T, B, N, D] with static N, D >= 1; heads >= 1 divides D.
    - spike.pack.R2: the result is [.., heads, N, ceil(d / 64)] along channels, [.., heads, d, ceil(N / 64)] along tokens.

    ```mlir
    %1 = spike.pack %k along tokens heads 6 : tensor<?x64x96xi1> -> tensor<?x6x16x1xi64>
    ```
  }];
  let arguments = (ins Spike_Train:$input, Spike_BitAxis:$axis, I64Attr:$heads);
  let results = (outs Spike_Words:$output);
  let builders = [OpBuilder<(ins "::mlir::Value":$input, "::stas::spike::BitAxis":$axis, "int64_t":$heads), [{
    auto type = wordsOf(::llvm::cast<::mlir::RankedTensorType>(input.getType()), axis, heads);
    build($_builder, $_state, type, input, axis, heads);
  }]>];
  let extraClassDeclaration = [{
    /// The words of spikes [.., N, D], of which D is divided into heads.
    static ::mlir::RankedTensorType wordsOf(::mlir::RankedTensorType spikes, BitAxis axis, int64_t heads);
  }];
  let assemblyFormat = "$input `along` $axis `heads` $heads attr-dict `:` type($input) `->` type($output)";
}

def Spike_UnpackOp : Spike_TensorOp<"unpack"> {
  let summary = "the spikes in the bits of words";
  let description = [{
    The inverse of `spike.pack`. Bits behind the last element are not looked at.

    - unpack.R1: spikes [B, N, D] or [T, B, N, D] with static N, D >= 1; heads >= 1 divides D.
    - unpack.R2: words as `spike.pack` makes them of the result.

    ```mlir
    %2 = spike.unpack %1 along tokens heads 6 : tensor<?x6x16x1xi64> -> tensor<?x64x96xi1>
    ```
  }];
  let arguments = (ins Spike_Words:$input, Spike_BitAxis:$axis, I64Attr:$heads);
  let results = (outs Spike_Train:$output);
  let hasFolder = 1;
  let assemblyFormat = "$input `along` $axis `heads` $heads attr-dict `:` type($input) `->` type($output)";
}

def Spike_AndCountOp : Spike_TensorOp<"and_count"> {
  let summary = "how many bits two rows of words share: the first product of attention";
  let description = [{
    For each row m of lhs and p of rhs the number of bits that are set in both: AND and popcount, 64 spikes at a time. Of
    keys and values packed along tokens it is k^T v, of queries and keys packed along channels q k^T. Rows m of tokens that are
    not `active` are not computed, and 0.

    - and_count.R1: lhs [.., M, W] and rhs [.., P, W] with static M, P, W >= 1 and the same leading axes.
    - and_count.R2: the result is [.., M, P].
    - and_count.R3: active, where given, is [B, M] to lhs [B, heads, M, W].

    ```mlir
    %3 = spike.and_count %k, %v : tensor<?x6x16x1xi64>, tensor<?x6x16x1xi64> -> tensor<?x6x16x16xi32>
    %4 = spike.and_count %q, %k active(%active : tensor<?x64xi1>)
           : tensor<?x6x64x1xi64>, tensor<?x6x64x1xi64> -> tensor<?x6x64x64xi32>
    ```
  }];
  let arguments = (ins Spike_Words:$lhs, Spike_Words:$rhs, Optional<Spike_Train>:$active);
  let results = (outs Spike_Counts:$output);
  let assemblyFormat = [{
    $lhs `,` $rhs (`active` `(` $active^ `:` type($active) `)`)? attr-dict `:` type($lhs) `,` type($rhs)
    `->` type($output)
  }];
}

def Spike_SumCountsOp : Spike_TensorOp<"sum_counts", [Spike_Synapses]> {
  let summary = "counts summed where spikes are: the second product of attention";
  let description = [{
    With d = D / heads, head h, token n and channel c of the head:

    | association | spikes | counts | result at n, h d + c |
    |---|---|---|---|
    | key_value | queries | k^T v | sum over channels a with spikes[n, h d + a] of counts[h, a, c] |
    | query_key | values | q k^T | sum over tokens j with spikes[j, h d + c] of counts[h, n, j] |

    A spike costs an addition for each of a row of counts, an input of zero nothing. Rows of tokens that are not `active` are
    not computed, and 0.

    - sum_counts.R1: spikes [B, N, D] or [T, B, N, D] with static N, D >= 1.
    - sum_counts.R2: counts [.., heads, d, d] for key_value, [.., heads, N, N] for query_key, leading axes as of the spikes; heads
      >= 1 divides D.
    - sum_counts.R3: active, where given, is [B, N] to spikes [B, N, D].
    - sum_counts.R4: the result has the spikes' shape.

    ```mlir
    %5 = spike.sum_counts key_value %q, %3 : tensor<?x64x96xi1>, tensor<?x6x16x16xi32> -> tensor<?x64x96xi32>
    ```
  }];
  let arguments = (ins Spike_Association:$association, Spike_Train:$spikes, Spike_Counts:$counts,
                       Optional<Spike_Train>:$active);
  let results = (outs Spike_Counts:$output);
  let assemblyFormat = [{
    $association $spikes `,` $counts (`active` `(` $active^ `:` type($active) `)`)? attr-dict `:` type($spikes) `,`
    type($counts) `->` type($output)
  }];
}

#endif // SPIKE_SPARSE_OPS_TD
