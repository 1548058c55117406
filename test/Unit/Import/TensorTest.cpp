//===- TensorTest.cpp - Extents, strides and what is a tensor -------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PickleWriter.h"
#include "stas/Import/TorchObjects.h"

#include "gtest/gtest.h"

using namespace stas::import;
using namespace stas::test;

namespace {
TensorRef makeTensor(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> strides, uint64_t offset = 0) {
  TensorRef tensor;
  tensor.shape.assign(shape.begin(), shape.end());
  tensor.strides.assign(strides.begin(), strides.end());
  tensor.offset = offset;
  return tensor;
}

/// Reads the pickled tensor as one whose storage is the file's bytes 64..128.
/// Returns the error, or "".
std::string tensorError(const PickleWriter &writer, TensorRef *result = nullptr) {
  std::string bytes = writer.bytes + ".";
  size_t consumed = 0;
  auto graph = readPickle(bytes, consumed);
  if (!graph)
    return toString(graph.takeError());
  auto resolve = [](const StorageId &id) -> llvm::Expected<StorageExtent> { return StorageExtent{64, 128}; };
  llvm::Expected<TensorRef> tensor = TorchObjects(**graph).tensor((*graph)->root(), resolve);
  if (!tensor)
    return toString(tensor.takeError());
  if (result)
    *result = *tensor;
  return "";
}
} // namespace

TEST(Tensor, Contiguity) {
  EXPECT_TRUE(makeTensor({2, 3}, {3, 1}).isContiguous());
  EXPECT_TRUE(makeTensor({2, 3, 1, 1}, {3, 1, 7, 9}).isContiguous());
  EXPECT_FALSE(makeTensor({2, 3}, {1, 2}).isContiguous());
  EXPECT_TRUE(makeTensor({}, {}).isContiguous());
}

TEST(Tensor, ExtentInsideStorage) {
  EXPECT_FALSE(checkExtent(makeTensor({2, 3}, {3, 1}, 8), 8, 32));
  EXPECT_FALSE(checkExtent(makeTensor({2, 3}, {1, 2}, 8), 8, 32));
  EXPECT_FALSE(checkExtent(makeTensor({0, 1 << 30}, {1, 1}, 8), 8, 8));
  EXPECT_EQ(*checkExtent(makeTensor({2, 3}, {3, 1}, 8), 8, 31),
            "a view of shape [2, 3], strides [3, 1] that leaves its storage of 23 bytes");
  EXPECT_TRUE(checkExtent(makeTensor({2, 3}, {3, 1}, 4), 8, 64));
  EXPECT_TRUE(checkExtent(makeTensor({2}, {INT64_MAX / 2}, 8), 8, 64));
  EXPECT_TRUE(checkExtent(makeTensor({1}, {1}, UINT64_MAX - 2), 8, 64));
}

TEST(Tensor, ShapesThatOverflow) {
  EXPECT_EQ(*checkExtent(makeTensor({-1}, {1}), 0, 64), "the shape [-1] with the strides [1]");
  EXPECT_EQ(*checkExtent(makeTensor({2}, {-1}), 0, 64), "the shape [2] with the strides [-1]");
  EXPECT_EQ(*checkExtent(makeTensor({2}, {1, 1}), 0, 64), "2 strides for the shape [2]");
  EXPECT_EQ(*checkExtent(makeTensor({INT64_MAX, 3}, {0, 0}), 0, 64),
            "the shape [9223372036854775807, 3] of more than 2^31 elements");
  EXPECT_TRUE(checkExtent(makeTensor({3, 1 << 20}, {INT64_MAX, 1}), 0, 64));
  EXPECT_EQ(*checkExtent(makeTensor({1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 1, 1}), 0, 64), "9 dimensions");
}

TEST(Tensor, Rebuilt) {
  TensorRef tensor;
  EXPECT_EQ(tensorError(PickleWriter().tensor("HalfStorage", "0", 32, 4, {2, 2}, {1, 2}), &tensor), "");
  EXPECT_EQ(tensor.dtype, DType::F16);
  EXPECT_EQ(tensor.offset, 64u + 4 * 2);
  EXPECT_EQ(shapeText(tensor.strides), "[1, 2]");
}

TEST(Tensor, Wrapped) {
  auto wrap = [](const char *module, const char *name) {
    PickleWriter writer;
    writer.global(module, name).mark().tensor("FloatStorage", "0", 16, 0, {4}, {1}).raw("\x88");
    return writer.global("collections", "OrderedDict").emptyTuple().reduce().tuple().reduce();
  };
  EXPECT_EQ(tensorError(wrap("torch._utils", "_rebuild_parameter")), "");
  EXPECT_EQ(tensorError(wrap("torch._utils", "_rebuild_parameter_with_state")), "");
  // (function, class, arguments, state)
  PickleWriter subclass;
  subclass.global("torch._tensor", "_rebuild_from_type_v2").mark().global("torch._utils", "_rebuild_tensor_v2");
  subclass.global("torch", "Tensor").mark().storage("FloatStorage", "0", 16).integer(0).integers({4}).integers({1});
  subclass.tuple().emptyDict().tuple().reduce();
  EXPECT_EQ(tensorError(subclass), "");
}

TEST(Tensor, NoTensor) {
  PickleWriter call;
  call.global("posix", "system").mark().text("true").tuple().reduce();
  EXPECT_EQ(tensorError(call), "a call of posix.system");
  EXPECT_EQ(tensorError(PickleWriter().integer(3)), "the integer 3");
  PickleWriter empty;
  empty.global("torch._utils", "_rebuild_parameter").emptyTuple().reduce();
  EXPECT_EQ(tensorError(empty), "a call of torch._utils._rebuild_parameter");
}

TEST(Tensor, UnsoundParts) {
  auto rebuild = [](auto storage) {
    PickleWriter writer;
    writer.global("torch._utils", "_rebuild_tensor_v2").mark();
    storage(writer);
    return writer.integer(0).integers({4}).integers({1}).tuple().reduce();
  };
  EXPECT_EQ(tensorError(rebuild([](PickleWriter &w) { w.none(); })), "a tensor whose storage is None");
  EXPECT_EQ(tensorError(rebuild([](PickleWriter &w) { w.text("x").raw("Q"); })),
            "a storage that is named by the string \"x\"");
  EXPECT_EQ(tensorError(rebuild([](PickleWriter &w) { w.storage("QInt8Storage", "0", 4); })),
            "a tensor of the type torch.QInt8Storage");
  EXPECT_EQ(tensorError(rebuild([](PickleWriter &w) { w.storage("UntypedStorage", "0", 4); })),
            "a tensor over an untyped storage");
  EXPECT_EQ(tensorError(rebuild([](PickleWriter &w) {
              w.mark().text("storage").global("evil", "FloatStorage").text("0").text("cpu").integer(4).tuple().raw("Q");
            })),
            "a storage of the class evil.FloatStorage");
  EXPECT_EQ(tensorError(rebuild([](PickleWriter &w) {
              w.mark().text("storage").global("torch", "FloatStorage").text("0").text("cpu").integer(4).integer(1);
              w.tuple().raw("Q");
            })),
            "a storage view that is the integer 1");
  PickleWriter shapeless;
  shapeless.global("torch._utils", "_rebuild_tensor_v2").mark().storage("FloatStorage", "0", 4).integer(0).none();
  EXPECT_EQ(tensorError(shapeless.none().tuple().reduce()), "a tensor whose offset, shape or strides are no integers");
  EXPECT_EQ(tensorError(PickleWriter().tensor("FloatStorage", "0", 4, -1, {4}, {1})),
            "a tensor whose offset, shape or strides are no integers");
}

TEST(Tensor, OffsetThatOverflows) {
  PickleWriter writer;
  writer.global("torch._utils", "_rebuild_tensor_v2").mark().storage("FloatStorage", "0", 4);
  writer.raw("\x8a\x08" + bytesOf(INT64_MAX)).integers({4}).integers({1}).tuple().reduce();
  EXPECT_EQ(tensorError(writer), "a tensor that starts past 2^63 bytes");
}

TEST(Tensor, SuspiciousCalls) {
  PickleWriter writer;
  writer.mark();
  for (auto [module, name] : {std::pair("os", "system"), std::pair("builtins", "eval"), std::pair("builtins", "set"),
                              std::pair("os", "system"), std::pair("torch._utils", "f")})
    writer.global(module, name).emptyTuple().reduce();
  writer.tuple().stop();
  size_t consumed = 0;
  auto graph = readPickle(writer.bytes, consumed);
  ASSERT_TRUE(bool(graph));
  EXPECT_EQ(TorchObjects(**graph).suspiciousCalls(), (std::vector<std::string>{"os.system", "builtins.eval"}));
}
