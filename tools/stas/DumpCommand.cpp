//===- DumpCommand.cpp - stas dump ----------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "ManifestText.h"
#include "stas/Support/Arguments.h"
#include "stas/Support/OutputFile.h"
#include "stas/Support/Text.h"

#include <iostream>

using namespace stas;
using namespace stas::artifact;

static const CommandHelp kHelp = {"dump",
                                  "print what an artifact holds",
                                  "OUT.stas [--json] | OUT.stas --section NAME -o FILE",
                                  "artifact (OUT.stas)",
                                  {
                                      {"--section", "NAME", "write this section instead of printing"},
                                      {"-o", "FILE", "where to write it"},
                                      {"--json", nullptr, "the manifest as one JSON object"},
                                  },
                                  "\n  stas dump model.stas\n"
                                  "  stas dump model.stas --section object -o kernels.so\n"
                                  "  stas dump model.stas --section ptx_sm_90a -o kernels.ptx\n"};

static Status writeSection(const Artifact &artifact, const Arguments &arguments) {
  std::string name = arguments.get("--section");
  if (!artifact.find(name)) {
    std::string known;
    for (const SectionInfo &section : artifact.sections())
      known += (known.empty() ? "" : ", ") + section.name;
    return makeError(artifact.path(), ": no section '", printable(name), "'; there are: ", known);
  }
  if (!arguments.has("-o"))
    return makeError("--section: required -o FILE with it, found none");
  if (Status status = requireOtherFile(arguments.get("-o"), artifact.path()); !status)
    return status;
  Result<OutputFile> file = OutputFile::create(arguments.get("-o"));
  if (!file)
    return file.error();
  std::string_view bytes = artifact.bytes(name);
  if (Status status = file->write(bytes.data(), bytes.size()); !status)
    return status;
  return file->commit();
}

Status stas::dumpCommand(int argc, char **argv) {
  auto parsed = Arguments::parse(kHelp, argc, argv);
  if (!parsed || !*parsed)
    return parsed ? Status() : parsed.error();
  const Arguments &arguments = **parsed;
  Result<Artifact> artifact = Artifact::open(arguments.file());
  if (!artifact)
    return artifact.error();
  if (arguments.has("--section"))
    return writeSection(*artifact, arguments);
  if (arguments.has("-o"))
    return makeError("-o: required --section NAME with it, found none");
  if (arguments.has("--json"))
    printManifestJson(std::cout, *artifact);
  else
    printManifestText(std::cout, *artifact);
  return {};
}
