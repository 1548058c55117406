//===- StateDict.cpp - Finding the weights in what was saved --------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace stas::import;
using llvm::StringRef;
using Kind = PickleNode::Kind;

namespace {
/// Where training scripts put the weights, in order of preference.
constexpr llvm::StringLiteral kPlain[] = {"state_dict", "model", "model_state_dict", "net"};
constexpr llvm::StringLiteral kAverage[] = {"state_dict_ema", "model_ema"};

class RootReader {
public:
  RootReader(const PickleGraph &graph, Checkpoint &checkpoint, Report &report)
      : graph(graph), objects(graph), checkpoint(checkpoint), report(report) {}

  /// The state dict's node, or kNoPickleRef after reporting.
  PickleRef findStateDict(bool ema);
  void readTensors(PickleRef dict, StorageResolver resolve);
  void readConfig();
  void readArgs();

private:
  bool holdsTensors(PickleRef ref) const;
  PickleRef refuse(const llvm::Twine &found, const llvm::Twine &action);

  const PickleGraph &graph;
  TorchObjects objects;
  Checkpoint &checkpoint;
  Report &report;
};
} // namespace

bool RootReader::holdsTensors(PickleRef ref) const {
  return llvm::any_of(objects.entries(ref), [&](const auto &entry) { return objects.isTensor(entry.second); });
}

PickleRef RootReader::refuse(const llvm::Twine &found, const llvm::Twine &action) {
  report.problem(checkpoint.path, "", "a state dict (a dict of tensors)", found, action);
  return kNoPickleRef;
}

PickleRef RootReader::findStateDict(bool ema) {
  PickleRef root = graph.root();
  for (const std::string &name : objects.suspiciousCalls())
    report.note(checkpoint.path + ": the file asks to call " + name + "; stas runs no code from a checkpoint");
  if (!objects.isDict(root)) {
    bool call = graph[root].kind == Kind::Object;
    return refuse(graph.describe(root), call ? "save model.state_dict(), not the model itself: stas "
                                               "runs no code from a checkpoint"
                                             : "save model.state_dict() with torch.save");
  }
  auto firstOf = [&](llvm::ArrayRef<llvm::StringLiteral> keys) {
    for (StringRef key : keys)
      if (PickleRef ref = objects.lookup(root, key); holdsTensors(ref))
        return std::pair(key, ref);
    return std::pair(StringRef(), kNoPickleRef);
  };
  auto [plainKey, plain] = firstOf(kPlain);
  auto [averageKey, average] = firstOf(kAverage);
  auto take = [&](StringRef key, PickleRef ref, const llvm::Twine &more) {
    report.note(checkpoint.path + ": took the weights from '" + key + "'" + more);
    return ref;
  };
  if (ema) {
    if (average == kNoPickleRef)
      return refuse("no 'state_dict_ema' or 'model_ema' in it", "leave out --ema");
    return take(averageKey, average, "");
  }
  if (plain != kNoPickleRef)
    return take(plainKey, plain,
                average == kNoPickleRef ? llvm::Twine("") : "; --ema takes the moving average in '" + averageKey + "'");
  if (holdsTensors(root))
    return root;
  if (average != kNoPickleRef)
    return take(averageKey, average, ", the only ones there are");

  for (StringRef key : kPlain) {
    PickleRef ref = objects.lookup(root, key);
    if (ref != kNoPickleRef && graph[ref].kind == Kind::Object && !objects.isDict(ref))
      return refuse(graph.describe(ref) + " in '" + key + "'",
                    "save model.state_dict(), not the model itself: stas runs "
                    "no code from a checkpoint");
  }
  std::string keys;
  for (auto [i, entry] : llvm::enumerate(objects.entries(root))) {
    if (i == 8) {
      keys += ", ...";
      break;
    }
    keys += (i ? ", " : "") + printable(entry.first, 40);
  }
  return refuse("a dict with the keys [" + keys + "]", "save the weights under 'state_dict'");
}

void RootReader::readTensors(PickleRef dict, StorageResolver resolve) {
  for (auto [key, ref] : objects.entries(dict)) {
    // Beside the weights of a bare state dict, these two are no layers.
    if ((key == "config" || key == "args") && !objects.isTensor(ref))
      continue;
    llvm::Expected<TensorRef> tensor = objects.tensor(ref, resolve);
    if (!tensor) {
      checkpoint.tensors.emplace_back();
      checkpoint.tensors.back().unusable = toString(tensor.takeError());
      if (graph[ref].kind == Kind::Object && !objects.isTensor(ref))
        checkpoint.tensors.back().unusable += " (stas runs no code from a checkpoint)";
    } else {
      checkpoint.tensors.push_back(std::move(*tensor));
    }
    checkpoint.tensors.back().key = key.str();
  }
}

void RootReader::readConfig() {
  PickleRef ref = objects.lookup(graph.root(), "config");
  if (ref == kNoPickleRef || graph[ref].kind == Kind::None)
    return;
  const char *action = "store plain values, or give --ignore-checkpoint-config";
  if (graph[ref].kind == Kind::String) {
    auto parsed = parseJSONObject(graph[ref].text);
    if (!parsed)
      report.problem(checkpoint.path, "key config", "a dict, or a JSON object as text", toString(parsed.takeError()),
                     action);
    else
      checkpoint.config = std::move(*parsed);
    return;
  }
  std::optional<llvm::json::Value> value = objects.toJSON(ref);
  if (value && value->getAsObject()) {
    checkpoint.config = std::move(*value->getAsObject());
    return;
  }
  // Name the entry that is in the way.
  std::string found = graph.describe(ref);
  for (auto [key, item] : objects.entries(ref))
    if (!objects.toJSON(item)) {
      found = graph.describe(item) + " under '" + printable(key) + "'";
      break;
    }
  report.problem(checkpoint.path, "key config", "a dict of numbers, strings, lists and dicts", found, action);
}

void RootReader::readArgs() {
  for (auto [key, item] : objects.entries(objects.lookup(graph.root(), "args")))
    if (std::optional<llvm::json::Value> value = objects.toJSON(item))
      checkpoint.args[llvm::json::fixUTF8(key)] = std::move(*value);
}

bool stas::import::readTorchRoot(const PickleGraph &graph, StorageResolver resolve, Checkpoint &checkpoint,
                                 const CheckpointOptions &options, Report &report) {
  RootReader reader(graph, checkpoint, report);
  PickleRef dict = reader.findStateDict(options.ema);
  if (dict == kNoPickleRef)
    return false;
  reader.readTensors(dict, resolve);
  if (!options.ignoreConfig)
    reader.readConfig();
  reader.readArgs();
  return true;
}

void stas::import::normalizeKeys(Checkpoint &checkpoint, Report &report) {
  llvm::StringSet<> removed, keys;
  for (TensorRef &tensor : checkpoint.tensors) {
    StringRef key = tensor.key;
    for (bool again = true; again;) {
      again = false;
      for (StringRef prefix : {"module.", "_orig_mod."})
        if (key.consume_front(prefix)) {
          removed.insert(prefix);
          again = true;
        }
    }
    tensor.key = key.str();
    if (!keys.insert(tensor.key).second)
      report.problem(checkpoint.path, "layer " + printable(tensor.key), "one tensor",
                     "two that differ only in a wrapper's prefix", "remove one of them");
  }
  for (StringRef prefix : {"module.", "_orig_mod."})
    if (removed.contains(prefix))
      report.note(checkpoint.path + ": removed the prefix '" + prefix + "' from the keys");
}
