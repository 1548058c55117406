// Attributes of the sparse level.
#ifndef SPIKE_ATTRS_TD
#define SPIKE_ATTRS_TD

include "SpikeDialect.td"
include "dialects/STAS/STASAttrs.td"
include "dialects/Spike/SpikeEnums.td"

class Spike_Attr<string name, string mnem> : AttrDef<Spike_Dialect, name> {
  let mnemonic = mnem;
}
class Spike_WeightParameter<string desc> : OptionalParameter<"::stas::WeightAttr", desc>;

def Spike_NormAttr : Spike_Attr<"Norm", "norm"> {
  let summary = "per-channel scale and shift of a weighted sum";
  let description = [{
    The current of a neuron in channel c is a_c * sum + b_c with

    ```
    r_c = gamma_c / sqrt(var_c + eps)      (1 without batch normalisation)
    a_c = unit * r_c
    b_c = beta_c + (bias_c - mean_c) * r_c (bias_c without batch normalisation)
    ```

    in double precision, rounded once to f32 when constants are emitted. gamma, beta, mean and var stand together or
    not at all. `unit` is a factor of the whole sum, such as the attention's scale.

    - norm.R1: all or none of gamma, beta, mean and var are given.
    - norm.R2: eps is finite and > 0 where they are, and 0 where they are not.
    - norm.R3: the vectors have one length.
    - norm.R4: unit is finite and not 0.
  }];
  let parameters = (ins STAS_RealParameter<"::stas::Real(1.0)", "factor of the sum">:$unit,
                        Spike_WeightParameter<"bias of the weighted layer">:$bias,
                        Spike_WeightParameter<"BN weight">:$gamma, Spike_WeightParameter<"BN bias">:$beta,
                        Spike_WeightParameter<"BN running mean">:$mean, Spike_WeightParameter<"BN running var">:$var,
                        STAS_RealParameter<"::stas::Real(0.0)", "BN eps">:$eps);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Length of the vectors; 0 where there is none.
    int64_t getChannels() const;
  }];
}

def Spike_WindowAttr : Spike_Attr<"Window", "window"> {
  let summary = "the window of a convolution or pool";
  let description = [{
    Kernel extents, strides and paddings along height and width. `channels_first` says that the input is [.., C, H, W],
    as an image is, and not [.., H, W, C].

    - window.R1: two extents each: kernel and strides from 1 to 65536, padding from 0 to 65536.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$kernel, ArrayRefParameter<"int64_t">:$strides,
                        ArrayRefParameter<"int64_t">:$padding,
                        DefaultValuedParameter<"bool", "false">:$channels_first);
  let assemblyFormat = [{
    `<` `kernel` `=` `[` $kernel `]` `,` `strides` `=` `[` $strides `]` `,` `padding` `=` `[` $padding `]`
    (`,` `channels_first` `=` $channels_first^)? `>`
  }];
  let genVerifyDecl = 1;
}

def Spike_PackAttr : Spike_Attr<"Pack", "pack"> {
  let summary = "how a constant is made from the checkpoint";
  let description = [{
    All are f32, channels padded with zeros to a multiple of `lanes`:

    | kind | contents |
    |---|---|
    | rows | [K, N']: the weights of input k to all outputs, so that an event adds one contiguous row; k runs over (kh, kw, c) of a convolution |
    | scale, shift | [N']: a and b of `norm`; 1 and 0 where nothing is folded |

    - pack.R1: channels and lanes are at least 1, at most 2^31 - 1.
    - pack.R2: a weight [N, K] or [C', C, KH, KW] with extents >= 1 for kind rows, and for no other kind; its first extent
      is `channels`.
    - pack.R3: norm only for kinds scale and shift; its vectors hold `channels` values.
  }];
  let parameters = (ins "::stas::spike::ConstantKind":$kind, "int64_t":$channels, "int64_t":$lanes,
                        Spike_WeightParameter<"the weights of kind rows">:$weight,
                        OptionalParameter<"::stas::spike::NormAttr">:$norm);
  let assemblyFormat = [{
    `<` $kind $channels `lanes` $lanes (`weight` $weight^)? (`norm` $norm^)? `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Channels padded to whole vectors.
    int64_t getPaddedChannels() const;
    /// Elements of the constant.
    int64_t getNumElements() const;
  }];
}

def Spike_QuantAttr : Spike_Attr<"Quant", "quant"> {
  let summary = "the integer form of a layer: weights, normalisation and neuron";
  let description = [{
    The recipe from which one function (`quantizeLayer` of stas/Quantization) makes a layer's integer weights, biases and
    thresholds. The op that sums and the op that takes the sums hold the same recipe; neither holds a value of the
    checkpoint. An input is an integer from -input_max to input_max and stands for `input_unit` times itself.

    | parameter | meaning |
    |---|---|
    | weight | the layer's weight; none for the counts of attention, whose sum itself is the input |
    | norm | as on the op that takes the sums |
    | neuron | the neuron that the sums drive; none for the classifier |
    | steps | timesteps that the neuron runs from one start to the next |
    | bits | of a weight: 8, 16 or 24; 0 without weight |
    | guard | G: fractional bits of the bias |
    | state_bits | width that every sum and membrane is proved to fit; above 32 sums are i64 |

    - quant.R1: input_unit is finite and > 0, 1 <= input_max < 2^62.
    - quant.R2: 1 <= steps <= 256; 1 without neuron.
    - quant.R3: bits are 8, 16 or, where state_bits > 32, 24 with a weight, 0 without.
    - quant.R4: 0 <= guard <= 8; 0 without neuron.
    - quant.R5: 2 <= state_bits <= 64; 64 without neuron.
    - quant.R6: the weight is [N, K] or [C', C, KH, KW] with extents >= 1, and norm's vectors hold as many values as its
      first extent.
    - quant.R7: with a neuron or a weight.
    - quant.R8: the neuron's tau is at most 1024; with soft reset v_threshold > 0.

    ```mlir
    #spike.quant<weight = #w, norm = <>, neuron = <>, input_max = 1, steps = 4, bits = 16, guard = 2>
    ```
  }];
  let parameters = (ins Spike_WeightParameter<"weights of the sum">:$weight, "::stas::spike::NormAttr":$norm,
                        OptionalParameter<"::stas::LIFAttr", "neuron that the sums drive">:$neuron,
                        STAS_RealParameter<"::stas::Real(1.0)", "real value of an input of 1">:$input_unit,
                        "int64_t":$input_max, DefaultValuedParameter<"int64_t", "1">:$steps,
                        DefaultValuedParameter<"int64_t", "0">:$bits, DefaultValuedParameter<"int64_t", "0">:$guard,
                        DefaultValuedParameter<"int64_t", "32">:$state_bits);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Output channels of the weight or length of norm's vectors; 0 where there is neither: all channels are alike.
    int64_t getChannels() const;
    /// The element type of the sums: i64 where state_bits > 32, else i32.
    ::mlir::IntegerType getSumType() const;
  }];
}

include "WorkAttr.td"

#endif // SPIKE_ATTRS_TD
