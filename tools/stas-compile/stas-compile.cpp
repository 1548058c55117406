//===- stas-compile.cpp - Command lines of stas compile and stas check ----===//
#include "Driver.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace stas;

namespace {
cl::SubCommand compileCommand("compile", "compile a model to an artifact");
cl::SubCommand checkCommand("check", "list everything in a model that will not compile");

cl::OptionCategory category("Options");

cl::opt<std::string> model(cl::Positional, cl::Required, cl::desc("MODEL (.pth .pt .pth.tar .safetensors .mlir)"),
                           cl::sub(compileCommand), cl::sub(checkCommand), cl::cat(category));
cl::opt<std::string> output("o", cl::desc("where to write"), cl::value_desc("OUT.stas"), cl::Required,
                            cl::sub(compileCommand), cl::cat(category));
cl::opt<std::string> target("target", cl::desc("cpu"), cl::init("cpu"), cl::sub(compileCommand), cl::sub(checkCommand),
                            cl::cat(category));
cl::opt<std::string> precision("precision", cl::desc("f32"), cl::init("f32"), cl::sub(compileCommand),
                               cl::sub(checkCommand), cl::cat(category));
cl::opt<std::string> cpu("cpu", cl::desc("x86-64-v3 (default), native, or LLVM's name of a CPU"), cl::init("x86-64-v3"),
                         cl::sub(compileCommand), cl::sub(checkCommand), cl::cat(category));
cl::opt<std::string> config("config", cl::desc("settings in JSON; they win over the checkpoint's"),
                            cl::value_desc("FILE"), cl::sub(compileCommand), cl::sub(checkCommand), cl::cat(category));
cl::opt<std::string> timesteps("timesteps", cl::desc("number of timesteps"), cl::value_desc("T"),
                               cl::sub(compileCommand), cl::sub(checkCommand), cl::cat(category));
cl::opt<std::string> heads("heads", cl::desc("number of attention heads"), cl::value_desc("H"), cl::sub(compileCommand),
                           cl::sub(checkCommand), cl::cat(category));
cl::list<std::string> settings("set", cl::desc("one setting of the config, for example act.alpha=0.5"),
                               cl::value_desc("KEY=VALUE"), cl::sub(compileCommand), cl::sub(checkCommand),
                               cl::cat(category));
cl::opt<bool> ema("ema", cl::desc("take the moving average of the weights"), cl::sub(compileCommand),
                  cl::sub(checkCommand), cl::cat(category));
cl::opt<std::string> compileTo("compile-to",
                               cl::desc("stop after a phase and write its module: import, spike, plan, llvm"),
                               cl::value_desc("PHASE"), cl::sub(compileCommand), cl::cat(category));
cl::opt<std::string> printPhase("print-phase", cl::desc("print the module after a phase to stderr"),
                                cl::value_desc("PHASE"), cl::sub(compileCommand), cl::cat(category));
cl::opt<bool> json("json", cl::desc("report as JSON on stdout"), cl::sub(checkCommand), cl::cat(category));

int usage(const Twine &message) {
  errs() << "stas " << (checkCommand ? "check" : "compile") << ": error: " << message << "\n";
  return 1;
}
} // namespace

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions({&category}, compileCommand);
  cl::HideUnrelatedOptions({&category}, checkCommand);
  cl::ParseCommandLineOptions(argc, argv, "stas: compile trained spiking transformers\n");
  if (!compileCommand && !checkCommand)
    return usage("required a command, compile or check; see stas --help");
  if (target != "cpu")
    return usage("--target=" + target + ": required cpu, the one target of this version");
  if (precision != "f32")
    return usage("--precision=" + precision + ": required f32, the one precision of this version");

  CompileOptions options;
  options.model = model;
  options.output = output;
  options.cpu = cpu;
  options.json = json;
  for (auto [name, value] :
       {std::pair<StringRef, std::string>("--config=", config), {"--timesteps=", timesteps}, {"--heads=", heads}})
    if (!value.empty())
      options.importFlags.push_back(name.str() + value);
  for (const std::string &setting : settings)
    options.importFlags.push_back("--set=" + setting);
  if (ema)
    options.importFlags.push_back("--ema");
  for (auto [name, option] : {std::pair(&compileTo, &options.compileTo), std::pair(&printPhase, &options.printPhase)}) {
    if (name->empty())
      continue;
    *option = phaseByName(*name);
    if (!*option)
      return usage("--" + name->ArgStr + "=" + *name + ": required import, spike, plan or llvm");
  }
  return checkCommand ? checkModel(options) : compileModel(options);
}
