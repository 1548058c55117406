//===- DumpTest.cpp - stas dump -------------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"

#include <nlohmann/json.hpp>

using namespace stas;
using namespace stas::test;

TEST_F(DriverTest, DumpPrintsThePlan) {
  Outcome outcome = stas("dump toy.stas");
  ASSERT_TRUE(works(outcome));
  for (const char *part : {"toy.stas: ", "sections\n", "weights     1024 ", "input         3x32x32",
                           "halting       lexicographic", "%3.membrane", "zero at start", "f32 [1, 3, 32, 32]",
                           "input\n", "logits\n", "\nplan\n  toy_begin(%6.active) over 3  # begin\n",
                           "  toy_stem(%0.image, %1.stem, weights+0) over 1024  # stem -> "
                           "stem.lif [1, 32, 32, 3]\n",
                           "  for t in 0..4:\n    stop when %6.active is all zero\n    toy_lif(",
                           " over 3072  # block -> block.lif [1, 1536, 2]\n"})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\nin\n" << outcome.out;
}

TEST_F(DriverTest, DumpAsJson) {
  Outcome outcome = stas("dump --json toy.stas");
  ASSERT_TRUE(works(outcome));
  auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["sections"][1]["name"], "object");
  EXPECT_EQ(json["classes"], 10);
  EXPECT_EQ(json["input"]["channels"], 3);
  EXPECT_EQ(json["buffers"][3]["zero_at_start"], true);
  EXPECT_EQ(json["halting_order"], "lexicographic");
  auto body = json["steps"][3]["time_loop"]["body"];
  EXPECT_EQ(body[0]["stop_when_idle"]["buffer"], 6);
  EXPECT_EQ(body[1]["launch"]["kernel"], "toy_lif");
  EXPECT_EQ(body[1]["launch"]["spikes"]["dims"], (std::vector<int>{1, 1536, 2}));
  EXPECT_EQ(json["steps"][1]["launch"]["args"][2]["weights"], 0);
  EXPECT_EQ(json["steps"][1]["launch"]["spikes"]["layout"], "map");
  EXPECT_EQ(json["steps"][2]["launch"]["work"]["layer"], "block.conv");
  EXPECT_EQ(json["steps"][2]["launch"]["work"]["window"]["kernel"], (std::vector<int>{3, 3}));
  EXPECT_EQ(body[1]["launch"]["work"]["kind"], "coincidence");
  EXPECT_EQ(body[1]["launch"]["work"]["inputs"], (std::vector<int>{1, 1, 1}));
  EXPECT_EQ(body[3]["launch"]["work"]["active"], 6);
}

// Without halting nothing is counted by token and block.
TEST_F(DriverTest, DumpWithoutHalting) {
  toy.halts = false;
  toy.build();
  toy.write(folder / "plain.stas");
  Outcome text = stas("dump plain.stas");
  ASSERT_TRUE(works(text));
  EXPECT_NE(text.out.find("halting       none"), std::string::npos) << text.out;
  EXPECT_EQ(text.out.find("tokens"), std::string::npos) << text.out;
  EXPECT_EQ(text.out.find("  blocks "), std::string::npos) << text.out;
  nlohmann::json plain = json("dump plain.stas");
  EXPECT_FALSE(plain.empty());
  EXPECT_FALSE(plain.contains("tokens"));
  EXPECT_FALSE(plain.contains("blocks"));
}

TEST_F(DriverTest, DumpOfNamesThatAreNoText) {
  toy.manifest.set_source("a\xff\x1b[31m.pth");
  toy.write(folder / "odd.stas");
  Outcome text = stas("dump odd.stas");
  ASSERT_TRUE(works(text));
  EXPECT_NE(text.out.find("a\\xff\\x1b[31m.pth"), std::string::npos);
  Outcome json = stas("dump odd.stas --json");
  ASSERT_TRUE(works(json));
  EXPECT_TRUE(nlohmann::json::accept(json.out));
}

TEST_F(DriverTest, DumpWritesASection) {
  ASSERT_TRUE(works(stas("dump toy.stas --section=object -o kernels.so")));
  EXPECT_EQ(readAll(folder / "kernels.so"), toy.object());
}

TEST_F(DriverTest, DumpErrors) {
  EXPECT_TRUE(refuses(stas("dump"), "required artifact (OUT.stas), found none; "
                                    "see stas dump --help"));
  EXPECT_TRUE(refuses(stas("dump none.stas"), "none.stas: cannot open"));
  EXPECT_TRUE(refuses(stas("dump images.npy"), "not a stas artifact"));
  EXPECT_TRUE(refuses(stas("dump toy.stas --section ptx -o x"),
                      "toy.stas: no section 'ptx'; there are: weights, object, "
                      "manifest"));
  EXPECT_TRUE(refuses(stas("dump toy.stas --section object"), "--section: required -o FILE with it"));
  EXPECT_TRUE(refuses(stas("dump toy.stas -o x"), "-o: required --section NAME with it"));
  EXPECT_TRUE(refuses(stas("dump toy.stas --section object -o no/x"), "no/x: cannot write: No such file"));
  EXPECT_TRUE(refuses(stas("dump toy.stas --section object -o /dev/full"), "/dev/full: cannot write: No space left"));
}
