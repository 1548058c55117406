//===- ChooseSchedule.cpp - All timesteps of a layer, or all layers of one ===//
//
// Layer-major, a layer runs all its timesteps at once, from one read of its
// weights; timestep-major, all layers run at one timestep before the next. Halting
// asks for the second, unless no token can halt before the end: then stas.act is
// a chain of layers over T timesteps, and is rewritten to one.
//
//===----------------------------------------------------------------------===//
#include "dialects/STAS/STASOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Remarks.h"
#include "stas/Analysis/IntegerRanges.h"
#include "stas/Transforms/Passes.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <limits>

namespace stas {
#define GEN_PASS_DEF_STASCHOOSESCHEDULE
#include "stas/Transforms/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;

namespace {
/// The most scores that a token can have gathered where that still decides whether it is active.
int64_t mostScores(ActOp act) {
  int64_t timesteps = act.getTimesteps(), blocks = act.getBlocks().size();
  switch (act.getHalting().getOrder()) {
  case HaltingOrder::Lexicographic:
    return timesteps * blocks - 1;
  case HaltingOrder::Rectangular:
    return std::max((timesteps - 1) * blocks, timesteps * (blocks - 1));
  case HaltingOrder::Timestep:
    return blocks - 1;
  }
  llvm_unreachable("an order of the enumeration");
}

/// The largest halting score of a token, by the range of the stream's counts; 1 where there is none.
double largestScore(ActOp act, const IntegerRanges &ranges) {
  double alpha = act.getHalting().getAlpha(), beta = act.getHalting().getBeta(), most = 0.0;
  for (Region &region : act.getBlocks()) {
    std::optional<IntegerRange> range = ranges.of(cast<YieldOp>(region.front().getTerminator()).getStream());
    double drive = std::numeric_limits<double>::infinity();
    if (range || alpha == 0.0)
      drive = alpha == 0.0 ? beta : alpha * static_cast<double>(alpha > 0.0 ? range->high : range->low) + beta;
    most = std::max(most, 1.0 / (1.0 + std::exp(-drive)));
  }
  return most;
}

/// The first op of the blocks that says nothing about time, or has a mask of its own.
Operation *firstForeign(ActOp act) {
  for (Region &region : act.getBlocks()) {
    Block &block = region.front();
    for (Operation &op : block.without_terminator()) {
      auto mask = dyn_cast<MaskOp>(op);
      bool takesMask = llvm::is_contained(op.getOperands(), block.getArgument(1));
      if (mask ? mask.getActive() != block.getArgument(1) : takesMask || !isa<TimeOpInterface>(op))
        return &op;
    }
  }
  return nullptr;
}

/// Why an encoder keeps its time loop, whatever its blocks hold; empty where no token can halt before the end.
std::string whyTimestepMajor(ActOp act, double score) {
  std::string reason;
  llvm::raw_string_ostream os(reason);
  ActAttr halting = act.getHalting();
  double limit = 1.0 - static_cast<double>(halting.getEps());
  int64_t scores = mostScores(act);
  // Rounding in f32 adds less than a thousandth to a score and a sum of so many.
  constexpr int64_t fewScores = 1 << 13;
  if (scores > fewScores || static_cast<double>(scores) * score * 1.001 > limit) {
    switch (halting.getOrder()) {
    case HaltingOrder::Lexicographic:
      os << "whether a token enters the first block depends on the last block of the timestep before";
      break;
    case HaltingOrder::Rectangular:
      os << "whether a token enters a block depends on that block at the timestep before";
      break;
    case HaltingOrder::Timestep:
      os << "rows of a layer that are skipped differ from timestep to timestep";
      break;
    }
    os << llvm::formatv("; a token can halt early: up to {0} scores of up to {1:f4} against a limit of {2:f4}", scores,
                        score, limit);
  } else if (halting.getOutput() == ActOutput::Weighted) {
    os << "the output weighs what each block yields by its score";
  } else if (!act.getSteps().use_empty()) {
    os << "the number of steps of each token is used";
  }
  return reason;
}

/// The blocks over [T, B, N, D], and their mean over time. Changes nothing where an op of theirs has no such form, and
/// returns it.
Operation *makeLayerMajor(ActOp act) {
  if (Operation *foreign = firstForeign(act))
    return foreign;
  OpBuilder builder(act);
  auto input = cast<RankedTensorType>(act.getInput().getType());
  SmallVector<int64_t> shape{static_cast<int64_t>(act.getTimesteps())};
  llvm::append_range(shape, input.getShape());
  Value stream = EncodeOp::create(builder, act.getLoc(), input.clone(shape), act.getInput(), act.getTimesteps());
  SmallVector<Operation *> created{stream.getDefiningOp()};
  for (Region &region : act.getBlocks()) {
    Block &block = region.front();
    IRMapping map;
    map.map(block.getArgument(0), stream);
    for (Operation &op : block.without_terminator()) {
      if (auto mask = dyn_cast<MaskOp>(op)) { // of every token
        map.map(mask.getOutput(), map.lookup(mask.getInput()));
        continue;
      }
      auto operands = llvm::map_to_vector(op.getOperands(), [&](Value operand) { return map.lookup(operand); });
      Operation *overTime = cast<TimeOpInterface>(op).cloneOverTime(builder, operands);
      if (!overTime) {
        for (Operation *unused : llvm::reverse(created))
          unused->erase();
        return &op;
      }
      created.push_back(overTime);
      map.map(op.getResults(), overTime->getResults());
    }
    stream = map.lookup(cast<YieldOp>(block.getTerminator()).getStream());
  }
  Value mean = IntegrateOp::create(builder, act.getLoc(), act.getOutput().getType(), ReduceKind::Mean, stream);
  act.getOutput().replaceAllUsesWith(mean);
  act.erase();
  return nullptr;
}

struct StasChooseSchedulePass : public stas::impl::StasChooseScheduleBase<StasChooseSchedulePass> {
  void runOnOperation() override {
    SmallVector<ActOp> encoders;
    getOperation().walk([&](ActOp act) { encoders.push_back(act); });
    if (encoders.empty() && !getOperation().getBody().empty() && !getOperation().getBody().getOps<LIFOp>().empty())
      remark::analysis(getOperation().getLoc(), remark::RemarkOpts::name("LayerMajor").category("stas-choose-schedule"))
          << remark::add("a layer runs all its timesteps at once") << remark::reason("nothing halts");
    if (encoders.empty())
      return;
    IntegerRanges ranges(getOperation());
    auto scores = llvm::map_to_vector(encoders, [&](ActOp act) { return largestScore(act, ranges); });
    for (auto [act, score] : llvm::zip_equal(encoders, scores))
      choose(act, score);
  }

  void choose(ActOp act, double score) {
    std::string reason = whyTimestepMajor(act, score);
    Location location = act.getLoc();
    int64_t scores = mostScores(act);
    if (reason.empty())
      if (Operation *op = makeLayerMajor(act))
        reason = llvm::formatv("a block holds {0}, which is no layer over time", op->getName());
    if (!reason.empty()) {
      ++numTimestepMajor;
      remark::missed(location, remark::RemarkOpts::name("TimestepMajor").category("stas-choose-schedule"))
          << remark::add("all blocks run at one timestep before the next") << remark::reason("{0}", reason);
      return;
    }
    ++numLayerMajor;
    remark::passed(location, remark::RemarkOpts::name("LayerMajor").category("stas-choose-schedule"))
        << remark::add("a layer runs all its timesteps at once")
        << remark::reason("no token can halt before the end: at most {0} scores of at most {1:e2} before it", scores,
                          score);
  }
};
} // namespace
