//===- Neurons.cpp - Code of LIF neurons ----------------------------------===//
#include "Neurons.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace stas;

static int64_t lanesOf(Value vector) { return cast<VectorType>(vector.getType()).getNumElements(); }

//===----------------------------------------------------------------------===//
// f32
//===----------------------------------------------------------------------===//

Values Neurons::start(const Kernel &kernel, bool fresh, int64_t vectors, int64_t lanes,
                      llvm::function_ref<Value(int64_t)> load) {
  auto kept = [&] { return Values(llvm::map_range(llvm::seq<int64_t>(0, vectors), load)); };
  if (!fresh)
    return kept();
  Value isFirst = b.compare(arith::CmpIPredicate::eq, kernel.timestep, b.index(0));
  SmallVector<Type> types(vectors, b.vectorOf(element(), lanes));
  return b.choose(isFirst, types, [&] { return Values(vectors, rest(lanes)); }, kept);
}

void Neurons::keep(const Kernel &kernel, int64_t lastTimestep, llvm::function_ref<void()> store) {
  b.ifThen(b.compare(arith::CmpIPredicate::ne, kernel.timestep, b.index(lastTimestep)), store);
}

Value RealNeurons::current(Value sums, Value channel) {
  int64_t lanes = lanesOf(sums);
  if (scale)
    return math::FmaOp::create(b, sums, b.load(scale, channel, lanes), b.load(shift, channel, lanes));
  Value real = arith::SIToFPOp::create(b, b.vectorOf(b.getF32Type(), lanes), sums);
  return arith::MulFOp::create(b, real, b.splat(b.real(unit), lanes));
}

Value RealNeurons::fire(Value current, Value, Value &membrane) {
  int64_t lanes = lanesOf(current);
  auto constant = [&](double value) { return b.splat(b.real(value), lanes); };
  double tau = neuron.getTau(), rest = neuron.getVReset();
  // Halving is exact, so that tau = 2 is one multiplication; PyTorch divides, which gives the same bits.
  auto decayed = [&](Value value) -> Value {
    return tau == 2.0 ? Value(arith::MulFOp::create(b, value, constant(0.5)))
                      : Value(arith::DivFOp::create(b, value, constant(tau)));
  };
  Value above = rest == 0.0 ? membrane : Value(arith::SubFOp::create(b, membrane, constant(rest)));
  Value charged;
  if (neuron.getDecayInput())
    charged = arith::AddFOp::create(b, membrane, decayed(arith::SubFOp::create(b, current, above)));
  else
    charged = arith::SubFOp::create(b, Value(arith::AddFOp::create(b, membrane, current)), decayed(above));
  auto predicate = neuron.getCompare() == CompareKind::GE ? arith::CmpFPredicate::OGE : arith::CmpFPredicate::OGT;
  Value threshold = constant(neuron.getVThreshold());
  Value spikes = arith::CmpFOp::create(b, predicate, charged, threshold);
  Value reset =
      neuron.getReset() == ResetKind::Hard ? constant(rest) : Value(arith::SubFOp::create(b, charged, threshold));
  membrane = b.select(spikes, reset, charged);
  return spikes;
}

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

Value IntegerNeurons::table(Value memory, int64_t shared, Value channel, Value like) {
  return memory ? b.load(memory, channel, lanesOf(like)) : b.constantLike(like, shared);
}

/// (acc * 2^G + B) * 2^(F - G).
Value IntegerNeurons::current(Value sums, Value channel) {
  Value biased = b.shiftLeft(sums, form.guard);
  if (tables.bias || tables.sharedBias != 0)
    biased = b.add(biased, table(tables.bias, tables.sharedBias, channel, sums));
  return b.shiftLeft(biased, form.fraction - form.guard);
}

Value IntegerNeurons::charge(Value membrane, Value current) {
  if (form.mode == NeuronForm::Mode::Halve)
    return b.add(b.shiftRight(membrane, 1), b.shiftRight(current, 1));
  // V + round_half_even((I - V) * m / 2^30).
  constexpr int64_t unit = int64_t(1) << 30;
  unsigned width = getElementTypeOrSelf(membrane).getIntOrFloatBitWidth();
  Value from = b.signedTo(membrane, 64), difference = b.sub(b.signedTo(current, 64), from);
  Value multiplier = b.constantLike(from, form.multiplier), mask = b.constantLike(from, unit - 1);
  Value product, quotient;
  if (form.wide) {
    // With I - V = h * 2^30 + l, the floor of the quotient is h * m + (l * m >> 30) and its rest that of l * m: no
    // product leaves 64 bits.
    product = b.mul(b.bitAnd(difference, mask), multiplier);
    quotient = b.add(b.mul(b.shiftRight(difference, 30), multiplier), b.shiftRight(product, 30));
  } else {
    product = b.mul(difference, multiplier);
    quotient = b.shiftRight(product, 30);
  }
  // Up where the rest is over one half, or is one half and the quotient odd.
  Value rest = b.add(b.bitAnd(product, mask), b.bitAnd(quotient, b.constantLike(from, 1)));
  Value isUp = b.compare(arith::CmpIPredicate::sgt, rest, b.constantLike(from, unit / 2));
  Value up = arith::ExtUIOp::create(b, from.getType(), isUp);
  return b.signedTo(b.add(from, b.add(quotient, up)), width);
}

Value IntegerNeurons::fire(Value current, Value channel, Value &membrane) {
  Value charged = charge(membrane, current);
  Value threshold = table(tables.threshold, tables.sharedThreshold, channel, charged);
  Value spikes = b.compare(arith::CmpIPredicate::sge, charged, threshold);
  Value reset = form.soft ? b.sub(charged, table(tables.reset, tables.sharedReset, channel, charged))
                          : b.constantLike(charged, 0);
  membrane = b.select(spikes, reset, charged);
  return spikes;
}

Values SteadyNeurons::spikes(Value sums, Value channel) {
  // reached[n]: fires first at step n + 1 or sooner; what fires first at step n fires at all its multiples.
  Values reached;
  for (int64_t step = 0; step < timesteps; ++step) {
    Value cut = b.load(cuts, b.add(channel, step * padded), lanesOf(sums));
    reached.push_back(b.compare(arith::CmpIPredicate::sge, sums, cut));
  }
  Value all = b.constantLike(reached.front(), -1);
  Values spikes;
  for (int64_t time = 1; time <= timesteps; ++time) {
    Value fired;
    for (int64_t first = 1; first <= time; ++first) {
      if (time % first != 0)
        continue;
      Value exactly = reached[first - 1];
      if (first > 1)
        exactly = b.bitAnd(exactly, arith::XOrIOp::create(b, reached[first - 2], all));
      fired = fired ? b.bitOr(fired, exactly) : exactly;
    }
    spikes.push_back(fired);
  }
  return spikes;
}
