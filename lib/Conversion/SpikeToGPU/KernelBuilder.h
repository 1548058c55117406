//===- KernelBuilder.h - Shorthand for writing GPU kernels ------*- C++ -*-===//
//
// Kernels are written by C++ generators that unroll what lies in registers:
// integers of 32 bits, pointers with byte offsets, few loops. This class keeps
// them readable.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOGPU_KERNELBUILDER_H
#define STAS_CONVERSION_SPIKETOGPU_KERNELBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace stas::cuda {
using Values = llvm::SmallVector<mlir::Value, 8>;

/// An argument of a kernel: memory on the device, or a number of 32 bits.
struct Parameter {
  enum class Kind { Memory, Number };
  std::string name;
  Kind kind = Kind::Memory;
};

/// How a kernel is started: blocks of threads, and the bytes of shared memory of each block.
struct LaunchShape {
  int64_t grid[3] = {1, 1, 1};
  int64_t threads = 0;
  int64_t sharedBytes = 0;
};

/// The product of a tile of 16 rows by 8 columns in the registers of a warp: lane 4 g + q holds rows g and g + 8 of
/// columns 2 q and 2 q + 1, as [row][column].
using TileSums = std::array<mlir::Value, 4>;

class KernelBuilder : public mlir::ImplicitLocOpBuilder {
public:
  using Value = mlir::Value;
  using ImplicitLocOpBuilder::ImplicitLocOpBuilder;

  // Integers: of 32 bits, and of 64 where the operands are.
  Value constant(int64_t value, unsigned bits = 32);
  Value add(Value lhs, Value rhs);
  Value add(Value lhs, int64_t rhs);
  Value sub(Value lhs, Value rhs);
  Value sub(Value lhs, int64_t rhs) { return add(lhs, -rhs); }
  Value mul(Value lhs, Value rhs);
  Value mul(Value lhs, int64_t rhs);
  Value bitAnd(Value lhs, Value rhs);
  Value bitAnd(Value lhs, int64_t rhs);
  Value bitOr(Value lhs, Value rhs);
  Value bitNot(Value value);
  Value shiftLeft(Value value, int64_t bits);
  Value shiftLeft(Value value, Value bits);
  Value shiftRight(Value value, int64_t bits); // arithmetic
  Value shiftDown(Value value, int64_t bits);  // of unsigned values
  Value shiftDown(Value value, Value bits);
  /// Of unsigned values, by a power of two or any other number.
  Value divide(Value value, int64_t by);
  Value remainder(Value value, int64_t by);
  Value compare(mlir::arith::CmpIPredicate predicate, Value lhs, Value rhs);
  Value compare(mlir::arith::CmpIPredicate predicate, Value lhs, int64_t rhs);
  Value less(Value lhs, Value rhs) { return compare(mlir::arith::CmpIPredicate::ult, lhs, rhs); }
  Value less(Value lhs, int64_t rhs) { return compare(mlir::arith::CmpIPredicate::ult, lhs, rhs); }
  Value select(Value condition, Value yes, Value no);
  Value signedTo(Value value, unsigned bits);
  Value unsignedTo(Value value, unsigned bits);

  // Control flow. Loops run over 32-bit values; bodies return what they carry.
  Values loop(Value begin, Value end, mlir::ValueRange carried,
              llvm::function_ref<Values(Value, mlir::ValueRange)> body, Value step = Value());
  void loop(Value begin, Value end, llvm::function_ref<void(Value)> body, Value step = Value());
  void ifThen(Value condition, llvm::function_ref<void()> then);
  /// `then()` where the condition holds, else zeros of the same types.
  Values loadIf(Value condition, mlir::TypeRange types, llvm::function_ref<Values()> then);
  Value loadIf(Value condition, llvm::function_ref<Value()> then);

  // Memory, by pointer and offset in bytes.
  Value at(Value pointer, Value offset);
  Value at(Value pointer, int64_t offset);
  /// 32 bits of memory.
  Value load(Value pointer);
  /// An unsigned byte as 32 bits.
  Value loadByte(Value pointer);
  /// A value of a type.
  Value load(Value pointer, mlir::Type type);
  /// `count` times 32 bits, together where their alignment is that of all of them: 2 or 4.
  Values loadWords(Value pointer, int64_t count);
  void store(Value value, Value pointer);
  void storeByte(Value value, Value pointer);
  void storeWords(mlir::ValueRange values, Value pointer);

  // The block of threads.
  Value thread();
  Value block(int axis);
  void barrier();
  /// Copies 4, 8 or 16 bytes to shared memory; zeros where not `isValid`.
  void copyAsync(Value shared, Value global, int64_t bytes, Value isValid = Value());
  void commitCopies();
  void waitForCopies(int64_t pending);
  /// What lanes of a warp wrote before, all of them see behind it.
  void warpBarrier();
  /// The value of the lane whose number differs in these bits: of 32 or 64 bits.
  Value shuffleXor(Value value, int64_t lanes);
  /// The sum over the lanes of a warp, in all of them.
  Value sumOverWarp(Value value);
  /// A bit for each lane of the warp: whether its condition holds.
  Value ballot(Value condition);
  Value countBits(Value value);
  /// sums += a * b: 32 unsigned bytes of 16 rows by 32 signed (or unsigned) bytes of 8 columns. Sums wrap.
  void multiplyBytes(TileSums &sums, mlir::ValueRange a, mlir::ValueRange b, bool isSigned = true);
  /// sums += the number of bits in common of 16 rows and 8 columns, 128 or 256 bits each.
  void countCommonBits(TileSums &sums, mlir::ValueRange a, mlir::ValueRange b);

private:
  void unpackSums(TileSums &sums, Value product);
};

/// A kernel under construction.
struct Kernel {
  mlir::LLVM::LLVMFuncOp function;
  Values arguments;   // as the parameters
  mlir::Value shared; // memory of the block
};

/// Starts a kernel at the end of `module`, for blocks of `threads`; `builder` then writes its body.
Kernel startKernel(KernelBuilder &builder, mlir::gpu::GPUModuleOp module, llvm::StringRef name,
                   llvm::ArrayRef<Parameter> parameters, int64_t threads, int64_t minBlocks = 0);
void finishKernel(KernelBuilder &builder);

inline int64_t roundUp(int64_t value, int64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

} // namespace stas::cuda

#endif // STAS_CONVERSION_SPIKETOGPU_KERNELBUILDER_H
