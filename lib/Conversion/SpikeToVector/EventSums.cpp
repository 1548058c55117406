//===- EventSums.cpp - Event-driven sums ----------------------------------===//
//
// A list's events add their weight rows to registers: in f32 in the order of the
// inputs; in integers two at a time, since a product of pairs adds two weights of
// 16 bits to 32 in one instruction; weights of 8 bits, where inputs are spikes, as
// sums of 16 bits that are widened before they can overflow.
//
//===----------------------------------------------------------------------===//
#include "EventLists.h"
#include "Products.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace stas;

namespace {

class RealSums : public EventLists {
public:
  using EventLists::EventLists;

  Values sums(Value list, Value channel, int64_t vectors) override {
    auto [first, end] = entries(list);
    int64_t lanes = spec.isa.lanes;
    Values zero(vectors, b.zeros(b.getF32Type(), lanes));
    return b.loop(first, end, 1, zero, [&](Value entry, ValueRange carried) {
      Value at = rowAt(entry, channel);
      Value value = hasValues() ? b.splat(b.load(values, entry), lanes) : Value();
      Values next;
      for (int64_t v = 0; v < vectors; ++v) {
        Value weight = b.load(weights, b.add(at, v * lanes), lanes);
        next.push_back(value ? Value(math::FmaOp::create(b, value, weight, carried[v]))
                             : Value(arith::AddFOp::create(b, carried[v], weight)));
      }
      return next;
    });
  }
};

/// i64 sums of weights of 16 or 24 bits in their order.
class WideSums : public EventLists {
public:
  using EventLists::EventLists;

  Values sums(Value list, Value channel, int64_t vectors) override {
    auto [first, end] = entries(list);
    int64_t lanes = spec.sumLanes();
    Values zero(vectors, b.zeros(b.getI64Type(), lanes));
    return b.loop(first, end, 1, zero, [&](Value entry, ValueRange carried) {
      Value at = rowAt(entry, channel);
      Value value = hasValues() ? b.signedTo(b.splat(b.load(values, entry), lanes), 64) : Value();
      Values next;
      for (int64_t v = 0; v < vectors; ++v) {
        Value weight = b.signedTo(b.load(weights, b.add(at, v * lanes), lanes), 64);
        next.push_back(b.add(carried[v], value ? b.mul(value, weight) : weight));
      }
      return next;
    });
  }
};

/// i32 sums of weights in permuted groups: unpacking two of their rows yields pairs of neighbouring channels in order.
class PairSums : public EventLists {
public:
  using EventLists::EventLists;

  Values sums(Value list, Value channel, int64_t vectors) override {
    auto [first, end] = entries(list);
    int64_t lanes = spec.isa.lanes, loads = vectors / 2;
    Value ones = b.constant(b.vectorOf(b.getI16Type(), 2 * lanes), 1);
    Values zero(vectors, b.zeros(b.getI32Type(), lanes));
    return b.loop(first, end, 2, zero, [&](Value entry, ValueRange carried) {
      Value even = rowAt(entry, channel), odd = rowAt(b.add(entry, 1), channel);
      Value inputs = hasValues() ? valuePair(entry) : ones;
      Values next(carried);
      for (int64_t v = 0; v < loads; ++v) {
        Value a = b.load(weights, b.add(even, v * 2 * lanes), 2 * lanes);
        Value c = b.load(weights, b.add(odd, v * 2 * lanes), 2 * lanes);
        auto [low, high] = unpackedVectors(v, lanes);
        next[low] = dotPairs(b, spec.isa, next[low], unpack(b, a, c, /*high=*/false), inputs);
        next[high] = dotPairs(b, spec.isa, next[high], unpack(b, a, c, /*high=*/true), inputs);
      }
      return next;
    });
  }

private:
  /// The values of an entry and the next in every lane.
  Value valuePair(Value entry) {
    Value pair = b.bitCast(b.load(values, entry, 2), b.getI32Type());
    return b.bitCast(b.splat(b.extract(pair, 0), spec.isa.lanes), b.getI16Type());
  }
};

/// The same of weights of 8 bits, held as 16, where inputs are spikes.
class ByteSums : public EventLists {
public:
  using EventLists::EventLists;

  Values sums(Value list, Value channel, int64_t vectors) override {
    constexpr int64_t most = 32767 / 127; // events whose sum fits 16 bits
    auto [first, last] = entries(list);
    int64_t lanes = spec.isa.lanes, loads = vectors / 2;
    auto narrow = b.vectorOf(b.getI16Type(), 2 * lanes);
    auto part = [&](Value begin, Value end) {
      return b.loop(begin, end, 1, Values(loads, b.constant(narrow, 0)), [&](Value entry, ValueRange carried) {
        Value at = rowAt(entry, channel);
        Values next;
        for (int64_t v = 0; v < loads; ++v)
          next.push_back(b.add(carried[v], b.load(weights, b.add(at, v * 2 * lanes), 2 * lanes)));
        return next;
      });
    };
    Values zero(vectors, b.zeros(b.getI32Type(), lanes));
    if (spec.inputs <= most)
      return widened(part(first, last), zero);
    return b.loop(first, last, most, zero, [&, last = last](Value begin, ValueRange carried) {
      return widened(part(begin, b.min(b.add(begin, most), last)), carried);
    });
  }

private:
  /// Adds sums of 16 bits, in permuted groups, to those of 32.
  Values widened(ValueRange narrow, ValueRange wide) {
    Values result(wide);
    for (auto [v, vector] : llvm::enumerate(narrow)) {
      auto [low, high] = unpackedVectors(v, spec.isa.lanes);
      for (bool isHigh : {false, true}) {
        Value doubled = b.bitCast(unpack(b, vector, vector, isHigh), b.getI32Type());
        Value &sum = result[isHigh ? high : low];
        sum = b.add(sum, b.shiftRight(doubled, 16));
      }
    }
    return result;
  }
};
} // namespace

std::unique_ptr<RowSums> stas::createEventSums(KernelBuilder &b, const AccumulateSpec &spec, Value input, Value weights,
                                               Value scratch, int64_t offset) {
  if (spec.isReal())
    return std::make_unique<RealSums>(b, spec, input, weights, scratch, offset);
  if (spec.wide)
    return std::make_unique<WideSums>(b, spec, input, weights, scratch, offset);
  if (spec.bits == 8 && spec.input == AccumulateSpec::Input::Spikes)
    return std::make_unique<ByteSums>(b, spec, input, weights, scratch, offset);
  return std::make_unique<PairSums>(b, spec, input, weights, scratch, offset);
}

int64_t stas::eventScratchBytes(const AccumulateSpec &spec, int64_t lists) { return EventLists::bytes(spec, lists); }
