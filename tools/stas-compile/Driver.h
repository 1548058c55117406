//===- Driver.h - From a model to an artifact -------------------*- C++ -*-===//
#ifndef STAS_TOOLS_STAS_COMPILE_DRIVER_H
#define STAS_TOOLS_STAS_COMPILE_DRIVER_H

#include "mlir/IR/BuiltinOps.h"
#include "stas/Pipelines/Pipelines.h"
#include "stas/Target/CPU/CpuTarget.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <optional>
#include <string>
#include <vector>

namespace stas {
class EstimateRequest;

/// What the command line asks for.
struct CompileOptions {
  std::string command; // compile, check or estimate, for messages
  std::string model;   // checkpoint or .mlir
  std::string output;  // artifact, or the module of `compileTo`
  Target target = Target::CPU;
  std::string chip = "loihi2";   // name or file
  std::vector<std::string> cpus; // kinds of CPU that the artifact has code for; none: the usual ones
  std::vector<std::string> gpus; // architectures of GPUs that the artifact has code for; none: the usual ones
  std::string precision = "int16";
  bool asksPrecision = false;           // and not by default
  int64_t stateBits = 32;               // of integer sums and membranes
  std::vector<std::string> importFlags; // passed on to stas-import
  std::optional<Phase> compileFrom;     // the model is a module that this phase wrote
  std::optional<Phase> compileTo;       // stop there and write the module
  std::optional<Phase> printPhase;      // print that module to stderr on the way
  std::vector<std::string> kernels;     // taken where they serve; else the cost model chooses
  std::string rates;                    // file of measured firing rates, for the cost model; none: typical ones
  std::string times;                    // file of measured times of kernels; none: the cost model chooses
  bool remarks = false;                 // print what passes did, and what they left
  bool json = false;
};

/// Reads a module, from MLIR or through stas-import from a checkpoint. Null after an error: `problem` says what, or is
/// empty where stas-import has reported it.
mlir::OwningOpRef<mlir::ModuleOp> readModel(const CompileOptions &options, mlir::MLIRContext &context,
                                            std::string &problem);

/// Whether a file holds MLIR, as text (.mlir) or bytecode, and not a checkpoint.
bool isMLIR(llvm::StringRef path);

/// Runs stas-import beside this program with the flags, its standard output in the file `output` where that is given;
/// its exit code, or 1 where it cannot be started.
int runImporter(const CompileOptions &options, llvm::ArrayRef<std::string> flags,
                std::optional<llvm::StringRef> output = std::nullopt);

/// What stas-import says of a checkpoint, as docs/Guides/Import.md describes it; nothing where it cannot be run, which
/// is reported.
std::optional<llvm::json::Object> importReport(const CompileOptions &options);

/// `stas compile`; returns the exit code.
int compileModel(const CompileOptions &options);
/// `stas estimate` of a model that is not compiled; returns the exit code.
int estimateModel(const CompileOptions &options, const EstimateRequest &request);
/// `stas check`: everything that will not compile; returns the exit code.
int checkModel(const CompileOptions &options);

} // namespace stas

#endif // STAS_TOOLS_STAS_COMPILE_DRIVER_H
