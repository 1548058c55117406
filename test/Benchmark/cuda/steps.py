"""Plays the plan of an artifact step by step: the spikes that its kernels write, and the time of each launch.

`stas run` gives a GPU the whole plan as one graph; here its steps are launched one by one, every buffer in memory of its
own, so that what a layer wrote can be seen and timed.
"""
import ctypes
import json
import math
import os
import statistics
import tempfile
import time

import numpy as np

from models import run

STALL = 256 << 20  # bytes of a fill that keeps a GPU busy while a plan is queued behind it


def number_of(architecture):
    return int("".join(filter(str.isdigit, architecture)))


class Plan:
    def __init__(self, stas, env, artifact, driver):
        self.driver, self.env, self.artifact = driver, env, artifact
        self.manifest = json.loads(run(stas, "dump", artifact, "--json", env=env))
        plan = self.manifest["cudaplan"]
        self.buffers, self.steps, self.input = plan["buffers"], plan["steps"], plan["input_buffer"]
        # The newest architecture that this GPU runs; machine code runs on its own alone, and so does sm_90a.
        def runs(code):
            number, is_exact = number_of(code["architecture"]), code["architecture"].endswith("a")
            return number == driver.architecture if is_exact else number <= driver.architecture
        codes = [code for code in plan["codes"] if code["form"] == "ptx" and runs(code)]
        code = max(codes, key=lambda code: (number_of(code["architecture"]), code["architecture"]))
        with tempfile.TemporaryDirectory() as folder:
            def section(name):
                path = os.path.join(folder, "section")
                run(stas, "dump", artifact, "--section", name, "-o", path, env=env)
                with open(path, "rb") as file:
                    return file.read()
            self.module = driver.module(section(code["section"]))
            weights = section("weights")
        self.architecture = code["architecture"]
        self.weights, self.weights_bytes = driver.allocate(len(weights)), len(weights)
        driver.upload(self.weights, weights)
        self.kernels = {kernel["name"]: (driver.function(self.module, kernel["name"], kernel["shared_bytes"]), kernel)
                        for kernel in plan["kernels"]}
        offsets = sorted({value for step in self.steps for kind, value in arguments_of(step) if kind == "weights"})
        self.constants = dict(zip(offsets, np.diff([*offsets, len(weights)]).tolist()))

    def close(self):
        self.driver.free(self.weights)
        self.driver.unload(self.module)

    def size(self, number, batch):
        return self.buffers[number]["fixed_bytes"] + self.buffers[number]["image_bytes"] * batch

    def traffic(self, step, batch):
        """Bytes that a step has to move, were each moved once."""
        if "fill" in step:
            return self.size(step["fill"]["buffer"], batch)
        factors = {"read": 1, "write": 1, "update": 2}
        return sum(factors[kind] * self.size(value, batch) if kind in factors else self.constants.get(value, 0)
                   for kind, value in arguments_of(step) if kind in factors or kind == "weights")

    def place(self, images):
        """Memory for a batch, the images in it."""
        batch = len(images)
        self.addresses = [self.driver.allocate(self.size(i, batch)) for i in range(len(self.buffers))]
        self.driver.upload(self.addresses[self.input], images.astype(np.float32).tobytes())

    def release(self):
        for address in self.addresses:
            self.driver.free(address)

    def start(self, step, batch):
        if "fill" in step:
            which = step["fill"]["buffer"]
            return self.driver.fill(self.addresses[which], step["fill"]["value"], self.size(which, batch))
        launch, arguments = step["launch"], []
        function, kernel = self.kernels[launch["kernel"]]
        for kind, value in arguments_of(step):
            if kind in ("read", "write", "update"):
                arguments.append(ctypes.c_uint64(self.addresses[value]))
            elif kind == "weights":
                arguments.append(ctypes.c_uint64(self.weights + value))
            else:
                arguments.append(ctypes.c_uint32(value * batch if kind == "per_image" else value))
        blocks = -(-launch["rows_per_image"] * batch // launch["rows_per_block"]) * launch["blocks_per_rows"]
        self.driver.launch(function, blocks, kernel["threads"], kernel["shared_bytes"], arguments)

    def encoder(self):
        """The first of its steps, and the first behind."""
        steps = [i for i, step in enumerate(self.steps) if step["layer"].startswith("block")]
        return (steps[0], steps[-1] + 1) if steps else (0, 0)

    def seconds(self, images, marks, rounds):
        """The median times from each of some steps to the next, or to the end.

        Launches are queued behind fills, which take longer than queueing does: kernels of some microseconds follow one
        another as they do in a graph.
        """
        driver, batch = self.driver, len(images)
        self.place(images)
        events = {mark: driver.event() for mark in (*marks, len(self.steps))}
        stall, (before, after) = driver.allocate(STALL), (driver.event(), driver.event())
        ends, times, fills = sorted(events), [], 1
        for turn in range(rounds + 3):  # three warm up
            driver.record(before)
            driver.fill(stall, 0, STALL)
            driver.record(after)
            for _ in range(fills - 1):
                driver.fill(stall, 0, STALL)
            start = time.perf_counter()
            for i, step in enumerate(self.steps):
                if i in events:
                    driver.record(events[i])
                self.start(step, batch)
            driver.record(events[len(self.steps)])
            queueing = time.perf_counter() - start
            driver.wait()
            if turn < 3:
                fills = min(400, 1 + math.ceil(1.5 * queueing / max(driver.seconds(before, after), 1e-6)))
            else:
                times.append([driver.seconds(events[a], events[b]) for a, b in zip(ends, ends[1:])])
        driver.free(stall)
        for event in (before, after, *events.values()):
            driver.destroy(event)
        self.release()
        return [statistics.median(each) for each in zip(*times)]

    def written(self, images):
        """(step, {"read": [bytes of each buffer], "write": ...}) of each launch, in order, right after it."""
        self.place(images)
        for step in self.steps:
            self.start(step, len(images))
            if "launch" not in step:
                continue
            found = {"read": [], "write": [], "update": []}
            for kind, value in arguments_of(step):
                if kind in found:
                    content = self.driver.download(self.addresses[value], self.size(value, len(images)))
                    found[kind].append(np.frombuffer(content, np.uint8))
            yield step, found
        self.release()


def arguments_of(step):
    return [next(iter(argument.items())) for argument in step["launch"]["arguments"]] if "launch" in step else []


def bits(content, rows, channels):
    """Spikes [T, rows, channels] of packed ones, channels padded to 128; nothing where that is not their size."""
    line = (channels + 127) // 128 * 16
    if len(content) == 0 or len(content) % (rows * line):
        return None
    return np.unpackbits(content.reshape(-1, rows, line), axis=-1, bitorder="little")[..., :channels]


def counts(content, rows, channels):
    """Bytes [T, rows, channels], padded to 16."""
    line = (channels + 15) // 16 * 16
    return None if len(content) == 0 or len(content) % (rows * line) else content.reshape(-1, rows, line)[..., :channels]


def spikes_of(found, rows, channels):
    """(array, whether it counts) of what may be the spikes of a launch: those that it writes, how often its neurons fired, or
    what its residual sum adds to what it reads."""
    for sums in found["write"] + found["update"]:
        yield bits(sums, rows, channels), False
        total = counts(sums, rows, channels)
        if total is None:
            continue
        yield total, True
        for stream in found["read"]:
            for before in (counts(stream, rows, channels), bits(stream, rows, channels)):
                if before is not None and len(before) in (1, len(total)):
                    # A branch's spike adds 1, or T where the stream is a sum over time; bytes wrap where rows are not in use.
                    yield (total != before).astype(np.uint8), False


class Comparison:
    """The spikes of a layer on the GPU against the CPU's dump [T, rows, channels], launch by launch.

    halting [rows]: where tokens halt in lexicographic order, for how many pairs of a timestep and a block each was active;
    what other rows hold nobody reads.
    """

    def __init__(self, layer, dump, halting, blocks):
        if dump.ndim == 5:  # [T, B, C, H, W]
            dump = dump.transpose(0, 1, 3, 4, 2).reshape(dump.shape[0], dump.shape[1], -1, dump.shape[2])
        self.dump = dump.reshape(dump.shape[0], -1, dump.shape[-1])
        self.active = np.ones(self.dump.shape[:2], bool)
        if halting is not None and layer.startswith("block."):
            pairs = np.arange(len(self.dump)) * blocks + int(layer.split(".")[1])
            self.active = halting.reshape(1, -1) > pairs[:, None]
        self.first, self.is_same = 0, None  # timesteps that earlier launches of the layer made; nothing seen so far

    def see(self, found):
        rows, channels = self.dump.shape[1:]
        lengths, matches = set(), set()
        for candidate, is_count in spikes_of(found, rows, channels):
            steps = 0 if candidate is None else len(candidate)
            expected, active = self.dump[self.first:self.first + steps], self.active[self.first:self.first + steps]
            if is_count:  # counts of all timesteps
                steps = len(self.dump) if steps == 1 and self.first == 0 else 0
                expected, active = self.dump.sum(0, dtype=np.uint8)[None], self.active[:1]
            if steps == 0 or candidate.shape != expected.shape:
                continue
            lengths.add(steps)
            if np.array_equal(candidate[active], expected[active]):
                matches.add(steps)
        if lengths:
            self.is_same = self.is_same is not False and bool(matches)
            self.first += min(matches or lengths)


def compare_spikes(plan, images, expected, halting):
    """Layers whose spikes on the GPU are those of the CPU's dump {layer: [T, B, ...]}, differ, or never leave a kernel."""
    layers = {layer: Comparison(layer, dump, halting, plan.manifest["blocks"]) for layer, dump in expected.items()}
    for step, found in plan.written(images):
        names = step["layer"].split(", ")  # layers of one launch: its last buffers are their spikes, in this order
        for name, written in zip(names, found["write"][-len(names):]):
            if name in layers:
                layers[name].see(found if len(names) == 1 else {"read": [], "write": [written], "update": []})
    return {"same": sorted(k for k, v in layers.items() if v.is_same),
            "different": sorted(k for k, v in layers.items() if v.is_same is False),
            "unseen": sorted(k for k, v in layers.items() if v.is_same is None)}
