//===- Transactions.h - What accesses to memory cost ------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts what a GPU makes of the accesses of a warp, as NVIDIA's programming
// guide has it. Shared memory has 32 banks of 4 bytes and gives a word of each in
// a wavefront, to all lanes that want it; 8 bytes of each lane are served half a
// warp at a time, 16 bytes a quarter. Global memory comes in sectors of 32 bytes.
//
// Threads run one after another here, so that what a warp did at once is found
// afterwards: the n-th accesses of an instruction between two meetings of the
// lanes are one request. Lanes that leave out a turn of a loop in which no lanes
// meet are a turn ahead of the others from then on.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_PTX_TRANSACTIONS_H
#define STAS_TEST_LIB_PTX_TRANSACTIONS_H

#include "Execution.h"

#include <map>
#include <mutex>

namespace stas {
namespace ptx {

struct Transactions {
  uint64_t requests = 0; ///< Of warps.
  uint64_t made = 0;     ///< Wavefronts, or sectors.
  uint64_t least = 0;    ///< Wavefronts had no bank a conflict, or sectors had the same bytes lain together.
  uint64_t bytes = 0;    ///< That requests touched, each once.

  Transactions &operator+=(const Transactions &other);
};

/// Of all launches that were counted. May be used from several threads.
class TransactionReport {
public:
  /// Of what in a kernel: memory is "shared", the name of the parameter that points there, or "global" for neither.
  struct Place {
    std::string kernel;
    unsigned line;
    std::string memory, opcode;
    bool operator<(const Place &other) const;
  };

  void add(const Place &place, const Transactions &transactions);
  /// Of all instructions whose opcode begins so.
  Transactions sum(std::string_view memory, std::string_view opcode = "") const;
  /// A line for each instruction and memory.
  std::string table() const;

private:
  mutable std::mutex mutex;
  std::map<Place, Transactions> places;
};

/// Counts those of the blocks that a thread of the host runs.
class TransactionCounter {
public:
  TransactionCounter(const Code &code, const Launch &launch, TransactionReport &report);
  /// Adds what was counted to the report.
  ~TransactionCounter();
  TransactionCounter(const TransactionCounter &) = delete;
  TransactionCounter &operator=(const TransactionCounter &) = delete;

  void note(const Thread &thread, uint32_t instruction, bool isShared, uint64_t address, uint32_t bytes);
  /// The lanes of a warp have run to where they meet.
  void finishRun();

private:
  struct Access {
    unsigned lane;
    uint64_t address;
    uint32_t bytes;
  };
  using Request = std::vector<Access>;
  struct Requests {
    std::vector<Request> turns;
    uint32_t done[kLanes] = {}; ///< Turns of each lane.
  };
  static uint64_t bytesOf(const Request &request);
  static Transactions ofShared(const Request &request);
  static Transactions ofGlobal(const Request &request);
  std::string memoryAt(uint64_t address) const;

  const Kernel &kernel;
  TransactionReport &report;
  std::map<uint64_t, std::string> parameters;             ///< By the addresses that they hold.
  std::map<std::pair<uint32_t, bool>, Requests> requests; ///< By instruction, and whether memory is shared.
  std::map<std::pair<uint32_t, std::string>, Transactions> counted;
};

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_LIB_PTX_TRANSACTIONS_H
