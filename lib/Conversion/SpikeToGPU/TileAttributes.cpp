//===- TileAttributes.cpp - What the IR says of a kernel's tiles ----------===//
//
// `spike.gpu_tiles` is a dictionary of numbers, on a spike.fire what the user
// wants and on a kernel what it has: one may be copied to the other.
//
//===----------------------------------------------------------------------===//
#include "CostModel.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

namespace {
template <typename Holder> struct Key {
  StringLiteral name;
  int64_t Holder::*member;
};
constexpr Key<LinearTiles> linearKeys[] = {
    {"rows", &LinearTiles::rows},           {"channels", &LinearTiles::channels},
    {"inputs", &LinearTiles::inputs},       {"stages", &LinearTiles::stages},
    {"warp_rows", &LinearTiles::warpRows},  {"warp_channels", &LinearTiles::warpChannels},
    {"timesteps", &LinearTiles::timesteps}, {"blocks", &LinearTiles::blocks},
};
constexpr Key<AttentionSpec> attentionKeys[] = {
    {"warps", &AttentionSpec::warps},
    {"timesteps", &AttentionSpec::timesteps},
};
constexpr StringLiteral firstKey = "first", keyValue = "key_value", queryKey = "query_key";
constexpr int64_t largest = 65536;

/// Sets the members that a dictionary names.
template <typename Holder>
LogicalResult read(Operation *op, ArrayRef<NamedAttribute> entries, ArrayRef<Key<Holder>> keys, Holder &holder) {
  for (NamedAttribute entry : entries) {
    const auto *key = llvm::find_if(keys, [&](const Key<Holder> &each) { return entry.getName() == each.name; });
    auto number = dyn_cast<IntegerAttr>(entry.getValue());
    if (key == keys.end() || !number || !number.getType().isSignlessInteger(64) || number.getInt() < 0 ||
        number.getInt() > largest) {
      InFlightDiagnostic error = op->emitOpError()
                                 << tilesName << " requires i64 numbers from 0 to " << largest << " of";
      llvm::interleaveComma(keys, error, [&](const Key<Holder> &each) { error << " " << each.name; });
      return error << ", found " << entry.getName() << " = " << entry.getValue();
    }
    holder.*(key->member) = number.getInt();
  }
  return success();
}

template <typename Holder> NamedAttrList write(MLIRContext *context, ArrayRef<Key<Holder>> keys, const Holder &holder) {
  Builder b(context);
  NamedAttrList entries;
  for (const Key<Holder> &key : keys)
    entries.set(key.name, b.getI64IntegerAttr(holder.*(key.member)));
  return entries;
}

/// What is said of an op's kernel; nothing where it is no dictionary.
FailureOr<ArrayRef<NamedAttribute>> entriesOf(Operation *op) {
  Attribute attribute = op->getAttr(tilesName);
  if (!attribute)
    return ArrayRef<NamedAttribute>();
  auto dictionary = dyn_cast<DictionaryAttr>(attribute);
  if (!dictionary)
    return op->emitOpError() << tilesName << " requires a dictionary, found " << attribute;
  return dictionary.getValue();
}

/// Of tiles that the user set: they can be smaller.
LogicalResult checkMemory(Operation *op, const LaunchShape &launch, const Gpu &gpu) {
  if (!op->hasAttr(tilesName) || launch.sharedBytes <= gpu.sharedBytes)
    return success();
  return op->emitOpError() << "requires tiles of at most " << gpu.sharedBytes << " bytes of shared memory on "
                           << gpu.name << ", found " << launch.sharedBytes << ": set smaller ones by " << tilesName;
}
} // namespace

LogicalResult stas::cuda::setTiles(Operation *op, LinearSpec &spec, int64_t rows, const Gpu &gpu) {
  spec.tiles = chooseTiles(spec, rows, gpu);
  auto entries = entriesOf(op);
  if (failed(entries) || failed(read(op, *entries, ArrayRef(linearKeys), spec.tiles)))
    return failure();
  if (std::string problem = problemOf(spec); !problem.empty())
    return op->emitOpError() << problem << " on a GPU";
  return checkMemory(op, launchOf(spec, rows), gpu);
}

LogicalResult stas::cuda::setTiles(Operation *op, AttentionSpec &spec, const Gpu &gpu) {
  if (std::string problem = problemOf(spec); !problem.empty())
    return op->emitOpError() << problem << " on a GPU";
  chooseAttention(spec, gpu);
  auto entries = entriesOf(op);
  if (failed(entries))
    return failure();
  SmallVector<NamedAttribute> numbers;
  for (NamedAttribute entry : *entries) {
    if (entry.getName() != firstKey) {
      numbers.push_back(entry);
      continue;
    }
    auto name = dyn_cast<StringAttr>(entry.getValue());
    if (!name || (name != keyValue && name != queryKey))
      return op->emitOpError() << tilesName << " requires " << firstKey << " to be \"" << keyValue << "\" or \""
                               << queryKey << "\", found " << entry.getValue();
    spec.first = name == keyValue ? AttentionSpec::First::KeyValue : AttentionSpec::First::QueryKey;
  }
  if (failed(read(op, numbers, ArrayRef(attentionKeys), spec)))
    return failure();
  if (std::string problem = problemOf(spec); !problem.empty())
    return op->emitOpError() << problem << " on a GPU";
  return checkMemory(op, launchOf(spec, 1), gpu);
}

DictionaryAttr stas::cuda::tilesOf(MLIRContext *context, const LinearSpec &spec) {
  return write(context, ArrayRef(linearKeys), spec.tiles).getDictionary(context);
}

DictionaryAttr stas::cuda::tilesOf(MLIRContext *context, const AttentionSpec &spec) {
  NamedAttrList entries = write(context, ArrayRef(attentionKeys), spec);
  bool isKeyValue = spec.first == AttentionSpec::First::KeyValue;
  entries.set(firstKey, StringAttr::get(context, isKeyValue ? keyValue : queryKey));
  return entries.getDictionary(context);
}
