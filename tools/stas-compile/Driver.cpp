//===- Driver.cpp - From a model to an artifact ---------------------------===//
#include "Driver.h"
#include "../stas/EstimateRequest.h"
#include "GpuCode.h"
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Pass/PassManager.h"
#include "stas/Analysis/FiringRates.h"
#include "stas/Analysis/KernelTimes.h"
#include "stas/InitAll.h"
#include "stas/Support/OutputFile.h"
#include "stas/Target/CPU/Emit.h"
#include "stas/Target/Chip/ChipArtifact.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <iostream>

using namespace mlir;
using namespace stas;

namespace {
/// "layer NAME", of the first name in a location; empty where it has none.
std::string layerOf(Location from) {
  std::string layer;
  from->walk([&](Location location) {
    auto name = dyn_cast<NameLoc>(location);
    if (!name)
      return WalkResult::advance();
    layer = "layer " + name.getName().str();
    return WalkResult::interrupt();
  });
  return layer;
}

/// Prints remarks as `stas compile` prints errors: the layer, what was done or not, and why.
class RemarkPrinter : public remark::detail::MLIRRemarkStreamerBase {
public:
  explicit RemarkPrinter(const CompileOptions &options) : options(options) {}

  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    // A remark's text and its reason, in whatever order they were given.
    std::string text, reason, layer = layerOf(remark.getLocation());
    for (const auto &argument : remark.getArgs())
      (argument.key == "Reason" ? reason : text) += argument.val;
    llvm::errs() << "stas " << options.command << ": remark: " << layer << (layer.empty() ? "" : ": ") << text
                 << (reason.empty() ? "" : ": " + reason) << " [" << remark.getCategoryName() << "]\n";
  }

private:
  const CompileOptions &options;
};

/// The phases of a module, in order. What a CPU's plan and kernels are depends on the CPU, and a GPU's are modules of
/// their own: they are for `emit`.
SmallVector<Phase> modulePhases(Target target) {
  SmallVector<Phase> phases(phasesOf(target));
  llvm::erase_if(phases,
                 [](Phase phase) { return llvm::is_contained({Phase::Plan, Phase::LLVM, Phase::Kernels}, phase); });
  return phases;
}

/// Runs the phases in turn and keeps what the diagnostics say.
class Compilation {
public:
  explicit Compilation(const CompileOptions &options) : options(options) {
    registerAllDialects(registry);
    context.appendDialectRegistry(registry);
    context.printOpOnDiagnostic(false);
    remark::RemarkCategories all;
    all.passed = all.missed = all.analysis = all.failed = ".*";
    // It fails where there is an engine already.
    if (options.remarks)
      (void)remark::enableOptimizationRemarks(context, std::make_unique<RemarkPrinter>(options),
                                              std::make_unique<remark::RemarkEmittingPolicyAll>(), all);
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
  /// Whether the model can be a module that a phase wrote, where it has to be.
  Status checkStart() const {
    if (!options.compileFrom || isMLIR(options.model))
      return {};
    return makeError(options.model, ": --compile-from=", nameOf(*options.compileFrom).str(),
                     ": required a module that this phase wrote (.mlir), found another file");
  }
  /// Whether a module that is quantised already is in the precision that is asked for.
  Status checkPrecision() {
    if (!options.asksPrecision || !options.compileFrom || *options.compileFrom < Phase::Quantize)
      return {};
    // A plan says it; of a map for a chip nothing does, and nothing depends on it.
    auto main = (*module).lookupSymbol<func::FuncOp>("main");
    auto planned = main ? main->getAttrOfType<StringAttr>("spike.precision") : StringAttr();
    std::string found = planned ? planned.str() : spike::precisionOf(*module).str();
    if (found == options.precision || *options.compileFrom > Phase::Plan)
      return {};
    return makeError("--precision=", options.precision, ": required ", found, ", in which ", options.model,
                     " is; leave it out, or compile from an earlier phase");
  }
  /// Whether rates are of this model. A layer of which nothing was measured is no error, but another model's file is.
  Status checkRates(const RateTable &rates) {
    bool isOfModel = rates.empty();
    module->walk([&](Operation *op) {
      StringRef layer = layerName(op);
      isOfModel |= rates.of(layer) || rates.inputsOf(layer);
    });
    if (isOfModel)
      return {};
    return makeError(options.rates, ": required rates of layers of ", options.model,
                     ", found none; measure the model with stas run --rates");
  }
  /// Brings a module to a phase; for a CPU where that matters, else for any.
  bool run(Phase phase, ModuleOp of, const CpuTarget *cpu = nullptr);
  /// Plans the module, which is brought to the phase `sparse`, for GPUs. An error is reported.
  FailureOr<GpuPlan> planGpu(llvm::ArrayRef<GpuTarget> targets);
  /// Calls what reports errors as diagnostics; each is reported with the layer that it names.
  template <typename Work> auto withDiagnostics(Work work) {
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
        return failure();
      bool isOfAll = module && diagnostic.getLocation() == module->getLoc(); // whose name is the model's
      fail(diagnostic.str(), isOfAll ? "" : layerOf(diagnostic.getLocation()));
      return success();
    });
    return work();
  }
  int emit(llvm::ArrayRef<CpuTarget> targets);
  int emitGpu(llvm::ArrayRef<GpuTarget> targets);
  int emitCoreMap();
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

bool Compilation::run(Phase phase, ModuleOp of, const CpuTarget *cpu) {
  PassManager pipeline(&context);
  if (options.compileFrom == phase)
    addVerifier(pipeline, phase); // what was read is what it is said to be
  else
    addPhase(pipeline, phase,
             {options.precision, options.stateBits, llvm::sys::path::parent_path(options.model).str(),
              cpu ? cpu->isa() : Isa(), options.kernels, options.rates, options.chip, options.times,
              cpu ? cpu->name() : ""});
  return withDiagnostics([&] { return succeeded(pipeline.run(of)); });
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

/// The CPUs that are named, or those that code is usually for: any, and those whose instructions kernels gain from.
static llvm::Expected<std::vector<CpuTarget>> targetsOf(const CompileOptions &options) {
  std::vector<std::string> names = options.cpus;
  bool isPlanned = options.compileFrom == Phase::Plan;
  if (isPlanned && names.size() > 1)
    return llvm::createStringError("--cpu: required one CPU, since a plan is for one, found %zu", names.size());
  if (names.empty() && (isPlanned || options.compileTo >= Phase::Plan))
    names = {"x86-64-v3"};
  else if (names.empty())
    names = options.precision == "f32" ? std::vector<std::string>{"x86-64-v3", "x86-64-v4"}
                                       : std::vector<std::string>{"x86-64-v3", "avx512-vnni", "amx"};
  std::vector<CpuTarget> targets;
  for (const std::string &name : names) {
    if (llvm::any_of(targets, [&](const CpuTarget &target) { return target.name() == name; }))
      return llvm::createStringError("--cpu: required different CPUs, found %s twice", name.c_str());
    auto target = CpuTarget::create(name);
    if (!target)
      return target.takeError();
    targets.push_back(std::move(*target));
  }
  return targets;
}

/// What kernels of a plan need that a CPU has not; empty where it has all. Each of these has what the ones before have.
static std::string missingIsa(ModuleOp planned, const CpuTarget &target) {
  constexpr llvm::StringRef levels[] = {"avx2", "avx512", "avx512-vnni", "amx"};
  Operation *main = planned.lookupSymbol("main");
  auto isa = main ? main->getAttrOfType<StringAttr>("spike.isa") : StringAttr();
  const auto *needed = isa ? llvm::find(levels, isa.getValue()) : std::end(levels);
  if (!main || !isa || needed == std::end(levels))
    return "@main: required spike.isa, which is " + llvm::join(llvm::ArrayRef(levels), " or ") + " in a plan, found " +
           (isa ? isa.str() : "none");
  if (llvm::find(levels, nameOf(target.isa())) < needed)
    return "--cpu=" + target.name() + ": required a CPU with " + isa.str() + ", which the plan's kernels use";
  // Vectors of f32 are whatever a CPU has; products of integers are instructions.
  auto precision = main->getAttrOfType<StringAttr>("spike.precision");
  if ((!precision || precision != "f32") && !llvm::is_contained(target.features(), "avx2"))
    return "--cpu=" + target.name() +
           ": required a CPU with AVX2 for kernels of integers, such as x86-64-v3, found one without; --precision=f32 "
           "needs none";
  return "";
}

/// A plan and its code for each CPU, all in one artifact. Modules are shown and written for the first CPU.
int Compilation::emit(llvm::ArrayRef<CpuTarget> targets) {
  std::vector<OwningOpRef<ModuleOp>> plans;
  std::vector<PlannedCode> codes;
  std::vector<OwningOpRef<ModuleOp>> lowered;
  std::vector<KernelCode> kernelCodes;
  for (const CpuTarget &target : targets) {
    bool isFirst = plans.empty();
    ModuleOp planned = plans.emplace_back(module->clone()).get();
    if (!run(Phase::Plan, planned, &target))
      return 1;
    if (std::string problem = missingIsa(planned, target); !problem.empty())
      return fail(problem);
    if (isFirst)
      print(Phase::Plan, planned);
    if (options.compileTo == Phase::Plan)
      return writeModule(planned);
    codes.push_back({planned, &target, isFirst ? "" : "_v" + std::to_string(codes.size())});
    auto kernels = lowerKernelsToLLVM(planned, codes.back().suffix);
    if (failed(kernels))
      return fail("lowering the kernels to LLVM failed");
    if (isFirst)
      print(Phase::LLVM, **kernels);
    if (options.compileTo == Phase::LLVM)
      return writeModule(**kernels);
    kernelCodes.push_back({**kernels, &target});
    lowered.push_back(std::move(*kernels));
  }
  auto objects = emitObjects(kernelCodes);
  if (!objects)
    return failRun(llvm::toString(objects.takeError()));
  auto shared = linkSharedObject(*objects);
  if (!shared)
    return failRun(llvm::toString(shared.takeError()));
  WeightReader weights = openWeights();
  if (auto error = writeArtifact(codes, *shared, weights, options.output))
    return failRun(llvm::toString(std::move(error)));
  return 0;
}

FailureOr<GpuPlan> Compilation::planGpu(llvm::ArrayRef<GpuTarget> targets) {
  WeightReader weights = openWeights();
  return withDiagnostics([&] { return planForGpu(*module, weights, targets); });
}

/// A plan, its kernels for each architecture and its constants, all in one artifact.
int Compilation::emitGpu(llvm::ArrayRef<GpuTarget> targets) {
  FailureOr<GpuPlan> plan = planGpu(targets);
  if (failed(plan))
    return 1;
  print(Phase::Kernels, *plan->module);
  if (options.compileTo == Phase::Kernels)
    return writeModule(*plan->module);
  auto remark = [&](const std::string &text) {
    if (options.remarks)
      llvm::errs() << "stas " << options.command << ": remark: " << text << "\n";
  };
  for (const cuda::PlanStep &step : plan->model.plan.steps)
    if (!step.kernel.empty())
      remark("layer " + step.layer + ": kernel " + step.kernel + ", " + std::to_string(step.threads) + " threads and " +
             std::to_string(step.sharedBytes) + " bytes of shared memory a block [gpu]");
  auto codes = emitForGpu(*plan, targets, remark);
  if (!codes)
    return failRun(llvm::toString(codes.takeError()));
  if (auto error = writeCudaArtifact(*module, {plan->model.plan, plan->model.weights, *codes}, options.output))
    return failRun(llvm::toString(std::move(error)));
  return 0;
}

/// The artifact of a module that is mapped.
int Compilation::emitCoreMap() {
  WeightReader weights = openWeights();
  if (auto error = writeChipArtifact(*module, weights, options.output))
    return failRun(llvm::toString(std::move(error)));
  return 0;
}

/// Times of kernels are those of one of the CPUs at least; what they are of, the pass sees.
static llvm::Error checkTimes(const CompileOptions &options, llvm::ArrayRef<CpuTarget> targets) {
  auto times = KernelTimes::read(options.times);
  if (!times)
    return times.takeError();
  auto isMeasured = [&](const CpuTarget &target) { return times->of(target.name()); };
  if (times->empty() || llvm::any_of(targets, isMeasured))
    return llvm::Error::success();
  auto names = llvm::map_range(targets, [](const CpuTarget &target) { return target.name(); });
  return llvm::createStringError(options.times + ": required times on " + llvm::join(names, " or ") +
                                 ", found those on " + times->cpuNames() +
                                 "; measure with stas tune --cpu, or compile for that CPU");
}

int stas::compileModel(const CompileOptions &options) {
  Compilation compilation(options);
  auto cpus = targetsOf(options);
  if (!cpus)
    return compilation.failRun(llvm::toString(cpus.takeError()));
  auto gpus = gpuTargetsOf(options.gpus);
  if (!gpus)
    return compilation.failRun(llvm::toString(gpus.takeError()));
  auto rates = RateTable::read(options.rates);
  if (!rates)
    return compilation.failRun(llvm::toString(rates.takeError()));
  if (auto error = checkTimes(options, *cpus))
    return compilation.failRun(llvm::toString(std::move(error)));
  if (llvm::sys::fs::equivalent(options.output, options.model))
    return compilation.failRun(options.output + ": is the model itself; give another name after -o");
  // An output that cannot be written is found before the work.
  if (auto probe = OutputFile::create(options.output); !probe)
    return compilation.failRun(probe.error().message());
  if (Status status = compilation.checkStart(); !status)
    return compilation.failRun(status.error().message());
  if (!compilation.read())
    return 1;
  for (const Status &status : {compilation.checkPrecision(), compilation.checkRates(*rates)})
    if (!status)
      return compilation.failRun(status.error().message());
  for (Phase phase : modulePhases(options.target)) {
    if (phase < options.compileFrom)
      continue;
    if (!compilation.run(phase, *compilation.module))
      return 1;
    compilation.print(phase, *compilation.module);
    if (options.compileTo == phase)
      return compilation.writeModule(*compilation.module);
  }
  switch (options.target) {
  case Target::CPU:
    return compilation.emit(*cpus);
  case Target::CUDA:
    return compilation.emitGpu(*gpus);
  case Target::Chip:
    return compilation.emitCoreMap();
  }
  llvm_unreachable("a target of the enumeration");
}

int stas::estimateModel(const CompileOptions &options, const EstimateRequest &request) {
  Compilation compilation(options);
  if (Status status = compilation.checkStart(); !status)
    return compilation.failRun(status.error().message());
  if (!compilation.read())
    return 1;
  // What a model computes is the same on every CPU.
  SmallVector<Phase> phases = modulePhases(Target::CPU);
  phases.push_back(Phase::Plan);
  for (Phase phase : phases)
    if (phase >= options.compileFrom && !compilation.run(phase, *compilation.module))
      return 1;
  if (Status status = request.print(networkOfPlan(*compilation.module), std::cout); !status)
    return compilation.failRun(status.message());
  return std::cout.flush() ? 0 : compilation.fail("cannot write", "standard output");
}

int stas::checkModel(const CompileOptions &options) {
  Compilation compilation(options);
  auto cpus = targetsOf(options);
  if (!cpus)
    return compilation.failRun(llvm::toString(cpus.takeError()));
  auto gpus = gpuTargetsOf(options.gpus);
  if (!gpus)
    return compilation.failRun(llvm::toString(gpus.takeError()));
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
  for (Phase phase : modulePhases(options.target))
    compiles = compiles && compilation.run(phase, *compilation.module);
  if (options.target == Target::CPU)
    compiles = compiles && compilation.run(Phase::Plan, *compilation.module, &cpus->front());
  if (options.target == Target::CUDA)
    compiles = compiles && succeeded(compilation.planGpu(*gpus));
  if (!options.json) {
    if (compiles)
      llvm::outs() << options.model << ": compiles for "
                   << (options.target == Target::CPU    ? "the CPU"
                       : options.target == Target::CUDA ? "a GPU"
                                                        : "chip " + options.chip)
                   << " (" << options.precision << ")\n";
    return compiles ? 0 : 1;
  }
  for (llvm::json::Value &problem : compilation.problems)
    problems.push_back(std::move(problem));
  report["compiles"] = compiles;
  llvm::outs() << llvm::formatv("{0:2}", llvm::json::Value(std::move(report))) << "\n";
  return compiles ? 0 : 1;
}
