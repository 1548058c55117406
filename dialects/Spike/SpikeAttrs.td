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

include "WorkAttr.td"

#endif // SPIKE_ATTRS_TD
