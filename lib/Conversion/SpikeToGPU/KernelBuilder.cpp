//===- KernelBuilder.cpp - Shorthand for writing GPU kernels --------------===//
#include "KernelBuilder.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace stas::cuda;

static unsigned bitsOf(Value value) { return value.getType().getIntOrFloatBitWidth(); }

Value KernelBuilder::constant(int64_t value, unsigned bits) {
  return arith::ConstantOp::create(*this, getIntegerAttr(getIntegerType(bits), value));
}
Value KernelBuilder::add(Value lhs, Value rhs) { return arith::AddIOp::create(*this, lhs, rhs); }
Value KernelBuilder::add(Value lhs, int64_t rhs) { return rhs == 0 ? lhs : add(lhs, constant(rhs, bitsOf(lhs))); }
Value KernelBuilder::sub(Value lhs, Value rhs) { return arith::SubIOp::create(*this, lhs, rhs); }
Value KernelBuilder::mul(Value lhs, Value rhs) { return arith::MulIOp::create(*this, lhs, rhs); }
Value KernelBuilder::mul(Value lhs, int64_t rhs) {
  return rhs == 1                   ? lhs
         : llvm::isPowerOf2_64(rhs) ? shiftLeft(lhs, llvm::Log2_64(rhs))
                                    : mul(lhs, constant(rhs, bitsOf(lhs)));
}
Value KernelBuilder::bitAnd(Value lhs, Value rhs) { return arith::AndIOp::create(*this, lhs, rhs); }
Value KernelBuilder::bitAnd(Value lhs, int64_t rhs) { return bitAnd(lhs, constant(rhs, bitsOf(lhs))); }
Value KernelBuilder::bitNot(Value value) {
  return arith::XOrIOp::create(*this, value, constant(-1, value.getType().getIntOrFloatBitWidth()));
}
Value KernelBuilder::bitOr(Value lhs, Value rhs) { return arith::OrIOp::create(*this, lhs, rhs); }
Value KernelBuilder::shiftLeft(Value value, int64_t bits) {
  return bits == 0 ? value : Value(arith::ShLIOp::create(*this, value, constant(bits, bitsOf(value))));
}
Value KernelBuilder::shiftLeft(Value value, Value bits) { return arith::ShLIOp::create(*this, value, bits); }
Value KernelBuilder::shiftRight(Value value, int64_t bits) {
  return bits == 0 ? value : Value(arith::ShRSIOp::create(*this, value, constant(bits, bitsOf(value))));
}
Value KernelBuilder::shiftDown(Value value, int64_t bits) {
  return bits == 0 ? value : shiftDown(value, constant(bits, bitsOf(value)));
}
Value KernelBuilder::shiftDown(Value value, Value bits) { return arith::ShRUIOp::create(*this, value, bits); }
Value KernelBuilder::divide(Value value, int64_t by) {
  if (llvm::isPowerOf2_64(by))
    return shiftDown(value, llvm::Log2_64(by));
  return arith::DivUIOp::create(*this, value, constant(by, bitsOf(value)));
}
Value KernelBuilder::remainder(Value value, int64_t by) {
  if (llvm::isPowerOf2_64(by))
    return bitAnd(value, by - 1);
  return arith::RemUIOp::create(*this, value, constant(by, bitsOf(value)));
}
Value KernelBuilder::compare(arith::CmpIPredicate predicate, Value lhs, Value rhs) {
  return arith::CmpIOp::create(*this, predicate, lhs, rhs);
}
Value KernelBuilder::compare(arith::CmpIPredicate predicate, Value lhs, int64_t rhs) {
  return compare(predicate, lhs, constant(rhs, bitsOf(lhs)));
}
Value KernelBuilder::select(Value condition, Value yes, Value no) {
  return arith::SelectOp::create(*this, condition, yes, no);
}
Value KernelBuilder::signedTo(Value value, unsigned bits) {
  if (bitsOf(value) >= bits)
    return unsignedTo(value, bits);
  return arith::ExtSIOp::create(*this, getIntegerType(bits), value);
}
Value KernelBuilder::unsignedTo(Value value, unsigned bits) {
  unsigned from = bitsOf(value);
  return from == bits  ? value
         : from < bits ? Value(arith::ExtUIOp::create(*this, getIntegerType(bits), value))
                       : Value(arith::TruncIOp::create(*this, getIntegerType(bits), value));
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

Values KernelBuilder::loop(Value begin, Value end, ValueRange carried, function_ref<Values(Value, ValueRange)> body,
                           Value step) {
  auto loop = scf::ForOp::create(*this, begin, end, step ? step : constant(1), carried);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(loop.getBody());
  Values next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!carried.empty())
    scf::YieldOp::create(*this, next);
  return Values(loop.getResults());
}

void KernelBuilder::loop(Value begin, Value end, function_ref<void(Value)> body, Value step) {
  loop(
      begin, end, ValueRange(),
      [&](Value position, ValueRange) {
        body(position);
        return Values();
      },
      step);
}

void KernelBuilder::ifThen(Value condition, function_ref<void()> then) {
  auto choice = scf::IfOp::create(*this, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(choice.thenBlock());
  then();
}

Values KernelBuilder::loadIf(Value condition, TypeRange types, function_ref<Values()> then) {
  auto choice = scf::IfOp::create(*this, types, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(choice.thenBlock());
  scf::YieldOp::create(*this, then());
  setInsertionPointToStart(choice.elseBlock());
  Values zeros;
  for (Type type : types)
    zeros.push_back(constant(0, type.getIntOrFloatBitWidth()));
  scf::YieldOp::create(*this, zeros);
  return Values(choice.getResults());
}

Value KernelBuilder::loadIf(Value condition, function_ref<Value()> then) {
  Type word = getI32Type();
  return loadIf(condition, TypeRange(ArrayRef<Type>(word)), [&] { return Values{then()}; })[0];
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value KernelBuilder::at(Value pointer, Value offset) {
  return LLVM::GEPOp::create(*this, pointer.getType(), getI8Type(), pointer, ArrayRef<LLVM::GEPArg>{offset});
}
Value KernelBuilder::at(Value pointer, int64_t offset) {
  if (offset == 0)
    return pointer;
  return LLVM::GEPOp::create(*this, pointer.getType(), getI8Type(), pointer,
                             ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(offset)});
}
Value KernelBuilder::load(Value pointer) { return LLVM::LoadOp::create(*this, getI32Type(), pointer, 4); }
Value KernelBuilder::load(Value pointer, Type type) {
  return LLVM::LoadOp::create(*this, type, pointer, type.getIntOrFloatBitWidth() / 8);
}
Value KernelBuilder::loadByte(Value pointer) {
  return unsignedTo(LLVM::LoadOp::create(*this, getI8Type(), pointer, 1), 32);
}
Values KernelBuilder::loadWords(Value pointer, int64_t count) {
  Value all = LLVM::LoadOp::create(*this, VectorType::get({count}, getI32Type()), pointer, 4 * count);
  Values words;
  for (int64_t i = 0; i < count; ++i)
    words.push_back(LLVM::ExtractElementOp::create(*this, all, constant(i)));
  return words;
}
void KernelBuilder::store(Value value, Value pointer) {
  LLVM::StoreOp::create(*this, value, pointer, bitsOf(value) / 8);
}
void KernelBuilder::storeByte(Value value, Value pointer) {
  LLVM::StoreOp::create(*this, unsignedTo(value, 8), pointer, 1);
}
void KernelBuilder::storeWords(ValueRange values, Value pointer) {
  int64_t count = values.size();
  Value all = LLVM::UndefOp::create(*this, VectorType::get({count}, getI32Type()));
  for (int64_t i = 0; i < count; ++i)
    all = LLVM::InsertElementOp::create(*this, all, values[i], constant(i));
  LLVM::StoreOp::create(*this, all, pointer, 4 * count);
}

//===----------------------------------------------------------------------===//
// The block of threads
//===----------------------------------------------------------------------===//

Value KernelBuilder::thread() { return NVVM::ThreadIdXOp::create(*this, getI32Type()); }
Value KernelBuilder::block(int axis) {
  if (axis == 0)
    return NVVM::BlockIdXOp::create(*this, getI32Type());
  if (axis == 1)
    return NVVM::BlockIdYOp::create(*this, getI32Type());
  return NVVM::BlockIdZOp::create(*this, getI32Type());
}
void KernelBuilder::barrier() { NVVM::BarrierOp::create(*this); }

void KernelBuilder::copyAsync(Value shared, Value global, int64_t bytes, Value isValid) {
  // Copies of 16 bytes can pass the first cache by.
  auto cache = bytes == 16 ? NVVM::LoadCacheModifierKind::CG : NVVM::LoadCacheModifierKind::CA;
  Value valid = isValid ? select(isValid, constant(bytes), constant(0)) : Value();
  NVVM::CpAsyncOp::create(*this, shared, global, bytes, cache, valid);
}
void KernelBuilder::commitCopies() { NVVM::CpAsyncCommitGroupOp::create(*this); }
void KernelBuilder::waitForCopies(int64_t pending) { NVVM::CpAsyncWaitGroupOp::create(*this, pending); }

void KernelBuilder::warpBarrier() { NVVM::SyncWarpOp::create(*this, constant(-1)); }

Value KernelBuilder::shuffleXor(Value value, int64_t lanes) {
  if (bitsOf(value) == 64) {
    Value low = shuffleXor(unsignedTo(value, 32), lanes),
          high = shuffleXor(unsignedTo(shiftDown(value, 32), 32), lanes);
    return bitOr(unsignedTo(low, 64), shiftLeft(unsignedTo(high, 64), 32));
  }
  return NVVM::ShflOp::create(*this, getI32Type(), constant(-1), value, constant(lanes), constant(31),
                              NVVM::ShflKind::bfly, UnitAttr());
}

Value KernelBuilder::sumOverWarp(Value value) {
  for (int64_t lanes = 16; lanes > 0; lanes /= 2)
    value = add(value, shuffleXor(value, lanes));
  return value;
}

Value KernelBuilder::ballot(Value condition) {
  return NVVM::VoteSyncOp::create(*this, getI32Type(), constant(-1), condition, NVVM::VoteSyncKind::ballot);
}
Value KernelBuilder::countBits(Value value) { return LLVM::CtPopOp::create(*this, value); }

void KernelBuilder::unpackSums(TileSums &sums, Value product) {
  for (int64_t i = 0; i < 4; ++i)
    sums[i] = LLVM::ExtractValueOp::create(*this, product, ArrayRef<int64_t>{i});
}

static Type fourWords(OpBuilder &b) {
  return LLVM::LLVMStructType::getLiteral(b.getContext(), SmallVector<Type>(4, b.getI32Type()));
}
static constexpr std::array<NVVM::MMALayout, 2> rowsByColumns = {NVVM::MMALayout::row, NVVM::MMALayout::col};

void KernelBuilder::multiplyBytes(TileSums &sums, ValueRange a, ValueRange b, bool isSigned) {
  auto right = isSigned ? NVVM::MMATypes::s8 : NVVM::MMATypes::u8;
  unpackSums(sums, NVVM::MmaOp::create(*this, fourWords(*this), a, b, sums, ArrayRef<int64_t>{16, 8, 32}, std::nullopt,
                                       NVVM::MMAIntOverflow::wrapped,
                                       std::array<NVVM::MMATypes, 2>{NVVM::MMATypes::u8, right}, rowsByColumns));
}

void KernelBuilder::countCommonBits(TileSums &sums, ValueRange a, ValueRange b) {
  int64_t bits = 128 * b.size();
  unpackSums(sums,
             NVVM::MmaOp::create(*this, fourWords(*this), a, b, sums, ArrayRef<int64_t>{16, 8, bits},
                                 NVVM::MMAB1Op::and_popc, std::nullopt,
                                 std::array<NVVM::MMATypes, 2>{NVVM::MMATypes::b1, NVVM::MMATypes::b1}, rowsByColumns));
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

Kernel stas::cuda::startKernel(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name,
                               ArrayRef<Parameter> parameters, int64_t threads, int64_t minBlocks) {
  constexpr StringLiteral sharedName = "stas_shared";
  constexpr unsigned globalSpace = 1, sharedSpace = 3;
  MLIRContext *context = module.getContext();
  b.setInsertionPointToEnd(module.getBody());
  // One name for the memory of every block; how much of it there is says the launch.
  auto memory = module.lookupSymbol<LLVM::GlobalOp>(sharedName);
  if (!memory)
    memory = LLVM::GlobalOp::create(b, LLVM::LLVMArrayType::get(b.getI8Type(), 0), /*isConstant=*/false,
                                    LLVM::Linkage::External, sharedName, Attribute(), /*alignment=*/128, sharedSpace);
  SmallVector<Type> types;
  for (const Parameter &parameter : parameters)
    types.push_back(parameter.kind == Parameter::Kind::Memory ? Type(LLVM::LLVMPointerType::get(context, globalSpace))
                                                              : b.getI32Type());
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), types);
  auto function = LLVM::LLVMFuncOp::create(b, name, type);
  function->setAttr(NVVM::NVVMDialect::getKernelFuncAttrName(), b.getUnitAttr());
  function->setAttr(NVVM::NVVMDialect::getMaxntidAttrName(),
                    b.getDenseI32ArrayAttr({static_cast<int32_t>(threads), 1, 1}));
  if (minBlocks > 0)
    function->setAttr(NVVM::NVVMDialect::getMinctasmAttrName(), b.getI32IntegerAttr(minBlocks));
  Block *entry = function.addEntryBlock(b);
  b.setInsertionPointToStart(entry);
  Kernel kernel{function, Values(entry->args_begin(), entry->args_end()), {}};
  kernel.shared = LLVM::AddressOfOp::create(b, memory);
  return kernel;
}

void stas::cuda::finishKernel(KernelBuilder &b) { LLVM::ReturnOp::create(b, ValueRange()); }
