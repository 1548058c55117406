//===- RunCommand.cpp - stas run ------------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "RunSession.h"

#include <iostream>

using namespace stas;

static const CommandHelp kHelp = {"run",
                                  "run an artifact on images",
                                  "OUT.stas --input FILE [OPTIONS]",
                                  "artifact (OUT.stas)",
                                  {
                                      {"--input", "FILE",
                                       ".npy float32 [B,C,H,W] (normalised), CIFAR .bin, PNG, JPEG, idx, or "
                                       "a folder"},
                                      {"--labels", "FILE", "text, one integer a line; .npy [B]; or idx"},
                                      {"--limit", "N", "run only the first N images"},
                                      {"--cpu", "NAME", "which of the artifact's codes to run (the best for this CPU)"},
                                      {"--gpu", "N", "of an artifact for a GPU: which GPU to use (0)"},
                                      {"--threads", "N", "CPUs to use (all that the process may)"},
                                      {"--batch", "N", "images at a time (about 64; on a GPU 256)"},
                                      {"--output", "FILE.npy", "write the logits, float32 [B, classes]"},
                                      {"--halting", "FILE.npy", "write the blocks each token lived, int32 [B, tokens]"},
                                      {"--reference", "FILE.npy", "compare with these logits"},
                                      {"--reference-halting", "FILE.npy", "compare with these halting steps"},
                                      {"--dump-spikes", "DIR", "write DIR/<layer>.npy, uint8 [T,B,N,D] or [T,B,C,H,W]"},
                                      {"--teacher", "DIR", "feed each layer the spikes of DIR/<layer>.npy instead"},
                                      {"--rates", "FILE.json", "write what layers are fed and fire, for stas estimate"},
                                      {"--stats", nullptr, "firing rate of each layer"},
                                      {"--profile", nullptr, "time of each layer"},
                                      {"--json", nullptr, "results as one JSON object"},
                                  },
                                  "\nResults go to the standard output. Speed is that of inference alone, "
                                  "after a\nwarm-up. docs/Running.md explains every figure.\n\n"
                                  "  stas run model.stas --input test_batch.bin --limit 1000 --stats\n"};

Status stas::runCommand(int argc, char **argv) {
  auto parsed = Arguments::parse(kHelp, argc, argv);
  if (!parsed || !*parsed)
    return parsed ? Status() : parsed.error();
  const Arguments &arguments = **parsed;
  RunSession session(arguments);
  if (Status status = session.run(); !status)
    return status;
  if (arguments.has("--json"))
    session.report().printJson(std::cout);
  else
    session.report().printText(std::cout);
  return {};
}
