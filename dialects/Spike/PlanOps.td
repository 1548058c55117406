// The plan: buffers, constants and launches for one image.
#ifndef SPIKE_PLAN_OPS_TD
#define SPIKE_PLAN_OPS_TD

/// One-dimensional memories of known size, not empty.
class Spike_MemoryOf<list<Type> elements> : ConfinedType<MemRefRankOf<elements, [1]>, [
  HasStaticShapePred, CPred<"::llvm::cast<::mlir::MemRefType>($_self).getNumElements() >= 1">],
  "static one-dimensional memory of " # !interleave(!foreach(e, elements, e.summary), " or ")>;
/// Of an arena. Tables may hold f64 too.
def Spike_Memory : Spike_MemoryOf<[I8, I16, I32, I64, F32]>;
def Spike_Operand : Spike_MemoryOf<[I8, I16, I32, I64, F32, F64]>;
def Spike_Bytes : Spike_MemoryOf<[I8]>;
def Spike_Integers : Spike_MemoryOf<[I32]>;
def Spike_Reals : Spike_MemoryOf<[F32]>;

def Spike_BufferOp : Spike_Op<"buffer"> {
  let summary = "a region of an image's arena";
  let description = [{
    `zero` clears it before every image; such a buffer holds state and keeps its place for the whole plan. `offset` is
    its place in the arena in bytes, given by `spike-plan-memory`.

    - buffer.R1: offset, where given, is a multiple of 64 and not negative.

    ```mlir
    %0 = spike.buffer "block.0.attn.q_lif" : memref<4096xi8>
    ```
  }];
  let arguments = (ins StrAttr:$name, UnitAttr:$zero, OptionalAttr<I64Attr>:$offset);
  let results = (outs Spike_Memory:$memory);
  let assemblyFormat = "$name (`zero` $zero^)? (`at` $offset^)? attr-dict `:` type($memory)";
  let hasVerifier = 1;
}

def Spike_ConstantOp : Spike_Op<"constant", [Pure]> {
  let summary = "constants in the artifact's weights section";
  let description = [{
    Made from the checkpoint when the artifact is written, as `#spike.pack` says.

    - constant.R1: an f32 memory of as many elements as the pack yields.

    ```mlir
    %0 = spike.constant <scale 64 lanes 8> : memref<64xf32>
    ```
  }];
  let arguments = (ins Spike_PackAttr:$pack);
  let results = (outs Spike_Reals:$memory);
  let assemblyFormat = "$pack attr-dict `:` type($memory)";
  let hasVerifier = 1;
}

def Spike_TableOp : Spike_Op<"table", [Pure]> {
  let summary = "a table of a layer in integers, in the artifact's weights section";
  let description = [{
    Made by `quantizeLayer` of stas/Quantization when the artifact is written. N channels are padded with zeros to N', a
    multiple of 32; K inputs run over (kh, kw, c) of a convolution, so that an input's weights to all channels lie
    together.

    | kind | contents |
    |---|---|
    | rows | i16, or i32 of 24 bits, [K, N']: weights |
    | pairs | i16 [K + 1, N']: weights, each group of 32 channels permuted: channel 4 i + j of the group lies at 8 i + j, channel 16 + 4 i + j at 8 i + 4 + j, 0 <= i, j < 4; then a row of zeros |
    | tiles | i8 [N' / 16, L, K' / 64, 16, 64]: weights as L = 1 (8 bits) or 2 (16 bits) limbs, w = 256 * limb 0 + limb 1; K' is K padded with zeros to a multiple of 64; an entry [n, l, k, i, 4 j + m] belongs to channel 16 n + j and input 64 k + 4 i + m |
    | bias, threshold, reset | [N'] of the sums' type: B, theta and what soft reset takes |
    | cuts | [steps, N'] of the sums' type: the least sum with which a neuron first fires at step n or sooner |
    | unit | f64 [1]: the logit of a sum of 1 |

    - table.R1: quant has a weight, of at most 16 bits for pairs and tiles; a neuron for threshold, reset and cuts, none
      for unit; soft reset for reset, hard for cuts.
    - table.R2: the memory is of the type and size that the kind says.

    ```mlir
    %0 = spike.table bias <weight = #w, norm = <>, neuron = <>, input_max = 1, bits = 16> : memref<64xi32>
    ```
  }];
  let arguments = (ins Spike_TableKind:$kind, Spike_QuantAttr:$quant);
  let results = (outs Spike_Operand:$memory);
  let assemblyFormat = "$kind $quant attr-dict `:` type($memory)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The memory of a table.
    static ::mlir::MemRefType getMemoryType(::stas::spike::TableKind kind, ::stas::spike::QuantAttr quant);
  }];
}

def Spike_LaunchOp : Spike_Op<"launch", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "run a kernel over its work items";
  let description = [{
    Calls kernel(operands.., begin, end, t, scratch) so that the ranges [begin, end) cover [0, extent). The ranges may run
    at the same time. A kernel(operands.., begin, end, t, stride, scratch) takes several images at once: work item i is
    item i mod extent of image i / extent, whose buffers lie `stride` bytes, a multiple of 64, behind those of the image
    before; the operands are the first one's. Of an image whose tokens have all halted it computes nothing.

    `spikes` names the layer whose spikes the launch yields, the operand that holds them, and its axes: [T, N, D] for
    tokens, [T, H, W, C] for maps. `work` says what the launch computes, for `stas run --rates` and `stas estimate`; rows
    that its mask leaves out may hold anything, and observers take them for silent. `when` is given where there are two
    ways to one result: with observers of spikes a run makes the launches that are `observed`, without them those that are
    `unobserved`. `sums` says what a kernel of integer sums goes by: inputs that are not zero (`events`), products of all
    inputs (`dense`), the same on AMX's tiles (`tiles`), or what it finds (`choice`); for `stas run --profile`.

    - launch.R1: the kernel exists and takes the operands, three or four indices and the scratch memory.
    - launch.R2: spikes, where given, names an i8 operand of as many elements as its axes say: three for tokens, four for a
      map.
    - launch.R3: extent >= 1.
    - launch.R4: work, where given, names its inputs among the operands: one for kind weighted, three for coincidence, none
      for halting, each of whole timesteps; and as active an i8 operand of as many elements as rows.
    - launch.R5: a launch that is unobserved names no spikes and no work.

    ```mlir
    spike.launch @add_4096(%0, %1, %2) extent 64 layer "block.0" : memref<4096xi8>, memref<4096xi8>, memref<4096xi8>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<Spike_Operand>:$operands, I64Attr:$extent, StrAttr:$layer,
                       OptionalAttr<I64Attr>:$spikes, OptionalAttr<Spike_Layout>:$layout,
                       OptionalAttr<DenseI64ArrayAttr>:$axes, OptionalAttr<Spike_WorkAttr>:$work,
                       OptionalAttr<Spike_When>:$when, OptionalAttr<Spike_SumsBy>:$sums);
  let assemblyFormat = [{
    $kernel `(` $operands `)` `extent` $extent `layer` $layer (`sums` $sums^)? (`spikes` $spikes^ $layout $axes)? (`work` $work^)?
    (`when` $when^)? attr-dict `:` type($operands)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Whether its kernel takes the work items of several images at once.
    bool takesSeveralImages();
  }];
}

def Spike_TimeLoopOp : Spike_Op<"time_loop", [SingleBlock, NoTerminator, NoRegionArguments]> {
  let summary = "repeat launches for every timestep";
  let description = [{
    t = 0 .. timesteps - 1 reaches every launch of the body.

    - time_loop.R1: 1 <= timesteps <= 256.
    - time_loop.R2: no loop stands in another.

    ```mlir
    spike.time_loop 4 {
      spike.stop_when_idle %active : memref<64xi8>
    }
    ```
  }];
  let arguments = (ins I64Attr:$timesteps);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$timesteps $body attr-dict";
  let hasVerifier = 1;
}

def Spike_StopWhenIdleOp : Spike_Op<"stop_when_idle", [HasParent<"TimeLoopOp">]> {
  let summary = "end the time loop once every token has halted";
  let description = [{
    Leaves the loop when every byte of the mask is zero.

    ```mlir
    spike.stop_when_idle %active : memref<64xi8>
    ```
  }];
  let arguments = (ins Spike_Bytes:$active);
  let assemblyFormat = "$active attr-dict `:` type($active)";
}

def Spike_OutputsOp : Spike_Op<"outputs"> {
  let summary = "what goes in and comes out of a plan";
  let description = [{
    The buffers of the image, of the logits, and of the number of steps every token was active (halting models).

    ```mlir
    spike.outputs image(%0 : memref<3072xf32>) logits(%1 : memref<10xf32>)
    ```
  }];
  let arguments = (ins Spike_Reals:$image, Spike_Reals:$logits, Optional<Spike_Integers>:$halting);
  let assemblyFormat = [{
    `image` `(` $image `:` type($image) `)` `logits` `(` $logits `:` type($logits) `)`
    (`halting` `(` $halting^ `:` type($halting) `)`)? attr-dict
  }];
}

#endif // SPIKE_PLAN_OPS_TD
