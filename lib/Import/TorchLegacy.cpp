//===- TorchLegacy.cpp - torch.save files before PyTorch 1.6 --------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Five pickles in a row (magic number, protocol version, what machine wrote it,
// the object, the keys of the storages), then the storages in the order of the
// keys: an element count of 64 bits and the elements. Element sizes are only in
// the object's pickle, so that a file can be walked only with it in hand.
//
//===----------------------------------------------------------------------===//

#include "Formats.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Endian.h"

using namespace stas::import;
using llvm::StringRef;
using Kind = PickleNode::Kind;

static constexpr llvm::StringLiteral kMagic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8"
                                            "\x50\x19");

namespace {
class LegacyFile {
public:
  LegacyFile(Checkpoint &checkpoint, Report &report)
      : checkpoint(checkpoint), report(report), rest(checkpoint.file->getBuffer()) {}

  bool read(const CheckpointOptions &options);

private:
  bool refuse(const llvm::Twine &required, const llvm::Twine &found,
              const llvm::Twine &action = "copy or download the file again") {
    report.problem(checkpoint.path, "", required, found, action);
    return false;
  }
  /// The next pickle, or null after reporting.
  std::unique_ptr<PickleGraph> next(const char *what);
  bool checkMachine(const PickleGraph &info);
  bool placeStorages(const PickleGraph &object, const PickleGraph &keys);

  Checkpoint &checkpoint;
  Report &report;
  StringRef rest;
  llvm::StringMap<StorageExtent> storages;
};
} // namespace

std::unique_ptr<PickleGraph> LegacyFile::next(const char *what) {
  size_t consumed = 0;
  auto graph = readPickle(rest, consumed);
  if (!graph) {
    refuse(llvm::Twine("a readable ") + what, toString(graph.takeError()));
    return nullptr;
  }
  rest = rest.drop_front(consumed);
  return std::move(*graph);
}

bool LegacyFile::checkMachine(const PickleGraph &info) {
  TorchObjects objects(info);
  PickleRef little = objects.lookup(info.root(), "little_endian");
  if (little == kNoPickleRef || info[little].kind != Kind::Bool)
    return refuse("a torch.save header", info.describe(info.root()));
  return info[little].integer ||
         refuse("little-endian data", "big-endian data", "load and save the file again on a little-endian machine");
}

/// The element size of each storage key, from the persistent ids.
static llvm::StringMap<unsigned> elementSizes(const PickleGraph &graph) {
  llvm::StringMap<unsigned> sizes;
  TorchObjects objects(graph);
  for (PickleRef ref = 0; ref < graph.size(); ++ref) {
    if (graph[ref].kind != Kind::PersistentId)
      continue;
    llvm::Expected<StorageId> id = objects.storage(ref);
    if (!id)
      consumeError(id.takeError());
    else
      sizes[id->key] = id->dtype ? byteSize(*id->dtype) : 1;
  }
  return sizes;
}

bool LegacyFile::placeStorages(const PickleGraph &object, const PickleGraph &keys) {
  if (keys[keys.root()].kind != Kind::List)
    return refuse("a list of storages", keys.describe(keys.root()));
  llvm::StringMap<unsigned> sizes = elementSizes(object);
  uint64_t pos = checkpoint.file->getBufferSize() - rest.size();
  for (PickleRef ref : keys[keys.root()].items) {
    StringRef key = keys[ref].text;
    auto size = sizes.find(key);
    if (keys[ref].kind != Kind::String || size == sizes.end())
      return refuse("storages that the file's tensors use", keys.describe(ref));
    if (rest.size() < 8)
      return refuse("a whole torch.save file", "an end before the storage " + printable(key));
    uint64_t count = llvm::support::endian::read64le(rest.data()), bytes;
    rest = rest.drop_front(8);
    if (__builtin_mul_overflow(count, size->second, &bytes) || bytes > rest.size())
      return refuse("a whole torch.save file", "an end inside the storage " + printable(key));
    pos += 8;
    storages[key] = {pos, pos + bytes};
    pos += bytes;
    rest = rest.drop_front(bytes);
  }
  return true;
}

bool LegacyFile::read(const CheckpointOptions &options) {
  auto magic = next("magic number");
  if (!magic)
    return false;
  const PickleNode &number = (*magic)[magic->root()];
  if (number.kind != Kind::BigInt || number.text != kMagic)
    return refuse("a torch.save file", "a pickle of " + magic->describe(magic->root()),
                  "give a file written by torch.save");
  auto protocol = next("protocol version");
  if (!protocol)
    return false;
  const PickleNode &version = (*protocol)[protocol->root()];
  if (version.kind != Kind::Int || version.integer != 1001)
    return refuse("torch.save protocol 1001", protocol->describe(protocol->root()));
  auto machine = next("header");
  if (!machine || !checkMachine(*machine))
    return false;
  auto object = next("object");
  if (!object)
    return false;
  auto keys = next("list of storages");
  if (!keys || !placeStorages(*object, *keys))
    return false;

  auto resolve = [&](const StorageId &id) -> llvm::Expected<StorageExtent> {
    auto it = storages.find(id.key);
    if (it == storages.end())
      return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                     "a tensor whose data are missing: no storage " + printable(id.key));
    return it->second;
  };
  return readTorchRoot(*object, resolve, checkpoint, options, report);
}

bool stas::import::readTorchLegacy(Checkpoint &checkpoint, const CheckpointOptions &options, Report &report) {
  checkpoint.format = "torch legacy";
  return LegacyFile(checkpoint, report).read(options);
}
