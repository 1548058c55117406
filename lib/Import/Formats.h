//===- Formats.h - One function per file format ---------------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_IMPORT_FORMATS_H
#define STAS_LIB_IMPORT_FORMATS_H

#include "stas/Import/Checkpoint.h"
#include "stas/Import/TorchObjects.h"

namespace stas::import {

// Each takes a checkpoint whose path and file are set, and fills in the rest.
// Returns false after adding to `report` if there is nothing to go on with.

bool readTorchZip(Checkpoint &checkpoint, const CheckpointOptions &options, Report &report);
bool readTorchLegacy(Checkpoint &checkpoint, const CheckpointOptions &options, Report &report);
bool readSafeTensors(Checkpoint &checkpoint, const CheckpointOptions &options, Report &report);

/// The common half of the two torch formats: finds the state dict, the config
/// and the args in what was pickled.
bool readTorchRoot(const PickleGraph &graph, StorageResolver resolve, Checkpoint &checkpoint,
                   const CheckpointOptions &options, Report &report);

/// Removes the prefixes that wrappers put before every key (DataParallel's
/// "module.", torch.compile's "_orig_mod.") and checks that keys are unique.
void normalizeKeys(Checkpoint &checkpoint, Report &report);

/// llvm::json::parse for text of strangers: its parser recurses, so the nesting
/// is measured first. A JSON object of at most 32 levels, or an error.
llvm::Expected<llvm::json::Object> parseJSONObject(llvm::StringRef text);

} // namespace stas::import

#endif // STAS_LIB_IMPORT_FORMATS_H
