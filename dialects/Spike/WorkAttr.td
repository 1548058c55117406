// What a launch computes, as energy estimates count it.
#ifndef SPIKE_WORK_ATTR_TD
#define SPIKE_WORK_ATTR_TD

def Spike_WorkAttr : Spike_Attr<"Work", "work"> {
  let summary = "the synaptic operations of one image and timestep";
  let description = [{
    | kind | rows | channels | multiply-accumulates of a timestep |
    |---|---|---|---|
    | weighted | tokens or positions of the output | outputs of a row | rows * fan_in * channels; taps on padding count |
    | coincidence | tokens N | D | N * N * D for each of the two products of (q k^T) v |
    | halting | tokens | D where block outputs are weighted and summed, else 0 | none: a score for every row, and its sum |

    `layer` tells works apart. `map` and `window` are those of a convolution: input [H, W, C] with C = fan_in / (KH * KW). Inputs are n / parts with n
    up to `max`, or real numbers where parts is 0. `steps` is how often each of the rows * channels neurons runs when the
    launch runs once; 0 without neurons. On a launch, `inputs` are the operands that hold the inputs, `active` the one that
    says which rows run, and `block` the block of a halting encoder that it stands in; both are -1 where there is none.

    - work.R1: rows >= 1, channels >= 1 (halting: >= 0), fan_in >= 1 for kind weighted and 0 for the others; products below
      2^53.
    - work.R2: heads >= 1 divides channels; it is 1 but for kind coincidence.
    - work.R3: map and window stand together, for kind weighted; the map is [H, W] with extents >= 1, fan_in is a multiple of
      the kernel's extents, and rows are the positions of the window.
    - work.R4: parts from 0 to 2^31; max from 1 to 2^53, or 0 where parts is 0.
    - work.R5: steps from 0 to 256.
    - work.R6: active and block are at least -1; kind halting has both.
  }];
  let parameters = (ins "::stas::spike::WorkKind":$kind, StringRefParameter<"the checkpoint's layer">:$layer,
                        "int64_t":$rows, DefaultValuedParameter<"int64_t", "0">:$fan_in, "int64_t":$channels,
                        DefaultValuedParameter<"int64_t", "1">:$heads,
                        OptionalArrayRefParameter<"int64_t">:$map, OptionalParameter<"::stas::spike::WindowAttr">:$window,
                        DefaultValuedParameter<"int64_t", "1">:$parts, DefaultValuedParameter<"int64_t", "1">:$max,
                        DefaultValuedParameter<"int64_t", "0">:$steps, OptionalArrayRefParameter<"int64_t">:$inputs,
                        DefaultValuedParameter<"int64_t", "-1">:$active, DefaultValuedParameter<"int64_t", "-1">:$block);
  let assemblyFormat = [{
    `<` $kind $layer `rows` $rows (`fan_in` $fan_in^)? `channels` $channels (`heads` $heads^)?
    (`map` `[` $map^ `]`)? (`window` $window^)? (`parts` $parts^)? (`max` $max^)? (`steps` $steps^)? (`inputs` `[` $inputs^ `]`)?
    (`active` $active^)? (`block` $block^)? `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Values of one input in a timestep.
    int64_t getInputValues() const;
  }];
}

#endif // SPIKE_WORK_ATTR_TD
