// Lowerings between dialects, one pass per folder of lib/Conversion.
#ifndef STAS_CONVERSION_PASSES_TD
#define STAS_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertSTASToSpike : Pass<"convert-stas-to-spike", "::mlir::ModuleOp"> {
  let summary = "Lower model-level layers to sparse spike operations";
  let description = [{
    Maps become channels last. A convolution or linear layer becomes an event-driven `spike.accumulate`; batch
    normalisation, bias and the attention's scale fold into the `#spike.norm` of the `spike.fire` that follows. An
    encoding vanishes: a value that is the same at every timestep has no T axis. `stas.act` stays, with its block regions
    lowered: there every neuron takes the mask of active tokens as its `active` operand, so that halted rows are not
    computed, and a `stas.mask` after a neuron vanishes.
    `stas.time_loop` stays too; its `stas.lif_step` become `spike.fire` with a membrane.
  }];
  let dependentDialects = ["::stas::spike::SpikeDialect"];
}

def ConvertSpikeToVector : Pass<"convert-spike-to-vector", "::mlir::ModuleOp"> {
  let summary = "Lower sparse spike operations to CPU kernels and a launch plan";
  let description = [{
    Replaces @main by a plan (`spike.buffer`, `spike.constant`, `spike.launch`, `spike.time_loop`) and by kernels in scf,
    vector, arith and memref, one function per distinct shape. A kernel runs a range of work items of one image.

    Which kernel sums the inputs of a quantised layer is chosen by the CPU's instructions and by how many inputs are not
    zero: from the rates that `stas run --rates` measured, and 15 % of a layer that it did not (`InputDensity::typicalRate`).
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", /*default=*/"8", "f32 lanes of a vector register: 8 (AVX2) or 16 (AVX-512)">,
    Option<"vnni", "vnni", "bool", /*default=*/"false", "products of bytes and pairs of AVX512-VNNI (with 16 lanes)">,
    Option<"amx", "amx", "bool", /*default=*/"false", "tiles of AMX-INT8 (with vnni)">,
    ListOption<"kernels", "kernels", "std::string",
               "kernels that are taken where they serve: events, dense or tiles; key-value-events, key-value-bits or "
               "query-key-bits of attention">,
    Option<"rates", "rates", "std::string", /*default=*/"\"\"", "firing rates that stas run --rates measured, a file">
  ];
  let dependentDialects = ["::stas::spike::SpikeDialect", "::mlir::func::FuncDialect", "::mlir::scf::SCFDialect",
                           "::mlir::arith::ArithDialect", "::mlir::vector::VectorDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::math::MathDialect",
                           "::mlir::LLVM::LLVMDialect", "::mlir::amx::AMXDialect"];
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
