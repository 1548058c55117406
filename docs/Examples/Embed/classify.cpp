// Classifies images: classify-cpp MODEL.stas IMAGES.f32, normalised images as float32, one after the other.
#include "stas/Runtime/Model.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: classify-cpp MODEL.stas IMAGES.f32\n");
    return 1;
  }
  auto model = stas::Model::load(argv[1]);
  if (!model) {
    std::fprintf(stderr, "classify-cpp: error: %s\n", model.message().c_str());
    return 1;
  }
  const stas::ModelInfo &info = (*model)->info();
  std::ifstream file(argv[2], std::ios::binary);
  if (!file) {
    std::perror(argv[2]);
    return 1;
  }
  std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<float> images(bytes.size() / sizeof(float));
  std::memcpy(images.data(), bytes.data(), images.size() * sizeof(float));
  int64_t count = static_cast<int64_t>(images.size()) / info.input.elements();
  std::vector<float> logits(count * info.classes);
  if (stas::Status status = (*model)->run({count, images.data(), logits.data()}); !status) {
    std::fprintf(stderr, "classify-cpp: error: %s\n", status.message().c_str());
    return 1;
  }
  std::printf("%s on %s %s\n", info.source.c_str(), info.cpu.c_str(), info.device.c_str());
  for (int64_t i = 0; i < count; ++i) {
    const float *of = logits.data() + i * info.classes;
    const float *best = std::max_element(of, of + info.classes);
    std::printf("image %d: class %d, logit %.4f\n", static_cast<int>(i), static_cast<int>(best - of), *best);
  }
  return 0;
}
