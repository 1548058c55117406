//===- Attention.cpp - Attention by fast weights --------------------------===//
//
// q (k^T v): keys and values raise counters, queries read them in the step
// after (docs/Rationale/Chip.md).
//
//===----------------------------------------------------------------------===//
#include "Lowering.h"

using namespace mlir;
using namespace stas;
using namespace stas::chip;

LogicalResult Lowering::lowerAttention(spike::FireOp op, spike::CoincideOp product) {
  Stream operands[] = {streams.lookup(product.getKey()), streams.lookup(product.getValue()),
                       streams.lookup(product.getQuery())};
  for (const Stream &operand : operands)
    if (operand.empty() || largest(operand) != 1)
      return refuse(product) << "spikes as queries, keys and values, found other operands";
  Neurons neurons = like(operands[0]);
  neurons.program = Program::FastWeight;
  neurons.quant = op.getQuantAttr();
  neurons.runs = neurons.quant.getSteps();
  neurons.stateBits = neurons.quant.getStateBits();
  neurons.rate = rate(op.getOutput(), neurons.runs);
  int64_t width = neurons.channels / static_cast<int64_t>(product.getHeads()); // of a head
  PopulationOp population = network.add(op.getLoc(), layerName(op), neurons);
  SynapsesOp table = network.addCounters(product.getLoc(), layerName(product), width, neurons.channels,
                                         neurons.map[0] * neurons.map[1]);
  constexpr Port ports[] = {Port::Key, Port::Value, Port::Query};
  for (auto [operand, port] : llvm::zip_equal(operands, ports)) {
    Link link;
    link.port = port;
    link.tokens = port == Port::Query ? Tokens::Same : Tokens::All;
    link.channels = port == Port::Value ? Channels::Same : Channels::Group;
    link.group = port == Port::Value ? 0 : width;
    network.connect(op.getLoc(), operand.front().population, population, table, link);
  }
  streams[op.getOutput()] = {{population}};
  return success();
}
