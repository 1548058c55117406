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

def ConvertSpikeToChip : Pass<"convert-spike-to-chip", "::mlir::ModuleOp"> {
  let summary = "Lower a quantised model to a network of populations on a chip";
  let description = [{
    Replaces the function of a quantised model by a `chip.device`, which is a shipped chip or one of a file, and a
    `chip.network`. Neurons become populations under the names of their layers, weights become tables, what reads a tensor becomes a
    projection. The host computes the first layer (`chip.encode`) and the classifier (`chip.classify`).

    | in | out |
    |---|---|
    | `spike.accumulate`, `spike.fire` | a population of program lif, by a dense or shared table |
    | `spike.max_pool` | of spikes program lif as OR, of counts program maximum |
    | `spike.add` | program sum; on a chip without it both operands go where the sum would, by the same table |
    | `spike.integrate` | program sum, which runs once, or part of a readout |
    | `spike.coincide` | ports key, value and query of program fastweight |
    | `stas.act` | after each block program halting, whose gates and gains follow the order |

    Steps are as early as can be, delays what is left between them, and `interval` the least at which no timestep meets the one before.
    Where a delay is longer than the chip's, populations relay the spikes. A rate is what `stas run --rates` measured, and 15 %
    where it did not. What the chip cannot do is for `verify-chip-network` to say.

    ```mlir
    %1 = spike.accumulate %0 weight(#w) quant(#q) : tensor<4x?x64x96xi1> -> tensor<4x?x64x96xi32>
    %2 = spike.fire %1 norm(#n) neuron(#l) quant(#q) : tensor<4x?x64x96xi32> -> tensor<4x?x64x96xi1>
    ```
    becomes
    ```mlir
    chip.population @fc_lif lif map [8, 8] channels 96 state_bits 24 step 1 runs 4 quant(#q) rate 0.6
    chip.synapses @fc dense rows 96 columns 96 bits 8 limbs 2 quant(#q)
    chip.projection @x to @fc_lif synapses @fc tokens same channels all delay 0
    ```
  }];
  let options = [
    Option<"chip", "chip", "std::string", /*default=*/"\"loihi2\"", "name or file of the chip">,
    Option<"rates", "rates", "std::string", /*default=*/"\"\"", "firing rates that stas run --rates measured, a file">
  ];
  let statistics = [
    Statistic<"numPopulations", "populations", "Populations that were made">,
  ];
  let dependentDialects = ["::stas::chip::ChipDialect"];
}

def ConvertSpikeToGPU : Pass<"convert-spike-to-gpu", "::mlir::ModuleOp"> {
  let summary = "Lower a quantised model to the kernels of a GPU";
  let description = [{
    Replaces @main of a quantised model, as the phase `sparse` leaves it, by the `gpu.module` @kernels: one function for each distinct
    kernel, and as the attribute `spike.launches` what is launched in which order. It is what `stas compile --target=cuda` makes PTX
    of, for those who want to see it; `stas-translate --to-ptx` goes on from there.

    | in | out |
    |---|---|
    | `spike.quantize`, `spike.accumulate` of it | the image's kernels |
    | `spike.accumulate`, `spike.fire`, `spike.add` of the spikes | one kernel: products on tensor cores, neurons, residual sum |
    | several such layers of one input, as q, k and v | one launch, unless they differ in more than weights, biases, thresholds and scales |
    | `spike.coincide` or the products of `stas-lower-assa`, `spike.fire` | one kernel |
    | `spike.max_pool`, `spike.add`, `spike.integrate` | a kernel each |
    | `spike.sum_tokens`, `spike.accumulate`, `spike.readout` | the classifier |

    A kernel has its tiles as the attribute `spike.gpu_tiles`, which a cost model chose for `images` images. The same attribute on a
    `spike.fire` goes before the model, entry by entry.

    ```mlir
    %1 = spike.accumulate %0 weight(#w) quant(#q) : tensor<4x?x64x96xi1> -> tensor<4x?x64x48xi32>
    %2 = spike.fire %1 norm(#n) neuron(#l) quant(#q) {spike.gpu_tiles = {stages = 2}} : tensor<4x?x64x48xi32> -> tensor<4x?x64x48xi1>
    ```
    becomes
    ```mlir
    llvm.func @linear_0(%input: !llvm.ptr<1>, ...) attributes {nvvm.kernel, spike.gpu_tiles = {rows = 64, stages = 2, ...}}
    ```
  }];
  let options = [
    Option<"baseDirectory", "base-directory", "std::string", /*default=*/"\"\"",
           "folder where checkpoints are looked for, beside the paths as given">,
    Option<"images", "images", "int64_t", /*default=*/"64", "that tiles are chosen for">
  ];
  let statistics = [
    Statistic<"numKernels", "kernels", "Distinct kernels">,
    Statistic<"numLaunches", "launches", "Launches of kernels and fills">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::NVVM::NVVMDialect", "::mlir::scf::SCFDialect"];
}

def ConvertSpikeToVector : Pass<"convert-spike-to-vector", "::mlir::ModuleOp"> {
  let summary = "Lower sparse spike operations to CPU kernels and a launch plan";
  let description = [{
    Replaces @main by a plan (`spike.buffer`, `spike.constant`, `spike.launch`, `spike.time_loop`) and by kernels in scf,
    vector, arith and memref, one function per distinct shape. A kernel runs a range of work items of one image.

    Which kernel sums the inputs of a quantised layer is chosen by the CPU's instructions and by how many inputs are not
    zero: from the rates that `stas run --rates` measured, and 15 % of a layer that it did not (`InputDensity::typicalRate`).
    Where that leaves a doubt, a launch counts some of its inputs and calls one of two kernels. Of layers whose times
    `stas tune` measured on the CPU, the fastest kernel is taken. A remark says for each layer what was estimated, measured
    and chosen.
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", /*default=*/"8", "f32 lanes of a vector register: 8 (AVX2) or 16 (AVX-512)">,
    Option<"vnni", "vnni", "bool", /*default=*/"false", "products of bytes and pairs of AVX512-VNNI (with 16 lanes)">,
    Option<"amx", "amx", "bool", /*default=*/"false", "tiles of AMX-INT8 (with vnni)">,
    ListOption<"kernels", "kernels", "std::string",
               "kernels that are taken where they serve: events, dense, tiles or choice (of events or products, by "
               "what a launch finds); key-value-events, key-value-bits or "
               "query-key-bits of attention">,
    Option<"rates", "rates", "std::string", /*default=*/"\"\"", "firing rates that stas run --rates measured, a file">,
    Option<"times", "times", "std::string", /*default=*/"\"\"", "times of kernels that stas tune measured, a file">,
    Option<"cpu", "cpu", "std::string", /*default=*/"\"\"", "the CPU whose times are taken, by its name in the file">
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
