//===- Layers.cpp - Weighted layers, neurons, pools and residual sums -----===//
#include "Lowering.h"
#include "dialects/STAS/Windows.h"

using namespace mlir;
using namespace stas;
using namespace stas::chip;

/// The tokens that windows make of a map.
static SmallVector<int64_t, 2> windowsOn(ArrayRef<int64_t> map, spike::WindowAttr window) {
  SmallVector<int64_t, 2> windows;
  for (int axis : {0, 1})
    windows.push_back(
        windowExtent(map[axis], window.getKernel()[axis], window.getStrides()[axis], window.getPadding()[axis]));
  return windows;
}

int64_t Lowering::largest(const Stream &stream) {
  int64_t sum = 0;
  for (Term term : stream)
    sum += term.factor * static_cast<int64_t>(term.population.getPayload());
  return sum;
}

Neurons Lowering::like(const Stream &stream) {
  Neurons neurons = neuronsLike(stream.front().population);
  for (Term term : stream)
    neurons.runs = std::max<int64_t>(neurons.runs, term.population.getRuns());
  return neurons;
}

void Lowering::feed(Location loc, const Stream &stream, PopulationOp target, const Link &link) {
  for (Term term : stream)
    network.connect(loc, term.population, target, network.constant(term.factor), link);
}

PopulationOp Lowering::addSum(Location loc, StringRef name, const Stream &stream, double rate) {
  Neurons neurons = like(stream);
  neurons.program = Program::Sum;
  neurons.payload = largest(stream);
  neurons.stateBits = signedBits(neurons.payload);
  neurons.rate = rate;
  PopulationOp sum = network.add(loc, name, neurons);
  feed(loc, stream, sum, Link());
  return sum;
}

PopulationOp Lowering::single(Operation *op, const Stream &stream) {
  if (stream.size() == 1 && stream.front().factor == 1)
    return stream.front().population;
  double rate = 0.0;
  for (Term term : stream)
    if (auto expected = term.population.getRate())
      rate = std::max(rate, expected->convertToDouble());
  return addSum(op->getLoc(), (layerName(op) + ".sum").str(), stream, rate);
}

/// Neurons that the weighted sums of a stream drive. W (a + b) = W a + W b: each term has its own projection by the one
/// table.
LogicalResult Lowering::lowerWeighted(Operation *op, spike::AccumulateOp sums, Neurons neurons) {
  Stream stream = streams.lookup(sums.getInput());
  if (stream.empty())
    return refuse(sums) << "an image, spikes or counts as input, found " << sums.getInput().getType();
  if (llvm::any_of(stream, [](const Term &term) { return term.factor != 1; }))
    stream = {{single(op, stream)}};
  Link link;
  link.channels = Channels::All;
  neurons.map = like(stream).map;
  if (auto window = sums.getWindowAttr()) {
    link.tokens = Tokens::Window;
    link.window = window;
    neurons.map = windowsOn(neurons.map, window);
  }
  neurons.channels = neurons.quant.getChannels();
  neurons.stateBits = neurons.quant.getStateBits();
  PopulationOp population = network.add(op->getLoc(), layerName(op), neurons);
  SynapsesOp table = network.addWeights(sums.getLoc(), layerName(sums), neurons.quant);
  for (Term term : stream)
    network.connect(op->getLoc(), term.population, population, table, link);
  streams[op->getResult(0)] = {{population}};
  return success();
}

LogicalResult Lowering::lowerFire(spike::FireOp op) {
  if (!op.getQuantAttr() || op.getMembrane())
    return refuse(op) << "neurons in integers that keep their membranes, found "
                      << (op.getMembrane() ? "a membrane that is passed on" : "f32");
  if (auto product = op.getSums().getDefiningOp<spike::CoincideOp>())
    return lowerAttention(op, product);
  auto sums = op.getSums().getDefiningOp<spike::AccumulateOp>();
  if (!sums)
    return refuse(op) << "sums of spike.accumulate or spike.coincide, found those of another op";
  if (sums.getInput().getDefiningOp<spike::QuantizeOp>())
    return lowerImage(op, sums, op.getQuantAttr());
  Neurons neurons;
  neurons.quant = op.getQuantAttr();
  neurons.runs = neurons.quant.getSteps();
  neurons.rate = rate(op.getOutput(), neurons.runs);
  return lowerWeighted(op, sums, neurons);
}

LogicalResult Lowering::lowerStaircase(spike::StaircaseOp op) {
  auto sums = op.getSums().getDefiningOp<spike::AccumulateOp>();
  if (!op.getQuantAttr() || !sums)
    return refuse(op) << "integer sums of spike.accumulate, found others";
  if (sums.getInput().getDefiningOp<spike::QuantizeOp>())
    return lowerImage(op, sums, op.getQuantAttr());
  if (op.getPool())
    return refuse(op) << "the pool of a staircase on the image, where the host counts it, found one on spikes";
  Neurons neurons;
  neurons.program = Program::Staircase;
  neurons.quant = op.getQuantAttr();
  neurons.payload = op.getTimesteps();
  neurons.rate = rate(op.getOutput(), 1);
  return lowerWeighted(op, sums, neurons);
}

/// Of spikes the OR, which every chip's neurons compute; of counts the largest payload.
LogicalResult Lowering::lowerMaxPool(spike::MaxPoolOp op) {
  Stream stream = streams.lookup(op.getInput());
  if (stream.empty())
    return refuse(op) << "spikes or counts as input, found " << op.getInput().getType();
  PopulationOp source = single(op, stream);
  auto window = op.getWindow();
  Neurons neurons = neuronsLike(source);
  neurons.map = windowsOn(neurons.map, window);
  neurons.payload = source.getPayload();
  neurons.rate = rate(op.getOutput(), neurons.runs);
  if (neurons.payload == 1) {
    network.makeUnion(neurons, window.getKernel()[0] * window.getKernel()[1]);
  } else {
    neurons.program = Program::Maximum;
    neurons.stateBits = signedBits(neurons.payload);
  }
  PopulationOp pool = network.add(op.getLoc(), layerName(op), neurons);
  Link link;
  link.tokens = Tokens::Window;
  link.window = window;
  network.connect(op.getLoc(), source, pool, network.constant(1), link);
  streams[op.getOutput()] = {{pool}};
  return success();
}

/// A sum over timesteps runs once, when the last of them has come.
LogicalResult Lowering::lowerIntegrate(spike::IntegrateOp op) {
  if (auto sums = readouts.find(op.getInput()); sums != readouts.end()) {
    auto same = sums->second; // a readout sums up all that comes
    readouts[op.getOutput()] = same;
    return success();
  }
  Stream stream = streams.lookup(op.getInput());
  if (stream.empty())
    return refuse(op) << "spikes or counts as input, found " << op.getInput().getType();
  Neurons neurons = like(stream);
  int64_t timesteps = neurons.runs;
  if (timesteps == 1) {
    streams[op.getOutput()] = stream;
    return success();
  }
  neurons.program = Program::Sum;
  neurons.payload = 0;
  for (Term &term : stream) {
    // What comes once, and is the same at every timestep, counts in each.
    if (term.population.getRuns() == 1)
      term.factor *= timesteps;
    neurons.payload += term.factor * static_cast<int64_t>(term.population.getPayload() * term.population.getRuns());
  }
  neurons.runs = 1;
  neurons.stateBits = signedBits(neurons.payload);
  neurons.rate = rate(op.getOutput(), 1);
  PopulationOp sum = network.add(op.getLoc(), (layerName(op) + ".sum").str(), neurons);
  feed(op.getLoc(), stream, sum, Link());
  streams[op.getOutput()] = {{sum}};
  return success();
}

/// Where the chip has payloads, a population sums and sends one spike on; else both operands go where the sum would.
LogicalResult Lowering::lowerAdd(spike::AddOp op) {
  Stream stream = streams.lookup(op.getLhs()), rhs = streams.lookup(op.getRhs());
  if (stream.empty() || rhs.empty())
    return refuse(op) << "spikes or counts as operands, found " << op.getLhs().getType() << " and "
                      << op.getRhs().getType();
  for (Term term : rhs)
    stream.push_back({term.population, term.factor * static_cast<int64_t>(op.getFactor())});
  if (llvm::is_contained(hardware.getPrograms(), Program::Sum)) {
    double expected = rate(op.getOutput(), like(stream).runs);
    stream = {{addSum(op.getLoc(), layerName(op), stream, expected)}};
  }
  streams[op.getOutput()] = stream;
  return success();
}
