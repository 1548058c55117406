//===- TestModel.cpp - Small models, compiled and interpreted -------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModel.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Transforms/Passes.h"
#include "stas/InitAll.h"
#include "stas/Interpreter/Interpreter.h"
#include "stas/Pipelines/Pipelines.h"
#include "stas/Runtime/Model.h"
#include "stas/Target/CPU/Emit.h"
#include "stas/Transforms/Passes.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>
#include <mutex>

using namespace stas;

TestFolder::TestFolder() { EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("stas-target", folder)); }
TestFolder::~TestFolder() { llvm::sys::fs::remove_directories(folder); }

void TestFolder::write(const std::string &name, const void *data, size_t size) const {
  std::error_code error;
  llvm::raw_fd_ostream stream(file(name), error);
  ASSERT_FALSE(error);
  stream.write(static_cast<const char *>(data), size);
}

std::string ModelWriter::weight(const std::vector<int64_t> &shape, double low, double high, bool exact) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "#stas.weight<\"w" << values.size() << "\" in \"weights.bin\" at " << values.size() * sizeof(float)
         << " : tensor<";
  for (int64_t extent : shape)
    stream << extent << "x";
  stream << "f32>>";
  std::uniform_int_distribution<int> eighths(low * 8, high * 8);
  std::uniform_real_distribution<float> any(low, high);
  for (int64_t i = 0, count = llvm::product_of(shape); i < count; ++i)
    values.push_back(exact ? eighths(random) / 8.0f : any(random));
  return text;
}

std::string ModelWriter::norm(int64_t channels) {
  std::vector<int64_t> shape{channels};
  std::string bias = weight(shape, -0.5, 0.5), gamma = weight(shape, 0.5, 1.5), beta = weight(shape, -0.25, 2.25);
  std::string mean = weight(shape, -0.25, 0.25), var = weight(shape, 0.75, 0.75);
  return "#spike.norm<bias = " + bias + ", gamma = " + gamma + ", beta = " + beta + ", mean = " + mean +
         ", var = " + var + ", eps = 0.25>";
}

namespace {

mlir::OwningOpRef<mlir::ModuleOp> parse(const TestModel &model, mlir::MLIRContext &context) {
  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  context.appendDialectRegistry(registry);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(model.text, &context);
  EXPECT_TRUE(bool(module)) << model.text;
  return module;
}

/// Collects spikes with the batch first and channels last.
class InterpretedSpikes : public InterpreterObserver {
public:
  InterpretedSpikes(Outcome &outcome, int64_t timesteps) : outcome(outcome), timesteps(timesteps) {}

  mlir::FailureOr<Tensor> fired(mlir::Operation *op, int64_t timestep, Tensor spikes) override {
    auto shape = spikes.shape();
    bool isStep = runOneTimestep(op), isMap = shape.size() == 5;
    int64_t steps = isStep ? 1 : shape[0], total = isStep ? timesteps : steps, batch = shape[isStep ? 0 : 1];
    auto values = spikes.values<uint8_t>();
    int64_t neurons = values.size() / steps / batch;
    int64_t channels = isMap ? shape[2] : 1, pixels = neurons / channels;
    auto &all = outcome.spikes[layerName(op).str()];
    all.resize(batch * total * neurons);
    for (int64_t t = 0; t < steps; ++t)
      for (int64_t b = 0; b < batch; ++b)
        for (int64_t c = 0; c < channels; ++c)
          for (int64_t p = 0; p < pixels; ++p)
            all[((b * total + timestep + t) * pixels + p) * channels + c] =
                values[((t * batch + b) * channels + c) * pixels + p];
    return spikes;
  }

private:
  Outcome &outcome;
  int64_t timesteps;
};

class ArtifactSpikes : public Observer {
public:
  ArtifactSpikes(Outcome &outcome, const ModelInfo &info, int64_t batch) : outcome(outcome), info(info) {
    for (const SpikeLayer &layer : info.spikeLayers)
      outcome.spikes[layer.name].resize(batch * layer.timesteps * layer.neurons());
  }
  Status onSpikes(const SpikeView &view) override {
    const SpikeLayer &layer = info.spikeLayers[view.layer];
    int64_t neurons = layer.neurons();
    std::lock_guard<std::mutex> lock(mutex);
    ++outcome.runs[layer.name];
    std::copy_n(view.data, view.steps * neurons,
                outcome.spikes[layer.name].begin() + (view.image * layer.timesteps + view.t) * neurons);
    return {};
  }

private:
  Outcome &outcome;
  const ModelInfo &info;
  std::mutex mutex;
};

} // namespace

Outcome interpretModel(const TestModel &model, const std::vector<float> &images, Form form) {
  Outcome outcome;
  TestFolder folder;
  folder.write("weights.bin", model.weights.data(), model.weights.size() * sizeof(float));
  mlir::MLIRContext context;
  auto module = parse(model, context);
  if (!module)
    return outcome;
  mlir::PassManager pipeline(&context);
  if (form == Form::TimeLoop) {
    pipeline.addPass(createStasLowerAct());
    pipeline.addPass(mlir::createCanonicalizerPass());
    pipeline.addPass(mlir::createLoopInvariantCodeMotionPass());
  } else if (form == Form::Sparse) {
    addPhase(pipeline, Phase::Sparse, {});
  }
  EXPECT_TRUE(mlir::succeeded(pipeline.run(*module)));
  Tensor::Shape shape(model.image.begin(), model.image.end());
  shape.insert(shape.begin(), images.size() / llvm::product_of(model.image));
  WeightReader weights(folder.path());
  InterpretedSpikes spikes(outcome, model.timesteps);
  auto results = interpret(module->lookupSymbol<mlir::func::FuncOp>("main"), {Tensor(shape, images)}, weights, &spikes);
  EXPECT_TRUE(mlir::succeeded(results));
  if (mlir::failed(results))
    return outcome;
  outcome.logits = results->front().values<float>().vec();
  if (results->size() == 2)
    outcome.steps = results->back().values<int32_t>().vec();
  return outcome;
}

std::vector<Outcome> compileAndRun(const TestModel &model, const std::vector<float> &images, llvm::StringRef cpu,
                                   const std::vector<std::string> &kernels) {
  std::vector<Outcome> outcomes;
  TestFolder folder;
  folder.write("weights.bin", model.weights.data(), model.weights.size() * sizeof(float));
  mlir::MLIRContext context;
  auto module = parse(model, context);
  auto target = CpuTarget::create(cpu);
  EXPECT_TRUE(bool(target));
  if (!module || !target)
    return outcomes;
  mlir::PassManager pipeline(&context);
  PhaseOptions options;
  options.isa = target->isa();
  options.kernels = kernels;
  addPhase(pipeline, Phase::Sparse, options);
  addPhase(pipeline, Phase::Plan, options);
  EXPECT_TRUE(mlir::succeeded(pipeline.run(*module)));
  auto lowered = lowerKernelsToLLVM(*module);
  EXPECT_TRUE(mlir::succeeded(lowered));
  auto objects = emitObjects(KernelCode{**lowered, &*target});
  EXPECT_TRUE(bool(objects));
  auto shared = linkSharedObject(*objects);
  EXPECT_TRUE(bool(shared));
  WeightReader weights(folder.path());
  std::string path = folder.file("model.stas");
  auto error = writeArtifact({{*module, &*target, ""}}, *shared, weights, path);
  EXPECT_FALSE(bool(error));

  for (int threads : {1, 3}) {
    Outcome outcome;
    LoadOptions load;
    load.threads = threads;
    auto loaded = Model::load(path, load);
    EXPECT_TRUE(bool(loaded)) << (loaded ? "" : loaded.error().message());
    if (!loaded)
      return outcomes;
    const ModelInfo &info = (*loaded)->info();
    int64_t batch = images.size() / llvm::product_of(model.image);
    outcome.logits.resize(batch * info.classes);
    outcome.steps.resize(info.halts ? batch * info.tokens : 0);
    ArtifactSpikes spikes(outcome, info, batch);
    RunOptions options;
    options.observers = {&spikes};
    options.poison = true;
    int32_t *halting = info.halts ? outcome.steps.data() : nullptr;
    Status status = (*loaded)->run({batch, images.data(), outcome.logits.data(), halting}, options);
    EXPECT_TRUE(bool(status)) << (status ? "" : status.error().message());
    // Kernels that keep spikes to themselves stand in for those whose spikes are seen.
    std::vector<float> unseen(outcome.logits.size());
    std::vector<int32_t> steps(outcome.steps.size());
    options.observers.clear();
    status = (*loaded)->run({batch, images.data(), unseen.data(), info.halts ? steps.data() : nullptr}, options);
    EXPECT_TRUE(bool(status)) << (status ? "" : status.error().message());
    EXPECT_EQ(unseen, outcome.logits) << "without observers and with them";
    EXPECT_EQ(steps, outcome.steps) << "without observers and with them";
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}
