//===- WriteArtifact.cpp - Kernels and a plan as an artifact --------------===//
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "stas/Target/Artifact/Artifact.h"
#include "stas/Target/Artifact/ArtifactWriter.h"
#include "stas/Target/Artifact/CudaPlan.h"
#include "stas/Target/Artifact/DescribeModel.h"
#include "stas/Target/CUDA/CudaArtifact.h"

using namespace mlir;
using namespace stas;
using artifact::Manifest;
using cudaplan::CudaPlan;

static llvm::Error toLLVM(const Error &error) { return llvm::createStringError("%s", error.message().c_str()); }

/// The fewest bits of a layer's weights.
static const char *precisionOf(func::FuncOp main) {
  bool isNarrow = false;
  main.walk([&](spike::AccumulateOp sums) { isNarrow |= sums.getQuantAttr() && sums.getQuantAttr().getBits() == 8; });
  return isNarrow ? "int8" : "int16";
}

/// What the module says of the model. buildPlan() has seen that images and logits are what it takes.
static Manifest describe(ModuleOp module, func::FuncOp main) {
  Manifest manifest;
  manifest.set_producer("stas " STAS_VERSION);
  manifest.set_target("cuda");
  manifest.set_precision(precisionOf(main));
  FunctionType type = main.getFunctionType();
  auto image = cast<RankedTensorType>(type.getInput(0));
  artifact::Input &input = *manifest.mutable_input();
  input.set_frames(image.getRank() == 5 ? image.getDimSize(0) : 1);
  auto map = image.getShape().take_back(3);
  input.set_channels(map[0]);
  input.set_height(map[1]);
  input.set_width(map[2]);
  manifest.set_classes(cast<RankedTensorType>(type.getResult(0)).getDimSize(1));
  manifest.set_timesteps(1);
  main.walk([&](ActOp act) {
    manifest.set_timesteps(act.getTimesteps());
    manifest.set_blocks(act.getBlocks().size());
    manifest.set_halting_order(manifestOrder(act.getHalting().getOrder()));
  });
  if (type.getNumResults() > 1)
    manifest.set_tokens(cast<RankedTensorType>(type.getResult(1)).getDimSize(1));
  describeModel(module, manifest);
  return manifest;
}

static Status writeSection(artifact::ArtifactWriter &writer, const std::string &name, StringRef bytes) {
  if (Status status = writer.beginSection(name); !status)
    return status;
  auto at = writer.append(bytes.data(), bytes.size());
  return at ? Status() : at.error();
}

/// Adds a code, and writes its section.
static Status addCode(artifact::ArtifactWriter &writer, CudaPlan &plan, const std::string &architecture,
                      cudaplan::Form form, StringRef bytes) {
  cudaplan::Code &code = *plan.add_codes();
  code.set_architecture(architecture);
  code.set_form(form);
  return writeSection(writer, cudaplan::sectionOf(code), bytes);
}

static Status write(artifact::ArtifactWriter &writer, const Manifest &manifest, const CudaModel &model) {
  CudaPlan plan;
  cudaplan::write(model.plan, plan);
  if (Status status = writeSection(writer, artifact::kWeightsSection, model.weights); !status)
    return status;
  for (const GpuCode &code : model.codes)
    if (Status status = addCode(writer, plan, code.architecture, cudaplan::PTX, code.ptx); !status)
      return status;
  // After all PTX, so that it is preferred.
  for (const GpuCode &code : model.codes)
    if (code.cubin)
      if (Status status = addCode(writer, plan, code.architecture, cudaplan::CUBIN, *code.cubin); !status)
        return status;
  return writer.finish(manifest, plan);
}

llvm::Error stas::writeCudaArtifact(ModuleOp module, const CudaModel &model, StringRef path) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  auto writer = artifact::ArtifactWriter::create(path.str());
  if (!writer)
    return toLLVM(writer.error());
  Status status = write(*writer, describe(module, main), model);
  return status ? llvm::Error::success() : toLLVM(status.error());
}
