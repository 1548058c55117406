//===- SpikeFiles.cpp - Spikes written to and read from folders -----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Interpreter/SpikeFiles.h"
#include "stas/Support/Text.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace stas;

namespace {

std::string pathIn(StringRef folder, StringRef name) {
  SmallString<128> path(folder);
  llvm::sys::path::append(path, name + ".npy");
  return std::string(path);
}

template <typename T> constexpr NpyType npyTypeOf() {
  if constexpr (std::is_same_v<T, float>)
    return NpyType::F32;
  else if constexpr (std::is_same_v<T, int64_t>)
    return NpyType::I64;
  else
    return std::is_same_v<T, int32_t> ? NpyType::I32 : NpyType::U8;
}

LogicalResult makeFolder(Operation *op, const std::string &folder) {
  if (std::error_code error = llvm::sys::fs::create_directories(folder))
    return op->emitError("cannot make the folder ") << folder << ": " << error.message();
  return success();
}

} // namespace

Status stas::writeNpy(const std::string &path, const Tensor &tensor) {
  return tensor.visit([&](auto values) {
    using T = typename decltype(values)::value_type;
    return writeNpy(path, npyTypeOf<T>(), std::vector<int64_t>(tensor.shape()), values.data());
  });
}

Tensor stas::tensorOf(const NpyArray &array) {
  auto copy = [&](auto zero) {
    std::vector<decltype(zero)> values(array.count());
    std::memcpy(values.data(), array.data(), values.size() * sizeof(zero));
    return Tensor(array.shape(), std::move(values));
  };
  switch (array.type()) {
  case NpyType::U8:
    return copy(uint8_t());
  case NpyType::I32:
    return copy(int32_t());
  case NpyType::I64:
    return copy(int64_t());
  case NpyType::F32:
    break;
  }
  return copy(float());
}

FailureOr<SpikeFiles::Layer *> SpikeFiles::open(Operation *lif, ArrayRef<int64_t> shape) {
  StringRef name = layerName(lif);
  if (name.empty())
    return lif->emitOpError(
        "requires a name in its location, as in loc(\"block.0.attn.q_lif\"), to name the file of its "
        "spikes");
  auto [entry, isNew] = layers.try_emplace(name);
  if (!isNew)
    return lif->emitOpError("requires a name of its own to name the file of its spikes, found a second '")
           << name << "'";
  Layer &layer = entry->second;
  layer.shape = llvm::SmallVector<int64_t>(shape);
  order.push_back(name.str());
  if (!folders.dump.empty()) {
    if (failed(makeFolder(lif, folders.dump)))
      return failure();
    auto writer = NpyWriter::create(pathIn(folders.dump, name), NpyType::U8, std::vector<int64_t>(shape));
    if (!writer)
      return lif->emitError(writer.message());
    layer.writer = std::move(*writer);
  }
  if (!folders.teacher.empty()) {
    auto teacher = NpyArray::open(pathIn(folders.teacher, name));
    if (!teacher)
      return lif->emitError(teacher.message());
    if (teacher->type() != NpyType::U8 || ArrayRef<int64_t>(teacher->shape()) != shape)
      return lif->emitError(teacher->path())
             << ": required uint8 " << shapeText(std::vector<int64_t>(shape)) << ", found "
             << npyTypeName(teacher->type()) << " " << shapeText(teacher->shape())
             << "; make the reference's spikes from the same model and input";
    layer.teacher = std::move(*teacher);
  }
  return &layer;
}

LogicalResult SpikeFiles::enter(Operation *lif, ArrayRef<int64_t> shape) {
  if (folders.dump.empty() && folders.teacher.empty())
    return success();
  FailureOr<Layer *> layer = open(lif, shape);
  if (succeeded(layer))
    entered[lif] = *layer;
  return layer;
}

FailureOr<Tensor> SpikeFiles::fired(Operation *lif, int64_t timestep, Tensor spikes) {
  if (folders.dump.empty() && folders.teacher.empty())
    return spikes;
  Layer *layer = entered.lookup(lif);
  if (!layer) {
    Tensor::Shape shape(spikes.shape());
    if (runOneTimestep(lif)) // outside of a loop
      shape.insert(shape.begin(), 1);
    FailureOr<Layer *> opened = open(lif, shape);
    if (failed(opened))
      return failure();
    layer = *opened;
  }
  uint64_t first = timestep * spikes.size();
  if (layer->writer)
    if (Status status = layer->writer->write(first, spikes.values<uint8_t>().data(), spikes.size()); !status)
      return lif->emitError(status.message());
  if (!layer->teacher)
    return spikes;
  const uint8_t *from = layer->teacher->data() + first;
  if (llvm::any_of(ArrayRef(from, spikes.size()), [](uint8_t spike) { return spike > 1; }))
    return lif->emitError(layer->teacher->path()) << ": required spikes, 0 or 1, found a larger value";
  return Tensor(spikes.shape(), std::vector<uint8_t>(from, from + spikes.size()));
}

LogicalResult SpikeFiles::probed(Operation *probe, StringRef name, const Tensor &value) {
  std::string folder = folders.probes.empty() ? "." : folders.probes;
  if (failed(makeFolder(probe, folder)))
    return failure();
  if (Status status = writeNpy(pathIn(folder, name), value); !status)
    return probe->emitError(status.message());
  return success();
}

LogicalResult SpikeFiles::commit(Operation *module) {
  for (const std::string &name : order)
    if (std::optional<NpyWriter> &writer = layers.find(name)->second.writer)
      if (Status status = writer->commit(); !status)
        return module->emitError(status.message());
  return success();
}
