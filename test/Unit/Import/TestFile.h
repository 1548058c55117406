//===- TestFile.h - A checkpoint file that lives as long as its test ------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_TEST_UNIT_IMPORT_TESTFILE_H
#define STAS_TEST_UNIT_IMPORT_TESTFILE_H

#include "stas/Import/Checkpoint.h"

#include "llvm/Support/FileSystem.h"
#include "gtest/gtest.h"

namespace stas::test {

class TestFile {
public:
  explicit TestFile(llvm::StringRef bytes, llvm::StringRef suffix = "pth") {
    llvm::SmallString<64> name;
    int fd;
    EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("stas-import-test", suffix, fd, name));
    llvm::raw_fd_ostream os(fd, /*shouldClose=*/true);
    os << bytes;
    path = name.str().str();
  }
  ~TestFile() { llvm::sys::fs::remove(path); }
  TestFile(const TestFile &) = delete;
  TestFile &operator=(const TestFile &) = delete;

  std::string path;
};

/// The problems of a report, without the file names, one a line.
inline std::string problemsOf(const import::Report &report) {
  std::string text;
  for (import::Problem problem : report.getProblems()) {
    problem.file.clear();
    text += llvm::StringRef(problem.str()).ltrim(": ").str() + "\n";
  }
  return text;
}

/// Reads `bytes` as a checkpoint file. The problems go to `problems`.
inline std::optional<import::Checkpoint> readBytes(llvm::StringRef bytes, std::string &problems,
                                                   import::CheckpointOptions options = {}) {
  TestFile file(bytes);
  import::Report report;
  auto checkpoint = import::readCheckpoint(file.path, options, report);
  problems = problemsOf(report);
  return checkpoint;
}

} // namespace stas::test

#endif // STAS_TEST_UNIT_IMPORT_TESTFILE_H
