// Passes within the dialects of stas.
#ifndef STAS_TRANSFORMS_PASSES_TD
#define STAS_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

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
    multiples of 2^-13 (coarser where its range needs it). Each weighted layer and its neuron get one recipe, `#spike.quant`;
    the numbers themselves are made from the checkpoint when code is emitted or interpreted. A halting encoder gets a table
    of its scores.

    `precision`: int16 gives all weights 16 bits; int8 gives 8 bits to the layers on tokens, and 16 to convolutions and the
    classifier. `state-bits` is the width that sums and membranes are proved to fit; layers on the image always take 64.

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

#endif // STAS_TRANSFORMS_PASSES_TD
