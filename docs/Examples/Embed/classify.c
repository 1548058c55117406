/* Classifies images: classify MODEL.stas IMAGES.f32, normalised images as float32, one after the other. */
#include "stas-c/Runtime.h"

#include <stdio.h>
#include <stdlib.h>

static int fail(char *error) {
  fprintf(stderr, "classify: error: %s\n", error);
  stasErrorFree(error);
  return 1;
}

/* All numbers of a file; exits where it cannot be read. */
static float *readFloats(const char *path, size_t *count) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    exit(1);
  }
  *count = (size_t)ftell(file) / sizeof(float);
  rewind(file);
  float *values = malloc((*count + 1) * sizeof(float));
  if (!values || fread(values, sizeof(float), *count, file) != *count) {
    perror(path);
    exit(1);
  }
  fclose(file);
  return values;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: classify MODEL.stas IMAGES.f32\n");
    return 1;
  }
  StasModel *model;
  char *error = stasModelLoad(argv[1], NULL, &model);
  if (error)
    return fail(error);
  StasModelInfo info = stasModelInfo(model);
  size_t values;
  float *images = readFloats(argv[2], &values);
  int64_t count = (int64_t)values / (info.frames * info.channels * info.height * info.width);
  float *logits = malloc((size_t)(count * info.classes + 1) * sizeof(float));
  error = stasModelRun(model, count, images, logits, NULL);
  if (error)
    return fail(error);
  printf("%s on %s %s\n", info.source, info.code, info.device);
  for (int64_t i = 0; i < count; ++i) {
    int64_t best = 0;
    for (int64_t c = 1; c < info.classes; ++c)
      if (logits[i * info.classes + c] > logits[i * info.classes + best])
        best = c;
    printf("image %d: class %d, logit %.4f\n", (int)i, (int)best, logits[i * info.classes + best]);
  }
  free(logits);
  free(images);
  stasModelFree(model);
  return 0;
}
