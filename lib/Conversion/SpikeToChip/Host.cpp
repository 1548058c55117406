//===- Host.cpp - The image and the classifier ----------------------------===//
//
// What needs more bits than a core has (docs/Rationale/Chip.md): the host
// computes it once for an image.
//
//===----------------------------------------------------------------------===//
#include "Lowering.h"
#include "dialects/STAS/Windows.h"

using namespace mlir;
using namespace stas;
using namespace stas::chip;

static ArrayRef<int64_t> shapeOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }

/// The one op of a kind that takes a value.
template <typename OpTy> static OpTy onlyUser(Value value) {
  return value.hasOneUse() ? dyn_cast<OpTy>(*value.getUsers().begin()) : OpTy();
}

/// The first layer, with the pool and the sum over timesteps that follow it: fewer neurons, and fewer spikes, go to the
/// chip.
LogicalResult Lowering::lowerImage(Operation *neurons, spike::AccumulateOp sums, spike::QuantAttr quant) {
  auto image = sums.getInput().getDefiningOp<spike::QuantizeOp>();
  auto shape = shapeOf(image.getInput());
  bool frames = shape.size() == 5;
  if (!sums.getWindow() || !sums.getWindow()->getChannelsFirst())
    return refuse(sums) << "a convolution of the image, channels first, found another layer";
  Value value = neurons->getResult(0);
  spike::WindowAttr pool;
  bool counts = false;
  if (auto staircase = dyn_cast<spike::StaircaseOp>(neurons)) {
    pool = staircase.getPoolAttr();
    counts = true;
  } else {
    if (auto next = onlyUser<spike::MaxPoolOp>(value)) {
      pool = next.getWindow();
      value = next.getOutput();
      onHost.insert(next);
    }
    if (auto next = onlyUser<spike::IntegrateOp>(value)) {
      counts = true;
      value = next.getOutput();
      onHost.insert(next);
    }
  }
  Neurons made;
  made.program = Program::Input;
  made.map.assign(shape.end() - 2, shape.end());
  for (spike::WindowAttr window : {*sums.getWindow(), pool})
    for (int axis : {0, 1})
      if (window)
        made.map[axis] = windowExtent(made.map[axis], window.getKernel()[axis], window.getStrides()[axis],
                                      window.getPadding()[axis]);
  made.channels = quant.getChannels();
  made.runs = counts ? 1 : quant.getSteps();
  made.payload = counts ? quant.getSteps() : 1;
  made.stateBits = signedBits(made.payload);
  made.rate = rate(value, made.runs);
  PopulationOp input = network.add(neurons->getLoc(), layerName(neurons), made);
  OpBuilder &builder = network.ops();
  chip::EncodeOp::create(builder, sums.getLoc(), shape.take_back(3), input.getSymName(), *sums.getWindow(), pool, quant,
                         frames, counts);
  streams[value] = {{input}};
  return success();
}

LogicalResult Lowering::lowerSumTokens(spike::SumTokensOp op) {
  Value input = op.getInput();
  auto &made = readouts[op.getOutput()];
  auto encoder = encoders.find(input);
  auto act = input.getDefiningOp<ActOp>();
  if (encoder != encoders.end() && act.getHalting().getOutput() == ActOutput::Weighted) {
    for (unsigned block = 0; block < encoder->second.streams.size(); ++block)
      made.push_back(addWeightedReadout(op, act, encoder->second, block));
    return success();
  }
  // At a rate, a token counts where it has come through the last block: elsewhere its neurons are gated.
  Stream stream = encoder != encoders.end() ? encoder->second.streams.back() : streams.lookup(input);
  if (stream.empty())
    return refuse(op) << "spikes or counts as input, found " << input.getType();
  Neurons neurons = like(stream);
  int64_t tokens = neurons.map[0] * neurons.map[1];
  neurons.program = Program::Readout;
  neurons.map = {1, 1};
  neurons.stateBits = signedBits(largest(stream) * tokens * neurons.runs);
  PopulationOp readout = network.add(op.getLoc(), (layerName(op) + ".sum").str(), neurons);
  Link link;
  link.tokens = Tokens::All;
  feed(op.getLoc(), stream, readout, link);
  made.push_back(readout);
  return success();
}

LogicalResult Lowering::lowerReadout(spike::ReadoutOp op) {
  auto sums = op.getSums().getDefiningOp<spike::AccumulateOp>();
  auto found = sums ? readouts.find(sums.getInput()) : readouts.end();
  if (found == readouts.end() || sums.getWindow() || logits)
    return refuse(op) << "one classifier, of a sum over tokens, found "
                      << (logits ? "a second one" : "one of another value");
  // The axis of timesteps is the readout's to sum over, and gone.
  if (shapeOf(sums.getInput()).size() != 2)
    return refuse(op) << "a classifier of the sum over timesteps, found one of each timestep";
  SmallVector<Attribute> names;
  for (PopulationOp readout : found->second)
    names.push_back(FlatSymbolRefAttr::get(readout));
  OpBuilder &builder = network.ops();
  ClassifyOp::create(builder, op.getLoc(), builder.getArrayAttr(names), op.getQuant());
  logits = op.getOutput();
  return success();
}

/// A network's results are its logits, and how many steps each token has had, which its halting neurons say.
LogicalResult Lowering::lowerReturn(func::ReturnOp op) {
  auto isSteps = [](Value value) { return value.getDefiningOp<ActOp>() && isa<OpResult>(value); };
  bool fits = logits && op.getNumOperands() >= 1 && op.getNumOperands() <= 2 && op.getOperand(0) == logits &&
              (op.getNumOperands() == 1 || isSteps(op.getOperand(1)));
  if (!fits)
    return refuse(op) << "logits, and perhaps the steps of each token, as results, found others";
  return success();
}
