//===- ImportModel.cpp - Modules from checkpoints and MLIR ----------------===//
//
// LibTorch brings hundreds of libraries: only stas-import links it, and hands
// the module over as bytecode in a temporary file. Weights stay where they are.
//
//===----------------------------------------------------------------------===//
#include "Driver.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "stas/Target/TemporaryFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace stas;

bool stas::isMLIR(llvm::StringRef path) {
  if (path.ends_with(".mlir"))
    return true;
  auto head = llvm::MemoryBuffer::getFileSlice(path, 4, 0);
  return head && isBytecode(**head);
}

int stas::runImporter(const CompileOptions &options, llvm::ArrayRef<std::string> flags,
                      std::optional<llvm::StringRef> output) {
  std::string self = llvm::sys::fs::getMainExecutable("stas-compile", reinterpret_cast<void *>(&isMLIR));
  llvm::SmallString<128> program(llvm::sys::path::parent_path(self));
  llvm::sys::path::append(program, "stas-import");
  std::vector<llvm::StringRef> arguments{program};
  arguments.insert(arguments.end(), options.importFlags.begin(), options.importFlags.end());
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  arguments.insert(arguments.end(), {"--", options.model});
  std::string message;
  int code = llvm::sys::ExecuteAndWait(program, arguments, std::nullopt,
                                       /*Redirects=*/{std::nullopt, output, std::nullopt}, 0, 0, &message);
  if (code < 0)
    llvm::errs() << "stas " << options.command << ": error: " << program << ": cannot be run: " << message
                 << "; it belongs beside stas-compile: build or install the whole project\n";
  return code == 0 ? 0 : 1;
}

std::optional<llvm::json::Object> stas::importReport(const CompileOptions &options) {
  auto fail = [&](const std::string &message) {
    llvm::errs() << "stas " << options.command << ": error: " << message << "\n";
    return std::nullopt;
  };
  auto file = TemporaryFile::create("json");
  if (!file)
    return fail(llvm::toString(file.takeError()));
  int code = runImporter(options, {"--check", "--json"}, llvm::StringRef(file->path()));
  auto text = llvm::MemoryBuffer::getFile(file->path());
  auto report = llvm::json::parse(text ? (*text)->getBuffer() : "");
  llvm::json::Object *object = report ? report->getAsObject() : nullptr;
  if (!object) {
    llvm::consumeError(report.takeError());
    // A command line that stas-import refuses is reported by it.
    return code ? std::nullopt : fail("stas-import: required its report, found none");
  }
  return std::move(*object);
}

OwningOpRef<ModuleOp> stas::readModel(const CompileOptions &options, MLIRContext &context, std::string &problem) {
  std::string path = options.model;
  if (!llvm::sys::fs::is_regular_file(path)) {
    problem = "required a checkpoint (.pth, .pt, .pth.tar, .safetensors) or .mlir file, found ";
    problem += llvm::sys::fs::exists(path) ? "something that is no file" : "nothing of that name";
    return nullptr;
  }
  std::optional<TemporaryFile> imported;
  if (!isMLIR(path)) {
    auto file = TemporaryFile::create("mlirbc");
    if (!file) {
      problem = llvm::toString(file.takeError());
      return nullptr;
    }
    path = imported.emplace(std::move(*file)).path();
    if (runImporter(options, {"--emit-bytecode", "-o", path}) != 0)
      return nullptr;
  } else if (!options.importFlags.empty()) {
    problem = options.importFlags.front() + " speaks of a checkpoint, found a module that is imported already; leave "
                                            "it out";
    return nullptr;
  }
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) {
    problem = "cannot read: " + buffer.getError().message();
    return nullptr;
  }
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(*buffer), llvm::SMLoc());
  llvm::raw_string_ostream messages(problem);
  SourceMgrDiagnosticHandler handler(*sources, &context, messages);
  auto module = parseSourceFile<ModuleOp>(sources, &context);
  if (!module)
    problem =
        "required a module of the stas dialect, found text that is none:\n" + llvm::StringRef(problem).rtrim().str();
  return module;
}
