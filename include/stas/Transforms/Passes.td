// Passes within the dialects of stas.
#ifndef STAS_TRANSFORMS_PASSES_TD
#define STAS_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def StasHoistTimeInvariant : Pass<"stas-hoist-time-invariant", "::mlir::func::FuncOp"> {
  let summary = "Compute once what is the same at every timestep";
  let description = [{
    A layer whose operands `stas.encode` repeats yields the same at every timestep: it runs on the operands themselves, and
    the encoding moves behind it, towards its users. Neurons end this: `stas.lif` on a repeated current becomes a
    `stas.staircase`, which needs neither the T axis of its input nor state. A reduction of a repeated value is that value
    where its arithmetic is exact (a sum or mean of one timestep, a mean of f32 over two or four). What else uses a
    repeated value gets it by an encoding right behind its definition.

    Which values are repeated is a property of data flow (`TimeInvarianceAnalysis`); it holds whatever tau, threshold,
    reset and T are, and every value keeps its bits, since the same operations run on the same numbers.

    ```mlir
    %0 = stas.encode %image {timesteps = 4 : i64} : tensor<?x3x8x8xf32> -> tensor<4x?x3x8x8xf32>
    %1 = stas.conv2d %0 weight(#w) strides [1, 1] padding [1, 1] : tensor<4x?x3x8x8xf32> -> tensor<4x?x8x8x8xf32>
    %2 = stas.lif %1 neuron(<>) : tensor<4x?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
    ```
    becomes
    ```mlir
    %1 = stas.conv2d %image weight(#w) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
    %2 = stas.staircase %1 neuron(<>) timesteps 4 : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
    ```

    Remarks: what runs once, and which layers of a repeated operand do not, because another operand changes.
  }];
  let statistics = [
    Statistic<"numHoisted", "hoisted", "Layers that run once instead of at every timestep">,
    Statistic<"numStaircases", "staircases", "Layers of neurons on a steady current">,
    Statistic<"numReductions", "reductions", "Reductions over time that were the value itself">,
  ];
  let dependentDialects = ["::stas::STASDialect"];
}

def StasFuseISPS : Pass<"stas-fuse-isps", "::mlir::func::FuncOp"> {
  let summary = "Make one op of a stem's first stage and its reduction over time (I-SPS)";
  let description = [{
    Finds each `stas.integrate` of the spikes of a convolution whose input is the same at every timestep, and replaces
    convolution, batch normalisation, neurons, max-pool and reduction by one `stas.isps`. How the stage is spelled makes
    no difference: the encoding before the convolution, behind it or behind the batch normalisation, or a
    `stas.staircase` and no encoding; with or without bias, batch normalisation and pool; a mean or a sum.

    Nothing else may use the values in between, since they cease to exist. A reduction of spikes that does not match is
    left alone, and a remark says why: neurons whose current changes (an input of frames; a reduction behind the whole
    stem), another use of the spikes, a pool before the neurons, a sum that i8 does not hold.

    ```mlir
    %1 = stas.conv2d %image weight(#w) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
    %2 = stas.staircase %1 neuron(<>) timesteps 4 : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
    %3 = stas.integrate mean %2 : tensor<4x?x8x8x8xi1> -> tensor<?x8x8x8xf32>
    ```
    becomes
    ```mlir
    %3 = stas.isps mean %image weight(#w) strides [1, 1] padding [1, 1] neuron(<>) timesteps 4
           : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
    ```
  }];
  let statistics = [
    Statistic<"numFused", "fused", "Stages that became one op">,
    Statistic<"numRefused", "refused", "Reductions of spikes that did not">,
  ];
  let dependentDialects = ["::stas::STASDialect"];
}

def StasChooseSchedule : Pass<"stas-choose-schedule", "::mlir::func::FuncOp"> {
  let summary = "Run layers layer-major or timestep-major, and say why";
  let description = [{
    Layer-major, a layer runs all its timesteps at once, from one read of its weights. Timestep-major, all layers run at one
    timestep before the next begins. Without halting every layer is layer-major. `stas.act` is timestep-major, because
    which rows of a layer run depends on what ran before, unless that can be excluded: where the largest halting score
    that the stream's counts allow is so small that no token's sum can reach before the last block of the last timestep,
    and the output is a rate, the encoder is a chain of layers over T timesteps and is rewritten to one. Both mean the
    same, bit by bit.

    Remarks (`--remarks-filter=stas-choose-schedule`) give the schedule of each encoder, and the reason: the numbers of
    scores, the largest score and the limit.

    ```mlir
    %y, %n = stas.act %x halting(#stas.act<alpha = 0.0, beta = -9.0, output = rate>) timesteps 4 : .. {
    ^bb0(%s: tensor<?x4x8xi8>, %a: tensor<?x4xi1>):
      %0 = stas.linear %s weight(#w) : ..
      %1 = stas.lif %0 neuron(#stas.lif<>) : ..
      %2 = stas.mask %1, %a : ..
      %3 = stas.add %s, %2 : ..
      stas.yield %3 : ..
    }
    ```
    becomes, as no one of its tokens can gather 0.99 from 3 scores of 0.0001,
    ```mlir
    %s = stas.encode %x {timesteps = 4 : i64} : ..
    %0 = stas.linear %s weight(#w) : ..
    %1 = stas.lif %0 neuron(#stas.lif<>) : ..
    %3 = stas.add %s, %1 : ..
    %y = stas.integrate mean %3 : ..
    ```
  }];
  let statistics = [
    Statistic<"numLayerMajor", "layer-major", "Halting encoders that run layer by layer">,
    Statistic<"numTimestepMajor", "timestep-major", "Halting encoders that run timestep by timestep">,
  ];
  let dependentDialects = ["::stas::STASDialect"];
}

def StasLowerAct : Pass<"stas-lower-act", "::mlir::ModuleOp"> {
  let summary = "Turn a halting encoder into a loop over timesteps";
  let description = [{
    `stas.act` says that blocks run over timesteps and which tokens halt; this pass says how. It becomes a
    `stas.time_loop` whose body holds the blocks one after the other, each followed by `stas.halt`. What lives from one
    timestep to the next is what the loop carries: the masks, sums and outputs of halting, as far as the order and output
    need them, and the membranes of the blocks' neurons, which become `stas.lif_step`, or `spike.fire` with a membrane.
    The pass works on model-level layers and on sparse ones, in f32 and in integers.

    A part of the state is carried only where something needs it: no remainder for a rate, no column but in rectangular
    order, no steps that nobody reads, and with one timestep no membrane.

    ```mlir
    %y, %n = stas.act %x halting(<alpha = 1.0, beta = -4.0>) timesteps 4 : .. {
    ^bb0(%s: tensor<?x64x64xi8>, %active: tensor<?x64xi1>):
      %0 = spike.accumulate %s weight(#w) : ..
      %1 = spike.fire %0 active(%active : tensor<?x64xi1>) norm(#n) neuron(#lif) : ..
      ..
    }
    ```
    becomes
    ```mlir
    %a0 = stas.splat true like %x : ..
    ..
    %l:6 = stas.time_loop %t timesteps 4 iter(%a = %a0 : .., %h = %h0 : .., %r = %r0 : .., %y = %y0 : .., %n = %n0 : ..,
                                              %v = %v0 : tensor<?x64x64xf32>) idle(%a) {
      %0 = spike.accumulate %x weight(#w) : ..
      %1, %v1 = spike.fire %0 active(%a : tensor<?x64xi1>) membrane(%v : tensor<?x64x64xf32>) norm(#n) neuron(#lif) : ..
      ..
      %a1, %h1, %r1, %y1, %n1 = stas.halt %2 at %t active(%a) sum(%h) remainder(%r) output(%y) steps(%n) block 0 of 1
          timesteps 4 halting(<alpha = 1.0, beta = -4.0>) : tensor<?x64x64xi8>
      stas.yield %a1, %h1, %r1, %y1, %n1, %v1 : ..
    }
    ```
    In it, the first block's sums depend on no timestep: `loop-invariant-code-motion` moves them before the loop.
  }];
  let statistics = [
    Statistic<"numLoops", "loops", "Halting encoders turned into loops">,
    Statistic<"numMembranes", "membranes", "Layers of neurons whose membranes a loop carries">,
  ];
  let dependentDialects = ["::stas::STASDialect", "::stas::spike::SpikeDialect", "::mlir::arith::ArithDialect"];
}

def SpikeQuantize : Pass<"spike-quantize", "::mlir::ModuleOp"> {
  let summary = "Give a sparse model its integer form";
  let description = [{
    Rewrites every function of the sparse level so that nothing is computed in floating point between the image and the
    logits; docs/IntegerContract.md has the rules. Every value gets a unit and a largest magnitude on the way: a spike is 1
    of unit 1, a mean over T steps or N tokens becomes the sum in a unit 1/T or 1/N as large, the image is rounded to
    multiples of 2^-22 (coarser where its range needs it). Each weighted layer and its neuron get one recipe, `#spike.quant`;
    the numbers themselves are made from the checkpoint when code is emitted or interpreted. A halting encoder gets a table
    of its scores.

    `precision`: int16 gives all weights 16 bits; int8 gives 8 bits to the layers on tokens behind their second residual sum,
    which is where the first block ends, and 16 to the others. Layers on the image have 24 in both. `state-bits` is the width that sums and membranes are proved to fit; layers on the image always take 64.

    Fails where a value has no integer form, with the layer and the reason: counts above 255, a state too narrow for a
    layer's weights, a value in f32 that is no mean.

    Remarks: for each layer its guard bits, the channels whose weights lost bits to fit the state, the largest bound and
    the channels that never fire.

    ```mlir
    %0 = spike.accumulate %x weight(#w) : tensor<4x?x64x64xi1> -> tensor<4x?x64x256xf32>
    %1 = spike.fire %0 norm(#n) neuron(<>) : tensor<4x?x64x256xf32> -> tensor<4x?x64x256xi1>
    ```
    becomes
    ```mlir
    #q = #spike.quant<weight = #w, norm = #n, neuron = <>, input_max = 1, steps = 4, bits = 16, guard = 5>
    %0 = spike.accumulate %x weight(#w) quant(#q) : tensor<4x?x64x64xi1> -> tensor<4x?x64x256xi32>
    %1 = spike.fire %0 norm(#n) neuron(<>) quant(#q) : tensor<4x?x64x256xi32> -> tensor<4x?x64x256xi1>
    ```
  }];
  let options = [
    Option<"precision", "precision", "std::string", /*default=*/"\"int16\"", "int16 or int8">,
    Option<"stateBits", "state-bits", "int64_t", /*default=*/"32", "bits of sums and membranes, 8 to 64">,
    Option<"baseDirectory", "base-directory", "std::string", /*default=*/"\"\"",
           "folder of the checkpoints that the module names">
  ];
  let statistics = [
    Statistic<"numLayers", "layers", "Layers that got an integer form">,
    Statistic<"numChannels", "channels", "Output channels of those with weights">,
    Statistic<"numLowered", "lowered-channels", "Channels whose weights lost bits to fit the state">,
    Statistic<"numSilent", "silent-channels", "Channels that no input makes fire">
  ];
  let dependentDialects = ["::stas::spike::SpikeDialect"];
}

def StasLowerASSA : Pass<"stas-lower-assa", "::mlir::func::FuncOp"> {
  let summary = "Attention and layers of A-SSA on active tokens and packed spikes";
  let description = [{
    Gives a sparse model, in f32 or integers, the form in which nothing is computed that halting or silence makes void:

    - Weighted sums whose rows only masked neurons read are computed of the rows of active tokens (`spike.compact`), and go back
      to their places behind them (`spike.expand`). Layers of one input and mask share the rows.
    - `spike.coincide` becomes the two products that it stands for, the first an AND and popcount of packed spikes
      (`spike.pack`, `spike.and_count`), the second a sum of counts where spikes are (`spike.sum_counts`). Which operands meet
      first is chosen by the number of operations. For N tokens, d channels of a head, and rates r of queries and values

          key_value   d d ceil(N / 64) + r_q N d d
          query_key   N N ceil(d / 64) + r_v N N d

      of words that are AND-ed and counted, and counts that are added, by head and timestep. Both give the same integers.

    Rates are those of `rates` (a file of `stas run --rates`); a layer that nothing was measured of is taken to fire at 15 %
    (`InputDensity::typicalRate`), as it is where kernels are chosen.

    Remarks: for each layer that its halted rows are left out, or why not; for each attention which association was chosen and
    the operations of both.

    ```mlir
    %0 = spike.accumulate %x weight(#w) : tensor<?x64x96xi8> -> tensor<?x64x96xf32>
    %1 = spike.fire %0 active(%active : tensor<?x64xi1>) norm(<>) neuron(<>) : tensor<?x64x96xf32> -> tensor<?x64x96xi1>
    ```
    becomes
    ```mlir
    %0 = spike.compact %x active(%active) : tensor<?x64x96xi8>, tensor<?x64xi1> -> tensor<?x96xi8>
    %1 = spike.accumulate %0 weight(#w) : tensor<?x96xi8> -> tensor<?x96xf32>
    %2 = spike.expand %1 active(%active) : tensor<?x96xf32>, tensor<?x64xi1> -> tensor<?x64x96xf32>
    %3 = spike.fire %2 active(%active : tensor<?x64xi1>) norm(<>) neuron(<>) : tensor<?x64x96xf32> -> tensor<?x64x96xi1>
    ```
  }];
  let options = [
    Option<"association", "association", "std::string", /*default=*/"\"auto\"", "auto, key_value or query_key">,
    Option<"ratesFile", "rates", "std::string", /*default=*/"\"\"", "firing rates by layer, as stas run --rates writes them">
  ];
  let statistics = [
    Statistic<"numCompacted", "compacted", "Weighted sums of active rows alone">,
    Statistic<"numDense", "dense", "Weighted sums with masked neurons that are computed of all rows">,
    Statistic<"numKeyValue", "key-value", "Attentions whose keys and values meet first">,
    Statistic<"numQueryKey", "query-key", "Attentions whose queries and keys meet first">
  ];
  let dependentDialects = ["::stas::spike::SpikeDialect"];
}

class StasVerifyPhase<string name, string phase> : Pass<name, "::mlir::ModuleOp"> {
  let summary = "Check what holds from phase " # phase # " on";
}

def StasVerifyImported : StasVerifyPhase<"stas-verify-imported", "import"> {
  let description = [{
    Fails where a module is not as an import leaves it:

    - `@main` is there and has a body of one block;
    - its body holds ops of the `stas` dialect (and constants) alone: no layer is lowered yet.

    ```mlir
    func.func @main(%x: tensor<?x4x8xf32>) -> tensor<?x4x8xf32> {
      %0 = spike.affine %x norm(#spike.norm<>) : tensor<?x4x8xf32>   // error: is no op of the stas dialect
      return %0 : tensor<?x4x8xf32>
    }
    ```
  }];
}

def StasVerifyNormalized : StasVerifyPhase<"stas-verify-normalized", "normalize"> {
  let description = [{
    Fails where a module is not normalised:

    - it is as imported (`stas-verify-imported`);
    - no layer runs at every timestep on what is the same at every timestep, and no `stas.lif` has a repeated current
      (`stas-hoist-time-invariant`);
    - each `stas.batch_norm` follows the weighted layer that it can be folded into: it normalises the channels of a
      convolution or linear layer, and is the only user of its sums.

    ```mlir
    %0 = stas.encode %c {timesteps = 4 : i64} : tensor<?x8xf32> -> tensor<4x?x8xf32>
    %1 = stas.lif %0 neuron(<>) : tensor<4x?x8xf32> -> tensor<4x?x8xi1>   // error: has a current that is the same ..
    ```
  }];
}

def StasVerifyAdapted : StasVerifyPhase<"stas-verify-adapted", "adapt"> {
  let description = [{
    Fails where a module is not ready to be lowered:

    - it is normalised (`stas-verify-normalized`);
    - no stage of a stem is left that `stas-fuse-isps` would fuse.

    ```mlir
    %1 = stas.conv2d %image weight(#w) strides [1, 1] padding [1, 1] : tensor<?x3x8x8xf32> -> tensor<?x8x8x8xf32>
    %2 = stas.staircase %1 neuron(<>) timesteps 4 : tensor<?x8x8x8xf32> -> tensor<4x?x8x8x8xi1>
    %3 = stas.integrate mean %2 : tensor<4x?x8x8x8xi1> -> tensor<?x8x8x8xf32>   // error: reduces steady spikes ..
    ```
  }];
}

def SpikeVerifyLowered : StasVerifyPhase<"spike-verify-lowered", "spike"> {
  let description = [{
    Fails where a model is not lowered to the sparse level:

    - `@main` is there and has a body of one block;
    - its body holds no op of the `stas` dialect but `stas.act` and what ends its blocks;
    - weighted sums go to neurons, `spike.affine` or `spike.readout`, which know their scale and shift, and nowhere else.

    ```mlir
    func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
      %0 = stas.linear %x weight(#w) : tensor<?x8xf32> -> tensor<?x8xf32>   // error: is left of the stas dialect
      return %0 : tensor<?x8xf32>
    }
    ```
  }];
}

def SpikeVerifyQuantized : StasVerifyPhase<"spike-verify-quantized", "quantize"> {
  let description = [{
    Fails where a model is neither in f32 nor in integers:

    - it is lowered (`spike-verify-lowered`);
    - if any layer has an integer form, all have: nothing but the image and the logits is real.

    ```mlir
    %0 = spike.quantize %image scale 4194304 limit 10177478 : tensor<?x3x32x32xf32> -> tensor<?x3x32x32xi32>
    %1 = spike.mean_tokens %tokens : tensor<?x64x64xi8> -> tensor<?x64xf32>   // error: computes in f32 ..
    ```
  }];
}

def SpikeVerifySparse : StasVerifyPhase<"spike-verify-sparse", "sparse"> {
  let description = [{
    Fails where a sparse model computes what nobody reads:

    - it is lowered (`spike-verify-lowered`), though rows of sums may be put back into their places;
    - no `spike.coincide` is left: the order of its products is chosen;
    - no sums are computed for halted tokens if neurons of one mask are all that take them.

    ```mlir
    %0 = spike.accumulate %x weight(#w) : tensor<?x64x96xi8> -> tensor<?x64x96xf32>   // error: computes rows of halted ..
    %1 = spike.fire %0 active(%active : tensor<?x64xi1>) norm(<>) neuron(<>) : tensor<?x64x96xf32> -> tensor<?x64x96xi1>
    ```
  }];
}

def SpikeVerifyPlan : StasVerifyPhase<"spike-verify-plan", "plan"> {
  let description = [{
    Fails where a plan cannot be run:

    - `@main` is there, takes and returns nothing, and says how large its arena and its images are;
    - it holds buffers, constants, tables, launches, time loops, and one `spike.outputs` at the end;
    - every buffer has its place in the arena.

    ```mlir
    %0 = spike.buffer "image" : memref<72xf32>   // error: requires a place in the arena
    ```
  }];
}

#endif // STAS_TRANSFORMS_PASSES_TD
