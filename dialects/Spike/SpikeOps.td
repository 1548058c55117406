// Tensor operations of the sparse level.
#ifndef SPIKE_OPS_TD
#define SPIKE_OPS_TD

include "SpikeDialect.td"
include "SpikeAttrs.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Spike_Op<string mnemonic, list<Trait> traits = []> : Op<Spike_Dialect, mnemonic, traits>;
class Spike_TensorOp<string mnemonic, list<Trait> traits = []> : Spike_Op<mnemonic, [Pure] # traits> {
  let hasVerifier = 1;
}
def Spike_Real : TensorOf<[F32]>;
def Spike_Train : TensorOf<[I1]>;
def Spike_Activation : TensorOf<[I1, I8, F32]>;

def Spike_AccumulateOp : Spike_TensorOp<"accumulate"> {
  let summary = "event-driven weighted sum";
  let description = [{
    For every row (token, or output position of a window): the sum over its non-zero inputs k of x[k] * weight[:, k].
    An input of zero costs nothing, an input of one an addition.

    - accumulate.R1: without window: input [.., K], weight [N, K], result [.., N].
    - accumulate.R2: with window: input [.., H, W, C] (or [.., C, H, W] where channels_first), weight [C', C, KH, KW],
      result [.., H', W', C'].
    - accumulate.R3: leading axes agree; the result is f32.

    ```mlir
    %1 = spike.accumulate %0 weight(#w) : tensor<4x?x64x64xi1> -> tensor<4x?x64x256xf32>
    ```
  }];
  let arguments = (ins Spike_Activation:$input, STAS_WeightAttr:$weight, OptionalAttr<Spike_WindowAttr>:$window);
  let results = (outs Spike_Real:$output);
  let assemblyFormat = [{
    $input `weight` `(` $weight `)` (`window` `(` $window^ `)`)? attr-dict `:` type($input) `->` type($output)
  }];
}

def Spike_CoincideOp : Spike_TensorOp<"coincide", [SameTypeOperands]> {
  let summary = "counts of coinciding spikes: attention before its scale";
  let description = [{
    Per head, (q k^T) v = q (k^T v) in integers: for every token and channel, the number of triples of a query spike, a
    key spike and a value spike that meet.

    - coincide.R1: q, k, v are spikes of one type [.., N, D]; the result is i32 of that shape.
    - coincide.R2: heads >= 1 divides D.

    ```mlir
    %3 = spike.coincide %q, %k, %v heads 4 : tensor<?x64x64xi1> -> tensor<?x64x64xi32>
    ```
  }];
  let arguments = (ins Spike_Train:$query, Spike_Train:$key, Spike_Train:$value, I64Attr:$heads);
  let results = (outs TensorOf<[I32]>:$output);
  let assemblyFormat = "$query `,` $key `,` $value `heads` $heads attr-dict `:` type($query) `->` type($output)";
}

def Spike_FireOp : Spike_TensorOp<"fire"> {
  let summary = "neurons: scale, shift, integrate, fire";
  let description = [{
    The current a_c * sum + b_c of `norm` drives a neuron per element. Sums without a T axis are a current that is the
    same at every timestep; the result has the T axis. Inside `stas.act` nothing has a T axis and the membrane lives
    on. Rows of tokens that are not `active` neither run nor fire.

    - fire.R1: sums are f32 or i32, the result i1.
    - fire.R2: the result has the sums' shape, or a leading T axis more (outside `stas.act`).
    - fire.R3: active, where given, is i1 [B, N] to sums [B, N, D].

    ```mlir
    %1 = spike.fire %0 norm(#spike.norm<>) neuron(#stas.lif<>) : tensor<?x64x64xf32> -> tensor<4x?x64x64xi1>
    ```
  }];
  let arguments = (ins TensorOf<[F32, I32]>:$sums, Optional<Spike_Train>:$active, Spike_NormAttr:$norm,
                       STAS_LIFAttr:$neuron);
  let results = (outs Spike_Train:$output);
  let assemblyFormat = [{
    $sums (`active` `(` $active^ `:` type($active) `)`)? `norm` `(` $norm `)` `neuron` `(` $neuron `)` attr-dict `:`
    type($sums) `->` type($output)
  }];
}

def Spike_AffineOp : Spike_Op<"affine", [Pure, SameOperandsAndResultType]> {
  let summary = "scale and shift a sum that drives no neuron";
  let description = [{
    a_c * sum + b_c: the classifier's last step.

    ```mlir
    %1 = spike.affine %0 norm(#spike.norm<>) : tensor<?x10xf32>
    ```
  }];
  let arguments = (ins Spike_Real:$sums, Spike_NormAttr:$norm);
  let results = (outs Spike_Real:$output);
  let assemblyFormat = "$sums `norm` `(` $norm `)` attr-dict `:` type($sums)";
}

def Spike_MaxPoolOp : Spike_TensorOp<"max_pool"> {
  let summary = "maximum over windows of a channels-last map";
  let description = [{
    - max_pool.R1: input [.., H, W, C], result [.., H', W', C] of the same element type.

    ```mlir
    %1 = spike.max_pool %0 window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>)
           : tensor<1x?x32x32x32xi1> -> tensor<1x?x16x16x32xi1>
    ```
  }];
  let arguments = (ins Spike_Activation:$input, Spike_WindowAttr:$window);
  let results = (outs Spike_Activation:$output);
  let assemblyFormat = "$input `window` `(` $window `)` attr-dict `:` type($input) `->` type($output)";
}

def Spike_IntegrateOp : Spike_TensorOp<"integrate"> {
  let summary = "sum or mean over the T axis";
  let description = [{
    - integrate.R3: input [T, B, ..], result [B, ..]: f32 for a mean or of f32, else i8.

    ```mlir
    %1 = spike.integrate mean %0 : tensor<4x?x32x32x8xi1> -> tensor<?x32x32x8xf32>
    ```
  }];
  let arguments = (ins STAS_ReduceKind:$kind, Spike_Activation:$input);
  let results = (outs Spike_Activation:$output);
  let assemblyFormat = "$kind $input attr-dict `:` type($input) `->` type($output)";
}

def Spike_AddOp : Spike_TensorOp<"add"> {
  let summary = "residual sum";
  let description = [{
    Elementwise; an operand without a T axis meets every timestep of the other.

    - add.R3: shapes agree, but for a T axis that one operand may lack; the result is f32 where an operand is, else i8.

    ```mlir
    %2 = spike.add %0, %1 : tensor<?x64x64xi8>, tensor<?x64x64xi1> -> tensor<?x64x64xi8>
    ```
  }];
  let arguments = (ins Spike_Activation:$lhs, Spike_Activation:$rhs);
  let results = (outs Spike_Activation:$output);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($output)";
}

def Spike_FlattenOp : Spike_TensorOp<"flatten"> {
  let summary = "a channels-last map read as tokens";
  let description = [{
    No data moves: [.., H, W, C] is [.., H * W, C].

    - flatten.R2: the result is the input with H and W merged.

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
    - mean_tokens.R2: input [.., N, D], result f32 [.., D].

    ```mlir
    %1 = spike.mean_tokens %0 : tensor<4x?x64x64xi8> -> tensor<4x?x64xf32>
    ```
  }];
  let arguments = (ins Spike_Activation:$input);
  let results = (outs Spike_Real:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
}

include "PlanOps.td"

#endif // SPIKE_OPS_TD
