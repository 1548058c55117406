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
      : b(b), kernel(kernel), spec(spec), input(kernel.memory.front()) {
    uint64_t run = spec.window ? spec.window->channels : spec.inputs;
    width = std::min<int64_t>(llvm::bit_floor(run), spec.isa.lanes * 4);
  }
  /// Whether, of 1,000 inputs that are looked at, at most spec.mostEvents are not zero.
  Value hasFewEvents();
  void call(func::FuncOp function);

private:
  /// How many inputs were looked at, and how many of them are not zero.
  using Seen = Values;
  Seen lookAtRows();
  Seen lookAtRow(Row row, ValueRange seen);

  KernelBuilder &b;
  const Kernel &kernel;
  const AccumulateSpec &spec;
  int64_t width; // inputs of a vector, no more than a run has
  Value input;
};
} // namespace

Value ChoiceKernel::hasFewEvents() {
  Seen seen = lookAtRows();
  return b.compare(arith::CmpIPredicate::ule, b.mul(seen[1], 1000), b.mul(seen[0], spec.mostEvents));
}

/// Rows from everywhere, in no step that the edges of a map could fall in with, where neurons fire less; of rows that
/// can be inactive, those that are active.
ChoiceKernel::Seen ChoiceKernel::lookAtRows() {
  constexpr int64_t most = 64;
  Value items = b.sub(kernel.end, kernel.begin), some = b.min(items, b.index(most));
  Value step = arith::OrIOp::create(b, arith::DivUIOp::create(b, b.mul(items, 618), b.index(1000)), b.index(1));
  return b.loop(b.index(0), some, 1, Values{b.index(0), b.index(0)}, [&](Value i, ValueRange seen) {
    Value item = b.add(kernel.begin, arith::RemUIOp::create(b, b.mul(i, step), items));
    Row row = Row::of(b, kernel, spec, item);
    if (!spec.masked)
      return lookAtRow(row, seen);
    Value active = kernel.memory.end()[-2];
    return b.choose(
        b.isSet(active, row.at(b, row.index, active)), TypeRange(seen), [&] { return lookAtRow(row, seen); },
        [&] { return Values(seen); });
  });
}

/// Whole vectors of its runs.
ChoiceKernel::Seen ChoiceKernel::lookAtRow(Row row, ValueRange seen) {
  return b.loop(b.index(0), b.index(spec.timesIn), 1, seen, [&](Value time, ValueRange before) {
    return foldRuns(b, spec, input, row, time, before, [&](Value start, Value length, Value, ValueRange sofar) {
      Value whole = b.mul(arith::DivUIOp::create(b, length, b.index(width)), width);
      Value found = b.loop(b.index(0), whole, width, sofar[1], [&](Value at, ValueRange counted) {
        Value bits = b.nonZeroBits(input, b.add(start, at), width);
        Value more = arith::IndexCastUIOp::create(b, b.getIndexType(), Value(math::CtPopOp::create(b, bits)));
        return Values{b.add(counted[0], more)};
      })[0];
      return Values{b.add(sofar[0], whole), found};
    });
  });
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
