//===- KernelTimes.cpp - How long layers took by which kernel -------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Analysis/KernelTimes.h"
#include "MeasuredFile.h"

using namespace stas;

static llvm::Expected<KernelTimes::OfLayer> readLayer(const std::string &where, const Json &kernels) {
  KernelTimes::OfLayer times;
  if (!kernels.is_object() || kernels.empty())
    return failAt(where, "required an object of times, by kernel, found " +
                             (kernels.is_object() ? "none in it" : jsonText(kernels)));
  for (const auto &[kernel, seconds] : kernels.items()) {
    std::optional<spike::SumsBy> by = spike::symbolizeSumsBy(kernel);
    if (!by)
      return failAt(where, "required events, dense, tiles or choice, found '" + printable(kernel) + "'");
    if (!seconds.is_number() || !(seconds.get<double>() > 0))
      return failAt(where, kernel + ": required seconds above 0, found " + jsonText(seconds));
    times[*by] = seconds.get<double>();
  }
  return times;
}

llvm::Expected<KernelTimes> KernelTimes::read(llvm::StringRef path) {
  KernelTimes times;
  if (path.empty())
    return times;
  auto json = readMeasured(path, "cpus", "stas tune");
  if (!json)
    return json.takeError();
  const Json precision = json->value("precision", Json());
  if (precision != "int16" && precision != "int8")
    return failAt(path, "precision: required int16 or int8, as stas tune writes it, found " + jsonText(precision));
  times.name = precision.get<std::string>();
  for (const auto &[cpu, layers] : json->at("cpus").items()) {
    if (!layers.is_object())
      return failAt(path, "cpu " + printable(cpu) + ": required an object of layers, found " + jsonText(layers));
    OfCpu &of = times.cpus[cpu];
    for (const auto &[layer, kernels] : layers.items()) {
      auto ofLayer = readLayer(path.str() + ": cpu " + printable(cpu) + ", layer " + printable(layer), kernels);
      if (!ofLayer)
        return ofLayer.takeError();
      of[layer] = std::move(*ofLayer);
    }
  }
  if (times.cpus.empty())
    return failAt(path, "cpus: required times of at least one CPU, found none");
  return times;
}

const KernelTimes::OfCpu *KernelTimes::of(llvm::StringRef cpu) const {
  auto found = cpus.find(cpu.str());
  return found == cpus.end() ? nullptr : &found->second;
}

std::string KernelTimes::cpuNames() const {
  std::string names;
  for (const auto &cpu : cpus)
    names += (names.empty() ? "" : ", ") + printable(cpu.first);
  return names;
}
