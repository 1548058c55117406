//===- DelegateTest.cpp - The driver itself, and what it hands on ---------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"

#include <chrono>

using namespace stas;
using namespace stas::test;

namespace {

/// A copy of the driver with stand-ins beside it that print what they are
/// given.
class DelegateTest : public testing::Test {
protected:
  void SetUp() override { std::filesystem::copy_file(STAS_PROGRAM, folder / "stas"); }
  void addProgram(const std::string &name) {
    writeAll(folder / name, "#!/bin/sh\nprintf '[%s]' \"" + name + "\" \"$@\"\nexit 3\n");
    std::filesystem::permissions(folder / name, std::filesystem::perms::owner_all);
  }
  Outcome stas(const std::string &arguments) { return stasIn(folder, arguments, folder / "stas"); }
  TempFolder folder;
};

} // namespace

TEST_F(DelegateTest, CommandsGoToTheProgramsBeside) {
  addProgram("stas-compile");
  addProgram("stas-import");
  Outcome compile = stas("compile 'my model.pth' -o out.stas --help");
  EXPECT_EQ(compile.out, "[stas-compile][compile][my model.pth][-o][out.stas][--help]");
  EXPECT_EQ(compile.status, 3); // Theirs.
  EXPECT_EQ(stas("check model.pth").out, "[stas-compile][check][model.pth]");
  EXPECT_EQ(stas("import model.pth").out, "[stas-import][model.pth]");
}

TEST_F(DelegateTest, AMissingProgram) {
  Outcome outcome = stas("import model.pth");
  EXPECT_TRUE(refuses(outcome, "stas-import: cannot start: No such file or "
                               "directory; it belongs beside stas: build or "
                               "install the whole project"));
  EXPECT_EQ(outcome.err.rfind("stas import: error: ", 0), 0u);
}

TEST_F(DelegateTest, UnknownCommands) {
  EXPECT_TRUE(refuses(stas("complie"), "complie: unknown command; did you mean "
                                       "'stas compile'?"));
  EXPECT_TRUE(refuses(stas("xyzzy"), "xyzzy: unknown command; see stas --help"));
  EXPECT_TRUE(refuses(stas("$(printf '\\033[31m')"), "\\x1b[31m: unknown"));
}

TEST_F(DelegateTest, HelpAndVersion) {
  Outcome help = stas("--help");
  EXPECT_TRUE(works(help));
  for (const char *command : {"compile", "check", "import", "run", "dump"})
    EXPECT_NE(help.out.find(std::string("\n  ") + command), std::string::npos);
  EXPECT_EQ(stas("help").out, help.out);
  EXPECT_EQ(stas("--version").out, "stas " STAS_VERSION "\n");
  Outcome nothing = stas("");
  EXPECT_EQ(nothing.status, 1);
  EXPECT_EQ(nothing.err, help.out);
  for (const char *command : {"run", "dump"}) {
    Outcome own = stas(std::string(command) + " --help");
    EXPECT_TRUE(works(own));
    EXPECT_EQ(own.out.rfind(std::string("stas ") + command + ": ", 0), 0u);
    EXPECT_NE(own.out.find("usage: stas "), std::string::npos);
  }
}

TEST_F(DelegateTest, AFullOutputIsAnError) {
  Outcome outcome = stasIn(folder, "--version", "/bin/sh' -c 'exec \"$0\" \"$@\" >/dev/full' '" + (folder / "stas"));
  EXPECT_TRUE(refuses(outcome, "standard output: cannot write: No space left"));
}

TEST_F(DelegateTest, StartsAtOnce) {
  // The best of several, since others may be using the machine.
  double best = 1e9;
  for (int i = 0; i < 20; ++i) {
    auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(works(stas("--version")));
    std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    best = std::min(best, time.count());
  }
  // With the time of the shell around it.
  if (kLimitsAddressSpace) { // Else AddressSanitizer starts too, and takes its time.
    EXPECT_LT(best, 0.05);
  }
}
