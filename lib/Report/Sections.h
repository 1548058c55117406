//===- Sections.h - The parts of a page ----------------------- -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_REPORT_SECTIONS_H
#define STAS_LIB_REPORT_SECTIONS_H

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

/// An image beside a map of the steps that its tokens were active.
void drawExample(Html &html, const Example &example, const artifact::Manifest &manifest);

/// Says that a part needs a run, and the command for it.
void writeMissing(Html &html, const Content &content, const std::string &what, const std::string &options);

/// A name from a file, as a page shows it: cut to a length.
std::string shown(const std::string &name);
/// "pixels" of 3 x 32 x 32, "frames" where there are several.
std::string inputText(const artifact::Input &input);

} // namespace stas::report

#endif // STAS_LIB_REPORT_SECTIONS_H
