//===- Runtime.cpp - Loads and runs a compiled model, from C --------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas-c/Runtime.h"
#include "stas/Runtime/Model.h"

#include <cstdlib>
#include <cstring>

using namespace stas;

struct StasModel {
  std::unique_ptr<Model> model;
};

/// A copy that C frees; where there is no memory even for that, the process ends as it does for operator new.
static char *textOf(const Error &error) {
  char *text = strdup(error.message().c_str());
  if (!text)
    std::abort();
  return text;
}

char *stasModelLoad(const char *path, const StasLoadOptions *options, StasModel **model) {
  if (!model)
    return textOf(makeError("stasModelLoad: required a place for the model, found NULL"));
  *model = nullptr;
  if (!path)
    return textOf(makeError("stasModelLoad: required a path, found NULL"));
  LoadOptions load;
  if (options) {
    load.threads = options->threads;
    load.cpu = options->cpu ? options->cpu : "";
    load.gpu = options->gpu;
    if (options->batch != 0)
      load.batch = options->batch;
  }
  Result<std::unique_ptr<Model>> loaded = Model::load(path, load);
  if (!loaded)
    return textOf(loaded.error());
  *model = new StasModel{std::move(*loaded)};
  return nullptr;
}

void stasModelFree(StasModel *model) { delete model; }

StasModelInfo stasModelInfo(const StasModel *model) {
  const ModelInfo &from = model->model->info();
  StasModelInfo info = {};
  info.source = from.source.c_str();
  info.target = from.target.c_str();
  info.precision = from.precision.c_str();
  info.code = from.cpu.c_str();
  info.device = from.device.c_str();
  info.frames = from.input.frames;
  info.channels = from.input.channels;
  info.height = from.input.height;
  info.width = from.input.width;
  if (!from.input.mean.empty()) {
    info.mean = from.input.mean.data();
    info.std = from.input.std.data();
  }
  info.classes = from.classes;
  info.timesteps = from.timesteps;
  info.halts = from.halts;
  info.tokens = from.halts ? from.tokens : 0;
  info.blocks = from.halts ? from.blocks : 0;
  return info;
}

char *stasModelRun(StasModel *model, int64_t images, const float *input, float *logits, int32_t *halting) {
  if (!model)
    return textOf(makeError("stasModelRun: required a model, found NULL"));
  Batch batch;
  batch.size = images;
  batch.images = input;
  batch.logits = logits;
  batch.halting = halting;
  Status status = model->model->run(batch);
  return status ? nullptr : textOf(status.error());
}

void stasErrorFree(char *error) { std::free(error); }
