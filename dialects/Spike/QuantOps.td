// Operations that only the integer form of a model has: how reals come in and go out.
#ifndef SPIKE_QUANT_OPS_TD
#define SPIKE_QUANT_OPS_TD

def Spike_QuantizeOp : Spike_TensorOp<"quantize"> {
  let summary = "an image in integers";
  let description = [{
    round_half_even(x * scale), not beyond +-limit. The real value of an integer is 1 / scale of it.

    - quantize.R1: scale is a power of two from 1 to 2^30, 1 <= limit <= 2^24: every result is an f32 too.
    - quantize.R2: the result has the input's shape.

    ```mlir
    %1 = spike.quantize %0 scale 4194304 limit 10177478 : tensor<?x3x32x32xf32> -> tensor<?x3x32x32xi32>
    ```
  }];
  let arguments = (ins Spike_Real:$input, I64Attr:$scale, I64Attr:$limit);
  let results = (outs Spike_Image:$output);
  let assemblyFormat = "$input `scale` $scale `limit` $limit attr-dict `:` type($input) `->` type($output)";
}

def Spike_SumTokensOp : Spike_TensorOp<"sum_tokens"> {
  let summary = "sum over the tokens of an image";
  let description = [{
    A mean over N tokens in integers is their sum in a unit 1/N as large.

    - sum_tokens.R1: input [.., N, D] with static N, D >= 1 and a leading axis.
    - sum_tokens.R2: the result is [.., D].

    ```mlir
    %1 = spike.sum_tokens %0 : tensor<4x?x64x64xi8> -> tensor<4x?x64xi64>
    ```
  }];
  let arguments = (ins Spike_Integers64:$input);
  let results = (outs Spike_WideSums:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
}

def Spike_ReadoutOp : Spike_TensorOp<"readout"> {
  let summary = "logits from integer sums";
  let description = [{
    The classifier's last step: (sum + bias_c) * unit, one product in double, rounded to f32. All classes have one unit, so
    that the largest logit is the largest integer.

    - readout.R1: sums are [.., C] with static C >= 1, the result has their shape.
    - readout.R2: quant has a weight of C rows and no neuron.
    - readout.R3: sums of a spike.accumulate hold the same quant.

    ```mlir
    %1 = spike.readout %0 quant(#q) : tensor<?x10xi64> -> tensor<?x10xf32>
    ```
  }];
  let arguments = (ins Spike_WideSums:$sums, Spike_QuantAttr:$quant);
  let results = (outs Spike_Real:$output);
  let assemblyFormat = "$sums `quant` `(` $quant `)` attr-dict `:` type($sums) `->` type($output)";
}

#endif // SPIKE_QUANT_OPS_TD
