//===- ImageKernel.cpp - The layer that sees the image --------------------===//
//
// Its inputs are few, its weights have 24 bits and its sums 64: no work for tensor
// cores. A thread has a position and a channel of the result; neighbouring threads
// have neighbouring channels, so that weights and results are read and written
// together and a pixel is read once for all. The lanes of a warp put their spikes
// into one word.
//
// Where a thread's registers hold the weights of its channel, as those of a 3 x 3
// window of colours, it has them and all pixels that its result depends on there:
// neighbouring positions of a pool's window share most pixels and all weights.
//
//===----------------------------------------------------------------------===//
#include "ImageKernel.h"
#include "Neurons.h"
#include <map>

using namespace mlir;
using namespace stas::cuda;

namespace {
constexpr int64_t threads = 256;
constexpr int64_t mostHeld = 32, mostPixels = 96; // weights and pixels in registers

/// Extents of what a thread's result depends on: of the image's positions.
int64_t extentOf(const ImageSpec &spec, int axis) {
  int64_t positions = spec.pool ? spec.pool->kernel[axis] : 1;
  return (positions - 1) * spec.window.strides[axis] + spec.window.kernel[axis];
}

bool fitsRegisters(const ImageSpec &spec) {
  const Window &w = spec.window;
  return w.kernel[0] * w.kernel[1] * spec.inputs <= mostHeld &&
         extentOf(spec, 0) * extentOf(spec, 1) * spec.inputs <= mostPixels;
}

class ImageKernel {
public:
  ImageKernel(KernelBuilder &b, const Kernel &kernel, const ImageSpec &spec)
      : b(b), spec(spec), image(kernel.arguments[0]), weights(kernel.arguments[1]), neurons(kernel.arguments[2]),
        result(kernel.arguments[3]), rows(kernel.arguments[4]) {}
  void build();

private:
  Value start(Value position, int64_t axis, const Window &window) {
    return b.sub(b.mul(position, window.strides[axis]), window.padding[axis]);
  }
  Value whereInside(Value y, Value x, int64_t height, int64_t width, Type type, function_ref<Value()> body);
  Value sum(Value y, Value x);
  Value heldSum(int64_t down, int64_t right);
  Value heldPixel(int64_t down, int64_t right, int64_t input);
  Value heldWeight(int64_t number);
  Value ofChannel(int64_t table);
  Value pattern(Value total);
  Value softPattern(Value total);
  Value fired(Value row);
  void storeSpikes(Value bits, Value row);

  KernelBuilder &b;
  const ImageSpec &spec;
  Value image, weights, neurons, result, rows, pixels, channel;
  // In registers, once they have been loaded: the first pixel's position, pixels by row, column and input, weights.
  Value firstPixelY, firstPixelX;
  std::map<std::array<int64_t, 3>, Value> pixelsHeld;
  std::map<int64_t, Value> weightsHeld;
};
} // namespace

int64_t ImageSpec::positions() const {
  const Window &last = pool ? *pool : window;
  return last.output[0] * last.output[1];
}

std::string stas::cuda::problemOf(const ImageSpec &spec) {
  if (spec.height < 1 || spec.width < 1 || spec.inputs < 1 || spec.channels < 1)
    return "requires an image and channels";
  int64_t most = spec.pool ? 8 : 16;
  if (spec.timesteps < 1 || spec.timesteps > most)
    return "requires 1 to " + std::to_string(most) + " timesteps, found " + std::to_string(spec.timesteps);
  for (const Window *window : {&spec.window, spec.pool ? &*spec.pool : nullptr})
    for (int axis = 0; window && axis < 2; ++axis)
      if (window->kernel[axis] < 1 || window->strides[axis] < 1 || window->padding[axis] < 0 ||
          window->output[axis] < 1)
        return "requires windows with kernel, strides and positions";
  return "";
}

SmallVector<Parameter> stas::cuda::parametersOf(const ImageSpec &spec) {
  return {{"image"},
          {"weights"},
          {spec.soft ? "neurons" : "cuts"},
          {spec.counts ? "counts" : "spikes"},
          {"rows", Parameter::Kind::Number}};
}

LaunchShape stas::cuda::launchOf(const ImageSpec &spec, int64_t images) {
  LaunchShape launch;
  launch.grid[0] = roundUp(images * spec.positions() * spec.paddedChannels(), threads) / threads;
  launch.threads = threads;
  return launch;
}

void stas::cuda::buildImage(KernelBuilder &b, gpu::GPUModuleOp module, StringRef name, const ImageSpec &spec) {
  assert(problemOf(spec).empty() && "the caller has checked the spec");
  Kernel kernel = startKernel(b, module, name, parametersOf(spec), threads);
  ImageKernel(b, kernel, spec).build();
  finishKernel(b);
}

void ImageKernel::build() {
  // Threads in 64 bits: positions of many images times channels. The channels of a warp are those of one row.
  Value number = b.add(b.mul(b.unsignedTo(b.block(0), 64), threads), b.unsignedTo(b.thread(), 64));
  channel = b.unsignedTo(b.remainder(number, spec.paddedChannels()), 32);
  Value row = b.unsignedTo(b.divide(number, spec.paddedChannels()), 32);
  Value isChannel = b.less(channel, spec.channels);
  b.ifThen(b.less(row, rows), [&] {
    Value bits = b.loadIf(isChannel, [&] { return fired(row); });
    if (!spec.counts)
      return storeSpikes(bits, row);
    Value at = b.add(b.mul(b.unsignedTo(row, 64), countBytes(spec.channels)), b.unsignedTo(channel, 64));
    b.ifThen(isChannel, [&] { b.storeByte(b.countBits(bits), b.at(result, at)); });
  });
}

/// The spikes of a neuron of the result.
Value ImageKernel::fired(Value row) {
  const Window &last = spec.pool ? *spec.pool : spec.window;
  Value position = b.remainder(row, spec.positions());
  Value y = b.divide(position, last.output[1]), x = b.remainder(position, last.output[1]);
  Value which = b.unsignedTo(b.divide(row, spec.positions()), 64);
  pixels = b.at(image, b.mul(which, spec.inputs * spec.height * spec.width * 4));
  bool isHeld = fitsRegisters(spec);
  if (isHeld) {
    Value firstY = spec.pool ? start(y, 0, last) : y, firstX = spec.pool ? start(x, 1, last) : x;
    firstPixelY = start(firstY, 0, spec.window);
    firstPixelX = start(firstX, 1, spec.window);
  }
  if (!spec.pool)
    return pattern(isHeld ? heldSum(0, 0) : sum(y, x));
  // A window's neurons unite, timestep by timestep.
  Value firstY = start(y, 0, last), firstX = start(x, 1, last), united = b.constant(0);
  for (int64_t dy = 0; dy < last.kernel[0]; ++dy)
    for (int64_t dx = 0; dx < last.kernel[1]; ++dx) {
      Value atY = b.add(firstY, dy), atX = b.add(firstX, dx), bits;
      if (isHeld) {
        Value isInside = b.bitAnd(b.less(atY, spec.window.output[0]), b.less(atX, spec.window.output[1]));
        bits = b.select(isInside, pattern(heldSum(dy, dx)), b.constant(0));
      } else {
        bits = whereInside(atY, atX, spec.window.output[0], spec.window.output[1], b.getI32Type(),
                           [&] { return pattern(sum(atY, atX)); });
      }
      united = b.bitOr(united, bits);
    }
  return united;
}

/// Each timestep is 32 bits of a row for a warp.
void ImageKernel::storeSpikes(Value bits, Value row) {
  Value isFirst = b.compare(arith::CmpIPredicate::eq, b.remainder(channel, 32), 0);
  for (int64_t time = 0; time < spec.timesteps; ++time) {
    Value word = b.ballot(b.compare(arith::CmpIPredicate::ne, b.bitAnd(bits, int64_t(1) << time), 0));
    Value line = b.add(b.mul(b.unsignedTo(rows, 64), time), b.unsignedTo(row, 64));
    Value at = b.add(b.mul(line, spikeBytes(spec.channels)), b.unsignedTo(b.divide(channel, 8), 64));
    b.ifThen(isFirst, [&] { b.store(word, b.at(result, at)); });
  }
}

/// The value of a body for a position on a map, 0 elsewhere.
Value ImageKernel::whereInside(Value y, Value x, int64_t height, int64_t width, Type type, function_ref<Value()> body) {
  // A position before the map is a large one without sign.
  Value isInside = b.bitAnd(b.less(y, height), b.less(x, width));
  return b.loadIf(isInside, TypeRange(ArrayRef<Type>(type)), [&] { return Values{body()}; })[0];
}

/// The sum at a position of the convolution.
Value ImageKernel::sum(Value y, Value x) {
  const Window &w = spec.window;
  Value firstY = start(y, 0, w), firstX = start(x, 1, w), zero = b.constant(0, 64);
  auto row = [&](Value dy, ValueRange carried) {
    auto column = [&](Value dx, ValueRange before) {
      Value atY = b.add(firstY, dy), atX = b.add(firstX, dx);
      auto inputs = [&] {
        Value pixel = b.at(pixels, b.mul(b.add(b.mul(atY, spec.width), atX), 4));
        Value first = b.mul(b.add(b.mul(dy, w.kernel[1]), dx), spec.inputs);
        Value weight = b.at(weights, b.mul(b.add(b.mul(first, spec.paddedChannels()), channel), 4));
        Value total = zero;
        for (int64_t c = 0; c < spec.inputs; ++c) {
          Value value = b.load(b.at(pixel, c * spec.height * spec.width * 4));
          Value factor = b.load(b.at(weight, c * spec.paddedChannels() * 4));
          total = b.add(total, b.mul(b.signedTo(value, 64), b.signedTo(factor, 64)));
        }
        return total;
      };
      return Values{b.add(before[0], whereInside(atY, atX, spec.height, spec.width, zero.getType(), inputs))};
    };
    return b.loop(b.constant(0), b.constant(w.kernel[1]), carried, column);
  };
  return b.loop(b.constant(0), b.constant(w.kernel[0]), ValueRange{zero}, row)[0];
}

/// The sum at a position of the convolution, so far from the first that this thread needs.
Value ImageKernel::heldSum(int64_t down, int64_t right) {
  const Window &w = spec.window;
  Value total = b.constant(0, 64);
  for (int64_t dy = 0; dy < w.kernel[0]; ++dy)
    for (int64_t dx = 0; dx < w.kernel[1]; ++dx)
      for (int64_t c = 0; c < spec.inputs; ++c) {
        Value pixel = heldPixel(down * w.strides[0] + dy, right * w.strides[1] + dx, c);
        total = b.add(total, b.mul(pixel, heldWeight((dy * w.kernel[1] + dx) * spec.inputs + c)));
      }
  return total;
}

Value ImageKernel::heldPixel(int64_t down, int64_t right, int64_t input) {
  Value &held = pixelsHeld[{down, right, input}];
  if (held)
    return held;
  Value y = b.add(firstPixelY, down), x = b.add(firstPixelX, right);
  Value isInside = b.bitAnd(b.less(y, spec.height), b.less(x, spec.width));
  Value at = b.select(isInside, b.add(b.mul(y, spec.width), x), b.constant(0)); // no address outside
  Value pixel = b.load(b.at(pixels, b.mul(b.add(at, input * spec.height * spec.width), 4)));
  return held = b.signedTo(b.select(isInside, pixel, b.constant(0)), 64);
}

Value ImageKernel::heldWeight(int64_t number) {
  Value &held = weightsHeld[number];
  if (!held)
    held = b.signedTo(b.load(b.at(weights, b.mul(b.add(channel, number * spec.paddedChannels()), 4))), 64);
  return held;
}

/// The channel's entry of one of the neurons' tables.
Value ImageKernel::ofChannel(int64_t table) {
  Value at = b.mul(b.add(channel, table * spec.paddedChannels()), 8);
  return b.load(b.at(neurons, at), b.getI64Type());
}

/// The same of a neuron with soft reset.
Value ImageKernel::softPattern(Value total) {
  NeuronConstants constants{ofChannel(0), ofChannel(1), ofChannel(2)};
  Neurons code(b, *spec.soft);
  Value current = code.current(total, constants), membrane = b.constant(0, 64), bits = b.constant(0);
  for (int64_t time = 0; time < spec.timesteps; ++time) {
    Value spike = code.fire(current, constants, membrane);
    bits = b.bitOr(bits, b.select(spike, b.constant(int64_t(1) << time), b.constant(0)));
  }
  return bits;
}

/// The spikes of a neuron by its sum: bit t is that of timestep t.
Value ImageKernel::pattern(Value total) {
  if (spec.soft)
    return softPattern(total);
  Value bits = b.constant(0), before;
  for (int64_t step = 1; step <= spec.timesteps; ++step) {
    Value cut = ofChannel(step - 1);
    // Fires first at this step or sooner; what fires first at step n fires at all its multiples.
    Value reached = b.compare(arith::CmpIPredicate::sge, total, cut);
    int64_t multiples = 0;
    for (int64_t time = step; time <= spec.timesteps; time += step)
      multiples |= int64_t(1) << (time - 1);
    Value mine = b.select(reached, b.constant(multiples), b.constant(0));
    if (before)
      mine = b.select(before, b.constant(0), mine);
    bits = b.bitOr(bits, mine);
    before = reached;
  }
  return bits;
}
