//===- PickleWriter.h - Pickles for tests, opcode by opcode ---------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_IMPORT_PICKLEWRITER_H
#define STAS_TEST_UNIT_IMPORT_PICKLEWRITER_H

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace stas::test {

/// Little-endian bytes of `value`.
template <typename T> std::string bytesOf(T value) {
  std::string out(sizeof(T), '\0');
  std::memcpy(out.data(), &value, sizeof(T));
  return out;
}

/// Appends opcodes; every function returns the writer.
class PickleWriter {
public:
  std::string bytes;

  PickleWriter &raw(const std::string &op) {
    bytes += op;
    return *this;
  }
  PickleWriter &proto(char version = 2) { return raw(std::string("\x80") + version); }
  PickleWriter &mark() { return raw("("); }
  PickleWriter &none() { return raw("N"); }
  PickleWriter &integer(int32_t value) { return raw("J" + bytesOf(value)); }
  PickleWriter &text(const std::string &value) { return raw("X" + bytesOf(uint32_t(value.size())) + value); }
  PickleWriter &global(const std::string &module, const std::string &name) {
    return raw("c" + module + "\n" + name + "\n");
  }
  PickleWriter &tuple() { return raw("t"); }
  PickleWriter &emptyTuple() { return raw(")"); }
  PickleWriter &emptyDict() { return raw("}"); }
  PickleWriter &emptyList() { return raw("]"); }
  PickleWriter &reduce() { return raw("R"); }
  PickleWriter &setItems() { return raw("u"); }
  PickleWriter &stop() { return raw("."); }

  PickleWriter &integers(const std::vector<int32_t> &values) {
    mark();
    for (int32_t value : values)
      integer(value);
    return tuple();
  }
  /// ('storage', torch.TYPE, KEY, 'cpu', COUNT) as a persistent id.
  PickleWriter &storage(const std::string &type, const std::string &key, int32_t count) {
    mark().text("storage").global("torch", type).text(key).text("cpu").integer(count);
    return tuple().raw("Q");
  }
  /// A call of torch._utils._rebuild_tensor_v2.
  PickleWriter &tensor(const std::string &type, const std::string &key, int32_t count, int32_t offset,
                       const std::vector<int32_t> &shape, const std::vector<int32_t> &strides) {
    global("torch._utils", "_rebuild_tensor_v2").mark().storage(type, key, count).integer(offset);
    integers(shape).integers(strides).raw("\x89");
    return global("collections", "OrderedDict").emptyTuple().reduce().tuple().reduce();
  }
};

} // namespace stas::test

#endif // STAS_TEST_UNIT_IMPORT_PICKLEWRITER_H
