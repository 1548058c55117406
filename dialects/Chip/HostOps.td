// What the host computes: the first layer of an image, and the classifier.
#ifndef CHIP_HOST_OPS_TD
#define CHIP_HOST_OPS_TD

class Chip_HostOp<string mnemonic> : Chip_Op<mnemonic, [HasParent<"NetworkOp">, Chip_Uses]> {
  let hasVerifier = 1;
}

def Chip_EncodeOp : Chip_HostOp<"encode"> {
  let summary = "the first layer, from an image to what an input population fires";
  let description = [{
    The convolution of an image and its neurons, in integers of 64 bits:

    1. A pixel x of the image [C, H, W] becomes round_half_even(x / input_unit) of quant, not beyond +-input_max.
    2. Sums of the window drive the neurons of quant for its `steps` timesteps; the image is there in each of them. With
       `frames` the image is [steps, C, H, W], one frame for each timestep.
    3. With `pool`, in each timestep, the largest under its window.

    At its run t the population fires the spikes of timestep t. With `counts` it runs once and fires how often each neuron
    has fired in all timesteps.

    - chip.encode.R1: names a population of program input that no other chip.encode names.
    - chip.encode.R2: quant has a neuron, a weight [N, C, KH, KW], an input_unit that is 1 / 2^n, 0 <= n <= 30, and an input_max of at most
      2^24, as `spike.quantize` has.
    - chip.encode.R3: the image is [C, H, W] with extents >= 1, the window channels first with the weight's kernel.
    - chip.encode.R4: the population has N channels and the map that window and pool make of the image; a pool is channels last, and its padding
      at most half its kernel.
    - chip.encode.R5: the population runs as often as quant's steps, and its payload is 1; with counts it runs once, and its payload is the
      steps.

    ```mlir
    chip.encode image [3, 32, 32] to @input window(#w) pool(#p) quant(#q) counts
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$image, FlatSymbolRefAttr:$population, Spike_WindowAttr:$window,
                       OptionalAttr<Spike_WindowAttr>:$pool, Spike_QuantAttr:$quant, UnitAttr:$frames, UnitAttr:$counts);
  let assemblyFormat = [{
    `image` $image `to` $population `window` `(` $window `)` (`pool` `(` $pool^ `)`)? `quant` `(` $quant `)`
    (`frames` $frames^)? (`counts` $counts^)? attr-dict
  }];
}

def Chip_ClassifyOp : Chip_HostOp<"classify"> {
  let summary = "the classifier, from what readouts have summed up to the logits";
  let description = [{
    When an image has had its steps, x_d is the sum of channel d over the readouts, and the logit of class c

    ```
    float(double(sum_d W[c, d] * x_d + bias_c) * unit)
    ```

    with the integer weights, biases and unit of quant, which has no neuron (`quantizeHead`), sums in 64 bits: `spike.accumulate`
    and `spike.readout`. Means over tokens and timesteps, and the unit of halting scores, are in quant's input_unit.

    - classify.R1: names at least one readout, none twice, all of map [1, 1].
    - classify.R2: quant has no neuron and a weight of as many columns as each readout has channels.
    - classify.R3: a network has one chip.classify at most.

    ```mlir
    chip.classify [@sum_0, @sum_1] quant(#head)
    ```
  }];
  let arguments = (ins FlatSymbolRefArrayAttr:$readouts, Spike_QuantAttr:$quant);
  let assemblyFormat = "$readouts `quant` `(` $quant `)` attr-dict";
}

#endif // CHIP_HOST_OPS_TD
