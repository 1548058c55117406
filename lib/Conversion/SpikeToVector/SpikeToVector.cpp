//===- SpikeToVector.cpp - The sparse level on a CPU ----------------------===//
#include "CheckLimits.h"
#include "PlanBuilder.h"
#include "stas/Conversion/Passes.h"

namespace stas {
#define GEN_PASS_DEF_CONVERTSPIKETOVECTOR
#include "stas/Conversion/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;

namespace {
struct ConvertSpikeToVectorPass : public stas::impl::ConvertSpikeToVectorBase<ConvertSpikeToVectorPass> {
  using ConvertSpikeToVectorBase::ConvertSpikeToVectorBase;

  void runOnOperation() override {
    auto function = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!function || function.isExternal() || failed(lower(function))) {
      if (!function || function.isExternal())
        getOperation().emitError("requires a function @main with a body, found none");
      signalPassFailure();
    }
  }

  LogicalResult lower(func::FuncOp function);
};
} // namespace

/// Has a cost model take the times of a file that were measured on a CPU of this name. A file that says nothing of the
/// model is another one's.
static LogicalResult takeTimes(const KernelTimes &times, StringRef path, StringRef cpu, func::FuncOp function,
                               const Isa &isa, CostModel &costs) {
  const KernelTimes::OfCpu *measured = times.of(cpu);
  if (times.empty() || !measured)
    return success();
  if (StringRef precision = spike::precisionOf(function); times.precision() != precision)
    return function.emitError(path) << ": required times of " << precision << ", found those of " << times.precision()
                                    << "; measure the model in that precision with stas tune";
  bool isOfModel = false;
  function.walk([&](Operation *op) { isOfModel |= measured->contains(nameOf(op)); });
  if (!isOfModel)
    return function.emitError(path)
           << ": cpu " << cpu << ": required times of layers of this model, found none; measure it with stas tune";
  for (const auto &layer : *measured)
    if (layer.second.count(spike::SumsBy::Tiles) != 0 && !isa.amx)
      return function.emitError(path) << ": cpu " << cpu << ", layer " << layer.first()
                                      << ": required a CPU with AMX-INT8 for tiles, found one without";
  costs.take(*measured);
  return success();
}

LogicalResult ConvertSpikeToVectorPass::lower(func::FuncOp function) {
  if (lanes != 8 && lanes != 16)
    return function.emitError("requires 8 or 16 lanes, found ") << lanes.getValue();
  Isa isa{lanes, vnni, amx};
  if ((vnni && lanes != 16) || (amx && !vnni))
    return function.emitError("requires 16 lanes beside vnni, and vnni beside amx");
  CostModel costs(isa);
  if (std::string problem = costs.force(kernels); !problem.empty())
    return function.emitError("kernels: ") << problem;
  auto measured = RateTable::read(rates);
  if (!measured)
    return function.emitError(llvm::toString(measured.takeError()));
  auto kernelTimes = KernelTimes::read(times);
  if (!kernelTimes)
    return function.emitError(llvm::toString(kernelTimes.takeError()));
  if (!function.getBody().hasOneBlock())
    return function.emitError("requires a body of one block, found ") << function.getBody().getBlocks().size();
  Block &old = function.getBody().front();
  auto results = function.getResultTypes();
  auto image = old.getNumArguments() == 1 ? dyn_cast<RankedTensorType>(old.getArgument(0).getType()) : nullptr;
  auto isPerImage = [](Type type, unsigned element) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.getRank() == 2 && (tensor.isDynamicDim(0) || tensor.getDimSize(0) == 1) &&
           tensor.getDimSize(1) >= 1 && (element == 0) == tensor.getElementType().isF32() &&
           (element == 1) == tensor.getElementType().isInteger(32);
  };
  bool isSound = image && image.getElementType().isF32() && (image.getRank() == 4 || image.getRank() == 5) &&
                 (results.size() == 1 || results.size() == 2) && isPerImage(results[0], 0) &&
                 (results.size() == 1 || isPerImage(results[1], 1));
  if (isSound) {
    auto shape = image.getShape();
    int64_t batch = shape[shape.size() - 4];
    isSound = (ShapedType::isDynamic(batch) || batch == 1) &&
              llvm::all_of(shape.take_back(3), [](int64_t extent) { return extent >= 1; }) &&
              (shape.size() == 4 || shape[0] >= 1);
  }
  if (!isSound)
    return function.emitError("requires one f32 image [B, C, H, W] or [T, B, C, H, W], f32 logits [B, classes] and "
                              "perhaps i32 halting steps [B, N], B dynamic or 1 and all else static, found ")
           << function.getFunctionType();

  if (failed(takeTimes(*kernelTimes, times, cpu, function, isa, costs)))
    return failure();
  for (auto other : getOperation().getOps<func::FuncOp>())
    if (other->hasAttr("spike.kernel"))
      return other.emitError("requires no function marked spike.kernel before the kernels are made, found @")
             << other.getName();
  if (failed(checkLimits(old)))
    return failure();
  OpBuilder builder(&getContext());
  Block *body = builder.createBlock(&function.getBody(), function.getBody().end());
  InputDensity density(function, std::move(*measured));
  PlanBuilder plan(getOperation(), builder, isa, costs, density);
  Value input = plan.bufferFor(old.getArgument(0), "image");
  if (failed(plan.build(old)))
    return failure();
  Operation *end = old.getTerminator();
  auto halting = results.size() == 2 ? plan.buffer(end->getOperand(1)) : Value();
  builder.setInsertionPointToEnd(body);
  spike::OutputsOp::create(builder, function.getLoc(), input, plan.buffer(end->getOperand(0)), halting);
  func::ReturnOp::create(builder, function.getLoc());

  SmallVector<int64_t> shape(image.getShape().take_back(3));
  shape.insert(shape.begin(), image.getRank() == 5 ? image.getDimSize(0) : 1);
  int64_t blocks = 0;
  old.walk([&](ActOp act) {
    blocks = act.getBlocks().size();
    function->setAttr("spike.halting_order", builder.getStringAttr(stringifyEnum(act.getHalting().getOrder())));
  });
  function->setAttr("spike.precision", builder.getStringAttr(spike::precisionOf(function)));
  function->setAttr("spike.isa", builder.getStringAttr(nameOf(isa)));
  function->setAttr("spike.image", builder.getDenseI64ArrayAttr(shape));
  function->setAttr("spike.blocks", builder.getI64IntegerAttr(blocks));
  old.erase();
  function.removeArgAttrsAttr();
  function.removeResAttrsAttr();
  function.setFunctionType(builder.getFunctionType({}, {}));
  return success();
}
