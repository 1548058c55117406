//===- TorchObjects.cpp - What pickled nodes mean to PyTorch --------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Import/TorchObjects.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"

using namespace stas::import;
using llvm::StringRef;
using Kind = PickleNode::Kind;

static llvm::Error error(const llvm::Twine &found) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), found);
}

bool TorchObjects::isNone(PickleRef ref) const { return ref == kNoPickleRef || graph[ref].kind == Kind::None; }

PickleRef TorchObjects::arg(const PickleNode &call, size_t i) const {
  if (call.args == kNoPickleRef || graph[call.args].kind != Kind::Tuple)
    return kNoPickleRef;
  const PickleNode &args = graph[call.args];
  return i < args.items.size() ? args.items[i] : kNoPickleRef;
}

//===----------------------------------------------------------------------===//
// Dicts
//===----------------------------------------------------------------------===//

/// A Namespace is either made by NEWOBJ (protocol 2 and up) or by
/// copyreg._reconstructor(Namespace, object, None); its values are the state.
static bool isNamespace(const PickleGraph &graph, PickleRef ref, PickleRef firstArg) {
  std::string name = graph.dottedName(ref);
  if (name == "copyreg._reconstructor" || name == "copy_reg._reconstructor")
    return firstArg != kNoPickleRef && graph[firstArg].kind == Kind::Global &&
           graph.dottedName(firstArg) == "argparse.Namespace";
  return name == "argparse.Namespace";
}

bool TorchObjects::isDict(PickleRef ref) const {
  if (ref == kNoPickleRef)
    return false;
  const PickleNode &node = graph[ref];
  if (node.kind == Kind::Dict)
    return true;
  return node.kind == Kind::Object &&
         (graph.dottedName(ref) == "collections.OrderedDict" || isNamespace(graph, ref, arg(node, 0)));
}

std::vector<std::pair<StringRef, PickleRef>> TorchObjects::entries(PickleRef ref) const {
  std::vector<std::pair<StringRef, PickleRef>> result;
  if (!isDict(ref))
    return result;
  llvm::StringMap<size_t> places;
  auto add = [&](PickleRef key, PickleRef value) {
    if (graph[key].kind != Kind::String)
      return;
    auto [it, isNew] = places.try_emplace(graph[key].text, result.size());
    if (isNew)
      result.push_back({graph[key].text, value});
    else
      result[it->second].second = value;
  };
  auto addItems = [&](const PickleNode &node) {
    for (size_t i = 0; i + 1 < node.items.size(); i += 2)
      add(node.items[i], node.items[i + 1]);
  };
  const PickleNode &node = graph[ref];
  if (node.kind == Kind::Dict) {
    addItems(node);
    return result;
  }
  if (isNamespace(graph, ref, arg(node, 0))) {
    if (node.state != kNoPickleRef && graph[node.state].kind == Kind::Dict)
      addItems(graph[node.state]);
    return result;
  }
  // Python 2 wrote an OrderedDict's entries as a list of pairs in the call.
  PickleRef pairs = arg(node, 0);
  if (pairs != kNoPickleRef && graph[pairs].kind == Kind::List)
    for (PickleRef pair : graph[pairs].items)
      if (graph[pair].items.size() == 2)
        add(graph[pair].items[0], graph[pair].items[1]);
  addItems(node);
  return result;
}

PickleRef TorchObjects::lookup(PickleRef ref, StringRef key) const {
  for (auto [name, value] : entries(ref))
    if (name == key)
      return value;
  return kNoPickleRef;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

bool TorchObjects::intValue(PickleRef ref, int64_t &out) const {
  if (ref == kNoPickleRef || graph[ref].kind != Kind::Int)
    return false;
  out = graph[ref].integer;
  return true;
}

bool TorchObjects::intList(PickleRef ref, llvm::SmallVectorImpl<int64_t> &out) const {
  if (ref == kNoPickleRef)
    return false;
  if (graph[ref].kind == Kind::Object && graph.dottedName(ref) == "torch.Size")
    ref = arg(graph[ref], 0);
  if (ref == kNoPickleRef || (graph[ref].kind != Kind::Tuple && graph[ref].kind != Kind::List) ||
      graph[ref].items.size() > 64)
    return false;
  for (PickleRef item : graph[ref].items)
    if (!intValue(item, out.emplace_back()))
      return false;
  return true;
}

static std::optional<DType> storageType(StringRef name) {
  return llvm::StringSwitch<std::optional<DType>>(name)
      .Case("HalfStorage", DType::F16)
      .Case("BFloat16Storage", DType::BF16)
      .Case("FloatStorage", DType::F32)
      .Case("DoubleStorage", DType::F64)
      .Case("BoolStorage", DType::Bool)
      .Case("CharStorage", DType::I8)
      .Case("ByteStorage", DType::U8)
      .Case("ShortStorage", DType::I16)
      .Case("IntStorage", DType::I32)
      .Case("LongStorage", DType::I64)
      .Default(std::nullopt);
}

/// ('storage', class, key, device, size[, None or (view key, offset, size)])
llvm::Expected<StorageId> TorchObjects::storage(PickleRef ref) const {
  if (ref == kNoPickleRef || graph[ref].kind != Kind::PersistentId)
    return error("a tensor whose storage is " + graph.describe(ref));
  const PickleNode &id = graph[graph[ref].items[0]];
  auto isText = [&](size_t i) { return graph[id.items[i]].kind == Kind::String; };
  StorageId result;
  if (id.kind != Kind::Tuple || id.items.size() < 5 || !isText(0) || graph[id.items[0]].text != "storage" ||
      !isText(2) || !intValue(id.items[4], result.size) || result.size < 0)
    return error("a storage that is named by " + graph.describe(graph[ref].items[0]));
  result.key = graph[id.items[2]].text;

  const PickleNode &type = graph[id.items[1]];
  std::string typeName = graph.dottedName(id.items[1]);
  if (type.kind != Kind::Global ||
      (type.module != "torch" && type.module != "torch.storage" && type.module != "torch.cuda"))
    return error("a storage of the class " + printable(typeName));
  result.dtype = storageType(type.text);
  if (!result.dtype && type.text != "UntypedStorage")
    return error("a tensor of the type " + printable(typeName));

  if (id.items.size() > 5 && !isNone(id.items[5])) {
    const PickleNode &view = graph[id.items[5]];
    if (view.kind != Kind::Tuple || view.items.size() != 3 || !intValue(view.items[1], result.viewOffset) ||
        result.viewOffset < 0)
      return error("a storage view that is " + graph.describe(id.items[5]));
  }
  return result;
}

bool TorchObjects::isTensor(PickleRef ref) const {
  if (ref == kNoPickleRef || graph[ref].kind != Kind::Object)
    return false;
  return llvm::StringSwitch<bool>(graph.dottedName(ref))
      .Cases({"torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter",
              "torch._utils._rebuild_parameter_with_state", "torch._tensor._rebuild_from_type_v2",
              "torch.nn.parameter.Parameter"},
             true)
      .Default(false);
}

llvm::Expected<TensorRef> TorchObjects::tensor(PickleRef ref, StorageResolver resolve) const {
  // Wrappers (a Parameter around a tensor) nest at most twice in real files.
  PickleRef args = kNoPickleRef;
  for (unsigned depth = 0;; ++depth) {
    if (!isTensor(ref) || depth == 8)
      return error(graph.describe(ref));
    const PickleNode &node = graph[ref];
    args = node.args;
    std::string name = graph.dottedName(ref);
    if (name == "torch._tensor._rebuild_from_type_v2") {
      // (function, class, arguments of the function, state)
      name = graph.dottedName(arg(node, 0));
      args = arg(node, 2);
    }
    if (name == "torch._utils._rebuild_tensor" || name == "torch._utils._rebuild_tensor_v2")
      break;
    if (args == kNoPickleRef || graph[args].items.empty())
      return error(graph.describe(ref));
    ref = graph[args].items[0];
  }

  PickleNode call;
  call.args = args;
  TensorRef result;
  int64_t offset;
  if (!intValue(arg(call, 1), offset) || offset < 0 || !intList(arg(call, 2), result.shape) ||
      !intList(arg(call, 3), result.strides))
    return error("a tensor whose offset, shape or strides are no integers");
  llvm::Expected<StorageId> id = storage(arg(call, 0));
  if (!id)
    return id.takeError();
  if (!id->dtype)
    return error("a tensor over an untyped storage");
  result.dtype = *id->dtype;
  llvm::Expected<StorageExtent> extent = resolve(*id);
  if (!extent)
    return extent.takeError();
  // Legacy storage views: the view starts inside its root storage.
  if (__builtin_add_overflow(offset, id->viewOffset, &offset) ||
      __builtin_mul_overflow(offset, byteSize(result.dtype), &offset) ||
      __builtin_add_overflow(extent->begin, offset, &result.offset))
    return error("a tensor that starts past 2^63 bytes");
  if (std::optional<std::string> wrong = checkExtent(result, extent->begin, extent->end))
    return error(*wrong);
  return result;
}

//===----------------------------------------------------------------------===//
// Plain values, and calls to warn of
//===----------------------------------------------------------------------===//

std::optional<llvm::json::Value> TorchObjects::toJSON(PickleRef ref) const {
  unsigned budget = 10'000;
  return toJSON(ref, 0, budget);
}

std::optional<llvm::json::Value> TorchObjects::toJSON(PickleRef ref, unsigned depth, unsigned &budget) const {
  // The graph may be cyclic, and a small one may unfold into a huge tree.
  if (depth > 16 || budget == 0)
    return std::nullopt;
  --budget;
  const PickleNode &node = graph[ref];
  switch (node.kind) {
  case Kind::None:
    return llvm::json::Value(nullptr);
  case Kind::Bool:
    return llvm::json::Value(node.integer != 0);
  case Kind::Int:
    return llvm::json::Value(node.integer);
  case Kind::Float:
    return llvm::json::Value(node.real);
  case Kind::String:
    return llvm::json::Value(llvm::json::fixUTF8(node.text));
  case Kind::Tuple:
  case Kind::List: {
    llvm::json::Array array;
    for (PickleRef item : node.items) {
      std::optional<llvm::json::Value> value = toJSON(item, depth + 1, budget);
      if (!value)
        return std::nullopt;
      array.push_back(std::move(*value));
    }
    return llvm::json::Value(std::move(array));
  }
  default:
    break;
  }
  if (!isDict(ref))
    return std::nullopt;
  llvm::json::Object object;
  for (auto [key, item] : entries(ref)) {
    std::optional<llvm::json::Value> value = toJSON(item, depth + 1, budget);
    if (!value)
      return std::nullopt;
    object[llvm::json::fixUTF8(key)] = std::move(*value);
  }
  return llvm::json::Value(std::move(object));
}

std::vector<std::string> TorchObjects::suspiciousCalls() const {
  static constexpr llvm::StringLiteral modules[] = {"os",     "posix", "nt",     "subprocess", "sys",
                                                    "pty",    "runpy", "shutil", "socket",     "importlib",
                                                    "ctypes", "code",  "pickle", "_pickle",    "webbrowser"};
  static constexpr llvm::StringLiteral builtins[] = {"eval",    "exec",       "compile", "open",
                                                     "getattr", "__import__", "execfile"};
  std::vector<std::string> result;
  llvm::StringSet<> seen;
  for (PickleRef ref = 0; ref < graph.size(); ++ref) {
    if (graph[ref].kind != Kind::Object)
      continue;
    std::string name = graph.dottedName(ref);
    auto [module, function] = StringRef(name).split('.');
    bool bad = llvm::is_contained(modules, module) ||
               ((module == "builtins" || module == "__builtin__") && llvm::is_contained(builtins, function));
    if (bad && seen.insert(name).second)
      result.push_back(printable(name));
    if (result.size() == 16) // enough to tell what kind of file it is
      break;
  }
  return result;
}
