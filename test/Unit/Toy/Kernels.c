/* Kernels of the toy model, as a compiler would emit them: see ToyModel.h.
   They use nothing but their arguments, so that they need no C library. */

#include <stdint.h>

/* args: image f32 [C,H,W], spikes u8 [H,W,C], weights i32 {C, H*W}.
   A work item is a pixel. */
void toy_stem(void *const *args, int64_t begin, int64_t end, int64_t t, int64_t stride, void *scratch) {
  const float *image = args[0];
  uint8_t *spikes = args[1];
  const int32_t *size = args[2];
  for (int64_t i = begin; i < end; ++i)
    for (int64_t c = 0; c < size[0]; ++c)
      spikes[i * size[0] + c] = image[c * size[1] + i] >= 0.5f;
}

/* args: spikes u8 [n], current f32 [n], weights f32 [n]. */
void toy_scale(void *const *args, int64_t begin, int64_t end, int64_t t, int64_t stride, void *scratch) {
  const uint8_t *spikes = args[0];
  float *current = args[1];
  const float *weights = args[2];
  float *mine = scratch; /* Scratch is this thread's alone. */
  for (int64_t i = begin; i < end; ++i) {
    mine[0] = spikes[i] * weights[i];
    current[i] = mine[0];
  }
}

/* args: current f32 [n], membrane f32 [n], spikes u8 [n], sum f32 [n]. */
void toy_lif(void *const *args, int64_t begin, int64_t end, int64_t t, int64_t stride, void *scratch) {
  const float *current = args[0];
  float *membrane = args[1];
  uint8_t *spikes = args[2];
  for (int64_t i = begin; i < end; ++i) {
    float h = membrane[i] + 0.5f * (current[i] - membrane[i]);
    spikes[i] = h >= 1.0f;
    membrane[i] = spikes[i] ? 0.0f : h;
  }
}

/* args: spikes u8 [n], sum f32 [n], weights i32 {n, classes}. Spikes at t count t + 1. Takes several images. */
void toy_add(void *const *args, int64_t begin, int64_t end, int64_t t, int64_t stride, void *scratch) {
  const int32_t *size = args[2];
  for (int64_t item = begin; item < end; ++item) {
    int64_t image = item / size[0] * stride, i = item % size[0];
    const uint8_t *spikes = (const uint8_t *)((char *)args[0] + image);
    float *sum = (float *)((char *)args[1] + image);
    sum[i] += (float)(spikes[i] * (t + 1));
  }
}

/* args: active u8 [n], steps i32 [n]. */
void toy_begin(void *const *args, int64_t begin, int64_t end, int64_t t, int64_t stride, void *scratch) {
  uint8_t *active = args[0];
  for (int64_t i = begin; i < end; ++i)
    active[i] = 1;
}

/* args: active u8 [n], steps i32 [n]. Token i halts after i + 1 steps. */
void toy_halt(void *const *args, int64_t begin, int64_t end, int64_t t, int64_t stride, void *scratch) {
  uint8_t *active = args[0];
  int32_t *steps = args[1];
  for (int64_t i = begin; i < end; ++i) {
    steps[i] += active[i];
    if (steps[i] > i)
      active[i] = 0;
  }
}

/* args: sum f32 [n], logits f32 [classes], weights i32 {n, classes}. */
void toy_head(void *const *args, int64_t begin, int64_t end, int64_t t, int64_t stride, void *scratch) {
  const float *sum = args[0];
  float *logits = args[1];
  const int32_t *size = args[2];
  for (int64_t c = begin; c < end; ++c) {
    float total = 0;
    for (int64_t i = c; i < size[0]; i += size[1])
      total += sum[i];
    logits[c] = total;
  }
}

/* Halting steps that no model can have. */
void toy_bad_halt(void *const *args, int64_t begin, int64_t end, int64_t t, int64_t stride, void *scratch) {
  int32_t *steps = args[1];
  for (int64_t i = begin; i < end; ++i)
    steps[i] = -7;
}

/* args: logits f32 [n]. */
void toy_nan(void *const *args, int64_t begin, int64_t end, int64_t t, int64_t stride, void *scratch) {
  float *logits = args[1];
  for (int64_t c = begin; c < end; ++c)
    logits[c] = c == 1 ? 0.0f / 0.0f : (float)c;
}
