//===- Assemble.cpp - PTX to machine code by ptxas ------------------------===//
#include "stas/Target/CUDA/Emit.h"
#include "stas/Target/TemporaryFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Regex.h"

using namespace llvm;
using namespace stas;

std::optional<std::string> stas::findPtxas() {
  if (std::optional<std::string> named = sys::Process::GetEnv("STAS_PTXAS"))
    return named->empty() ? std::nullopt : named;
  if (ErrorOr<std::string> found = sys::findProgramByName("ptxas"))
    return *found;
  SmallVector<std::string> folders;
  if (std::optional<std::string> home = sys::Process::GetEnv("CUDA_HOME"))
    folders.push_back(*home);
  folders.push_back("/usr/local/cuda");
  for (const std::string &folder : folders) {
    SmallString<128> program(folder);
    sys::path::append(program, "bin", "ptxas");
    if (sys::fs::can_execute(program))
      return program.str().str();
  }
  return std::nullopt;
}

/// Reads what `ptxas -v` says of each kernel.
static std::vector<KernelResources> readResources(StringRef log) {
  std::vector<KernelResources> kernels;
  Regex start("Compiling entry function '([^']+)'");
  Regex memory("([0-9]+) bytes stack frame, ([0-9]+) bytes spill stores, ([0-9]+) bytes spill loads");
  Regex used("Used ([0-9]+) registers");
  SmallVector<StringRef> lines, found;
  log.split(lines, '\n');
  auto number = [&](size_t group) {
    int64_t value = 0;
    (void)to_integer(found[group], value);
    return value;
  };
  for (StringRef line : lines) {
    if (start.match(line, &found)) {
      kernels.push_back({found[1].str()});
    } else if (!kernels.empty() && memory.match(line, &found)) {
      kernels.back().stack = number(1);
      kernels.back().spillStores = number(2);
      kernels.back().spillLoads = number(3);
    } else if (!kernels.empty() && used.match(line, &found)) {
      kernels.back().registers = number(1);
    }
  }
  return kernels;
}

static Expected<std::string> readFile(const std::string &path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError(buffer.getError(), "%s: cannot read", path.c_str());
  return (*buffer)->getBuffer().str();
}

Expected<Cubin> stas::assemble(StringRef ptx, const GpuTarget &target, StringRef ptxas) {
  auto source = TemporaryFile::create("ptx");
  if (!source)
    return source.takeError();
  auto code = TemporaryFile::create("cubin");
  if (!code)
    return code.takeError();
  auto log = TemporaryFile::create("log");
  if (!log)
    return log.takeError();
  std::error_code error;
  raw_fd_ostream os(source->path(), error);
  os << ptx;
  os.close();
  if (error || os.has_error()) {
    os.clear_error();
    return createStringError("%s: cannot write; set TMPDIR to a folder with space", source->path().c_str());
  }
  std::string architecture = "-arch=" + target.name();
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(log->path()), StringRef(log->path())};
  std::string message;
  int status = sys::ExecuteAndWait(ptxas, {ptxas, architecture, "-v", source->path(), "-o", code->path()}, std::nullopt,
                                   redirects, 0, 0, &message);
  auto text = readFile(log->path());
  if (!text)
    return text.takeError();
  if (status != 0)
    return createStringError("%s refused the PTX for %s: %s", ptxas.str().c_str(), target.name().c_str(),
                             (message.empty() ? *text : message).c_str());
  Cubin cubin;
  auto bytes = readFile(code->path());
  if (!bytes)
    return bytes.takeError();
  cubin.code = std::move(*bytes);
  cubin.kernels = readResources(*text);
  return cubin;
}
