//===- DescribeModel.h - What a manifest says of a model --------*- C++ -*-===//
//
// The same for every target: what `stas.model` and `stas.act` say.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_TARGET_ARTIFACT_DESCRIBEMODEL_H
#define STAS_TARGET_ARTIFACT_DESCRIBEMODEL_H

#include "dialects/STAS/STASAttrs.h"
#include "mlir/IR/BuiltinOps.h"
#include "stas/Target/Artifact/Artifact.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

namespace stas {

/// What a manifest calls an order of `stas.act`.
inline artifact::HaltingOrder manifestOrder(HaltingOrder order) {
  switch (order) {
  case HaltingOrder::Lexicographic:
    return artifact::LEXICOGRAPHIC;
  case HaltingOrder::Rectangular:
    return artifact::RECTANGULAR;
  case HaltingOrder::Timestep:
    return artifact::TIMESTEP;
  }
  llvm_unreachable("an order of the enumeration");
}

/// The checkpoint's file, family, timesteps and normalisation; nothing where the module does not say.
inline void describeModel(mlir::ModuleOp module, artifact::Manifest &manifest) {
  auto model = module->getAttrOfType<ModelAttr>("stas.model");
  if (!model)
    return;
  manifest.set_source(llvm::sys::path::filename(model.getSource()).str());
  manifest.set_family(model.getFamily().str());
  manifest.set_timesteps(model.getTimesteps());
  artifact::Input &input = *manifest.mutable_input();
  for (auto [mean, std] : llvm::zip(model.getMean(), model.getStd())) {
    input.add_mean(static_cast<float>(mean));
    input.add_std(static_cast<float>(std));
  }
}

} // namespace stas

#endif // STAS_TARGET_ARTIFACT_DESCRIBEMODEL_H
