//===- Cpus.cpp - How many CPUs there are to use --------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Cpus.h"
#include "stas/Runtime/Model.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sched.h>
#include <sstream>
#include <thread>

using namespace stas;

std::optional<int> stas::cpusOfQuota(const std::string &text) {
  std::istringstream stream(text);
  double quota, period;
  if (!(stream >> quota >> period) || !(quota > 0) || !(period > 0) || quota / period > kMaxThreads)
    return std::nullopt;
  return static_cast<int>(std::ceil(quota / period));
}

int stas::availableCpus() {
  int cpus = std::thread::hardware_concurrency();
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0)
    cpus = CPU_COUNT(&set);
  // A container may see all CPUs of its host and be stopped when it uses them.
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string text;
  if (std::getline(file, text))
    if (std::optional<int> quota = cpusOfQuota(text))
      cpus = std::min(cpus, *quota);
  return std::max(1, cpus);
}
