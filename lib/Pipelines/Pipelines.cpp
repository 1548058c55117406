//===- Pipelines.cpp - Named phases from a model to a plan ----------------===//
#include "stas/Pipelines/Pipelines.h"
#include "mlir/Transforms/Passes.h"
#include "stas/Conversion/Passes.h"
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

void stas::addPhase(mlir::OpPassManager &pipeline, Phase phase, const Isa &isa, llvm::ArrayRef<std::string> kernels) {
  if (phase == Phase::Spike) {
    pipeline.addPass(mlir::createCanonicalizerPass());
    pipeline.addPass(createConvertSTASToSpike());
  }
  if (phase == Phase::Plan) {
    ConvertSpikeToVectorOptions options;
    options.lanes = isa.lanes;
    options.vnni = isa.vnni;
    options.amx = isa.amx;
    options.kernels.assign(kernels.begin(), kernels.end());
    pipeline.addPass(createConvertSpikeToVector(options));
    pipeline.addPass(createSpikePlanMemory());
  }
}
