//===- Streams.cpp - Streams, events, copies and graphs -------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "State.h"

#include <algorithm>
#include <cstring>

using namespace stas::cuda;

static bool isPinned(const State &state, const void *memory, size_t bytes) {
  auto address = reinterpret_cast<uint64_t>(memory);
  auto after = state.pinned.upper_bound(address);
  if (after == state.pinned.begin())
    return false;
  const auto &[begin, size] = *std::prev(after);
  return address - begin <= size && bytes <= size - (address - begin);
}

/// Breaks the capture of a stream that is to copy memory that is not pinned: whether it is read now or when the graph
/// is launched, the manual leaves open. kSuccess otherwise.
static DriverResult refuseInCapture(const State &state, const void *memory, size_t bytes, StreamObject *stream) {
  if (!stream || !stream->graph || isPinned(state, memory, bytes))
    return kSuccess;
  stream->graph->isBroken = true;
  return kCaptureUnsupported;
}

DriverResult stas::cuda::cuMemcpyHtoDAsync_v2(DeviceAddress target, const void *source, size_t bytes,
                                              StreamObject *stream) {
  STAS_ENTER_CONTEXT()
  if (!state.memory.contains(target, bytes))
    return kInvalidValue;
  auto *to = reinterpret_cast<uint8_t *>(target);
  const auto *from = static_cast<const uint8_t *>(source);
  if (DriverResult code = refuseInCapture(state, source, bytes, stream); code != kSuccess)
    return code;
  // What is not pinned, the driver takes before it returns.
  if (isPinned(state, source, bytes))
    return state.submit(stream, [=] {
      std::memcpy(to, from, bytes);
      return kSuccess;
    });
  return state.submit(stream, [=, taken = std::vector<uint8_t>(from, from + bytes)] {
    std::copy(taken.begin(), taken.end(), to);
    return kSuccess;
  });
}

DriverResult stas::cuda::cuMemcpyDtoHAsync_v2(void *target, DeviceAddress source, size_t bytes, StreamObject *stream) {
  STAS_ENTER_CONTEXT()
  if (!state.memory.contains(source, bytes))
    return kInvalidValue;
  if (DriverResult code = refuseInCapture(state, target, bytes, stream); code != kSuccess)
    return code;
  DriverResult code = state.submit(stream, [=] {
    std::memcpy(target, reinterpret_cast<const void *>(source), bytes);
    return kSuccess;
  });
  // To memory that is not pinned, the driver waits.
  if (code != kSuccess || !stream || stream->graph || isPinned(state, target, bytes))
    return code;
  return state.finish(stream, stream->submitted);
}

DriverResult stas::cuda::cuMemcpyDtoDAsync_v2(DeviceAddress target, DeviceAddress source, size_t bytes,
                                              StreamObject *stream) {
  STAS_ENTER_CONTEXT()
  if (!state.memory.contains(source, bytes) || !state.memory.contains(target, bytes))
    return kInvalidValue;
  return state.submit(stream, [=] {
    std::memmove(reinterpret_cast<void *>(target), reinterpret_cast<const void *>(source), bytes);
    return kSuccess;
  });
}

DriverResult stas::cuda::cuMemsetD8Async(DeviceAddress target, unsigned char value, size_t bytes,
                                         StreamObject *stream) {
  STAS_ENTER_CONTEXT()
  if (!state.memory.contains(target, bytes))
    return kInvalidValue;
  return state.submit(stream, [=] {
    std::memset(reinterpret_cast<void *>(target), value, bytes);
    return kSuccess;
  });
}

DriverResult stas::cuda::cuStreamCreate(StreamObject **stream, unsigned) {
  STAS_ENTER_CONTEXT()
  *stream = *state.streams.insert(new StreamObject(current())).first;
  return kSuccess;
}

DriverResult stas::cuda::cuStreamDestroy_v2(StreamObject *stream) {
  STAS_ENTER_CONTEXT()
  if (!stream || !state.has(stream))
    return kInvalidHandle;
  DriverResult code = state.finish(stream, stream->submitted);
  for (EventObject *event : state.events)
    if (event->stream == stream)
      event->stream = nullptr;
  state.streams.erase(stream);
  delete stream;
  return code;
}

DriverResult stas::cuda::cuStreamSynchronize(StreamObject *stream) {
  STAS_ENTER_CONTEXT()
  if (!state.has(stream))
    return kInvalidHandle;
  if (!stream)
    return state.finishAll();
  if (stream->graph) {
    stream->graph->isBroken = true;
    return kCaptureUnsupported;
  }
  return state.finish(stream, stream->submitted);
}

DriverResult stas::cuda::cuStreamWaitEvent(StreamObject *stream, EventObject *event, unsigned) {
  STAS_ENTER_CONTEXT()
  if (!state.has(stream) || !state.events.count(event))
    return kInvalidHandle;
  if (event->graph) {
    if (!stream)
      return kCaptureUnsupported;
    // The stream joins the capture; the one that began it learns of the other's work.
    if (!stream->graph) {
      stream->graph = event->graph;
      stream->origin = event->stream ? event->stream->origin : nullptr;
      stream->isJoined = false;
      stream->capturedUpTo = event->position;
    }
    if (stream->graph != event->graph)
      return kCaptureUnsupported;
    if (stream == stream->origin && event->stream && event->stream != stream &&
        event->position >= event->stream->capturedUpTo)
      event->stream->isJoined = true;
    return kSuccess;
  }
  if (!event->isRecorded || !event->stream)
    return kSuccess;
  StreamObject *other = event->stream;
  uint64_t position = event->position;
  return state.submit(stream, [&state, other, position] {
    return state.streams.count(other) ? state.finish(other, position) : kSuccess;
  });
}

DriverResult stas::cuda::cuStreamBeginCapture_v2(StreamObject *stream, unsigned) {
  STAS_ENTER_CONTEXT()
  if (!stream || !state.has(stream))
    return kInvalidHandle;
  if (stream->graph)
    return kInvalidValue;
  stream->graph = std::make_shared<GraphObject>();
  stream->origin = stream;
  stream->isJoined = true;
  stream->capturedUpTo = 0;
  return kSuccess;
}

DriverResult stas::cuda::cuStreamEndCapture(StreamObject *stream, GraphObject **graph) {
  STAS_ENTER_CONTEXT()
  *graph = nullptr;
  if (!stream || !state.has(stream) || !stream->graph || stream->origin != stream)
    return kInvalidValue;
  std::shared_ptr<GraphObject> result = stream->graph;
  bool isJoined = true;
  for (StreamObject *other : state.streams)
    if (other->graph == result) {
      isJoined &= other->isJoined;
      other->graph = nullptr;
      other->origin = nullptr;
    }
  for (EventObject *event : state.events)
    if (event->graph == result) {
      event->graph = nullptr;
      event->isRecorded = false;
    }
  if (result->isBroken)
    return kCaptureInvalidated;
  if (!isJoined)
    return kCaptureUnjoined;
  *graph = result.get();
  state.graphs[*graph] = std::move(result);
  return kSuccess;
}

DriverResult stas::cuda::cuGraphInstantiateWithFlags(GraphExecObject **exec, GraphObject *graph, unsigned long long) {
  STAS_ENTER_CONTEXT()
  if (!state.graphs.count(graph))
    return kInvalidHandle;
  *exec = *state.executables.insert(new GraphExecObject{graph->work}).first;
  return kSuccess;
}

DriverResult stas::cuda::cuGraphDestroy(GraphObject *graph) {
  STAS_ENTER()
  return state.graphs.erase(graph) ? kSuccess : kInvalidHandle;
}

DriverResult stas::cuda::cuGraphExecDestroy(GraphExecObject *exec) {
  STAS_ENTER()
  if (!state.executables.count(exec))
    return kInvalidHandle;
  // A launch that waits has its own copy of the work.
  state.executables.erase(exec);
  delete exec;
  return kSuccess;
}

DriverResult stas::cuda::cuGraphLaunch(GraphExecObject *exec, StreamObject *stream) {
  STAS_ENTER_CONTEXT()
  if (!state.executables.count(exec))
    return kInvalidHandle;
  return state.submit(stream, [work = exec->work] {
    for (const Work &step : work)
      if (DriverResult code = step(); code != kSuccess)
        return code;
    return kSuccess;
  });
}

DriverResult stas::cuda::cuEventCreate(EventObject **event, unsigned flags) {
  STAS_ENTER_CONTEXT()
  *event = *state.events.insert(new EventObject).first;
  (*event)->isTimed = !(flags & kEventDisableTiming);
  return kSuccess;
}

DriverResult stas::cuda::cuEventDestroy_v2(EventObject *event) {
  STAS_ENTER_CONTEXT()
  if (!state.events.count(event))
    return kInvalidHandle;
  // Work may still set its time.
  DriverResult code = state.finishAll();
  state.events.erase(event);
  delete event;
  return code;
}

DriverResult stas::cuda::cuEventRecord(EventObject *event, StreamObject *stream) {
  STAS_ENTER_CONTEXT()
  if (!state.has(stream) || !state.events.count(event))
    return kInvalidHandle;
  event->isRecorded = true;
  event->stream = stream;
  event->graph = stream ? stream->graph : nullptr;
  if (event->graph) {
    event->position = event->graph->work.size();
    return kSuccess;
  }
  DriverResult code = state.submit(stream, [event] {
    event->time = std::chrono::steady_clock::now();
    return kSuccess;
  });
  event->position = stream ? stream->submitted : 0;
  return code;
}

DriverResult stas::cuda::cuEventSynchronize(EventObject *event) {
  STAS_ENTER_CONTEXT()
  if (!state.events.count(event))
    return kInvalidHandle;
  if (event->graph)
    return kCaptureUnsupported;
  return event->isRecorded && event->stream ? state.finish(event->stream, event->position) : kSuccess;
}

DriverResult stas::cuda::cuEventElapsedTime(float *milliseconds, EventObject *start, EventObject *end) {
  STAS_ENTER_CONTEXT()
  for (EventObject *event : {start, end}) {
    if (!state.events.count(event) || !event->isTimed || !event->isRecorded)
      return kInvalidHandle;
    if (event->stream && event->stream->done < event->position)
      return static_cast<DriverResult>(600); // CUDA_ERROR_NOT_READY
  }
  *milliseconds = std::chrono::duration<float, std::milli>(end->time - start->time).count();
  return kSuccess;
}
