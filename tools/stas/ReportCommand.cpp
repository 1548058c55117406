//===- ReportCommand.cpp - stas report ------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "RunSession.h"
#include "stas/Report/Report.h"
#include "stas/Support/Arguments.h"
#include "stas/Support/OutputFile.h"
#include "stas/Target/Artifact/CoreMap.h"

#include <algorithm>
#include <numeric>
#include <tuple>

using namespace stas;

/// Say how images are run, as those of stas run.
static const std::vector<std::string> kRunOptions = {"--input", "--labels", "--limit", "--cpu", "--threads", "--batch"};

static const CommandHelp kHelp = {
    "report",
    "write a page of what an artifact is, does and costs",
    "OUT.stas -o FILE.html [--input IMAGES | --run FILE] [OPTIONS]",
    "artifact (OUT.stas)",
    {
        {"-o", "FILE.html", "where to write the page, one file that needs no other"},
        {"--input", "FILE", "run the artifact on these images; as of stas run"},
        {"--labels", "FILE", "what the images show; as of stas run"},
        {"--limit", "N", "run only the first N images"},
        {"--cpu", "NAME", "which of the artifact's codes to run (the best for this CPU)"},
        {"--threads", "N", "CPUs to use (all that the process may)"},
        {"--batch", "N", "images at a time (about 64)"},
        {"--run", "FILE.json", "take accuracy, halting and firing rates from what stas run --stats --json printed"},
        {"--rates", "FILE.json", "take the estimate's rates from what stas run --rates wrote"},
        {"--profile", "NAME|FILE",
         "what operations cost: cmos45 (default), or a file; of a chip what events do (the chip's)"},
    },
    "\nThe page opens without a network. Parts that need images say so and name the\ncommand. docs/Report.md explains "
    "every part.\n\n"
    "  stas report model.stas -o report.html --input test_batch.bin --limit 1000\n"};

/// What the options must be to each other.
static Status checkOptions(const Arguments &arguments) {
  if (!arguments.has("-o"))
    return makeError("required -o FILE.html, found none; see stas report --help");
  if (arguments.has("--input") && arguments.has("--run"))
    return makeError("--run: required --input or --run, found both; leave one out");
  if (arguments.has("--input") && arguments.has("--rates"))
    return makeError("--rates: required --input or --rates, found both: a run measures its own; leave one out");
  for (const std::string &option : kRunOptions)
    if (arguments.has(option) && !arguments.has("--input"))
      return makeError(option, ": required --input IMAGES with it, found none");
  std::vector<std::string> inputs = {arguments.file()};
  for (const char *option : {"--input", "--labels", "--run", "--rates", "--profile"})
    if (arguments.has(option))
      inputs.push_back(arguments.get(option));
  for (const std::string &input : inputs)
    if (Status status = requireOtherFile(arguments.get("-o"), input); !status)
      return status;
  return {};
}

/// Of a path, whether or not it ends in '/'.
static std::string fileName(const std::string &path) {
  return path.empty() ? path : path.substr(path.find_last_of('/', path.size() - 2) + 1);
}

static report::FiringRate firingRate(const energy::NeuronRates &neuron, uint64_t images) {
  report::FiringRate rate;
  rate.layer = neuron.name;
  rate.neurons = neuron.neurons;
  rate.timesteps = neuron.spikes.size();
  double places = static_cast<double>(neuron.neurons) * images;
  for (uint64_t spikes : neuron.spikes) {
    rate.spikes += spikes;
    rate.ofTimestep.push_back(spikes / places);
  }
  rate.rate = rate.spikes / (places * rate.timesteps);
  return rate;
}

/// Four images from the least work to the most, each once; run again one by one, to have the steps of their tokens.
static Result<std::vector<report::Example>> examplesOf(RunSession &session) {
  const std::vector<int64_t> &blocks = session.blocksOfImages();
  std::vector<int64_t> order(blocks.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](int64_t a, int64_t b) { return std::tie(blocks[a], a) < std::tie(blocks[b], b); });
  std::vector<std::pair<const char *, int64_t>> chosen;
  int64_t last = static_cast<int64_t>(order.size()) - 1;
  for (auto [reason, rank] : {std::pair<const char *, int64_t>{"Least work", 0},
                              {"Lower third", last / 3},
                              {"Upper third", 2 * last / 3},
                              {"Most work", last}})
    if (last >= 0 && (chosen.empty() || chosen.back().second != order[rank]))
      chosen.push_back({reason, order[rank]});

  const ModelInfo &info = session.loadedModel().info();
  std::vector<float> logits(info.classes);
  std::vector<report::Example> examples;
  for (auto [reason, index] : chosen) {
    report::Example example;
    example.name = session.inputs().name(index);
    example.reason = reason;
    example.pixels.resize(info.input.elements());
    example.steps.resize(info.tokens);
    example.predicted = session.predictedClasses()[index];
    example.label = session.label(index);
    if (Status status = session.inputs().read(index, example.pixels.data()); !status)
      return status.error();
    Batch batch = {1, example.pixels.data(), logits.data(), example.steps.data(), index};
    if (Status status = session.loadedModel().run(batch); !status)
      return status.error();
    examples.push_back(std::move(example));
  }
  return examples;
}

/// What a session has shown, as the page takes it.
static Result<report::Run> runOf(RunSession &session, const energy::Rates &rates, const std::string &images) {
  const RunReport &figures = session.report();
  report::Run run;
  run.images = fileName(images);
  run.count = figures.images;
  if (figures.correct)
    run.correct = *figures.correct;
  for (const RunReport::ClassCount &count : figures.classes)
    run.classes.push_back({uint64_t(count.images), uint64_t(count.correct)});
  for (const energy::NeuronRates &neuron : rates.neurons)
    run.rates.push_back(firingRate(neuron, rates.images));
  run.tokensByStep.assign(figures.haltingHistogram.begin(), figures.haltingHistogram.end());
  Result<std::vector<report::Example>> examples = examplesOf(session);
  if (!examples)
    return examples.error();
  run.examples = std::move(*examples);
  return run;
}

namespace {

/// What a page is made of, in the order in which it can be wrong.
class ReportRequest {
public:
  explicit ReportRequest(const Arguments &arguments) : arguments(arguments) {}
  Status write();

private:
  Status open();
  Status runImages();

  const Arguments &arguments;
  Status openCosts();
  Status openChipRates(const coremap::CoreMap &map);

  std::optional<energy::Profile> profile; ///< Of a chip whose costs are not known: none.
  std::optional<artifact::Artifact> artifact;
  energy::Network network;
  std::optional<energy::Rates> rates;
  std::optional<report::Run> run;
  std::optional<energy::ChipRates> chipRates;
  std::optional<ChipActivity> activity;
};

} // namespace

/// A CPU's operations, or a chip's events: what the chip file names, unless the user does.
Status ReportRequest::openCosts() {
  const coremap::CoreMap *map = artifact->coreMap();
  std::string name = arguments.get("--profile");
  if (name.empty())
    name = map ? map->device().cost_profile() : "cmos45";
  if (name.empty())
    return {};
  Result<energy::Profile> costs = energy::loadProfile(name);
  if (!costs) {
    // What a chip names may lie elsewhere than where it was compiled; what the user names must be there.
    if (map && !arguments.has("--profile"))
      return {};
    return costs.error();
  }
  profile = std::move(*costs);
  if (map && !profile->pricesEvents())
    return makeError("--profile=", name, ": required costs of events on a chip, found only prices of operations");
  if (!map && !profile->pricesOperations())
    return makeError("--profile=", name,
                     ": required prices of operations, found only costs of events on a chip; cmos45 has both");
  return {};
}

/// Of a chip a run has rates as well: those of its populations.
Status ReportRequest::openChipRates(const coremap::CoreMap &map) {
  const char *option = arguments.has("--rates") ? "--rates" : "--run";
  if (!arguments.has(option))
    return {};
  Result<energy::ChipRates> read = energy::readChipRates(arguments.get(option), map);
  if (!read)
    return read.error();
  chipRates = std::move(*read);
  return {};
}

Status ReportRequest::open() {
  if (Status status = checkOptions(arguments); !status)
    return status;
  Result<artifact::Artifact> file = artifact::Artifact::open(arguments.file());
  if (!file)
    return file.error();
  if (file->cudaPlan())
    return makeError(file->path(), ": required an artifact for a CPU or a chip, found one for a GPU, whose spikes are "
                                   "not counted; compile the model with --target=cpu, which gives the same results");
  artifact = std::move(*file);
  if (Status status = openCosts(); !status)
    return status;
  network = energy::networkOf(artifact->manifest());
  const coremap::CoreMap *map = artifact->coreMap();
  if (map) {
    if (Status status = openChipRates(*map); !status)
      return status;
  } else if (arguments.has("--rates")) {
    Result<energy::Rates> read = energy::readRates(arguments.get("--rates"), network);
    if (!read)
      return read.error();
    rates = std::move(*read);
  }
  if (arguments.has("--run")) {
    Result<report::Run> read = report::readRun(arguments.get("--run"), artifact->manifest(), map);
    if (!read)
      return read.error();
    run = std::move(*read);
  }
  return {};
}

Status ReportRequest::runImages() {
  Arguments runArguments = arguments.only(kRunOptions);
  RunSession session(runArguments);
  session.countAlways(arguments.get("--profile"));
  if (Status status = session.run(); !status)
    return status;
  energy::Rates counted = session.rates();
  Result<report::Run> shown = runOf(session, counted, arguments.get("--input"));
  if (!shown)
    return shown.error();
  if (session.report().chip) {
    activity = session.report().chip->activity;
    chipRates = energy::ratesOf(*artifact->coreMap(), counted.images, counted.populations);
  } else {
    rates = std::move(counted);
  }
  run = std::move(*shown);
  return {};
}

Status ReportRequest::write() {
  if (Status status = open(); !status)
    return status;
  Result<OutputFile> file = OutputFile::create(arguments.get("-o"));
  if (!file)
    return file.error();
  if (arguments.has("--input"))
    if (Status status = runImages(); !status)
      return status;
  // A chip's network has no operations to estimate.
  energy::Profile none;
  energy::Estimate estimate = energy::estimate(network, profile ? *profile : none, rates ? &*rates : nullptr);
  const coremap::CoreMap *map = artifact->coreMap();
  std::optional<energy::ChipEstimate> chip;
  if (map)
    chip = energy::estimateChip(*map, profile ? *profile : none, chipRates ? *chipRates : energy::boundsOf(*map));
  std::string source = arguments.get(arguments.has("--rates")   ? "--rates"
                                     : arguments.has("--input") ? "--input"
                                                                : "--run");
  report::Content content{*artifact, estimate};
  content.rates = rates ? &*rates : nullptr;
  content.ratesSource = fileName(source);
  content.run = run ? &*run : nullptr;
  content.chip = chip ? &*chip : nullptr;
  content.activity = activity ? &*activity : nullptr;
  content.costs = profile && map ? &*profile : nullptr;
  if (Status status = file->write(report::page(content)); !status)
    return status;
  return file->commit();
}

Status stas::reportCommand(int argc, char **argv) {
  auto parsed = Arguments::parse(kHelp, argc, argv);
  if (!parsed || !*parsed)
    return parsed ? Status() : parsed.error();
  return ReportRequest(**parsed).write();
}
