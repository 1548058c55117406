//===- stas-import.cpp - Checkpoint in, stas dialect out ------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Import/Import.h"
#include "stas/Support/Arguments.h"
#include "stas/Support/OutputFile.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"

#include <iostream>

using namespace llvm;
using namespace stas::import;
using stas::Arguments;

static constexpr StringLiteral kTool = "stas-import";

static const stas::CommandHelp kHelp = {
    "import",
    "read a trained spiking transformer and write it in the stas dialect",
    "MODEL -o FILE [OPTIONS]",
    "model (MODEL)",
    {{"-o", "FILE", "where to write the module; - is standard output"},
     {"--config", "FILE", "settings in JSON; they win over the checkpoint's"},
     {"--set", "KEY=VALUE", "one setting, such as act.alpha=0.5; wins over --config; may be repeated", /*isList=*/true},
     {"--timesteps", "T", "the same as --set timesteps=T"},
     {"--heads", "H", "the same as --set heads=H"},
     {"--image-size", "PIXELS", "the same as --set image_size=PIXELS"},
     {"--input", "KIND", "the same as --set input=KIND: image, or frames, one a timestep"},
     {"--family", "NAME", "the same as --set family=NAME"},
     {"--ema", nullptr, "take the moving average of the weights"},
     {"--ignore-checkpoint-config", nullptr, "do not read the checkpoint's config"},
     {"--emit-bytecode", nullptr, "write MLIR bytecode, not text"},
     {"--check", nullptr, "report what is wrong with the model; write nothing"},
     {"--json", nullptr, "the report as one JSON object on standard output"},
     {"--version", nullptr, "the version"}},
    "\nMODEL is a checkpoint: .pth, .pt, .pth.tar or .safetensors. stas import and stas-import are one program.\n\n"
    "  stas-import model.pth -o model.mlir\n"};

/// A value of --set: JSON, or else a bare word.
static json::Value parseSetting(StringRef text) {
  // Only a list of numbers has structure; the parser recurses.
  if (text.count('[') + text.count('{') > 8)
    return json::fixUTF8(text);
  Expected<json::Value> value = json::parse(text);
  if (value)
    return std::move(*value);
  consumeError(value.takeError());
  return json::fixUTF8(text);
}

static json::Object readFlags(const Arguments &arguments, Report &report) {
  json::Object flags;
  for (const std::string &setting : arguments.all("--set")) {
    auto [key, value] = StringRef(setting).split('=');
    if (key.empty() || key.size() == setting.size())
      report.problem("command line", "--set", "KEY=VALUE", "'" + printable(setting) + "'",
                     "write for example --set act.alpha=0.5");
    else
      flags[json::fixUTF8(key)] = parseSetting(value);
  }
  for (auto [option, key] : {std::pair("--timesteps", "timesteps"),
                             {"--heads", "heads"},
                             {"--image-size", "image_size"},
                             {"--input", "input"},
                             {"--family", "family"}})
    if (arguments.has(option))
      flags[key] = parseSetting(arguments.get(option));
  return flags;
}

static stas::Status writeText(const std::string &path, const std::string &text) {
  if (path != "-")
    return stas::writeFile(path, text);
  outs() << text;
  outs().flush();
  std::error_code code = outs().error();
  outs().clear_error(); // which must not reach the destructor
  return code ? stas::makeError("standard output: cannot write: ", code.message()) : stas::Status();
}

/// Builds and writes the module; false after reporting.
static bool writeModule(const ModelSource &source, const Arguments &arguments, Report &report) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::OwningOpRef<mlir::ModuleOp> module = buildModule(context, source);
  if (failed(mlir::verify(*module)))
    return false;
  std::string text;
  raw_string_ostream os(text);
  if (arguments.has("--emit-bytecode"))
    (void)mlir::writeBytecodeToFile(*module, os);
  else // The locations are the checkpoint's layer names.
    module->print(os, mlir::OpPrintingFlags().enableDebugInfo());
  stas::Status status = writeText(arguments.get("-o"), text);
  if (!status)
    report.problem(status.message());
  return static_cast<bool>(status);
}

static int importModel(const Arguments &arguments) {
  const std::string &model = arguments.file();
  std::string output = arguments.get("-o");
  bool check = arguments.has("--check"), inJSON = arguments.has("--json");
  Report report;
  ImportRequest request;
  request.model = model;
  request.checkpoint.ema = arguments.has("--ema");
  request.checkpoint.ignoreConfig = arguments.has("--ignore-checkpoint-config");
  request.configFile = arguments.get("--config");
  request.flags = readFlags(arguments, report);
  if (output.empty() && !check)
    report.problem("command line", "-o", "a file to write", "none", "give -o FILE, or --check");
  if (sys::fs::equivalent(output, model))
    report.problem(output, "", "another name than the model's", "the model itself", "give another name after -o");
  if (inJSON && !check && output == "-")
    report.problem("command line", "--json", "-o FILE", "-o -, where the report would go too",
                   "write the module to a file");

  std::optional<ModelSource> source;
  if (!report.failed())
    source = readModel(request, report);
  bool done = source && !report.failed();
  if (done && !check)
    done = writeModule(*source, arguments, report);

  if (inJSON) {
    json::Object result = report.toJSON();
    result["model"] = json::fixUTF8(model);
    if (source)
      result["summary"] = source->summary();
    outs() << formatv("{0:2}", json::Value(std::move(result))) << '\n';
    return done ? 0 : 1;
  }
  report.print(errs(), kTool);
  if (check && done)
    outs() << model << ": " << familyName(source->config.family) << ", " << source->layout.depth << " blocks of width "
           << source->layout.width << ", " << source->config.heads << " heads, " << source->config.timesteps
           << " timesteps, " << source->layout.classes << " classes: no problems\n";
  return done ? 0 : 1;
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  if (argc == 2 && StringRef(argv[1]) == "--version") {
    outs() << "stas-import " STAS_VERSION "\n";
    return 0;
  }
  auto arguments = Arguments::parse(kHelp, argc - 1, argv + 1);
  if (!arguments) {
    errs() << kTool << ": error: " << arguments.message() << '\n';
    return 1;
  }
  return *arguments ? importModel(**arguments) : std::cout.flush() ? 0 : 1;
}
