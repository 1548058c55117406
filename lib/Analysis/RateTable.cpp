//===- RateTable.cpp - Measured firing rates ------------------------------===//
#include "stas/Analysis/FiringRates.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace stas;

static llvm::Error fail(llvm::StringRef path, const llvm::Twine &message) {
  return llvm::createStringError(path + ": " + message);
}

/// The sum of a list of counts, or nothing where it is no such list.
static std::optional<double> total(const llvm::json::Value *counts) {
  const llvm::json::Array *list = counts ? counts->getAsArray() : nullptr;
  if (!list)
    return std::nullopt;
  double sum = 0;
  for (const llvm::json::Value &count : *list) {
    std::optional<int64_t> number = count.getAsInteger();
    if (!number || *number < 0)
      return std::nullopt;
    sum += double(*number);
  }
  return sum;
}

llvm::Expected<RateTable> RateTable::read(llvm::StringRef path) {
  if (path.empty())
    return RateTable();
  auto file = llvm::MemoryBuffer::getFile(path);
  if (!file)
    return fail(path, "cannot read: " + file.getError().message());
  auto json = llvm::json::parse((*file)->getBuffer());
  if (!json)
    return fail(path, "required JSON as stas run --rates writes it, found text that is none: " +
                          llvm::toString(json.takeError()));
  const llvm::json::Object *top = json->getAsObject();
  const llvm::json::Object *layers = top ? top->getObject("layers") : nullptr;
  if (!layers)
    return fail(path, "required an object with `layers`, as stas run --rates writes it, found none");
  RateTable table;
  for (const auto &[name, layer] : *layers) {
    const llvm::json::Object *fields = layer.getAsObject();
    const llvm::json::Value *rate = fields ? fields->get("rate") : nullptr;
    if (!rate)
      continue; // a layer of which something else was measured
    auto number = rate->getAsNumber();
    if (!number || !(*number >= 0.0 && *number <= 1.0))
      return fail(path,
                  "layer " + name.str() + ": required a rate from 0 to 1, found " + llvm::formatv("{0}", *rate).str());
    table.set(name, *number);
  }
  const llvm::json::Object *inputs = top->getObject("inputs");
  for (const auto &[name, layer] : inputs ? *inputs : llvm::json::Object()) {
    const llvm::json::Object *fields = layer.getAsObject();
    if (!fields || !fields->get("nonzero"))
      continue; // real inputs
    std::optional<double> rows = total(fields->get("rows")), nonzero = total(fields->get("nonzero"));
    if (!rows || !nonzero)
      return fail(path, "inputs of layer " + name.str() +
                            ": required rows and nonzero as lists of whole numbers from 0, found " +
                            llvm::formatv("{0}", layer).str());
    if (*rows > 0)
      table.inputs[name] = *nonzero / *rows;
  }
  return table;
}

std::optional<double> RateTable::find(const Table &table, llvm::StringRef layer) {
  auto found = table.find(layer);
  if (found == table.end())
    return std::nullopt;
  return found->second;
}
