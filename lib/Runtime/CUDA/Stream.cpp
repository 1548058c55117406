//===- Stream.cpp - Work for a GPU, in order ------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Stream.h"

#include <utility>

using namespace stas;
using namespace stas::cuda;

Result<Stream> Stream::create(std::shared_ptr<const Device> device) {
  Stream result;
  const Driver &driver = device->driver();
  if (Status status = driver.check(driver.streamCreate(&result.stream, kStreamNonBlocking), "make a stream"); !status)
    return status.error();
  result.device = std::move(device);
  return result;
}

Stream &Stream::operator=(Stream &&other) noexcept {
  std::swap(device, other.device);
  std::swap(stream, other.stream);
  return *this;
}

Stream::~Stream() {
  if (device)
    driver().streamDestroy(stream);
}

Status Stream::copyToDevice(DeviceAddress target, const void *source, uint64_t bytes) {
  return driver().check(driver().memcpyToDevice(target, source, bytes, stream), "copy to the GPU");
}

Status Stream::copyToHost(void *target, DeviceAddress source, uint64_t bytes) {
  return driver().check(driver().memcpyToHost(target, source, bytes, stream), "copy from the GPU");
}

Status Stream::copyOnDevice(DeviceAddress target, DeviceAddress source, uint64_t bytes) {
  return driver().check(driver().memcpyOnDevice(target, source, bytes, stream), "copy on the GPU");
}

Status Stream::fill(DeviceAddress target, uint8_t value, uint64_t bytes) {
  return driver().check(driver().memset8(target, value, bytes, stream), "fill memory of the GPU");
}

Status Stream::wait(const Event &event) {
  return driver().check(driver().streamWaitEvent(stream, event.get(), 0), "wait for another stream");
}

Status Stream::launch(const Graph &graph) {
  return driver().check(driver().graphLaunch(graph.get(), stream), "launch a graph");
}

Status Stream::synchronize() {
  return driver().check(driver().streamSynchronize(stream), "finish the work on the GPU");
}

Result<Event> Event::create(std::shared_ptr<const Device> device, bool isTimed) {
  Event result;
  const Driver &driver = device->driver();
  unsigned flags = isTimed ? kEventDefault : kEventDisableTiming;
  if (Status status = driver.check(driver.eventCreate(&result.event, flags), "make an event"); !status)
    return status.error();
  result.device = std::move(device);
  return result;
}

Event &Event::operator=(Event &&other) noexcept {
  std::swap(device, other.device);
  std::swap(event, other.event);
  return *this;
}

Event::~Event() {
  if (device)
    device->driver().eventDestroy(event);
}

Status Event::record(const Stream &stream) {
  return stream.driver().check(stream.driver().eventRecord(event, stream.get()), "record an event");
}

Status Event::synchronize() {
  return device->driver().check(device->driver().eventSynchronize(event), "wait for an event");
}

Result<float> Event::millisecondsSince(const Event &start) const {
  float milliseconds = 0;
  DriverResult code = device->driver().eventElapsedTime(&milliseconds, start.event, event);
  if (Status status = device->driver().check(code, "measure a time"); !status)
    return status.error();
  return milliseconds;
}

Result<Graph> Graph::capture(Stream &stream, const std::function<Status()> &work) {
  const Driver &driver = stream.driver();
  DriverResult code = driver.streamBeginCapture(stream.get(), kCaptureModeThreadLocal);
  if (Status status = driver.check(code, "capture a graph"); !status)
    return status.error();
  Status done = work();
  // Ended in any case, or the stream is of no more use.
  GraphObject *graph = nullptr;
  code = driver.streamEndCapture(stream.get(), &graph);
  Graph result;
  Status ended = driver.check(code, "capture a graph");
  if (done && ended)
    ended = driver.check(driver.graphInstantiate(&result.exec, graph, 0), "make a graph ready");
  if (graph)
    driver.graphDestroy(graph);
  if (!done)
    return done.error();
  if (!ended)
    return ended.error();
  result.device = stream.owner();
  return result;
}

Graph &Graph::operator=(Graph &&other) noexcept {
  std::swap(device, other.device);
  std::swap(exec, other.exec);
  return *this;
}

Graph::~Graph() {
  if (device)
    device->driver().graphExecDestroy(exec);
}
