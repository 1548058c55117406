//===- ThreadPool.cpp - Threads that work in step -------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Runtime/ThreadPool.h"
#include "stas/Runtime/Model.h"

#include <algorithm>
#include <system_error>

using namespace stas;

static void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

void Gate::waitWhile(uint32_t old) {
  for (int i = 0; i < spins; ++i) {
    if (value() != old)
      return;
    pause();
  }
  std::unique_lock<std::mutex> lock(mutex);
  // Announced before the value is read again: advance() changes the value
  // before it looks for sleepers, so one of the two sees the other.
  sleepers.fetch_add(1);
  wake.wait(lock, [&] { return number.load() != old; });
  sleepers.fetch_sub(1);
}

void Gate::advance() {
  number.fetch_add(1);
  if (sleepers.load() > 0) {
    std::lock_guard<std::mutex> lock(mutex);
    wake.notify_all();
  }
}

ThreadPool::ThreadPool(int threads) {
  constexpr int kSpins = 1000; // Some tens of microseconds.
  int spins = threads <= availableCpus() ? kSpins : 0;
  for (Gate *gate : {&started, &finished, &passed})
    gate->setSpins(spins);
  for (int rank = 1; rank < threads; ++rank) {
    try {
      workers.emplace_back([this, rank] { loop(rank); });
    } catch (const std::system_error &) {
      break; // The system's limit: fewer threads give the same results.
    }
  }
}

ThreadPool::~ThreadPool() {
  stopping = true;
  started.advance();
  for (std::thread &worker : workers)
    worker.join();
}

void ThreadPool::loop(int rank) {
  for (uint32_t round = 0;; ++round) {
    started.waitWhile(round);
    if (stopping)
      return;
    (*job)(rank);
    if (running.fetch_sub(1) == 1)
      finished.advance();
  }
}

void ThreadPool::run(const std::function<void(int)> &work) {
  uint32_t round = finished.value();
  job = &work;
  running = static_cast<int>(workers.size());
  if (!workers.empty())
    started.advance();
  work(0);
  if (!workers.empty())
    finished.waitWhile(round);
}

void ThreadPool::barrier() {
  uint32_t round = passed.value();
  if (arrived.fetch_add(1) + 1 < size()) {
    passed.waitWhile(round);
    return;
  }
  arrived = 0;
  passed.advance();
}
