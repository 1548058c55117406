//===- Synapses.cpp - What ops cost in synaptic operations ----------------===//
#include "dialects/STAS/STASOps.h"
#include "dialects/Spike/SpikeOps.h"
#include <cmath>

using namespace mlir;
using namespace stas;
using namespace stas::spike;

#include "dialects/Spike/SynapticInterfaces.cpp.inc"

namespace {
ArrayRef<int64_t> shapeOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }

/// The work of an op alone; a launch adds what it knows.
WorkAttr workOf(Operation *op, WorkKind kind, int64_t rows, int64_t fanIn, int64_t channels, int64_t heads = 1,
                ArrayRef<int64_t> map = {}, WindowAttr window = {}, int64_t parts = 1) {
  StringRef layer = layerName(op);
  return WorkAttr::get(op->getContext(), kind, layer.empty() ? op->getName().stripDialect() : layer, rows, fanIn,
                       channels, heads, map, window, parts, /*max=*/1, /*steps=*/0, /*inputs=*/{}, /*active=*/-1,
                       /*block=*/-1);
}

/// How many of an integer form's inputs make 1. Units are reciprocals of integers; that of an image is not a count, and
/// nobody asks for it.
int64_t partsOf(QuantAttr quant) {
  double parts = quant ? std::round(1.0 / quant.getInputUnit()) : 1.0;
  return parts >= 1.0 && parts <= 0x1p31 ? static_cast<int64_t>(parts) : 1;
}
} // namespace

Value AccumulateOp::getAllRows() {
  auto compact = getInput().getDefiningOp<CompactOp>();
  return compact ? compact.getInput() : getInput();
}

int64_t AccumulateOp::getImageAxes() {
  if (getWindow())
    return 3;
  auto shape = shapeOf(getAllRows());
  const int64_t *batch = llvm::find_if(shape, ShapedType::isDynamic);
  if (batch == shape.end())
    return shape.size() >= 3 ? 2 : 1;
  return shape.end() - batch - 1;
}

WorkAttr AccumulateOp::getWork() {
  auto input = shapeOf(getAllRows()), rows = (getWindow() ? shapeOf(getOutput()) : input).take_back(getImageAxes());
  SmallVector<int64_t> map;
  if (auto window = getWindow())
    llvm::append_range(map, input.take_back(window->getChannelsFirst() ? 2 : 3).take_front(2));
  return workOf(*this, WorkKind::Weighted, llvm::product_of(rows.drop_back()),
                llvm::product_of(getWeight().getType().getShape().drop_front()), shapeOf(getOutput()).back(),
                /*heads=*/1, map, getWindowAttr(), partsOf(getQuantAttr()));
}

SmallVector<Value> AccumulateOp::getSynapticInputs() { return {getAllRows()}; }

WorkAttr CoincideOp::getWork() {
  auto tokens = shapeOf(getOutput()).take_back(2);
  return workOf(*this, WorkKind::Coincidence, tokens[0], /*fanIn=*/0, tokens[1], getHeads());
}

SmallVector<Value> CoincideOp::getSynapticInputs() { return {getQuery(), getKey(), getValue()}; }

/// Both products: packing and association change what a target does, not which spikes meet.
WorkAttr SumCountsOp::getWork() {
  auto tokens = shapeOf(getOutput()).take_back(2), counts = shapeOf(getCounts());
  return workOf(*this, WorkKind::Coincidence, tokens[0], /*fanIn=*/0, tokens[1], counts[counts.size() - 3]);
}

/// Queries, keys and values; of counts that are no spike.and_count of packed spikes, only what is known.
SmallVector<Value> SumCountsOp::getSynapticInputs() {
  auto counts = getCounts().getDefiningOp<AndCountOp>();
  auto lhs = counts ? counts.getLhs().getDefiningOp<PackOp>() : PackOp();
  auto rhs = counts ? counts.getRhs().getDefiningOp<PackOp>() : PackOp();
  if (!lhs || !rhs)
    return {getSpikes()};
  if (getAssociation() == Association::KeyValue)
    return {getSpikes(), lhs.getInput(), rhs.getInput()};
  return {lhs.getInput(), rhs.getInput(), getSpikes()};
}

int64_t FireOp::getNeuronSteps() {
  return getMembrane() || (*this)->getParentOfType<ActOp>() ? 1 : shapeOf(getOutput()).front();
}

int64_t stas::spike::StaircaseOp::getNeuronSteps() { return getTimesteps(); }
