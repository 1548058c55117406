//===- stas.cpp - The driver ----------------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `stas COMMAND`. Links neither MLIR nor LibTorch, so that it starts in a few
// milliseconds and runs where only the runtime is installed.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "stas/Support/Terminal.h"
#include "stas/Support/Text.h"

#include <cstdio>
#include <cstring>
#include <iostream>
#include <unistd.h>

using namespace stas;

static void printHelp(std::ostream &out) {
  out << "stas: compiles trained spiking transformers and runs them\n\n"
         "usage: stas COMMAND [ARGUMENTS]\n\n";
  Table table;
  for (const Delegate &delegate : delegates())
    table.row({delegate.command, delegate.summary});
  table.row({"tune", "measure which kernels are the fastest, for compile --times"});
  table.row({"run", "run an artifact on images"});
  table.row({"estimate", "synaptic operations and energy, by layer"});
  table.row({"report", "a page of what a model is, does and costs"});
  table.row({"export", "a network on a chip, for the simulator SANA-FE"});
  table.row({"dump", "print what an artifact holds"});
  table.print(out, 2);
  out << "\nstas COMMAND --help says more; stas --version prints the "
         "version.\n";
}

static int fail(const std::string &command, const Error &error) {
  bool colour = hasColour(STDERR_FILENO);
  std::cout.flush();
  std::fprintf(stderr, "stas%s%s: %serror:%s %s\n", command.empty() ? "" : " ", command.c_str(),
               colour ? "\033[1;31m" : "", colour ? "\033[0m" : "", error.message().c_str());
  return 1;
}

/// A command's output counts only once all of it is written.
static int finish(const std::string &command, const Status &status) {
  if (!status)
    return fail(command, status.error());
  if (!std::cout.flush())
    return fail(command, makeError("standard output: cannot write: ", std::strerror(errno)));
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    printHelp(std::cerr);
    return 1;
  }
  std::string command = argv[1];
  if (command == "--help" || command == "-h" || command == "help") {
    printHelp(std::cout);
    return finish("", {});
  }
  if (command == "--version") {
    std::cout << "stas " STAS_VERSION "\n";
    return finish("", {});
  }
  argc -= 2;
  argv += 2;
  if (command == "tune")
    return finish(command, tuneCommand(argc, argv));
  if (command == "run")
    return finish(command, runCommand(argc, argv));
  if (command == "dump")
    return finish(command, dumpCommand(argc, argv));
  if (command == "estimate")
    return finish(command, estimateCommand(argc, argv));
  if (command == "report")
    return finish(command, reportCommand(argc, argv));
  if (command == "export")
    return finish(command, exportCommand(argc, argv));
  std::vector<std::string> known = {"tune", "run", "dump", "estimate", "report", "export", "--help", "--version"};
  for (const Delegate &delegate : delegates()) {
    if (command == delegate.command)
      return finish(command, delegateCommand(delegate, argc, argv));
    known.push_back(delegate.command);
  }
  std::string near = nearest(command, known);
  return fail("", makeError(printable(command), ": unknown command; ",
                            near.empty() ? "see stas --help" : "did you mean 'stas " + near + "'?"));
}
