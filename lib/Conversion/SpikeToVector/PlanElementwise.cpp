//===- PlanElementwise.cpp - Launches of pools, sums and means ------------===//
#include "PlanBuilder.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;

PoolSpec stas::poolSpec(int64_t lanes, int64_t times, ArrayRef<int64_t> in, ArrayRef<int64_t> out,
                        spike::WindowAttr window, bool isReal) {
  return {lanes,
          times,
          in[0],
          in[1],
          in[2],
          out[0],
          out[1],
          {window.getKernel()[0], window.getKernel()[1]},
          {window.getStrides()[0], window.getStrides()[1]},
          {window.getPadding()[0], window.getPadding()[1]},
          isReal};
}

void PlanBuilder::launchPool(Value input, Value output, const PoolSpec &spec, Operation *at) {
  Values memory{input, output};
  std::string key = llvm::formatv("t={0} map={1}x{2}x{3} kernel={4}x{5} stride={6}x{7} pad={8}x{9} real={10}",
                                  spec.times, spec.height, spec.width, spec.channels, spec.kernel[0], spec.kernel[1],
                                  spec.strides[0], spec.strides[1], spec.padding[0], spec.padding[1], spec.real);
  bool isPattern = spec.reduce != AccumulateSpec::Reduce::None;
  if (isPattern)
    key += llvm::formatv(" steps={0} mean={1}", spec.steps, spec.reduce == AccumulateSpec::Reduce::Mean);
  auto symbol = kernel(isPattern ? "pool_patterns" : "max_pool", key, memory, 0,
                       [&](KernelBuilder &b, const Kernel &k) { buildMaxPool(b, k, spec); });
  launch(symbol, memory, spec.outputHeight * spec.outputWidth, at);
}

void PlanBuilder::buildPool(spike::MaxPoolOp op) {
  launchPool(buffer(op.getInput()), bufferFor(op.getOutput(), nameOf(op)),
             poolSpec(lanes, timesOf(op.getInput(), 3), tailOf(op.getInput(), 3), tailOf(op.getOutput(), 3),
                      op.getWindow(), isReal(op.getInput())),
             op);
}

void PlanBuilder::buildAdd(spike::AddOp op) {
  // An operand with fewer axes than the result lacks T.
  int64_t rank = typeOf(op.getOutput()).getRank();
  auto lacksTime = [&](Value value) { return typeOf(value).getRank() < rank; };
  int64_t total = elementsOf(op.getOutput());
  bool broadcast = lacksTime(op.getLhs()) || lacksTime(op.getRhs());
  int64_t times = broadcast ? typeOf(op.getOutput()).getDimSize(0) : 1;
  AddSpec spec{lanes,
               times,
               total / times,
               !lacksTime(op.getLhs()),
               !lacksTime(op.getRhs()),
               isReal(op.getLhs()),
               isReal(op.getRhs()),
               static_cast<int64_t>(op.getFactor())};
  Values memory{buffer(op.getLhs()), buffer(op.getRhs())};
  int64_t items = llvm::divideCeil(spec.elements, chunkElements);
  // Of a halting encoder nobody may ask for the rows of tokens that have halted.
  if (inAct) {
    Value active = op->getBlock()->getArgument(1);
    int64_t tokens = cast<MemRefType>(buffer(active).getType()).getNumElements();
    if (!areHaltedRowsRead(op.getOutput(), active)) {
      spec.masked = spec.elements / tokens;
      memory.push_back(buffer(active));
      items = tokens;
    }
  }
  memory.push_back(bufferFor(op.getOutput(), nameOf(op)));
  std::string key = llvm::formatv("t={0} elements={1} timed={2}{3} real={4}{5} factor={6}", spec.times, spec.elements,
                                  spec.lhsTimed, spec.rhsTimed, spec.lhsReal, spec.rhsReal, spec.factor);
  if (spec.masked)
    key += " mask";
  auto symbol = kernel("add", key, memory, 0, [&](KernelBuilder &b, const Kernel &k) { stas::buildAdd(b, k, spec); });
  launch(symbol, memory, items, op);
}

void PlanBuilder::buildIntegrate(spike::IntegrateOp op) {
  int64_t times = typeOf(op.getInput()).getDimSize(0);
  bool sum = op.getKind() == ReduceKind::Sum;
  if (times == 1 && (sum || isReal(op.getInput()))) {
    buffers[op.getOutput()] = buffer(op.getInput());
    return;
  }
  Value output = bufferFor(op.getOutput(), nameOf(op));
  int64_t elements = cast<MemRefType>(output.getType()).getNumElements();
  launchIntegrate(
      buffer(op.getInput()), output,
      {lanes, times, elements, !sum, isReal(op.getInput()), typeOf(op.getOutput()).getElementType().isInteger(64)}, op);
}

void PlanBuilder::launchIntegrate(Value input, Value output, const IntegrateSpec &spec, Operation *at) {
  std::string key = llvm::formatv("t={0} elements={1} mean={2} real={3} wide={4}", spec.times, spec.elements, spec.mean,
                                  spec.real, spec.wide);
  launchChunks("integrate", key, {input, output}, spec.elements, at,
               [&](KernelBuilder &b, const Kernel &k) { stas::buildIntegrate(b, k, spec); });
}

void PlanBuilder::buildMeanTokens(spike::MeanTokensOp op) {
  auto tail = tailOf(op.getInput(), 2);
  MeanTokensSpec spec{lanes, timesOf(op.getInput(), 2), tail[0], tail[1], isReal(op.getInput())};
  std::string key =
      llvm::formatv("t={0} tokens={1} width={2} real={3}", spec.times, spec.tokens, spec.width, spec.real);
  launchChunks("mean_tokens", key, {buffer(op.getInput()), bufferFor(op.getOutput(), nameOf(op))}, spec.width, op,
               [&](KernelBuilder &b, const Kernel &k) { stas::buildMeanTokens(b, k, spec); });
}

LogicalResult PlanBuilder::buildSumTokens(spike::SumTokensOp op) {
  if (Value total = totals.lookup(op.getInput())) {
    buffers[op.getOutput()] = total;
    return success();
  }
  if (typeOf(op.getInput()).getElementTypeBitWidth() > 8)
    return op.emitOpError("requires spikes, counts or the output of stas.act on the CPU, found ")
           << typeOf(op.getInput());
  auto tail = tailOf(op.getInput(), 2);
  SumTokensSpec spec{lanes, timesOf(op.getInput(), 2), tail[0], tail[1]};
  std::string key = llvm::formatv("t={0} tokens={1} width={2}", spec.times, spec.tokens, spec.width);
  launchChunks("sum_tokens", key, {buffer(op.getInput()), bufferFor(op.getOutput(), nameOf(op))}, spec.width, op,
               [&](KernelBuilder &b, const Kernel &k) { stas::buildSumTokens(b, k, spec); });
  return success();
}

void PlanBuilder::buildQuantize(spike::QuantizeOp op) {
  QuantizeSpec spec{lanes, elementsOf(op.getInput()), static_cast<int64_t>(op.getScale()),
                    static_cast<int64_t>(op.getLimit())};
  std::string key = llvm::formatv("elements={0} scale={1} limit={2}", spec.elements, spec.scale, spec.limit);
  launchChunks("quantize", key, {buffer(op.getInput()), bufferFor(op.getOutput(), nameOf(op))}, spec.elements, op,
               [&](KernelBuilder &b, const Kernel &k) { stas::buildQuantize(b, k, spec); });
}
