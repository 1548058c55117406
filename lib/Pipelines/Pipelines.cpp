//===- Pipelines.cpp - Named phases from a model to a plan ----------------===//
#include "stas/Pipelines/Pipelines.h"
#include "mlir/Transforms/Passes.h"
#include "stas/Conversion/Passes.h"
#include "stas/Transforms/Passes.h"
#include "llvm/ADT/StringSwitch.h"

using namespace stas;

std::optional<Phase> stas::phaseByName(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<Phase>>(name)
      .Case("import", Phase::Import)
      .Case("spike", Phase::Spike)
      .Case("plan", Phase::Plan)
      .Case("llvm", Phase::LLVM)
      .Default(std::nullopt);
}

llvm::StringRef stas::nameOf(Phase phase) {
  constexpr llvm::StringLiteral names[] = {"import", "spike", "plan", "llvm"};
  return names[static_cast<int>(phase)];
}

void stas::addHalting(mlir::OpPassManager &pipeline) {
  pipeline.addPass(createStasLowerAct());
  pipeline.addPass(mlir::createCanonicalizerPass());
  // What the first block sums up is the same at every timestep.
  pipeline.addPass(mlir::createLoopInvariantCodeMotionPass());
}

void stas::addPhase(mlir::OpPassManager &pipeline, Phase phase, int64_t lanes) {
  if (phase == Phase::Spike) {
    pipeline.addPass(mlir::createCanonicalizerPass());
    pipeline.addPass(createConvertSTASToSpike());
    addHalting(pipeline);
  }
  if (phase == Phase::Plan) {
    ConvertSpikeToVectorOptions options;
    options.lanes = lanes;
    pipeline.addPass(createConvertSpikeToVector(options));
    pipeline.addPass(createSpikePlanMemory());
  }
}
