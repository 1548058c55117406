//===- TuneCommand.cpp - stas tune ----------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layer of integer sums can be computed by one of several kernels, with the
// same results. The model is compiled once with each, and the artifacts take
// turns on the user's images, so that what slows a machine for a moment slows
// all of them. `stas compile --times` takes the fastest for each layer.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "EstimateRequest.h"
#include "ListText.h"
#include "RunReport.h"
#include "stas/Data/ImageSource.h"
#include "stas/Runtime/CpuFeatures.h"
#include "stas/Support/JsonFile.h"
#include "stas/Support/OutputFile.h"
#include "stas/Support/TemporaryFolder.h"
#include "stas/Support/Terminal.h"
#include "stas/Support/Text.h"
#include "stas/Target/Artifact/Artifact.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>

using namespace stas;

namespace {
constexpr int64_t kImages = 16, kSeconds = 3, kMostSeconds = 3600;
/// Of each CPU so many times, if time allows, and at least: loads of the models, and runs of each, the first of which
/// is to warm up.
constexpr int64_t kLoads = 12, kLeastLoads = 6, kLeastRounds = 3;
/// By their names in --kernels. The first is compiled for all CPUs, the others for those that the machine runs.
const std::vector<std::string> kKernels = {"dense", "events", "choice", "tiles"};
constexpr int64_t kMostImages = 1 << 20;
/// Of all images, which are held in memory.
constexpr int64_t kMostBytes = int64_t(2) << 30;

const CommandHelp &help() {
  static const CommandHelp result = [] {
    CommandHelp help = {
        "tune",
        "measure which kernels are the fastest, for stas compile --times",
        "MODEL --images FILE -o TIMES.json [OPTIONS]",
        "model (MODEL)",
        {{"-o", "FILE.json", "where to write the times"},
         {"--images", "FILE", "images such as the model will run on; of any kind that stas run --input takes"},
         {"--limit", "N", "run only the first N of them (16)"},
         {"--batch", "N", "images at a time (all)"},
         {"--threads", "N", "CPUs to use (1)"},
         {"--seconds", "N", "how long to measure on each CPU, at least (3)"},
         {"--precision", "NAME", "int16 (default) or int8, as stas compile is given it"},
         {"--state-bits", "N", "as stas compile is given it"},
         {"--cpu", "NAMES",
          "CPUs, by comma, as stas compile is given them (those of its codes that this machine runs)"},
         {"--json", nullptr, "the times as one JSON object, as they are written"}},
        "\nMODEL is a checkpoint (.pth .pt .pth.tar .safetensors) or an imported module (.mlir). Times are those of "
        "this\n"
        "machine; docs/Targets/CPU.md has the file's format.\n\n"
        "  stas tune model.pth --images test_batch.bin -o times.json\n"
        "  stas compile model.pth -o model.stas --times times.json\n"};
    for (const Option &option : checkpointOptions())
      help.options.push_back(option);
    return help;
  }();
  return result;
}

/// Least seconds an image, by layer and kernel.
using Times = std::map<std::string, std::map<std::string, double>>;

class Tuning {
public:
  Tuning(const Arguments &arguments, const TemporaryFolder &folder) : arguments(arguments), folder(folder) {}
  Status run();
  Json json() const;
  void printText(std::ostream &out) const;

private:
  Status checkOptions();
  Status compile();
  Status chooseCpus();
  Status readImages();
  Status measure();
  Status measure(const std::string &cpu, Times &times, Progress &progress, uint64_t done);
  Status runAll(Model &model, Times *times);
  std::vector<std::string> kernelsOf(const std::string &cpu) const;
  Result<std::unique_ptr<Model>> load(const std::string &kernel, const std::string &cpu) const;

  const Arguments &arguments;
  const TemporaryFolder &folder; ///< Of an artifact for each kernel.
  int64_t threads = 1, limit = kImages, batch = 0, seconds = kSeconds;
  std::vector<std::string> cpus;     ///< To measure.
  std::vector<std::string> tileCpus; ///< Of them, those with AMX.
  std::vector<std::string> absent;   ///< Codes that this machine cannot run.
  ModelInfo info;
  int64_t images = 0;
  std::vector<float> pixels, logits;
  std::vector<std::string> layers; ///< In the order of the plan.
  std::vector<Times> times;        ///< By CPU.
};

} // namespace

Status Tuning::run() {
  for (auto step : {&Tuning::checkOptions, &Tuning::compile, &Tuning::readImages, &Tuning::measure})
    if (Status status = (this->*step)(); !status)
      return status;
  return {};
}

Status Tuning::checkOptions() {
  for (const char *option : {"-o", "--images"})
    if (!arguments.has(option))
      return makeError(option, ": required a file, found none; see stas tune --help");
  std::string precision = arguments.get("--precision");
  if (arguments.has("--precision") && precision != "int16" && precision != "int8")
    return makeError("--precision=", printable(precision),
                     ": required int16 or int8, whose sums have several kernels, found another");
  for (const std::string &input : {arguments.file(), arguments.get("--images")})
    if (Status status = requireOtherFile(arguments.get("-o"), input); !status)
      return status;
  // What cannot be written is found before the work.
  if (Result<OutputFile> probe = OutputFile::create(arguments.get("-o")); !probe)
    return probe.error();
  struct Number {
    const char *option;
    int64_t *value, most;
  };
  for (auto [option, value, most] :
       {Number{"--threads", &threads, kMaxThreads}, Number{"--limit", &limit, kMostImages},
        Number{"--batch", &batch, kMostImages}, Number{"--seconds", &seconds, kMostSeconds}}) {
    Result<int64_t> number = arguments.number(option, *value, 1, most);
    if (!number)
      return number.error();
    *value = *number;
  }
  return {};
}

/// An artifact for each kernel, whose models take it wherever it serves.
Status Tuning::compile() {
  std::vector<std::string> words = {arguments.file()};
  for (const char *option : {"--precision", "--state-bits", "--config", "--timesteps", "--heads", "--input"})
    if (arguments.has(option))
      words.push_back(std::string(option) + "=" + arguments.get(option));
  for (const std::string &setting : arguments.all("--set"))
    words.push_back("--set=" + setting);
  if (arguments.has("--ema"))
    words.push_back("--ema");
  Progress progress("compiling", kKernels.size());
  for (size_t i = 0; i < kKernels.size(); ++i) {
    progress.update(i);
    std::string on = i == 0 ? arguments.get("--cpu") : listText(kKernels[i] == "tiles" ? tileCpus : cpus, ",");
    if (i > 0 && on.empty())
      continue;
    std::vector<std::string> all = words;
    all.insert(all.end(), {"--kernels=" + kKernels[i], "-o", folder.file(kKernels[i])});
    if (!on.empty())
      all.push_back("--cpu=" + on);
    if (Status status = runDelegate({"compile", "stas-compile", "", true}, all); !status)
      return status;
    if (i > 0)
      continue;
    if (Status status = chooseCpus(); !status)
      return status;
  }
  return {};
}

/// Of the codes of an artifact those that this machine runs; of those that were asked for, all must be.
Status Tuning::chooseCpus() {
  Result<artifact::Artifact> file = artifact::Artifact::open(folder.file(kKernels.front()));
  if (!file)
    return file.error();
  std::vector<std::string> present = hostCpuFeatures();
  auto consider = [&](const std::string &cpu, const auto &features) -> Status {
    std::vector<std::string> required(features.begin(), features.end());
    if (Status status = requireCpuFeatures(required, present, cpu); !status) {
      absent.push_back(cpu);
      return arguments.has("--cpu") ? makeError(arguments.file(), ": ", status.message()) : Status();
    }
    cpus.push_back(cpu);
    if (std::count(required.begin(), required.end(), "amx-int8"))
      tileCpus.push_back(cpu);
    return {};
  };
  const artifact::Manifest &manifest = file->manifest();
  if (Status status = consider(manifest.cpu(), manifest.cpu_features()); !status)
    return status;
  for (const artifact::Variant &variant : manifest.variants())
    if (Status status = consider(variant.cpu(), variant.cpu_features()); !status)
      return status;
  if (cpus.empty())
    return makeError(arguments.file(), ": required a CPU that runs code for ", listText(absent, " or "),
                     ", found one that does not; name another with --cpu");
  times.resize(cpus.size());
  return {};
}

std::vector<std::string> Tuning::kernelsOf(const std::string &cpu) const {
  std::vector<std::string> kernels = kKernels;
  if (!std::count(tileCpus.begin(), tileCpus.end(), cpu))
    kernels.erase(std::remove(kernels.begin(), kernels.end(), "tiles"), kernels.end());
  return kernels;
}

Result<std::unique_ptr<Model>> Tuning::load(const std::string &kernel, const std::string &cpu) const {
  LoadOptions options;
  options.threads = static_cast<int>(threads);
  options.cpu = cpu;
  return Model::load(folder.file(kernel), options);
}

Status Tuning::readImages() {
  Result<std::unique_ptr<Model>> model = load(kKernels.front(), cpus.front());
  if (!model)
    return model.error();
  info = (*model)->info();
  Result<std::unique_ptr<ImageSource>> source = ImageSource::open(arguments.get("--images"), info.input);
  if (!source)
    return source.error();
  images = std::min(limit, (*source)->count());
  if (images == 0)
    return makeError(arguments.get("--images"), ": required at least one image, found none");
  if (int64_t most = kMostBytes / sizeof(float) / info.input.elements(); images > most)
    return makeError("--limit=", images, ": required at most ", most, " images of this size, which are held in memory");
  batch = batch == 0 ? images : std::min(batch, images);
  pixels.resize(images * info.input.elements());
  logits.resize(batch * info.classes);
  for (int64_t image = 0; image < images; ++image)
    if (Status status = (*source)->read(image, pixels.data() + image * info.input.elements()); !status)
      return status;
  return {};
}

/// Runs all images. Without `times` to warm up.
Status Tuning::runAll(Model &model, Times *times) {
  std::vector<LaunchTime> launches;
  for (int64_t first = 0; first < images; first += batch) {
    Batch part;
    part.size = std::min(batch, images - first);
    part.images = pixels.data() + first * info.input.elements();
    part.logits = logits.data();
    RunOptions options;
    options.profile = &launches;
    if (Status status = model.run(part, options); !status)
      return status;
  }
  for (const LaunchTime &time : byLayer(launches)) {
    if (!times || time.kernel.empty())
      continue;
    if (std::find(layers.begin(), layers.end(), time.layer) == layers.end())
      layers.push_back(time.layer);
    double seconds = time.seconds / images;
    auto [least, isNew] = (*times)[time.layer].emplace(time.kernel, seconds);
    least->second = isNew ? seconds : std::min(least->second, seconds);
  }
  return {};
}

/// Erases layers that one kernel alone serves.
static void eraseWithoutChoice(Times &times) {
  for (auto layer = times.begin(); layer != times.end();)
    layer = layer->second.size() < 2 ? times.erase(layer) : std::next(layer);
}

/// Models are loaded again and again, each time elsewhere: no one place in memory is to decide.
Status Tuning::measure(const std::string &cpu, Times &times, Progress &progress, uint64_t done) {
  using Clock = std::chrono::steady_clock;
  const std::vector<std::string> kernels = kernelsOf(cpu);
  std::vector<std::unique_ptr<Model>> models(kernels.size());
  auto start = Clock::now();
  auto passed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  for (int64_t loads = 0; loads < kLeastLoads || passed() < seconds; ++loads) {
    progress.update(done +
                    static_cast<uint64_t>(100 * std::min({passed() / seconds, double(loads) / kLeastLoads, 1.0})));
    for (size_t i = 0; i < kernels.size(); ++i) {
      Result<std::unique_ptr<Model>> model = load(kernels[i], cpu);
      if (!model)
        return model.error();
      models[i] = std::move(*model); // the one before gives its memory back after the new one has some
    }
    auto loaded = passed();
    for (int64_t round = 0; round < kLeastRounds || passed() - loaded < double(seconds) / kLoads; ++round)
      for (auto &model : models)
        if (Status status = runAll(*model, round == 0 ? nullptr : &times); !status)
          return status;
  }
  return {};
}

Status Tuning::measure() {
  Progress progress("measuring", cpus.size() * 100);
  for (size_t cpu = 0; cpu < cpus.size(); ++cpu)
    if (Status status = measure(cpus[cpu], times[cpu], progress, cpu * 100); !status)
      return status;
  for (Times &of : times)
    eraseWithoutChoice(of);
  auto isGone = [&](const std::string &layer) { return times.front().count(layer) == 0; };
  layers.erase(std::remove_if(layers.begin(), layers.end(), isGone), layers.end());
  if (layers.empty())
    return makeError(arguments.file(), ": required a layer of integer sums that several kernels serve, found none");
  return {};
}

static const std::pair<const std::string, double> &fastest(const std::map<std::string, double> &kernels) {
  return *std::min_element(kernels.begin(), kernels.end(),
                           [](const auto &a, const auto &b) { return a.second < b.second; });
}

Json Tuning::json() const {
  Json json;
  json["source"] = info.source;
  json["precision"] = info.precision;
  json["images"] = images;
  json["batch"] = batch;
  json["threads"] = threads;
  json["seconds"] = seconds;
  for (size_t cpu = 0; cpu < cpus.size(); ++cpu)
    json["cpus"][cpus[cpu]] = times[cpu];
  return json;
}

void Tuning::printText(std::ostream &out) const {
  for (size_t cpu = 0; cpu < cpus.size(); ++cpu) {
    out << cpus[cpu] << ": us an image, the least of all runs of " << images << " images\n";
    std::vector<std::string> kernels = kernelsOf(cpus[cpu]), headings = {"layer"};
    headings.insert(headings.end(), kernels.begin(), kernels.end());
    headings.push_back("fastest");
    Table table(headings);
    std::map<std::string, double> totals;
    double least = 0;
    for (const std::string &layer : layers) {
      const std::map<std::string, double> &of = times[cpu].at(layer);
      std::vector<std::string> row = {printable(layer)};
      for (const std::string &kernel : kernels) {
        row.push_back(fixed(1e6 * of.at(kernel), 1));
        totals[kernel] += of.at(kernel);
      }
      row.push_back(fastest(of).first);
      least += fastest(of).second;
      table.row(row);
    }
    std::vector<std::string> row = {"all of them"};
    for (const std::string &kernel : kernels)
      row.push_back(fixed(1e6 * totals[kernel], 1));
    row.push_back(fixed(1e6 * least, 1) + " us");
    table.row(row);
    table.print(out, 2);
    out << '\n';
  }
  if (!absent.empty())
    out << "not measured, since this machine does not run it: " << listText(absent, ", ") << '\n';
  out << arguments.get("-o") << ": for stas compile --times\n";
}

Status stas::tuneCommand(int argc, char **argv) {
  auto parsed = Arguments::parse(help(), argc, argv);
  if (!parsed || !*parsed)
    return parsed ? Status() : parsed.error();
  const Arguments &arguments = **parsed;
  Result<TemporaryFolder> folder = TemporaryFolder::create(kKernels);
  if (!folder)
    return folder.error();
  Tuning tuning(arguments, *folder);
  if (Status status = tuning.run(); !status)
    return status;
  std::string text = tuning.json().dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  if (Status status = writeFile(arguments.get("-o"), text); !status)
    return status;
  if (arguments.has("--json"))
    std::cout << text;
  else
    tuning.printText(std::cout);
  return {};
}
