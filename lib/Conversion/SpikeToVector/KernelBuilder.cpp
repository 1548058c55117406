//===- KernelBuilder.cpp - Shorthand for writing kernels ------------------===//
#include "KernelBuilder.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace stas;

Value KernelBuilder::index(int64_t value) { return arith::ConstantIndexOp::create(*this, value); }
Value KernelBuilder::real(double value) {
  return arith::ConstantOp::create(*this, getF32FloatAttr(static_cast<float>(value)));
}
Value KernelBuilder::add(Value lhs, Value rhs) { return arith::AddIOp::create(*this, lhs, rhs); }
Value KernelBuilder::sub(Value lhs, Value rhs) { return arith::SubIOp::create(*this, lhs, rhs); }
Value KernelBuilder::mul(Value lhs, Value rhs) { return arith::MulIOp::create(*this, lhs, rhs); }
Value KernelBuilder::min(Value lhs, Value rhs) { return arith::MinSIOp::create(*this, lhs, rhs); }
Value KernelBuilder::max(Value lhs, Value rhs) { return arith::MaxSIOp::create(*this, lhs, rhs); }
Value KernelBuilder::wholes(Value count, int64_t size) {
  return arith::DivUIOp::create(*this, add(count, size - 1), index(size));
}
Value KernelBuilder::compare(arith::CmpIPredicate predicate, Value lhs, Value rhs) {
  return arith::CmpIOp::create(*this, predicate, lhs, rhs);
}

Value KernelBuilder::constant(Type type, int64_t value) {
  Attribute element = IntegerAttr::get(getElementTypeOrSelf(type), value);
  if (auto vector = dyn_cast<VectorType>(type))
    return arith::ConstantOp::create(*this, DenseElementsAttr::get(vector, element));
  return arith::ConstantOp::create(*this, cast<TypedAttr>(element));
}
Value KernelBuilder::shiftLeft(Value value, int64_t bits) {
  return bits == 0 ? value : Value(arith::ShLIOp::create(*this, value, constantLike(value, bits)));
}
Value KernelBuilder::shiftRight(Value value, int64_t bits) {
  return bits == 0 ? value : Value(arith::ShRSIOp::create(*this, value, constantLike(value, bits)));
}
Value KernelBuilder::bitAnd(Value lhs, Value rhs) { return arith::AndIOp::create(*this, lhs, rhs); }
Value KernelBuilder::bitOr(Value lhs, Value rhs) { return arith::OrIOp::create(*this, lhs, rhs); }
Value KernelBuilder::select(Value condition, Value yes, Value no) {
  return arith::SelectOp::create(*this, condition, yes, no);
}

static Type withWidth(Type type, unsigned bits) {
  Type element = IntegerType::get(type.getContext(), bits);
  auto vector = dyn_cast<VectorType>(type);
  return vector ? Type(vector.clone(element)) : element;
}
Value KernelBuilder::unsignedTo(Value value, unsigned bits) {
  unsigned from = getElementTypeOrSelf(value).getIntOrFloatBitWidth();
  Type type = withWidth(value.getType(), bits);
  return from == bits  ? value
         : from < bits ? Value(arith::ExtUIOp::create(*this, type, value))
                       : Value(arith::TruncIOp::create(*this, type, value));
}
Value KernelBuilder::signedTo(Value value, unsigned bits) {
  if (getElementTypeOrSelf(value).getIntOrFloatBitWidth() >= bits)
    return unsignedTo(value, bits);
  return arith::ExtSIOp::create(*this, withWidth(value.getType(), bits), value);
}
Value KernelBuilder::bitCast(Value vector, Type element) {
  auto type = cast<VectorType>(vector.getType());
  int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
  return vector::BitCastOp::create(*this, vectorOf(element, bits / element.getIntOrFloatBitWidth()), vector);
}
Value KernelBuilder::extract(Value vector, int64_t lane) { return vector::ExtractOp::create(*this, vector, lane); }
Value KernelBuilder::intrinsic(StringRef name, Type result, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(*this, result, getStringAttr(name), operands).getResult(0);
}

Values KernelBuilder::loop(Value begin, Value end, int64_t step, ValueRange carried, Body body) {
  auto loop = scf::ForOp::create(*this, begin, end, index(step), carried);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(loop.getBody());
  Values next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!carried.empty())
    scf::YieldOp::create(*this, next);
  return Values(loop.getResults());
}

void KernelBuilder::loop(Value begin, Value end, int64_t step, function_ref<void(Value)> body) {
  loop(begin, end, step, ValueRange(), [&](Value at, ValueRange) {
    body(at);
    return Values();
  });
}

Values KernelBuilder::choose(Value condition, TypeRange types, function_ref<Values()> then,
                             function_ref<Values()> otherwise) {
  auto choice = scf::IfOp::create(*this, types, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(choice.thenBlock());
  scf::YieldOp::create(*this, then());
  setInsertionPointToStart(choice.elseBlock());
  scf::YieldOp::create(*this, otherwise());
  return Values(choice.getResults());
}

void KernelBuilder::ifThen(Value condition, function_ref<void()> then, function_ref<void()> otherwise) {
  auto branch = scf::IfOp::create(*this, condition, /*withElseRegion=*/static_cast<bool>(otherwise));
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(branch.thenBlock());
  then();
  if (!otherwise)
    return;
  setInsertionPointToStart(branch.elseBlock());
  otherwise();
}

void KernelBuilder::chunks(Value begin, Value end, int64_t width, function_ref<void(Value, int64_t)> body) {
  Value whole = arith::DivSIOp::create(*this, sub(end, begin), index(width));
  Value middle = add(begin, mul(whole, width));
  loop(begin, middle, width, [&](Value at) { body(at, width); });
  if (width > 1)
    loop(middle, end, 1, [&](Value at) { body(at, 1); });
}

Value KernelBuilder::load(Value memory, Value at) { return memref::LoadOp::create(*this, memory, at); }

Value KernelBuilder::load(Value memory, Value at, int64_t lanes) {
  auto type = VectorType::get({lanes}, cast<MemRefType>(memory.getType()).getElementType());
  return vector::LoadOp::create(*this, type, memory, at);
}

void KernelBuilder::prefetch(Value memory, Value at) {
  memref::PrefetchOp::create(*this, memory, at, /*isWrite=*/true, /*localityHint=*/2, /*isDataCache=*/true);
}

void KernelBuilder::store(Value value, Value memory, Value at) {
  if (isa<VectorType>(value.getType()))
    vector::StoreOp::create(*this, value, memory, at);
  else
    memref::StoreOp::create(*this, value, memory, at);
}

void KernelBuilder::storeLanes(Value vector, Value memory, Value at, int64_t valid) {
  if (valid >= cast<VectorType>(vector.getType()).getNumElements())
    return store(vector, memory, at);
  for (int64_t lane = 0; lane < valid; ++lane)
    store(vector::ExtractOp::create(*this, vector, lane), memory, add(at, lane));
}

Value KernelBuilder::splat(Value scalar, int64_t lanes) {
  return vector::BroadcastOp::create(*this, VectorType::get({lanes}, scalar.getType()), scalar);
}

Value KernelBuilder::zeros(Type element, int64_t lanes) {
  return arith::ConstantOp::create(*this, getZeroAttr(VectorType::get({lanes}, element)));
}

Value KernelBuilder::loadReal(Value memory, Value at, int64_t lanes) {
  Value value = load(memory, at, lanes);
  auto type = cast<VectorType>(value.getType());
  if (type.getElementType().isF32())
    return value;
  return arith::UIToFPOp::create(*this, type.clone(getF32Type()), value);
}

Value KernelBuilder::view(Value bytes, int64_t offset, Type element, int64_t count) {
  return memref::ViewOp::create(*this, MemRefType::get({count}, element), bytes, index(offset), ValueRange());
}

Value KernelBuilder::isSet(Value bytes, Value at) {
  return compare(arith::CmpIPredicate::ne, load(bytes, at), constant(getI8Type(), 0));
}

Value KernelBuilder::listWhere(Value list, int64_t count, function_ref<Value(Value)> holds) {
  // Every one is written, and stays where it holds: no branch.
  return loop(index(0), index(count), 1, ValueRange{index(0)}, [&](Value item, ValueRange carried) {
    store(arith::IndexCastOp::create(*this, getI32Type(), item), list, carried[0]);
    return Values{add(carried[0], arith::IndexCastUIOp::create(*this, getIndexType(), holds(item)))};
  })[0];
}

Value KernelBuilder::listed(Value list, Value at) {
  return arith::IndexCastUIOp::create(*this, getIndexType(), load(list, at));
}

Value KernelBuilder::nonZeroBits(Value memory, Value at, int64_t count) {
  Value bytes = load(memory, at, count);
  Value spikes = compare(arith::CmpIPredicate::ne, bytes, zeros(getI8Type(), count));
  return extract(bitCast(spikes, getIntegerType(count)), 0);
}

Values KernelBuilder::events(Value memory, Value start, Value length, ValueRange carried, Body body) {
  // 32 bytes a turn: compare with zero, gather the answers into the bits of a word, visit the set bits.
  constexpr int64_t width = 32;
  Type word = getI32Type();
  Value none = arith::ConstantOp::create(*this, getI32IntegerAttr(0));
  Value one64 = arith::ConstantOp::create(*this, getI64IntegerAttr(1));
  return loop(index(0), length, width, carried, [&](Value offset, ValueRange state) {
    Value bits = nonZeroBits(memory, add(start, offset), width);
    // The last turn reads past the end: keep the bits of the bytes that count.
    Value count = arith::IndexCastOp::create(*this, getI64Type(), min(sub(length, offset), index(width)));
    Value wide = arith::SubIOp::create(*this, arith::ShLIOp::create(*this, one64, count), one64);
    Value valid = arith::TruncIOp::create(*this, word, wide);
    Values inits{arith::AndIOp::create(*this, bits, valid)};
    inits.append(state.begin(), state.end());
    SmallVector<Type> types = llvm::map_to_vector(inits, [](Value value) { return value.getType(); });
    SmallVector<Location> locations(inits.size(), getLoc());
    auto visit = scf::WhileOp::create(*this, types, inits);
    OpBuilder::InsertionGuard guard(*this);
    Block *before = createBlock(&visit.getBefore(), {}, types, locations);
    Value more = compare(arith::CmpIPredicate::ne, before->getArgument(0), none);
    scf::ConditionOp::create(*this, more, before->getArguments());
    Block *after = createBlock(&visit.getAfter(), {}, types, locations);
    Value current = after->getArgument(0);
    Value position =
        arith::IndexCastOp::create(*this, getIndexType(), math::CountTrailingZerosOp::create(*this, current));
    Values next = body(add(offset, position), after->getArguments().drop_front());
    Value less = arith::SubIOp::create(*this, current, arith::ConstantOp::create(*this, getI32IntegerAttr(1)));
    next.insert(next.begin(), arith::AndIOp::create(*this, current, less));
    scf::YieldOp::create(*this, next);
    return Values(llvm::drop_begin(visit.getResults()));
  });
}

Kernel stas::startKernel(KernelBuilder &builder, ModuleOp module, StringRef name, ArrayRef<Type> memory,
                         int64_t scratchBytes, Images images) {
  SmallVector<Type> types(memory);
  types.append(images == Images::Several ? 4 : 3, builder.getIndexType());
  types.push_back(MemRefType::get({std::max<int64_t>(scratchBytes, 1)}, builder.getI8Type()));
  builder.setInsertionPointToEnd(module.getBody());
  Kernel kernel;
  kernel.function = func::FuncOp::create(builder, name, builder.getFunctionType(types, {}));
  kernel.function->setAttr("spike.kernel", builder.getUnitAttr());
  Block *body = kernel.function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  auto arguments = body->getArguments();
  kernel.memory.assign(arguments.begin(), arguments.begin() + memory.size());
  arguments = arguments.drop_front(memory.size());
  kernel.begin = arguments[0];
  kernel.end = arguments[1];
  kernel.timestep = arguments[2];
  kernel.stride = images == Images::Several ? Value(arguments[3]) : Value();
  kernel.scratch = arguments.back();
  return kernel;
}

void stas::finishKernel(KernelBuilder &builder) { func::ReturnOp::create(builder); }
