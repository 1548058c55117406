//===- KernelsTest.cpp - Every kernel family against the interpreter ------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One model holds every kernel family; its shapes vary so that whole vectors,
// rests, windows beyond the border and heads narrower or wider than a vector
// all occur. Sums are exact, so that every spike must agree.
//
//===----------------------------------------------------------------------===//
#include "TestModel.h"
#include "stas/Runtime/CpuFeatures.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <gtest/gtest.h>

using llvm::formatv;

namespace {

struct Shapes {
  const char *name;
  int64_t channels, height, width; // of the image
  int64_t kernel, stride, padding; // of the first convolution
  int64_t inner;                   // kernel of the others, odd
  int64_t depth, heads, hidden;    // channels of maps and tokens, of the hidden layer
  int64_t timesteps, classes;
  const char *neuron = "";  // of the layers that vary it
  const char *halting = ""; // of stas.act; none: no halting
};

void PrintTo(const Shapes &shapes, std::ostream *stream) { *stream << shapes.name; }

/// Writes the ops, each under a fresh number.
class Writer {
public:
  Writer(const Shapes &s, unsigned seed) : s(s), model(seed) {}
  TestModel write();

private:
  using Text = std::string;
  /// An op's result, of the type given last.
  Text op(const Text &body, const Text &layer = "") {
    body_ += formatv("  %{0} = {1}{2}\n", ++count, body, layer.empty() ? "" : " loc(\"" + layer + "\")").str();
    return "%" + std::to_string(count);
  }
  Text map(int64_t height, int64_t width, bool timed, const Text &element) {
    return formatv("tensor<{0}?x{1}x{2}x{3}x{4}>", timed ? time() : "", height, width, s.depth, element).str();
  }
  Text tokens(int64_t width, const Text &element) {
    return formatv("tensor<{0}?x{1}x{2}x{3}>", inAct ? "" : time(), count_, width, element).str();
  }
  Text time() { return std::to_string(s.timesteps) + "x"; }
  Text lif() { return Text("neuron(#stas.lif<") + s.neuron + ">)"; }

  Text conv(const Text &in, const Text &inType, bool timed, bool exact, const Text &layer);
  Text linear(const Text &in, const Text &element, int64_t from, int64_t to, const Text &layer);
  Text attention(const Text &in, const Text &element, const Text &prefix);
  Text staircase(const Text &sum, const Text &kind, bool pooled, const Text &layer);
  Text block(const Text &in, const Text &element, const Text &prefix);
  Text mask() { return inAct ? formatv("active(%active : tensor<?x{0}xi1>) ", count_).str() : ""; }

  const Shapes &s;
  ModelWriter model;
  Text body_;
  int count = 0;
  int64_t height = 0, width = 0, count_ = 0; // of the maps; tokens
  bool inAct = false;
};

std::string Writer::conv(const Text &in, const Text &inType, bool timed, bool exact, const Text &layer) {
  double scale = exact ? 0.5 : 0.3;
  Text weight = model.weight({s.depth, s.depth, s.inner, s.inner}, -scale, scale, exact);
  Text sums = map(height, width, timed, "f32");
  Text sum = op(formatv("spike.accumulate {0} weight({1}) window(#spike.window<kernel = [{2}, {2}], strides = [1, 1], "
                        "padding = [{3}, {3}]>) : {4} -> {5}",
                        in, weight, s.inner, s.inner / 2, inType, sums));
  return op(formatv("spike.fire {0} norm({1}) {2} : {3} -> {4}", sum, model.norm(s.depth), lif(), sums,
                    map(height, width, true, "i1")),
            layer);
}

std::string Writer::linear(const Text &in, const Text &element, int64_t from, int64_t to, const Text &layer) {
  Text weight = model.weight({to, from}, -0.5, 0.5);
  Text sum = op(
      formatv("spike.accumulate {0} weight({1}) : {2} -> {3}", in, weight, tokens(from, element), tokens(to, "f32")));
  return op(formatv("spike.fire {0} {1}norm({2}) {3} : {4} -> {5}", sum, mask(), model.norm(to), lif(),
                    tokens(to, "f32"), tokens(to, "i1")),
            layer);
}

std::string Writer::attention(const Text &in, const Text &element, const Text &prefix) {
  Text q = linear(in, element, s.depth, s.depth, prefix + "q"), k = linear(in, element, s.depth, s.depth, prefix + "k");
  Text v = linear(in, element, s.depth, s.depth, prefix + "v");
  Text counts = op(formatv("spike.coincide {0}, {1}, {2} heads {3} : {4} -> {5}", q, k, v, s.heads,
                           tokens(s.depth, "i1"), tokens(s.depth, "i32")));
  return op(formatv("spike.fire {0} {1}norm(#spike.norm<unit = 0.125>) neuron(#stas.lif<v_threshold = 0.5>) : {2} -> "
                    "{3}",
                    counts, mask(), tokens(s.depth, "i32"), tokens(s.depth, "i1")),
            prefix + "attn");
}

/// Attention and a hidden layer, with residual sums; counts.
std::string Writer::block(const Text &in, const Text &element, const Text &prefix) {
  Text attended = attention(in, element, prefix);
  Text sum = op(formatv("spike.add {0}, {1} : {2}, {3} -> {4}", in, attended, tokens(s.depth, element),
                        tokens(s.depth, "i1"), tokens(s.depth, "i8")));
  Text hidden = linear(sum, "i8", s.depth, s.hidden, prefix + "fc1");
  Text out = linear(hidden, "i1", s.hidden, s.depth, prefix + "fc2");
  return op(formatv("spike.add {0}, {1} : {2}, {3} -> {2}", sum, out, tokens(s.depth, "i8"), tokens(s.depth, "i1")));
}

/// A staircase over the image's sums.
std::string Writer::staircase(const Text &sum, const Text &kind, bool pooled, const Text &layer) {
  Text pool = pooled ? "pool(#spike.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1]>) " : "";
  return op(formatv("spike.staircase {0} {1} norm({2}) {3} timesteps {4} {5}: {6} -> {7}", kind, sum,
                    model.norm(s.depth), lif(), s.timesteps, pool, map(height, width, false, "f32"),
                    map(height, width, false, kind == "mean" ? "f32" : "i8")),
            layer);
}

TestModel Writer::write() {
  height = (s.height + 2 * s.padding - s.kernel) / s.stride + 1;
  width = (s.width + 2 * s.padding - s.kernel) / s.stride + 1;
  Text image = formatv("tensor<?x{0}x{1}x{2}xf32>", s.channels, s.height, s.width);
  // The image's convolution: one sum for all timesteps, its neurons over T.
  Text filter = model.weight({s.depth, s.channels, s.kernel, s.kernel}, -1.0, 1.0);
  Text sum = op(formatv("spike.accumulate %image weight({0}) window(#spike.window<kernel = [{1}, {1}], strides = [{2}, "
                        "{2}], padding = [{3}, {3}], channels_first = true>) : {4} -> {5}",
                        filter, s.kernel, s.stride, s.padding, image, map(height, width, false, "f32")));
  Text spikes = op(formatv("spike.fire {0} norm({1}) {2} : {3} -> {4}", sum, model.norm(s.depth), lif(),
                           map(height, width, false, "f32"), map(height, width, true, "i1")),
                   "stem");
  // Convolutions of spikes, of counts and of real values.
  Text timed = map(height, width, true, "i1"), counts = map(height, width, true, "i8");
  Text fromSpikes = conv(spikes, timed, true, true, "conv");
  Text sum1 = op(formatv("spike.add {0}, {1} : {2}, {2} -> {3}", spikes, fromSpikes, timed, counts));
  Text fromCounts = conv(sum1, counts, true, true, "rpe");
  Text mean = op(formatv("spike.integrate mean {0} : {1} -> {2}", sum1, counts, map(height, width, false, "f32")));
  Text real = map(height, width, false, "f32"), plain = map(height, width, false, "i8");
  for (bool pooled : {false, true})
    mean = op(formatv("spike.add {0}, {1} : {2}, {2} -> {2}", mean,
                      staircase(sum, "mean", pooled, pooled ? "pooled_mean" : "steady_mean"), real));
  Text fromReal = conv(mean, real, false, false, "real");
  Text sum2 = op(formatv("spike.add {0}, {1} : {2}, {2} -> {3}", fromCounts, fromReal, timed, counts));
  Text total = op(formatv("spike.integrate sum {0} : {1} -> {2}", sum2, counts, map(height, width, false, "i8")));
  for (bool pooled : {false, true})
    total = op(formatv("spike.add {0}, {1} : {2}, {2} -> {2}", total,
                       staircase(sum, "sum", pooled, pooled ? "pooled_sum" : "steady_sum"), plain));
  // A sum in which one operand lacks T, pooled.
  Text sum3 = op(
      formatv("spike.add {0}, {1} : {2}, {3} -> {4}", total, spikes, map(height, width, false, "i8"), timed, counts));
  int64_t pooledHeight = (height - 1) / 2 + 1, pooledWidth = (width - 1) / 2 + 1;
  Text window = "window(#spike.window<kernel = [3, 3], strides = [2, 2], padding = [1, 1]>)";
  Text pooled = op(
      formatv("spike.max_pool {0} {1} : {2} -> {3}", sum3, window, counts, map(pooledHeight, pooledWidth, true, "i8")));
  count_ = pooledHeight * pooledWidth;
  Text stream = op(formatv("spike.flatten {0} : {1} -> {2}", pooled, map(pooledHeight, pooledWidth, true, "i8"),
                           tokens(s.depth, "i8")));
  bool halts = *s.halting != 0;
  Text features;
  if (!halts) {
    Text out = block(stream, "i8", "b0.");
    Text means = formatv("tensor<{0}?x{1}xf32>", time(), s.depth);
    Text tokensMean = op(formatv("spike.mean_tokens {0} : {1} -> {2}", out, tokens(s.depth, "i8"), means));
    features = op(formatv("spike.integrate mean {0} : {1} -> tensor<?x{2}xf32>", tokensMean, means, s.depth));
  } else {
    Text timedTokens = tokens(s.depth, "i8");
    inAct = true;
    Text type = tokens(s.depth, "i8");
    Text input = op(formatv("spike.integrate sum {0} : {1} -> {2}", stream, timedTokens, type));
    body_ +=
        formatv("  %y, %steps = stas.act {0} halting(#stas.act<{1}>) timesteps {2} : {3} -> {4}, tensor<?x{5}xi32>",
                input, s.halting, s.timesteps, type, tokens(s.depth, "f32"), count_)
            .str();
    for (const char *prefix : {"b0.", "b1."}) {
      body_ += formatv("{0} {\n  ^bb0(%x: {1}, %active: tensor<?x{2}xi1>):\n", *prefix && prefix[1] == '1' ? "," : "",
                       type, count_)
                   .str();
      Text out = block("%x", "i8", prefix);
      body_ += formatv("  stas.yield {0} : {1}\n  }", out, type).str();
    }
    body_ += "\n";
    features = op(formatv("spike.mean_tokens %y : {0} -> tensor<?x{1}xf32>", tokens(s.depth, "f32"), s.depth));
  }
  Text head = model.weight({s.classes, s.depth}, -1.0, 1.0), bias = model.weight({s.classes}, -1.0, 1.0);
  Text sums = op(formatv("spike.accumulate {0} weight({1}) : tensor<?x{2}xf32> -> tensor<?x{3}xf32>", features, head,
                         s.depth, s.classes));
  Text logits =
      op(formatv("spike.affine {0} norm(#spike.norm<bias = {1}>) : tensor<?x{2}xf32>", sums, bias, s.classes));
  Text results = formatv("tensor<?x{0}xf32>", s.classes).str();
  if (halts)
    results += formatv(", tensor<?x{0}xi32>", count_).str();
  Text text = formatv("func.func @main(%image: {0}) -> ({1}) {\n{2}  return {3}{4} : {1}\n}\n", image, results, body_,
                      logits, halts ? ", %steps" : "");
  return {text, model.weights(), {s.channels, s.height, s.width}, s.timesteps};
}

std::vector<float> drawImages(const Shapes &s, int64_t batch) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> eighths(-8, 8);
  std::vector<float> images(batch * s.channels * s.height * s.width);
  for (float &value : images)
    value = eighths(random) / 8.0f;
  return images;
}

bool hasFeature(const char *feature) { return llvm::is_contained(stas::hostCpuFeatures(), feature); }

/// Compares an artifact for `cpu` with these kernels with the interpreter.
void compare(const Shapes &s, const char *cpu, const std::vector<std::string> &kernels = {}) {
  TestModel model = Writer(s, /*seed=*/11).write();
  std::vector<float> images = drawImages(s, /*batch=*/3);
  Outcome expected = interpretModel(model, images);
  ASSERT_FALSE(expected.logits.empty());
  int64_t fired = 0, total = 0;
  for (auto &[layer, spikes] : expected.spikes) {
    int64_t count = std::count(spikes.begin(), spikes.end(), 1);
    // Silence would prove nothing; a layer of a few neurons may be silent.
    EXPECT_TRUE(count > 0 || spikes.size() < 1000) << layer;
    fired += count;
    total += spikes.size();
  }
  EXPECT_GT(fired, total / 20);
  EXPECT_LT(fired, total - total / 20);
  // On active rows and packed spikes, and where it halts as a time loop: bit by bit the same.
  for (Form form : {Form::Sparse, Form::TimeLoop}) {
    if (form == Form::TimeLoop && expected.steps.empty())
      continue;
    Outcome lowered = interpretModel(model, images, form);
    EXPECT_EQ(lowered.logits, expected.logits);
    EXPECT_EQ(lowered.steps, expected.steps);
    EXPECT_TRUE(lowered.spikes == expected.spikes);
  }
  auto outcomes = compileAndRun(model, images, cpu, kernels);
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_EQ(outcomes[0].logits, outcomes[1].logits) << "one thread and several";
  for (Outcome &found : outcomes) {
    ASSERT_EQ(found.spikes.size(), expected.spikes.size());
    for (auto &[layer, spikes] : expected.spikes)
      EXPECT_TRUE(found.spikes[layer] == spikes) << layer;
    EXPECT_EQ(found.steps, expected.steps);
    ASSERT_EQ(found.logits.size(), expected.logits.size());
    for (size_t i = 0; i < found.logits.size(); ++i)
      EXPECT_NEAR(found.logits[i], expected.logits[i], 1e-5 * (1 + std::abs(expected.logits[i]))) << i;
  }
  if (!expected.steps.empty()) { // some tokens halt early, some late
    auto [least, most] = std::minmax_element(expected.steps.begin(), expected.steps.end());
    EXPECT_LT(*least, *most);
  }
}

class Kernels : public testing::TestWithParam<Shapes> {};

TEST_P(Kernels, EightLanes) {
  if (!hasFeature("avx2"))
    GTEST_SKIP() << "this machine has no AVX2";
  compare(GetParam(), "x86-64-v3");
}

TEST_P(Kernels, SixteenLanes) {
  if (!hasFeature("avx512f"))
    GTEST_SKIP() << "this machine has no AVX-512";
  compare(GetParam(), "x86-64-v4");
}

/// Attention among some of 121 tokens, nearly two words of bits, in heads of 36 channels, more than one.
TEST(ActiveTokens, EachAssociationSkipsTheOthers) {
  Shapes s{"active", 3, 11, 11, 3, 1, 1, 1, 72, 2, 33, 4, 10, "", "alpha = 0.25, beta = -7.0"};
  std::pair<const char *, const char *> cpus[] = {
      {"x86-64-v3", "avx2"}, {"x86-64-v4", "avx512f"}, {"avx512-vnni", "avx512vnni"}};
  for (auto [cpu, feature] : cpus)
    for (const char *association : {"key-value-events", "key-value-bits", "query-key-bits"}) {
      SCOPED_TRACE(formatv("{0}, {1}", cpu, association).str());
      if (hasFeature(feature))
        compare(s, cpu, {association});
      else
        std::cout << "this machine has no " << feature << "\n";
    }
}

/// How often the kernels of each block's layers run, of a batch of 3, where every token has the score sigmoid(beta).
std::vector<int64_t> runsOfBlocks(const std::string &halting) {
  Shapes s{"ends_early", 3, 9, 9, 3, 1, 1, 1, 12, 4, 33, 4, 10, "", halting.c_str()};
  auto outcomes = compileAndRun(Writer(s, /*seed=*/11).write(), drawImages(s, /*batch=*/3), "x86-64-v3");
  EXPECT_EQ(outcomes.size(), 2u);
  std::vector<int64_t> runs;
  for (const char *block : {"b0.q", "b0.fc2", "b1.q", "b1.fc2"})
    for (Outcome &outcome : outcomes) // with one thread and with several
      runs.push_back(outcome.runs[block]);
  return runs;
}

/// Once no token is left, neither later timesteps run nor, in lexicographic order, later blocks of this one.
TEST(EarlyEnd, BlocksOfHaltedTokensDoNotRun) {
  if (!hasFeature("avx2"))
    GTEST_SKIP() << "this machine has no AVX2";
  using Runs = std::vector<int64_t>;
  const int64_t images = 3, all = images * 4;
  const std::string early = "alpha = 0.0, beta = 20.0", late = "alpha = 0.0, beta = -20.0";
  const std::string rate = ", output = rate, order = ";
  EXPECT_EQ(runsOfBlocks(late), (Runs{all, all, all, all, all, all, all, all}));
  EXPECT_EQ(runsOfBlocks(early), (Runs{images, images, images, images, 0, 0, 0, 0}));
  EXPECT_EQ(runsOfBlocks(late + rate + "rectangular"), (Runs{all, all, all, all, all, all, all, all}));
  EXPECT_EQ(runsOfBlocks(early + rate + "rectangular"), Runs(8, images));
  // Every timestep has all tokens again.
  EXPECT_EQ(runsOfBlocks(early + rate + "timestep"), Runs(8, all));
}

const char lexicographic[] = "alpha = 0.25, beta = -6.0";
INSTANTIATE_TEST_SUITE_P(
    Sizes, Kernels,
    testing::Values(
        //     name              image       first conv  inner depth heads hidden T classes neuron, halting
        Shapes{"one_timestep", 3, 5, 5, 1, 1, 0, 1, 7, 1, 1, 1, 1},
        Shapes{"width_one", 3, 4, 6, 3, 2, 1, 3, 1, 1, 5, 2, 3},
        Shapes{"heads_of_one", 6, 7, 5, 3, 2, 1, 3, 12, 12, 33, 2, 10},
        Shapes{"heads_of_three", 20, 6, 6, 5, 1, 2, 1, 24, 8, 7, 5, 9},
        Shapes{"heads_of_eight", 3, 9, 9, 3, 2, 1, 3, 64, 8, 65, 2, 8},
        Shapes{"heads_of_twelve", 3, 8, 6, 5, 2, 2, 5, 24, 2, 9, 4, 65},
        Shapes{"one_wide_head", 3, 6, 7, 3, 1, 1, 1, 65, 1, 64, 2, 10},
        Shapes{"many_vectors", 3, 5, 5, 3, 2, 1, 1, 33, 3, 150, 1, 17},
        Shapes{"soft_reset", 3, 6, 6, 3, 1, 1, 3, 12, 4, 20, 5, 10, "reset = soft"},
        Shapes{"reset_potential", 3, 6, 6, 3, 1, 1, 3, 12, 4, 20, 5, 10, "v_reset = -0.5"},
        Shapes{"no_decay_of_input", 3, 6, 6, 3, 1, 1, 3, 12, 4, 20, 5, 10, "decay_input = false, tau = 4.0"},
        Shapes{"strictly_above", 3, 6, 6, 3, 1, 1, 3, 12, 4, 20, 5, 10, "compare = gt"},
        Shapes{"eight_timesteps", 3, 6, 6, 3, 1, 1, 3, 12, 4, 20, 8, 10},
        Shapes{"nine_timesteps", 3, 6, 6, 3, 1, 1, 3, 40, 4, 20, 9, 10, "tau = 3.0"},
        Shapes{"tau_of_three", 3, 6, 6, 3, 1, 1, 3, 12, 4, 20, 5, 10, "tau = 3.0"},
        Shapes{"halting", 3, 9, 9, 3, 1, 1, 1, 12, 4, 33, 4, 10, "", lexicographic},
        Shapes{"halting_soft", 3, 7, 9, 3, 1, 1, 1, 24, 8, 9, 3, 10, "reset = soft, v_reset = -0.25",
               "alpha = 0.25, beta = -4.0"},
        Shapes{"halting_rate", 3, 9, 9, 3, 1, 1, 1, 12, 4, 33, 4, 10, "", "alpha = 0.25, beta = -6.0, output = rate"},
        Shapes{"rectangular", 3, 9, 9, 3, 1, 1, 1, 12, 4, 33, 4, 10, "",
               "alpha = 0.25, beta = -5.0, order = rectangular, output = rate"},
        Shapes{"timestep", 3, 9, 9, 3, 1, 1, 1, 12, 4, 33, 4, 10, "v_reset = -0.25",
               "alpha = 0.25, beta = -4.0, order = timestep, output = rate"},
        Shapes{"halting_once", 3, 9, 9, 3, 1, 1, 1, 12, 4, 33, 1, 10, "", "alpha = 3.0, beta = -5.0"}),
    [](const auto &info) { return info.param.name; });

} // namespace
