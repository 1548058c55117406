//===- Driver.cpp - From a model to an artifact ---------------------------===//
#include "Driver.h"
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

  /// Reports what is wrong with the model: with all of it, or with the subject, "layer NAME".
  int fail(llvm::StringRef message, llvm::StringRef subject = "") {
    problems.push_back(llvm::json::Object{{"file", llvm::json::fixUTF8(options.model)},
                                          {"subject", llvm::json::fixUTF8(subject)},
                                          {"message", llvm::json::fixUTF8(message)}});
    return options.json ? 1
                        : failRun(options.model + ": " + (subject.empty() ? "" : subject.str() + ": ") + message.str());
  }
  int fail(llvm::Error error) { return fail(llvm::toString(std::move(error))); }
  /// Reports what is wrong with the command line or an output; the message names it.
  int failRun(const std::string &message) {
    llvm::errs() << "stas " << options.command << ": error: " << message << "\n";
    return 1;
  }

  /// Reads the model, and sees that every weight it refers to is where it says.
  bool read() {
    std::string problem;
    module = readModel(options, context, problem);
    if (!module && !problem.empty())
      fail(problem);
    return module && findWeights();
  }
  bool findWeights();
  WeightReader openWeights() {
    return WeightReader(llvm::sys::path::parent_path(options.model), (*module)->getAttrOfType<ModelAttr>("stas.model"));
  }
  bool run(Phase phase, const CpuTarget &target);
  void print(Phase phase, ModuleOp of) {
    if (options.printPhase == phase)
      of.print(llvm::errs(), OpPrintingFlags().useLocalScope());
  }
  int writeModule(ModuleOp of);

  const CompileOptions &options;
  DialectRegistry registry;
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  llvm::json::Array problems;
};
} // namespace

bool Compilation::run(Phase phase, const CpuTarget &target) {
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
    fail(diagnostic.str(), layer.empty() ? "" : "layer " + layer);
    return success();
  });
  PassManager pipeline(&context);
  addPhase(pipeline, phase,
           {options.precision, options.stateBits, llvm::sys::path::parent_path(options.model).str(), target.isa(),
            options.kernels});
  if (failed(pipeline.run(*module)))
    return false;
  print(phase, *module);
  return true;
}

bool Compilation::findWeights() {
  WeightReader weights = openWeights();
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
    return failRun(file.error().message());
  std::string text;
  llvm::raw_string_ostream os(text);
  of.print(os, OpPrintingFlags().useLocalScope().enableDebugInfo(true, /*prettyForm=*/false));
  os << "\n";
  if (Status status = file->write(text); !status)
    return failRun(status.error().message());
  if (Status status = file->commit(); !status)
    return failRun(status.error().message());
  return 0;
}

int stas::compileModel(const CompileOptions &options) {
  Compilation compilation(options);
  auto target = CpuTarget::create(options.cpu);
  if (!target)
    return compilation.failRun(llvm::toString(target.takeError()));
  if (llvm::sys::fs::equivalent(options.output, options.model))
    return compilation.failRun(options.output + ": is the model itself; give another name after -o");
  // An output that cannot be written is found before the work.
  if (auto probe = OutputFile::create(options.output); !probe)
    return compilation.failRun(probe.error().message());
  if (!compilation.read())
    return 1;
  compilation.print(Phase::Import, *compilation.module);
  if (options.compileTo == Phase::Import)
    return compilation.writeModule(*compilation.module);
  for (Phase phase : {Phase::Spike, Phase::Quantize, Phase::Plan}) {
    if (!compilation.run(phase, *target))
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
    return compilation.failRun(llvm::toString(object.takeError()));
  WeightReader weights = compilation.openWeights();
  if (auto error = writeArtifact(*compilation.module, *object, *target, weights, options.output))
    return compilation.failRun(llvm::toString(std::move(error)));
  return 0;
}

int stas::checkModel(const CompileOptions &options) {
  Compilation compilation(options);
  auto target = CpuTarget::create(options.cpu);
  if (!target)
    return compilation.failRun(llvm::toString(target.takeError()));
  // docs/Guides/Import.md describes the report.
  llvm::json::Object report{
      {"model", llvm::json::fixUTF8(options.model)}, {"problems", llvm::json::Array()}, {"notes", llvm::json::Array()}};
  if (!isMLIR(options.model) && options.json) {
    std::optional<llvm::json::Object> imported = importReport(options);
    if (!imported)
      return 1;
    report = std::move(*imported);
  } else if (!isMLIR(options.model)) {
    // The importer lists all that is wrong with a checkpoint.
    if (int code = runImporter(options, {"--check"}))
      return code;
  }
  llvm::json::Array &problems = *report.getArray("problems");
  bool compiles = problems.empty() && compilation.read();
  for (Phase phase : {Phase::Spike, Phase::Quantize, Phase::Plan})
    compiles = compiles && compilation.run(phase, *target);
  if (!options.json) {
    if (compiles)
      llvm::outs() << options.model << ": compiles for the CPU (" << options.precision << ")\n";
    return compiles ? 0 : 1;
  }
  for (llvm::json::Value &problem : compilation.problems)
    problems.push_back(std::move(problem));
  report["compiles"] = compiles;
  llvm::outs() << llvm::formatv("{0:2}", llvm::json::Value(std::move(report))) << "\n";
  return compiles ? 0 : 1;
}
