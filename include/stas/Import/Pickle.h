//===- Pickle.h - A reader of pickles that runs nothing -------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pickle is a program for a small stack machine, and three of its opcodes
// (REDUCE, NEWOBJ, OBJ) call any function of any Python module. Here they only
// write down what would have been called: the result of reading is a graph of
// values, in which a call is a node like any other. What a node means (a
// tensor, an ordered dict) is decided by the reader of the graph, which knows a
// short list of names; see TorchObjects.h.
//
// The input is hostile: the reader is iterative, every read is bounds-checked,
// and nodes, stack, marks and memo have caps.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_IMPORT_PICKLE_H
#define STAS_IMPORT_PICKLE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <deque>
#include <vector>

namespace stas::import {

/// A node of a PickleGraph. Shared and cyclic references are ordinary, as in
/// Python.
using PickleRef = uint32_t;
constexpr PickleRef kNoPickleRef = ~PickleRef(0);

struct PickleNode {
  enum class Kind : uint8_t {
    None,
    Bool,         // integer
    Int,          // integer
    BigInt,       // text: two's complement, little endian
    Float,        // real
    String,       // text: UTF-8 as stored, not checked
    Bytes,        // text
    Tuple,        // items
    List,         // items
    Dict,         // items: key, value, key, value, ...
    Set,          // items
    Global,       // module, text: the name of a class or function
    Object,       // a call that was not made: callable, args, state, items
    PersistentId, // items[0]: the id
  };

  Kind kind = Kind::None;
  int64_t integer = 0;
  double real = 0;
  llvm::StringRef module;
  llvm::StringRef text;
  std::vector<PickleRef> items;
  /// Object only: what would be called, with what, and what BUILD would then
  /// set. An Object keeps as `items` the pairs that SETITEMS would store.
  PickleRef callable = kNoPickleRef;
  PickleRef args = kNoPickleRef;
  PickleRef state = kNoPickleRef;
};

struct PickleLimits {
  size_t nodes = 2'000'000;
  size_t stack = 4'000'000;
  size_t marks = 10'000;
};

class PickleGraph {
public:
  const PickleNode &operator[](PickleRef ref) const { return nodes[ref]; }
  PickleRef root() const { return rootRef; }
  size_t size() const { return nodes.size(); }

  /// "module.name" of a Global, or of what an Object would call; empty if the
  /// node is neither.
  std::string dottedName(PickleRef ref) const;
  /// What the node is, for a message: "a dict of 3 entries", "a call of
  /// posix.system".
  std::string describe(PickleRef ref) const;

private:
  friend class PickleReader;
  std::deque<PickleNode> nodes;
  PickleRef rootRef = kNoPickleRef;
  /// Holds the strings that had escapes; all others point into the input.
  llvm::BumpPtrAllocator strings;
};

/// Reads the pickle at the start of `bytes`, protocols 0 to 5. On success
/// `consumed` is the number of bytes up to and including STOP. The graph points
/// into `bytes`, which must outlive it. Errors name the byte offset and opcode.
llvm::Expected<std::unique_ptr<PickleGraph>> readPickle(llvm::StringRef bytes, size_t &consumed,
                                                        PickleLimits limits = {});

} // namespace stas::import

#endif // STAS_IMPORT_PICKLE_H
