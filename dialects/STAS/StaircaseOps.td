// Neurons whose current is the same at every timestep, and the stem that I-SPS makes of them.
#ifndef STAS_STAIRCASE_OPS_TD
#define STAS_STAIRCASE_OPS_TD

def STAS_StaircaseOp : STAS_TimedOp<"staircase", "Evolves"> {
  let summary = "neurons of a current that is the same at every timestep";
  let description = [{
    Every element is a neuron that runs from v = v_reset over `timesteps` steps of one current: what `stas.lif` yields on
    the current repeated T times, bit for bit. No state lives on, and the current is computed once.

    In real numbers the spikes have a closed form. With hard reset, decay of the input, v_reset = 0 and compare = ge, a
    neuron of current c fires at steps n, 2n, 3n, .., where n is the least with c * (1 - (1 - 1/tau)^n) >= v_threshold; the
    number of spikes is floor(T / n), a staircase in c. That form is not the meaning: in f32 the recurrence rounds at every
    step, and at a stair's edge it may fire a step sooner or later than the formula says. What a hard reset does give in any
    arithmetic is the period: after the first spike all repeats. A target that compares currents with thresholds takes
    them, as integers, from the recurrence in its own arithmetic, never from the formula.

    - staircase.R1: current is f32 with at least one axis.
    - staircase.R2: 1 <= timesteps <= 256; the result is the spikes with a leading axis of that extent.

    ```mlir
    %1 = stas.staircase %0 neuron(#stas.lif<>) timesteps 4 : tensor<?x64x64xf32> -> tensor<4x?x64x64xi1>
    ```
  }];
  let arguments = (ins STAS_Real:$current, STAS_LIFAttr:$neuron, I64Attr:$timesteps);
  let results = (outs STAS_Spikes:$output);
  let assemblyFormat = [{
    $current `neuron` `(` $neuron `)` `timesteps` $timesteps attr-dict `:` type($current) `->` type($output)
  }];
}

def STAS_ISPSOp : STAS_TimedOp<"isps", "Reduces"> {
  let summary = "one spike representation of a map for all timesteps (I-SPS)";
  let description = [{
    The first stage of a stem on a map that does not change over time: convolution, batch normalisation (where given), a
    neuron for each element over `timesteps` steps of that one current, max-pooling of each timestep's spikes (where
    given), and their sum or mean over time. It means exactly what these ops mean one after the other (`stas.conv2d`,
    `stas.batch_norm` of axis 1, `stas.staircase`, `stas.max_pool2d`, `stas.integrate`).

    The pool stands before the reduction: a window counts the steps at which any of its neurons fired.

    - isps.R1: input is [B, C, H, W]; with weight, bias, strides and padding it keeps conv2d.R1 to conv2d.R5.
    - isps.R2: norm's four vectors and eps are all given or none; they keep batch_norm.R2 and batch_norm.R3.
    - isps.R3: the pool's kernel, strides and padding are all given or none; they keep max_pool2d.R2 and max_pool2d.R3.
    - isps.R4: 1 <= timesteps <= 256, and at most 255 for a sum, so that i8 holds it.
    - isps.R5: the result is [B, C', H', W'], f32 for a mean and i8 for a sum.

    ```mlir
    %1 = stas.isps mean %0 weight(#w) strides [1, 1] padding [1, 1] norm(#g, #b, #m, #v) eps 1.0e-5 neuron(#stas.lif<>)
           timesteps 4 pool [3, 3] strides [2, 2] padding [1, 1] : tensor<?x3x64x64xf32> -> tensor<?x8x32x32xf32>
    ```
  }];
  let arguments = (ins STAS_ReduceKind:$kind, STAS_Activation:$input, STAS_WeightAttr:$weight,
                       OptionalAttr<STAS_WeightAttr>:$bias, DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$padding,
                       OptionalAttr<STAS_WeightAttr>:$gamma, OptionalAttr<STAS_WeightAttr>:$beta,
                       OptionalAttr<STAS_WeightAttr>:$mean, OptionalAttr<STAS_WeightAttr>:$var,
                       OptionalAttr<F64Attr>:$eps, STAS_LIFAttr:$neuron, I64Attr:$timesteps,
                       OptionalAttr<DenseI64ArrayAttr>:$pool_kernel, OptionalAttr<DenseI64ArrayAttr>:$pool_strides,
                       OptionalAttr<DenseI64ArrayAttr>:$pool_padding);
  let results = (outs STAS_Activation:$output);
  let assemblyFormat = [{
    $kind $input `weight` `(` $weight `)` (`bias` `(` $bias^ `)`)? `strides` $strides `padding` $padding
    (`norm` `(` $gamma^ `,` $beta `,` $mean `,` $var `)` `eps` $eps)? `neuron` `(` $neuron `)` `timesteps` $timesteps
    (`pool` $pool_kernel^ `strides` $pool_strides `padding` $pool_padding)? attr-dict `:` type($input) `->` type($output)
  }];
}

#endif // STAS_STAIRCASE_OPS_TD
