//===- HaltKernel.cpp - Adaptive computation time -------------------------===//
//
// A warp has a token: its first lane keeps score, and all lanes share the channels
// of the output.
//
//===----------------------------------------------------------------------===//
#include "Kernels.h"
#include "stas/Quantization/Halting.h"

using namespace mlir;
using namespace stas;
using namespace stas::cuda;

namespace {
constexpr int64_t warpLanes = 32, warps = HaltSpec::tokensPerBlock;

class HaltKernel {
public:
  HaltKernel(KernelBuilder &b, const Kernel &kernel, const HaltSpec &spec);
  void build();

private:
  bool rectangular() const { return spec.order == HaltingOrder::Rectangular; }
  Value word(Value memory) { return b.at(memory, b.mul(b.unsignedTo(row, 64), 4)); }
  Value byte(Value memory) { return b.at(memory, row); }
  Value score();
  Value exceeds(Value sum) { return b.compare(arith::CmpIPredicate::sgt, sum, spec.limit); }
  void contribute(Value weight);
  void running();
  void rectangularToken();

  KernelBuilder &b;
  const HaltSpec &spec;
  Value stream, table, active, sum, output, steps, column, reached, rows;
  Value lane, row;
};
} // namespace

SmallVector<Parameter> stas::cuda::parametersOf(const HaltSpec &spec) {
  SmallVector<Parameter> parameters{{"stream"}, {"table"}, {"active"}, {"sum"}, {"output"}, {"steps"}};
  if (spec.order == HaltingOrder::Rectangular)
    parameters.append({{"column"}, {"reached"}});
  parameters.push_back({"rows", Parameter::Kind::Number});
  return parameters;
}

LaunchShape stas::cuda::launchOf(const HaltSpec &, int64_t rows) {
  return {{(rows + warps - 1) / warps, 1, 1}, warps * warpLanes, 0};
}

void stas::cuda::buildHalt(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name, const HaltSpec &spec) {
  Kernel kernel = startKernel(b, module, name, parametersOf(spec), warps * warpLanes);
  HaltKernel(b, kernel, spec).build();
  finishKernel(b);
}

HaltKernel::HaltKernel(KernelBuilder &b, const Kernel &kernel, const HaltSpec &spec) : b(b), spec(spec) {
  const Value *next = kernel.arguments.begin();
  for (Value *memory : {&stream, &table, &active, &sum, &output, &steps})
    *memory = *next++;
  if (rectangular()) {
    column = *next++;
    reached = *next++;
  }
  rows = *next;
  lane = b.remainder(b.thread(), warpLanes);
  row = b.add(b.mul(b.block(0), warps), b.divide(b.thread(), warpLanes));
}

void HaltKernel::build() {
  b.ifThen(b.less(row, rows), [&] { rectangular() ? rectangularToken() : running(); });
}

/// The score of a token's x[0]; a whole one where it is forced to halt.
Value HaltKernel::score() {
  if (spec.forced)
    return b.constant(haltingOne);
  Value x = b.loadByte(b.at(stream, b.mul(b.unsignedTo(row, 64), countBytes(spec.width))));
  return b.load(b.at(table, b.mul(x, 4)));
}

/// y += weight * x.
void HaltKernel::contribute(Value weight) {
  // Rows and channels of large batches are more than 32 bits count.
  Value from = b.at(stream, b.mul(b.unsignedTo(row, 64), countBytes(spec.width)));
  Value to = b.at(output, b.mul(b.unsignedTo(row, 64), spec.width * 4));
  b.loop(
      lane, b.constant(spec.width),
      [&](Value channel) {
        Value x = b.loadByte(b.at(from, channel)), at = b.at(to, b.mul(channel, 4));
        b.store(b.add(b.load(at), b.mul(weight, x)), at);
      },
      b.constant(warpLanes));
}

/// Lexicographic and timestep order: one sum, which halted tokens no longer need.
void HaltKernel::running() {
  b.ifThen(b.compare(arith::CmpIPredicate::ne, b.loadByte(byte(active)), 0), [&] {
    Value h = score(), before = b.load(word(sum)), total = b.add(before, h), halts = exceeds(total);
    Value count = b.load(word(steps));
    if (spec.output == ActOutput::Weighted)
      contribute(b.select(halts, b.sub(b.constant(haltingOne), before), h));
    else if (spec.lastBlock)
      contribute(b.constant(1));
    // Lanes that are late have still to read what the first one writes.
    b.warpBarrier();
    b.ifThen(b.compare(arith::CmpIPredicate::eq, lane, 0), [&] {
      b.store(total, word(sum));
      b.store(b.add(count, 1), word(steps));
      b.storeByte(b.select(halts, b.constant(0), b.constant(1)), byte(active));
    });
  });
}

/// The sum over blocks up to this one of what each has gathered over time.
void HaltKernel::rectangularToken() {
  Value flag = b.loadByte(byte(active)), isActive = b.compare(arith::CmpIPredicate::ne, flag, 0);
  Value h = b.loadIf(isActive, [&] { return score(); });
  Value gathered = b.add(b.load(word(column)), h), total = b.add(b.load(word(sum)), gathered), halts = exceeds(total);
  Value count = b.add(b.load(word(steps)), b.unsignedTo(isActive, 32));
  if (spec.lastBlock)
    b.ifThen(isActive, [&] { contribute(b.constant(1)); });
  b.warpBarrier();
  b.ifThen(b.compare(arith::CmpIPredicate::eq, lane, 0), [&] {
    b.store(gathered, word(column));
    b.store(total, word(sum));
    b.store(count, word(steps));
    b.storeByte(b.unsignedTo(halts, 32), byte(reached));
    b.storeByte(b.select(halts, b.constant(0), flag), byte(active));
  });
}

//===----------------------------------------------------------------------===//
// Between the blocks of the rectangular order
//===----------------------------------------------------------------------===//

static constexpr int64_t gateThreads = 256;

SmallVector<Parameter> stas::cuda::parametersOf(const GateSpec &spec) {
  SmallVector<Parameter> parameters{{"active"}, {"reached"}};
  if (spec.kind == GateSpec::Kind::NextStep)
    parameters.push_back({"sum"});
  parameters.push_back({"rows", Parameter::Kind::Number});
  return parameters;
}

LaunchShape stas::cuda::launchOf(const GateSpec &, int64_t rows) {
  return {{(rows + gateThreads - 1) / gateThreads, 1, 1}, gateThreads, 0};
}

void stas::cuda::buildGate(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name, const GateSpec &spec) {
  Kernel kernel = startKernel(b, module, name, parametersOf(spec), gateThreads);
  Value row = b.add(b.mul(b.block(0), gateThreads), b.thread());
  b.ifThen(b.less(row, kernel.arguments.back()), [&] {
    Value active = b.at(kernel.arguments[0], row);
    Value reached = b.compare(arith::CmpIPredicate::ne, b.loadByte(b.at(kernel.arguments[1], row)), 0);
    bool isGate = spec.kind == GateSpec::Kind::Gate;
    b.storeByte(b.select(reached, b.constant(0), isGate ? b.loadByte(active) : b.constant(1)), active);
    if (!isGate)
      b.store(b.constant(0), b.at(kernel.arguments[2], b.mul(row, 4)));
  });
  finishKernel(b);
}
