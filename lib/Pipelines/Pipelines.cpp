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
      .Case("quantize", Phase::Quantize)
      .Case("plan", Phase::Plan)
      .Case("llvm", Phase::LLVM)
      .Default(std::nullopt);
}

llvm::StringRef stas::nameOf(Phase phase) {
  constexpr llvm::StringLiteral names[] = {"import", "spike", "quantize", "plan", "llvm"};
  return names[static_cast<int>(phase)];
}

void stas::addPhase(mlir::OpPassManager &pipeline, Phase phase, const PhaseOptions &options) {
  if (phase == Phase::Spike) {
    pipeline.addPass(mlir::createCanonicalizerPass());
    pipeline.addPass(createConvertSTASToSpike());
  }
  if (phase == Phase::Quantize && options.precision != "f32") {
    SpikeQuantizeOptions quantize;
    quantize.precision = options.precision;
    quantize.stateBits = options.stateBits;
    quantize.baseDirectory = options.baseDirectory;
    pipeline.addPass(createSpikeQuantize(quantize));
  }
  if (phase == Phase::Plan) {
    ConvertSpikeToVectorOptions plan;
    plan.lanes = options.isa.lanes;
    plan.vnni = options.isa.vnni;
    plan.amx = options.isa.amx;
    plan.kernels.assign(options.kernels.begin(), options.kernels.end());
    pipeline.addPass(createConvertSpikeToVector(plan));
    pipeline.addPass(createSpikePlanMemory());
  }
}
