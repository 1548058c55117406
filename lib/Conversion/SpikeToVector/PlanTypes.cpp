//===- PlanTypes.cpp - Shapes and names of tensors and layers -------------===//
#include "PlanTypes.h"
#include "SparseForm.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;

int64_t stas::elementsOf(Value value) {
  return llvm::product_of(llvm::make_filter_range(typeOf(value).getShape(), ShapedType::isStatic));
}

StringRef stas::nameOf(Operation *op) {
  StringRef name = layerName(op);
  return name.empty() ? op->getName().stripDialect() : name;
}

std::string stas::describe(double value) { return llvm::formatv("{0:x}", llvm::bit_cast<uint64_t>(value)); }
std::string stas::describe(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream os(text);
  attribute.print(os);
  return text;
}

std::string stas::describe(const NeuronForm &form) {
  bool general = form.mode == NeuronForm::Mode::General;
  return llvm::formatv("{0}{1}{2} G={3} F={4} m={5}", general ? "general" : "halve", form.soft ? " soft" : "",
                       form.wide ? " wide" : "", form.guard, form.fraction, general ? form.multiplier : 0);
}

LogicalResult stas::requireImages(Operation *op) {
  auto isImage = [&](Value value, int64_t tail) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || type.getRank() < tail + 1 || type.getRank() > tail + 2)
      return false;
    auto isStatic = [](int64_t extent) { return extent >= 1; };
    auto shape = type.getShape();
    int64_t batch = shape[type.getRank() - tail - 1];
    return llvm::all_of(shape.take_back(tail), isStatic) && (ShapedType::isDynamic(batch) || batch == 1) &&
           (type.getRank() == tail + 1 || isStatic(shape[0]));
  };
  auto check = [&](ValueRange values, int64_t tail) -> LogicalResult {
    for (Value value : values)
      if (!isImage(value, tail))
        return op->emitOpError("requires [B, ..] or [T, B, ..] with ")
               << tail << " axes behind a dynamic batch (or of one), static but for the batch, found "
               << value.getType();
    return success();
  };
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](spike::AccumulateOp sums) { return check(sums.getAllRows(), sums.getImageAxes()); })
      .Case([&](spike::FireOp fire) -> LogicalResult {
        auto sums = activeRows(fire.getSums()).getDefiningOp<spike::AccumulateOp>();
        return !sums ? success() : check(fire.getOutput(), sums.getImageAxes());
      })
      .Case([&](spike::StaircaseOp steps) -> LogicalResult {
        auto sums = steps.getSums().getDefiningOp<spike::AccumulateOp>();
        if (!sums || (!sums.getWindow() && steps.getPool()) || isTimed(steps.getSums(), sums.getImageAxes()))
          return steps.emitOpError(
              "requires sums of spike.accumulate without a T axis on the CPU, of a map where there "
              "is a pool, found another value");
        return success();
      })
      .Case([&](spike::CoincideOp counts) { return check(counts.getQuery(), 2); })
      .Case([&](spike::SumCountsOp sums) { return check(sums.getSpikes(), 2); })
      .Case([&](spike::MaxPoolOp pool) { return check(pool.getInput(), 3); })
      .Case([&](spike::FlattenOp flatten) { return check(flatten.getInput(), 3); })
      .Case([&](spike::MeanTokensOp mean) { return check(mean.getInput(), 2); })
      .Case([&](spike::SumTokensOp sum) { return check(sum.getInput(), 2); })
      .Case([&](spike::QuantizeOp quantize) { return check(quantize.getInput(), 3); })
      .Case([&](spike::IntegrateOp integrate) {
        auto type = cast<RankedTensorType>(integrate.getInput().getType());
        return check(integrate.getInput(), type.getRank() - 2);
      })
      .Default([](Operation *) { return success(); });
}
