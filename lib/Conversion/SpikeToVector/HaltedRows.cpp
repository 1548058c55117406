//===- HaltedRows.cpp - Who reads the rows of halted tokens ---------------===//
#include "SparseForm.h"
#include "dialects/STAS/STASOps.h"

using namespace mlir;
using namespace stas;

/// Whether all that becomes of sums are neurons of the active rows.
static bool driveActiveRows(Operation *sums, Value active) {
  return llvm::all_of(sums->getUsers(), [&](Operation *user) {
    auto fire = dyn_cast<spike::FireOp>(user);
    return fire && fire.getActive() == active;
  });
}

/// Whether attention reads the rows: attention of the active tokens skips the others.
static bool attentionReads(Value spikes, Value active) {
  bool isKnown = false;
  for (spike::FireOp fire : spikes.getParentBlock()->getOps<spike::FireOp>()) {
    std::optional<Coincidences> counts = coincidencesOf(fire);
    if (!counts || !llvm::is_contained({counts->query, counts->key, counts->value}, spikes))
      continue;
    if (fire.getActive() != active)
      return true;
    isKnown = true;
  }
  return !isKnown;
}

bool stas::areHaltedRowsRead(Value rows, Value active) {
  return llvm::any_of(rows.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (auto compact = dyn_cast<spike::CompactOp>(user))
      return compact.getActive() != active;
    if (isa<spike::AccumulateOp>(user))
      return !driveActiveRows(user, active);
    if (auto add = dyn_cast<spike::AddOp>(user))
      return areHaltedRowsRead(add.getOutput(), active);
    if (isa<spike::PackOp, spike::SumCountsOp, spike::CoincideOp>(user))
      return attentionReads(rows, active);
    if (auto yield = dyn_cast<YieldOp>(user)) {
      // What halts in a block is active in no later one; the output takes from active tokens alone.
      auto act = dyn_cast<ActOp>(yield->getParentOp());
      unsigned next = yield->getParentRegion()->getRegionNumber() + 1;
      if (!act || active != yield->getBlock()->getArgument(1))
        return true;
      if (next == act.getBlocks().size())
        return false;
      Block &block = act.getBlocks()[next].front();
      return areHaltedRowsRead(block.getArgument(0), block.getArgument(1));
    }
    return true;
  });
}
