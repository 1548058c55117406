//===- KernelBuilder.h - Shorthand for writing kernels ----------*- C++ -*-===//
//
// Kernels are written by C++ generators: loops over index values, vectors of
// one register, one-dimensional memories. This class keeps them readable.
//
//===----------------------------------------------------------------------===//
#ifndef STAS_CONVERSION_SPIKETOVECTOR_KERNELBUILDER_H
#define STAS_CONVERSION_SPIKETOVECTOR_KERNELBUILDER_H

#include "dialects/STAS/STASAttrs.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace stas {
using Values = llvm::SmallVector<mlir::Value, 8>;

class KernelBuilder : public mlir::ImplicitLocOpBuilder {
public:
  using ImplicitLocOpBuilder::ImplicitLocOpBuilder;
  using Body = llvm::function_ref<Values(mlir::Value, mlir::ValueRange)>;

  // Constants and arithmetic on index values.
  mlir::Value index(int64_t value);
  mlir::Value real(double value);
  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value add(mlir::Value lhs, int64_t rhs) { return rhs == 0 ? lhs : add(lhs, index(rhs)); }
  mlir::Value sub(mlir::Value lhs, mlir::Value rhs);
  mlir::Value mul(mlir::Value lhs, mlir::Value rhs);
  mlir::Value mul(mlir::Value lhs, int64_t rhs) { return rhs == 1 ? lhs : mul(lhs, index(rhs)); }
  mlir::Value min(mlir::Value lhs, mlir::Value rhs);
  mlir::Value max(mlir::Value lhs, mlir::Value rhs);
  mlir::Value compare(mlir::arith::CmpIPredicate predicate, mlir::Value lhs, mlir::Value rhs);
  /// How many pieces of `size` hold `count` elements.
  mlir::Value wholes(mlir::Value count, int64_t size);

  // Constants and arithmetic on integers of any width, scalars or vectors.
  /// A value of this type, scalar or vector, whose elements are all `value`.
  mlir::Value constant(mlir::Type type, int64_t value);
  mlir::Value constantLike(mlir::Value like, int64_t value) { return constant(like.getType(), value); }
  mlir::Value shiftLeft(mlir::Value value, int64_t bits);
  mlir::Value shiftRight(mlir::Value value, int64_t bits); // arithmetic
  mlir::Value bitAnd(mlir::Value lhs, mlir::Value rhs);
  mlir::Value bitOr(mlir::Value lhs, mlir::Value rhs);
  mlir::Value select(mlir::Value condition, mlir::Value yes, mlir::Value no);
  /// Zero- or sign-extends or truncates elements to `bits`.
  mlir::Value unsignedTo(mlir::Value value, unsigned bits);
  mlir::Value signedTo(mlir::Value value, unsigned bits);
  mlir::Value bitCast(mlir::Value vector, mlir::Type element);
  /// An element of a vector.
  mlir::Value extract(mlir::Value vector, int64_t lane);
  mlir::VectorType vectorOf(mlir::Type element, int64_t lanes) { return mlir::VectorType::get({lanes}, element); }
  /// An LLVM intrinsic.
  mlir::Value intrinsic(llvm::StringRef name, mlir::Type result, mlir::ValueRange operands);

  // Control flow. Loop bodies get the induction variable and the carried values, and return the carried values.
  Values loop(mlir::Value begin, mlir::Value end, int64_t step, mlir::ValueRange carried, Body body);
  void loop(mlir::Value begin, mlir::Value end, int64_t step, llvm::function_ref<void(mlir::Value)> body);
  /// The values, of these types, of one of two bodies.
  Values choose(mlir::Value condition, mlir::TypeRange types, llvm::function_ref<Values()> then,
                llvm::function_ref<Values()> otherwise);
  void ifThen(mlir::Value condition, llvm::function_ref<void()> then, llvm::function_ref<void()> otherwise = nullptr);
  /// body(position, width) over [begin, end): whole vectors of `width`, then single elements as vectors of one.
  void chunks(mlir::Value begin, mlir::Value end, int64_t width, llvm::function_ref<void(mlir::Value, int64_t)> body);

  // Memory. A vector of `lanes` consecutive elements; more than one lane past the last element may be read (never
  // written): arenas end in 64 bytes of slack.
  mlir::Value load(mlir::Value memory, mlir::Value at);
  mlir::Value load(mlir::Value memory, mlir::Value at, int64_t lanes);
  void store(mlir::Value value, mlir::Value memory, mlir::Value at);
  /// Asks for the line of an element that is soon to be changed.
  void prefetch(mlir::Value memory, mlir::Value at);
  /// Stores the first `valid` lanes.
  void storeLanes(mlir::Value vector, mlir::Value memory, mlir::Value at, int64_t valid);
  mlir::Value splat(mlir::Value scalar, int64_t lanes);
  mlir::Value zeros(mlir::Type element, int64_t lanes);
  /// Loads u8 or f32 lanes as f32.
  mlir::Value loadReal(mlir::Value memory, mlir::Value at, int64_t lanes);
  /// A typed view of `count` elements at a byte offset of a byte memory.
  mlir::Value view(mlir::Value bytes, int64_t offset, mlir::Type element, int64_t count);
  /// Whether a byte is not zero: of a mask, whether a token is active.
  mlir::Value isSet(mlir::Value bytes, mlir::Value at);
  /// Lists those of 0 to `count` for which `holds`, in an i32 memory of `count`; returns how many they are.
  mlir::Value listWhere(mlir::Value list, int64_t count, llvm::function_ref<mlir::Value(mlir::Value)> holds);
  /// An entry of such a list.
  mlir::Value listed(mlir::Value list, mlir::Value at);
  /// The bytes at `at` that are not zero, as the bits of an integer of `count` bits, 8, 16, 32 or 64.
  mlir::Value nonZeroBits(mlir::Value memory, mlir::Value at, int64_t count);

  /// Calls body(k, carried) for each non-zero byte start + k, 0 <= k < length, of a memory of bytes, in order.
  Values events(mlir::Value memory, mlir::Value start, mlir::Value length, mlir::ValueRange carried, Body body);
};

/// Whose work items a kernel takes: of one image, or of several at once, one image's after the other's.
enum class Images { One, Several };

/// The function of a kernel under construction: its memories, the range of work items, the timestep, scratch.
struct Kernel {
  mlir::func::FuncOp function;
  Values memory; // of several images: the first one's
  mlir::Value begin, end, timestep, scratch;
  mlir::Value stride; // of several images: bytes from a buffer of one to that of the next, a multiple of 64
};

/// Starts a kernel at the end of `module`; `builder` then writes its body.
Kernel startKernel(KernelBuilder &builder, mlir::ModuleOp module, llvm::StringRef name,
                   llvm::ArrayRef<mlir::Type> memory, int64_t scratchBytes, Images images);
/// Ends it.
void finishKernel(KernelBuilder &builder);

inline int64_t roundUp(int64_t value, int64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

} // namespace stas

#endif // STAS_CONVERSION_SPIKETOVECTOR_KERNELBUILDER_H
