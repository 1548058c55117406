//===- Program.cpp - PTX that runs on the CPU -----------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "Compiler.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>

using namespace stas;
using namespace stas::ptx;

namespace {
class CompiledProgram : public Program {
public:
  CompiledProgram(File file, Memory &memory) : source(std::move(file)), memory(memory) {}
  ~CompiledProgram() override {
    for (const auto &[name, address] : addresses)
      memory.free(address);
  }

  Status prepare();
  const File &file() const override { return source; }
  const Code *find(std::string_view kernel) const override;
  Status run(std::string_view kernel, const Launch &launch, const RunOptions &options) const override;

private:
  File source;
  Memory &memory;
  Addresses addresses;
  std::unique_ptr<Compiler> compiler;
  std::vector<Code> codes;
};
} // namespace

Program::~Program() = default;

Status CompiledProgram::prepare() {
  for (const auto &[name, variable] : source.variables) {
    if (variable.space == "shared")
      continue;
    uint64_t address = memory.allocate(std::max<uint64_t>(variable.size, 1));
    if (!address)
      return makeError("variable '", name, "': not enough memory for ", variable.size, " bytes");
    addresses[name] = address;
    // What a file does not initialise is zero.
    auto *bytes = reinterpret_cast<uint8_t *>(address);
    std::memset(bytes, 0, variable.size);
    std::copy(variable.initial.begin(), variable.initial.end(), bytes);
  }
  Result<std::unique_ptr<Compiler>> made = Compiler::create();
  if (!made)
    return made.error();
  compiler = std::move(*made);
  Result<std::vector<Code>> compiled = compiler->compile(source, addresses);
  if (!compiled)
    return compiled.error();
  codes = std::move(*compiled);
  return {};
}

const Code *CompiledProgram::find(std::string_view kernel) const {
  auto found = std::find_if(codes.begin(), codes.end(), [&](const Code &code) { return code.kernel->name == kernel; });
  return found == codes.end() ? nullptr : &*found;
}

Status stas::ptx::checkLaunch(const Code &code, const Launch &launch) {
  const Kernel &kernel = *code.kernel;
  uint64_t threads = 1;
  const unsigned mostThreads[3] = {1024, 1024, 64}, mostBlocks[3] = {0x7fffffff, 65535, 65535};
  for (unsigned d = 0; d < 3; ++d) {
    if (launch.block[d] < 1 || launch.block[d] > mostThreads[d])
      return makeError("required 1 to ", mostThreads[d], " threads in dimension ", d, ", found ", launch.block[d]);
    if (launch.grid[d] < 1 || launch.grid[d] > mostBlocks[d])
      return makeError("required 1 to ", mostBlocks[d], " blocks in dimension ", d, ", found ", launch.grid[d]);
    threads *= launch.block[d];
  }
  if (threads > 1024)
    return makeError("required at most 1024 threads a block, found ", threads);
  const unsigned *most = kernel.maxThreads;
  if (most[0] && kernel.requiresThreads && !std::equal(most, most + 3, launch.block))
    return makeError("required the block that .reqntid says, found another");
  if (most[0] && threads > uint64_t(most[0]) * most[1] * most[2])
    return makeError("required at most ", uint64_t(most[0]) * most[1] * most[2], " threads a block (.maxntid), found ",
                     threads);
  if (launch.parameters.size() != kernel.parameterBytes)
    return makeError("required ", kernel.parameterBytes, " bytes of parameters, found ", launch.parameters.size());
  return {};
}

Status CompiledProgram::run(std::string_view name, const Launch &launch, const RunOptions &options) const {
  const Code *code = find(name);
  if (!code)
    return makeError("kernel '", name, "': the file has none of that name");
  if (Status status = checkLaunch(*code, launch); !status)
    return makeError("kernel '", name, "': ", status.message());
  const std::vector<Memory::Range> global = memory.ranges();
  const uint64_t count = uint64_t(launch.grid[0]) * launch.grid[1] * launch.grid[2];
  const std::unique_ptr<GlobalRaces> races = options.findRaces ? std::make_unique<GlobalRaces>() : nullptr;
  std::atomic<uint64_t> next{0}, failed{count};
  std::mutex mutex;
  std::string failure;
  auto work = [&] {
    Block block(*code, launch, options, global, races.get());
    for (;;) {
      uint64_t index = next.fetch_add(1);
      // Blocks before one that failed are finished, so that which is reported is not left to chance.
      if (index >= failed)
        break;
      if (block.run(index % launch.grid[0], index / launch.grid[0] % launch.grid[1],
                    index / launch.grid[0] / launch.grid[1]))
        continue;
      std::lock_guard<std::mutex> lock(mutex);
      if (index < failed) {
        failed = index;
        failure = block.failure();
      }
      break;
    }
  };
  uint64_t threads = options.threads > 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> helpers;
  for (uint64_t i = 1; i < std::min(threads, count); ++i)
    helpers.emplace_back(work);
  work();
  for (std::thread &helper : helpers)
    helper.join();
  if (failed < count)
    return Error(failure);
  return {};
}

Result<std::unique_ptr<Program>> Program::load(std::string_view text, Memory &memory) {
  Result<File> file = parse(text);
  if (!file)
    return file.error();
  auto program = std::make_unique<CompiledProgram>(std::move(*file), memory);
  if (Status status = program->prepare(); !status)
    return status.error();
  return std::unique_ptr<Program>(std::move(program));
}
