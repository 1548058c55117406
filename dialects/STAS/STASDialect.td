// The model level: a spiking transformer as the checkpoint has it.
#ifndef STAS_DIALECT_TD
#define STAS_DIALECT_TD

include "mlir/IR/DialectBase.td"

def STAS_Dialect : Dialect {
  let name = "stas";
  let cppNamespace = "::stas";
  let summary = "Spiking transformers at the model level";
  let description = [{
    Layers of a trained spiking transformer over tensors. Values carry their kind in the element type:

    | element | meaning |
    |---|---|
    | `f32` | real values: images, currents, membrane inputs, logits |
    | `i1`  | spikes |
    | `i8`  | spike counts, unsigned, 0..255 (the residual stream) |

    and their role in the axes:

    | axes | meaning |
    |---|---|
    | `[B, C, H, W]`, `[T, B, C, H, W]` | maps, channels first |
    | `[B, N, D]`, `[T, B, N, D]` | tokens |

    T is static, B may be dynamic (`?`). Inside a block region of `stas.act` time is implicit and no value has a T axis.
    Weights are attributes that refer to the checkpoint, so that no pass ever copies one.
  }];
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::func::FuncDialect"];
  let extraClassDeclaration = "void registerAttributes();";
}

#endif // STAS_DIALECT_TD
