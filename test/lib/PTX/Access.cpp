//===- Access.cpp - Accesses to memory, checked ---------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Execution.h"

#include <cstdio>

using namespace stas::ptx;

static std::string bytesAt(uint64_t bytes, uint64_t address) {
  char text[32];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(address));
  return std::to_string(bytes) + " bytes at " + text;
}

static const char kNoAllocation[] = " are in no allocation of global memory";

static bool isAligned(Thread *thread, uint64_t address, uint32_t bytes, uint32_t instruction) {
  return address % bytes == 0 ||
         thread->block->fault(*thread, instruction, bytesAt(bytes, address) + " are not aligned to their size");
}

void *stas::ptx::stasPtxGlobal(Thread *thread, uint64_t address, uint32_t bytes, uint32_t instruction,
                               uint32_t access) {
  if (!isAligned(thread, address, bytes, instruction))
    return nullptr;
  if (!thread->block->hasGlobal(address, bytes)) {
    thread->block->fault(*thread, instruction, bytesAt(bytes, address) + kNoAllocation);
    return nullptr;
  }
  std::string race = thread->block->accessGlobal(*thread, address, bytes, static_cast<Access>(access));
  if (!race.empty()) {
    thread->block->fault(*thread, instruction, race);
    return nullptr;
  }
  thread->block->countAccess(*thread, instruction, /*isShared=*/false, address, bytes);
  return reinterpret_cast<void *>(address);
}

void *stas::ptx::stasPtxShared(Thread *thread, uint64_t address, uint32_t bytes, uint32_t instruction,
                               uint32_t access) {
  if (!isAligned(thread, address, bytes, instruction))
    return nullptr;
  SharedMemory &shared = thread->block->shared();
  if (address > shared.size() || bytes > shared.size() - address) {
    thread->block->fault(*thread, instruction,
                         bytesAt(bytes, address) + " are outside of shared memory, which has " +
                             std::to_string(shared.size()));
    return nullptr;
  }
  std::string race = shared.access(thread->index, address, bytes, static_cast<Access>(access));
  if (!race.empty()) {
    thread->block->fault(*thread, instruction, race);
    return nullptr;
  }
  thread->block->countAccess(*thread, instruction, /*isShared=*/true, address, bytes);
  return shared.at(address);
}

void *stas::ptx::stasPtxParameter(Thread *thread, uint64_t address, uint32_t bytes, uint32_t instruction) {
  uint64_t size = thread->block->parameterBytes();
  if (!isAligned(thread, address, bytes, instruction))
    return nullptr;
  if (address > size || bytes > size - address) {
    thread->block->fault(*thread, instruction,
                         bytesAt(bytes, address) + " are outside of the parameters, which have " +
                             std::to_string(size));
    return nullptr;
  }
  return const_cast<uint8_t *>(thread->parameters) + address;
}

void *stas::ptx::stasPtxLocal(Thread *thread, uint64_t address, uint32_t bytes, uint32_t instruction) {
  uint64_t size = thread->block->localBytes();
  if (!isAligned(thread, address, bytes, instruction))
    return nullptr;
  if (address > size || bytes > size - address) {
    thread->block->fault(*thread, instruction,
                         bytesAt(bytes, address) + " are outside of local memory, which has " + std::to_string(size));
    return nullptr;
  }
  return thread->block->local(*thread) + address;
}

void *stas::ptx::stasPtxGeneric(Thread *thread, uint64_t address, uint32_t bytes, uint32_t instruction,
                                uint32_t access) {
  if (address - kSharedWindow < kWindowBytes)
    return stasPtxShared(thread, address - kSharedWindow, bytes, instruction, access);
  if (address - kLocalWindow < kWindowBytes)
    return stasPtxLocal(thread, address - kLocalWindow, bytes, instruction);
  return stasPtxGlobal(thread, address, bytes, instruction, access);
}

bool stas::ptx::stasPtxCopyAsync(Thread *thread, uint64_t target, uint64_t source, uint32_t bytes, uint32_t sourceBytes,
                                 uint32_t instruction) {
  Block &block = *thread->block;
  if (sourceBytes > bytes)
    return block.fault(*thread, instruction,
                       "required at most " + std::to_string(bytes) + " bytes to copy, found " +
                           std::to_string(sourceBytes));
  if (!isAligned(thread, target, bytes, instruction) || !isAligned(thread, source, bytes, instruction))
    return false;
  if (sourceBytes > 0 && !block.hasGlobal(source, sourceBytes))
    return block.fault(*thread, instruction, bytesAt(sourceBytes, source) + kNoAllocation);
  if (std::string race = block.accessGlobal(*thread, source, sourceBytes, Access::Read); !race.empty())
    return block.fault(*thread, instruction, race);
  SharedMemory &shared = block.shared();
  if (target > shared.size() || bytes > shared.size() - target)
    return block.fault(*thread, instruction,
                       bytesAt(bytes, target) + " are outside of shared memory, which has " +
                           std::to_string(shared.size()));
  std::string race =
      shared.startCopy(thread->index, target, reinterpret_cast<const uint8_t *>(source), sourceBytes, bytes);
  if (!race.empty())
    return block.fault(*thread, instruction, race);
  block.countAccess(*thread, instruction, /*isShared=*/true, target, bytes);
  if (sourceBytes > 0)
    block.countAccess(*thread, instruction, /*isShared=*/false, source, sourceBytes);
  return true;
}

void stas::ptx::stasPtxCommit(Thread *thread) { thread->block->shared().commit(thread->index); }

bool stas::ptx::stasPtxWait(Thread *thread, int32_t pending, uint32_t instruction) {
  std::string race = thread->block->shared().wait(thread->index, pending);
  return race.empty() || thread->block->fault(*thread, instruction, race);
}

void stas::ptx::stasPtxTrap(Thread *thread, uint32_t instruction) {
  thread->block->fault(*thread, instruction, "the kernel gave up");
}
