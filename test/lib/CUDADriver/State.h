//===- State.h - A CUDA driver without a GPU --------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the functions of the library share. Everything happens under one lock.
//
// Work that a program puts into a stream is done as late as the driver API
// allows: when somebody waits for it. A program that does not wait where it must
// sees what was there before. Calls that the manual forbids while a stream is
// captured break the capture here as there.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_CUDADRIVER_STATE_H
#define STAS_TEST_LIB_CUDADRIVER_STATE_H

#include "lib/Runtime/CUDA/DriverApi.h"
#include "test/lib/PTX/Program.h"
#include "test/lib/PTX/Transactions.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <set>
#include <thread>
#include <vector>

namespace stas {
namespace cuda {

struct ContextObject {
  unsigned retained = 0;
};

struct FunctionObject {
  std::shared_ptr<const ptx::Program> program; ///< Work with it holds it as well.
  const ptx::Code *code;
  const ContextObject *context; ///< In which the module was loaded.
  unsigned mostDynamicShared;   ///< Bytes that a launch may ask for.
};

struct ModuleObject {
  std::shared_ptr<const ptx::Program> program;
  const ContextObject *context;
  std::map<std::string, std::unique_ptr<FunctionObject>> functions;
};

using Work = std::function<DriverResult()>;

struct GraphObject {
  std::vector<Work> work;
  // While it is captured.
  std::thread::id thread = std::this_thread::get_id();
  bool isBroken = false;
};

struct GraphExecObject {
  std::vector<Work> work;
};

struct StreamObject {
  explicit StreamObject(const ContextObject *context) : context(context) {}
  const ContextObject *context; ///< In which it was made.
  std::deque<Work> pending;
  uint64_t submitted = 0, done = 0; ///< Of all work ever.
  /// While it is captured: the graph, and who began. joined: what was captured
  /// here is known to the stream that began.
  std::shared_ptr<GraphObject> graph;
  StreamObject *origin = nullptr;
  bool isJoined = true;
  uint64_t capturedUpTo = 0; ///< In the graph, behind the last work from here.
};

struct EventObject {
  bool isTimed = false, isRecorded = false;
  StreamObject *stream = nullptr;
  uint64_t position = 0;              ///< In the stream.
  std::shared_ptr<GraphObject> graph; ///< Where it was recorded in a capture.
  std::chrono::steady_clock::time_point time;
};

/// Of the calling thread: the last is current.
extern thread_local std::vector<ContextObject *> contexts;
inline ContextObject *current() { return contexts.empty() ? nullptr : contexts.back(); }

/// All devices, and all that was made on them.
class State {
public:
  static State &get();

  std::mutex mutex;
  ptx::Memory memory;
  std::set<uint64_t> allocations;      ///< Of the program's own, in `memory`.
  std::map<uint64_t, uint64_t> pinned; ///< Memory of the host: address to bytes.
  std::map<ModuleObject *, std::unique_ptr<ModuleObject>> modules;
  std::set<FunctionObject *> functions;
  std::set<StreamObject *> streams;
  std::set<EventObject *> events;
  std::map<GraphObject *, std::shared_ptr<GraphObject>> graphs;
  std::set<GraphExecObject *> executables;
  static constexpr int kMostDevices = 8;
  ContextObject primary[kMostDevices]; ///< Contexts of the devices.
  bool isInitialized = false;

  /// The first fault of a kernel. From then on all calls fail, as on a device.
  DriverResult sticky = kSuccess;

  // From the environment: see README.md.
  int architecture = 0, version = 0, devices = 0;
  DriverResult versionError = kSuccess;
  uint64_t memoryBytes = 0;
  ptx::RunOptions options;
  ptx::TransactionReport transactions;
  std::string transactionsFile; ///< Where the table of all of them is written; empty: they are not counted.

  /// Reads the environment, unless the device is in use.
  void configure();
  /// Frees all that programs made and forgets a fault.
  void reset();
  /// The table of all transactions so far.
  void writeTransactions() const;
  unsigned sharedBytes() const { return (architecture >= 90 ? 227 : 163) * 1024; }
  bool isRetained() const {
    return std::any_of(std::begin(primary), std::end(primary), [](const ContextObject &each) { return each.retained; });
  }
  /// Whether there is such a stream, of the current context.
  bool has(StreamObject *stream) const { return !stream || (streams.count(stream) && stream->context == current()); }

  /// Adds work to a stream, or to the graph that it captures. The null stream
  /// waits for all others and does the work at once.
  DriverResult submit(StreamObject *stream, Work work);
  /// Does what a stream has, up to a position.
  DriverResult finish(StreamObject *stream, uint64_t position);
  DriverResult finishAll();
  DriverResult fail(DriverResult code, const std::string &why);
  /// Breaks what the calling thread captures: kSuccess where that is nothing.
  DriverResult breakCaptures();
};

/// Of every function: takes the lock, refuses what comes before cuInit and
/// after a fault.
#define STAS_ENTER()                                                                                                   \
  stas::cuda::State &state = stas::cuda::State::get();                                                                 \
  std::lock_guard<std::mutex> lock(state.mutex);                                                                       \
  if (!state.isInitialized)                                                                                            \
    return stas::cuda::kNotInitialized;                                                                                \
  if (state.sticky != stas::cuda::kSuccess)                                                                            \
    return state.sticky;

/// Of those that need a context.
#define STAS_ENTER_CONTEXT()                                                                                           \
  STAS_ENTER()                                                                                                         \
  if (!stas::cuda::current())                                                                                          \
    return stas::cuda::kInvalidContext;

/// Of those that do their work at once, which no graph would repeat.
#define STAS_ENTER_AT_ONCE()                                                                                           \
  STAS_ENTER_CONTEXT()                                                                                                 \
  if (stas::cuda::DriverResult broken = state.breakCaptures(); broken != stas::cuda::kSuccess)                         \
    return broken;

} // namespace cuda
} // namespace stas

// NOLINTBEGIN(bugprone-macro-parentheses, readability-identifier-naming): names that are NVIDIA's
/// Declarations of all functions, so that each is defined as the runtime calls it.
extern "C" {
#define STAS_DECLARE(member, name, parameters)                                                                         \
  __attribute__((visibility("default"))) stas::cuda::DriverResult name parameters;
namespace stas {
namespace cuda {
STAS_CUDA_DRIVER_FUNCTIONS(STAS_DECLARE)
STAS_CUDA_NEWER_DRIVER_FUNCTIONS(STAS_DECLARE)
// What a host program calls, and the runtime does not.
STAS_DECLARE(contextSetCurrent, cuCtxSetCurrent, (ContextObject * context))
STAS_DECLARE(contextGetCurrent, cuCtxGetCurrent, (ContextObject * *context))
} // namespace cuda
} // namespace stas
#undef STAS_DECLARE
}
// NOLINTEND(bugprone-macro-parentheses, readability-identifier-naming)

#endif // STAS_TEST_LIB_CUDADRIVER_STATE_H
