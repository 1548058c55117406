//===- SanaFeArchitecture.cpp - A chip as SANA-FE describes it ------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An idle neuron costs its access, an active one its access and its update, as
// SANA-FE charges them. Neurons that the host writes cost what others do.
//
//===----------------------------------------------------------------------===//

#include "SanaFe.h"

#include <sstream>

using namespace stas;
using namespace stas::chipsim;
using energy::Event;

namespace {

/// Energy and latency of an event in joules and seconds.
struct Cost {
  double joules = 0, seconds = 0;
};

Result<Cost> costOf(const energy::Profile &profile, Event event) {
  const energy::Cost &cost = profile.cost(event);
  auto middle = [](const energy::Figure &figure) { return (figure.low + figure.high) / 2; };
  bool needsEnergy = event != Event::Barrier;
  if ((needsEnergy && !cost.picojoules) || !cost.nanoseconds)
    return makeError("profile ", profile.name, ": required energy and time of ", energy::eventText(event),
                     " for SANA-FE, found none; --profile=loihi1-nahuku-fit has all");
  return Cost{needsEnergy ? 1e-12 * middle(*cost.picojoules) : 0, 1e-9 * middle(*cost.nanoseconds)};
}

class Yaml {
public:
  explicit Yaml(const energy::Profile &profile) : profile(profile) { text.precision(12); }

  /// Lines energy_NAME and latency_NAME, of the difference where there is a second event.
  void cost(int depth, const char *name, Event event, const Event *without = nullptr) {
    Result<Cost> found = costOf(profile, event);
    Result<Cost> less = without ? costOf(profile, *without) : Result<Cost>(Cost());
    for (const Result<Cost> *result : {&found, &less})
      if (!*result && failure.empty())
        failure = result->error().message();
    if (!found || !less)
      return;
    line(depth) << "energy_" << name << ": " << found->joules - less->joules << "\n";
    line(depth) << "latency_" << name << ": " << found->seconds - less->seconds << "\n";
  }
  std::ostream &line(int depth) { return text << std::string(2 * depth, ' '); }

  const energy::Profile &profile;
  std::ostringstream text;
  std::string failure;
};

} // namespace

Result<std::string> chipsim::sanaFeArchitecture(const coremap::Device &device, const energy::Profile &profile,
                                                int64_t inputs) {
  Yaml yaml(profile);
  Result<Cost> barrier = costOf(profile, Event::Barrier);
  if (!barrier)
    return barrier.error();
  int64_t tiles = int64_t(device.mesh_rows()) * device.mesh_columns();
  // Neurons that fire to add biases are none of the chip's.
  int64_t neurons = device.neurons() + inputs;
  yaml.text << "# Costs of profile " << profile.name << ".\n"
            << "architecture:\n"
            << "  name: chip\n"
            << "  attributes:\n"
            << "    topology: mesh\n"
            << "    width: " << device.mesh_columns() << "\n"
            << "    height: " << device.mesh_rows() << "\n"
            << "    link_buffer_size: 16\n"
            << "    sync_model: fixed\n"
            << "    latency_sync: " << barrier->seconds << "\n"
            << "  tile:\n"
            << "    - name: tile[0.." << tiles - 1 << "]\n"
            << "      attributes:\n";
  for (const char *direction : {"north_hop", "south_hop"})
    yaml.cost(4, direction, Event::HopNorthSouth);
  for (const char *direction : {"east_hop", "west_hop"})
    yaml.cost(4, direction, Event::HopEastWest);
  yaml.text << "      core:\n"
            << "        - name: core[0.." << device.cores_per_tile() - 1 << "]\n"
            << "          attributes:\n"
            << "            buffer_position: soma\n"
            << "            buffer_inside_unit: false\n"
            << "            max_neurons_supported: " << neurons << "\n"
            << "          axon_in:\n"
            << "            - name: in\n"
            << "              attributes:\n";
  yaml.cost(8, "message_in", Event::MessageIn);
  yaml.text << "          soma:\n";
  auto soma = [&](const std::string &name, const char *model) {
    yaml.text << "            - name: " << name << "\n"
              << "              attributes:\n"
              << "                model: " << model << "\n";
    Event idle = Event::NeuronIdle;
    yaml.cost(8, "access_neuron", Event::NeuronIdle);
    yaml.cost(8, "update_neuron", Event::NeuronActive, &idle);
    yaml.cost(8, "spike_out", Event::Spike);
  };
  soma("lif", "leaky_integrate_fire");
  soma("input[0.." + std::to_string(std::max<int64_t>(inputs, 1) - 1) + "]", "input");
  yaml.text << "          dendrite:\n"
            << "            - name: sum\n"
            << "              attributes: {model: accumulator, energy_update: 0.0, latency_update: 0.0}\n"
            << "          synapse:\n";
  for (auto [name, event] : {std::pair("dense", Event::SynapseDense), std::pair("shared", Event::SynapseShared),
                             std::pair("sparse", Event::SynapseSparse)}) {
    yaml.text << "            - name: " << name << "\n"
              << "              attributes:\n"
              << "                model: current_based\n";
    yaml.cost(8, "process_spike", event);
  }
  yaml.text << "          axon_out:\n"
            << "            - name: out\n"
            << "              attributes:\n";
  yaml.cost(8, "message_out", Event::MessageOut);
  if (!yaml.failure.empty())
    return makeError(yaml.failure);
  return yaml.text.str();
}
