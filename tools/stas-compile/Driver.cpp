//===- Driver.cpp - From a model to an artifact ---------------------------===//
#include "Driver.h"
#include "../stas/EstimateRequest.h"
#include "dialects/STAS/STASOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "stas/InitAll.h"
#include "stas/Support/OutputFile.h"
#include "stas/Target/CPU/Emit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <iostream>

using namespace mlir;
using namespace stas;

namespace {
/// Runs the phases in turn and keeps what the diagnostics say.
class Compilation {
public:
  explicit Compilation(const CompileOptions &options) : options(options) {
    registerAllDialects(registry);
    context.appendDialectRegistry(registry);
    context.printOpOnDiagnostic(false);
  }

  /// Reports an error about the model, or what else `subject` names.
  int fail(llvm::StringRef message, llvm::StringRef subject = "") {
    problems.push_back(message.str());
    if (!options.json)
      llvm::errs() << "stas " << options.command << ": error: " << (subject.empty() ? options.model : subject.str())
                   << ": " << message << "\n";
    return 1;
  }
  /// Reports an error about the command line.
  int failOption(llvm::Error error) {
    problems.push_back(llvm::toString(std::move(error)));
    llvm::errs() << "stas " << options.command << ": error: " << problems.back() << "\n";
    return 1;
  }
  int fail(llvm::Error error) { return fail(llvm::toString(std::move(error))); }

  /// Reads the model, and sees that every weight it refers to is where it says.
  bool read() {
    std::string problem;
    module = readModel(options, context, problem);
    if (!module && !problem.empty())
      fail(problem);
    else if (!module)
      problems.push_back("the checkpoint cannot be imported");
    return module && findWeights();
  }
  bool findWeights();
  bool run(Phase phase, int64_t lanes);
  void print(Phase phase, ModuleOp of) {
    if (options.printPhase == phase)
      of.print(llvm::errs(), OpPrintingFlags().useLocalScope());
  }
  int writeModule(ModuleOp of);

  const CompileOptions &options;
  DialectRegistry registry;
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::vector<std::string> problems;
};
} // namespace

bool Compilation::run(Phase phase, int64_t lanes) {
  // An op's error names its layer.
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return failure();
    std::string layer;
    diagnostic.getLocation()->walk([&](Location location) {
      if (auto name = dyn_cast<NameLoc>(location); name && layer.empty())
        layer = name.getName().str();
      return WalkResult::advance();
    });
    fail((layer.empty() ? "" : "layer " + layer + ": ") + diagnostic.str());
    return success();
  });
  PassManager pipeline(&context);
  addPhase(pipeline, phase, lanes);
  if (failed(pipeline.run(*module)))
    return false;
  print(phase, *module);
  return true;
}

bool Compilation::findWeights() {
  WeightReader weights(llvm::sys::path::parent_path(options.model));
  AttrTypeWalker walker;
  bool found = true;
  walker.addWalk([&](WeightAttr weight) {
    auto bytes = weights.bytes(weight);
    if (bytes)
      return;
    // A file that is not there is said once, not for each of its tensors.
    std::string message = llvm::toString(bytes.takeError());
    if (found || options.command == "check")
      fail(message);
    found = false;
  });
  module->walk([&](Operation *op) { walker.walk(op->getAttrDictionary()); });
  return found;
}

int Compilation::writeModule(ModuleOp of) {
  auto file = OutputFile::create(options.output);
  if (!file)
    return fail(file.error().message(), options.output);
  std::string text;
  llvm::raw_string_ostream os(text);
  of.print(os, OpPrintingFlags().useLocalScope().enableDebugInfo(true, /*prettyForm=*/false));
  os << "\n";
  if (Status status = file->write(text); !status)
    return fail(status.error().message(), options.output);
  if (Status status = file->commit(); !status)
    return fail(status.error().message(), options.output);
  return 0;
}

int stas::compileModel(const CompileOptions &options) {
  Compilation compilation(options);
  auto target = CpuTarget::create(options.cpu);
  if (!target)
    return compilation.failOption(target.takeError());
  if (llvm::sys::fs::equivalent(options.output, options.model))
    return compilation.fail("is the model itself; give another name after -o", options.output);
  // An output that cannot be written is found before the work.
  if (auto probe = OutputFile::create(options.output); !probe)
    return compilation.fail(probe.error().message(), options.output);
  if (!compilation.read())
    return 1;
  compilation.print(Phase::Import, *compilation.module);
  if (options.compileTo == Phase::Import)
    return compilation.writeModule(*compilation.module);
  for (Phase phase : {Phase::Spike, Phase::Plan}) {
    if (!compilation.run(phase, target->lanes()))
      return 1;
    if (options.compileTo == phase)
      return compilation.writeModule(*compilation.module);
  }
  auto kernels = lowerKernelsToLLVM(*compilation.module);
  if (failed(kernels))
    return compilation.fail("lowering the kernels to LLVM failed");
  compilation.print(Phase::LLVM, **kernels);
  if (options.compileTo == Phase::LLVM)
    return compilation.writeModule(**kernels);
  auto object = emitSharedObject(**kernels, *target);
  if (!object)
    return compilation.fail(object.takeError());
  WeightReader weights(llvm::sys::path::parent_path(options.model));
  if (auto error = writeArtifact(*compilation.module, *object, *target, weights, options.output))
    return compilation.fail(std::move(error));
  return 0;
}

int stas::estimateModel(const CompileOptions &options, const EstimateRequest &request) {
  Compilation compilation(options);
  auto target = CpuTarget::create(options.cpu);
  if (!target)
    return compilation.failOption(target.takeError());
  if (!compilation.read())
    return 1;
  for (Phase phase : {Phase::Spike, Phase::Plan})
    if (!compilation.run(phase, target->lanes()))
      return 1;
  if (Status status = request.print(networkOfPlan(*compilation.module), std::cout); !status)
    return compilation.failOption(llvm::createStringError(status.message()));
  return std::cout.flush() ? 0 : compilation.fail("cannot write", "standard output");
}

int stas::checkModel(const CompileOptions &options) {
  Compilation compilation(options);
  auto target = CpuTarget::create(options.cpu);
  if (!target)
    return compilation.failOption(target.takeError());
  if (!isMLIR(options.model)) {
    // The importer lists all that is wrong with a checkpoint, in the format asked for.
    std::vector<std::string> flags{"--check"};
    if (options.json)
      flags.push_back("--json");
    if (int code = runImporter(options, flags))
      return code;
  }
  bool compiles = compilation.read();
  for (Phase phase : {Phase::Spike, Phase::Plan})
    compiles = compiles && compilation.run(phase, target->lanes());
  if (options.json && (isMLIR(options.model) || !compiles)) {
    llvm::json::Array problems;
    for (const std::string &problem : compilation.problems)
      problems.push_back(problem);
    llvm::json::Object report{{"model", options.model}, {"compiles", compiles}, {"problems", std::move(problems)}};
    llvm::outs() << llvm::formatv("{0:2}", llvm::json::Value(std::move(report))) << "\n";
  } else if (compiles && !options.json) {
    llvm::outs() << options.model << ": compiles for the CPU (f32)\n";
  }
  return compiles ? 0 : 1;
}
