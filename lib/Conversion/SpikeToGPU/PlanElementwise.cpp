//===- PlanElementwise.cpp - Launches of what stands between layers -------===//
#include "PlanLaunch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

static constexpr int64_t elementThreads = 256;

LogicalResult PlanBuilder::buildQuantize(spike::QuantizeOp op) {
  QuantizeSpec spec{static_cast<double>(op.getScale()), static_cast<double>(op.getLimit())};
  if (std::string problem = problemOf(spec); !problem.empty())
    return op.emitOpError() << problem << " on a GPU";
  int64_t elements = elementsOf(op.getInput());
  uint32_t input = buffer(op.getInput());
  return launch(op, "quantize", llvm::formatv("scale={0} limit={1}", op.getScale(), op.getLimit()), spec,
                stas::cuda::buildQuantize, {elements, elementThreads}, launchOf(spec, elements), elements,
                {reads(input), writes(bufferFor(op.getOutput(), nameOf(op)))});
}

LogicalResult PlanBuilder::buildPool(spike::MaxPoolOp op) {
  if (!typeOf(op.getInput()).getElementType().isInteger(1))
    return op.emitOpError("requires spikes on a GPU, found ") << op.getInput().getType();
  auto map = tailOf(op.getInput(), 3), output = tailOf(op.getOutput(), 3);
  PoolSpec spec{map[0], map[1], map[2], {}};
  for (int axis = 0; axis < 2; ++axis) {
    spec.window.kernel[axis] = op.getWindow().getKernel()[axis];
    spec.window.strides[axis] = op.getWindow().getStrides()[axis];
    spec.window.padding[axis] = op.getWindow().getPadding()[axis];
    spec.window.output[axis] = output[axis];
  }
  if (std::string problem = problemOf(spec); !problem.empty())
    return op.emitOpError() << problem << " on a GPU";
  // Timesteps are maps like images.
  int64_t rows = timesOf(op.getInput(), 3) * spec.positions();
  uint32_t input = buffer(op.getInput());
  return launch(op, "pool", llvm::formatv("map={0}x{1}x{2} {3}", map[0], map[1], map[2], describe(op.getWindowAttr())),
                spec, stas::cuda::buildPool, {rows * spec.pieces(), elementThreads}, launchOf(spec, rows), rows,
                {reads(input), writes(bufferFor(op.getOutput(), nameOf(op)))});
}

LogicalResult PlanBuilder::buildAdd(spike::AddOp op) {
  if (buffers.contains(op.getOutput())) // by the layer whose spikes it takes
    return success();
  if (act)
    return op.emitOpError("requires counts and spikes of the layer before, which nobody else reads, in stas.act on a "
                          "GPU, found other operands");
  RankedTensorType type = typeOf(op.getOutput());
  if (type.getElementTypeBitWidth() != 8 || isReal(op.getLhs()) || isReal(op.getRhs()))
    return op.emitOpError("requires counts on a GPU, found ") << type;
  AddSpec spec;
  auto operand = [&](Value value) -> AddSpec::Operand {
    return {typeOf(value).getElementType().isInteger(1), typeOf(value).getRank() == type.getRank()};
  };
  spec.lhs = operand(op.getLhs());
  spec.rhs = operand(op.getRhs());
  spec.factor = op.getFactor();
  // An operand with fewer axes than the result lacks T. Where none does, timesteps are rows like others.
  spec.times = spec.lhs.timed && spec.rhs.timed ? 1 : type.getDimSize(0);
  spec.channels = type.getShape().back();
  if (std::string problem = problemOf(spec); !problem.empty())
    return op.emitOpError() << problem << " on a GPU";
  int64_t rows = elementsOf(op.getOutput()) / spec.times / spec.channels;
  std::string key =
      llvm::formatv("spikes={0}{1} timed={2}{3} factor={4} t={5} width={6}", spec.lhs.spikes, spec.rhs.spikes,
                    spec.lhs.timed, spec.rhs.timed, spec.factor, spec.times, spec.channels);
  return launch(
      op, "add", key, spec, stas::cuda::buildAdd, {spec.times * rows * spec.pieces(), elementThreads},
      launchOf(spec, rows), rows,
      {reads(buffer(op.getLhs())), reads(buffer(op.getRhs())), writes(bufferFor(op.getOutput(), nameOf(op)))});
}

LogicalResult PlanBuilder::buildIntegrate(spike::IntegrateOp op) {
  RankedTensorType type = typeOf(op.getOutput());
  if (type.getElementType().isInteger(64)) // with the classifier
    return success();
  if (op.getKind() != ReduceKind::Sum || !type.getElementType().isInteger(8))
    return op.emitOpError("requires a sum of spikes or counts on a GPU, found ") << op.getInput().getType();
  IntegrateSpec spec{typeOf(op.getInput()).getElementType().isInteger(1), typeOf(op.getInput()).getDimSize(0),
                     type.getShape().back()};
  uint32_t input = buffer(op.getInput());
  if (spec.times == 1 && !spec.spikes) {
    buffers[op.getOutput()] = input;
    return success();
  }
  if (std::string problem = problemOf(spec); !problem.empty())
    return op.emitOpError() << problem << " on a GPU";
  int64_t rows = elementsOf(op.getOutput()) / spec.channels;
  return launch(op, "integrate", llvm::formatv("spikes={0} t={1} width={2}", spec.spikes, spec.times, spec.channels),
                spec, stas::cuda::buildIntegrate, {rows * spec.pieces(), elementThreads}, launchOf(spec, rows), rows,
                {reads(input), writes(bufferFor(op.getOutput(), nameOf(op)))});
}
