// Tensor operations of the sparse level.
#ifndef SPIKE_OPS_TD
#define SPIKE_OPS_TD

include "SpikeDialect.td"
include "SpikeAttrs.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "SynapticInterfaces.td"

class Spike_Op<string mnemonic, list<Trait> traits = []> : Op<Spike_Dialect, mnemonic, traits>;
class Spike_TensorOp<string mnemonic, list<Trait> traits = []> : Spike_Op<mnemonic, [Pure] # traits> {
  let hasVerifier = 1;
}
defvar Spike_Synapses = DeclareOpInterfaceMethods<SynapticOpInterface>;
defvar Spike_Neurons = DeclareOpInterfaceMethods<NeuronOpInterface>;
defvar Spike_PassesLevels = DeclareOpInterfaceMethods<LevelsOpInterface>;
def Spike_Real : RankedTensorOf<[F32]>;
def Spike_Sums : RankedTensorOf<[F32, I32, I64]>;
def Spike_WideSums : RankedTensorOf<[I64]>;
def Spike_Counts : RankedTensorOf<[I32]>;
def Spike_Train : RankedTensorOf<[I1]>;
def Spike_Membrane : RankedTensorOf<[F32, I32, I64]>;
def Spike_Activation : RankedTensorOf<[I1, I8, F32]>;
def Spike_Image : RankedTensorOf<[I32]>;
/// What the integer form adds: the quantised image, and wide sums of counts on their way to the classifier.
def Spike_Input : RankedTensorOf<[I1, I8, I32, I64, F32]>;
def Spike_Summable : RankedTensorOf<[I1, I8, I64, F32]>;
def Spike_Integers64 : RankedTensorOf<[I1, I8, I64]>;

def Spike_AccumulateOp : Spike_TensorOp<"accumulate", [Spike_Synapses]> {
  let summary = "event-driven weighted sum";
  let description = [{
    For every row (token, or output position of a window): the sum over its non-zero inputs k of x[k] * weight[:, k].
    An input of zero costs nothing, an input of one an addition.

    - accumulate.R1: without window: input [.., K], weight [N, K] with N, K >= 1.
    - accumulate.R2: with window: input [.., H, W, C] (or [.., C, H, W] where channels_first) with static H, W, C >= 1,
      weight [C', C, KH, KW] with C' >= 1 and the window's kernel.
    - accumulate.R3: the window fits the padded map.
    - accumulate.R4: the result is [.., N] or [.., H', W', C'], leading axes as in the input.
    - accumulate.R5: without quant, input i1, i8 or f32 and result f32; with quant, an integer input, i32 and i64 only
      where state_bits > 32, and the result is i64 where state_bits > 32, else i32.
    - accumulate.R6: quant's weight is the op's.

    With `quant` the weights are the integers of that recipe and the sum is exact.

    ```mlir
    %1 = spike.accumulate %0 weight(#w) : tensor<4x?x64x64xi1> -> tensor<4x?x64x256xf32>
    %2 = spike.accumulate %0 weight(#w) quant(#q) : tensor<4x?x64x64xi1> -> tensor<4x?x64x256xi32>
    ```
  }];
  let arguments = (ins Spike_Input:$input, STAS_WeightAttr:$weight, OptionalAttr<Spike_WindowAttr>:$window,
                       OptionalAttr<Spike_QuantAttr>:$quant);
  let results = (outs Spike_Sums:$output);
  let assemblyFormat = [{
    $input `weight` `(` $weight `)` (`window` `(` $window^ `)`)? (`quant` `(` $quant^ `)`)? attr-dict `:` type($input)
    `->` type($output)
  }];
  let extraClassDeclaration = [{
    /// Axes of the input behind the batch: three of a map, [N, D] of tokens, [D] of a classifier's row. The batch is the
    /// dynamic axis; without one, three axes are [1, N, D].
    int64_t getImageAxes();
    /// The input; where that is rows of active tokens, the rows of all of them.
    ::mlir::Value getAllRows();
  }];
  let builders = [OpBuilder<(ins "::mlir::Type":$output, "::mlir::Value":$input, "::stas::WeightAttr":$weight,
                                 "::stas::spike::WindowAttr":$window), [{
    build($_builder, $_state, output, input, weight, window, /*quant=*/QuantAttr());
  }]>];
}

def Spike_CoincideOp : Spike_TensorOp<"coincide", [SameTypeOperands, Spike_Synapses]> {
  let summary = "counts of coinciding spikes: attention before its scale";
  let description = [{
    Per head, (q k^T) v = q (k^T v) in integers: for every token and channel, the number of triples of a query spike, a
    key spike and a value spike that meet.

    - coincide.R1: q, k, v are spikes of one type [B, N, D] or [T, B, N, D] with static N, D >= 1; the result is i32 of
      that shape.
    - coincide.R2: heads >= 1 divides D.

    ```mlir
    %3 = spike.coincide %q, %k, %v heads 4 : tensor<?x64x64xi1> -> tensor<?x64x64xi32>
    ```
  }];
  let arguments = (ins Spike_Train:$query, Spike_Train:$key, Spike_Train:$value, I64Attr:$heads);
  let results = (outs Spike_Counts:$output);
  let assemblyFormat = "$query `,` $key `,` $value `heads` $heads attr-dict `:` type($query) `->` type($output)";
}

def Spike_FireOp : Spike_TensorOp<"fire", [Spike_Neurons, AttrSizedOperandSegments]> {
  let summary = "neurons: scale, shift, integrate, fire";
  let description = [{
    The current a_c * sum + b_c of `norm` drives a neuron per element. Sums without a T axis are a current that is the
    same at every timestep; the result has the T axis. Inside `stas.act` nothing has a T axis and the membrane lives
    on. With `membrane` the op is one timestep, as `stas.lif_step` is: the membrane comes in and goes out. Rows of tokens
    that are not `active` neither run nor fire, and their membranes stay.

    - fire.R1: sums are [.., C] with static C >= 1.
    - fire.R2: outside `stas.act` the result is [T, ..] with static T >= 1, the sums' shape or that with a T axis more;
      inside it, and with membrane, it is the sums' shape.
    - fire.R3: active, where given, is [B, N] to sums [B, N, D]; inside `stas.act` it is given.
    - fire.R4: the vectors of norm hold C values.
    - fire.R5: without quant, sums are f32 or i32; with quant, i64 where its state_bits > 32, else i32.
    - fire.R6: quant's norm and neuron are the op's, and its steps are the timesteps that the neuron runs.
    - fire.R7: quant's channels, where it has any, are C.
    - fire.R8: sums of a spike.accumulate hold the same quant, or neither does.
    - fire.R9: membrane, where given, has the sums' shape; its elements are f32, or with quant the sums'. Then there is a
      second result of its type, and the op does not stand in `stas.act`.

    With `quant` the neuron is the integer one of that recipe.

    ```mlir
    %1 = spike.fire %0 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x64x64xf32> -> tensor<4x?x64x64xi1>
    %2, %v1 = spike.fire %0 membrane(%v : tensor<?x64x64xf32>) norm(#spike.norm<>) neuron(#stas.lif<>)
        : tensor<?x64x64xf32> -> tensor<?x64x64xi1>, tensor<?x64x64xf32>
    %3 = spike.fire %2 norm(#spike.norm<>) neuron(#stas.lif<>) quant(#q) : tensor<?x64x64xi32> -> tensor<4x?x64x64xi1>
    ```
  }];
  let arguments = (ins Spike_Sums:$sums, Optional<Spike_Train>:$active, Optional<Spike_Membrane>:$membrane,
                       Spike_NormAttr:$norm, STAS_LIFAttr:$neuron, OptionalAttr<Spike_QuantAttr>:$quant);
  let results = (outs Spike_Train:$output, Optional<Spike_Membrane>:$next);
  let assemblyFormat = [{
    $sums (`active` `(` $active^ `:` type($active) `)`)? (`membrane` `(` $membrane^ `:` type($membrane) `)`)?
    `norm` `(` $norm `)` `neuron` `(` $neuron `)` (`quant` `(` $quant^ `)`)? attr-dict `:` type($sums) `->`
    type($output) (`,` type($next)^)?
  }];
  let builders = [
    OpBuilder<(ins "::mlir::Type":$output, "::mlir::Value":$sums, "::mlir::Value":$active,
                   "::stas::spike::NormAttr":$norm, "::stas::LIFAttr":$neuron), [{
      build($_builder, $_state, output, /*next=*/::mlir::Type(), sums, active, /*membrane=*/::mlir::Value(), norm, neuron,
            /*quant=*/QuantAttr());
    }]>
  ];
  let extraClassDeclaration = [{
    /// The element type of these neurons' membranes.
    ::mlir::Type getMembraneElement();
  }];
  let hasCanonicalizeMethod = 1;
}

def Spike_StaircaseOp : Spike_TensorOp<"staircase", [Spike_Neurons, Spike_PassesLevels]> {
  let summary = "neurons of a steady current, and the sum or mean of their spikes over time";
  let description = [{
    The current a_c * sum + b_c of `norm` drives a neuron per element for `timesteps` steps; the result is the sum or mean
    of its spikes. With `pool`, a window of neurons counts the steps at which any of them fired. It is `spike.fire` of sums
    without a T axis, `spike.max_pool` and `spike.integrate` in one: a target needs neither membranes nor spikes in memory.

    - spike.staircase.R1: sums are [.., C] with static C >= 1, the vectors of norm hold C values, and no `stas.act` is around.
    - spike.staircase.R2: 1 <= timesteps <= 256, and at most 255 for a sum, so that i8 holds it.
    - spike.staircase.R3: with pool: sums [.., H, W, C] with static H, W, C >= 1, padding <= kernel / 2, a window that fits the
      padded map.
    - spike.staircase.R4: the result is the sums' shape, or [.., H', W', C] with pool; f32 for a mean, i8 for a sum.
    - spike.staircase.R5: without quant, sums are f32 or i32; with quant they are as its state_bits say, its norm and neuron
      are the op's, its steps the timesteps, its channels C, sums of a spike.accumulate hold it too, and the spikes are summed.

    ```mlir
    %1 = spike.staircase mean %0 norm(#spike.norm<>) neuron(#stas.lif<>) timesteps 4
           : tensor<?x32x32x8xf32> -> tensor<?x32x32x8xf32>
    ```
  }];
  let arguments = (ins STAS_ReduceKind:$kind, Spike_Sums:$sums, Spike_NormAttr:$norm, STAS_LIFAttr:$neuron,
                       I64Attr:$timesteps, OptionalAttr<Spike_WindowAttr>:$pool,
                       OptionalAttr<Spike_QuantAttr>:$quant);
  let results = (outs Spike_Activation:$output);
  let assemblyFormat = [{
    $kind $sums `norm` `(` $norm `)` `neuron` `(` $neuron `)` `timesteps` $timesteps (`pool` `(` $pool^ `)`)?
    (`quant` `(` $quant^ `)`)? attr-dict `:` type($sums) `->` type($output)
  }];
  let builders = [OpBuilder<(ins "::mlir::Type":$output, "::stas::ReduceKind":$kind, "::mlir::Value":$sums,
                                 "::stas::spike::NormAttr":$norm, "::stas::LIFAttr":$neuron, "int64_t":$timesteps,
                                 "::stas::spike::WindowAttr":$pool), [{
    build($_builder, $_state, output, kind, sums, norm, neuron, timesteps, pool, /*quant=*/QuantAttr());
  }]>];
}

def Spike_AffineOp : Spike_TensorOp<"affine", [SameOperandsAndResultType]> {
  let summary = "scale and shift a sum that drives no neuron";
  let description = [{
    a_c * sum + b_c: the classifier's last step.

    - affine.R1: sums are [.., C] with static C >= 1, the vectors of norm hold C values.

    ```mlir
    %1 = spike.affine %0 norm(#spike.norm<>) : tensor<?x10xf32>
    ```
  }];
  let arguments = (ins Spike_Real:$sums, Spike_NormAttr:$norm);
  let results = (outs Spike_Real:$output);
  let assemblyFormat = "$sums `norm` `(` $norm `)` attr-dict `:` type($sums)";
}

def Spike_MaxPoolOp : Spike_TensorOp<"max_pool", [Spike_PassesLevels]> {
  let summary = "maximum over windows of a channels-last map";
  let description = [{
    - max_pool.R1: input [.., H, W, C] with static H, W, C >= 1.
    - max_pool.R2: padding <= kernel / 2, so that every window holds an element; the window fits the padded map.
    - max_pool.R3: the result is [.., H', W', C] of the input's element type.

    ```mlir
    %1 = spike.max_pool %0 window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>)
           : tensor<1x?x32x32x32xi1> -> tensor<1x?x16x16x32xi1>
    ```
  }];
  let arguments = (ins Spike_Activation:$input, Spike_WindowAttr:$window);
  let results = (outs Spike_Activation:$output);
  let hasFolder = 1;
  let assemblyFormat = "$input `window` `(` $window `)` attr-dict `:` type($input) `->` type($output)";
}

def Spike_IntegrateOp : Spike_TensorOp<"integrate", [Spike_PassesLevels]> {
  let summary = "sum or mean over the T axis";
  let description = [{
    - spike.integrate.R1: input [T, ..] with static T >= 1; T <= 255 where counts are summed, so that i8 holds them.
    - spike.integrate.R2: the result is [..]: f32 for a mean or of f32, i64 for a sum of i64, else i8.
    - spike.integrate.R3: i64 is summed, not averaged: its mean is the sum in a unit 1/T as large.

    ```mlir
    %1 = spike.integrate mean %0 : tensor<4x?x32x32x8xi1> -> tensor<?x32x32x8xf32>
    ```
  }];
  let arguments = (ins STAS_ReduceKind:$kind, Spike_Summable:$input);
  let results = (outs Spike_Summable:$output);
  let assemblyFormat = "$kind $input attr-dict `:` type($input) `->` type($output)";
}

def Spike_AddOp : Spike_TensorOp<"add", [Spike_PassesLevels]> {
  let summary = "residual sum";
  let description = [{
    Elementwise, lhs + factor * rhs; an operand without a T axis meets every timestep of the other. The factor brings
    counts of a larger unit to the unit of lhs: a residual stream that holds the sum over T of a stem's spikes in the unit
    1/T takes T for each spike of a branch.

    - spike.add.R1: an operand has the result's shape, or lacks its leading static T axis; not both lack it.
    - spike.add.R2: the result is f32 where an operand is, else i8.
    - spike.add.R3: the factor is from 1 to 255, and 1 where an operand is f32.

    ```mlir
    %2 = spike.add %0, %1 : tensor<?x64x64xi8>, tensor<?x64x64xi1> -> tensor<?x64x64xi8>
    %3 = spike.add %0, %1 factor 4 : tensor<?x64x64xi8>, tensor<?x64x64xi1> -> tensor<?x64x64xi8>
    ```
  }];
  let arguments = (ins Spike_Activation:$lhs, Spike_Activation:$rhs, DefaultValuedAttr<I64Attr, "1">:$factor);
  let results = (outs Spike_Activation:$output);
  let assemblyFormat = [{
    $lhs `,` $rhs (`factor` $factor^)? attr-dict `:` type($lhs) `,` type($rhs) `->` type($output)
  }];
  let builders = [OpBuilder<(ins "::mlir::Type":$output, "::mlir::Value":$lhs, "::mlir::Value":$rhs), [{
    build($_builder, $_state, output, lhs, rhs, /*factor=*/1);
  }]>];
}

def Spike_FlattenOp : Spike_TensorOp<"flatten", [Spike_PassesLevels]> {
  let summary = "a channels-last map read as tokens";
  let description = [{
    No data moves: [.., H, W, C] is [.., H * W, C].

    - spike.flatten.R1: input [.., H, W, C] with static H, W, C >= 1 and a leading axis.
    - spike.flatten.R2: the result is the input with H and W merged.

    ```mlir
    %1 = spike.flatten %0 : tensor<1x?x8x8x64xi8> -> tensor<1x?x64x64xi8>
    ```
  }];
  let arguments = (ins Spike_Activation:$input);
  let results = (outs Spike_Activation:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
}

def Spike_MeanTokensOp : Spike_TensorOp<"mean_tokens"> {
  let summary = "mean over the tokens of an image";
  let description = [{
    - spike.mean_tokens.R1: input [.., N, D] with static N, D >= 1 and a leading axis.
    - spike.mean_tokens.R2: the result is [.., D].

    ```mlir
    %1 = spike.mean_tokens %0 : tensor<4x?x64x64xi8> -> tensor<4x?x64xf32>
    ```
  }];
  let arguments = (ins Spike_Activation:$input);
  let results = (outs Spike_Real:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
}

include "SparseOps.td"
include "QuantOps.td"
include "PlanOps.td"

#endif // SPIKE_OPS_TD
