//===- FuseISPS.cpp - One op for a stem's first stage ---------------------===//
#include "ISPSStem.h"
#include "mlir/IR/Remarks.h"
#include "stas/Transforms/Passes.h"

namespace stas {
#define GEN_PASS_DEF_STASFUSEISPS
#include "stas/Transforms/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;

namespace {
constexpr StringLiteral category = "stas-fuse-isps";

struct FuseISPSPass : public stas::impl::StasFuseISPSBase<FuseISPSPass> {
  void runOnOperation() override;

private:
  void fuse(const ISPSStem &stem);
};
} // namespace

void FuseISPSPass::runOnOperation() {
  // All are looked at before any is changed: the analysis knows the values that are there now.
  SmallVector<ISPSStem> stems;
  TimeInvariance time(getOperation());
  getOperation().walk([&](IntegrateOp reduction) {
    std::string reason;
    FailureOr<ISPSStem> stem = matchStem(reduction, time, reason);
    if (succeeded(stem)) {
      stems.push_back(*stem);
    } else if (reducesSpikes(reduction) && cast<RankedTensorType>(reduction.getInput().getType()).getDimSize(0) > 1) {
      ++numRefused;
      remark::missed(reduction.getLoc(), remark::RemarkOpts::name("NotFused").category(category))
          << remark::add("a reduction over time is no I-SPS of one stage") << remark::reason("{0}", reason);
    }
  });
  // From the last on: one may read what another yields.
  for (const ISPSStem &stem : llvm::reverse(stems))
    fuse(stem);
}

void FuseISPSPass::fuse(const ISPSStem &stem) {
  IntegrateOp reduction = stem.reduction;
  Conv2dOp conv = stem.conv;
  BatchNormOp norm = stem.norm;
  MaxPool2dOp pool = stem.pool;
  OpBuilder builder(reduction);
  // The neurons name the op, as they name its spikes; the convolution comes second, where the lowering looks for it.
  SmallVector<Location> parts{stem.neurons->getLoc(), conv.getLoc()};
  std::string what = "conv2d";
  if (norm) {
    parts.push_back(norm.getLoc());
    what += ", batch_norm";
  }
  what += ", neurons over " + std::to_string(stem.timesteps) + " timesteps";
  if (pool) {
    parts.push_back(pool.getLoc());
    what += ", max_pool2d";
  }
  parts.push_back(reduction.getLoc());
  auto array = [&](auto values) { return builder.getDenseI64ArrayAttr(values); };
  auto isps = ISPSOp::create(
      builder, FusedLoc::get(&getContext(), parts), reduction.getType(), reduction.getKindAttr(), stem.input,
      conv.getWeight(), conv.getBiasAttr(), conv.getStridesAttr(), conv.getPaddingAttr(),
      norm ? norm.getWeight() : WeightAttr(), norm ? norm.getBias() : WeightAttr(),
      norm ? norm.getMean() : WeightAttr(), norm ? norm.getVar() : WeightAttr(), norm ? norm.getEpsAttr() : FloatAttr(),
      stem.neuron, builder.getI64IntegerAttr(stem.timesteps), pool ? array(pool.getKernel()) : DenseI64ArrayAttr(),
      pool ? array(pool.getStrides()) : DenseI64ArrayAttr(), pool ? array(pool.getPadding()) : DenseI64ArrayAttr());
  remark::passed(stem.neurons->getLoc(), remark::RemarkOpts::name("Fused").category(category))
      << remark::add("{0} and their {1} are one stas.isps", what, stringifyReduceKind(reduction.getKind()).str());
  ++numFused;
  reduction.getOutput().replaceAllUsesWith(isps.getOutput());
  // From the reduction up, each op loses its last user.
  for (Operation *op = reduction; op && op != stem.input.getDefiningOp() && op->use_empty();) {
    Operation *before = op->getOperand(0).getDefiningOp();
    op->erase();
    op = before;
  }
}
