//===- Terminal.cpp - Progress and colour, for a terminal only ------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/Terminal.h"
#include "stas/Support/Text.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

using namespace stas;

bool stas::hasColour(int descriptor) {
  const char *terminal = std::getenv("TERM");
  return isatty(descriptor) && !std::getenv("NO_COLOR") && terminal && std::strcmp(terminal, "dumb") != 0;
}

Progress::Progress(std::string label, uint64_t total)
    : label(std::move(label)), total(total), shown(isatty(STDERR_FILENO)) {}

Progress::~Progress() {
  if (drawn)
    std::fputs("\r\033[K", stderr);
}

void Progress::update(uint64_t done) {
  auto now = std::chrono::steady_clock::now();
  if (!shown || total == 0 || (drawn && now - last < std::chrono::milliseconds(100)))
    return;
  drawn = true;
  last = now;
  double share = static_cast<double>(done) / total;
  std::fprintf(stderr, "\r\033[K%s %3.0f%% %s", label.c_str(), 100 * share, bar(share, 30).c_str());
}
