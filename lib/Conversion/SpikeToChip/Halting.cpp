//===- Halting.cpp - Tokens that halt over blocks and timesteps -----------===//
//
// docs/Rationale/Chip.md, "Halting". A gate goes on from block to block, so that
// a population listens to one halting neuron of each of its tokens, or two.
//
//===----------------------------------------------------------------------===//
#include "stas/Quantization/Halting.h"
#include "Lowering.h"

using namespace mlir;
using namespace stas;
using namespace stas::chip;

PopulationOp Lowering::addHalting(ActOp op, unsigned block, const Stream &stream) {
  Operation *yield = op.getBlocks()[block].front().getTerminator();
  Neurons neurons = like(stream);
  neurons.program = Program::Halting;
  neurons.channels = 1;
  // A sum that has not reached the limit, and one more score.
  neurons.payload = 2 * haltingOne;
  neurons.stateBits = signedBits(neurons.payload);
  neurons.rate = static_cast<double>(neurons.runs);
  PopulationOp halting = network.addHalting(yield->getLoc(), (layerName(yield) + ".halt").str(), neurons,
                                            op.getHalting(), *op.getTable(), block + 1 == op.getBlocks().size());
  Link link;
  link.port = Port::Score;
  link.channels = Channels::First;
  feed(yield->getLoc(), stream, halting, link);
  return halting;
}

void Lowering::gate(PopulationOp halting, unsigned block, bool next) {
  Link link;
  link.port = Port::Gate;
  link.channels = Channels::All;
  link.next = next;
  for (PopulationOp population : gated[block])
    network.connect(halting.getLoc(), halting, population, network.constant(1), link);
}

/// The order says which scores are summed, and with that, whom a gate concerns: lexicographic, all blocks behind it
/// and, from the last, the first of the next timestep; else those behind it, and in rectangular order its own block's
/// next timestep.
void Lowering::connectHalting(ActOp op, const Encoder &encoder) {
  HaltingOrder order = op.getHalting().getOrder();
  unsigned blocks = encoder.halting.size();
  auto pass = [&](unsigned from, unsigned to, bool next) {
    Link link;
    link.next = next;
    PopulationOp halting = encoder.halting[from];
    network.connect(halting.getLoc(), halting, encoder.halting[to], network.constant(1), link);
  };
  for (unsigned block = 0; block < blocks; ++block) {
    PopulationOp halting = encoder.halting[block];
    if (block + 1 < blocks) {
      pass(block, block + 1, /*next=*/false);
      gate(halting, block + 1, /*next=*/false);
    } else if (order == HaltingOrder::Lexicographic && op.getTimesteps() > 1) {
      pass(block, 0, /*next=*/true);
      gate(halting, 0, /*next=*/true);
    }
    if (order == HaltingOrder::Rectangular && op.getTimesteps() > 1)
      gate(halting, block, /*next=*/true);
  }
}

LogicalResult Lowering::lowerAct(ActOp op) {
  Stream stream = streams.lookup(op.getInput());
  if (stream.empty() || !op.getTable())
    return refuse(op) << "an encoder in integers on counts, found one on " << op.getInput().getType();
  Encoder encoder;
  for (auto [index, region] : llvm::enumerate(op.getBlocks())) {
    Block &block = region.front();
    size_t before = network.populations().size();
    streams[block.getArgument(0)] = stream;
    for (Operation &inside : block.without_terminator())
      if (failed(lower(&inside)))
        return failure();
    Operation *yield = block.getTerminator();
    Value yielded = cast<YieldOp>(yield).getStream();
    stream = streams.lookup(yielded);
    // What leaves a block is a gated population's of that block, which runs at every timestep.
    bool isOwn = stream.size() == 1 && stream.front().factor == 1 &&
                 stream.front().population.getRuns() == op.getTimesteps() &&
                 llvm::is_contained(network.populations().drop_front(before), stream.front().population);
    if (!isOwn) {
      Neurons neurons = like(stream);
      neurons.program = Program::Sum;
      neurons.runs = op.getTimesteps();
      neurons.payload = largest(stream);
      neurons.stateBits = signedBits(neurons.payload);
      neurons.rate = rate(yielded, neurons.runs);
      PopulationOp sum = network.add(yield->getLoc(), (layerName(yield) + ".sum").str(), neurons);
      feed(yield->getLoc(), stream, sum, Link());
      stream = {{sum}};
    }
    encoder.streams.push_back(stream);
    encoder.halting.push_back(addHalting(op, index, stream));
    auto made = network.populations().drop_front(before);
    gated.emplace_back(made.begin(), made.end());
  }
  connectHalting(op, encoder);
  gated.clear();
  encoders[op.getOutput()] = std::move(encoder);
  return success();
}

/// Each block has a readout of its own: gains of a token belong to the block at which they were made.
PopulationOp Lowering::addWeightedReadout(spike::SumTokensOp op, ActOp act, const Encoder &encoder, unsigned block) {
  const Stream &stream = encoder.streams[block];
  Neurons neurons = like(stream);
  int64_t tokens = neurons.map[0] * neurons.map[1];
  neurons.program = Program::Readout;
  neurons.map = {1, 1};
  // The gains of a token sum up to one.
  neurons.stateBits = signedBits(largest(stream) * tokens) + 24;
  Operation *yield = act.getBlocks()[block].front().getTerminator();
  PopulationOp readout = network.add(yield->getLoc(), (layerName(yield) + ".output").str(), neurons);
  Link link;
  link.tokens = Tokens::All;
  feed(op.getLoc(), stream, readout, link);
  link.port = Port::Gain;
  link.channels = Channels::All;
  network.connect(op.getLoc(), encoder.halting[block], readout, network.constant(1), link);
  return readout;
}
