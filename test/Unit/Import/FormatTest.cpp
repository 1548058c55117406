//===- FormatTest.cpp - What a file is, and where its weights are ---------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestFile.h"
#include "ZipWriter.h"

using namespace stas::import;
using namespace stas::test;
using namespace std::string_literals;

namespace {
std::string problemWith(const std::string &bytes, CheckpointOptions options = {}) {
  std::string problems;
  EXPECT_FALSE(readBytes(bytes, problems, options)) << problems;
  return problems;
}
std::string kinds(const std::string &found) {
  return "required a checkpoint (.pth, .pt, .pth.tar, .safetensors), found " + found;
}

/// An archive whose root is what `fill` pushes.
template <typename Fill> std::string archive(Fill fill) {
  PickleWriter writer;
  writer.proto();
  fill(writer);
  return ZipWriter()
      .add("data.pkl", writer.stop().bytes)
      .add("version", "3\n")
      .add("data/0", std::string(16, '\0'))
      .finish();
}
PickleWriter &tensor(PickleWriter &writer) { return writer.tensor("FloatStorage", "0", 4, 0, {4}, {1}); }
/// key: {'w': a tensor}
PickleWriter &state(PickleWriter &writer, const std::string &key) {
  tensor(writer.text(key).emptyDict().mark().text("w")).setItems();
  return writer;
}
} // namespace

TEST(Format, NotACheckpoint) {
  EXPECT_EQ(problemWith(""), kinds("an empty file; give a file written by torch.save or safetensors\n"));
  EXPECT_EQ(problemWith("hello world"),
            kinds("a file that starts with \"hello wo\"; give a file written by torch.save or safetensors\n"));
  EXPECT_EQ(problemWith("\x1f\x8b\x08\x00 more"s), kinds("gzip-compressed data; decompress the file first\n"));
  EXPECT_EQ(problemWith(std::string(257, 'a') + "ustar\0"s + std::string(300, 'b')),
            kinds("a tar archive, as PyTorch wrote before version 0.1.11; load it in PyTorch and save its "
                  "state_dict() again\n"));
  CheckpointOptions ema;
  ema.ema = true;
  EXPECT_EQ(problemWith(bytesOf(uint64_t(2)) + "{}", ema),
            kinds("a safetensors file, which holds one set of weights; leave out --ema\n"));
}

TEST(Format, NoFile) {
  Report report;
  EXPECT_FALSE(readCheckpoint("/nonexistent/model.pth", {}, report));
  EXPECT_EQ(problemsOf(report), kinds("no readable file (No such file or directory); check the path\n"));
  Report folder;
  EXPECT_FALSE(readCheckpoint("/", {}, folder));
  EXPECT_NE(problemsOf(folder), "");
}

TEST(Format, StateDictPlaces) {
  std::string problems;
  for (const char *key : {"state_dict", "model", "model_state_dict", "net", "state_dict_ema", "model_ema"}) {
    auto checkpoint =
        readBytes(archive([&](PickleWriter &w) { state(w.emptyDict().mark(), key).setItems(); }), problems);
    ASSERT_TRUE(checkpoint) << problems;
    EXPECT_EQ(checkpoint->tensors.front().key, "w");
  }
  auto bare = readBytes(
      archive([](PickleWriter &w) { tensor(w.emptyDict().mark().text("w")).text("config").emptyDict().setItems(); }),
      problems);
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->tensors.size(), 1u);
  EXPECT_TRUE(bare->config);
}

TEST(Format, MovingAverage) {
  auto both = [](PickleWriter &w) { state(state(w.emptyDict().mark(), "model_ema"), "state_dict").setItems(); };
  TestFile file(archive(both));
  Report plain, averaged;
  readCheckpoint(file.path, {}, plain);
  EXPECT_EQ(plain.getNotes().front(),
            file.path + ": took the weights from 'state_dict'; --ema takes the moving average in 'model_ema'");
  CheckpointOptions ema;
  ema.ema = true;
  readCheckpoint(file.path, ema, averaged);
  EXPECT_EQ(averaged.getNotes().front(), file.path + ": took the weights from 'model_ema'");
  EXPECT_EQ(problemWith(archive([](PickleWriter &w) { state(w.emptyDict().mark(), "model").setItems(); }), ema),
            "required a state dict (a dict of tensors), found no 'state_dict_ema' or 'model_ema' in it; leave out "
            "--ema\n");
}

TEST(Format, NoStateDict) {
  const std::string required = "required a state dict (a dict of tensors), found ";
  EXPECT_EQ(problemWith(archive([](PickleWriter &w) { w.integer(3); })),
            required + "the integer 3; save model.state_dict() with torch.save\n");
  EXPECT_EQ(problemWith(archive([](PickleWriter &w) { w.global("model", "Spikformer").emptyTuple().reduce(); })),
            required + "a call of model.Spikformer; save model.state_dict(), not the model itself: stas runs no code "
                       "from a checkpoint\n");
  EXPECT_EQ(problemWith(archive([](PickleWriter &w) {
              w.emptyDict().mark().text("model").global("model", "Spikformer").emptyTuple().reduce().setItems();
            })),
            required + "a call of model.Spikformer in 'model'; save model.state_dict(), not the model itself: stas "
                       "runs no code from a checkpoint\n");
  EXPECT_EQ(problemWith(archive([](PickleWriter &w) {
              w.emptyDict().mark();
              for (int i = 0; i < 9; ++i)
                w.text("k" + std::to_string(i)).integer(i);
              w.setItems();
            })),
            required + "a dict with the keys [k0, k1, k2, k3, k4, k5, k6, k7, ...]; save the weights under "
                       "'state_dict'\n");
}

TEST(Format, Prefixes) {
  std::string problems;
  auto checkpoint = readBytes(archive([](PickleWriter &w) {
                                w.emptyDict().mark();
                                tensor(w.text("module._orig_mod.w"));
                                tensor(w.text("w")).setItems();
                              }),
                              problems);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->tensors.front().key, "w");
  EXPECT_EQ(problems, "layer w: required one tensor, found two that differ only in a wrapper's prefix; remove one of "
                      "them\n");
}

TEST(Format, ConfigAndArgs) {
  std::string problems;
  auto read = [&](auto fill) {
    return readBytes(archive([&](PickleWriter &w) {
                       state(w.emptyDict().mark(), "model");
                       fill(w);
                       w.setItems();
                     }),
                     problems);
  };
  auto withConfig =
      read([](PickleWriter &w) { w.text("config").emptyDict().mark().text("heads").integer(4).setItems(); });
  EXPECT_EQ(withConfig->config->getInteger("heads"), 4);
  auto asText = read([](PickleWriter &w) { w.text("config").text("{\"heads\": 8}"); });
  EXPECT_EQ(asText->config->getInteger("heads"), 8);
  EXPECT_FALSE(read([](PickleWriter &w) { w.text("config").none(); })->config);

  // Both ways of pickling a Namespace; a value that is no plain one is left out.
  for (bool old : {false, true}) {
    auto checkpoint = read([&](PickleWriter &w) {
      w.text("args");
      if (old)
        w.global("copy_reg", "_reconstructor")
            .mark()
            .global("argparse", "Namespace")
            .global("__builtin__", "object")
            .none()
            .tuple()
            .reduce();
      else
        w.global("argparse", "Namespace").emptyTuple().raw("\x81");
      w.emptyDict().mark().text("time_step").integer(6).text("fn").global("m", "f").setItems().raw("b");
    });
    EXPECT_EQ(checkpoint->args.getInteger("time_step"), 6);
    EXPECT_EQ(checkpoint->args.size(), 1u);
  }
}

TEST(Format, ConfigThatIsNone) {
  auto problem = [](auto fill) {
    std::string problems;
    readBytes(archive([&](PickleWriter &w) {
                state(w.emptyDict().mark(), "model").text("config");
                fill(w);
                w.setItems();
              }),
              problems);
    return problems;
  };
  const char *action = "; store plain values, or give --ignore-checkpoint-config\n";
  EXPECT_EQ(problem([](PickleWriter &w) { w.text("heads"); }).substr(0, 66),
            "key config: required a dict, or a JSON object as text, found [1:1,");
  EXPECT_EQ(problem([](PickleWriter &w) { w.integer(3); }),
            "key config: required a dict of numbers, strings, lists and dicts, found the integer 3"s + action);
  EXPECT_EQ(problem([](PickleWriter &w) {
              w.emptyDict().mark().text("heads").global("numpy", "int64").emptyTuple().reduce().setItems();
            }),
            "key config: required a dict of numbers, strings, lists and dicts, found a call of numpy.int64 under "
            "'heads'"s +
                action);
}

TEST(Format, OrderedDictOfPython2) {
  // collections.OrderedDict([['w', tensor]])
  std::string problems;
  auto checkpoint = readBytes(archive([](PickleWriter &w) {
                                w.global("collections", "OrderedDict").emptyList().emptyList().mark();
                                tensor(w.text("w")).raw("e").raw("a").raw("\x85").reduce();
                              }),
                              problems);
  ASSERT_TRUE(checkpoint) << problems;
  EXPECT_EQ(checkpoint->tensors.front().key, "w");
}

TEST(Format, RepeatedKeyKeepsItsLastValue) {
  std::string problems;
  auto checkpoint = readBytes(archive([](PickleWriter &w) {
                                w.emptyDict().mark().text("w").integer(1);
                                tensor(w.text("w")).setItems();
                              }),
                              problems);
  ASSERT_TRUE(checkpoint) << problems;
  ASSERT_EQ(checkpoint->tensors.size(), 1u);
  EXPECT_EQ(checkpoint->tensors.front().unusable, "");
}
