//===- TextTest.cpp - Numbers, tables and messages as people read them ----===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/Text.h"
#include "stas/Support/Terminal.h"

#include <cmath>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

using namespace stas;

TEST(Text, Numbers) {
  EXPECT_EQ(humanBytes(0), "0 B");
  EXPECT_EQ(humanBytes(1023), "1023 B");
  EXPECT_EQ(humanBytes(1536), "1.5 KiB");
  EXPECT_EQ(humanBytes(3ull << 30), "3.0 GiB");
  EXPECT_EQ(humanCount(7), "7");
  EXPECT_EQ(humanCount(1234567), "1,234,567");
  EXPECT_EQ(humanCount(100), "100");
  EXPECT_EQ(fixed(1.005, 1), "1.0");
  EXPECT_EQ(shapeText({4, 64, 384}), "[4, 64, 384]");
  EXPECT_EQ(shapeText({}), "[]");
}

TEST(Text, PrintableIsSafe) {
  EXPECT_EQ(printable("abc"), "abc");
  EXPECT_EQ(printable(std::string_view("a\x1b[31m\0\xff", 7)), "a\\x1b[31m\\x00");
  EXPECT_EQ(printable("abcdef", 3), "abc...");
}

TEST(Text, NearestFindsTypingErrors) {
  std::vector<std::string> known = {"run", "compile", "--labels", "--limit"};
  EXPECT_EQ(nearest("comple", known), "compile");
  EXPECT_EQ(nearest("--lable", known), "--labels");
  EXPECT_EQ(nearest("xylophone", known), "");
  EXPECT_EQ(nearest(std::string(1000, 'r'), known), "");
}

TEST(Text, TableAlignsNumbersToTheRight) {
  Table table({"layer", "rate"});
  table.row({"a", "7.5%"});
  table.row({"block", "12.25%"});
  std::ostringstream out;
  table.print(out, 2);
  EXPECT_EQ(out.str(), "  layer    rate\n"
                       "  a        7.5%\n"
                       "  block  12.25%\n");
}

TEST(Text, TableCountsCodePoints) {
  Table table;
  table.row({"█", "x"});
  table.row({"abc", "y"});
  std::ostringstream out;
  table.print(out);
  EXPECT_EQ(out.str(), "█    x\nabc  y\n");
}

TEST(Text, Bars) {
  EXPECT_EQ(bar(0, 4), "");
  EXPECT_EQ(bar(1, 4), "████");
  EXPECT_EQ(bar(0.5, 3), "█▌");
  EXPECT_EQ(bar(7, 2), "██");
  EXPECT_EQ(bar(std::nan(""), 2), "");
}

TEST(Terminal, SilentWhereThereIsNone) {
  // Under a test runner the error stream is no terminal; a pipe never is.
  int pipes[2];
  ASSERT_EQ(pipe(pipes), 0);
  EXPECT_FALSE(hasColour(pipes[1]));
  close(pipes[0]);
  close(pipes[1]);
  testing::internal::CaptureStderr();
  {
    Progress progress("working", 10);
    progress.update(5);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}
