//===- stas-compile.cpp - Command lines of stas compile and stas check ----===//
//
// LLVM's own command line would bring its hundreds of options, and resets them
// when lld links; the driver's parser serves all commands of stas alike.
//
//===----------------------------------------------------------------------===//
#include "../stas/EstimateRequest.h"
#include "Driver.h"
#include "stas/Support/Arguments.h"
#include "stas/Support/Text.h"
#include "stas/Target/Chip/ChipModel.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"
#include <iostream>

using namespace stas;

namespace {
const std::vector<Option> targetOptions = {
    {"--target", "NAME", "cpu (default), cuda or chip"},
    {"--precision", "NAME", "int16 (default), int8 (default of a chip) or f32: docs/IntegerContract.md"},
    {"--state-bits", "N", "bits that integer sums and membranes must fit, 8 to 64 (default 32; of a chip, its own)"},
    {"--cpu", "NAMES",
     "CPUs that the artifact has code for, by comma: x86-64-v3, avx512-vnni, amx, native, or LLVM's names (default: "
     "x86-64-v3 and what is faster on newer CPUs)"},
    {"--kernels", "NAMES",
     "kernels to take where they serve, by comma: events, dense, tiles or choice (of events or products, by what a "
     "launch finds); key-value-events, key-value-bits or query-key-bits"},
    {"--gpu", "NAMES",
     "with --target=cuda: architectures that the artifact has code for, by comma: sm_80, sm_86, sm_89, sm_90 or sm_90a "
     "(default: sm_80, which later ones run as well, and sm_90a): docs/Targets/CUDA.md"},
    {"--chip", "NAME", "with --target=chip: loihi1, loihi2 (default), or a file: docs/Targets/Chip.md"},
};

std::vector<Option> join(std::vector<Option> first, const std::vector<Option> &last) {
  first.insert(first.end(), last.begin(), last.end());
  return first;
}

const std::vector<Option> modelOptions = join(targetOptions, checkpointOptions());

const CommandHelp compileHelp = {
    "compile",
    "compile a model to an artifact",
    "MODEL -o OUT.stas [OPTIONS]",
    "model (MODEL)",
    join(join({{"-o", "FILE", "where to write"}}, modelOptions),
         {{"--rates", "FILE", "what stas run --rates measured: kernels and places are chosen for it (default: 15 %)"},
          {"--times", "FILE", "what stas tune measured: of each layer that it has, the fastest kernel is taken"},
          {"--compile-from", "PHASE", "MODEL is a module that this phase wrote; go on from there"},
          {"--compile-to", "PHASE", "stop after a phase and write its module"},
          {"--print-phase", "PHASE", "print the module after a phase to the standard error"},
          {"--remarks", nullptr, "say what the passes did to which layer, and what they left, to the standard error"}}),
    "\nMODEL is a checkpoint (.pth .pt .pth.tar .safetensors) or an imported module (.mlir). A PHASE is import, "
    "normalize,\n"
    "adapt, spike, quantize, sparse, plan or llvm; of a GPU behind sparse: kernels; of a chip behind quantize: network "
    "or "
    "map.\n\n"
    "  stas compile model.pth -o model.stas --cpu=native\n"
    "  stas compile model.pth -o model.stas --target=cuda\n"
    "  stas compile model.pth -o model.stas --target=chip --chip=loihi2\n"};

const CommandHelp checkHelp = {
    "check",
    "list everything in a model that will not compile",
    "MODEL [OPTIONS]",
    "model (MODEL)",
    join(modelOptions, {{"--json", nullptr, "the report as one JSON object"}}),
    "\nMODEL is a checkpoint (.pth .pt .pth.tar .safetensors) or an imported module (.mlir).\n\n"
    "  stas check model.pth\n"};

int fail(const CommandHelp &help, const std::string &message) {
  llvm::errs() << "stas " << help.name << ": error: " << message << "\n";
  return 1;
}

std::vector<std::string> splitAtCommas(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, ',');
  return {parts.begin(), parts.end()};
}

/// The phase that an option names; an error message where it names none.
Result<std::optional<Phase>> phaseOf(const Arguments &arguments, const std::string &option, Target target) {
  std::string name = arguments.get(option);
  std::optional<Phase> phase = phaseByName(name, target);
  if (arguments.has(option) && !phase)
    return makeError(option, "=", name, ": required ", phaseNames(target));
  return phase;
}

/// What a model is compiled for, and what follows from it where the command line does not say otherwise.
Status setTarget(const Arguments &arguments, CompileOptions &options) {
  std::string target = arguments.has("--target") ? arguments.get("--target") : "cpu";
  if (target != "cpu" && target != "cuda" && target != "chip")
    return makeError("--target=", target, ": required cpu, cuda or chip");
  for (auto [option, of] :
       {std::pair("--cpu", "cpu"), {"--kernels", "cpu"}, {"--times", "cpu"}, {"--gpu", "cuda"}, {"--chip", "chip"}})
    if (arguments.has(option) && target != of)
      return makeError(option, ": required beside --target=", of, ", found ",
                       arguments.has("--target") ? "with --target=" + target : "without it");
  if (target == "cpu")
    return {};
  if (target == "cuda" && arguments.get("--precision") == "f32")
    return makeError("--precision=f32: required int16 or int8 with --target=cuda, whose kernels compute in integers");
  if (target == "cuda") {
    options.target = Target::CUDA;
    return {};
  }
  options.target = Target::Chip;
  if (arguments.has("--chip"))
    options.chip = arguments.get("--chip");
  auto chip = loadChip(options.chip);
  if (!chip)
    return chip.error();
  options.precision = "int8";
  options.stateBits = chip->core.stateBits;
  if (arguments.get("--precision") == "f32")
    return makeError("--precision=f32: required int16 or int8 with --target=chip, whose neurons compute in integers");
  return {};
}

/// Phases that are asked for must come in their order.
Status checkOrder(const Arguments &arguments, const CompileOptions &options) {
  auto text = [&](const char *option) { return std::string(option) + "=" + arguments.get(option); };
  if (options.compileFrom == Phase::LLVM || options.compileFrom == Phase::Kernels)
    return makeError(text("--compile-from"), ": required an earlier phase, as the plan is not part of that module");
  for (const char *option : {"--kernels", "--rates", "--times"})
    if (options.compileFrom == Phase::Plan && arguments.has(option))
      return makeError(option, ": speaks of kernels to choose, found a plan, which has them; leave it out");
  if (options.compileFrom >= Phase::Quantize && arguments.has("--state-bits"))
    return makeError("--state-bits: speaks of integers to choose, found ", text("--compile-from"),
                     ", which has them; leave it out");
  for (auto [option, phase] : {std::pair("--compile-to", options.compileTo), {"--print-phase", options.printPhase}})
    if (options.compileFrom && phase && *phase < *options.compileFrom)
      return makeError(text(option), ": comes before ", text("--compile-from"), ", where compilation starts");
  if (options.compileTo && options.printPhase > options.compileTo)
    return makeError(text("--print-phase"), ": comes after ", text("--compile-to"), ", where compilation stops");
  return {};
}

int run(const CommandHelp &help, int argc, char **argv) {
  auto parsed = Arguments::parse(help, argc, argv);
  if (!parsed)
    return fail(help, parsed.error().message());
  std::optional<Arguments> &arguments = *parsed;
  if (!arguments)
    return std::cout.flush() ? 0 : fail(help, "standard output: cannot write");
  bool compiles = &help == &compileHelp, estimates = &help == &EstimateRequest::help();
  if (compiles && !arguments->has("-o"))
    return fail(help, "required -o FILE, found none; see stas compile --help");

  CompileOptions options;
  options.command = help.name;
  options.model = arguments->file();
  options.output = arguments->get("-o");
  if (Status status = setTarget(*arguments, options); !status)
    return fail(help, status.error().message());
  if (estimates && options.target != Target::CPU)
    return fail(help, "--target=" + arguments->get("--target") + ": required cpu to estimate a model");
  if (arguments->has("--cpu"))
    options.cpus = splitAtCommas(arguments->get("--cpu"));
  if (arguments->has("--gpu"))
    options.gpus = splitAtCommas(arguments->get("--gpu"));
  if (arguments->has("--kernels"))
    options.kernels = splitAtCommas(arguments->get("--kernels"));
  if (estimates)
    options.precision = "f32"; // operations are the same in all precisions
  if (arguments->has("--precision"))
    options.precision = arguments->get("--precision");
  options.asksPrecision = arguments->has("--precision");
  if (!llvm::is_contained({"f32", "int16", "int8"}, options.precision))
    return fail(help, "--precision=" + options.precision + ": required f32, int16 or int8");
  if (arguments->has("--state-bits") && options.precision == "f32")
    return fail(help,
                "--state-bits: required with --precision=int16 or int8, found with f32, which has no state in bits");
  if (arguments->has("--state-bits") &&
      (llvm::StringRef(arguments->get("--state-bits")).getAsInteger(10, options.stateBits) || options.stateBits < 8 ||
       options.stateBits > 64))
    return fail(help, "--state-bits=" + arguments->get("--state-bits") + ": required 8 to 64");
  if (compiles && arguments->has("--rates"))
    options.rates = arguments->get("--rates");
  if (compiles && arguments->has("--times") && options.precision == "f32")
    return fail(help, "--times: required int16 or int8, whose sums have several kernels, found --precision=f32");
  if (compiles && arguments->has("--times"))
    options.times = arguments->get("--times");
  options.json = arguments->has("--json");
  for (const char *name : {"--config", "--timesteps", "--heads", "--input"})
    if (arguments->has(name))
      options.importFlags.push_back(std::string(name) + "=" + arguments->get(name));
  for (const std::string &setting : arguments->all("--set"))
    options.importFlags.push_back("--set=" + setting);
  if (arguments->has("--ema"))
    options.importFlags.push_back("--ema");
  options.remarks = arguments->has("--remarks");
  std::pair<const char *, std::optional<Phase> *> phases[] = {{"--compile-from", &options.compileFrom},
                                                              {"--compile-to", &options.compileTo},
                                                              {"--print-phase", &options.printPhase}};
  for (auto [option, phase] : phases) {
    auto named = phaseOf(*arguments, option, options.target);
    if (!named)
      return fail(help, named.error().message());
    *phase = *named;
  }
  if (Status status = checkOrder(*arguments, options); !status)
    return fail(help, status.error().message());
  if (estimates) {
    Result<EstimateRequest> request = EstimateRequest::create(*arguments);
    return request ? estimateModel(options, *request) : fail(help, request.error().message());
  }
  return compiles ? compileModel(options) : checkModel(options);
}
} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::StringRef command = argc < 2 ? "" : argv[1];
  if (command == "compile")
    return run(compileHelp, argc - 2, argv + 2);
  if (command == "check")
    return run(checkHelp, argc - 2, argv + 2);
  if (command == "estimate")
    return run(EstimateRequest::help(), argc - 2, argv + 2);
  if (command != "--help" && command != "-h") {
    llvm::errs() << "stas-compile: error: required compile, check or estimate, found "
                 << (argc < 2 ? "nothing" : "'" + printable(argv[1]) + "'") << "; see stas-compile --help\n";
    return 1;
  }
  llvm::outs()
      << "stas-compile: the part of stas that compiles; `stas compile`, `stas check` and `stas estimate` start "
         "it\n\n"
         "usage: stas-compile compile MODEL -o OUT.stas [OPTIONS]\n"
         "       stas-compile check MODEL [OPTIONS]\n"
         "       stas-compile estimate MODEL [OPTIONS]\n\n"
         "stas-compile compile --help says more.\n";
  return 0;
}
