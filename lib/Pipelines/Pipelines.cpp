//===- Pipelines.cpp - Named phases from a model to a target --------------===//
#include "stas/Pipelines/Pipelines.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "stas/Conversion/Passes.h"
#include "stas/Transforms/Chip/Passes.h"
#include "stas/Transforms/Passes.h"
#include "llvm/ADT/STLExtras.h"

using namespace stas;

namespace {
constexpr llvm::StringLiteral names[] = {"import", "normalize", "adapt",   "spike", "quantize", "sparse",
                                         "plan",   "llvm",      "network", "map",   "kernels"};
constexpr Phase cpuPhases[] = {Phase::Import,   Phase::Normalize, Phase::Adapt, Phase::Spike,
                               Phase::Quantize, Phase::Sparse,    Phase::Plan,  Phase::LLVM};
constexpr Phase cudaPhases[] = {Phase::Import,   Phase::Normalize, Phase::Adapt,  Phase::Spike,
                                Phase::Quantize, Phase::Sparse,    Phase::Kernels};
constexpr Phase chipPhases[] = {Phase::Import,   Phase::Normalize, Phase::Adapt, Phase::Spike,
                                Phase::Quantize, Phase::Network,   Phase::Map};

/// PhaseOptions on the command line of stas-opt.
struct PhaseArguments : mlir::PassPipelineOptions<PhaseArguments> {
  Option<std::string> precision{*this, "precision", llvm::cl::desc("f32, int16 or int8"), llvm::cl::init("f32")};
  Option<int64_t> stateBits{*this, "state-bits", llvm::cl::desc("bits of integer sums and membranes"),
                            llvm::cl::init(32)};
  Option<std::string> baseDirectory{*this, "base-directory", llvm::cl::desc("folder of the checkpoints")};
  Option<int64_t> lanes{*this, "lanes", llvm::cl::desc("lanes of a vector register: 8 or 16"), llvm::cl::init(8)};
  Option<bool> vnni{*this, "vnni", llvm::cl::desc("kernels may use AVX512-VNNI")};
  Option<bool> amx{*this, "amx", llvm::cl::desc("kernels may use AMX-INT8")};
  ListOption<std::string> kernels{*this, "kernels", llvm::cl::desc("kernels to take where they serve")};
  Option<std::string> rates{*this, "rates", llvm::cl::desc("file of measured firing rates")};
  Option<std::string> chip{*this, "chip", llvm::cl::desc("name or file of the chip"), llvm::cl::init("loihi2")};
  Option<std::string> times{*this, "times", llvm::cl::desc("file of measured times of kernels")};
  Option<std::string> cpu{*this, "cpu", llvm::cl::desc("the CPU whose times are taken, by its name in the file")};

  PhaseOptions get() const {
    return {precision, stateBits, baseDirectory, {lanes, vnni, amx}, {kernels.begin(), kernels.end()}, rates, chip,
            times,     cpu};
  }
};
} // namespace

llvm::ArrayRef<Phase> stas::phasesOf(Target target) {
  switch (target) {
  case Target::CPU:
    return cpuPhases;
  case Target::CUDA:
    return cudaPhases;
  case Target::Chip:
    return chipPhases;
  }
  llvm_unreachable("a target of the enumeration");
}

std::optional<Phase> stas::phaseByName(llvm::StringRef name, Target target) {
  for (Phase phase : phasesOf(target))
    if (nameOf(phase) == name)
      return phase;
  return std::nullopt;
}

llvm::StringRef stas::nameOf(Phase phase) { return names[static_cast<int>(phase)]; }

std::string stas::phaseNames(Target target) {
  llvm::ArrayRef<Phase> phases = phasesOf(target);
  std::string text;
  for (Phase phase : phases.drop_back())
    text += (text.empty() ? "" : ", ") + nameOf(phase).str();
  return text + " or " + nameOf(phases.back()).str();
}

void stas::addVerifier(mlir::OpPassManager &pipeline, Phase phase) {
  switch (phase) {
  case Phase::Import:
    return pipeline.addPass(createStasVerifyImported());
  case Phase::Normalize:
    return pipeline.addPass(createStasVerifyNormalized());
  case Phase::Adapt:
    return pipeline.addPass(createStasVerifyAdapted());
  case Phase::Spike:
    return pipeline.addPass(createSpikeVerifyLowered());
  case Phase::Quantize:
    return pipeline.addPass(createSpikeVerifyQuantized());
  case Phase::Sparse:
    return pipeline.addPass(createSpikeVerifySparse());
  case Phase::Plan:
    return pipeline.addPass(createSpikeVerifyPlan());
  case Phase::Network:
    return pipeline.addPass(createVerifyChipNetwork());
  case Phase::Map:
    pipeline.addPass(createVerifyChipNetwork());
    pipeline.addPass(createVerifyChipMap());
    return pipeline.addPass(createVerifyChipRoutes());
  case Phase::LLVM:
  case Phase::Kernels:
    return;
  }
}

/// The association whose kernels are asked for.
static std::string associationOf(llvm::ArrayRef<std::string> kernels) {
  if (llvm::is_contained(kernels, "query-key-bits"))
    return "query_key";
  bool isKeyValue = llvm::is_contained(kernels, "key-value-bits") || llvm::is_contained(kernels, "key-value-events");
  return isKeyValue ? "key_value" : "auto";
}

void stas::addPhase(mlir::OpPassManager &pipeline, Phase phase, const PhaseOptions &options) {
  using mlir::func::FuncOp;
  switch (phase) {
  case Phase::Import:
  case Phase::LLVM:
  case Phase::Kernels:
    break;
  case Phase::Normalize:
    pipeline.addPass(mlir::createCanonicalizerPass());
    // A chain of layers over time has something to hoist, blocks of halting do not.
    pipeline.addNestedPass<FuncOp>(createStasChooseSchedule());
    pipeline.addNestedPass<FuncOp>(createStasHoistTimeInvariant());
    break;
  case Phase::Adapt:
    pipeline.addNestedPass<FuncOp>(createStasFuseISPS());
    break;
  case Phase::Spike:
    pipeline.addPass(createConvertSTASToSpike());
    break;
  case Phase::Quantize: {
    if (options.precision == "f32")
      break;
    SpikeQuantizeOptions quantize;
    quantize.precision = options.precision;
    quantize.stateBits = options.stateBits;
    quantize.baseDirectory = options.baseDirectory;
    pipeline.addPass(createSpikeQuantize(quantize));
    break;
  }
  case Phase::Sparse: {
    StasLowerASSAOptions sparse;
    sparse.association = associationOf(options.kernels);
    sparse.ratesFile = options.rates;
    pipeline.addNestedPass<FuncOp>(createStasLowerASSA(sparse));
    break;
  }
  case Phase::Plan: {
    ConvertSpikeToVectorOptions plan;
    plan.lanes = options.isa.lanes;
    plan.vnni = options.isa.vnni;
    plan.amx = options.isa.amx;
    plan.kernels.assign(options.kernels.begin(), options.kernels.end());
    plan.rates = options.rates;
    plan.times = options.times;
    plan.cpu = options.cpu;
    pipeline.addPass(createConvertSpikeToVector(plan));
    pipeline.addPass(createSpikePlanMemory());
    break;
  }
  case Phase::Network:
    pipeline.addPass(createConvertSpikeToChip({options.chip, options.rates}));
    break;
  case Phase::Map:
    pipeline.addPass(createChipMap());
    break;
  }
  addVerifier(pipeline, phase);
}

void stas::registerPhases() {
  auto add = [](Phase phase, llvm::StringRef description) {
    mlir::PassPipelineRegistration<PhaseArguments>(
        ("stas-phase-" + nameOf(phase)).str(), description,
        [phase](mlir::OpPassManager &pipeline, const PhaseArguments &arguments) {
          addPhase(pipeline, phase, arguments.get());
        });
  };
  add(Phase::Import, "Check an imported model");
  add(Phase::Normalize, "From an imported model to one that computes once what does not change over time");
  add(Phase::Adapt, "From a normalised model to one in STAS's own forms");
  add(Phase::Spike, "From an adapted model to sparse spike operations");
  add(Phase::Quantize, "From sparse spike operations to their integer form, where the precision is one");
  add(Phase::Sparse, "From sparse spike operations to those that leave out halted rows and count bits");
  add(Phase::Plan, "From sparse spike operations to CPU kernels and a launch plan");
  add(Phase::Network, "From a quantised model to populations of neurons on a chip");
  add(Phase::Map, "From populations of neurons to cores, places and routes");
}
