//===- EventLists.cpp - The non-zero inputs of rows -----------------------===//
#include "EventLists.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace stas;
using Input = AccumulateSpec::Input;

namespace {
/// Inputs that are looked at together where a vector can be compressed.
constexpr int64_t group = 16;

/// The element in which values are listed.
Type valueType(KernelBuilder &b, const AccumulateSpec &spec) {
  if (spec.isReal())
    return b.getF32Type();
  return b.getIntegerType(spec.input == Input::Wide ? 64 : spec.wide ? 32 : 16);
}
int64_t valueBytes(const AccumulateSpec &spec) {
  return spec.input == Input::Spikes ? 0 : spec.isReal() ? 4 : spec.input == Input::Wide ? 8 : spec.wide ? 4 : 2;
}
/// Entries of a list: all inputs, the pad of a pair, and what a whole vector writes past its end.
int64_t listCapacity(const AccumulateSpec &spec) { return roundUp(spec.inputs + 1 + group, 8); }
} // namespace

int64_t EventLists::bytes(const AccumulateSpec &spec, int64_t lists) {
  return lists * 8 + roundUp(lists * listCapacity(spec) * 4, 64) + lists * listCapacity(spec) * valueBytes(spec);
}

EventLists::EventLists(KernelBuilder &b, const AccumulateSpec &spec, Value input, Value weights, Value scratch,
                       int64_t offset)
    : RowSums(b, spec, input), weights(weights), padded(spec.paddedChannels()), capacity(listCapacity(spec)) {
  int64_t lists = rowBlock(spec) * spec.timesIn, entries = lists * capacity;
  counts = b.view(scratch, offset, b.getIndexType(), lists);
  offsets = b.view(scratch, offset + lists * 8, b.getI32Type(), entries);
  if (hasValues())
    values = b.view(scratch, offset + lists * 8 + roundUp(entries * 4, 64), valueType(b, spec), entries);
}

void EventLists::take(Value list, Row row, Value time) {
  Value first = b.mul(list, capacity);
  bool compresses = spec.isa.lanes == 16 && (spec.input == Input::Spikes || spec.input == Input::Counts) &&
                    !(spec.window && spec.window->channelsFirst);
  Value end = foldRuns(b, spec, input, row, time, first, [&](Value start, Value length, Value k, ValueRange carried) {
    return Values{compresses ? compressRun(carried[0], start, length, k) : appendRun(carried[0], start, length, k)};
  })[0];
  b.store(b.sub(end, first), counts, list);
  if (spec.isReal() || spec.wide)
    return;
  b.store(b.constant(b.getI32Type(), spec.inputs * padded), offsets, end);
  if (hasValues())
    b.store(b.constant(b.getI16Type(), 0), values, end);
}

/// Writes input k, whose value stands at `at`, to an entry.
void EventLists::append(Value entry, Value k, Value at) {
  b.store(arith::IndexCastOp::create(b, b.getI32Type(), b.mul(k, padded)), offsets, entry);
  if (!hasValues())
    return;
  Value value = b.load(input, at);
  if (spec.input == Input::Counts)
    value = spec.isReal() ? Value(arith::UIToFPOp::create(b, b.getF32Type(), value))
                          : b.unsignedTo(value, valueType(b, spec).getIntOrFloatBitWidth());
  else if (!spec.isReal())
    value = b.signedTo(value, valueType(b, spec).getIntOrFloatBitWidth());
  b.store(value, values, entry);
}

/// Appends the inputs of a run from entry `end` on; returns the new end.
Value EventLists::appendRun(Value end, Value start, Value length, Value k) {
  if (spec.input == Input::Spikes || spec.input == Input::Counts)
    return b.events(input, start, length, ValueRange{end}, [&](Value offset, ValueRange carried) {
      append(carried[0], b.add(k, offset), b.add(start, offset));
      return Values{b.add(carried[0], 1)};
    })[0];
  // Values of every kind: written always, kept if not zero, so that no branch depends on the data.
  return b.loop(b.index(0), length, 1, ValueRange{end}, [&](Value offset, ValueRange carried) {
    Value at = b.add(start, offset), value = b.load(input, at);
    append(carried[0], b.add(k, offset), at);
    Value kept = spec.isReal() ? Value(arith::CmpFOp::create(b, arith::CmpFPredicate::UNE, value, b.real(0.0)))
                               : b.compare(arith::CmpIPredicate::ne, value, b.constantLike(value, 0));
    return Values{b.add(carried[0], arith::IndexCastUIOp::create(b, b.getIndexType(), kept))};
  })[0];
}

/// The same for bytes, 16 at a time: positions of those that are not zero, compressed to the front of a vector.
Value EventLists::compressRun(Value end, Value start, Value length, Value k) {
  auto words = b.vectorOf(b.getI32Type(), group);
  SmallVector<int32_t> steps;
  for (int64_t lane = 0; lane < group; ++lane)
    steps.push_back(lane * padded);
  Value strides = arith::ConstantOp::create(b, DenseElementsAttr::get(words, ArrayRef<int32_t>(steps)));
  SmallVector<int32_t> lanes = llvm::to_vector(llvm::seq<int32_t>(0, group));
  Value lane = arith::ConstantOp::create(b, DenseElementsAttr::get(words, ArrayRef<int32_t>(lanes)));
  auto word = [&](Value index) { return Value(arith::IndexCastOp::create(b, b.getI32Type(), index)); };
  auto compress = [&](Value vector, Value mask) {
    return b.intrinsic("llvm.x86.avx512.mask.compress", vector.getType(), {vector, b.constantLike(vector, 0), mask});
  };
  return b.loop(b.index(0), length, group, ValueRange{end}, [&](Value offset, ValueRange carried) {
    Value bytes = b.load(input, b.add(start, offset), group);
    Value mask = b.compare(arith::CmpIPredicate::ne, bytes, b.constantLike(bytes, 0));
    Value left = b.splat(word(b.sub(length, offset)), group);
    mask = b.bitAnd(mask, b.compare(arith::CmpIPredicate::slt, lane, left)); // past the end lies another run
    Value rows = b.add(b.splat(word(b.mul(b.add(k, offset), padded)), group), strides);
    b.store(compress(rows, mask), offsets, carried[0]);
    if (hasValues()) {
      Value listed = compress(b.unsignedTo(bytes, 32), mask);
      b.store(spec.isReal() ? Value(arith::UIToFPOp::create(b, b.vectorOf(b.getF32Type(), group), listed))
                            : b.unsignedTo(listed, valueType(b, spec).getIntOrFloatBitWidth()),
              values, carried[0]);
    }
    Value bits = b.extract(b.bitCast(mask, b.getIntegerType(group)), 0);
    Value more = math::CtPopOp::create(b, bits);
    return Values{b.add(carried[0], arith::IndexCastUIOp::create(b, b.getIndexType(), more))};
  })[0];
}

std::pair<Value, Value> EventLists::entries(Value list) {
  Value first = b.mul(list, capacity);
  return {first, b.add(first, b.load(counts, list))};
}

Value EventLists::rowAt(Value entry, Value channel) {
  return b.add(arith::IndexCastUIOp::create(b, b.getIndexType(), b.load(offsets, entry)), channel);
}
