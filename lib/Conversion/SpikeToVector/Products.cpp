//===- Products.cpp - Integer products of whole vectors -------------------===//
#include "Products.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace stas;

Value stas::unpack(KernelBuilder &b, Value even, Value odd, bool high) {
  constexpr int64_t part = 8; // elements of 16 bits in 128
  int64_t lanes = cast<VectorType>(even.getType()).getNumElements();
  SmallVector<int64_t> order;
  for (int64_t first = high ? part / 2 : 0; first < lanes; first += part)
    for (int64_t i = 0; i < part / 2; ++i)
      order.append({first + i, lanes + first + i});
  return vector::ShuffleOp::create(b, even, odd, order);
}

Value stas::dotPairs(KernelBuilder &b, const Isa &isa, Value sums, Value a, Value c) {
  if (isa.vnni)
    return b.intrinsic("llvm.x86.avx512.vpdpwssd.512", sums.getType(), {sums, a, c});
  StringRef name = isa.lanes == 16 ? "llvm.x86.avx512.pmaddw.d.512" : "llvm.x86.avx2.pmadd.wd";
  return b.add(sums, b.intrinsic(name, sums.getType(), {a, c}));
}

Value stas::dotBytes(KernelBuilder &b, Value sums, Value a, Value c) {
  return b.intrinsic("llvm.x86.avx512.vpdpbusd.512", sums.getType(), {sums, a, c});
}
