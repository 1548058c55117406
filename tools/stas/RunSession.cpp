//===- RunSession.cpp - One run of an artifact on images ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunSession.h"
#include "stas/Data/Labels.h"
#include "stas/Support/Terminal.h"
#include "stas/Support/Text.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <set>

using namespace stas;

/// Images held in memory at once, in bytes.
static constexpr int64_t kMaxBatchBytes = int64_t(2) << 30;
/// Of a GPU's batches so many are handed over at once: while one is computed, the next is copied.
static constexpr int64_t kBatchesTogether = 8;
static constexpr int64_t kMaxBatch = 1 << 16;
static constexpr int64_t kGpuBatch = 256;
/// Predictions are listed one by one for so many images without labels.
static constexpr int64_t kListedPredictions = 10;

Status RunSession::run() {
  for (auto step :
       {&RunSession::openModel, &RunSession::openInputs, &RunSession::openLabels, &RunSession::openReferences,
        &RunSession::openOutputs, &RunSession::inferAll, &RunSession::closeOutputs})
    if (Status status = (this->*step)(); !status)
      return status;
  fillReport();
  return {};
}

Status RunSession::openModel() {
  Result<int64_t> threads = arguments.number("--threads", 0, 1, kMaxThreads);
  if (!threads)
    return threads.error();
  LoadOptions load;
  load.threads = static_cast<int>(*threads);
  load.cpu = arguments.get("--cpu");
  Result<int64_t> gpu = arguments.number("--gpu", 0, 0, 1 << 10);
  if (!gpu)
    return gpu.error();
  load.gpu = static_cast<int>(*gpu);
  Result<int64_t> size = arguments.number("--batch", kGpuBatch, 1, kMaxBatch);
  if (!size)
    return size.error();
  load.batch = *size;
  Result<std::unique_ptr<Model>> loaded = Model::load(arguments.file(), load);
  if (!loaded)
    return loaded.error();
  model = std::move(*loaded);
  return checkOptions();
}

/// What runs on other targets alone.
Status RunSession::checkOptions() const {
  if (arguments.has("--gpu") && !isOnGpu())
    return makeError("--gpu: required an artifact for a GPU, found one for a ", isSimulated() ? "chip" : "CPU",
                     "; leave it out");
  auto refuse = [&](const char *option, const char *of, const char *why) {
    return makeError(option, ": required an artifact for a CPU, found one for a ", of, ", ", why);
  };
  if (isSimulated() && arguments.has("--teacher"))
    return refuse("--teacher", "chip",
                  "whose spikes have left by its links before a layer is complete; --target=cpu gives one of "
                  "the same spikes");
  if (isSimulated() && arguments.has("--profile"))
    return refuse("--profile", "chip",
                  "whose layers take no time of this machine's that says anything; --stats has the time that "
                  "the chip would take");
  if (!isOnGpu())
    return {};
  for (const char *option : {"--dump-spikes", "--teacher", "--rates", "--stats"})
    if (arguments.has(option))
      return refuse(option, "GPU",
                    "whose spikes stay in its memory, packed, and never leave some kernels; --target=cpu gives one of "
                    "the same spikes");
  if (arguments.has("--profile"))
    return refuse("--profile", "GPU", "whose launches are one graph; Nsight Systems shows the time of each kernel");
  return {};
}

Status RunSession::openInputs() {
  const ImageFormat &format = model->info().input;
  std::string path = arguments.get("--input");
  if (path.empty())
    return makeError("--input: required images to run, found none; see stas "
                     "run --help");
  auto opened = ImageSource::open(path, format);
  if (!opened)
    return opened.error();
  source = std::move(*opened);
  if (source->count() == 0)
    return makeError(path, ": required at least one image, found none");
  Result<int64_t> limit = arguments.number("--limit", source->count(), 1, INT64_MAX);
  if (!limit)
    return limit.error();
  images = std::min(*limit, source->count());

  // Every thread gets the same number of images where there are enough.
  constexpr int64_t kSomeImages = 64;
  int64_t threads = model->threads();
  int64_t most = std::max<int64_t>(1, kMaxBatchBytes / (format.elements() * sizeof(float)));
  int64_t usual = std::min(most, isOnGpu() ? kGpuBatch : (kSomeImages + threads - 1) / threads * threads);
  Result<int64_t> size = arguments.number("--batch", usual, 1, std::min(most, kMaxBatch));
  if (!size)
    return size.error();
  batch = std::min(*size, images);
  together = std::min(isOnGpu() ? batch * std::min(kBatchesTogether, most / batch) : batch, images);
  return {};
}

Status RunSession::openLabels() {
  int64_t classes = model->info().classes;
  std::string path = arguments.get("--labels");
  if (path.empty()) {
    labels = source->labels();
    for (int64_t label : labels)
      if (label >= classes)
        return makeError(arguments.get("--input"), ": label ", label, " in the file, but the model has only ", classes,
                         " classes; give the right ones with --labels");
    return {};
  }
  Result<std::vector<int64_t>> read = readLabels(path, classes);
  if (!read)
    return read.error();
  if (!fitsImages(read->size()))
    return makeError(path, ": labels: required one for each of ", source->count(), " images, found ", read->size());
  labels = std::move(*read);
  return {};
}

Status RunSession::openReferences() {
  const ModelInfo &info = model->info();
  if (arguments.has("--reference")) {
    Result<NpyArray> array = NpyArray::open(arguments.get("--reference"));
    if (!array)
      return array.error();
    const auto &shape = array->shape();
    if (array->type() != NpyType::F32 || shape.size() != 2 || !fitsImages(shape[0]) || shape[1] != info.classes)
      return makeError(array->path(), ": logits: required float32 ", shapeText({source->count(), info.classes}),
                       ", found ", npyTypeName(array->type()), " ", shapeText(shape));
    reference = std::move(*array);
  }
  for (const char *option : {"--halting", "--reference-halting"})
    if (arguments.has(option) && !info.halts)
      return makeError(option, ": this model has no halting steps");
  if (arguments.has("--reference-halting")) {
    Result<NpyArray> array = NpyArray::open(arguments.get("--reference-halting"));
    if (!array)
      return array.error();
    const auto &shape = array->shape();
    if (array->type() == NpyType::F32 || shape.size() != 2 || !fitsImages(shape[0]) || shape[1] != info.tokens)
      return makeError(array->path(), ": halting steps: required integers ", shapeText({source->count(), info.tokens}),
                       ", found ", npyTypeName(array->type()), " ", shapeText(shape));
    referenceHalting = std::move(*array);
  }
  if (arguments.has("--teacher")) {
    auto opened = SpikeTeacher::open(arguments.get("--teacher"), info, images);
    if (!opened)
      return opened.error();
    teacher = std::move(*opened);
  }
  return {};
}

Status RunSession::openOutputs() {
  const ModelInfo &info = model->info();
  auto openArray = [&](const char *option, NpyType type, int64_t columns, std::optional<NpyWriter> &file) -> Status {
    if (!arguments.has(option))
      return {};
    Result<NpyWriter> writer = NpyWriter::create(arguments.get(option), type, {images, columns});
    if (!writer)
      return writer.error();
    file = std::move(*writer);
    return {};
  };
  std::set<std::filesystem::path> taken;
  for (const char *output : {"--output", "--halting", "--rates", "--dump-spikes"}) {
    if (!arguments.has(output))
      continue;
    std::string path = arguments.get(output);
    for (const std::string &input : {arguments.file(), arguments.get("--input")})
      if (Status status = requireOtherFile(path, input); !status)
        return status;
    std::error_code ignored;
    bool isDevice = std::filesystem::is_character_file(path, ignored);
    if (!isDevice && !taken.insert(std::filesystem::weakly_canonical(std::filesystem::absolute(path), ignored)).second)
      return makeError(output, "=", path, ": is another output too; give another name");
  }
  if (Status status = openArray("--output", NpyType::F32, info.classes, logitsFile); !status)
    return status;
  if (Status status = openArray("--halting", NpyType::I32, info.tokens, haltingFile); !status)
    return status;
  if (arguments.has("--rates")) {
    Result<OutputFile> file = OutputFile::create(arguments.get("--rates"));
    if (!file)
      return file.error();
    ratesFile = std::move(*file);
  }
  if (arguments.has("--dump-spikes")) {
    auto created = SpikeDump::create(arguments.get("--dump-spikes"), info, images);
    if (!created)
      return created.error();
    dump = std::move(*created);
  }
  if (arguments.has("--profile"))
    options.profile = &figures.times;
  if ((arguments.has("--stats") || ratesFile || isCounting) && isSimulated())
    options.activity = &figures.chip.emplace(costs.empty() ? info.costProfile : costs).activity;
  if (arguments.has("--stats") || ratesFile || isCounting)
    counter = std::make_unique<SpikeCounter>(info);
  if (ratesFile || isCounting)
    inputCounter = std::make_unique<InputCounter>(info);
  // The teacher comes last: the others see what the model computed.
  for (Observer *observer : {static_cast<Observer *>(dump.get()), static_cast<Observer *>(counter.get()),
                             static_cast<Observer *>(inputCounter.get()), static_cast<Observer *>(teacher.get())})
    if (observer)
      options.observers.push_back(observer);
  return {};
}

Status RunSession::inferAll() {
  const ModelInfo &info = model->info();
  pixels.resize(together * info.input.elements());
  logits.resize(together * info.classes);
  if (info.halts) {
    halting.resize(together * info.tokens);
    figures.haltingHistogram.resize(1 + info.timesteps * info.blocks);
  }
  if (!labels.empty()) {
    figures.correct = 0;
    figures.classes.resize(info.classes);
  }
  if (reference)
    figures.agreeing = 0;
  if (referenceHalting)
    figures.sameHalting = 0;
  Progress progress("running", images);
  for (int64_t first = 0; first < images; first += together) {
    if (Status status = infer(first, std::min(together, images - first)); !status)
      return status;
    progress.update(std::min(images, first + together));
  }
  return {};
}

/// Before the clock starts: loads pages and caches on every thread, or has a GPU make the graphs of all batch sizes.
Status RunSession::warmUp(Batch run, int64_t count) {
  std::vector<int64_t> sizes = {std::min<int64_t>(count, isOnGpu() ? count : model->threads())};
  if (isOnGpu() && images % batch != 0)
    sizes.push_back(images % batch);
  for (int64_t size : sizes) {
    run.size = size;
    if (Status status = model->run(run); !status)
      return status;
  }
  return {};
}

Status RunSession::infer(int64_t first, int64_t count) {
  int64_t elements = model->info().input.elements();
  for (int64_t i = 0; i < count; ++i)
    if (Status status = source->read(first + i, pixels.data() + i * elements); !status)
      return status;
  Batch run;
  run.images = pixels.data();
  run.logits = logits.data();
  run.halting = halting.empty() ? nullptr : halting.data();
  run.firstImage = first;
  if (first == 0 && !isSimulated())
    if (Status status = warmUp(run, count); !status)
      return status;
  run.size = count;
  auto start = std::chrono::steady_clock::now();
  if (Status status = model->run(run, options); !status)
    return status;
  figures.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (Status status = compare(first, count); !status)
    return status;
  return countHalting(first, count);
}

/// The class of the largest logit, of several the first; as in PyTorch, what
/// is not a number is larger than any number.
static int64_t argmax(const float *logits, int64_t classes) {
  int64_t best = 0;
  for (int64_t c = 0; c < classes; ++c) {
    if (std::isnan(logits[c]))
      return c;
    if (logits[c] > logits[best])
      best = c;
  }
  return best;
}

Status RunSession::compare(int64_t first, int64_t count) {
  int64_t classes = model->info().classes;
  std::vector<float> expected(classes);
  for (int64_t i = 0; i < count; ++i) {
    const float *found = logits.data() + i * classes;
    int64_t predicted = argmax(found, classes);
    if (isCounting)
      predictions.push_back(predicted);
    if (figures.correct) {
      bool isCorrect = predicted == labels[first + i];
      *figures.correct += isCorrect;
      RunReport::ClassCount &count = figures.classes[labels[first + i]];
      ++count.images;
      count.correct += isCorrect;
    } else if (images <= kListedPredictions) {
      figures.predictions.push_back({source->name(first + i), predicted, found[predicted]});
    }
    if (reference) {
      reference->copyFloats((first + i) * classes, classes, expected.data());
      *figures.agreeing += predicted == argmax(expected.data(), classes);
      for (int64_t c = 0; c < classes; ++c) {
        double difference = std::fabs(double(found[c]) - expected[c]);
        // Also takes what is not a number.
        if (!(difference <= figures.largestDifference))
          figures.largestDifference = difference;
      }
    }
  }
  if (!logitsFile)
    return {};
  return logitsFile->write(first * classes, logits.data(), count * classes);
}

Status RunSession::countHalting(int64_t first, int64_t count) {
  if (halting.empty())
    return {};
  const ModelInfo &info = model->info();
  int64_t steps = info.timesteps * info.blocks;
  if (isCounting)
    for (int64_t i = 0; i < count; ++i)
      imageBlocks.push_back(
          std::accumulate(halting.begin() + i * info.tokens, halting.begin() + (i + 1) * info.tokens, int64_t(0)));
  for (int64_t i = 0; i < count * info.tokens; ++i) {
    int64_t step = halting[i];
    if (step < 1 || step > steps)
      return makeError(arguments.file(), ": image ", first + i / info.tokens, ", token ", i % info.tokens,
                       ": required a halting step from 1 to ", steps, ", found ", step,
                       "; the code in the artifact is wrong");
    ++figures.haltingHistogram[step];
    if (referenceHalting)
      *figures.sameHalting += step == referenceHalting->integer(first * info.tokens + i);
  }
  if (!haltingFile)
    return {};
  return haltingFile->write(first * info.tokens, halting.data(), count * info.tokens);
}

energy::Rates RunSession::rates() const {
  energy::Rates rates;
  rates.source = model->info().network.source;
  rates.images = images;
  rates.layers = inputCounter->rates();
  for (size_t i = 0; i < model->info().spikeLayers.size(); ++i)
    rates.neurons.push_back(counter->rates(i));
  if (figures.chip)
    for (const ChipActivity::Population &of : figures.chip->activity.populations)
      rates.populations.push_back({of.name, of.spikes, of.active, of.idle});
  return rates;
}

Status RunSession::closeOutputs() {
  if (ratesFile)
    if (Status status = ratesFile->write(energy::toJson(model->info().network, rates())); !status)
      return status;
  // All or none: what may fail, first.
  auto flush = [](auto &file) { return file ? file->flush() : Status(); };
  auto commit = [](auto &file) { return file ? file->commit() : Status(); };
  for (Status status : {flush(logitsFile), flush(haltingFile), flush(ratesFile), flush(dump)})
    if (!status)
      return status;
  for (Status status : {commit(logitsFile), commit(haltingFile), commit(ratesFile), commit(dump)})
    if (!status)
      return status;
  return {};
}

void RunSession::fillReport() {
  const ModelInfo &info = model->info();
  figures.artifact = arguments.file();
  figures.info = &info;
  figures.images = images;
  figures.threads = model->threads();
  figures.batch = batch;
  figures.observed = !options.observers.empty();
  if (!arguments.has("--stats") && !isCounting)
    figures.chip.reset();
  if (!arguments.has("--stats"))
    return;
  for (size_t i = 0; i < info.spikeLayers.size(); ++i) {
    const SpikeLayer &layer = info.spikeLayers[i];
    figures.rates.push_back(
        {layer.name, counter->rate(i, images), counter->spikes(i), layer.neurons(), layer.timesteps});
  }
}
