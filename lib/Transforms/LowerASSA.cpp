//===- LowerASSA.cpp - Attention and layers on what is there --------------===//
#include "SumUsers.h"
#include "mlir/IR/Remarks.h"
#include "stas/Analysis/InputDensity.h"
#include "stas/Transforms/Passes.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

namespace stas {
#define GEN_PASS_DEF_STASLOWERASSA
#include "stas/Transforms/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;
using spike::Association;
using spike::BitAxis;

namespace {
constexpr StringLiteral category = "stas-lower-assa";
constexpr int64_t wordBits = 64;

remark::RemarkOpts named(StringRef name) { return remark::RemarkOpts::name(name).category(category); }
RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// The shape of attention, and how often its operands spike.
struct AttentionShape {
  int64_t tokens, depth; // of a head
  double queryRate, valueRate;
  bool measured;

  AttentionShape(spike::CoincideOp op, const InputDensity &density) {
    auto shape = typeOf(op.getQuery()).getShape();
    tokens = shape[shape.size() - 2];
    depth = shape.back() / static_cast<int64_t>(op.getHeads());
    queryRate = density.of(op.getQuery());
    valueRate = density.of(op.getValue());
    measured = density.isMeasured(op.getQuery()) && density.isMeasured(op.getValue());
  }
  /// Of a head and timestep: words that are AND-ed and counted, and counts that are added. Packing costs both the same.
  double operations(Association association) const {
    double n = tokens, d = depth;
    return association == Association::KeyValue ? d * d * llvm::divideCeil(tokens, wordBits) + queryRate * n * d * d
                                                : n * n * llvm::divideCeil(depth, wordBits) + valueRate * n * n * d;
  }
  Association cheaper() const {
    return operations(Association::QueryKey) < operations(Association::KeyValue) ? Association::QueryKey
                                                                                 : Association::KeyValue;
  }
};

struct LowerASSAPass : public stas::impl::StasLowerASSABase<LowerASSAPass> {
  using StasLowerASSABase::StasLowerASSABase;
  void runOnOperation() override;

private:
  void compactRows(spike::AccumulateOp sums);
  Value compacted(Value input, Value active, Operation *before);
  void lowerAttention(spike::CoincideOp op, const InputDensity &density);
  Association choose(spike::CoincideOp op, const AttentionShape &shape);

  std::optional<Association> told;
  DenseMap<std::tuple<Block *, Value, Value>, spike::CompactOp> rows; // in a block, of an input and a mask
};
} // namespace

void LowerASSAPass::runOnOperation() {
  rows.clear();
  told = spike::symbolizeAssociation(association.getValue());
  if (!told && association.getValue() != "auto") {
    getOperation().emitError("association: requires auto, key_value or query_key, found '")
        << association.getValue() << "'";
    return signalPassFailure();
  }
  auto measured = RateTable::read(ratesFile);
  if (!measured) {
    getOperation().emitError("rates: ") << llvm::toString(measured.takeError());
    return signalPassFailure();
  }
  // All is asked before anything is changed: the analysis knows the values that are there now.
  InputDensity density(getOperation(), std::move(*measured));
  SmallVector<spike::AccumulateOp> layers;
  SmallVector<spike::CoincideOp> attentions;
  getOperation().walk([&](Operation *op) {
    if (auto sums = dyn_cast<spike::AccumulateOp>(op))
      layers.push_back(sums);
    else if (auto counts = dyn_cast<spike::CoincideOp>(op))
      attentions.push_back(counts);
  });
  for (spike::CoincideOp op : attentions)
    lowerAttention(op, density);
  for (spike::AccumulateOp sums : layers)
    compactRows(sums);
}

/// Sums of which neurons read the active rows alone are computed of those. (Neurons with a mask are tokens', and so are
/// the sums: no window is near.)
void LowerASSAPass::compactRows(spike::AccumulateOp sums) {
  SumUsers neurons(sums);
  if (!neurons.masked)
    return;
  if (!neurons.agree) {
    ++numDense;
    remark::missed(sums.getLoc(), named("HaltedRowsComputed"))
        << remark::add("sums are computed for halted tokens too")
        << remark::reason("what takes them is not neurons of one mask");
    return;
  }
  OpBuilder builder(neurons.first);
  Value input = compacted(sums.getInput(), neurons.active, neurons.first);
  auto type = typeOf(sums.getOutput());
  auto rowsType = type.clone({ShapedType::kDynamic, type.getDimSize(2)});
  auto rowSums = spike::AccumulateOp::create(builder, sums.getLoc(), rowsType, input, sums.getWeight(),
                                             spike::WindowAttr(), sums.getQuantAttr());
  Value all = spike::ExpandOp::create(builder, sums.getLoc(), type, rowSums, neurons.active);
  remark::passed(sums.getLoc(), named("HaltedRowsLeftOut"))
      << remark::add("sums are computed for active tokens alone, of at most {0}", type.getDimSize(1));
  ++numCompacted;
  sums.getOutput().replaceAllUsesWith(all);
  sums.erase();
}

/// Layers of one input and mask share its rows.
Value LowerASSAPass::compacted(Value input, Value active, Operation *before) {
  spike::CompactOp &compact = rows[{before->getBlock(), input, active}];
  if (!compact) {
    OpBuilder builder(before);
    auto type = typeOf(input).clone({ShapedType::kDynamic, typeOf(input).getShape().back()});
    compact = spike::CompactOp::create(builder, input.getLoc(), type, input, active);
  } else if (!compact->isBeforeInBlock(before)) {
    compact->moveBefore(before);
  }
  return compact;
}

Association LowerASSAPass::choose(spike::CoincideOp op, const AttentionShape &shape) {
  Association chosen = told.value_or(shape.cheaper());
  Association other = chosen == Association::KeyValue ? Association::QueryKey : Association::KeyValue;
  auto count = [&](Association which) { return std::llround(shape.operations(which)); };
  std::string reason = llvm::formatv(
      "{0} tokens, {1} channels a head, {2:f1} % of queries and {3:f1} % of values spike{4}", shape.tokens, shape.depth,
      100 * shape.queryRate, 100 * shape.valueRate,
      shape.measured ? ""
                     : llvm::formatv(" ({0:f1} % where nothing was measured)", 100 * InputDensity::typicalRate).str());
  remark::passed(op.getLoc(), named("Association"))
      << remark::add("{0}, {1} operations a head and timestep against {2} of {3}{4}",
                     stringifyAssociation(chosen).str(), count(chosen), count(other), stringifyAssociation(other).str(),
                     told ? ", as told" : "")
      << remark::reason("{0}", reason);
  ++(chosen == Association::KeyValue ? numKeyValue : numQueryKey);
  return chosen;
}

void LowerASSAPass::lowerAttention(spike::CoincideOp op, const InputDensity &density) {
  AttentionShape shape(op, density);
  Association chosen = choose(op, shape);
  bool isKeyValue = chosen == Association::KeyValue;
  int64_t heads = op.getHeads(), extent = isKeyValue ? shape.depth : shape.tokens;
  SumUsers neurons(op);
  Value active = neurons.agree ? neurons.active : Value();
  OpBuilder builder(neurons.first);
  Location loc = op.getLoc();

  auto pack = [&](Value spikes, BitAxis axis) -> Value {
    return spike::PackOp::create(builder, loc, spikes, axis, heads);
  };
  BitAxis axis = isKeyValue ? BitAxis::Tokens : BitAxis::Channels;
  Value lhs = pack(isKeyValue ? op.getKey() : op.getQuery(), axis);
  Value rhs = pack(isKeyValue ? op.getValue() : op.getKey(), axis);
  auto type = typeOf(op.getOutput());
  SmallVector<int64_t> countsShape(type.getShape().drop_back(2));
  countsShape.append({heads, extent, extent});
  // Rows of k^T v are channels, which do not halt; rows of q k^T are tokens.
  Value counts =
      spike::AndCountOp::create(builder, loc, type.clone(countsShape), lhs, rhs, isKeyValue ? Value() : active);
  Value spikes = isKeyValue ? op.getQuery() : op.getValue();
  Value sums = spike::SumCountsOp::create(builder, loc, type, chosen, spikes, counts, active);
  op.getOutput().replaceAllUsesWith(sums);
  op.erase();
}
