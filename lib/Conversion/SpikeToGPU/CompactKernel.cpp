//===- CompactKernel.cpp - Which rows are active --------------------------===//
#include "Kernels.h"

using namespace mlir;
using namespace stas::cuda;

namespace {
constexpr int64_t warpLanes = 32, threads = 1024, warps = threads / warpLanes;
constexpr int64_t wordRows = 4; // of the mask in 32 bits
} // namespace

SmallVector<Parameter> stas::cuda::parametersOf(const CompactSpec &) {
  return {{"active"}, {"list"}, {"count"}, {"rows", Parameter::Kind::Number}};
}

LaunchShape stas::cuda::launchOf(const CompactSpec &, int64_t rows) {
  return {{(rows + threads - 1) / threads, 1, 1}, threads, 2 * warps * 4};
}

void stas::cuda::buildCompact(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name, const CompactSpec &spec) {
  Kernel kernel = startKernel(b, module, name, parametersOf(spec), threads);
  Value active = kernel.arguments[0], list = kernel.arguments[1], count = kernel.arguments[2];
  Value rows = kernel.arguments[3], thread = b.thread(), firstRow = b.mul(b.block(0), threads);
  Value lane = b.remainder(thread, warpLanes), warp = b.divide(thread, warpLanes), row = b.add(firstRow, thread);

  // A thread per row: its place in the warp is how many active ones stand before it.
  Value flag = b.loadIf(b.less(row, rows), [&] { return b.loadByte(b.at(active, row)); });
  Value isActive = b.compare(arith::CmpIPredicate::ne, flag, 0);
  Value mask = b.ballot(isActive);
  Value before = b.bitAnd(mask, b.sub(arith::ShLIOp::create(b, b.constant(1), lane), 1));

  // What stands before this block, four rows at a time; every block before it is whole.
  Value words = b.divide(firstRow, wordRows);
  Value earlier = b.loop(
      thread, words, ValueRange{b.constant(0)},
      [&](Value word, ValueRange carried) {
        return Values{b.add(carried[0], b.countBits(b.load(b.at(active, b.mul(word, wordRows)))))};
      },
      b.constant(threads))[0];
  earlier = b.sumOverWarp(earlier);

  // Per warp: its active rows, and its part of the sum. Then a lane for each of the warps.
  Value own = b.at(kernel.shared, b.mul(warp, 4));
  b.ifThen(b.compare(arith::CmpIPredicate::eq, lane, 0), [&] {
    b.store(b.countBits(mask), own);
    b.store(earlier, b.at(own, warps * 4));
  });
  b.barrier();
  Value other = b.at(kernel.shared, b.mul(lane, 4));
  Value counted = b.select(b.less(lane, warp), b.load(other), b.constant(0));
  Value base = b.sumOverWarp(b.add(counted, b.load(b.at(other, warps * 4))));

  b.ifThen(isActive, [&] { b.store(row, b.at(list, b.mul(b.add(base, b.countBits(before)), 4))); });
  Value isLast = b.compare(arith::CmpIPredicate::uge, b.add(firstRow, threads), rows);
  isLast = b.bitAnd(isLast, b.compare(arith::CmpIPredicate::eq, thread, threads - 1));
  b.ifThen(isLast, [&] { b.store(b.add(base, b.countBits(mask)), count); });
  finishKernel(b);
}
