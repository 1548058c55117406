//===- KernelTimes.h - How long layers took by which kernel -----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef STAS_ANALYSIS_KERNELTIMES_H
#define STAS_ANALYSIS_KERNELTIMES_H

#include "dialects/Spike/SpikeAttrs.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <map>
#include <string>

namespace stas {

/// What `stas tune` measured: the time of each layer of a model by each kernel that could compute it.
class KernelTimes {
public:
  /// Seconds an image, by kernel; at least one.
  using OfLayer = std::map<spike::SumsBy, double>;
  /// By the names of `stas run --profile`.
  using OfCpu = llvm::StringMap<OfLayer>;

  /// Reads {"precision": NAME, "cpus": {CPU: {LAYER: {KERNEL: SECONDS, ..}, ..}, ..}, ..}; what else is there is
  /// ignored. Fails where the file cannot be read, is no such object, or holds a kernel that is none or a time that is
  /// no number above 0; the message names the file. Without a path nothing was measured.
  static llvm::Expected<KernelTimes> read(llvm::StringRef path);

  bool empty() const { return cpus.empty(); }
  /// "int16" or "int8".
  llvm::StringRef precision() const { return name; }
  /// Of a CPU, by its name in --cpu; null where it was not measured.
  const OfCpu *of(llvm::StringRef cpu) const;
  /// The CPUs, for messages.
  std::string cpuNames() const;

private:
  std::string name;
  std::map<std::string, OfCpu, std::less<>> cpus;
};

} // namespace stas

#endif // STAS_ANALYSIS_KERNELTIMES_H
