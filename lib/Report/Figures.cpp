//===- Figures.cpp - Numbers as a page shows them -------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Figures.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <cmath>

using namespace stas;
using namespace stas::report;

Unit report::energyUnit(double picojoules) {
  for (Unit unit : {Unit{1, "pJ"}, {1e-3, "nJ"}, {1e-6, "µJ"}, {1e-9, "mJ"}})
    if (picojoules * unit.factor < 1000)
      return unit;
  return {1e-12, "J"};
}

Unit report::countUnit(double count) {
  for (Unit unit : {Unit{1, ""}, {1e-3, "thousand"}, {1e-6, "million"}})
    if (count * unit.factor < 1000)
      return unit;
  return {1e-9, "billion"};
}

std::string report::figure(double value) {
  if (value == 0)
    return "0";
  if (std::fabs(value) >= 1000)
    return humanCount(static_cast<uint64_t>(std::llround(std::min(std::fabs(value), 1e18))));
  // Below 0.001 zeros would be all there is to see.
  if (std::fabs(value) < 0.001)
    return "< 0.001";
  int before = static_cast<int>(std::floor(std::log10(std::fabs(value))));
  return fixed(value, std::clamp(2 - before, 0, 5));
}

/// Ends that read the same are one.
static std::string range(const std::string &low, const std::string &high) {
  return low == high ? high : low + " – " + high;
}

std::string report::figure(Interval value) { return range(figure(value.low), figure(value.high)); }

std::string report::aligned(Interval value, double most) {
  int digits = most >= 100 || !(most > 0) ? 0 : most >= 10 ? 1 : most >= 1 ? 2 : 3;
  double least = 0.5 * std::pow(10, -digits);
  auto text = [&](double number) {
    if (number >= 1000 || number == 0)
      return figure(number);
    return number < least ? "< " + fixed(2 * least, digits) : fixed(number, digits);
  };
  return range(text(value.low), text(value.high));
}

std::string report::tickText(double value) {
  std::string text = figure(value);
  if (text.find('.') == std::string::npos)
    return text;
  text.erase(text.find_last_not_of('0') + 1);
  return text.back() == '.' ? text.substr(0, text.size() - 1) : text;
}

static std::string withUnit(Interval value, Unit unit) {
  return figure(value * unit.factor) + (unit.name[0] ? std::string(" ") + unit.name : "");
}

std::string report::energyText(Interval picojoules) { return withUnit(picojoules, energyUnit(picojoules.high)); }
std::string report::countText(Interval count) { return withUnit(count, countUnit(count.high)); }

std::string report::timeText(double nanoseconds) {
  for (Unit unit : {Unit{1, " ns"}, {1e-3, " µs"}, {1e-6, " ms"}})
    if (nanoseconds * unit.factor < 1000)
      return figure(nanoseconds * unit.factor) + unit.name;
  return figure(nanoseconds * 1e-9) + " s";
}

std::string report::percentText(double share) { return fixed(100 * share, 1) + " %"; }

std::string report::percentText(Interval share) {
  return range(fixed(100 * share.low, 1), fixed(100 * share.high, 1)) + " %";
}

std::string report::wholeCount(Interval count) {
  auto number = [](double figure) { return humanCount(static_cast<uint64_t>(std::llround(std::min(figure, 1e18)))); };
  return range(number(count.low), number(count.high));
}

std::string report::plural(uint64_t count, const std::string &thing, const char *ending) {
  return humanCount(count) + " " + thing + (count == 1 ? "" : ending);
}

std::vector<double> report::ticks(double most) {
  if (!(most > 0) || !std::isfinite(most))
    return {0};
  double power = std::pow(10, std::floor(std::log10(most)));
  double step = power;
  for (double factor : {0.2, 0.5, 1.0, 2.0})
    if (most <= 5 * factor * power) {
      step = factor * power;
      break;
    }
  std::vector<double> result = {0};
  for (int i = 1; i <= 5 && result.back() < most; ++i)
    result.push_back(step * i);
  return result;
}

Interval report::wilson(uint64_t part, uint64_t whole) {
  if (whole == 0)
    return {0, 1};
  constexpr double kZ = 1.959964; // the 97.5 % point of the normal distribution
  double n = static_cast<double>(whole), share = static_cast<double>(part) / n;
  double centre = (share + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  double reach = kZ * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n)) / (1 + kZ * kZ / n);
  return {std::max(0.0, centre - reach), std::min(1.0, centre + reach)};
}
