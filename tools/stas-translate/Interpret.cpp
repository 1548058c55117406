//===- Interpret.cpp - stas-translate --interpret -------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Translations.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "stas/InitAll.h"
#include "stas/Interpreter/SpikeFiles.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace stas;
namespace cl = llvm::cl;

namespace {

/// Options of --interpret.
struct InterpretOptions {
  cl::OptionCategory category{"Options of --interpret"};
  cl::list<std::string> inputs{"input", cl::desc("argument of the function, .npy (one --input for each)"),
                               cl::value_desc("FILE"), cl::cat(category)};
  cl::opt<std::string> function{"function", cl::desc("function that takes the inputs (default: main)"),
                                cl::value_desc("NAME"), cl::init("main"), cl::cat(category)};
  cl::opt<std::string> output{"output", cl::desc("write the first result, the logits, as .npy"), cl::value_desc("FILE"),
                              cl::cat(category)};
  cl::opt<std::string> halting{"halting",
                               cl::desc("write how many (t, l) each token was active at, int32 [B, N], as .npy"),
                               cl::value_desc("FILE"), cl::cat(category)};
  cl::opt<std::string> dump{"dump-spikes", cl::desc("write DIR/LAYER.npy for every LIF"), cl::value_desc("DIR"),
                            cl::cat(category)};
  cl::opt<std::string> teacher{"teacher", cl::desc("go on with the spikes of DIR/LAYER.npy after every LIF"),
                               cl::value_desc("DIR"), cl::cat(category)};
  cl::opt<std::string> probes{"probes", cl::desc("write stas_check.probe's tensors to DIR (default: .)"),
                              cl::value_desc("DIR"), cl::cat(category)};
  cl::opt<std::string> weights{"weights",
                               cl::desc("folder of the checkpoints that the module names (default: its own)"),
                               cl::value_desc("DIR"), cl::cat(category)};
};

/// The folder of the file that the module was read from, where its locations tell.
std::string folderOf(ModuleOp module) {
  std::string folder;
  module->walk([&](Operation *op) {
    auto found = op->getLoc()->findInstanceOf<FileLineColLoc>();
    if (!found)
      return WalkResult::advance();
    folder = llvm::sys::path::parent_path(found.getFilename().getValue()).str();
    return WalkResult::interrupt();
  });
  return folder;
}

/// They live as long as the command line's parser.
InterpretOptions &optionsOfInterpret() {
  static InterpretOptions options;
  return options;
}

void print(const Tensor &tensor, raw_ostream &stream) {
  stream << "[";
  llvm::interleaveComma(tensor.shape(), stream);
  stream << "]";
  tensor.visit([&](auto values) {
    for (auto value : values)
      if constexpr (std::is_same_v<decltype(value), float>)
        stream << ' ' << llvm::format("%.9g", value);
      else
        stream << ' ' << static_cast<int64_t>(value);
  });
  stream << '\n';
}

LogicalResult writeResult(Operation *op, const std::string &path, const Tensor &tensor) {
  Status status = writeNpy(path, tensor);
  return status ? success() : op->emitError(status.message());
}

/// One function on the inputs given; its results go to files, or as text to `stream`.
LogicalResult runModel(ModuleOp module, const InterpretOptions &options, WeightReader &weights, SpikeFiles &files,
                       raw_ostream &stream) {
  auto function = module.lookupSymbol<func::FuncOp>(options.function);
  if (!function)
    return module.emitError("requires a function '") << options.function << "' to interpret, found none";
  SmallVector<Tensor> arguments;
  for (const std::string &path : options.inputs) {
    auto array = NpyArray::open(path);
    if (!array)
      return function.emitError(array.message());
    arguments.push_back(tensorOf(*array));
  }
  auto results = interpret(function, arguments, weights, &files);
  if (failed(results))
    return failure();
  if (options.output.empty())
    for (const Tensor &result : *results)
      print(result, stream);
  else if (results->empty())
    return function.emitError("requires a result to write to ") << options.output << ", found none";
  else if (failed(writeResult(function, options.output, results->front())))
    return failure();
  if (options.halting.empty())
    return success();
  if (!files.steps())
    return function.emitError("requires a stas.act to write --halting, found none");
  return writeResult(function, options.halting, *files.steps());
}

/// Every function without arguments: value tests.
LogicalResult runTests(ModuleOp module, WeightReader &weights, SpikeFiles &files, raw_ostream &stream) {
  int64_t functions = 0;
  bool isBroken = false;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.getNumArguments() != 0 || function.isExternal())
      continue;
    ++functions;
    auto results = interpret(function, {}, weights, &files);
    isBroken |= failed(results);
    if (succeeded(results))
      for (const Tensor &result : *results)
        print(result, stream);
  }
  if (functions == 0)
    return module.emitError("requires --input, or a function without arguments to interpret; found neither");
  if (isBroken)
    return failure();
  stream << functions << " functions, " << files.expectationsTested() << " expectations met\n";
  return success();
}

} // namespace

WeightReader stas::weightsOf(ModuleOp module) {
  const std::string &folder = optionsOfInterpret().weights.getValue();
  return WeightReader(folder.empty() ? folderOf(module) : folder, module->getAttrOfType<ModelAttr>("stas.model"));
}

cl::OptionCategory &stas::registerInterpretTranslation() {
  InterpretOptions &options = optionsOfInterpret();
  static TranslateFromMLIRRegistration registration(
      "interpret", "run the module in the reference interpreter",
      [](Operation *op, raw_ostream &stream) -> LogicalResult {
        auto module = dyn_cast<ModuleOp>(op);
        if (!module)
          return op->emitError("requires a builtin module to interpret");
        const InterpretOptions &options = optionsOfInterpret();
        WeightReader weights = weightsOf(module);
        SpikeFiles files({options.dump, options.teacher, options.probes});
        LogicalResult result = options.inputs.empty() ? runTests(module, weights, files, stream)
                                                      : runModel(module, options, weights, files, stream);
        return failed(result) ? failure() : files.commit(module);
      },
      [](DialectRegistry &registry) { registerAllDialects(registry); });
  return options.category;
}
