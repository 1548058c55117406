// The sparse level: what a target executes, and the plan in which it does.
#ifndef SPIKE_DIALECT_TD
#define SPIKE_DIALECT_TD

include "mlir/IR/DialectBase.td"

def Spike_Dialect : Dialect {
  let name = "spike";
  let cppNamespace = "::stas::spike";
  let summary = "Sparse spike operations and launch plans";
  let description = [{
    Two groups of ops. The first works on tensors, as the `stas` dialect does, but says how a value is computed:
    weighted sums driven by events (`accumulate`), counts of coinciding spikes (`coincide`), firing (`fire`). Maps are
    channels last, [.., H, W, C], so that a token is a row. Batch normalisation is gone: `#spike.norm` folds it into the
    neuron. A value that is the same at every timestep has no T axis.

    The second group is the plan that a runtime runs for one image: buffers, constants, launches of kernels and the time
    loop of a halting encoder.
  }];
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::stas::STASDialect", "::mlir::func::FuncDialect"];
  let extraClassDeclaration = "void registerAttributes();";
}

#endif // SPIKE_DIALECT_TD
