//===- ThreadPool.h - Threads that work in step -----------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_RUNTIME_THREADPOOL_H
#define STAS_RUNTIME_THREADPOOL_H

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace stas {

/// A number that threads wait on. They spin for a few microseconds, since what
/// they wait for is usually near, and then sleep.
class Gate {
public:
  /// Threads that outnumber the CPUs should not spin: they would keep the one
  /// they wait for from running.
  void setSpins(int count) { spins = count; }
  uint32_t value() const { return number.load(std::memory_order_acquire); }
  /// Waits until the value is no longer the one given.
  void waitWhile(uint32_t old);
  void advance();

private:
  std::atomic<uint32_t> number{0};
  std::atomic<int> sleepers{0};
  std::mutex mutex;
  std::condition_variable wake;
  int spins = 0;
};

/// A fixed number of threads, of which the caller of run() is the first.
class ThreadPool {
public:
  /// Uses fewer threads than asked for where the system has no more.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;

  int size() const { return static_cast<int>(workers.size()) + 1; }

  /// Calls work(0) ... work(size() - 1), each on its own thread, and returns
  /// when all are done. Not to be called from within work.
  void run(const std::function<void(int)> &work);

  /// Within run(): waits until all size() threads are here. What they wrote
  /// before is seen by all after.
  void barrier();

private:
  void loop(int rank);

  std::vector<std::thread> workers;
  const std::function<void(int)> *job = nullptr;
  std::atomic<bool> stopping{false};
  Gate started, finished, passed;
  std::atomic<int> running{0};
  std::atomic<int> arrived{0};
};

} // namespace stas

#endif // STAS_RUNTIME_THREADPOOL_H
