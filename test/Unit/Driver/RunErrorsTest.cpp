//===- RunErrorsTest.cpp - What stas run refuses --------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "stas/Data/Npy.h"

using namespace stas;
using namespace stas::test;

namespace {

class RunErrors : public DriverTest {
protected:
  /// The files that are there before any run.
  void SetUp() override {
    DriverTest::SetUp();
    before = folder.names();
  }
  void array(const std::string &name, NpyType type, const std::vector<int64_t> &shape) {
    std::vector<int64_t> zeros(30000, 0);
    ASSERT_TRUE(succeeds(writeNpy(folder / name, type, shape, zeros.data())));
    before = folder.names();
  }
  void text(const std::string &name, const std::string &contents) {
    writeAll(folder / name, contents);
    before = folder.names();
  }
  void refused(const std::string &arguments, const std::string &message) {
    Outcome outcome = stas("run " + arguments);
    EXPECT_TRUE(refuses(outcome, message)) << arguments;
    EXPECT_EQ(outcome.err.rfind("stas run: error: ", 0), 0u) << outcome.err;
    EXPECT_EQ(folder.names(), before) << arguments;
  }
  const std::string run = "toy.stas --input images.npy ";
  std::vector<std::string> before;
};

} // namespace

TEST_F(RunErrors, Options) {
  refused("", "required artifact (OUT.stas), found none; see stas run --help");
  refused("toy.stas", "--input: required images to run, found none");
  refused("toy.stas other.stas", "other.stas: required one artifact "
                                 "(OUT.stas), found a second");
  refused("toy.stas --inptu x", "--inptu: unknown option; did you mean --input?");
  refused("toy.stas --xyzzy", "--xyzzy: unknown option; see stas run --help");
  refused("toy.stas --input", "--input: required a value (FILE), found none");
  refused("toy.stas --input=", "--input: required a value (FILE), found an "
                               "empty one");
  refused("toy.stas --json=yes", "--json: takes no value, found 'yes'");
  refused("toy.stas --input a --input b", "--input: given twice");
  refused(run + "--threads 0", "--threads: required a whole number from 1 to "
                               "1024, found '0'");
  refused(run + "--threads many", "found 'many'");
  refused(run + "--batch -3", "--batch: required a whole number from 1 to");
  refused(run + "--limit 1.5", "--limit: required a whole number from 1 to");
  refused("-- --odd-name.stas", "--odd-name.stas: cannot open");
}

TEST_F(RunErrors, Artifacts) {
  refused("none.stas --input images.npy", "none.stas: cannot open: No such");
  text("text.stas", "hello");
  refused("text.stas --input images.npy", "text.stas: not a stas artifact");
  std::string bytes = readAll(folder / "toy.stas");
  bytes[bytes.size() / 2] ^= 1;
  text("flipped.stas", bytes);
  refused("flipped.stas --input images.npy", "flipped.stas: damaged artifact: section '");
}

TEST_F(RunErrors, Inputs) {
  refused("toy.stas --input none.npy", "none.npy: cannot open: No such file");
  array("wrong.npy", NpyType::F32, {1, 3, 28, 28});
  refused("toy.stas --input wrong.npy", "wrong.npy: images: required float32 [B, 3, 32, 32], found float32 "
                                        "[1, 3, 28, 28]");
  array("empty.npy", NpyType::F32, {0, 3, 32, 32});
  refused("toy.stas --input empty.npy", "empty.npy: required at least one image, found none");
  text("cat.png", "not an image\n");
  refused("toy.stas --input cat.png", "cat.png: required an .npy array, a PNG "
                                      "or JPEG image");
}

TEST_F(RunErrors, AnImageInTheMiddle) {
  // Found while running: what was written so far must go.
  std::filesystem::create_directory(folder / "set");
  writeAll(folder / "set/a.png", "text");
  before = folder.names();
  refused("toy.stas --input set --output l.npy --dump-spikes s --rates r.json",
          "set/a.png: required a PNG or JPEG image, found text");
}

TEST_F(RunErrors, Labels) {
  text("few.txt", "1\n2\n");
  refused(run + "--labels few.txt", "few.txt: labels: required one for each of "
                                    "7 images, found 2");
  text("bad.txt", "1\n2\n3\n4\n5\n6\nseven\n");
  refused(run + "--labels bad.txt", "bad.txt: labels: line 7: required an "
                                    "integer, found 'seven'");
  text("big.txt", "1\n2\n3\n4\n5\n6\n10\n");
  refused(run + "--labels big.txt", "image 6: required a class from 0 to 9");
  toy.classes = 5;
  toy.build();
  toy.write(folder / "five.stas");
  text("one.bin", std::string(1, '\7') + std::string(3072, 'x'));
  refused("five.stas --input one.bin", "one.bin: label 7 in the file, but the model has only 5 classes; "
                                       "give the right ones with --labels");
}

TEST_F(RunErrors, References) {
  array("r.npy", NpyType::F32, {7, 9});
  refused(run + "--reference r.npy", "r.npy: logits: required float32 [7, 10], "
                                     "found float32 [7, 9]");
  array("h.npy", NpyType::I32, {7, 4});
  refused(run + "--reference-halting h.npy", "h.npy: halting steps: required integers [7, 3], found int32 [7, 4]");
  refused(run + "--reference none.npy", "none.npy: cannot open");
  refused(run + "--reference-halting none.npy", "none.npy: cannot open");
  refused(run + "--teacher none", "none/stem.lif.npy: cannot open");
  toy.halts = false;
  toy.build();
  toy.write(folder / "plain.stas");
  before = folder.names();
  for (const char *option : {"--halting", "--reference-halting"})
    refused(std::string("plain.stas --input images.npy ") + option + " h.npy",
            std::string(option) + ": this model has no halting steps");
}

TEST_F(RunErrors, OutputsThatCannotBeWritten) {
  for (const char *option : {"--output", "--halting", "--rates"}) {
    refused(run + option + " no/out", "no/out: cannot write: No such file");
    refused(run + option + " /dev/full", "/dev/full: cannot write: No space");
  }
  refused(run + "--dump-spikes no/s", "no/s: cannot make the folder: No such");
  // One bad output among good ones.
  refused(run + "--output l.npy --halting h.npy --rates no/r.json", "no/r.json: cannot write");
  refused(run + "--output l.npy --dump-spikes s --rates /dev/full", "/dev/full: cannot write: No space");
}

TEST_F(RunErrors, AFullDiskLeavesOldOutputs) {
  text("l.npy", "old");
  // 8 or 16 KiB, as the shell counts: room for the logits, not for the spikes.
  Outcome outcome =
      stasIn(folder, "run " + run + "--output l.npy --dump-spikes s",
             "/bin/sh' -c 'trap \"\" XFSZ; ulimit -f 16; exec \"$0\" \"$@\"' '" + std::string(STAS_PROGRAM));
  EXPECT_TRUE(refuses(outcome, ".npy: cannot write: File too large"));
  EXPECT_EQ(readAll(folder / "l.npy"), "old");
  EXPECT_EQ(folder.names(), before);
}

TEST_F(RunErrors, CodeThatIsWrong) {
  toy.manifest.set_kernels(5, "toy_bad_halt");
  toy.manifest.mutable_steps(ToyModel::LoopStep)->mutable_time_loop()->mutable_body()->DeleteSubrange(0, 1);
  toy.write(folder / "toy.stas");
  refused(run + "--output l.npy", "toy.stas: image 0, token 0: required a halting step from 1 to 5, "
                                  "found -7; the code in the artifact is wrong");
}

TEST_F(RunErrors, CpuFeatures) {
  toy.manifest.add_cpu_features("warp9");
  toy.write(folder / "toy.stas");
  refused(run, "toy.stas: the code was compiled for --cpu=x86-64 and needs CPU "
               "features that this machine lacks: warp9");
}
