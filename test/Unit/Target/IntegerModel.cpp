//===- IntegerModel.cpp - A model of every kind of quantised layer -----------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "IntegerModel.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>
#include <cmath>

using llvm::formatv;

namespace {
/// A value: its name and what it is.
struct Stream {
  std::string name, element;
  bool timed;
  int64_t most;      // largest element
  double unit = 1.0; // real value of 1
};

class Writer {
public:
  Writer(const Shapes &s, int64_t bits) : s(s), bits(bits), model(/*seed=*/23) {}
  TestModel write();

private:
  using Text = std::string;
  Text op(const Text &body, const Text &layer = "") {
    body_ += formatv("  %{0} = {1}{2}\n", ++count, body, layer.empty() ? "" : " loc(\"" + layer + "\")").str();
    return "%" + std::to_string(count);
  }
  Text maskOf() { return inAct ? formatv("active(%active : tensor<?x{0}xi1>) ", count_).str() : ""; }
  Text map(const Text &element, bool timed) {
    return formatv("tensor<{0}?x{1}x{2}x{3}x{4}>", timed ? time() : "", height, width, s.depth, element).str();
  }
  /// In stas.act time is implicit.
  Text tokens(int64_t channels, const Text &element, bool timed = true) {
    return formatv("tensor<{0}?x{1}x{2}x{3}>", timed && !inAct ? time() : "", count_, channels, element).str();
  }
  Text time() { return std::to_string(s.timesteps) + "x"; }
  Text quant(const Text &weight, const Text &norm, const Stream &in, int64_t steps, int64_t bits, int64_t state) {
    return formatv("#spike.quant<weight = {0}, norm = {1}, neuron = <{2}>, input_unit = {3}, input_max = {4}, steps = "
                   "{5}, bits = {6}, guard = {7}, state_bits = {8}>",
                   weight, norm, s.neuron, formatv("{0:e}", in.unit), in.most, steps, bits, guard, state);
  }
  /// Sums and the neurons that they drive, `steps` timesteps of them; `type` makes the types of sums and spikes.
  Stream fire(const Text &layer, const Stream &in, const Text &inType, const std::vector<int64_t> &shape,
              const Text &window, int64_t bits, int64_t state, llvm::function_ref<Text(const Text &, bool)> type);
  Stream conv(const Text &layer, const Stream &in);
  Stream linear(const Text &layer, const Stream &in, int64_t from, int64_t to, int64_t state = 32);
  Stream attention(const Stream &in);
  Stream block(const Stream &in);
  Stream halting(const Stream &in);

  const Shapes &s;
  int64_t bits;
  ModelWriter model;
  Text body_;
  int count = 0;
  int64_t height = 0, width = 0, count_ = 0; // of the maps; tokens
  int guard = 2;                             // G of the layers that come next
  bool inAct = false;
  Text prefix; // of the names of layers
};

Stream Writer::fire(const Text &layer, const Stream &in, const Text &inType, const std::vector<int64_t> &shape,
                    const Text &window, int64_t bits, int64_t state,
                    llvm::function_ref<Text(const Text &, bool)> type) {
  Text weight = model.weight(shape, -0.7, 0.7, /*exact=*/false), norm = model.norm(shape[0]);
  Text recipe = quant(weight, norm, in, s.timesteps, bits, state), sums = type(state > 32 ? "i64" : "i32", in.timed);
  Text sum = op(formatv("spike.accumulate {0} weight({1}) {2} quant({3}) : {4} -> {5}", in.name, weight, window, recipe,
                        inType, sums));
  return {op(formatv("spike.fire {0} {1}norm({2}) neuron(#stas.lif<{3}>) quant({4}) : {5} -> {6}", sum, maskOf(), norm,
                     s.neuron, recipe, sums, type("i1", true)),
             prefix + layer),
          "i1", true, 1};
}

Stream Writer::conv(const Text &layer, const Stream &in) {
  Text window = formatv("window(#spike.window<kernel = [{0}, {0}], strides = [1, 1], padding = [{1}, {1}]>)", s.inner,
                        s.inner / 2);
  return fire(layer, in, map(in.element, in.timed), {s.depth, s.depth, s.inner, s.inner}, window, 16, 32,
              [&](const Text &element, bool timed) { return map(element, timed); });
}

Stream Writer::linear(const Text &layer, const Stream &in, int64_t from, int64_t to, int64_t state) {
  return fire(layer, in, tokens(from, in.element), {to, from}, "", bits, state,
              [&](const Text &element, bool timed) { return tokens(to, element, timed); });
}

Stream Writer::attention(const Stream &in) {
  Stream q = linear("q", in, s.depth, s.depth);
  guard = 1; // layers of one product may differ in it
  Stream k = linear("k", in, s.depth, s.depth);
  guard = 2;
  Stream v = linear("v", in, s.depth, s.depth);
  Text counts = op(formatv("spike.coincide {0}, {1}, {2} heads {3} : {4} -> {5}", q.name, k.name, v.name, s.heads,
                           tokens(s.depth, "i1"), tokens(s.depth, "i32")));
  Text norm = "#spike.norm<unit = 0.125>", neuron = "v_threshold = 0.5";
  if (s.neuron[0] != '\0')
    neuron = s.neuron;
  Text recipe = formatv("#spike.quant<norm = {0}, neuron = <{1}>, input_max = {2}, steps = {3}>", norm, neuron,
                        count_ * s.depth / s.heads, s.timesteps);
  return {op(formatv("spike.fire {0} {1}norm({2}) neuron(#stas.lif<{3}>) quant({4}) : {5} -> {6}", counts, maskOf(),
                     norm, neuron, recipe, tokens(s.depth, "i32"), tokens(s.depth, "i1")),
             prefix + "attn"),
          "i1", true, 1};
}

/// Attention and a hidden layer, with residual sums.
Stream Writer::block(const Stream &in) {
  Stream attended = linear("proj", attention(in), s.depth, s.depth);
  Stream wide{op(formatv("spike.add {0}, {1} factor 3 : {2}, {3} -> {2}", in.name, attended.name, tokens(s.depth, "i8"),
                         tokens(s.depth, "i1"))),
              "i8", in.timed, in.most + 3, in.unit};
  Stream hidden = linear("fc1", wide, s.depth, s.hidden, s.stateBits);
  Stream out = linear("fc2", hidden, s.hidden, s.depth);
  return {op(formatv("spike.add {0}, {1} : {2}, {3} -> {2}", wide.name, out.name, tokens(s.depth, "i8"),
                     tokens(s.depth, "i1"))),
          "i8", in.timed, wide.most + 1, in.unit};
}

/// Two blocks on the sum over time; the sum of weighted outputs.
Stream Writer::halting(const Stream &in) {
  constexpr int64_t most = 4; // that a block adds
  Text timed = tokens(s.depth, "i8"), type = tokens(s.depth, "i8", false);
  Stream stream{op(formatv("spike.integrate sum {0} : {1} -> {2}", in.name, timed, type)), "i8", false,
                in.most * s.timesteps, 1.0 / s.timesteps};
  Text table, open = formatv("  %y, %steps = stas.act {0} halting(#stas.act<{1}>)", stream.name, s.halting);
  int64_t last = stream.most + 2 * most;
  for (int64_t x = 0; x <= last; ++x)
    table += formatv("{0}{1}", x ? ", " : "",
                     std::lround((1 << 24) * std::min(1.0, s.firstScore + (s.lastScore - s.firstScore) * x / last)));
  body_ += formatv("{0} timesteps {1} table [{2}] : {3} -> {4}, tensor<?x{5}xi32> {{\n", open, s.timesteps, table, type,
                   tokens(s.depth, "i64", false), count_);
  inAct = true;
  for (int64_t i = 0; i < 2; ++i) {
    body_ += formatv("{0}  ^bb0(%x: {1}, %active: tensor<?x{2}xi1>):\n", i ? "  }, {\n" : "", type, count_);
    prefix = formatv("b{0}.", i);
    Text out = block({"%x", "i8", false, stream.most + i * most, stream.unit}).name;
    body_ += "  stas.yield " + out + " : " + type + "\n";
  }
  inAct = false;
  body_ += "  }\n";
  int64_t weights = llvm::StringRef(s.halting).contains("rate") ? s.timesteps : 1 << 24; // their sum
  return {"%y", "i64", false, last * weights, 1.0 / weights};
}

TestModel Writer::write() {
  height = (s.height - 1) / s.stride + 1;
  width = (s.width - 1) / s.stride + 1;
  Text image = formatv("tensor<?x{0}x{1}x{2}x", s.channels, s.height, s.width);
  Text pixels = op(formatv("spike.quantize %image scale 4194304 limit 10000000 : {0}f32> -> {0}i32>", image));
  Text window =
      formatv("window(#spike.window<kernel = [3, 3], strides = [{0}, {0}], padding = [1, 1], channels_first = "
              "true>)",
              s.stride);
  Stream stem =
      fire("stem", {pixels, "i32", false, 10000000, 1.0 / 4194304}, image + "i32>", {s.depth, s.channels, 3, 3}, window,
           24, 64, [&](const Text &element, bool timed) { return map(element, timed); });
  Stream fromSpikes = conv("conv", stem);
  auto addMaps = [&](const Stream &lhs, const Stream &rhs) -> Stream {
    return {op(formatv("spike.add {0}, {1} : {2}, {3} -> {4}", lhs.name, rhs.name, map(lhs.element, lhs.timed),
                       map(rhs.element, rhs.timed), map("i8", true))),
            "i8", true, lhs.most + rhs.most};
  };
  Stream sum = addMaps(stem, fromSpikes);
  Stream fromCounts = conv("rpe", sum);
  // A sum over T drives neurons steadily; its unit is 1 / T.
  Stream total{op(formatv("spike.integrate sum {0} : {1} -> {2}", sum.name, map("i8", true), map("i8", false))), "i8",
               false, sum.most * s.timesteps, 1.0 / s.timesteps};
  Stream steady = conv("steady", total);
  Stream mixed = addMaps(fromCounts, steady);
  count_ = height * width;
  Stream stream{op(formatv("spike.flatten {0} : {1} -> {2}", mixed.name, map("i8", true), tokens(s.depth, "i8"))), "i8",
                true, mixed.most};
  Text features = formatv("tensor<?x{0}xi64>", s.depth), summed;
  Stream last;
  if (s.halting) {
    last = halting(stream);
    summed = op(formatv("spike.sum_tokens {0} : {1} -> {2}", last.name, tokens(s.depth, "i64", false), features));
  } else {
    last = block(stream);
    Text sums = formatv("tensor<{0}?x{1}xi64>", time(), s.depth);
    Text perStep = op(formatv("spike.sum_tokens {0} : {1} -> {2}", last.name, tokens(s.depth, "i8"), sums));
    summed = op(formatv("spike.integrate sum {0} : {1} -> {2}", perStep, sums, features));
    last.most *= s.timesteps;
    last.unit = 1.0 / s.timesteps;
  }
  Text weight = model.weight({s.classes, s.depth}, -1.0, 1.0, false), bias = model.weight({s.classes}, -1.0, 1.0);
  Text norm = "#spike.norm<bias = " + bias + ">";
  Text recipe = formatv("#spike.quant<weight = {0}, norm = {1}, input_unit = {2}, input_max = {3}, bits = 16, "
                        "state_bits = 64>",
                        weight, norm, formatv("{0:e}", last.unit / count_), last.most * count_);
  Text logits = op(formatv("spike.accumulate {0} weight({1}) quant({2}) : tensor<?x{3}xi64> -> tensor<?x{4}xi64>",
                           summed, weight, recipe, s.depth, s.classes));
  Text result = formatv("tensor<?x{0}xf32>", s.classes);
  Text real = op(formatv("spike.readout {0} quant({1}) : tensor<?x{2}xi64> -> {3}", logits, recipe, s.classes, result));
  if (s.halting) {
    result += formatv(", tensor<?x{0}xi32>", count_);
    real += ", %steps";
  }
  Text text =
      formatv("func.func @main(%image: {0}f32>) -> ({1}) {\n{2}  return {3} : {1}\n}\n", image, result, body_, real);
  return {text, model.weights(), {s.channels, s.height, s.width}, s.timesteps};
}
} // namespace

TestModel integerModel(const Shapes &shapes, int64_t bits) { return Writer(shapes, bits).write(); }

std::vector<float> imagesOf(const Shapes &shapes, int64_t count) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> pixel(-2.6, 2.6);
  std::vector<float> images(count * shapes.channels * shapes.height * shapes.width);
  for (float &value : images)
    value = pixel(random);
  return images;
}
