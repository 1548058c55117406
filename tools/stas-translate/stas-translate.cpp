//===- stas-translate.cpp - Models to and from other forms ----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mlir-translate's command line, but for its help, which lists the options of
// this tool alone, and its errors, which are one line each.
//
//===----------------------------------------------------------------------===//
#include "Translations.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Support/ToolUtilities.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
namespace cl = llvm::cl;

namespace {
struct Options {
  cl::OptionCategory category{"stas-translate options"};
  cl::list<const Translation *, bool, TranslationParser> translations{"", cl::desc("translation (one):"),
                                                                      cl::ZeroOrMore, cl::cat(category)};
  cl::opt<std::string> input{cl::Positional, cl::desc("FILE.mlir"), cl::init("-"), cl::cat(category)};
  cl::opt<std::string> output{"o", cl::desc("where to write (default: -, standard output)"), cl::value_desc("FILE"),
                              cl::init("-"), cl::cat(category)};
  cl::opt<bool> split{"split-input-file", cl::desc("translate the parts between lines '// -----' one by one"),
                      cl::cat(category)};
  cl::opt<bool> verify{"verify-diagnostics", cl::desc("compare the diagnostics with expected-* comments"),
                       cl::cat(category)};
};

int fail(const llvm::Twine &message) {
  llvm::errs() << "stas-translate: error: " << message << '\n';
  return 1;
}

/// One part of the input.
LogicalResult translate(const Translation &translation, std::unique_ptr<llvm::MemoryBuffer> buffer, bool verify,
                        llvm::raw_ostream &os) {
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(!verify);
  if (!verify) {
    SourceMgrDiagnosticHandler handler(*sources, &context);
    return translation(sources, os, &context);
  }
  // What is expected to fail may fail; what was expected and did not come is an error.
  SourceMgrDiagnosticVerifierHandler handler(*sources, &context);
  (void)translation(sources, os, &context);
  return handler.verify();
}
} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::OptionCategory &interpreterOptions = stas::registerInterpretTranslation();
  cl::OptionCategory &ptxOptions = stas::registerPtxTranslation();
  stas::registerChipTranslations();
  static Options options;
  cl::HideUnrelatedOptions({&options.category, &interpreterOptions, &ptxOptions});
  registerTranslationCLOptions(); // of MLIR, for this tool: shown
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  if (!cl::ParseCommandLineOptions(argc, argv, "models of the stas project to and from other forms\n", &stream)) {
    // Of several lines the first says what is wrong; LLVM puts the program's name before it.
    llvm::StringRef line = llvm::StringRef(messages).split('\n').first;
    line.consume_front("stas-translate: ");
    return fail(line.split(".  Try").first + "; see stas-translate --help");
  }
  if (options.translations.size() != 1)
    return fail("required one translation, such as --interpret, found " + llvm::Twine(options.translations.size()) +
                "; see stas-translate --help");

  std::string problem;
  auto input = openInputFile(options.input, &problem);
  if (!input)
    return fail(problem);
  auto output = openOutputFile(options.output, &problem);
  if (!output)
    return fail(problem);
  auto part = [&](std::unique_ptr<llvm::MemoryBuffer> buffer, llvm::raw_ostream &os) {
    return translate(*options.translations.front(), std::move(buffer), options.verify, os);
  };
  if (failed(splitAndProcessBuffer(std::move(input), part, output->os(), options.split ? kDefaultSplitMarker : "")))
    return 1;
  output->keep();
  return 0;
}
