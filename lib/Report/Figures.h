//===- Figures.h - Numbers as a page shows them --------------- -*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_REPORT_FIGURES_H
#define STAS_LIB_REPORT_FIGURES_H

#include "stas/Energy/Estimate.h"

#include <string>
#include <vector>

namespace stas::report {

using energy::Interval;

/// What a figure is multiplied with to be in a unit of a readable size.
struct Unit {
  double factor;
  const char *name;
};

/// From pJ to J, for figures of up to so many picojoules.
Unit energyUnit(double picojoules);
/// "", "thousand", "million" or "billion", for counts of up to so many.
Unit countUnit(double count);

/// Three significant digits, or more before the point: 0.0123, 1.50, 23.4, 12,345.
std::string figure(double value);
/// One figure where both ends read the same, else "low – high".
std::string figure(Interval value);
/// As others of up to `most`, with as many digits behind the point as three
/// significant ones of `most` have, so that columns and charts are calm:
/// 2.02, 0.04, "< 0.01".
std::string aligned(Interval value, double most);
/// Of an axis: "0.5", "5", "1,500".
std::string tickText(double value);
/// The same, with the unit behind it: "11.4 µJ".
std::string energyText(Interval picojoules);
std::string countText(Interval count);
/// From ns to s.
std::string timeText(double nanoseconds);
/// Of a share of 1: "12.3 %".
std::string percentText(double share);
std::string percentText(Interval share);
/// All digits of a count: "11,759,271".
std::string wholeCount(Interval count);
/// "1 image", "3 images"; "2 classes" with the ending "es".
std::string plural(uint64_t count, const std::string &thing, const char *ending = "s");

/// Where the ticks of an axis from 0 to at least `most` are: 0, a step of 1, 2
/// or 5 times a power of ten, and so on, at most six of them.
std::vector<double> ticks(double most);

/// The 95 % interval of a share of `part` in `whole` (Wilson's score interval).
Interval wilson(uint64_t part, uint64_t whole);

} // namespace stas::report

#endif // STAS_LIB_REPORT_FIGURES_H
