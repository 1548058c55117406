//===- Neurons.cpp - Code of LIF neurons on a GPU -------------------------===//
#include "Neurons.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

/// (acc * 2^G + B) * 2^(F - G).
Value Neurons::current(Value sum, const NeuronConstants &channel) {
  Value biased = channel.guard ? Value(arith::ShLIOp::create(b, sum, channel.guard)) : b.shiftLeft(sum, form.guard);
  if (channel.bias)
    biased = b.add(biased, channel.bias);
  return b.shiftLeft(biased, form.fraction - form.guard);
}

Value Neurons::charge(Value membrane, Value current) {
  if (form.mode == NeuronForm::Mode::Halve)
    return b.add(b.shiftRight(membrane, 1), b.shiftRight(current, 1));
  // V + round_half_even((I - V) * m / 2^30).
  constexpr int64_t unit = int64_t(1) << 30;
  unsigned width = membrane.getType().getIntOrFloatBitWidth();
  Value from = b.signedTo(membrane, 64), difference = b.sub(b.signedTo(current, 64), from);
  Value product, quotient;
  if (form.wide) {
    // With I - V = h * 2^30 + l, the floor of the quotient is h * m + (l * m >> 30) and its rest that of l * m: no
    // product leaves 64 bits.
    product = b.mul(b.bitAnd(difference, unit - 1), form.multiplier);
    quotient = b.add(b.mul(b.shiftRight(difference, 30), form.multiplier), b.shiftRight(product, 30));
  } else {
    product = b.mul(difference, form.multiplier);
    quotient = b.shiftRight(product, 30);
  }
  // Up where the rest is over one half, or is one half and the quotient odd.
  Value rest = b.add(b.bitAnd(product, unit - 1), b.bitAnd(quotient, 1));
  Value isUp = b.compare(arith::CmpIPredicate::sgt, rest, unit / 2);
  return b.signedTo(b.add(from, b.add(quotient, b.unsignedTo(isUp, 64))), width);
}

Value Neurons::fire(Value current, const NeuronConstants &channel, Value &membrane) {
  Value charged = charge(membrane, current);
  Value spike = b.compare(arith::CmpIPredicate::sge, charged, channel.threshold);
  Value reset = form.soft ? b.sub(charged, channel.reset) : b.constant(0, charged.getType().getIntOrFloatBitWidth());
  membrane = b.select(spike, reset, charged);
  return spike;
}
