//===- PlanLoop.cpp - Time loops: state in place, halting -----------------===//
//
// What a loop carries has one buffer for the whole plan. An op that takes a part
// of the state and yields the next one writes where it read, provided that
// nobody reads the old value later; what is yielded from elsewhere is copied at
// the end of the timestep.
//
//===----------------------------------------------------------------------===//
#include "PlanBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace stas;

namespace {
/// The value of a splat, of any element type.
double numberOf(SplatOp splat) {
  if (auto real = dyn_cast<FloatAttr>(splat.getValue()))
    return real.getValueAsDouble();
  return cast<IntegerAttr>(splat.getValue()).getValue().getZExtValue();
}

/// Whether nobody reads `value` once `op`, one of its users, has run. Sums are emitted where they are used, and a
/// flattened value is the same memory: users of these kinds may read at any time.
bool diesAt(Value value, Operation *op) {
  bool isOnce = llvm::count(op->getOperands(), value) == 1;
  return isOnce && value.getParentBlock() == op->getBlock() && llvm::all_of(value.getUsers(), [&](Operation *user) {
           bool isSure = !isa<spike::AccumulateOp, spike::CoincideOp, spike::FlattenOp, spike::IntegrateOp>(user);
           return user == op || (isSure && user->getBlock() == op->getBlock() && user->isBeforeInBlock(op));
         });
}

/// What the loop carries at `index`, by the names that plans are read with.
std::string stateName(TimeLoopOp loop, int64_t index) {
  for (Operation *user : loop.getRegionIterArgs()[index].getUsers()) {
    auto halt = dyn_cast<HaltOp>(user);
    if (!halt)
      continue;
    HaltingState state = halt.getState();
    Value value = loop.getRegionIterArgs()[index];
    if (value == state.column)
      return llvm::formatv("act.{0}.column", halt.getBlockIndex());
    for (auto [part, name] : {std::pair(state.active, "active"), std::pair(state.sum, "sum"),
                              std::pair(state.remainder, "remainder"), std::pair(state.output, "output"),
                              std::pair(state.steps, "steps")})
      if (value == part)
        return llvm::formatv("act.{0}", name);
  }
  return llvm::formatv("state.{0}", index);
}

/// The neurons whose membrane the loop carries at `index`, where that is all that it is used for: its place in memory is
/// then a matter of their kernel.
spike::FireOp neuronsOf(TimeLoopOp loop, int64_t index) {
  Value membrane = loop.getRegionIterArgs()[index];
  auto fire = membrane.hasOneUse() ? dyn_cast<spike::FireOp>(*membrane.getUsers().begin()) : spike::FireOp();
  bool isPrivate = fire && fire.getMembrane() == membrane && fire.getNext().hasOneUse() &&
                   loop.getYield().getValues()[index] == fire.getNext() && loop.getResult(index).use_empty() &&
                   loop.getInits()[index].getDefiningOp<SplatOp>();
  return isPrivate ? fire : spike::FireOp();
}
} // namespace

Value PlanBuilder::filled(SplatOp splat, StringRef name, bool inLoop) {
  auto type = cast<RankedTensorType>(splat.getType());
  int64_t elements = 1;
  for (int64_t extent : type.getShape())
    elements *= ShapedType::isDynamic(extent) ? 1 : extent;
  Type element = type.getElementType().isInteger(1) ? Type(plan.getI8Type()) : type.getElementType();
  // A loop clears it at every timestep, a plan once.
  bool isZero = !inLoop && numberOf(splat) == 0.0;
  Value memory = newBuffer(name, element, elements, isZero);
  if (!isZero)
    launchFill(memory, numberOf(splat), splat);
  return memory;
}

Value PlanBuilder::buffer(Value tensor) {
  auto splat = tensor.getDefiningOp<SplatOp>();
  Value &memory = buffers[tensor];
  if (memory || !splat)
    return memory;
  // A constant that is only read: made once.
  OpBuilder::InsertionGuard guard(plan);
  if (loop)
    plan.setInsertionPoint(loop);
  return memory = filled(splat, "constant", /*inLoop=*/false);
}

Value PlanBuilder::owned(Value tensor, Operation *user, StringRef name) {
  if (auto splat = tensor.getDefiningOp<SplatOp>())
    return filled(splat, name, static_cast<bool>(loop));
  Value from = buffer(tensor);
  if (diesAt(tensor, user))
    return from;
  auto type = cast<MemRefType>(from.getType());
  Value to = newBuffer(name, type.getElementType(), type.getNumElements());
  launchCopy(from, to, user);
  return to;
}

void PlanBuilder::launchCopy(Value from, Value to, Operation *at) {
  auto type = cast<MemRefType>(from.getType());
  std::string key;
  llvm::raw_string_ostream(key) << type.getNumElements() << "x" << type.getElementType();
  auto symbol = kernel("copy", key, {from, to}, 0, [&](KernelBuilder &b, const Kernel &k) { buildCopy(b, k, lanes); });
  launch(symbol, {from, to}, roundUp(type.getNumElements(), chunkElements) / chunkElements, at);
}

FailureOr<Value> PlanBuilder::membrane(spike::FireOp fire, int64_t elements) {
  Value from = fire.getMembrane();
  if (!from)
    return Value();
  std::string name = (nameOf(fire) + ".membrane").str();
  auto argument = dyn_cast<BlockArgument>(from);
  auto source = argument ? dyn_cast<TimeLoopOp>(argument.getOwner()->getParentOp()) : TimeLoopOp();
  if (source && neuronsOf(source, argument.getArgNumber() - 1) == fire) {
    auto splat = source.getInits()[argument.getArgNumber() - 1].getDefiningOp<SplatOp>();
    OpBuilder::InsertionGuard guard(plan);
    plan.setInsertionPoint(loop);
    Value memory = newBuffer(name, plan.getF32Type(), elements, /*zero=*/true);
    if (numberOf(splat) != 0.0)
      launchFill(memory, numberOf(splat), fire);
    return memory;
  }
  auto splat = from.getDefiningOp<SplatOp>();
  if (!splat || !fire.getNext().use_empty())
    return fire.emitOpError("requires a membrane that a time loop carries for these neurons alone, from a stas.splat on, "
                            "or that starts from a stas.splat and is not used afterwards");
  if (static_cast<float>(numberOf(splat)) == static_cast<float>(fire.getNeuron().getVReset()))
    return Value(); // one timestep from rest: kept in registers
  Value memory = newBuffer(name, plan.getF32Type(), elements);
  launchFill(memory, numberOf(splat), fire);
  return memory;
}

LogicalResult PlanBuilder::buildTimeLoop(TimeLoopOp op) {
  SmallVector<Value> state;
  for (auto [index, init] : llvm::enumerate(op.getInits())) {
    std::string name = stateName(op, index);
    Type element = cast<RankedTensorType>(init.getType()).getElementType();
    if (element.isInteger(64))
      return op.emitOpError("requires a state of i1, i8, i32 or f32 on the CPU, found ") << init.getType();
    Value memory;
    if (auto splat = init.getDefiningOp<SplatOp>()) {
      if (!neuronsOf(op, index))
        memory = filled(splat, name, /*inLoop=*/false);
    } else {
      auto type = cast<MemRefType>(buffer(init).getType());
      memory = newBuffer(name, type.getElementType(), type.getNumElements());
      launchCopy(buffer(init), memory, op);
    }
    state.push_back(memory);
    buffers[op.getRegionIterArgs()[index]] = buffers[op.getResult(index)] = memory;
  }
  auto planned = spike::TimeLoopOp::create(plan, op.getLoc(), op.getTimesteps());
  OpBuilder::InsertionGuard guard(plan);
  plan.createBlock(&planned.getBody());
  loop = planned;
  if (failed(build(op.getBody().front())))
    return failure();
  for (auto [index, next] : llvm::enumerate(op.getYield().getValues())) {
    if (!state[index])
      continue;
    Value from = buffer(next);
    if (from == state[index])
      continue;
    if (llvm::is_contained(state, from))
      return op.emitOpError("requires every part of the state to follow from its own last value on the CPU, found ")
             << index << " to follow from another's";
    launchCopy(from, state[index], op);
  }
  if (op.getIdle()) {
    stopEarly(op, state[*op.getIdle()]);
    spike::StopWhenIdleOp::create(plan, op.getLoc(), state[*op.getIdle()]);
  }
  loop = {};
  return success();
}

/// In lexicographic order nothing that is read afterwards changes once no token is active: the loop can end after any
/// block, not just the last one.
void PlanBuilder::stopEarly(TimeLoopOp op, Value idle) {
  auto yield = op.getYield();
  for (auto [index, result] : llvm::enumerate(op.getResults()))
    if (!result.use_empty() && (!yield.getValues()[index].getDefiningOp<HaltOp>() ||
                                buffer(yield.getValues()[index]) != buffer(result)))
      return;
  auto halts = op.getBody().getOps<HaltOp>();
  if (llvm::any_of(halts, [](HaltOp halt) { return halt.getHalting().getOrder() != HaltingOrder::Lexicographic; }))
    return;
  for (HaltOp halt : halts) {
    Operation *launched = halting.lookup(halt);
    if (halt.isLastBlock() || buffer(halt.getNextActive()) != idle)
      continue;
    OpBuilder::InsertionGuard guard(plan);
    plan.setInsertionPointAfter(launched);
    spike::StopWhenIdleOp::create(plan, halt.getLoc(), idle);
  }
}

LogicalResult PlanBuilder::buildHalt(HaltOp op) {
  auto argument = dyn_cast<BlockArgument>(op.getTimestep());
  auto source = dyn_cast<TimeLoopOp>(op->getParentOp());
  if (!source || argument != source.getTimestep() || op.getTimesteps() != source.getTimesteps())
    return op.emitOpError("requires to stand in a stas.time_loop, at its timestep and of as many timesteps");
  if (op.getTable())
    return op.emitOpError("requires f32 scores on the CPU, found a table");
  auto type = cast<RankedTensorType>(op.getStream().getType());
  HaltSpec spec{lanes,
                static_cast<int64_t>(op.getTimesteps()),
                type.getDimSize(1),
                type.getDimSize(2),
                op.getHalting(),
                op.isLastBlock(),
                static_cast<bool>(op.getSteps()),
                type.getElementType().isF32()};
  Values memory{buffer(op.getStream())};
  HaltingState state = op.getState(), next = op.getNext();
  for (auto [from, to, name] :
       {std::tuple(state.active, next.active, "act.active"), std::tuple(state.sum, next.sum, "act.sum"),
        std::tuple(state.remainder, next.remainder, "act.remainder"),
        std::tuple(state.column, next.column, "act.column"), std::tuple(state.output, next.output, "act.output"),
        std::tuple(state.steps, next.steps, "act.steps")})
    if (from)
      memory.push_back(buffers[to] = owned(from, op, name));
  std::string key;
  llvm::raw_string_ostream(key) << "t=" << spec.timesteps << " tokens=" << spec.tokens << " width=" << spec.width
                                << " last=" << spec.lastBlock << " steps=" << spec.steps << " real=" << spec.real << " "
                                << Attribute(spec.halting);
  auto symbol = kernel("halt", key, memory, 0, [&](KernelBuilder &b, const Kernel &k) { stas::buildHalt(b, k, spec); });
  halting[op] = launch(symbol, memory, spec.tokens, op);
  return success();
}

LogicalResult PlanBuilder::buildGate(GateOp op) {
  auto type = cast<RankedTensorType>(op.getColumn().getType());
  if (!type.getElementType().isF32())
    return op.emitOpError("requires f32 scores on the CPU, found ") << type;
  Values memory{buffer(op.getActive()), buffer(op.getColumn()), bufferFor(op.getOutput(), "act.gate")};
  int64_t tokens = type.getDimSize(1);
  double eps = op.getHalting().getEps();
  auto symbol = kernel("gate", llvm::formatv("tokens={0} eps={1}", tokens, describe(eps)), memory, 0,
                       [&](KernelBuilder &b, const Kernel &k) { stas::buildGate(b, k, eps); });
  launch(symbol, memory, tokens, op);
  return success();
}

LogicalResult PlanBuilder::buildDivide(arith::DivFOp op) {
  auto splat = op.getRhs().getDefiningOp<SplatOp>();
  if (!splat || !buffer(op.getLhs()) || !isa<FloatAttr>(splat.getValue()))
    return op.emitOpError("requires a divisor that is a stas.splat on the CPU, found another value");
  double divisor = numberOf(splat);
  Value target = buffers[op.getResult()] = owned(op.getLhs(), op, "quotient");
  int64_t elements = cast<MemRefType>(target.getType()).getNumElements();
  auto symbol = kernel("divide", llvm::formatv("elements={0} divisor={1}", elements, describe(divisor)), target, 0,
                       [&](KernelBuilder &b, const Kernel &k) { stas::buildDivide(b, k, lanes, elements, divisor); });
  launch(symbol, target, roundUp(elements, chunkElements) / chunkElements, op);
  return success();
}
