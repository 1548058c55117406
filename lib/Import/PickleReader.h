//===- PickleReader.h - The state of the pickle machine -------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_IMPORT_PICKLEREADER_H
#define STAS_LIB_IMPORT_PICKLEREADER_H

#include "stas/Import/Pickle.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Endian.h"

namespace stas::import {

/// One run over one pickle. Every step returns false once `error` is set; the
/// first error wins.
class PickleReader {
public:
  PickleReader(llvm::StringRef bytes, PickleLimits limits)
      : bytes(bytes), limits(limits), graph(std::make_unique<PickleGraph>()) {}

  llvm::Expected<std::unique_ptr<PickleGraph>> run(size_t &consumed);

private:
  bool stepValue(uint8_t op);
  bool stepContainer(uint8_t op);
  bool stepCall(uint8_t op);
  bool stepMemo(uint8_t op);

  // Input. Each reads past `pos`, or fails.
  bool take(uint64_t n, llvm::StringRef &out);
  bool takeLine(llvm::StringRef &out);
  template <typename T> bool takeInt(T &out) {
    llvm::StringRef raw;
    if (!take(sizeof(T), raw))
      return false;
    out = llvm::support::endian::read<T, llvm::endianness::little>(raw.data());
    return true;
  }

  // Stack.
  PickleRef make(PickleNode::Kind kind);
  bool push(PickleRef ref);
  bool pushNew(PickleNode::Kind kind, PickleRef &ref);
  bool pushText(PickleNode::Kind kind, llvm::StringRef text);
  bool pushInt(int64_t value, PickleNode::Kind kind = PickleNode::Kind::Int);
  bool pop(PickleRef &ref);
  bool top(PickleRef &ref);
  bool popToMark(std::vector<PickleRef> &items);

  bool setItems(PickleRef target, llvm::ArrayRef<PickleRef> pairs);
  bool append(PickleRef target, llvm::ArrayRef<PickleRef> values);
  bool call(PickleRef callable, PickleRef args);
  bool memoGet(uint64_t key);
  bool memoPut(uint64_t key);
  /// `found` completes "pickle offset N, opcode 0xNN: ".
  bool fail(const llvm::Twine &found);

  llvm::StringRef bytes;
  PickleLimits limits;
  std::unique_ptr<PickleGraph> graph;
  size_t pos = 0;
  size_t opPos = 0;
  std::vector<PickleRef> stack;
  std::vector<size_t> marks;
  llvm::DenseMap<uint64_t, PickleRef> memo;
  std::string error;
};

} // namespace stas::import

#endif // STAS_LIB_IMPORT_PICKLEREADER_H
