//===- Compiler.cpp - From PTX to code of this machine --------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compiler.h"
#include "Translator.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/PassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"

using namespace stas;
using namespace stas::ptx;

namespace {
class JitCompiler : public Compiler {
public:
  explicit JitCompiler(std::unique_ptr<llvm::orc::LLJIT> jit) : jit(std::move(jit)) {}
  Result<std::vector<Code>> compile(const File &file, const Addresses &addresses) override;

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;
};
} // namespace

Compiler::~Compiler() = default;

static Error errorOf(llvm::Error error) { return makeError("LLVM: ", llvm::toString(std::move(error))); }

Result<std::unique_ptr<Compiler>> Compiler::create() {
  static const bool isReady = !llvm::InitializeNativeTarget() && !llvm::InitializeNativeTargetAsmPrinter();
  if (!isReady)
    return makeError("LLVM: no target for this machine");
  llvm::Expected<llvm::orc::JITTargetMachineBuilder> machine = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!machine)
    return errorOf(machine.takeError());
  // Kernels run for milliseconds: little work on code pays.
  machine->setCodeGenOptLevel(llvm::CodeGenOptLevel::Less);
  auto jit = llvm::orc::LLJITBuilder().setJITTargetMachineBuilder(std::move(*machine)).create();
  if (!jit)
    return errorOf(jit.takeError());
  llvm::orc::SymbolMap symbols;
  auto add = [&](const char *name, auto *function) {
    symbols[(*jit)->mangleAndIntern(name)] = {llvm::orc::ExecutorAddr::fromPtr(function),
                                              llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  };
  add("stasPtxGlobal", &stasPtxGlobal);
  add("stasPtxShared", &stasPtxShared);
  add("stasPtxParameter", &stasPtxParameter);
  add("stasPtxLocal", &stasPtxLocal);
  add("stasPtxGeneric", &stasPtxGeneric);
  add("stasPtxCopyAsync", &stasPtxCopyAsync);
  add("stasPtxCommit", &stasPtxCommit);
  add("stasPtxWait", &stasPtxWait);
  add("stasPtxTrap", &stasPtxTrap);
  if (llvm::Error error = (*jit)->getMainJITDylib().define(llvm::orc::absoluteSymbols(std::move(symbols))))
    return errorOf(std::move(error));
  return std::unique_ptr<Compiler>(std::make_unique<JitCompiler>(std::move(*jit)));
}

/// What removes the registers that are in memory for no reason.
static void simplify(llvm::Module &module) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager calls;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(calls);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, calls, modules);
  llvm::FunctionPassManager passes;
  passes.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  passes.addPass(llvm::EarlyCSEPass(true));
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::SimplifyCFGPass());
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      passes.run(function, functions);
}

Result<std::vector<Code>> JitCompiler::compile(const File &file, const Addresses &addresses) {
  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = std::make_unique<llvm::Module>("ptx", *context);
  module->setDataLayout(jit->getDataLayout());
  module->setTargetTriple(jit->getTargetTriple());
  std::vector<Code> codes;
  for (const Kernel &kernel : file.kernels) {
    Result<Code> code = Translator(file, kernel, addresses, *module).run();
    if (!code)
      return code.error();
    codes.push_back(std::move(*code));
  }
  std::string broken;
  llvm::raw_string_ostream stream(broken);
  if (llvm::verifyModule(*module, &stream))
    return makeError("LLVM: ", broken);
  simplify(*module);
  if (llvm::Error error = jit->addIRModule({std::move(module), std::move(context)}))
    return errorOf(std::move(error));
  for (Code &code : codes) {
    auto symbol = jit->lookup(code.kernel->name);
    if (!symbol)
      return errorOf(symbol.takeError());
    code.function = symbol->toPtr<KernelFunction>();
  }
  return codes;
}
