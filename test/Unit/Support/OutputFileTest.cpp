//===- OutputFileTest.cpp - Files that appear whole or not at all ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/OutputFile.h"
#include "../TestUtils.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace stas;
using namespace stas::test;

TEST(OutputFile, AppearsAtCommit) {
  TempFolder folder;
  auto file = OutputFile::create(folder / "out");
  ASSERT_TRUE(succeeds(file));
  ASSERT_TRUE(succeeds(file->write("hello ")));
  ASSERT_TRUE(succeeds(file->write("world")));
  ASSERT_TRUE(succeeds(file->writeAt(0, "J", 1)));
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
  ASSERT_TRUE(succeeds(file->commit()));
  EXPECT_EQ(readAll(folder / "out"), "Jello world");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"out"});
}

// Whoever kills the program leaves nothing behind.
TEST(OutputFile, HasNoNameBeforeCommit) {
  TempFolder folder;
  int descriptor = open(folder.path().c_str(), O_TMPFILE | O_RDWR, 0666);
  if (descriptor < 0)
    GTEST_SKIP() << "the file system of " << folder.path() << " has no files without a name";
  close(descriptor);
  auto file = OutputFile::create(folder / "out");
  ASSERT_TRUE(succeeds(file));
  ASSERT_TRUE(succeeds(file->write("hello")));
  ASSERT_TRUE(succeeds(file->flush()));
  EXPECT_EQ(folder.names(), std::vector<std::string>{});
  ASSERT_TRUE(succeeds(file->commit()));
  EXPECT_EQ(folder.names(), std::vector<std::string>{"out"});
}

TEST(OutputFile, LeavesNothingWithoutCommit) {
  TempFolder folder;
  writeAll(folder / "out", "old");
  {
    auto file = OutputFile::create(folder / "out");
    ASSERT_TRUE(succeeds(file));
    ASSERT_TRUE(succeeds(file->write("new")));
  }
  EXPECT_EQ(readAll(folder / "out"), "old");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"out"});
}

TEST(OutputFile, BytesNeverWrittenAreZero) {
  TempFolder folder;
  auto file = OutputFile::create(folder / "out");
  ASSERT_TRUE(succeeds(file));
  ASSERT_TRUE(succeeds(file->resize(4)));
  ASSERT_TRUE(succeeds(file->writeAt(2, "x", 1)));
  ASSERT_TRUE(succeeds(file->commit()));
  EXPECT_EQ(readAll(folder / "out"), std::string("\0\0x\0", 4));
}

TEST(OutputFile, HasTheModeOfAnyNewFile) {
  TempFolder folder;
  mode_t mask = umask(027);
  EXPECT_TRUE(succeeds(writeFile(folder / "out", "x")));
  umask(mask);
  struct stat info;
  ASSERT_EQ(stat((folder / "out").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
}

TEST(OutputFile, ReplacesTheFileBehindALink) {
  TempFolder folder;
  writeAll(folder / "real", "old");
  ASSERT_EQ(symlink("real", (folder / "link").c_str()), 0);
  ASSERT_TRUE(succeeds(writeFile(folder / "link", "new")));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(readAll(folder / "real"), "new");
}

TEST(OutputFile, FailsBeforeTheWorkWhereItCannotWrite) {
  TempFolder folder;
  EXPECT_TRUE(failsWith(OutputFile::create(folder / "no/out"), "no/out: cannot write: No such file"));
  EXPECT_TRUE(failsWith(OutputFile::create(folder.path()), "this is a folder; give the name of a file"));
  EXPECT_TRUE(failsWith(OutputFile::create("/proc/stas"), "/proc/stas: cannot write: "));
  writeAll(folder / "file", "");
  EXPECT_TRUE(failsWith(OutputFile::create(folder / "file/out"), "cannot write: Not a directory"));
}

TEST(OutputFile, WritesToDevicesDirectly) {
  EXPECT_TRUE(succeeds(writeFile("/dev/null", "x")));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  EXPECT_TRUE(failsWith(writeFile("/dev/full", "x"), "/dev/full: cannot write: No space left on device"));
}

TEST(OutputFile, AFullDiskLeavesTheOldFile) {
  TempFolder folder;
  writeAll(folder / "out", "old");
  {
    WithLimit disk(RLIMIT_FSIZE, 4096);
    auto file = OutputFile::create(folder / "out");
    ASSERT_TRUE(succeeds(file));
    EXPECT_TRUE(failsWith(file->write(std::string(10000, 'x')), "out: cannot write: File too large"));
    EXPECT_TRUE(failsWith(file->resize(10000), "cannot write: File too large"));
  }
  EXPECT_EQ(readAll(folder / "out"), "old");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"out"});
}

TEST(OutputFile, AFolderThatGoesAwayIsAnError) {
  TempFolder folder;
  std::filesystem::create_directory(folder / "sub");
  auto file = OutputFile::create(folder / "sub/out");
  ASSERT_TRUE(succeeds(file));
  std::filesystem::remove_all(folder / "sub");
  EXPECT_TRUE(failsWith(file->commit(), "sub/out: cannot replace: No such"));
}

TEST(OutputFile, MovesKeepOneOwner) {
  TempFolder folder;
  auto first = OutputFile::create(folder / "a");
  auto second = OutputFile::create(folder / "b");
  ASSERT_TRUE(succeeds(first));
  ASSERT_TRUE(succeeds(second));
  *second = std::move(*first); // Drops b.
  ASSERT_TRUE(succeeds(second->write("x")));
  ASSERT_TRUE(succeeds(second->commit()));
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a"});
}

TEST(OutputFile, PassesOverTheTemporaryFilesOfOthers) {
  TempFolder folder;
  std::string other = (folder / ".out.") + std::to_string(getpid()) + ".0";
  writeAll(other, "theirs");
  ASSERT_TRUE(succeeds(writeFile(folder / "out", "mine")));
  EXPECT_EQ(readAll(other), "theirs");
  EXPECT_EQ(readAll(folder / "out"), "mine");
}
