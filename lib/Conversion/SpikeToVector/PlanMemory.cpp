//===- PlanMemory.cpp - Places of buffers in the arena --------------------===//
#include "dialects/Spike/SpikeOps.h"
#include "stas/Conversion/Passes.h"

namespace stas {
#define GEN_PASS_DEF_SPIKEPLANMEMORY
#include "stas/Conversion/Passes.h.inc"
} // namespace stas

using namespace mlir;
using namespace stas;

namespace {
constexpr int64_t alignment = 64;

/// When a buffer is in use, in positions of the plan, and where it lies.
struct Lifetime {
  spike::BufferOp buffer;
  int64_t first = -1, last = -1;
  int64_t bytes = 0, offset = 0;
};

struct SpikePlanMemoryPass : public stas::impl::SpikePlanMemoryBase<SpikePlanMemoryPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      place(function);
  }

  void place(func::FuncOp function);
};
} // namespace

void SpikePlanMemoryPass::place(func::FuncOp function) {
  DenseMap<Operation *, int64_t> position;
  int64_t count = 0;
  function.walk<WalkOrder::PreOrder>([&](Operation *op) { position[op] = count++; });
  SmallVector<Lifetime> lifetimes;
  function.walk([&](spike::BufferOp buffer) {
    Lifetime life{buffer};
    auto type = cast<MemRefType>(buffer.getMemory().getType());
    // Kernels read whole vectors: what lies behind a buffer must be nobody's, lest another thread is writing it.
    life.bytes = type.getNumElements() * type.getElementTypeBitWidth() / 8 + alignment;
    for (Operation *user : buffer.getMemory().getUsers()) {
      int64_t begin = position[user], end = begin;
      // What a loop reads or writes of a buffer from outside is in use for all its turns.
      for (auto loop = user->getParentOfType<spike::TimeLoopOp>(); loop && !loop->isProperAncestor(buffer);
           loop = loop->getParentOfType<spike::TimeLoopOp>()) {
        begin = std::min(begin, position[loop]);
        loop.getBody().walk([&](Operation *inner) { end = std::max(end, position[inner]); });
      }
      // The image is there before the first launch.
      if (auto outputs = dyn_cast<spike::OutputsOp>(user); outputs && outputs.getImage() == buffer.getMemory())
        begin = 0;
      life.first = life.first < 0 ? begin : std::min(life.first, begin);
      life.last = std::max(life.last, end);
    }
    if (buffer.getZero()) { // cleared before the first launch, held to the end
      life.first = 0;
      life.last = count;
    }
    lifetimes.push_back(life);
  });

  SmallVector<Lifetime *> placed;
  int64_t arena = 0;
  for (Lifetime &life : lifetimes) {
    // The lowest gap among the buffers alive at the same time.
    SmallVector<Lifetime *> rivals;
    for (Lifetime *other : placed)
      if (other->first <= life.last && life.first <= other->last)
        rivals.push_back(other);
    llvm::sort(rivals, [](Lifetime *a, Lifetime *b) { return a->offset < b->offset; });
    for (Lifetime *other : rivals)
      if (life.offset + life.bytes > other->offset)
        life.offset = std::max<int64_t>(life.offset, llvm::alignTo(other->offset + other->bytes, alignment));
      else
        break;
    life.buffer.setOffset(life.offset);
    placed.push_back(&life);
    arena = std::max<int64_t>(arena, llvm::alignTo(life.offset + life.bytes, alignment));
  }
  if (!lifetimes.empty())
    function->setAttr("spike.arena", OpBuilder(function).getI64IntegerAttr(arena));
}
