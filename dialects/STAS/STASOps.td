// Operations of the model level. Rule ids (name.Rn) stand here, in the verifier, in docs/Spec.md and in invalid.mlir.
#ifndef STAS_OPS_TD
#define STAS_OPS_TD

include "dialects/STAS/STASDialect.td"
include "dialects/STAS/STASAttrs.td"
include "dialects/STAS/TimeInterface.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class STAS_Op<string mnemonic, list<Trait> traits = []> : Op<STAS_Dialect, mnemonic, traits>;
/// An op whose result type follows from operands and attributes: shape inference and verifier are one function.
class STAS_ShapedOp<string mnemonic, list<Trait> traits = []>
    : STAS_Op<mnemonic, traits # [Pure, DeclareOpInterfaceMethods<InferTypeOpInterface>]>;
/// One that works on each timestep alone.
class STAS_LayerOp<string mnemonic, list<Trait> traits = []> : STAS_ShapedOp<mnemonic, traits # [TimeOpInterface]>;
/// One that relates timesteps.
class STAS_TimedOp<string mnemonic, string effect, list<Trait> traits = []>
    : STAS_ShapedOp<mnemonic, traits # [TimeOpInterface]> {
  let extraClassDeclaration = "::stas::TimeEffect getTimeEffect() { return ::stas::TimeEffect::" # effect # "; }";
}

def STAS_Real : TensorOf<[F32]>;
def STAS_Spikes : TensorOf<[I1]>;
def STAS_Counts : TensorOf<[I1, I8]>;
def STAS_Activation : TensorOf<[I1, I8, F32]>;

def STAS_EncodeOp : STAS_TimedOp<"encode", "Repeats"> {
  let summary = "repeat a value for every timestep";
  let description = [{
    Direct encoding: the value is the same at each of T timesteps.

    - encode.R1: 1 <= timesteps <= 256.
    - encode.R2: the result is the input with a leading axis of extent timesteps.

    ```mlir
    %1 = stas.encode %0 {timesteps = 4 : i64} : tensor<?x3x32x32xf32> -> tensor<4x?x3x32x32xf32>
    ```
  }];
  let arguments = (ins STAS_Activation:$input, I64Attr:$timesteps);
  let results = (outs STAS_Activation:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
}

def STAS_Conv2dOp : STAS_LayerOp<"conv2d"> {
  let summary = "two-dimensional convolution";
  let description = [{
    Cross-correlation of maps with a filter bank, padded with zeros, as torch.nn.Conv2d.

    - conv2d.R1: input is [B, C, H, W] or [T, B, C, H, W] with static C, H, W >= 1.
    - conv2d.R2: weight is [C', C, KH, KW] with C', KH, KW >= 1.
    - conv2d.R3: bias, where given, is [C'].
    - conv2d.R4: two strides >= 1 and two paddings >= 0, all at most 65536.
    - conv2d.R5: result is f32 [.., C', (H + 2 P - KH) / S + 1, ..], extents >= 1.

    ```mlir
    %1 = stas.conv2d %0 weight(#stas.weight<"c.weight" in "m.pth" at 64 : tensor<8x3x3x3xf32>>) strides [1, 1]
           padding [1, 1] : tensor<?x3x32x32xf32> -> tensor<?x8x32x32xf32>
    ```
  }];
  let arguments = (ins STAS_Activation:$input, STAS_WeightAttr:$weight, OptionalAttr<STAS_WeightAttr>:$bias,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$padding);
  let results = (outs STAS_Real:$output);
  let assemblyFormat = [{
    $input `weight` `(` $weight `)` (`bias` `(` $bias^ `)`)? `strides` $strides `padding` $padding attr-dict `:`
    type($input) `->` type($output)
  }];
}

def STAS_LinearOp : STAS_LayerOp<"linear"> {
  let summary = "linear layer over the last axis";
  let description = [{
    y[.., n] = sum over k of weight[n, k] * x[.., k] + bias[n], as torch.nn.Linear.

    - linear.R1: input has at least two axes, the last one, K, static and >= 1.
    - linear.R2: weight is [N, K], N >= 1.
    - linear.R3: bias, where given, is [N].

    ```mlir
    %1 = stas.linear %0 weight(#stas.weight<"fc.weight" in "m.pth" at 64 : tensor<256x64xf32>>)
           : tensor<4x?x64x64xi1> -> tensor<4x?x64x256xf32>
    ```
  }];
  let arguments = (ins STAS_Activation:$input, STAS_WeightAttr:$weight, OptionalAttr<STAS_WeightAttr>:$bias);
  let results = (outs STAS_Real:$output);
  let assemblyFormat = [{
    $input `weight` `(` $weight `)` (`bias` `(` $bias^ `)`)? attr-dict `:` type($input) `->` type($output)
  }];
}

def STAS_BatchNormOp : STAS_LayerOp<"batch_norm"> {
  let summary = "batch normalisation with running statistics";
  let description = [{
    y = (x - mean) / sqrt(var + eps) * weight + bias, per channel of `axis`.

    - batch_norm.R1: axis names a static axis of the input, of extent >= 1.
    - batch_norm.R2: weight, bias, mean and var are [C] with C the extent of axis.
    - batch_norm.R3: eps is finite and positive.

    ```mlir
    %1 = stas.batch_norm %0 axis 3 weight(#g) bias(#b) mean(#m) var(#v) eps 1.0e-5 : tensor<4x?x64x256xf32>
    ```
  }];
  let arguments = (ins STAS_Real:$input, I64Attr:$axis, STAS_WeightAttr:$weight, STAS_WeightAttr:$bias,
                       STAS_WeightAttr:$mean, STAS_WeightAttr:$var, F64Attr:$eps);
  let results = (outs STAS_Real:$output);
  let assemblyFormat = [{
    $input `axis` $axis `weight` `(` $weight `)` `bias` `(` $bias `)` `mean` `(` $mean `)` `var` `(` $var `)`
    `eps` $eps attr-dict `:` type($input)
  }];
  let extraClassDeclaration = [{
    /// The axis is one less.
    ::mlir::Operation *cloneForOneTimestep(::mlir::OpBuilder &builder, ::mlir::ValueRange operands);
    /// The axis is one more.
    ::mlir::Operation *cloneOverTime(::mlir::OpBuilder &builder, ::mlir::ValueRange operands);
  }];
}

def STAS_LIFOp : STAS_TimedOp<"lif", "Evolves"> {
  let summary = "leaky integrate-and-fire neurons over time";
  let description = [{
    Every element is a neuron that runs over the leading T axis from v = v_reset by the recurrence of `#stas.lif`.
    Inside `stas.act` there is no T axis: the membrane lives on from one timestep to the next, and the neurons of a token
    that is not active do not fire.

    (lif.R1 and lif.R2 are those of `#stas.lif`.)

    - lif.R3: input is f32 with at least two axes.
    - lif.R4: outside `stas.act` the leading (time) axis is static and >= 1.
    - lif.R5: inside `stas.act` the input is [B, N, ..] with the B and N of the encoder's input, the rest static.

    ```mlir
    %1 = stas.lif %0 neuron(#stas.lif<v_threshold = 0.5>) : tensor<4x?x64x64xf32> -> tensor<4x?x64x64xi1>
    ```
  }];
  let arguments = (ins STAS_Real:$input, STAS_LIFAttr:$neuron);
  let results = (outs STAS_Spikes:$output);
  let assemblyFormat = "$input `neuron` `(` $neuron `)` attr-dict `:` type($input) `->` type($output)";
  let hasVerifier = 1;
}

def STAS_MaxPool2dOp : STAS_LayerOp<"max_pool2d"> {
  let summary = "two-dimensional max-pooling";
  let description = [{
    Maximum over windows; padding never wins. Of spikes it is an OR.

    - max_pool2d.R1: input is [B, C, H, W] or [T, B, C, H, W] with static C, H, W >= 1.
    - max_pool2d.R2: two extents each, kernel and strides from 1 to 65536, 0 <= padding <= kernel / 2.
    - max_pool2d.R3: result extents are (H + 2 P - K) / S + 1 >= 1; the element type stays.

    ```mlir
    %1 = stas.max_pool2d %0 kernel [3, 3] strides [2, 2] padding [1, 1]
           : tensor<1x?x32x32x32xi1> -> tensor<1x?x32x16x16xi1>
    ```
  }];
  let arguments = (ins STAS_Activation:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$padding);
  let results = (outs STAS_Activation:$output);
  let assemblyFormat = [{
    $input `kernel` $kernel `strides` $strides `padding` $padding attr-dict `:` type($input) `->` type($output)
  }];
  let hasFolder = 1;
}

def STAS_AddOp : STAS_LayerOp<"add", [Commutative]> {
  let summary = "residual sum";
  let description = [{
    Elementwise sum of spikes, counts or real values.

    - add.R1: both operands have the same shape.
    - add.R2: the result is f32 where an operand is, else i8.

    ```mlir
    %2 = stas.add %0, %1 : tensor<1x?x64x8x8xi1>, tensor<1x?x64x8x8xi1> -> tensor<1x?x64x8x8xi8>
    ```
  }];
  let arguments = (ins STAS_Activation:$lhs, STAS_Activation:$rhs);
  let results = (outs STAS_Activation:$output);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($output)";
}

def STAS_IntegrateOp : STAS_TimedOp<"integrate", "Reduces"> {
  let summary = "sum or mean over time";
  let description = [{
    Reduces the leading T axis. I-SPS is `integrate(lif(encode(..)))`: one representation for all timesteps.

    - integrate.R1: the input has at least two axes, the leading (time) axis is static and >= 1.
    - integrate.R2: a mean is f32; a sum of spikes or counts is i8, of real values f32.

    ```mlir
    %1 = stas.integrate mean %0 : tensor<4x?x8x32x32xi1> -> tensor<?x8x32x32xf32>
    ```
  }];
  let arguments = (ins STAS_ReduceKind:$kind, STAS_Activation:$input);
  let results = (outs STAS_Activation:$output);
  let assemblyFormat = "$kind $input attr-dict `:` type($input) `->` type($output)";
  let hasFolder = 1;
}

def STAS_FlattenOp : STAS_LayerOp<"flatten"> {
  let summary = "maps to tokens";
  let description = [{
    [.., C, H, W] becomes [.., H * W, C]: token n = h * W + w, channels last.

    - flatten.R1: input is [B, C, H, W] or [T, B, C, H, W] with static C, H, W >= 1, H * W < 2^31.

    ```mlir
    %1 = stas.flatten %0 : tensor<1x?x64x8x8xi8> -> tensor<1x?x64x64xi8>
    ```
  }];
  let arguments = (ins STAS_Activation:$input);
  let results = (outs STAS_Activation:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
}

def STAS_AttentionOp : STAS_LayerOp<"attention", [SameTypeOperands]> {
  let summary = "spiking self-attention without softmax";
  let description = [{
    Per head h of width d = D / heads, over the N tokens of an image at a timestep: scale * (q_h k_h^T) v_h, heads
    concatenated. Both associations give the same integers before scaling.

    - attention.R1: q, k, v are spikes of one type [B, N, D] or [T, B, N, D] with static N, D >= 1.
    - attention.R2: heads >= 1 divides D.
    - attention.R3: scale is finite and positive.

    ```mlir
    %3 = stas.attention %q, %k, %v heads 4 scale 1.25e-01 : tensor<?x64x64xi1> -> tensor<?x64x64xf32>
    ```
  }];
  let arguments = (ins STAS_Spikes:$query, STAS_Spikes:$key, STAS_Spikes:$value, I64Attr:$heads, F64Attr:$scale);
  let results = (outs STAS_Real:$output);
  let assemblyFormat = [{
    $query `,` $key `,` $value `heads` $heads `scale` $scale attr-dict `:` type($query) `->` type($output)
  }];
}

def STAS_MaskOp : STAS_LayerOp<"mask"> {
  let summary = "zero the rows of halted tokens";
  let description = [{
    Rows of tokens that are not active become zero; the others stay.

    - mask.R1: input is [B, N, D], active is [B, N].

    ```mlir
    %1 = stas.mask %0, %active : tensor<?x64x64xi1>, tensor<?x64xi1>
    ```
  }];
  let arguments = (ins STAS_Activation:$input, STAS_Spikes:$active);
  let results = (outs STAS_Activation:$output);
  let assemblyFormat = "$input `,` $active attr-dict `:` type($input) `,` type($active)";
  let hasFolder = 1;
}

def STAS_MeanTokensOp : STAS_LayerOp<"mean_tokens"> {
  let summary = "mean over the tokens of an image";
  let description = [{
    [.., N, D] becomes [.., D].

    - mean_tokens.R1: input has at least three axes, N and D static and >= 1.

    ```mlir
    %1 = stas.mean_tokens %0 : tensor<?x64x64xf32> -> tensor<?x64xf32>
    ```
  }];
  let arguments = (ins STAS_Activation:$input);
  let results = (outs STAS_Real:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
}

def STAS_HeadOp : STAS_LayerOp<"head"> {
  let summary = "classifier";
  let description = [{
    logits[b, c] = sum over d of weight[c, d] * x[b, d] + bias[c].

    - head.R1: input is f32 [B, D], D static and >= 1.
    - head.R2: weight is [classes, D], classes >= 1.
    - head.R3: bias is [classes].

    ```mlir
    %1 = stas.head %0 weight(#w) bias(#b) : tensor<?x64xf32> -> tensor<?x10xf32>
    ```
  }];
  let arguments = (ins STAS_Real:$input, STAS_WeightAttr:$weight, STAS_WeightAttr:$bias);
  let results = (outs STAS_Real:$output);
  let assemblyFormat = [{
    $input `weight` `(` $weight `)` `bias` `(` $bias `)` attr-dict `:` type($input) `->` type($output)
  }];
}

def STAS_ActOp : STAS_Op<"act", [IsolatedFromAbove, SingleBlock, Pure,
                                 DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "an encoder whose tokens halt over blocks and timesteps (A-SSA)";
  let description = [{
    Runs the blocks (one region each, in order) for t = 1..timesteps. Every timestep starts from the same `input`; a
    block maps the stream `x` and the mask of active tokens to the new stream. After a block, each active token adds its
    halting score h = sigmoid(alpha * x[0] + beta) (1 at the last block of the last timestep) and halts when the sum H of
    `#stas.act`'s order exceeds 1 - eps. With R = 1 and y = 0 at the start: a token that halts adds R * x to y; one that
    goes on adds h * x and takes h from R. `output = weighted` yields y; `output = rate` yields the mean over timesteps
    of the last block's x, zero where the token did not enter that block. `steps` counts the (t, l) at which a token was
    active. The loop may end once no token is active. Membranes of `stas.lif` live from one timestep to the next.

    Rectangular order: H at (t, l) sums h over t' <= t, l' <= l (h = 0 where not active); a token is active at (t, l)
    while no sum at (t, l') with l' < l, nor at (t - 1, l), has exceeded 1 - eps. Timestep order: H at (t, l) sums h over
    l' <= l; a token is active while no sum at (t, l') with l' < l has exceeded it. Neurons of tokens that are not active
    keep their membranes.

    (act.R1 to act.R3 are those of `#stas.act`.)

    - act.R4: input is i8 or f32 [B, N, D] with static N, D >= 1.
    - act.R5: 1 <= timesteps <= 256, and at least one block.
    - act.R6: every block region takes (stream of input's type, active i1 [B, N]) and yields the stream's type.
    - act.R7: a block region holds no `stas.act`, `stas.time_loop`, `stas.encode`, `stas.integrate`, `stas.staircase` or
      `stas.isps`: time is implicit.
    - act.R8: table, where given, holds 1 to 256 scores from 0 to 2^24, the input is i8, and there are at most 64 blocks.

    `table` is the integer form: the score h in units of 2^-24 of each value that channel 0 of the stream takes, from 0 up.
    H and R are integers, R = 2^24 at the start, the limit is 2^24 - round_half_even(eps * 2^24), h = 2^24 at the last block
    of the last timestep, and the output is i64: y in units of 2^-24 of the stream's unit (`weighted`), or the sum over
    timesteps (`rate`).

    ```mlir
    %y, %steps = stas.act %x halting(#stas.act<alpha = 1.0, beta = -4.0>) timesteps 4
        : tensor<?x64x64xi8> -> tensor<?x64x64xf32>, tensor<?x64xi32> {
    ^bb0(%s: tensor<?x64x64xi8>, %active: tensor<?x64xi1>):
      %0 = stas.linear %s weight(#w) : tensor<?x64x64xi8> -> tensor<?x64x64xf32>
      %1 = stas.lif %0 neuron(#stas.lif<>) : tensor<?x64x64xf32> -> tensor<?x64x64xi1>
      %2 = stas.mask %1, %active : tensor<?x64x64xi1>, tensor<?x64xi1>
      %3 = stas.add %s, %2 : tensor<?x64x64xi8>, tensor<?x64x64xi1> -> tensor<?x64x64xi8>
      stas.yield %3 : tensor<?x64x64xi8>
    }
    ```
  }];
  let arguments = (ins STAS_Activation:$input, STAS_ActAttr:$halting, I64Attr:$timesteps,
                       OptionalAttr<DenseI32ArrayAttr>:$table);
  let results = (outs TensorOf<[F32, I64]>:$output, TensorOf<[I32]>:$steps);
  let regions = (region VariadicRegion<SizedRegion<1>>:$blocks);
  let assemblyFormat = [{
    $input `halting` `(` $halting `)` `timesteps` $timesteps (`table` $table^)? attr-dict `:` type($input) `->` type($output) `,` type($steps) $blocks
  }];
  let builders = [OpBuilder<(ins "::mlir::Value":$input, "::stas::ActAttr":$halting, "int64_t":$timesteps,
                                 "unsigned":$blocks), [{
    build($_builder, $_state, input, halting, timesteps, /*table=*/::mlir::DenseI32ArrayAttr(), blocks);
  }]>];
  let hasVerifier = 1;
  // What the blocks hold is looked at once their ops are known to be sound.
  let hasRegionVerifier = 1;
}

def STAS_YieldOp : STAS_Op<"yield", [Pure, Terminator, ReturnLike, ParentOneOf<["ActOp", "TimeLoopOp"]>]> {
  let summary = "ends a block region of stas.act, or a turn of stas.time_loop";
  let description = [{
    Yields the residual stream after the block, or the state after the timestep.

    ```mlir
    stas.yield %3 : tensor<?x64x64xi8>
    ```
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$values);
  let assemblyFormat = "$values attr-dict `:` type($values)";
  let extraClassDeclaration = [{
    /// The residual stream that a block of stas.act ends with.
    ::mlir::Value getStream() { return getValues().front(); }
  }];
}

include "dialects/STAS/StaircaseOps.td"
include "dialects/STAS/LoopOps.td"

#endif // STAS_OPS_TD
