//===- WeightReaderTest.cpp - Values behind #stas.weight ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "stas/Target/WeightReader.h"
#include "dialects/STAS/STASDialect.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

using namespace stas;
using llvm::ArrayRef;

namespace {

class WeightReaderTest : public testing::Test {
protected:
  void SetUp() override {
    context.loadDialect<STASDialect>();
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("stas-weights", folder));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  /// Writes `values` as NAME of the test's folder.
  template <typename T> void write(llvm::StringRef name, const std::vector<T> &values) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, name);
    std::error_code error;
    llvm::raw_fd_ostream file(path, error);
    ASSERT_FALSE(error);
    file.write(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T));
  }

  WeightAttr weight(llvm::StringRef file, int64_t offset, ArrayRef<int64_t> shape, mlir::Type element,
                    ArrayRef<int64_t> strides = {}) {
    return WeightAttr::get(&context, "w", file, offset, strides, mlir::RankedTensorType::get(shape, element));
  }
  mlir::Type f32() { return mlir::Float32Type::get(&context); }
  mlir::Type f64() { return mlir::Float64Type::get(&context); }

  /// The text of the error that `result` holds.
  template <typename T> std::string errorOf(llvm::Expected<T> result) {
    return result ? "no error" : llvm::toString(result.takeError());
  }

  mlir::MLIRContext context;
  llvm::SmallString<128> folder;
};

TEST_F(WeightReaderTest, ReadsUnalignedValuesAndStrides) {
  std::vector<char> bytes(2 + 4 * sizeof(float));
  float values[] = {1, 2, 3, 4};
  std::memcpy(bytes.data() + 2, values, sizeof(values));
  write<char>("a.bin", bytes);
  WeightReader reader(folder);
  auto read = reader.read(weight("a.bin", 2, {2, 2}, f32(), {1, 2}));
  ASSERT_TRUE(bool(read));
  EXPECT_EQ(*read, (std::vector<float>{1, 3, 2, 4}));
  // A stride of 0 repeats, a scalar is one element, an empty tensor none.
  EXPECT_EQ(llvm::cantFail(reader.read(weight("a.bin", 2, {2, 2}, f32(), {0, 1}))), (std::vector<float>{1, 2, 1, 2}));
  EXPECT_EQ(llvm::cantFail(reader.read(weight("a.bin", 6, {}, f32()))), std::vector<float>{2});
  EXPECT_TRUE(llvm::cantFail(reader.read(weight("a.bin", 18, {0, 3}, f32()))).empty());
}

TEST_F(WeightReaderTest, KeepsDoublesWhole) {
  write<double>("a.bin", {1.0 / 3, 1e300});
  WeightReader reader(folder);
  EXPECT_EQ(llvm::cantFail(reader.readDoubles(weight("a.bin", 0, {2}, f64()))), (std::vector<double>{1.0 / 3, 1e300}));
  EXPECT_EQ(llvm::cantFail(reader.read(weight("a.bin", 0, {1}, f64()))), std::vector<float>{1.0f / 3});
}

TEST_F(WeightReaderTest, ReportsWhatIsMissing) {
  write<float>("a.bin", {1, 2});
  WeightReader reader(folder);
  EXPECT_EQ(
      errorOf(reader.read(weight("a.bin", 4, {2}, f32()))),
      "a.bin: 'w': required 12 bytes, found 8; the file is not the one that was imported, or it is truncated: import "
      "the model again");
  EXPECT_NE(errorOf(reader.read(weight("a.bin", 9, {0}, f32()))).find("required 9 bytes, found 8"), std::string::npos);
  EXPECT_NE(errorOf(reader.read(weight("b.bin", 0, {2}, f32()))).find("b.bin: 'w': required the checkpoint's file"),
            std::string::npos);
  EXPECT_NE(errorOf(reader.read(weight(".", 0, {2}, f32())))
                .find("required a regular file that holds 'w', found something else"),
            std::string::npos);
}

// A checkpoint that was replaced by another of the same length has the right shapes and the wrong weights.
TEST_F(WeightReaderTest, NoticesAFileThatHasChanged) {
  write<float>("a.bin", {1, 2});
  write<float>("b.bin", {3, 4});
  auto model = [&](llvm::StringRef contents) {
    return ModelAttr::get(&context, "stas", "a.bin", 1, {Real(0)}, {Real(1)}, ModelAttr::digestOf(contents));
  };
  float values[] = {1, 2};
  llvm::StringRef bytes(reinterpret_cast<const char *>(values), sizeof(values));
  WeightReader same(folder, model(bytes)), other(folder, model("other"));
  EXPECT_EQ(llvm::cantFail(same.read(weight("a.bin", 0, {2}, f32()))), (std::vector<float>{1, 2}));
  std::string error = errorOf(other.read(weight("a.bin", 0, {2}, f32())));
  EXPECT_EQ(error.rfind("a.bin: 'w': required the checkpoint that was imported (digest ", 0), 0u) << error;
  EXPECT_NE(error.find("found a file that has changed since (digest " + ModelAttr::digestOf(bytes) +
                       "): import the model again"),
            std::string::npos)
      << error;
  // The digest is that of the checkpoint alone.
  EXPECT_EQ(llvm::cantFail(other.read(weight("b.bin", 0, {2}, f32()))), (std::vector<float>{3, 4}));
}

TEST_F(WeightReaderTest, RefusesToRepeatWithoutBound) {
  write<float>("a.bin", {1, 2});
  WeightReader reader(folder);
  EXPECT_NE(errorOf(reader.read(weight("a.bin", 0, {int64_t(1) << 40}, f32(), {0}))).find("more than 2^63"),
            std::string::npos);
  EXPECT_NE(errorOf(reader.read(weight("a.bin", INT64_MAX, {2}, f32()))).find("found 8"), std::string::npos);
}

} // namespace
