// Lowerings between dialects, one pass per folder of lib/Conversion.
#ifndef STAS_CONVERSION_PASSES_TD
#define STAS_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertSTASToSpike : Pass<"convert-stas-to-spike", "::mlir::ModuleOp"> {
  let summary = "Lower model-level layers to sparse spike operations";
  let description = [{
    Maps become channels last. A convolution or linear layer becomes an event-driven `spike.accumulate`; batch
    normalisation, bias and the attention's scale fold into the `#spike.norm` of the `spike.fire` that follows. An
    encoding vanishes: a value that is the same at every timestep has no T axis. A mask of halted tokens becomes the
    `active` operand of the neuron it follows, so that halted rows are not computed. `stas.act` stays, with its block
    regions lowered, as does `stas.time_loop`, whose `stas.lif_step` become `spike.fire` with a membrane.
  }];
  let dependentDialects = ["::stas::spike::SpikeDialect"];
}

def ConvertSpikeToVector : Pass<"convert-spike-to-vector", "::mlir::ModuleOp"> {
  let summary = "Lower sparse spike operations to CPU kernels and a launch plan";
  let description = [{
    Replaces @main by a plan (`spike.buffer`, `spike.constant`, `spike.launch`, `spike.time_loop`) and by kernels in scf,
    vector, arith and memref, one function per distinct shape. A kernel runs a range of work items of one image.
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", /*default=*/"8", "f32 lanes of a vector register: 8 (AVX2) or 16 (AVX-512)">
  ];
  let dependentDialects = ["::stas::spike::SpikeDialect", "::mlir::func::FuncDialect", "::mlir::scf::SCFDialect",
                           "::mlir::arith::ArithDialect", "::mlir::vector::VectorDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::math::MathDialect"];
}

def SpikePlanMemory : Pass<"spike-plan-memory", "::mlir::ModuleOp"> {
  let summary = "Give every buffer of a plan its place in the arena";
  let description = [{
    Buffers whose lifetimes do not meet share memory: each takes the lowest free offset, in the order of first use.
    Buffers that hold state over a time loop or are cleared at the start live for the whole plan.
  }];
  let dependentDialects = ["::stas::spike::SpikeDialect"];
}

#endif // STAS_CONVERSION_PASSES_TD
