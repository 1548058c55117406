//===- PlanBuilder.cpp - From tensors to buffers and launches -------------===//
#include "PlanBuilder.h"
#include "../SpikeToVector/CheckLimits.h"
#include "PlanLaunch.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

/// Bytes of a value of one image.
static uint64_t bytesOf(Value value) {
  RankedTensorType type = typeOf(value);
  int64_t elements = elementsOf(value), channels = type.getShape().back();
  unsigned bits = type.getElementType().getIntOrFloatBitWidth();
  if (bits > 8)
    return elements * (bits / 8);
  return elements / channels * (bits == 1 ? spikeBytes(channels) : countBytes(channels));
}

uint32_t PlanBuilder::newBuffer(std::string name, uint64_t imageBytes, uint64_t fixedBytes) {
  result.plan.buffers.push_back({std::move(name), fixedBytes, imageBytes});
  return static_cast<uint32_t>(result.plan.buffers.size() - 1);
}

uint32_t PlanBuilder::bufferFor(Value value, StringRef name, int64_t times) {
  return buffers[value] = newBuffer(name.str(), times * bytesOf(value));
}

PlanArgument PlanBuilder::constantBytes(StringRef bytes) {
  constexpr uint64_t alignment = 256;
  result.weights.resize(llvm::alignTo(result.weights.size(), alignment));
  PlanArgument argument{PlanArgument::Weights, result.weights.size()};
  result.weights.append(bytes.begin(), bytes.end());
  return argument;
}

ModelPlan PlanBuilder::take() {
  result.plan.weightsBytes = result.weights.size();
  return std::move(result);
}

std::string PlanBuilder::kernelName(StringRef family, const std::string &key, function_ref<void(StringRef)> body) {
  std::string &name = known[family.str() + " " + key];
  if (!name.empty())
    return name;
  name = llvm::formatv("{0}_{1}", family, familySize[family]++).str();
  body(name);
  return name;
}

LogicalResult PlanBuilder::build(Block &block) {
  for (Operation &op : block)
    if (failed(build(&op)))
      return failure();
  return success();
}

LogicalResult PlanBuilder::build(Operation *op) {
  if (!isa<spike::StaircaseOp>(op) && failed(requireImages(op)))
    return failure();
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<spike::AccumulateOp, spike::CoincideOp, spike::ExpandOp, spike::SumCountsOp>(
          [](Operation *sums) -> LogicalResult {
            // Emitted with the neurons that they drive.
            if (llvm::all_of(sums->getUsers(),
                             llvm::IsaPred<spike::FireOp, spike::StaircaseOp, spike::ReadoutOp, spike::ExpandOp>))
              return success();
            return sums->emitOpError("requires spike.fire, spike.staircase or spike.readout as its users on a GPU, "
                                     "found another");
          })
      .Case<spike::CompactOp, spike::PackOp, spike::AndCountOp>([](Operation *part) -> LogicalResult {
        // A part of sums, and emitted with them.
        if (llvm::all_of(part->getUsers(), llvm::IsaPred<spike::AccumulateOp, spike::AndCountOp, spike::SumCountsOp>))
          return success();
        return part->emitOpError("requires spike.accumulate, spike.and_count or spike.sum_counts as its users on a "
                                 "GPU, found another");
      })
      .Case([](spike::SumTokensOp sum) -> LogicalResult {
        // A part of the classifier, as are its sums over time.
        auto isPart = [](Operation *user) { return isa<spike::IntegrateOp, spike::AccumulateOp>(user); };
        if (llvm::all_of(sum->getUsers(), isPart))
          return success();
        return sum.emitOpError("requires spike.integrate or spike.accumulate as its users on a GPU, found another");
      })
      .Case([&](spike::QuantizeOp quantize) { return buildQuantize(quantize); })
      .Case([&](spike::FireOp fire) { return buildFire(fire); })
      .Case([&](spike::StaircaseOp steps) { return buildStaircase(steps); })
      .Case([&](spike::MaxPoolOp pool) { return buildPool(pool); })
      .Case([&](spike::AddOp add) { return buildAdd(add); })
      .Case([&](spike::IntegrateOp integrate) { return buildIntegrate(integrate); })
      .Case([&](spike::ReadoutOp readout) { return buildReadout(readout); })
      .Case([&](spike::FlattenOp flatten) {
        buffers[flatten.getOutput()] = buffer(flatten.getInput());
        return success();
      })
      .Case([&](ActOp op) { return buildAct(op); })
      .Case<YieldOp, func::ReturnOp>([](Operation *) { return success(); })
      .Default([](Operation *op) -> LogicalResult {
        return op->emitOpError("has no GPU kernel: required a quantised model");
      });
}

FailureOr<ModelPlan> stas::cuda::buildPlan(func::FuncOp main, gpu::GPUModuleOp kernels, WeightReader &weights,
                                           const PlanOptions &options) {
  if (!main.getBody().hasOneBlock())
    return main.emitError("requires a body of one block, found ") << main.getBody().getBlocks().size();
  Block &block = main.getBody().front();
  auto isPerImage = [&](Type type, int64_t rank, Type element) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.getRank() == rank && tensor.getElementType() == element &&
           (tensor.isDynamicDim(0) || tensor.getDimSize(0) == 1) &&
           llvm::all_of(tensor.getShape().drop_front(), [](int64_t extent) { return extent >= 1; });
  };
  FunctionType type = main.getFunctionType();
  Type real = Float32Type::get(main.getContext()), integer = IntegerType::get(main.getContext(), 32);
  unsigned results = type.getNumResults();
  if (type.getNumInputs() != 1 || results < 1 || results > 2 || !isPerImage(type.getInput(0), 4, real) ||
      !isPerImage(type.getResult(0), 2, real) || (results == 2 && !isPerImage(type.getResult(1), 2, integer)))
    return main.emitError("requires one f32 image [B, C, H, W], f32 logits [B, classes] and perhaps i32 halting steps "
                          "[B, N] on a GPU, B dynamic or 1 and all else static, found ")
           << type;
  if (failed(checkLimits(block)))
    return failure();
  PlanBuilder builder(kernels, weights, options);
  uint32_t input = builder.bufferFor(block.getArgument(0), "image");
  if (failed(builder.build(block)))
    return failure();
  std::vector<uint32_t> outputs;
  for (Value output : block.getTerminator()->getOperands()) {
    assert(builder.hasBuffer(output) && "spike.readout and stas.act alone make values of these types");
    outputs.push_back(builder.buffer(output));
  }
  ModelPlan model = builder.take();
  model.plan.input = input;
  model.plan.outputs = std::move(outputs);
  return model;
}
