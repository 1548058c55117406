//===- Execution.h - Threads, warps and blocks at run time ------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel is translated to one function
//
//   void kernel(Thread *thread)
//
// that runs a thread from where it stopped to the next site: an instruction at
// which a thread meets others (a barrier or an operation of a warp). There it
// leaves the operands in `exchange` and returns. When all who must be are there,
// the scheduler (Block) computes the results, puts them into `exchange`, and
// calls the function again, which goes on after the site. Registers that are
// needed after a site lie behind the Thread in memory, all others are the
// compiler's.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_LIB_PTX_EXECUTION_H
#define STAS_TEST_LIB_PTX_EXECUTION_H

#include "Memory.h"
#include "SharedMemory.h"
#include "Syntax.h"

#include <functional>
#include <memory>

namespace stas {
namespace ptx {

inline constexpr unsigned kLanes = 32;

struct Site;
class Block;
class TransactionCounter;
class TransactionReport;

/// %tid, %ntid, %ctaid, %nctaid (x, y, z each), then these.
enum SpecialRegister {
  kTid = 0,
  kNtid = 3,
  kCtaid = 6,
  kNctaid = 9,
  kLaneId = 12,
  kWarpId,
  kWarpCount,
  kDynamicShared,
  kTotalShared,
  kSpecialCount
};

/// Values of Thread::state that are no site.
enum : uint32_t { kAtStart = 0, kExited = 0xffffffff, kFailed = 0xfffffffe };

struct Thread {
  uint32_t state; ///< One of the above, or 1 + the site it is at.
  uint32_t special[kSpecialCount];
  uint32_t exchange[32]; ///< Operands and results of a site; 64 bits take two.
  const uint8_t *parameters;
  Block *block;
  unsigned index; ///< In the block.
};

using KernelFunction = void (*)(Thread *);

/// Threads of a warp that execute an operation together.
struct Lanes {
  Thread *const *threads; ///< kLanes; null where the block has no such thread.
  uint32_t mask;          ///< Who takes part.
  Block &block;
  unsigned warp;

  bool has(unsigned lane) const { return mask >> lane & 1; }
  uint32_t *exchange(unsigned lane) const { return threads[lane]->exchange; }
};

/// Computes the results of a site in the threads' `exchange`. False after
/// Block::fault().
using Operation = std::function<bool(const Lanes &, const Site &)>;

struct Site {
  const Instruction *instruction;
  Operation operation; ///< None: a barrier, exchange[0] is its number, [1] the count of threads or 0.
  int maskAt;          ///< Which of `exchange` has the mask of lanes; -1: all lanes must come.
};

/// A kernel ready to run.
struct Code {
  const Kernel *kernel = nullptr;
  KernelFunction function = nullptr;
  std::vector<Site> sites;
  uint64_t frameBytes = 0;   ///< Of a thread: Thread, registers, local memory.
  uint64_t localOffset = 0;  ///< Of local memory in it.
  uint64_t staticShared = 0; ///< Bytes; dynamic shared memory follows, aligned to 16.
};

/// The order in which the warps of a block run between barriers. What a kernel
/// computes must not depend on it.
enum class WarpOrder { Ascending, Descending };

struct Launch {
  unsigned grid[3] = {1, 1, 1};
  unsigned block[3] = {1, 1, 1};
  unsigned dynamicShared = 0;      ///< Bytes.
  std::vector<uint8_t> parameters; ///< As many as the kernel declares, laid out as C would.
};

struct RunOptions {
  int threads = 0; ///< That run blocks; 0: as many as CPUs.
  WarpOrder order = WarpOrder::Ascending;
  /// In shared memory, in global memory within a launch, and reads of shared memory that nobody wrote.
  bool findRaces = true;
  /// Where memory transactions are counted (Transactions.h); null: they are not.
  TransactionReport *transactions = nullptr;
};

/// Runs the blocks of a launch one after another, on one thread of the host.
class Block {
public:
  /// races: of the launch; null where they are not looked for.
  Block(const Code &code, const Launch &launch, const RunOptions &options, const std::vector<Memory::Range> &global,
        GlobalRaces *races);
  ~Block();

  /// Runs one block. False: failure() says why.
  bool run(unsigned x, unsigned y, unsigned z);
  const std::string &failure() const { return message; }

  SharedMemory &shared() { return sharedMemory; }
  /// Whether an allocation contains all bytes.
  bool hasGlobal(uint64_t address, uint64_t bytes);
  /// Notes an access to global memory. Empty, or who it races with.
  std::string accessGlobal(const Thread &thread, uint64_t address, uint32_t bytes, Access kind);
  /// Counts an access that was checked.
  void countAccess(const Thread &thread, uint32_t instruction, bool isShared, uint64_t address, uint32_t bytes);
  /// The first fault of a block is kept. Always false.
  bool fault(const Thread &thread, const Instruction &instruction, const std::string &what);
  bool fault(const Thread &thread, uint32_t instruction, const std::string &what) {
    return fault(thread, code.kernel->instructions[instruction], what);
  }
  const Instruction *instructions() const { return code.kernel->instructions.data(); }
  uint64_t parameterBytes() const { return code.kernel->parameterBytes; }
  uint64_t localBytes() const { return code.kernel->localBytes; }
  uint8_t *local(Thread &thread) const { return reinterpret_cast<uint8_t *>(&thread) + code.localOffset; }
  /// A warp's lanes have seen each other's accesses to memory.
  void orderWarp(unsigned warp) { sharedMemory.clock().orderWarp(warp); }

  static constexpr unsigned kBarriers = 16;

private:
  struct Warp {
    Thread *threads[kLanes] = {};
    uint32_t present = 0; ///< Lanes that the block has.
    uint32_t ready = 0, exited = 0, atBarrier = 0;
  };

  bool runWarp(Warp &warp);
  bool runLanes(Warp &warp);
  bool meet(Warp &warp, bool &progress);
  bool reportStuck(const Warp &warp);
  bool checkAligned(const Warp &warp);
  /// Releases the barriers that all have reached.
  bool releaseBarriers(bool &progress);
  bool reportBarriers();
  const Site &siteOf(const Thread &thread) const { return code.sites[thread.state - 1]; }
  std::string where(const Thread &thread) const;

  const Code &code;
  const RunOptions &options;
  const std::vector<Memory::Range> &global;
  GlobalRaces *races;
  uint32_t number = 0; ///< Of the block that runs, in the grid.
  Memory::Range lastHit = {1, 0};
  SharedMemory sharedMemory;
  std::unique_ptr<TransactionCounter> counter; ///< Null: nothing is counted.
  std::vector<uint64_t> frames;
  std::vector<Thread *> threads;
  std::vector<Warp> warps;
  std::string message;
};

/// What translated code calls. An address is resolved to where its bytes are
/// in this process; null after a fault. `instruction` is an index.
extern "C" {
void *stasPtxGlobal(Thread *thread, uint64_t address, uint32_t bytes, uint32_t instruction, uint32_t access);
void *stasPtxShared(Thread *thread, uint64_t address, uint32_t bytes, uint32_t instruction, uint32_t access);
void *stasPtxParameter(Thread *thread, uint64_t address, uint32_t bytes, uint32_t instruction);
void *stasPtxLocal(Thread *thread, uint64_t address, uint32_t bytes, uint32_t instruction);
void *stasPtxGeneric(Thread *thread, uint64_t address, uint32_t bytes, uint32_t instruction, uint32_t access);
bool stasPtxCopyAsync(Thread *thread, uint64_t target, uint64_t source, uint32_t bytes, uint32_t sourceBytes,
                      uint32_t instruction);
void stasPtxCommit(Thread *thread);
/// Waits for all but the last `pending` groups; -1: for every copy.
bool stasPtxWait(Thread *thread, int32_t pending, uint32_t instruction);
void stasPtxTrap(Thread *thread, uint32_t instruction);
}

/// Generic addresses of shared and local memory start here: no address of this
/// process.
inline constexpr uint64_t kSharedWindow = uint64_t(0x7001) << 48;
inline constexpr uint64_t kLocalWindow = uint64_t(0x7002) << 48;
inline constexpr uint64_t kWindowBytes = uint64_t(1) << 24;

} // namespace ptx
} // namespace stas

#endif // STAS_TEST_LIB_PTX_EXECUTION_H
