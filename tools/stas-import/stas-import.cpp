//===- stas-import.cpp - Checkpoint in, stas dialect out ------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Output.h"
#include "stas/Import/Import.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"

using namespace llvm;
using namespace stas::import;

static cl::OptionCategory category("stas-import options");

static cl::opt<std::string> model(cl::Positional, cl::Required, cl::desc("MODEL"), cl::cat(category));
static cl::opt<std::string> output("o", cl::desc("Where to write the module; - is standard output"),
                                   cl::value_desc("FILE"), cl::cat(category));
static cl::opt<std::string> configFile("config", cl::desc("Settings in JSON; they win over the checkpoint's"),
                                       cl::value_desc("FILE"), cl::cat(category));
static cl::list<std::string> settings("set",
                                      cl::desc("One setting, for example --set act.alpha=0.5; wins over --config"),
                                      cl::value_desc("KEY=VALUE"), cl::cat(category));
static cl::opt<int64_t> timesteps("timesteps", cl::desc("The same as --set timesteps=T"), cl::value_desc("T"),
                                  cl::cat(category));
static cl::opt<int64_t> heads("heads", cl::desc("The same as --set heads=H"), cl::value_desc("H"), cl::cat(category));
static cl::opt<int64_t> imageSize("image-size", cl::desc("The same as --set image_size=PIXELS"),
                                  cl::value_desc("PIXELS"), cl::cat(category));
static cl::opt<std::string> family("family", cl::desc("The same as --set family=NAME"), cl::value_desc("NAME"),
                                   cl::cat(category));
static cl::opt<bool> ema("ema", cl::desc("Take the moving average of the weights"), cl::cat(category));
static cl::opt<bool> ignoreConfig("ignore-checkpoint-config", cl::desc("Do not read the checkpoint's config"),
                                  cl::cat(category));
static cl::opt<bool> emitBytecode("emit-bytecode", cl::desc("Write MLIR bytecode, not text"), cl::cat(category));
static cl::opt<bool> check("check", cl::desc("Report what is wrong with the model; write nothing"), cl::cat(category));
static cl::opt<bool> jsonReport("json", cl::desc("Report in JSON on standard output"), cl::cat(category));

static constexpr StringLiteral kTool = "stas-import";

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

static json::Object readFlags(Report &report) {
  json::Object flags;
  for (StringRef setting : settings) {
    auto [key, value] = setting.split('=');
    if (key.empty() || key.size() == setting.size())
      report.problem("command line", "--set", "KEY=VALUE", "'" + printable(setting) + "'",
                     "write for example --set act.alpha=0.5");
    else
      flags[json::fixUTF8(key)] = parseSetting(value);
  }
  if (timesteps.getNumOccurrences())
    flags["timesteps"] = timesteps.getValue();
  if (heads.getNumOccurrences())
    flags["heads"] = heads.getValue();
  if (imageSize.getNumOccurrences())
    flags["image_size"] = imageSize.getValue();
  if (family.getNumOccurrences())
    flags["family"] = json::fixUTF8(family.getValue());
  return flags;
}

/// Builds and writes the module; false after reporting.
static bool writeModule(const ModelSource &source, Report &report) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::OwningOpRef<mlir::ModuleOp> module = buildModule(context, source);
  if (failed(mlir::verify(*module)))
    return false;
  Error error = writeOutput(output, [&](raw_ostream &os) {
    if (emitBytecode) {
      (void)mlir::writeBytecodeToFile(*module, os);
      return;
    }
    // The locations are the checkpoint's layer names.
    module->print(os, mlir::OpPrintingFlags().enableDebugInfo());
  });
  if (!error)
    return true;
  report.problem(output, "", "a file that can be written", toString(std::move(error)),
                 "check the folder, its permissions and the free space");
  return false;
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::SetVersionPrinter([](raw_ostream &os) { os << "stas-import " STAS_VERSION "\n"; });
  cl::ParseCommandLineOptions(argc, argv,
                              "Reads a trained spiking transformer (.pth, .pt, .pth.tar, .safetensors) and\n"
                              "writes it in the stas dialect\n");
  Report report;
  ImportRequest request;
  request.model = model;
  request.checkpoint.ema = ema;
  request.checkpoint.ignoreConfig = ignoreConfig;
  request.configFile = configFile;
  request.flags = readFlags(report);
  if (output.empty() && !check)
    report.problem("command line", "-o", "a file to write", "none", "give -o FILE, or --check");
  if (sys::fs::equivalent(output, model))
    report.problem(output, "", "another name than the model's", "the model itself", "give another name after -o");
  if (jsonReport && !check && output == "-")
    report.problem("command line", "--json", "-o FILE", "-o -, where the report would go too",
                   "write the module to a file");

  std::optional<ModelSource> source;
  if (!report.failed())
    source = readModel(request, report);
  bool done = source && !report.failed();
  if (done && !check)
    done = writeModule(*source, report);

  report.print(errs(), kTool);
  if (jsonReport) {
    json::Object result = report.toJSON();
    if (source)
      result["model"] = source->summary();
    outs() << formatv("{0:2}", json::Value(std::move(result))) << '\n';
  } else if (check && done) {
    outs() << model << ": " << familyName(source->config.family) << ", " << source->layout.depth << " blocks of width "
           << source->layout.width << ", " << source->config.heads << " heads, " << source->config.timesteps
           << " timesteps, " << source->layout.classes << " classes: no problems\n";
  }
  return done ? 0 : 1;
}
