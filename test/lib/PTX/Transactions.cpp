//===- Transactions.cpp - What accesses to memory cost --------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Transactions.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <tuple>

using namespace stas::ptx;

static constexpr uint64_t kBanks = 32, kBankBytes = 4, kSectorBytes = 32;

Transactions &Transactions::operator+=(const Transactions &other) {
  requests += other.requests;
  made += other.made;
  least += other.least;
  bytes += other.bytes;
  return *this;
}

bool TransactionReport::Place::operator<(const Place &other) const {
  return std::tie(kernel, line, memory, opcode) < std::tie(other.kernel, other.line, other.memory, other.opcode);
}

void TransactionReport::add(const Place &place, const Transactions &transactions) {
  std::lock_guard<std::mutex> lock(mutex);
  places[place] += transactions;
}

Transactions TransactionReport::sum(std::string_view memory, std::string_view opcode) const {
  std::lock_guard<std::mutex> lock(mutex);
  Transactions sum;
  for (const auto &[place, transactions] : places)
    if (place.memory == memory && place.opcode.compare(0, opcode.size(), opcode) == 0)
      sum += transactions;
  return sum;
}

std::string TransactionReport::table() const {
  std::lock_guard<std::mutex> lock(mutex);
  char line[512];
  auto row = [&](const char *kernel, const char *number, const char *opcode, const char *memory, auto... counts) {
    std::snprintf(line, sizeof line, "%-28s %5s  %-30s %-24s", kernel, number, opcode, memory);
    std::string text = line;
    for (const std::string &count : {std::string(counts)...}) {
      std::snprintf(line, sizeof line, " %12s", count.c_str());
      text += line;
    }
    return text + "\n";
  };
  std::string text = row("kernel", "line", "instruction", "memory", "requests", "transactions", "least", "bytes");
  for (const auto &[place, of] : places)
    text +=
        row(place.kernel.c_str(), std::to_string(place.line).c_str(), place.opcode.c_str(), place.memory.c_str(),
            std::to_string(of.requests), std::to_string(of.made), std::to_string(of.least), std::to_string(of.bytes));
  return text;
}

TransactionCounter::TransactionCounter(const Code &code, const Launch &launch, TransactionReport &report)
    : kernel(*code.kernel), report(report) {
  for (const Variable &parameter : kernel.parameters) {
    uint64_t address = 0;
    if (parameter.size == sizeof address) {
      std::memcpy(&address, launch.parameters.data() + parameter.offset, sizeof address);
      parameters[address] = parameter.name;
    }
  }
}

TransactionCounter::~TransactionCounter() {
  for (const auto &[where, transactions] : counted) {
    const Instruction &instruction = kernel.instructions[where.first];
    report.add({kernel.name, instruction.line, where.second, instruction.opcode}, transactions);
  }
}

void TransactionCounter::note(const Thread &thread, uint32_t instruction, bool isShared, uint64_t address,
                              uint32_t bytes) {
  Requests &of = requests[{instruction, isShared}];
  unsigned lane = thread.index % kLanes, turn = of.done[lane]++;
  if (turn == of.turns.size())
    of.turns.emplace_back();
  of.turns[turn].push_back({lane, address, bytes});
}

void TransactionCounter::finishRun() {
  for (const auto &[where, of] : requests)
    for (const Request &request : of.turns) {
      auto [instruction, isShared] = where;
      counted[{instruction, isShared ? "shared" : memoryAt(request.front().address)}] +=
          isShared ? ofShared(request) : ofGlobal(request);
    }
  requests.clear();
}

/// The parameter that points to an address or the least before it.
std::string TransactionCounter::memoryAt(uint64_t address) const {
  auto after = parameters.upper_bound(address);
  return after == parameters.begin() ? "global" : std::prev(after)->second;
}

/// How many are different.
static uint64_t sortOut(std::vector<uint64_t> &values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values.size();
}

/// Accesses of an instruction are aligned to their size, so that no two have some of their bytes in common.
uint64_t TransactionCounter::bytesOf(const Request &request) {
  std::vector<uint64_t> addresses;
  for (const Access &access : request)
    addresses.push_back(access.address);
  return sortOut(addresses) * request.front().bytes;
}

Transactions TransactionCounter::ofShared(const Request &request) {
  // Lanes that are served together, by the bytes of one.
  unsigned together = kLanes;
  for (uint64_t bytes = request.front().bytes; bytes > kBankBytes; bytes /= 2)
    together /= 2;
  std::vector<uint64_t> words[kLanes]; // of such lanes
  for (const Access &access : request)
    for (uint64_t at = access.address; at < access.address + access.bytes; at += kBankBytes)
      words[access.lane / together].push_back(at / kBankBytes);
  Transactions result = {1, 0, 0, bytesOf(request)};
  for (std::vector<uint64_t> &wanted : words) {
    uint64_t inBank[kBanks] = {};
    result.least += sortOut(wanted) > 0;
    for (uint64_t word : wanted)
      ++inBank[word % kBanks];
    result.made += *std::max_element(inBank, inBank + kBanks);
  }
  return result;
}

Transactions TransactionCounter::ofGlobal(const Request &request) {
  std::vector<uint64_t> sectors;
  for (const Access &access : request)
    sectors.push_back(access.address / kSectorBytes); // which 16 aligned bytes do not leave
  uint64_t bytes = bytesOf(request);
  return {1, sortOut(sectors), (bytes + kSectorBytes - 1) / kSectorBytes, bytes};
}
