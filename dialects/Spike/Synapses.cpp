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

int64_t product(ArrayRef<int64_t> extents) {
  int64_t result = 1;
  for (int64_t extent : extents)
    result *= extent;
  return result;
}

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

int64_t AccumulateOp::getImageAxes() {
  if (getWindow())
    return 3;
  auto shape = shapeOf(getInput());
  const int64_t *batch = llvm::find_if(shape, ShapedType::isDynamic);
  if (batch == shape.end())
    return shape.size() >= 3 ? 2 : 1;
  return shape.end() - batch - 1;
}

WorkAttr AccumulateOp::getWork() {
  auto input = shapeOf(getInput()), output = shapeOf(getOutput()).take_back(getImageAxes());
  SmallVector<int64_t> map;
  if (auto window = getWindow())
    llvm::append_range(map, input.take_back(window->getChannelsFirst() ? 2 : 3).take_front(2));
  return workOf(*this, WorkKind::Weighted, product(output.drop_back()),
                product(getWeight().getType().getShape().drop_front()), output.back(), /*heads=*/1, map,
                getWindowAttr(), partsOf(getQuantAttr()));
}

SmallVector<Value> AccumulateOp::getSynapticInputs() { return {getInput()}; }

WorkAttr CoincideOp::getWork() {
  auto tokens = shapeOf(getOutput()).take_back(2);
  return workOf(*this, WorkKind::Coincidence, tokens[0], /*fanIn=*/0, tokens[1], getHeads());
}

SmallVector<Value> CoincideOp::getSynapticInputs() { return {getQuery(), getKey(), getValue()}; }

int64_t FireOp::getNeuronSteps() {
  return getMembrane() || (*this)->getParentOfType<ActOp>() ? 1 : shapeOf(getOutput()).front();
}

int64_t stas::spike::StaircaseOp::getNeuronSteps() { return getTimesteps(); }
