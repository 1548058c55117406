//===- State.cpp - A CUDA driver without a GPU ----------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "State.h"

#include <cstdio>
#include <cstdlib>

using namespace stas;
using namespace stas::cuda;

static uint64_t numberOf(const char *variable, uint64_t otherwise) {
  const char *text = std::getenv(variable);
  return text && *text ? std::strtoull(text, nullptr, 10) : otherwise;
}

void State::configure() {
  if (isRetained())
    return;
  architecture = static_cast<int>(numberOf("STAS_TEST_CUDA_ARCHITECTURE", 90));
  version = static_cast<int>(numberOf("STAS_TEST_CUDA_VERSION", 12040));
  versionError = static_cast<DriverResult>(numberOf("STAS_TEST_CUDA_VERSION_ERROR", kSuccess));
  devices = static_cast<int>(std::min<uint64_t>(numberOf("STAS_TEST_CUDA_DEVICES", 1), kMostDevices));
  memoryBytes = numberOf("STAS_TEST_CUDA_MEMORY", uint64_t(4) << 30);
  options.threads = static_cast<int>(numberOf("STAS_TEST_CUDA_THREADS", 0));
  options.findRaces = numberOf("STAS_TEST_CUDA_RACES", 1) != 0;
  options.order = numberOf("STAS_TEST_CUDA_DESCENDING", 0) ? ptx::WarpOrder::Descending : ptx::WarpOrder::Ascending;
  const char *file = std::getenv("STAS_TEST_CUDA_TRANSACTIONS");
  transactionsFile = file ? file : "";
  options.transactions = transactionsFile.empty() ? nullptr : &transactions;
}

void State::writeTransactions() const {
  const std::string table = transactions.table();
  std::FILE *file = std::fopen(transactionsFile.c_str(), "w");
  bool isWritten = file && std::fwrite(table.data(), 1, table.size(), file) == table.size();
  if (file && std::fclose(file) != 0)
    isWritten = false;
  if (!isWritten)
    std::fprintf(stderr, "CUDA driver of the tests: '%s' cannot be written\n", transactionsFile.c_str());
}

void State::reset() {
  if (!transactionsFile.empty())
    writeTransactions();
  for (StreamObject *stream : streams)
    delete stream;
  for (EventObject *event : events)
    delete event;
  for (GraphExecObject *exec : executables)
    delete exec;
  streams.clear();
  events.clear();
  executables.clear();
  graphs.clear();
  functions.clear();
  modules.clear();
  for (uint64_t address : allocations)
    memory.free(address);
  allocations.clear();
  for (const auto &[address, bytes] : pinned)
    std::free(reinterpret_cast<void *>(address));
  pinned.clear();
  sticky = kSuccess;
}

State &State::get() {
  // Never destroyed: programs call the driver while they end.
  static State &state = *new State;
  return state;
}

DriverResult State::fail(DriverResult code, const std::string &why) {
  std::fprintf(stderr, "CUDA driver of the tests: %s\n", why.c_str());
  sticky = code;
  return code;
}

DriverResult State::breakCaptures() {
  DriverResult code = kSuccess;
  for (StreamObject *stream : streams)
    if (stream->graph && stream->graph->thread == std::this_thread::get_id()) {
      stream->graph->isBroken = true;
      code = kCaptureUnsupported;
    }
  return code;
}

DriverResult State::submit(StreamObject *stream, Work work) {
  if (!has(stream))
    return kInvalidHandle;
  if (!stream) {
    if (DriverResult code = finishAll(); code != kSuccess)
      return code;
    return work();
  }
  if (stream->graph) {
    stream->graph->work.push_back(std::move(work));
    stream->isJoined = stream == stream->origin;
    stream->capturedUpTo = stream->graph->work.size();
    return kSuccess;
  }
  stream->pending.push_back(std::move(work));
  ++stream->submitted;
  return kSuccess;
}

DriverResult State::finish(StreamObject *stream, uint64_t position) {
  while (stream->done < position) {
    Work work = std::move(stream->pending.front());
    stream->pending.pop_front();
    ++stream->done;
    if (DriverResult code = work(); code != kSuccess)
      return code;
  }
  return sticky;
}

DriverResult State::finishAll() {
  for (StreamObject *stream : streams)
    if (DriverResult code = finish(stream, stream->submitted); code != kSuccess)
      return code;
  return sticky;
}
