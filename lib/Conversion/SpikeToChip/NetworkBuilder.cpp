//===- NetworkBuilder.cpp - Populations, tables and projections -----------===//
#include "NetworkBuilder.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace stas;
using namespace stas::chip;

int64_t stas::signedBits(int64_t largest) { return llvm::Log2_64(largest) + 2; }

Neurons stas::neuronsLike(PopulationOp population) {
  Neurons neurons;
  neurons.map.assign(population.getMap().begin(), population.getMap().end());
  neurons.channels = population.getChannels();
  neurons.runs = population.getRuns();
  return neurons;
}

NetworkBuilder::NetworkBuilder(NetworkOp network)
    : op(network), builder(OpBuilder::atBlockEnd(&network.getBody().front())), symbols(network) {}

template <typename OpTy> OpTy NetworkBuilder::named(OpTy made) {
  // Of a layer without a name in its location.
  if (made.getSymName().empty())
    made.setSymName(made->getName().stripDialect());
  symbols.insert(made, builder.getInsertionPoint());
  return made;
}

PopulationOp NetworkBuilder::add(Location loc, StringRef name, const Neurons &neurons) {
  auto number = [&](int64_t value) { return builder.getI64IntegerAttr(value); };
  auto made = PopulationOp::create(
      builder, loc, builder.getStringAttr(name), ProgramAttr::get(builder.getContext(), neurons.program),
      builder.getDenseI64ArrayAttr(neurons.map), number(neurons.channels), number(neurons.payload),
      number(neurons.stateBits), number(0), number(neurons.runs), neurons.quant, /*halting=*/ActAttr(),
      /*scores=*/DenseI32ArrayAttr(), /*last=*/UnitAttr(),
      neurons.program == Program::Readout ? FloatAttr() : builder.getF64FloatAttr(neurons.rate));
  return added.emplace_back(named(made));
}

PopulationOp NetworkBuilder::addHalting(Location loc, StringRef name, const Neurons &neurons, ActAttr halting,
                                        ArrayRef<int32_t> scores, bool last) {
  PopulationOp made = add(loc, name, neurons);
  made.setHaltingAttr(halting);
  made.setScores(scores);
  made.setLast(last);
  return made;
}

SynapsesOp NetworkBuilder::addWeights(Location loc, StringRef name, spike::QuantAttr quant) {
  auto number = [&](int64_t value) { return builder.getI64IntegerAttr(value); };
  ArrayRef<int64_t> shape = quant.getWeight().getType().getShape();
  Form form = shape.size() == 2 ? Form::Dense : Form::Shared;
  // A limb is a byte, on a chip of wider weights too: 256 * high + low.
  int64_t limbs = quant.getBits() / 8;
  return named(SynapsesOp::create(builder, loc, builder.getStringAttr(name), FormAttr::get(builder.getContext(), form),
                                  number(llvm::product_of(shape.drop_front())), number(shape[0]), number(8),
                                  number(limbs), number(1), quant));
}

SynapsesOp NetworkBuilder::addCounters(Location loc, StringRef name, int64_t rows, int64_t columns, int64_t tokens) {
  auto number = [&](int64_t value) { return builder.getI64IntegerAttr(value); };
  return named(SynapsesOp::create(builder, loc, builder.getStringAttr(name),
                                  FormAttr::get(builder.getContext(), Form::FastWeight), number(rows), number(columns),
                                  number(llvm::Log2_64(tokens) + 1), number(1), number(1), spike::QuantAttr()));
}

SynapsesOp NetworkBuilder::constant(int64_t factor) {
  SynapsesOp &table = constants[factor];
  if (table)
    return table;
  auto number = [&](int64_t value) { return builder.getI64IntegerAttr(value); };
  std::string name = factor == 1 ? "unit" : "times_" + std::to_string(factor);
  return table = named(SynapsesOp::create(builder, op.getLoc(), builder.getStringAttr(name),
                                          FormAttr::get(builder.getContext(), Form::Constant), number(1), number(1),
                                          number(std::max<int64_t>(8, signedBits(factor))), number(1), number(factor),
                                          spike::QuantAttr()));
}

ProjectionOp NetworkBuilder::connect(Location loc, PopulationOp source, PopulationOp target, SynapsesOp table,
                                     const Link &link) {
  MLIRContext *context = builder.getContext();
  auto ref = [](Operation *named) { return FlatSymbolRefAttr::get(named); };
  bool hold = source.getRuns() == 1 && target.getRuns() > 1;
  return ProjectionOp::create(
      builder, loc, ref(source), ref(target), ref(table), PortAttr::get(context, link.port),
      TokensAttr::get(context, link.tokens), link.window, ChannelsAttr::get(context, link.channels),
      link.group ? builder.getI64IntegerAttr(link.group) : IntegerAttr(), builder.getI64IntegerAttr(0),
      hold ? builder.getUnitAttr() : UnitAttr(), link.next ? builder.getUnitAttr() : UnitAttr());
}

void NetworkBuilder::makeUnion(Neurons &neurons, int64_t inputs) {
  MLIRContext *context = builder.getContext();
  auto bare = spike::NormAttr::get(context, 1.0, {}, {}, {}, {}, {}, 0.0);
  auto forgetful = LIFAttr::get(context, /*tau=*/1.0, /*v_threshold=*/1.0, /*v_reset=*/0.0, ResetKind::Hard,
                                /*decay_input=*/true, CompareKind::GE);
  // 8 fractional bits, a sign, and a bit for the bound to stay below.
  neurons.program = Program::Lif;
  neurons.stateBits = signedBits(inputs) + 9;
  neurons.quant = spike::QuantAttr::get(context, {}, bare, forgetful, 1.0, inputs, neurons.runs, /*bits=*/0,
                                        /*guard=*/0, neurons.stateBits);
}
