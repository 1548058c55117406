//===- SumUsers.cpp - Which neurons take sums -----------------------------===//
#include "SumUsers.h"

using namespace mlir;
using namespace stas;

SumUsers::SumUsers(Operation *sums) : first(sums) {
  for (Operation *user : sums->getUsers()) {
    auto fire = dyn_cast<spike::FireOp>(user);
    Value mask = fire ? fire.getActive() : Value();
    bool isFirst = first == sums;
    agree &= fire && user->getBlock() == sums->getBlock() && (isFirst || mask == active);
    masked |= static_cast<bool>(mask);
    active = mask;
    if (agree && (isFirst || user->isBeforeInBlock(first)))
      first = user;
  }
  if (!agree)
    first = sums;
}
