// Attributes of the model level: weights, neurons, halting, the model's header.
#ifndef STAS_ATTRS_TD
#define STAS_ATTRS_TD

include "dialects/STAS/STASDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "dialects/STAS/STASEnums.td"

class STAS_Attr<string name, string mnem> : AttrDef<STAS_Dialect, name> {
  let mnemonic = mnem;
}
/// A finite double that prints in full precision.
class STAS_RealParameter<string value, string desc> : DefaultValuedParameter<"::stas::Real", value, desc>;

def STAS_WeightAttr : STAS_Attr<"Weight", "weight"> {
  let summary = "a tensor of the checkpoint, by reference";
  let description = [{
    Names a tensor in a memory-mapped checkpoint: its key, the file, the byte offset of its first element and its type
    (f16, bf16, f32 or f64). `strides` (in elements) is given where the tensor is not contiguous in row-major order.
    Weights are read once, when code is emitted or interpreted; IR, bytecode and passes never hold their values.

    - weight.R1: key and file are not empty.
    - weight.R2: the type has a static shape of f16, bf16, f32 or f64, of fewer than 2^48 elements.
    - weight.R3: offset >= 0.
    - weight.R4: strides, where given, are as many as axes.
    - weight.R5: strides are >= 0.

    ```mlir
    #stas.weight<"head.weight" in "model.pth" at 4096 : tensor<10x64xf32>>
    ```
  }];
  let parameters = (ins StringRefParameter<"key in the state dict">:$key, StringRefParameter<"path of the file">:$file,
                        "int64_t":$offset, OptionalArrayRefParameter<"int64_t", "strides in elements">:$strides,
                        "::mlir::RankedTensorType":$type);
  let assemblyFormat = "`<` $key `in` $file `at` $offset (`strides` `[` $strides^ `]`)? `:` $type `>`";
  let genVerifyDecl = 1;
}

def STAS_LIFAttr : STAS_Attr<"LIF", "lif"> {
  let summary = "parameters of a leaky integrate-and-fire neuron";
  let description = [{
    Per timestep, with membrane v (v_reset at the start of an image) and input x:

    ```
    h = v + (x - (v - v_reset)) / tau     decay_input = true
    h = v + x - (v - v_reset) / tau       decay_input = false
    s = h >= v_threshold                  compare = ge   (gt: h > v_threshold)
    v = s ? v_reset : h                   reset = hard   (soft: v = h - s * v_threshold)
    ```

    The defaults are Spikformer's: `#stas.lif<>`. The attention's neuron is `#stas.lif<v_threshold = 0.5>`.

    - lif.R1: tau is finite and at least 1.
    - lif.R2: v_threshold and v_reset are finite, v_threshold > v_reset.
  }];
  let parameters = (ins STAS_RealParameter<"::stas::Real(2.0)", "membrane time constant, in timesteps">:$tau,
                        STAS_RealParameter<"::stas::Real(1.0)", "firing threshold">:$v_threshold,
                        STAS_RealParameter<"::stas::Real(0.0)", "reset potential">:$v_reset,
                        DefaultValuedParameter<"::stas::ResetKind", "::stas::ResetKind::Hard">:$reset,
                        DefaultValuedParameter<"bool", "true">:$decay_input,
                        DefaultValuedParameter<"::stas::CompareKind", "::stas::CompareKind::GE">:$compare);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def STAS_ActAttr : STAS_Attr<"Act", "act"> {
  let summary = "parameters of adaptive computation time (A-SSA halting)";
  let description = [{
    Halting score of a token with block output x: `h = sigmoid(alpha * x[0] + beta)`. It halts once the summed score
    exceeds `1 - eps`. `order` says which scores are summed: `lexicographic`, one running sum over (t, l);
    `rectangular`, all t' <= t and l' <= l; `timestep`, those of this timestep, so that every token starts anew at each.
    `output` is what the encoder yields: `weighted` (the halting-weighted mean of
    block outputs) or `rate` (mean over time of the last block's outputs).

    - act.R1: alpha and beta are finite.
    - act.R2: 0 < eps < 1.
    - act.R3: rectangular and timestep order have output rate.
  }];
  let parameters = (ins "::stas::Real":$alpha, "::stas::Real":$beta, STAS_RealParameter<"::stas::Real(0.01)", "margin">:$eps,
                        DefaultValuedParameter<"::stas::HaltingOrder", "::stas::HaltingOrder::Lexicographic">:$order,
                        DefaultValuedParameter<"::stas::ActOutput", "::stas::ActOutput::Weighted">:$output);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def STAS_ModelAttr : STAS_Attr<"Model", "model"> {
  let summary = "header of an imported model";
  let description = [{
    Stands on the module as `stas.model`: the family, the checkpoint's file name, timesteps, and the mean and standard
    deviation per channel by which images (pixels scaled to 0..1) are normalised. `digest`, where given, is the XXH3 hash
    of the checkpoint's bytes: whoever reads weights from a file of that name refuses one that has changed since.

    - model.R1: family is spikformer or stas.
    - model.R2: 1 <= timesteps <= 256.
    - model.R3: as many means as standard deviations, at least one; the means are finite.
    - model.R4: standard deviations are finite and positive.
    - model.R5: the digest, where given, is 16 lower-case hexadecimal digits.
  }];
  let parameters = (ins StringRefParameter<"spikformer or stas">:$family, StringRefParameter<"file name">:$source,
                        "int64_t":$timesteps, ArrayRefParameter<"::stas::Real">:$mean,
                        ArrayRefParameter<"::stas::Real">:$std,
                        StringRefParameter<"XXH3 of the checkpoint, in hexadecimal", [{""}]>:$digest);
  let assemblyFormat = [{
    `<` $family `from` $source `timesteps` `=` $timesteps `mean` `=` `[` $mean `]` `std` `=` `[` $std `]`
    (`digest` `=` $digest^)? `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The digest of a file's contents.
    static std::string digestOf(llvm::StringRef contents);
  }];
}

#endif // STAS_ATTRS_TD
