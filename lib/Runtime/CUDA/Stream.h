//===- Stream.h - Work for a GPU, in order ----------------------*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_RUNTIME_CUDA_STREAM_H
#define STAS_LIB_RUNTIME_CUDA_STREAM_H

#include "Device.h"

#include <functional>

namespace stas {
namespace cuda {

class Event;
class Graph;

/// Work that a GPU does in order, while the program goes on. The memory that
/// copies read and write must stay until synchronize(). For one thread at a
/// time, which has made the device current.
class Stream {
public:
  static Result<Stream> create(std::shared_ptr<const Device> device);

  Stream(Stream &&other) noexcept { *this = std::move(other); }
  Stream &operator=(Stream &&other) noexcept;
  Stream(const Stream &) = delete;
  Stream &operator=(const Stream &) = delete;
  ~Stream();

  StreamObject *get() const { return stream; }
  const Driver &driver() const { return device->driver(); }
  const std::shared_ptr<const Device> &owner() const { return device; }

  Status copyToDevice(DeviceAddress target, const void *source, uint64_t bytes);
  Status copyToHost(void *target, DeviceAddress source, uint64_t bytes);
  Status copyOnDevice(DeviceAddress target, DeviceAddress source, uint64_t bytes);
  Status fill(DeviceAddress target, uint8_t value, uint64_t bytes);
  /// What comes after waits for what came before an event in another stream.
  Status wait(const Event &event);
  Status launch(const Graph &graph);

  /// Waits for all work. What went wrong in any of it is an error here.
  Status synchronize();

private:
  Stream() = default;
  std::shared_ptr<const Device> device;
  StreamObject *stream = nullptr;
};

/// A point in a stream.
class Event {
public:
  /// isTimed: for millisecondsSince(); costs the device a little.
  static Result<Event> create(std::shared_ptr<const Device> device, bool isTimed = false);

  Event(Event &&other) noexcept { *this = std::move(other); }
  Event &operator=(Event &&other) noexcept;
  Event(const Event &) = delete;
  Event &operator=(const Event &) = delete;
  ~Event();

  EventObject *get() const { return event; }
  /// The point after all work that is in the stream now.
  Status record(const Stream &stream);
  Status synchronize();
  /// From an event before; both are timed and have passed.
  Result<float> millisecondsSince(const Event &start) const;

private:
  Event() = default;
  std::shared_ptr<const Device> device;
  EventObject *event = nullptr;
};

/// Work that is launched as one, with the addresses it was captured with.
class Graph {
public:
  /// Captures what `work` puts into the stream instead of doing it. Fails with
  /// the error of `work`.
  static Result<Graph> capture(Stream &stream, const std::function<Status()> &work);

  Graph(Graph &&other) noexcept { *this = std::move(other); }
  Graph &operator=(Graph &&other) noexcept;
  Graph(const Graph &) = delete;
  Graph &operator=(const Graph &) = delete;
  ~Graph();

  GraphExecObject *get() const { return exec; }

private:
  Graph() = default;
  std::shared_ptr<const Device> device;
  GraphExecObject *exec = nullptr;
};

} // namespace cuda
} // namespace stas

#endif // STAS_LIB_RUNTIME_CUDA_STREAM_H
