//===- MappingProblem.cpp - A network as lib/Mapping takes it -------------===//
#include "stas/Transforms/Chip/MappingProblem.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace stas;
using namespace stas::chip;

/// The limits that tiles are cut within. Those of state, weights and payloads are for verify-chip-network.
static mapping::Chip chipOf(HardwareAttr hardware) {
  mapping::Chip chip;
  chip.name = hardware.getName().str();
  chip.boardHeight = hardware.getBoard()[0];
  chip.boardWidth = hardware.getBoard()[1];
  chip.meshHeight = hardware.getMesh()[0];
  chip.meshWidth = hardware.getMesh()[1];
  chip.coresPerRouter = hardware.getCoresPerTile();
  chip.neurons = hardware.getNeurons();
  chip.synapseBits = hardware.getChip().synapseMemoryBits();
  chip.inAxons = hardware.getInAxons();
  chip.outAxons = hardware.getOutAxons();
  chip.stateBits = 2 * hardware.getStateBits();
  chip.weightBits = std::max(hardware.getWeightBits(), hardware.getCounterBits());
  chip.payloadBits = std::max<int64_t>(hardware.getPayloadBits(), 1);
  chip.delay = hardware.getDelaySteps();
  chip.multicast = hardware.getMulticast() == chip::Multicast::Tree;
  return chip;
}

static mapping::SynapseForm formOf(Form form) {
  switch (form) {
  case Form::Dense:
    return mapping::SynapseForm::Dense;
  case Form::Shared:
    return mapping::SynapseForm::Conv;
  case Form::FastWeight:
    return mapping::SynapseForm::FastWeight;
  case Form::Constant:
    return mapping::SynapseForm::Shared;
  }
  llvm_unreachable("a form of synapses");
}

static mapping::Layer layerOf(PopulationOp population) {
  mapping::Layer layer;
  layer.name = population.getSymName().str();
  layer.height = population.getMap()[0];
  layer.width = population.getMap()[1];
  layer.channels = population.getChannels();
  layer.stateBits = population.getStateBits();
  layer.payloadBits = llvm::Log2_64(population.getPayload()) + 1;
  // Without a rate, what it can fire at most.
  layer.spikes = {population.getRate() ? population.getRate()->convertToDouble()
                                       : static_cast<double>(population.getRuns())};
  return layer;
}

static mapping::Edge edgeOf(ProjectionOp projection, const DenseMap<StringRef, int> &layers,
                            const DenseMap<StringRef, int> &tables) {
  mapping::Edge edge;
  edge.source = layers.at(projection.getSource());
  edge.target = layers.at(projection.getTarget());
  edge.table = tables.at(projection.getSynapses());
  edge.delay = projection.getDelay();
  switch (projection.getTokens()) {
  case Tokens::Same:
    edge.tokens = mapping::TokenMap::Same;
    break;
  case Tokens::Window:
    edge.tokens = mapping::TokenMap::Window;
    break;
  case Tokens::All:
    edge.tokens = mapping::TokenMap::All;
    break;
  }
  if (auto window = projection.getWindowAttr())
    for (int axis : {0, 1}) {
      edge.window.kernel[axis] = window.getKernel()[axis];
      edge.window.stride[axis] = window.getStrides()[axis];
      edge.window.padding[axis] = window.getPadding()[axis];
    }
  switch (projection.getChannels()) {
  case Channels::Same:
    edge.channels = mapping::ChannelMap::Same;
    break;
  case Channels::Group:
    edge.channels = mapping::ChannelMap::Group;
    edge.group = *projection.getGroup();
    break;
  case Channels::All:
    edge.channels = mapping::ChannelMap::All;
    break;
  case Channels::First:
    edge.channels = mapping::ChannelMap::First;
    break;
  }
  return edge;
}

FailureOr<mapping::Problem> stas::mappingProblemOf(NetworkOp network) {
  DenseMap<StringRef, int> layers, tables;
  mapping::Problem problem;
  problem.chip = chipOf(network.getHardware());
  for (PopulationOp population : network.getBody().getOps<PopulationOp>()) {
    layers[population.getSymName()] = static_cast<int>(problem.layers.size());
    problem.layers.push_back(layerOf(population));
  }
  for (SynapsesOp table : network.getBody().getOps<SynapsesOp>()) {
    tables[table.getSymName()] = static_cast<int>(problem.tables.size());
    problem.tables.push_back({table.getSymName().str(), formOf(table.getForm()), static_cast<int64_t>(table.getRows()),
                              static_cast<int64_t>(table.getLimbs()), static_cast<int64_t>(table.getBits())});
  }
  for (ProjectionOp projection : network.getBody().getOps<ProjectionOp>())
    problem.edges.push_back(edgeOf(projection, layers, tables));
  if (Status status = problem.validate(); !status) {
    network.emitOpError("cannot be mapped: ") << status.message();
    return failure();
  }
  return problem;
}
