//===- ToyModel.cpp - A model small enough to compute by hand -------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ToyModel.h"
#include "../TestUtils.h"
#include "stas/Support/Checked.h"
#include "stas/Target/Artifact/ArtifactWriter.h"

using namespace stas;
using namespace stas::artifact;
using namespace stas::test;

namespace {

// Offsets in the weights section.
constexpr uint64_t kStemSize = 0, kHeadSize = 64, kScale = 128;

void addBuffer(Manifest &manifest, const char *name, Element element, std::vector<uint64_t> dims, bool zero) {
  Buffer &buffer = *manifest.add_buffers();
  buffer.set_name(name);
  buffer.set_element(element);
  for (uint64_t dim : dims)
    buffer.add_dims(dim);
  buffer.set_zero_at_start(zero);
  buffer.set_offset(alignTo(manifest.arena_bytes(), 64));
  manifest.set_arena_bytes(buffer.offset() + byteSize(buffer));
}

Launch &addLaunch(Manifest &manifest, Step &step, const char *kernel, std::vector<uint32_t> buffers, uint64_t extent,
                  const char *layer) {
  Launch &launch = *step.mutable_launch();
  launch.set_kernel(manifest.kernels_size());
  manifest.add_kernels(kernel);
  for (uint32_t buffer : buffers)
    launch.add_args()->set_buffer(buffer);
  launch.set_extent(extent);
  launch.set_layer(layer);
  return launch;
}

void setSpikes(Launch &launch, const char *layer, uint32_t buffer, Layout layout, std::vector<uint64_t> dims) {
  Spikes &spikes = *launch.mutable_spikes();
  spikes.set_layer(layer);
  spikes.set_buffer(buffer);
  spikes.set_layout(layout);
  for (uint64_t dim : dims)
    spikes.add_dims(dim);
}

Work &setWork(Launch &launch, WorkKind kind, const char *layer, std::vector<uint32_t> inputs, uint64_t rows,
              uint64_t channels) {
  Work &work = *launch.mutable_work();
  work.set_kind(kind);
  work.set_layer(layer);
  for (uint32_t input : inputs)
    work.add_inputs(input);
  work.set_rows(rows);
  work.set_channels(channels);
  work.set_heads(1);
  work.set_parts(1);
  work.set_max(1);
  return work;
}

void setWindow(Work &work, uint64_t channels, uint64_t height, uint64_t width, uint64_t kernel, bool channelsFirst) {
  Window &window = *work.mutable_window();
  window.set_height(height);
  window.set_width(width);
  window.set_kernel_height(kernel);
  window.set_kernel_width(kernel);
  window.set_stride_y(1);
  window.set_stride_x(1);
  window.set_padding_y(kernel / 2);
  window.set_padding_x(kernel / 2);
  window.set_channels_first(channelsFirst);
  work.set_fan_in(channels * kernel * kernel);
}

} // namespace

void ToyModel::resize(uint32_t c, uint32_t h, uint32_t w) {
  channels = c;
  height = h;
  width = w;
  build();
}

void ToyModel::build() {
  uint64_t n = pixels();
  weights.clear();
  for (uint64_t i = 0; i < n; ++i)
    weights.push_back(0.75f + 0.375f * (i % 7));
  manifest.Clear();
  manifest.set_producer("toy");
  manifest.set_source("toy.pth");
  manifest.set_family("stas");
  manifest.set_target("cpu");
  manifest.set_precision("f32");
  manifest.set_cpu("x86-64");
  Input &input = *manifest.mutable_input();
  input.set_frames(frames);
  input.set_channels(channels);
  input.set_height(height);
  input.set_width(width);
  manifest.set_timesteps(timesteps);
  manifest.set_classes(classes);
  manifest.set_tokens(tokens);
  manifest.set_blocks(1);
  manifest.set_scratch_bytes(16);

  addBuffer(manifest, "image", F32, {frames, channels, height, width}, false);
  addBuffer(manifest, "stem", U8, {height, width, channels}, false);
  addBuffer(manifest, "current", F32, {n}, false);
  addBuffer(manifest, "membrane", F32, {n}, true);
  addBuffer(manifest, "lif", U8, {n}, false);
  addBuffer(manifest, "sum", F32, {n}, true);
  addBuffer(manifest, "active", U8, {tokens}, false);
  addBuffer(manifest, "steps", I32, {tokens}, true);
  addBuffer(manifest, "logits", F32, {classes}, false);
  manifest.set_input_buffer(Image);
  manifest.set_logits_buffer(Logits);
  if (halts) {
    manifest.set_halting_buffer(Steps);
    manifest.set_halting_order(LEXICOGRAPHIC);
  }

  addLaunch(manifest, *manifest.add_steps(), "toy_begin", {Active}, tokens, "begin");
  Launch &stem =
      addLaunch(manifest, *manifest.add_steps(), "toy_stem", {Image, Stem}, uint64_t(height) * width, "stem");
  stem.add_args()->set_weights(kStemSize);
  setSpikes(stem, "stem.lif", Stem, MAP, {1, height, width, channels});
  uint64_t places = uint64_t(height) * width;
  Work &conv = setWork(stem, WEIGHTED, "stem.conv", {Image}, places, channels);
  setWindow(conv, channels, height, width, 1, true);
  conv.set_parts(0);
  conv.set_max(0);
  conv.set_steps(frames);
  Launch &scale = addLaunch(manifest, *manifest.add_steps(), "toy_scale", {Stem, Current}, n, "block");
  scale.add_args()->set_weights(kScale);
  setWindow(setWork(scale, WEIGHTED, "block.conv", {Stem}, places, 2), channels, height, width, 3, false);
  TimeLoop &loop = *manifest.add_steps()->mutable_time_loop();
  loop.set_timesteps(timesteps);
  if (halts)
    loop.add_body()->mutable_stop_when_idle()->set_buffer(Active);
  Launch &lif = addLaunch(manifest, *loop.add_body(), "toy_lif", {Current, Membrane, Lif}, n, "block");
  setSpikes(lif, "block.lif", Lif, TOKENS, {1, n / 2, 2});
  Launch &add = addLaunch(manifest, *loop.add_body(), "toy_add", {Lif, Sum}, n, "block");
  add.add_args()->set_weights(kHeadSize);
  add.set_several_images(true);
  Launch &halt = addLaunch(manifest, *loop.add_body(), "toy_halt", {Active, Steps}, tokens, "halt");
  if (n % (2 * tokens) == 0) { // rows of tokens, and two heads
    Work &attention = setWork(lif, COINCIDENCE, "block.attn", {Stem, Stem, Stem}, tokens, n / tokens);
    attention.set_heads(2);
    attention.set_steps(1);
    Work &linear = setWork(add, WEIGHTED, "block.linear", {Lif}, tokens, 6);
    linear.set_fan_in(n / tokens);
    linear.set_active(Active);
    Work &score = setWork(halt, HALTING, "block.halting", {}, tokens, 8);
    score.set_active(Active);
    for (Work *work : {&attention, &linear, &score})
      work->set_block(0);
  }
  addLaunch(manifest, *manifest.add_steps(), "toy_head", {Sum, Logits}, classes, "head")
      .add_args()
      ->set_weights(kHeadSize);
}

Variant &test::addVariant(Manifest &manifest, const std::string &cpu) {
  Variant &variant = *manifest.add_variants();
  variant.set_cpu(cpu);
  variant.set_scratch_bytes(manifest.scratch_bytes());
  auto add = [&](const Launch &launch) {
    LaunchCode &code = *variant.add_launches();
    code.set_kernel(launch.kernel());
    for (const Argument &argument : launch.args())
      if (argument.kind_case() == Argument::kWeights)
        code.add_weights(argument.weights());
  };
  for (const Step &step : manifest.steps()) {
    if (step.has_launch())
      add(step.launch());
    for (const Step &inner : step.time_loop().body())
      if (inner.has_launch())
        add(inner.launch());
  }
  return variant;
}

std::string ToyModel::object() const { return readAll(otherKernels ? TOY_OTHER_KERNELS : TOY_KERNELS); }

void ToyModel::write(const std::string &path) const {
  auto writer = ArtifactWriter::create(path);
  ASSERT_TRUE(succeeds(writer));
  ASSERT_TRUE(succeeds(writer->beginSection(kWeightsSection)));
  const int32_t stem[] = {int32_t(channels), int32_t(height * width)};
  const int32_t head[] = {int32_t(pixels()), int32_t(classes)};
  ASSERT_EQ(*writer->append(stem, sizeof(stem)), kStemSize);
  ASSERT_EQ(*writer->append(head, sizeof(head)), kHeadSize);
  ASSERT_EQ(*writer->append(weights.data(), 4 * weights.size()), kScale);
  std::string code = object();
  ASSERT_TRUE(succeeds(writer->beginSection(kObjectSection)));
  ASSERT_TRUE(succeeds(writer->append(code.data(), code.size())));
  ASSERT_TRUE(succeeds(writer->finish(manifest)));
}

ToyModel::Expected ToyModel::compute(const float *image) const {
  std::vector<uint8_t> stem(pixels());
  for (uint32_t c = 0; c < channels; ++c)
    for (uint32_t i = 0; i < height * width; ++i)
      stem[i * channels + c] = image[c * height * width + i] >= 0.5f;
  return fromStem(stem);
}

ToyModel::Expected ToyModel::fromStem(const std::vector<uint8_t> &stem) const {
  Expected result;
  result.stem = stem;
  std::vector<float> membrane(pixels()), sum(pixels());
  uint32_t steps = halts ? std::min(tokens, timesteps) : timesteps;
  for (uint32_t t = 0; t < steps; ++t) {
    std::vector<uint8_t> spikes(pixels());
    for (uint32_t i = 0; i < pixels(); ++i) {
      float current = stem[i] * weights[i];
      float h = membrane[i] + 0.5f * (current - membrane[i]);
      spikes[i] = h >= 1.0f;
      membrane[i] = spikes[i] ? 0.0f : h;
      sum[i] += spikes[i] * (t + 1);
    }
    result.lif.push_back(std::move(spikes));
  }
  result.logits.assign(classes, 0);
  for (uint32_t i = 0; i < pixels(); ++i)
    result.logits[i % classes] += sum[i];
  for (uint32_t i = 0; i < tokens; ++i)
    result.halting.push_back(std::min(i + 1, timesteps));
  return result;
}

std::vector<float> ToyModel::image(uint64_t seed) const {
  Random random(seed);
  std::vector<float> result;
  for (uint32_t i = 0; i < frames * pixels(); ++i)
    result.push_back(random.below(1000) / 1000.0f);
  return result;
}

std::vector<float> ToyModel::images(int64_t count) const {
  std::vector<float> result;
  for (int64_t i = 0; i < count; ++i) {
    std::vector<float> one = image(i);
    result.insert(result.end(), one.begin(), one.end());
  }
  return result;
}
