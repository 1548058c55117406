//===- ExportCommand.cpp - stas export ------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "stas/Data/ImageSource.h"
#include "stas/Runtime/Model.h"
#include "stas/Runtime/SanaFe.h"
#include "stas/Support/Arguments.h"
#include "stas/Support/OutputFile.h"

using namespace stas;

static const CommandHelp kHelp = {"export",
                                  "write a network on a chip for the simulator SANA-FE",
                                  "OUT.stas --input FILE --architecture ARCH.yaml -o NETWORK.yaml",
                                  "artifact (OUT.stas)",
                                  {
                                      {"--input", "FILE", "images, as stas run takes them"},
                                      {"--index", "N", "which of them the network is to see (0)"},
                                      {"--profile", "NAME", "cost profile, or a file of one (the chip's)"},
                                      {"--architecture", "FILE", "where to write the chip"},
                                      {"-o", "FILE", "where to write the network"},
                                  },
                                  "\nSmall networks of LIF neurons on one chip; docs/Targets/Chip.md says which.\n\n"
                                  "  stas export model.stas --input images.npy --architecture chip.yaml -o net.yaml\n"};

static Status writeFiles(const SanaFeFiles &files, const Arguments &arguments) {
  Result<OutputFile> chip = OutputFile::create(arguments.get("--architecture"));
  if (!chip)
    return chip.error();
  Result<OutputFile> network = OutputFile::create(arguments.get("-o"));
  if (!network)
    return network.error();
  if (Status status = chip->write(files.architecture); !status)
    return status;
  if (Status status = network->write(files.network); !status)
    return status;
  for (OutputFile *file : {&*chip, &*network})
    if (Status status = file->flush(); !status)
      return status;
  if (Status status = chip->commit(); !status)
    return status;
  return network->commit();
}

Status stas::exportCommand(int argc, char **argv) {
  auto parsed = Arguments::parse(kHelp, argc, argv);
  if (!parsed || !*parsed)
    return parsed ? Status() : parsed.error();
  const Arguments &arguments = **parsed;
  for (const char *option : {"--input", "--architecture", "-o"})
    if (!arguments.has(option))
      return makeError(option, ": required, found none; see stas export --help");
  if (arguments.get("--architecture") == arguments.get("-o"))
    return makeError("-o: required another file than --architecture, found ", arguments.get("-o"));
  Result<artifact::Artifact> file = artifact::Artifact::open(arguments.file());
  if (!file)
    return file.error();
  if (!file->coreMap())
    return makeError(arguments.file(), ": required an artifact for a chip, found one for a ",
                     file->cudaPlan() ? "GPU" : "CPU", "; compile the model with --target=chip");
  Result<std::unique_ptr<Model>> model = Model::load(arguments.file(), {});
  if (!model)
    return model.error();
  const ModelInfo &info = (*model)->info();
  auto source = ImageSource::open(arguments.get("--input"), info.input);
  if (!source)
    return source.error();
  Result<int64_t> index = arguments.number("--index", 0, 0, (*source)->count() - 1);
  if (!index)
    return index.error();
  std::string name = arguments.has("--profile") ? arguments.get("--profile") : info.costProfile;
  if (name.empty())
    return makeError("--profile: required, since the chip's file names none");
  Result<energy::Profile> profile = energy::loadProfile(name);
  if (!profile)
    return profile.error();
  std::vector<float> image(info.input.elements());
  if (Status status = (*source)->read(*index, image.data()); !status)
    return status;
  Result<SanaFeFiles> files = exportSanaFe(*file, *profile, image.data());
  if (!files)
    return files.error();
  return writeFiles(*files, arguments);
}
