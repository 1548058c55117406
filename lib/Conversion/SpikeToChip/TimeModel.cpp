//===- TimeModel.cpp - Steps, delays and the interval of timesteps --------===//
//
// docs/Rationale/Chip.md, "Time". Steps are as early as can be, which makes the
// least depth; what waits, waits in the delays of axons.
//
//===----------------------------------------------------------------------===//
#include "NetworkBuilder.h"

using namespace mlir;
using namespace stas;
using namespace stas::chip;

namespace {
/// A projection with its ends.
struct Edge {
  ProjectionOp op;
  PopulationOp source, target;

  bool isGate() { return op.getPort() == Port::Gate; }
  bool isNext() { return op.getNext(); }
  /// Counters that a spike raises are read a step later.
  int64_t travel() { return op.getPort() == Port::Key || op.getPort() == Port::Value ? 2 : 1; }
  /// Steps from the source's first run to the one that the target's first run waits for.
  int64_t lead(int64_t interval) {
    return target.getRuns() == 1 ? (static_cast<int64_t>(source.getRuns()) - 1) * interval : 0;
  }
};

class Schedule {
public:
  explicit Schedule(NetworkBuilder &network) : network(network) {}
  void run();

private:
  void collect();
  void setSteps(int64_t interval);
  int64_t leastInterval();
  void setDelays(int64_t interval);
  int64_t relay(Edge &edge, int64_t delay, int64_t longest);
  int64_t step(PopulationOp population) { return steps.lookup(population); }

  NetworkBuilder &network;
  SmallVector<Edge> edges;
  DenseMap<Operation *, SmallVector<unsigned>> incoming; // into a population, of `edges`
  DenseMap<Operation *, int64_t> steps;
  DenseMap<Operation *, SmallVector<PopulationOp>> relays; // of a population, the longest delay and a step apart
};
} // namespace

void Schedule::collect() {
  SymbolTable symbols(network.network());
  for (auto op : network.network().getBody().getOps<ProjectionOp>()) {
    Edge edge{op, symbols.lookup<PopulationOp>(op.getSource()), symbols.lookup<PopulationOp>(op.getTarget())};
    incoming[edge.target].push_back(edges.size());
    edges.push_back(edge);
  }
}

void Schedule::setSteps(int64_t interval) {
  for (PopulationOp population : network.populations()) {
    int64_t earliest = 0;
    for (unsigned index : incoming.lookup(population)) {
      Edge &edge = edges[index];
      if (!edge.isNext())
        earliest = std::max(earliest, step(edge.source) + edge.lead(interval) + edge.travel());
    }
    steps[population] = earliest;
  }
}

/// What a timestep sends to the next has to be there in time; and a gate, which travels without delay, must not arrive
/// before its target has had the run of the timestep before.
int64_t Schedule::leastInterval() {
  int64_t interval = 1;
  for (Edge &edge : edges) {
    if (edge.isNext())
      interval = std::max(interval, step(edge.source) + 1 - step(edge.target));
    else if (edge.isGate())
      interval = std::max(interval, step(edge.target) - step(edge.source));
  }
  return interval;
}

/// Lets populations take the edge over as long as its delay is too long; the delay that is left. They are shared by all
/// edges of a source. Of halting neurons only the sums can wait: gates have no delay, and a readout runs next.
int64_t Schedule::relay(Edge &edge, int64_t delay, int64_t longest) {
  SmallVector<PopulationOp> &chain = relays[edge.source];
  PopulationOp from = edge.source;
  for (size_t i = 0; delay > longest; delay -= longest + 1, from = chain[i++]) {
    if (i < chain.size())
      continue;
    int64_t payload = from.getPayload();
    Neurons neurons = neuronsLike(from);
    neurons.program = Program::Sum;
    neurons.payload = payload;
    neurons.stateBits = signedBits(payload);
    neurons.rate = from.getRate() ? from.getRate()->convertToDouble() : 0.0;
    if (payload == 1)
      network.makeUnion(neurons, 1);
    PopulationOp relay = network.add(from.getLoc(), (edge.source.getSymName() + ".relay").str(), neurons);
    relay.setStep(steps[relay] = step(from) + 1 + longest);
    network.connect(from.getLoc(), from, relay, network.constant(1), Link()).setDelay(longest);
    chain.push_back(relay);
  }
  edge.op.setSourceAttr(FlatSymbolRefAttr::get(from));
  return delay;
}

void Schedule::setDelays(int64_t interval) {
  int64_t longest = network.network().getHardware().getDelaySteps();
  for (Edge &edge : edges) {
    if (edge.isGate())
      continue; // it may come sooner than its target runs, and then has no axon of its own for each delay
    int64_t due = step(edge.target) + (edge.isNext() ? interval : 0);
    int64_t delay = due - step(edge.source) - edge.lead(interval) - edge.travel();
    edge.op.setDelay(delay > longest ? relay(edge, delay, longest) : delay);
  }
}

void Schedule::run() {
  collect();
  // The interval moves those apart that sum over timesteps from those before them, and no others: the second round
  // changes nothing but that.
  setSteps(1);
  int64_t interval = leastInterval();
  setSteps(interval);
  network.network().setInterval(interval);
  for (PopulationOp population : network.populations())
    population.setStep(step(population));
  setDelays(interval);
  for (auto table : network.network().getBody().getOps<SynapsesOp>())
    if (table.getForm() == Form::FastWeight)
      table.setLimbs(interval == 1 && network.network().getTimesteps() > 1 ? 2 : 1);
}

void stas::schedule(NetworkBuilder &network) { Schedule(network).run(); }
