//===- ChoiceKernel.cpp - Events or products, by the inputs ---------------===//
//
// Rates differ from timestep to timestep and from image to image. Where events and
// products may both be the faster, a launch looks at some of its inputs, the same
// for the same inputs, and calls the one or the other kernel. Their results are
// the same.
//
//===----------------------------------------------------------------------===//
#include "RowSums.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace stas;

namespace {
class ChoiceKernel {
public:
  ChoiceKernel(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec)
      : b(b), kernel(kernel), spec(spec), width(spec.isa.lanes * 4), input(kernel.memory.front()) {}
  /// Whether, of 1,000 inputs that are looked at, at most spec.mostEvents are not zero.
  Value hasFewEvents();
  void call(func::FuncOp function);

private:
  /// How many inputs were looked at, and how many of them are not zero.
  using Seen = Values;
  Seen lookAtMap();
  Seen lookAtRows();
  Seen lookAtRow(Value first, ValueRange seen);
  Value nonZeros(Value at) {
    Value bits = b.nonZeroBits(input, at, width);
    return arith::IndexCastUIOp::create(b, b.getIndexType(), Value(math::CtPopOp::create(b, bits)));
  }

  KernelBuilder &b;
  const Kernel &kernel;
  const AccumulateSpec &spec;
  int64_t width; // inputs of a vector
  Value input;
};
} // namespace

Value ChoiceKernel::hasFewEvents() {
  Seen seen = spec.window ? lookAtMap() : lookAtRows();
  return b.compare(arith::CmpIPredicate::ule, b.mul(seen[1], 1000), b.mul(seen[0], spec.mostEvents));
}

/// Vectors all over the map, in no step that channels could fall in with.
Values ChoiceKernel::lookAtMap() {
  constexpr int64_t most = 512;
  const AccumulateSpec::Window &w = *spec.window;
  int64_t all = spec.timesIn * w.height * w.width * w.channels / width, some = std::min(all, most);
  int64_t step = all <= most ? 1 : all * 618 / 1000 | 1;
  Value found = b.loop(b.index(0), b.index(some), 1, ValueRange{b.index(0)}, [&](Value i, ValueRange sofar) {
    Value vector = arith::RemUIOp::create(b, b.mul(i, step), b.index(all));
    return Values{b.add(sofar[0], nonZeros(b.mul(vector, width)))};
  })[0];
  return {b.index(some * width), found};
}

/// Rows at equal distances, at each timestep; of rows that can be inactive, those that are active.
Values ChoiceKernel::lookAtRows() {
  constexpr int64_t most = 64;
  Value items = b.sub(kernel.end, kernel.begin);
  Value some = b.min(items, b.index(llvm::divideCeil(most, spec.timesIn)));
  return b.loop(b.index(0), some, 1, Values{b.index(0), b.index(0)}, [&](Value i, ValueRange seen) {
    Value item = b.add(kernel.begin, arith::DivUIOp::create(b, b.mul(i, items), some));
    if (!spec.masked)
      return b.loop(b.index(0), b.index(spec.timesIn), 1, seen, [&](Value time, ValueRange sofar) {
        return lookAtRow(b.mul(b.add(b.mul(time, spec.rows), item), spec.inputs), sofar);
      });
    Row row = Row::of(b, kernel, spec, item);
    Value active = kernel.memory.end()[-2];
    return b.choose(
        b.isSet(active, row.at(b, row.index, active)), TypeRange(seen),
        [&] { return lookAtRow(row.at(b, b.mul(row.index, spec.inputs), input), seen); }, [&] { return Values(seen); });
  });
}

/// Whole vectors of a row.
Values ChoiceKernel::lookAtRow(Value first, ValueRange seen) {
  int64_t whole = spec.inputs / width * width;
  Value found = b.loop(b.index(0), b.index(whole), width, seen[1], [&](Value at, ValueRange sofar) {
    return Values{b.add(sofar[0], nonZeros(b.add(first, at)))};
  })[0];
  return {b.add(seen[0], whole), found};
}

/// Calls a kernel of the same memories, whose scratch is a part of this one's.
void ChoiceKernel::call(func::FuncOp function) {
  func::FuncOp self = kernel.function;
  Values operands(self.getArguments().drop_back());
  auto scratch = cast<MemRefType>(function.getArgumentTypes().back());
  operands.push_back(b.view(kernel.scratch, 0, scratch.getElementType(), scratch.getNumElements()));
  func::CallOp::create(b, function, operands);
}

void stas::buildChoice(KernelBuilder &b, const Kernel &kernel, const AccumulateSpec &spec, func::FuncOp events,
                       func::FuncOp products) {
  ChoiceKernel choice(b, kernel, spec);
  b.ifThen(choice.hasFewEvents(), [&] { choice.call(events); }, [&] { choice.call(products); });
}
