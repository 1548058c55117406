//===- Sections.h - The parts of a page ----------------------- -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_REPORT_SECTIONS_H
#define STAS_LIB_REPORT_SECTIONS_H

#include "ChipMap.h"
#include "Html.h"
#include "stas/Report/Report.h"

namespace stas::report {

// Each writes its part, or what is missing for it and the command that gives it.
void writeHeader(Html &html, const Content &content);
void writeModel(Html &html, const Content &content);
void writePlan(Html &html, const Content &content);
void writeEnergy(Html &html, const Content &content);
void writeAccuracy(Html &html, const Content &content);
void writeRates(Html &html, const Content &content);
void writeHalting(Html &html, const Content &content);
void writeSources(Html &html, const Content &content);

// Of an artifact for a chip, in the place of the plan and of the energy of operations.
void writeChip(Html &html, const Content &content);
void writeChipEnergy(Html &html, const Content &content);

/// One chip's mesh: how full its cores are, and what its links carry.
struct MeshPicture {
  std::string title, description;
  int64_t rows = 0, columns = 0, coresPerTile = 1;
  int64_t firstRow = 0, firstColumn = 0;          ///< Of its tiles on the board.
  std::map<std::array<int64_t, 3>, double> cores; ///< Row, column, index: the fullest resource, 0 to 1.
  std::map<LinkPlace, double> links;              ///< Those that start on the chip.
  double most = 0;                                ///< The largest load of the board.
};
void drawMesh(Html &html, const MeshPicture &mesh);

/// What an image costs on the chip: as the simulator counted its events, where
/// it ran, but for layers, which are always estimated; else all as estimated.
energy::ChipEstimate chipCosts(const Content &content);
/// Whether an event that occurs has a price.
bool isPriced(const energy::ChipEstimate &costs);
/// The part on the layers of a chip.
void writeChipLayers(Html &html, const Content &content, const energy::ChipEstimate &costs);

/// What halts, of an artifact for whatever target.
struct HaltingKind {
  uint64_t tokens = 0, blocks = 0;
  bool isLexicographic = false;
  std::string order;
};
std::optional<HaltingKind> haltingOf(const artifact::Artifact &artifact);

/// An image beside a map of the steps that its tokens were active.
struct HaltingKind;
void drawExample(Html &html, const Example &example, const artifact::Manifest &manifest, const HaltingKind &kind);

/// Says that a part needs a run, and the command for it.
void writeMissing(Html &html, const Content &content, const std::string &what, const std::string &options);

/// A name from a file, as a page shows it: cut to a length.
std::string shown(const std::string &name);
/// "pixels" of 3 x 32 x 32, "frames" where there are several.
std::string inputText(const artifact::Input &input);

} // namespace stas::report

#endif // STAS_LIB_REPORT_SECTIONS_H
