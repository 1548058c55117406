//===- PickleOpcodes.cpp - What each opcode does ----------------------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PickleReader.h"
#include "PickleText.h"

#include "llvm/ADT/StringExtras.h"

using namespace stas::import;
using llvm::StringRef;
using Kind = PickleNode::Kind;

/// Numbers, strings and constants. The groups of opcodes are a chain: each
/// hands what is not its own to the next, and the last one refuses it.
bool PickleReader::stepValue(uint8_t op) {
  StringRef text;
  uint8_t n1;
  uint16_t n2;
  uint32_t n4;
  uint64_t n8;
  PickleRef ref;
  switch (op) {
  case 'N':
    return pushNew(Kind::None, ref);
  case 0x88: // NEWTRUE
  case 0x89: // NEWFALSE
    return pushInt(op == 0x88, Kind::Bool);
  case 'J': // BININT
    return takeInt(n4) && pushInt(int32_t(n4));
  case 'K': // BININT1
    return takeInt(n1) && pushInt(n1);
  case 'M': // BININT2
    return takeInt(n2) && pushInt(n2);
  case 'I': // INT, and the booleans of protocol 0
  case 'L': // LONG
  {
    if (!takeLine(text))
      return false;
    if (op == 'I' && (text == "00" || text == "01"))
      return pushInt(text == "01", Kind::Bool);
    if (op == 'L')
      text.consume_back("L");
    int64_t value;
    if (!text.trim().getAsInteger(10, value))
      return pushInt(value);
    return pushText(Kind::BigInt, text);
  }
  case 0x8a: // LONG1
  case 0x8b: // LONG4
  {
    if (op == 0x8a ? !takeInt(n1) : !takeInt(n4))
      return false;
    if (!take(op == 0x8a ? n1 : n4, text))
      return false;
    if (text.size() > 8)
      return pushText(Kind::BigInt, text);
    uint64_t value = 0;
    for (size_t i = 0; i < text.size(); ++i)
      value |= uint64_t(uint8_t(text[i])) << (8 * i);
    unsigned unused = 64 - 8 * text.size();
    // The sign bit of a short value is its own top bit.
    return pushInt(text.empty() ? 0 : int64_t(value << unused) >> unused);
  }
  case 'F': // FLOAT
  {
    double value;
    if (!takeLine(text))
      return false;
    if (text.trim().getAsDouble(value))
      return fail("a number that is none");
    if (!pushNew(Kind::Float, ref))
      return false;
    graph->nodes[ref].real = value;
    return true;
  }
  case 'G': // BINFLOAT, big endian
  {
    if (!take(8, text) || !pushNew(Kind::Float, ref))
      return false;
    n8 = llvm::support::endian::read64be(text.data());
    memcpy(&graph->nodes[ref].real, &n8, 8);
    return true;
  }
  case 'S': // STRING: a quoted Python literal
  case 'V': // UNICODE: raw-unicode-escape
  {
    if (!takeLine(text))
      return false;
    auto decoded = op == 'S' ? decodeQuoted(text, graph->strings) : decodeRawUnicode(text, graph->strings);
    if (!decoded)
      return fail("a string that is none");
    return pushText(Kind::String, *decoded);
  }
  case 'T': // BINSTRING
    return takeInt(n4) && take(n4, text) && pushText(Kind::String, text);
  case 'U': // SHORT_BINSTRING
    return takeInt(n1) && take(n1, text) && pushText(Kind::String, text);
  case 'X': // BINUNICODE
    return takeInt(n4) && take(n4, text) && pushText(Kind::String, text);
  case 0x8c: // SHORT_BINUNICODE
    return takeInt(n1) && take(n1, text) && pushText(Kind::String, text);
  case 0x8d: // BINUNICODE8
    return takeInt(n8) && take(n8, text) && pushText(Kind::String, text);
  case 'B': // BINBYTES
    return takeInt(n4) && take(n4, text) && pushText(Kind::Bytes, text);
  case 'C': // SHORT_BINBYTES
    return takeInt(n1) && take(n1, text) && pushText(Kind::Bytes, text);
  case 0x8e: // BINBYTES8
  case 0x96: // BYTEARRAY8
    return takeInt(n8) && take(n8, text) && pushText(Kind::Bytes, text);
  default:
    return stepContainer(op);
  }
}

/// Tuples, lists, dicts and sets.
bool PickleReader::stepContainer(uint8_t op) {
  std::vector<PickleRef> items;
  PickleRef ref, key, value;
  switch (op) {
  case ')':
    return pushNew(Kind::Tuple, ref);
  case ']':
    return pushNew(Kind::List, ref);
  case '}':
    return pushNew(Kind::Dict, ref);
  case 0x8f: // EMPTY_SET
    return pushNew(Kind::Set, ref);
  case 't':  // TUPLE
  case 'l':  // LIST
  case 0x91: // FROZENSET
  case 'd':  // DICT
  {
    if (!popToMark(items))
      return false;
    if (op == 'd')
      return pushNew(Kind::Dict, ref) && setItems(ref, items);
    if (!pushNew(op == 't' ? Kind::Tuple : op == 'l' ? Kind::List : Kind::Set, ref))
      return false;
    graph->nodes[ref].items = std::move(items);
    return true;
  }
  case 0x85: // TUPLE1
  case 0x86: // TUPLE2
  case 0x87: // TUPLE3
    items.resize(op - 0x84);
    for (PickleRef &item : llvm::reverse(items))
      if (!pop(item))
        return false;
    if (!pushNew(Kind::Tuple, ref))
      return false;
    graph->nodes[ref].items = std::move(items);
    return true;
  case 'a': // APPEND
    return pop(value) && top(ref) && append(ref, value);
  case 'e':  // APPENDS
  case 0x90: // ADDITEMS
    return popToMark(items) && top(ref) && append(ref, items);
  case 's': // SETITEM
    return pop(value) && pop(key) && top(ref) && setItems(ref, {key, value});
  case 'u': // SETITEMS
    return popToMark(items) && top(ref) && setItems(ref, items);
  default:
    return stepCall(op);
  }
}

/// Everything that names or would call Python code. Nothing is called.
bool PickleReader::stepCall(uint8_t op) {
  std::vector<PickleRef> items;
  StringRef module, name;
  PickleRef ref, callable, args, state;
  switch (op) {
  case 'c':  // GLOBAL
  case 'i':  // INST: GLOBAL and OBJ in one
  case 0x93: // STACK_GLOBAL
  {
    if (op == 'i' && !popToMark(items))
      return false;
    if (op != 0x93) {
      if (!takeLine(module) || !takeLine(name))
        return false;
    } else {
      if (!pop(ref) || !pop(callable))
        return false;
      if (graph->nodes[ref].kind != Kind::String || graph->nodes[callable].kind != Kind::String)
        return fail("a global whose name is " + graph->describe(ref));
      name = graph->nodes[ref].text;
      module = graph->nodes[callable].text;
    }
    if (!pushNew(Kind::Global, callable))
      return false;
    graph->nodes[callable].module = module;
    graph->nodes[callable].text = name;
    if (op != 'i')
      return true;
    if (!pop(callable) || (args = make(Kind::Tuple)) == kNoPickleRef)
      return false;
    graph->nodes[args].items = std::move(items);
    return call(callable, args);
  }
  case 'R':  // REDUCE
  case 0x81: // NEWOBJ
    return pop(args) && pop(callable) && call(callable, args);
  case 0x92: // NEWOBJ_EX: keyword arguments are dropped with the call
    return pop(state) && pop(args) && pop(callable) && call(callable, args);
  case 'o': // OBJ
    if (!popToMark(items))
      return false;
    if (items.empty())
      return fail("an object without a class");
    callable = items.front();
    items.erase(items.begin());
    if ((args = make(Kind::Tuple)) == kNoPickleRef)
      return false;
    graph->nodes[args].items = std::move(items);
    return call(callable, args);
  case 'b': // BUILD
    if (!pop(state) || !top(ref))
      return false;
    if (graph->nodes[ref].kind == Kind::Object)
      graph->nodes[ref].state = state;
    return true;
  case 'Q': // BINPERSID
    if (!pop(args) || !pushNew(Kind::PersistentId, ref))
      return false;
    graph->nodes[ref].items.push_back(args);
    return true;
  case 'P': // PERSID: the id is a line of text
    if (!takeLine(name) || (args = make(Kind::String)) == kNoPickleRef || !pushNew(Kind::PersistentId, ref))
      return false;
    graph->nodes[args].text = name;
    graph->nodes[ref].items.push_back(args);
    return true;
  case 0x82: // EXT1
  case 0x83: // EXT2
  case 0x84: // EXT4
    return fail("an extension code, whose meaning is not in the file");
  case 0x97: // NEXT_BUFFER
  case 0x98: // READONLY_BUFFER
    return fail("a buffer kept outside the file");
  default:
    return stepMemo(op);
  }
}

/// The memo and the bare stack.
bool PickleReader::stepMemo(uint8_t op) {
  std::vector<PickleRef> items;
  StringRef text;
  PickleRef ref;
  uint8_t n1;
  uint32_t n4;
  uint64_t n8;
  switch (op) {
  case '(':
    if (marks.size() >= limits.marks)
      return fail("more than " + llvm::Twine(limits.marks) + " nested containers");
    marks.push_back(stack.size());
    return true;
  case '0': // POP, which also removes a mark
    if (!marks.empty() && marks.back() == stack.size()) {
      marks.pop_back();
      return true;
    }
    return pop(ref);
  case '1': // POP_MARK
    return popToMark(items);
  case '2': // DUP
    return top(ref) && push(ref);
  case 'g': // GET
  case 'p': // PUT
    if (!takeLine(text))
      return false;
    if (text.getAsInteger(10, n8) || n8 > UINT32_MAX)
      return fail("a memo entry that is no 32-bit number");
    return op == 'g' ? memoGet(n8) : memoPut(n8);
  case 'h': // BINGET
    return takeInt(n1) && memoGet(n1);
  case 'j': // LONG_BINGET
    return takeInt(n4) && memoGet(n4);
  case 'q': // BINPUT
    return takeInt(n1) && memoPut(n1);
  case 'r': // LONG_BINPUT
    return takeInt(n4) && memoPut(n4);
  case 0x94: // MEMOIZE
    return memoPut(memo.size());
  case 0x80: // PROTO
    if (!takeInt(n1))
      return false;
    return n1 <= 5 || fail("protocol " + llvm::Twine(unsigned(n1)));
  case 0x95: // FRAME: only a hint for readers of streams
    return takeInt(n8);
  default:
    return fail("an unknown opcode");
  }
}
