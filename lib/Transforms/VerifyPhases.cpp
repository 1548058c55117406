//===- VerifyPhases.cpp - What holds at the boundaries of phases ----------===//
//
// A pass that breaks a promise is found where it did so, and a module that is
// read in the middle of the pipeline is known to be what it says.
//
//===----------------------------------------------------------------------===//
#include "ISPSStem.h"
#include "SumUsers.h"
#include "dialects/Spike/SpikeOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "stas/Transforms/Passes.h"

namespace stas {
#define GEN_PASS_DEF_STASVERIFYIMPORTED
#define GEN_PASS_DEF_STASVERIFYNORMALIZED
#define GEN_PASS_DEF_STASVERIFYADAPTED
#define GEN_PASS_DEF_SPIKEVERIFYLOWERED
#define GEN_PASS_DEF_SPIKEVERIFYPLAN
#define GEN_PASS_DEF_SPIKEVERIFYQUANTIZED
#define GEN_PASS_DEF_SPIKEVERIFYSPARSE
#include "stas/Transforms/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;

namespace {
/// @main with a body of one block, over the timesteps of the model; an error where it is not there.
func::FuncOp requireMain(ModuleOp module) {
  auto function = module.lookupSymbol<func::FuncOp>("main");
  if (!function || function.isExternal()) {
    module.emitError("requires a function @main with a body, found none");
    return {};
  }
  if (!function.getBody().hasOneBlock()) {
    function.emitError("requires a body of one block, found ") << function.getBody().getBlocks().size();
    return {};
  }
  // Halting steps are counted up to the model's timesteps.
  auto model = module->getAttrOfType<ModelAttr>("stas.model");
  auto other = function.getBody().walk([&](ActOp act) -> WalkResult {
    if (!model || static_cast<int64_t>(act.getTimesteps()) == model.getTimesteps())
      return WalkResult::advance();
    return act.emitOpError("requires the timesteps of stas.model, ")
           << model.getTimesteps() << ", found " << static_cast<int64_t>(act.getTimesteps());
  });
  return other.wasInterrupted() ? func::FuncOp() : function;
}

/// Runs `check` on every op of the body of @main; fails where it does.
LogicalResult checkOps(func::FuncOp function, function_ref<LogicalResult(Operation *)> check) {
  auto result = function.getBody().walk([&](Operation *op) { return WalkResult(check(op)); });
  return failure(result.wasInterrupted());
}

LogicalResult checkImported(Operation *op) {
  if (isa_and_nonnull<STASDialect>(op->getDialect()) || isa<func::ReturnOp, arith::ConstantOp>(op))
    return success();
  return op->emitOpError("is no op of the stas dialect, of which alone an imported model is made; a module of a later "
                         "phase is compiled from there (--compile-from)");
}

/// Weighted layers are what batch normalisation folds into.
LogicalResult checkNorm(BatchNormOp norm) {
  Operation *layer = norm.getInput().getDefiningOp();
  bool isMap = isa_and_nonnull<Conv2dOp>(layer);
  if ((!isMap && !isa_and_nonnull<LinearOp>(layer)) || !norm.getInput().hasOneUse() ||
      static_cast<int64_t>(norm.getAxis()) != cast<RankedTensorType>(norm.getType()).getRank() - (isMap ? 3 : 1))
    return norm.emitOpError("cannot be folded: requires the channels of a convolution or linear layer whose sums have "
                            "no other use");
  return success();
}

/// Whether a layer would run on one timestep of its operands.
bool canRunOnce(TimeOpInterface layer) {
  OpBuilder nowhere(layer->getContext());
  SmallVector<Value> operands;
  for (Value operand : layer->getOperands())
    operands.push_back(operand.getDefiningOp<EncodeOp>().getInput());
  Operation *once = layer.cloneForOneTimestep(nowhere, operands);
  if (once)
    once->destroy();
  return once;
}

LogicalResult checkNormalized(Operation *op) {
  if (failed(checkImported(op)))
    return failure();
  if (auto norm = dyn_cast<BatchNormOp>(op); norm && failed(checkNorm(norm)))
    return failure();
  auto timed = dyn_cast<TimeOpInterface>(op);
  if (!timed || op->getNumOperands() == 0 ||
      !llvm::all_of(op->getOperands(), [](Value operand) { return operand.getDefiningOp<EncodeOp>(); }))
    return success();
  if (timed.getTimeEffect() == TimeEffect::PerTimestep && canRunOnce(timed))
    return op->emitOpError("runs at every timestep on what is the same at each: run stas-hoist-time-invariant");
  if (isa<LIFOp>(op))
    return op->emitOpError("has a current that is the same at every timestep: run stas-hoist-time-invariant");
  return success();
}

struct VerifyImportedPass : public stas::impl::StasVerifyImportedBase<VerifyImportedPass> {
  void runOnOperation() override {
    auto function = requireMain(getOperation());
    if (!function || failed(checkOps(function, checkImported)))
      signalPassFailure();
  }
};

struct VerifyNormalizedPass : public stas::impl::StasVerifyNormalizedBase<VerifyNormalizedPass> {
  void runOnOperation() override {
    auto function = requireMain(getOperation());
    if (!function || failed(checkOps(function, checkNormalized)))
      signalPassFailure();
  }
};

struct VerifyAdaptedPass : public stas::impl::StasVerifyAdaptedBase<VerifyAdaptedPass> {
  void runOnOperation() override {
    auto function = requireMain(getOperation());
    if (!function)
      return signalPassFailure();
    TimeInvariance time(function);
    auto check = [&](Operation *op) -> LogicalResult {
      std::string reason;
      auto reduction = dyn_cast<IntegrateOp>(op);
      if (reduction && succeeded(matchStem(reduction, time, reason)))
        return op->emitOpError("reduces steady spikes of a convolution: run stas-fuse-isps");
      return checkNormalized(op);
    };
    if (failed(checkOps(function, check)))
      signalPassFailure();
  }
};

LogicalResult checkLowered(Operation *op) {
  if (isa<TimeLoopOp, SplatOp>(op) || op->getParentOfType<TimeLoopOp>())
    return op->emitOpError("is of a time loop, which stas-lower-act makes: targets take stas.act; leave that pass out");
  if (isa_and_nonnull<STASDialect>(op->getDialect()) && !isa<ActOp, YieldOp>(op))
    return op->emitOpError("is left of the stas dialect: run convert-stas-to-spike");
  if (!isa<spike::AccumulateOp, spike::ExpandOp>(op))
    return success();
  for (Operation *user : op->getUsers())
    if (!isa<spike::FireOp, spike::StaircaseOp, spike::AffineOp, spike::ReadoutOp>(user) &&
        !(isa<spike::AccumulateOp>(op) && isa<spike::ExpandOp>(user)))
      return op->emitOpError("requires spike.fire, spike.staircase, spike.affine or spike.readout as its users, found "
                             "another");
  return success();
}

LogicalResult checkSparse(Operation *op) {
  if (failed(checkLowered(op)))
    return failure();
  if (isa<spike::CoincideOp>(op))
    return op->emitOpError("is attention whose order of products is not chosen: run stas-lower-assa");
  if (!isa<spike::AccumulateOp>(op))
    return success();
  if (SumUsers users(op); users.agree && users.masked)
    return op->emitOpError("computes rows of halted tokens, which nothing takes: run stas-lower-assa");
  return success();
}

struct VerifyLoweredPass : public stas::impl::SpikeVerifyLoweredBase<VerifyLoweredPass> {
  void runOnOperation() override {
    auto function = requireMain(getOperation());
    if (!function || failed(checkOps(function, checkLowered)))
      signalPassFailure();
  }
};

struct VerifyQuantizedPass : public stas::impl::SpikeVerifyQuantizedBase<VerifyQuantizedPass> {
  void runOnOperation() override {
    auto function = requireMain(getOperation());
    if (!function || failed(checkOps(function, checkLowered)))
      return signalPassFailure();
    // Every model of integers begins or ends in one of these.
    auto found = function.getBody().walk([](Operation *op) {
      return isa<spike::QuantizeOp, spike::ReadoutOp>(op) ? WalkResult::interrupt() : WalkResult::advance();
    });
    auto check = [](Operation *op) -> LogicalResult {
      bool isReal = llvm::any_of(op->getResultTypes(), [](Type type) {
        auto tensor = dyn_cast<RankedTensorType>(type);
        return tensor && tensor.getElementType().isF32();
      });
      if (isReal && !isa<spike::ReadoutOp>(op))
        return op->emitOpError("computes in f32 in a model in integers: run spike-quantize on all of it");
      return success();
    };
    if (found.wasInterrupted() && failed(checkOps(function, check)))
      signalPassFailure();
  }
};

struct VerifySparsePass : public stas::impl::SpikeVerifySparseBase<VerifySparsePass> {
  void runOnOperation() override {
    auto function = requireMain(getOperation());
    if (!function || failed(checkOps(function, checkSparse)))
      signalPassFailure();
  }
};

struct VerifyPlanPass : public stas::impl::SpikeVerifyPlanBase<VerifyPlanPass> {
  void runOnOperation() override {
    auto function = requireMain(getOperation());
    if (!function || failed(checkFunction(function)))
      return signalPassFailure();
    auto check = [](Operation *op) -> LogicalResult {
      if (!isa<spike::BufferOp, spike::ConstantOp, spike::TableOp, spike::LaunchOp, spike::TimeLoopOp,
               spike::StopWhenIdleOp, spike::OutputsOp, func::ReturnOp>(op))
        return op->emitOpError("is no op of a plan: run convert-spike-to-vector");
      auto buffer = dyn_cast<spike::BufferOp>(op);
      if (buffer && !buffer.getOffset())
        return op->emitOpError("requires a place in the arena: run spike-plan-memory");
      return success();
    };
    if (failed(checkOps(function, check)))
      signalPassFailure();
  }

  static LogicalResult checkFunction(func::FuncOp function) {
    if (function.getNumArguments() != 0 || function.getNumResults() != 0 || !function->hasAttr("spike.arena") ||
        !function->hasAttr("spike.image"))
      return function.emitError("requires a plan: no arguments or results, spike.arena and spike.image; found ")
             << function.getFunctionType();
    Block &body = function.getBody().front();
    if (body.getOperations().size() < 2 || !isa<spike::OutputsOp>(*std::next(body.rbegin())))
      return function.emitError("requires spike.outputs at the end of the plan, found none");
    return success();
  }
};
} // namespace
