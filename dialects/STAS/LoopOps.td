// A halting encoder as a loop over timesteps: what it remembers from one to the next is values.
#ifndef STAS_LOOP_OPS_TD
#define STAS_LOOP_OPS_TD

include "dialects/STAS/STASDialect.td"
include "dialects/STAS/STASAttrs.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/LoopLikeInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

/// What a loop carries: masks, scores, membranes, sums.
def STAS_State : RankedTensorOf<[I1, I8, I32, I64, F32]>;
/// Halting scores: f32, or i32 in units of 2^-24.
def STAS_Scores : RankedTensorOf<[F32, I32]>;
def STAS_HaltingSum : RankedTensorOf<[F32, I64]>;

def STAS_TimeLoopOp : STAS_Op<"time_loop", [
    SingleBlock, RecursiveMemoryEffects,
    DeclareOpInterfaceMethods<LoopLikeOpInterface, [
      "getInitsMutable", "getLoopInductionVars", "getLoopLowerBounds", "getLoopResults", "getLoopSteps",
      "getLoopUpperBounds", "getRegionIterArgs", "getYieldedValuesMutable"]>,
    DeclareOpInterfaceMethods<RegionBranchOpInterface, ["getEntrySuccessorOperands"]>]> {
  let summary = "timesteps one after the other, with state";
  let description = [{
    Runs its body for t = 0 .. timesteps - 1. The body gets t and the state, and yields the next state; the results are
    the state after the last timestep. With `idle`, an image ends at the first timestep after which that mask, a part of
    the state, is zero for all its tokens: its state then stays as it is. Images of a batch do not wait for each other.

    The body may use values from outside. What does not depend on t can be moved there
    (`loop-invariant-code-motion`).

    - stas.time_loop.R1: 1 <= timesteps <= 256.
    - stas.time_loop.R2: the body takes (index, the state's types) and yields the state's types, as are the results'.
    - stas.time_loop.R3: the state holds at least one value; each is [B, ..] with one B, static but for B.
    - stas.time_loop.R4: idle, where given, is i1.
    - stas.time_loop.R5: the body holds no `stas.act` and no other loop.

    ```mlir
    %y:2 = stas.time_loop %t timesteps 4 iter(%v = %v0 : tensor<?x4x8xf32>, %a = %a0 : tensor<?x4xi1>) idle(%a) {
      %s, %v1 = stas.lif_step %x, %v active(%a : tensor<?x4xi1>) neuron(<>) : tensor<?x4x8xf32>
      stas.yield %v1, %a : tensor<?x4x8xf32>, tensor<?x4xi1>
    }
    ```
  }];
  let arguments = (ins I64Attr:$timesteps, Variadic<STAS_State>:$init_args, OptionalAttr<I64Attr>:$idle);
  let results = (outs Variadic<STAS_State>:$results);
  let regions = (region SizedRegion<1>:$body);
  let skipDefaultBuilders = 1;
  let builders = [
    /// An empty body with its arguments; `idle`: the place of the mask in the state.
    OpBuilder<(ins "int64_t":$timesteps, "::mlir::ValueRange":$inits, "std::optional<int64_t>":$idle)>
  ];
  let extraClassDeclaration = [{
    ::mlir::BlockArgument getTimestep() { return getBody().getArgument(0); }
    ::stas::YieldOp getYield();
  }];
  let hasCustomAssemblyFormat = 1;
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def STAS_SplatOp : STAS_Op<"splat", [Pure]> {
  let summary = "one value for every element of a batch";
  let description = [{
    The first state of a loop, whose batch is known when the model runs: every element is `value`; the extent B is that
    of `like`.

    - splat.R1: like is [B, ..], the result [B, ..] of the same B, its other extents static and >= 1.
    - splat.R2: value has the result's element type.

    ```mlir
    %v0 = stas.splat 0.0 : f32 like %x : tensor<?x64x64xi8> -> tensor<?x64x256xf32>
    ```
  }];
  let arguments = (ins TypedAttrInterface:$value, RankedTensorOf<[AnyType]>:$like);
  let results = (outs STAS_State:$output);
  let assemblyFormat = "$value `like` $like attr-dict `:` type($like) `->` type($output)";
  let hasVerifier = 1;
}

def STAS_LIFStepOp : STAS_ShapedOp<"lif_step", [
    TypesMatchWith<"lif_step.R1: the membrane has the current's type", "current", "membrane", "$_self">]> {
  let summary = "one timestep of leaky integrate-and-fire neurons";
  let description = [{
    Every element is a neuron of `#stas.lif`, whose membrane comes in and goes out. Rows of tokens that are not active
    neither fire nor run: their membranes stay.

    - lif_step.R1: current and membrane have one f32 type of at least two axes; the spikes have its shape.
    - lif_step.R2: active, where given, is i1 and holds the leading axes of the current.

    ```mlir
    %s, %v1 = stas.lif_step %x, %v active(%a : tensor<?x64xi1>) neuron(<v_threshold = 0.5>) : tensor<?x64x64xf32>
    ```
  }];
  let arguments = (ins STAS_Real:$current, STAS_Real:$membrane, Optional<STAS_Spikes>:$active, STAS_LIFAttr:$neuron);
  let results = (outs STAS_Spikes:$spikes, STAS_Real:$next);
  let assemblyFormat = [{
    $current `,` $membrane (`active` `(` $active^ `:` type($active) `)`)? `neuron` `(` $neuron `)` attr-dict `:`
    type($current)
  }];
  let hasCanonicalizeMethod = 1;
}

def STAS_HaltOp : STAS_Op<"halt", [Pure, AttrSizedOperandSegments, AttrSizedResultSegments]> {
  let summary = "adaptive computation time after a block";
  let description = [{
    What `stas.act` does after a block (counted from 0) at timestep `timestep`: every active token adds its halting
    score to its sum, and halts where the sum exceeds the limit. The parts of the state come in and go out:

    | part | type | what it is | where |
    |---|---|---|---|
    | active | i1 [B, N] | tokens that go on | always |
    | sum | scores [B, N] | lexicographic order: H; else the sum of this timestep's scores | always |
    | remainder | f32 [B, N] | R | output weighted, without table |
    | column | scores [B, N] | H of this block | rectangular order |
    | output | f32 or i64 [B, N, D] | y, or the sum of the last block's outputs | output weighted, or the last block |
    | steps | i32 [B, N] | timesteps and blocks at which a token was active | as wanted |

    Scores are f32 and the output is f32. With a `table`, the score of each integer x[0], both are integers: scores i32 in
    units of 2^-24, R = 2^24 - H, output i64 in units of 2^-24 of the stream's.

    - halt.R1: the stream is [B, N, D] with static N, D >= 1, f32 or i8; i8 with a table.
    - halt.R2: 1 <= timesteps <= 256, 0 <= block_index < num_blocks.
    - halt.R3: the parts have the types above, which their successors share.
    - halt.R4: remainder, column and output are given where the table says, and only there.
    - halt.R5: a table holds 1 to 256 scores from 0 to 2^24; with it there are at most 64 blocks, so that sums fit i32.

    ```mlir
    %a1, %h1, %r1, %y1, %n1 = stas.halt %x at %t active(%a) sum(%h) remainder(%r) output(%y) steps(%n) block 0 of 2
        timesteps 4 halting(<alpha = 1.0, beta = -4.0>) : tensor<?x64x64xi8>
    ```
  }];
  let arguments = (ins STAS_Activation:$stream, Index:$timestep, STAS_Spikes:$active, STAS_Scores:$sum,
                       Optional<STAS_Scores>:$remainder, Optional<STAS_Scores>:$column,
                       Optional<STAS_HaltingSum>:$output, Optional<RankedTensorOf<[I32]>>:$steps, I64Attr:$block_index,
                       I64Attr:$num_blocks, I64Attr:$timesteps, OptionalAttr<DenseI32ArrayAttr>:$table,
                       STAS_ActAttr:$halting);
  let results = (outs STAS_Spikes:$nextActive, STAS_Scores:$nextSum, Optional<STAS_Scores>:$nextRemainder,
                      Optional<STAS_Scores>:$nextColumn, Optional<STAS_HaltingSum>:$nextOutput,
                      Optional<RankedTensorOf<[I32]>>:$nextSteps);
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "::mlir::Value":$stream, "::mlir::Value":$timestep, "const ::stas::HaltingState &":$state,
                   "int64_t":$blockIndex, "int64_t":$numBlocks, "int64_t":$timesteps, "::mlir::DenseI32ArrayAttr":$table,
                   "::stas::ActAttr":$halting)>
  ];
  let extraClassDeclaration = [{
    ::stas::HaltingState getState();
    ::stas::HaltingState getNext();
    bool isLastBlock() { return getBlockIndex() + 1 == getNumBlocks(); }
    /// Which parts of the state a block's halting takes; `steps` is as wanted.
    static ::stas::HaltingParts partsOf(::stas::ActAttr halting, bool isLastBlock, bool hasTable);
  }];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

def STAS_GateOp : STAS_ShapedOp<"gate"> {
  let summary = "the tokens that enter a block in rectangular order";
  let description = [{
    In rectangular order a token that is active after block l - 1 enters block l unless H at (t - 1, l) has reached:
    active and not `column` > 1 - eps.

    - gate.R1: active is [B, N], column its scores, [B, N].
    - gate.R2: the order is rectangular.

    ```mlir
    %1 = stas.gate %a, %c halting(<alpha = 1.0, beta = -4.0, order = rectangular, output = rate>)
        : tensor<?x64xi1>, tensor<?x64xf32>
    ```
  }];
  let arguments = (ins STAS_Spikes:$active, STAS_Scores:$column, STAS_ActAttr:$halting);
  let results = (outs STAS_Spikes:$output);
  let assemblyFormat = "$active `,` $column `halting` `(` $halting `)` attr-dict `:` type($active) `,` type($column)";
}

#endif // STAS_LOOP_OPS_TD
