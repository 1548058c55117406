//===- Pipelines.cpp - Named phases from a model to a plan ----------------===//
#include "stas/Pipelines/Pipelines.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "stas/Conversion/Passes.h"
#include "stas/Transforms/Passes.h"
#include "llvm/ADT/STLExtras.h"

using namespace stas;

namespace {
constexpr llvm::StringLiteral names[] = {"import", "normalize", "adapt", "spike", "plan", "llvm"};

struct PlanOptions : mlir::PassPipelineOptions<PlanOptions> {
  Option<int64_t> lanes{*this, "lanes", llvm::cl::desc("f32 lanes of a vector register: 8 or 16"), llvm::cl::init(8)};
};
} // namespace

std::optional<Phase> stas::phaseByName(llvm::StringRef name) {
  const auto *found = llvm::find(names, name);
  if (found == std::end(names))
    return std::nullopt;
  return static_cast<Phase>(found - std::begin(names));
}

llvm::StringRef stas::nameOf(Phase phase) { return names[static_cast<int>(phase)]; }

std::string stas::phaseNames() {
  return llvm::join(llvm::ArrayRef(names).drop_back(), ", ") + " or " + names[std::size(names) - 1].str();
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
  case Phase::Plan:
    return pipeline.addPass(createSpikeVerifyPlan());
  case Phase::LLVM:
    return;
  }
}

void stas::addPhase(mlir::OpPassManager &pipeline, Phase phase, int64_t lanes) {
  using mlir::func::FuncOp;
  switch (phase) {
  case Phase::Import:
  case Phase::LLVM:
    break;
  case Phase::Normalize:
    pipeline.addPass(mlir::createCanonicalizerPass());
    pipeline.addNestedPass<FuncOp>(createStasHoistTimeInvariant());
    break;
  case Phase::Adapt:
    pipeline.addNestedPass<FuncOp>(createStasFuseISPS());
    break;
  case Phase::Spike:
    pipeline.addPass(createConvertSTASToSpike());
    break;
  case Phase::Plan: {
    ConvertSpikeToVectorOptions options;
    options.lanes = lanes;
    pipeline.addPass(createConvertSpikeToVector(options));
    pipeline.addPass(createSpikePlanMemory());
    break;
  }
  }
  addVerifier(pipeline, phase);
}

void stas::registerPhases() {
  auto add = [](Phase phase, llvm::StringRef description) {
    mlir::PassPipelineRegistration<PlanOptions>(
        ("stas-phase-" + nameOf(phase)).str(), description,
        [phase](mlir::OpPassManager &pipeline, const PlanOptions &options) {
          addPhase(pipeline, phase, options.lanes);
        });
  };
  add(Phase::Import, "Check an imported model");
  add(Phase::Normalize, "From an imported model to one that computes once what does not change over time");
  add(Phase::Adapt, "From a normalised model to one in STAS's own forms");
  add(Phase::Spike, "From an adapted model to sparse spike operations");
  add(Phase::Plan, "From sparse spike operations to CPU kernels and a launch plan");
}
