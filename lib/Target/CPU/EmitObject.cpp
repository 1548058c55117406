//===- EmitObject.cpp - LLVM dialect to a shared object -------------------===//
#include "lld/Common/Driver.h"
#include "mlir/IR/Threading.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "stas/Target/CPU/Emit.h"
#include "stas/Target/Optimize.h"
#include "stas/Target/TemporaryFile.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

LLD_HAS_DRIVER(elf)

using namespace mlir;
using namespace stas;

namespace {
llvm::Expected<TemporaryFile> writeObject(llvm::StringRef code) {
  auto object = TemporaryFile::create("o");
  if (!object)
    return object.takeError();
  std::error_code error;
  llvm::raw_fd_ostream os(object->path(), error);
  os << code;
  os.close();
  if (error || os.has_error()) {
    os.clear_error();
    return llvm::createStringError("%s: cannot write; set TMPDIR to a folder with space", object->path().c_str());
  }
  return object;
}
} // namespace

/// Optimises and compiles a module; empty where LLVM cannot.
static std::string compile(llvm::Module &module, const CpuTarget &target) {
  module.setTargetTriple(target.machine().getTargetTriple());
  module.setDataLayout(target.machine().createDataLayout());
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", target.llvmName());
    // Short loops over bytes stay loops: calls of memcpy cost more, and every call makes AMX set up its tiles anew.
    function.addFnAttr("no-builtins");
    if (!target.llvmFeatures().empty())
      function.addFnAttr("target-features", target.llvmFeatures());
    if (target.isa().lanes == 16)
      function.addFnAttr("prefer-vector-width", "512");
  }
  optimize(module, target.machine());
  llvm::SmallVector<char, 0> object;
  llvm::raw_svector_ostream os(object);
  llvm::legacy::PassManager codegen;
  if (target.machine().addPassesToEmitFile(codegen, os, nullptr, llvm::CodeGenFileType::ObjectFile))
    return "";
  codegen.run(module);
  return std::string(object.data(), object.size());
}

llvm::Expected<std::vector<std::string>> stas::emitObjects(ArrayRef<KernelCode> codes) {
  ModuleOp first = codes.front().kernels;
  MLIRContext *context = first.getContext();
  registerBuiltinDialectTranslation(*context);
  registerLLVMDialectTranslation(*context);
  std::vector<llvm::LLVMContext> contexts(codes.size()); // one for each thread
  std::vector<std::unique_ptr<llvm::Module>> modules;
  for (auto [code, llvmContext] : llvm::zip_equal(codes, contexts)) {
    modules.push_back(translateModuleToLLVMIR(code.kernels, llvmContext, "stas_kernels"));
    if (!modules.back())
      return llvm::createStringError("translation of the kernels to LLVM IR failed");
  }
  std::vector<std::string> objects(codes.size());
  parallelFor(context, 0, codes.size(), [&](size_t i) { objects[i] = compile(*modules[i], *codes[i].target); });
  for (auto [code, object] : llvm::zip_equal(codes, objects))
    if (object.empty())
      return llvm::createStringError("LLVM cannot emit object code for %s", code.target->name().c_str());
  return objects;
}

llvm::Expected<std::string> stas::linkSharedObject(ArrayRef<std::string> objects) {
  std::vector<TemporaryFile> files;
  for (const std::string &code : objects) {
    auto object = writeObject(code);
    if (!object)
      return object.takeError();
    files.push_back(std::move(*object));
  }
  auto shared = TemporaryFile::create("so");
  if (!shared)
    return shared.takeError();
  std::string messages;
  llvm::raw_string_ostream log(messages);
  std::vector<const char *> arguments{
      "ld.lld",          "-shared", "--build-id=none",     "--hash-style=gnu", "-z", "noexecstack", "-soname",
      "stas_kernels.so", "-o",      shared->path().c_str()};
  for (const TemporaryFile &file : files)
    arguments.push_back(file.path().c_str());
  lld::Result result = lld::lldMain(arguments, log, log, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0)
    return llvm::createStringError("linking the kernels failed: %s", log.str().c_str());
  auto buffer = llvm::MemoryBuffer::getFile(shared->path(), /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return llvm::createStringError(buffer.getError(), "%s: cannot read", shared->path().c_str());
  return (*buffer)->getBuffer().str();
}
