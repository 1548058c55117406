//===- ChipArtifacts.cpp - Artifacts for a chip, to MLIR and back ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Translations.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "stas/InitAll.h"
#include "stas/Target/Chip/ChipArtifact.h"
#include "stas/Target/TemporaryFile.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace stas;

static LogicalResult writeArtifact(ModuleOp module, raw_ostream &stream) {
  // An artifact appears under a name or not at all; here, the stream's owner sees to that.
  auto temporary = TemporaryFile::create("stas");
  if (!temporary)
    return module.emitError(llvm::toString(temporary.takeError()));
  WeightReader weights = weightsOf(module);
  if (auto error = writeChipArtifact(module, weights, temporary->path()))
    return module.emitError(llvm::toString(std::move(error)));
  auto bytes = llvm::MemoryBuffer::getFile(temporary->path());
  if (!bytes)
    return module.emitError("cannot read ") << temporary->path() << ": " << bytes.getError().message();
  stream << (*bytes)->getBuffer();
  return success();
}

void stas::registerChipTranslations() {
  static TranslateFromMLIRRegistration toArtifact(
      "chip-to-artifact", "write the artifact of a mapped chip.network",
      [](Operation *op, raw_ostream &stream) -> LogicalResult {
        auto module = dyn_cast<ModuleOp>(op);
        return module ? writeArtifact(module, stream) : op->emitError("requires a builtin module");
      },
      [](DialectRegistry &registry) { registerAllDialects(registry); });
  static TranslateToMLIRRegistration fromArtifact(
      "artifact-to-chip", "print the chip.network of an artifact",
      [](llvm::SourceMgr &sources, MLIRContext *context) -> OwningOpRef<Operation *> {
        auto name = sources.getMemoryBuffer(sources.getMainFileID())->getBufferIdentifier();
        auto module = readChipArtifact(name, context);
        if (!module) {
          emitError(UnknownLoc::get(context), llvm::toString(module.takeError()));
          return nullptr;
        }
        return OwningOpRef<Operation *>(module->release());
      },
      [](DialectRegistry &registry) { registerAllDialects(registry); });
}
