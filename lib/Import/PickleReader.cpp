//===- PickleReader.cpp - The pickle machine, without its calls -------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PickleReader.h"

#include "llvm/Support/FormatVariadic.h"

using namespace stas::import;
using llvm::StringRef;
using Kind = PickleNode::Kind;

bool PickleReader::fail(const llvm::Twine &found) {
  if (error.empty())
    error = llvm::formatv("pickle offset {0}, opcode {1:x}: ", opPos, opPos < bytes.size() ? uint8_t(bytes[opPos]) : 0)
                .str() +
            found.str();
  return false;
}

bool PickleReader::take(uint64_t n, StringRef &out) {
  if (n > bytes.size() - pos)
    return fail("the data end in the middle of a value");
  out = bytes.substr(pos, n);
  pos += n;
  return true;
}

bool PickleReader::takeLine(StringRef &out) {
  size_t end = bytes.find('\n', pos);
  if (end == StringRef::npos)
    return fail("the data end in the middle of a line");
  out = bytes.slice(pos, end);
  pos = end + 1;
  return true;
}

PickleRef PickleReader::make(Kind kind) {
  if (graph->nodes.size() >= limits.nodes) {
    fail("more than " + llvm::Twine(limits.nodes) + " values");
    return kNoPickleRef;
  }
  graph->nodes.emplace_back();
  graph->nodes.back().kind = kind;
  return graph->nodes.size() - 1;
}

bool PickleReader::push(PickleRef ref) {
  if (ref == kNoPickleRef)
    return false;
  if (stack.size() >= limits.stack)
    return fail("a stack of more than " + llvm::Twine(limits.stack));
  stack.push_back(ref);
  return true;
}

bool PickleReader::pushNew(Kind kind, PickleRef &ref) {
  ref = make(kind);
  return push(ref);
}

bool PickleReader::pushText(Kind kind, StringRef text) {
  PickleRef ref;
  if (!pushNew(kind, ref))
    return false;
  graph->nodes[ref].text = text;
  return true;
}

bool PickleReader::pushInt(int64_t value, Kind kind) {
  PickleRef ref;
  if (!pushNew(kind, ref))
    return false;
  graph->nodes[ref].integer = value;
  return true;
}

bool PickleReader::pop(PickleRef &ref) {
  // Values below the last mark belong to the container under construction.
  if (!top(ref))
    return false;
  stack.pop_back();
  return true;
}

bool PickleReader::top(PickleRef &ref) {
  if (stack.size() <= (marks.empty() ? 0 : marks.back()))
    return fail("an empty stack");
  ref = stack.back();
  return true;
}

bool PickleReader::popToMark(std::vector<PickleRef> &items) {
  if (marks.empty())
    return fail("no mark on the stack");
  items.assign(stack.begin() + marks.back(), stack.end());
  stack.resize(marks.back());
  marks.pop_back();
  return true;
}

bool PickleReader::setItems(PickleRef target, llvm::ArrayRef<PickleRef> pairs) {
  PickleNode &node = graph->nodes[target];
  if (node.kind != Kind::Dict && node.kind != Kind::Object)
    return fail("items set on " + graph->describe(target));
  if (pairs.size() % 2)
    return fail("a key without a value");
  node.items.insert(node.items.end(), pairs.begin(), pairs.end());
  return true;
}

bool PickleReader::append(PickleRef target, llvm::ArrayRef<PickleRef> values) {
  PickleNode &node = graph->nodes[target];
  // What a foreign container (a deque, say) would hold is of no use here.
  if (node.kind == Kind::Object)
    return true;
  if (node.kind != Kind::List && node.kind != Kind::Set)
    return fail("elements appended to " + graph->describe(target));
  node.items.insert(node.items.end(), values.begin(), values.end());
  return true;
}

bool PickleReader::call(PickleRef callable, PickleRef args) {
  PickleRef ref;
  if (!pushNew(Kind::Object, ref))
    return false;
  graph->nodes[ref].callable = callable;
  graph->nodes[ref].args = args;
  return true;
}

bool PickleReader::memoGet(uint64_t key) {
  auto it = memo.find(key);
  if (it == memo.end())
    return fail("memo entry " + llvm::Twine(key) + ", which was never stored");
  return push(it->second);
}

bool PickleReader::memoPut(uint64_t key) {
  PickleRef ref;
  if (!top(ref))
    return false;
  if (memo.size() >= limits.nodes)
    return fail("a memo of more than " + llvm::Twine(limits.nodes));
  memo[key] = ref;
  return true;
}

llvm::Expected<std::unique_ptr<PickleGraph>> PickleReader::run(size_t &consumed) {
  for (;;) {
    opPos = pos;
    if (pos >= bytes.size()) {
      fail("the data end before the pickle does");
      break;
    }
    uint8_t op = bytes[pos++];
    if (op == '.') {
      if (!marks.empty() || stack.size() != 1) {
        fail("an end with " + llvm::Twine(stack.size()) + " values on the stack");
        break;
      }
      graph->rootRef = stack.back();
      consumed = pos;
      return std::move(graph);
    }
    if (!stepValue(op))
      break;
  }
  return llvm::createStringError(llvm::inconvertibleErrorCode(), error);
}

llvm::Expected<std::unique_ptr<PickleGraph>> stas::import::readPickle(StringRef bytes, size_t &consumed,
                                                                      PickleLimits limits) {
  return PickleReader(bytes, limits).run(consumed);
}
