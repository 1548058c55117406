"""Plays the plan of an artifact step by step: the spikes that its kernels write, and the time of each launch.

`stas run` gives a GPU the whole plan as one graph; here its steps are launched one by one, every buffer in memory of its
own, so that what a layer wrote can be seen and timed.
"""
import ctypes
import json
import os
import statistics
import tempfile

import numpy as np

from models import run


class Plan:
    def __init__(self, stas, artifact, driver):
        self.driver = driver
        self.manifest = json.loads(run(stas, "dump", artifact, "--json"))
        plan = self.manifest["cudaplan"]
        self.buffers, self.steps, self.input = plan["buffers"], plan["steps"], plan["input_buffer"]
        # The newest architecture that this GPU runs; machine code runs on its own alone, and so does sm_90a.
        def runs(code):
            number = int("".join(filter(str.isdigit, code["architecture"])))
            exact = code["form"] == "cubin" or code["architecture"].endswith("a")
            return number == driver.architecture if exact else number <= driver.architecture
        codes = [code for code in plan["codes"] if code["form"] == "ptx" and runs(code)]
        code = max(codes, key=lambda code: (int("".join(filter(str.isdigit, code["architecture"]))), code["architecture"]))
        with tempfile.TemporaryDirectory() as folder:
            def section(name):
                path = os.path.join(folder, "section")
                run(stas, "dump", artifact, "--section", name, "-o", path)
                with open(path, "rb") as file:
                    return file.read()
            module = driver.module(section(code["section"]))
            weights = section("weights")
        self.architecture = code["architecture"]
        self.weights = driver.allocate(len(weights))
        driver.upload(self.weights, weights)
        self.kernels = {kernel["name"]: (driver.function(module, kernel["name"], kernel["shared_bytes"]), kernel)
                        for kernel in plan["kernels"]}

    def size(self, number, batch):
        return self.buffers[number]["fixed_bytes"] + self.buffers[number]["image_bytes"] * batch

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
        for argument in launch["arguments"]:
            (kind, value), = argument.items()
            if kind in ("read", "write", "update"):
                arguments.append(ctypes.c_uint64(self.addresses[value]))
            elif kind == "weights":
                arguments.append(ctypes.c_uint64(self.weights + value))
            else:
                arguments.append(ctypes.c_uint32(value * batch if kind == "per_image" else value))
        blocks = -(-launch["rows_per_image"] * batch // launch["rows_per_block"]) * launch["blocks_per_rows"]
        self.driver.launch(function, blocks, kernel["threads"], kernel["shared_bytes"], arguments)

    def seconds(self, images, rounds):
        """The median time of each step."""
        batch = len(images)
        self.place(images)
        events = [self.driver.event() for _ in range(len(self.steps) + 1)]
        times = [[] for _ in self.steps]
        for turn in range(rounds + 3):  # three warm up
            self.driver.record(events[0])
            for i, step in enumerate(self.steps):
                self.start(step, batch)
                self.driver.record(events[i + 1])
            self.driver.wait()
            for i in range(len(self.steps) if turn >= 3 else 0):
                times[i].append(self.driver.seconds(events[i], events[i + 1]))
        self.release()
        return [statistics.median(each) for each in times]

    def written(self, images):
        """(layer, {"read": [bytes of each buffer], "write": ...}) of each layer of each launch, in order, right after it."""
        self.place(images)
        for step in self.steps:
            self.start(step, len(images))
            if "launch" not in step:
                continue
            found = {"read": [], "write": [], "update": []}
            for argument in step["launch"]["arguments"]:
                (kind, value), = argument.items()
                if kind in found:
                    content = self.driver.download(self.addresses[value], self.size(value, len(images)))
                    found[kind].append(np.frombuffer(content, np.uint8))
            yield from parts_of(step["layer"], found)
        self.release()


def parts_of(names, found):
    """What each layer of a launch reads and writes; of several layers, their spikes are what the launch writes last."""
    layers = names.split(", ")
    if len(layers) == 1:
        return [(names, found)]
    return [(layer, {"read": [], "write": [spikes], "update": []}) for layer, spikes in zip(layers, found["write"][-len(layers):])]


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
    """What may be the spikes of a launch: those that it writes, or what its residual sum adds to what it reads."""
    for sums in found["write"] + found["update"]:
        yield bits(sums, rows, channels)
        total = counts(sums, rows, channels)
        for stream in found["read"] if total is not None else ():
            for before in (counts(stream, rows, channels), bits(stream, rows, channels)):
                if before is not None and len(before) in (1, len(total)) and (total >= before).all():
                    yield ((total - before) > 0).astype(np.uint8)


def compare_spikes(plan, images, folder):
    """Layers whose spikes on the GPU are those of the CPU's dump, differ, or never leave a kernel."""
    expected = {}
    for file in sorted(os.listdir(folder)):
        dump = np.load(os.path.join(folder, file))
        if dump.ndim == 5:  # [T, B, C, H, W]
            dump = dump.transpose(0, 1, 3, 4, 2).reshape(dump.shape[0], dump.shape[1], -1, dump.shape[2])
        expected[file[:-len(".npy")]] = dump.reshape(dump.shape[0], -1, dump.shape[-1])
    same, seen = {}, {}
    for layer, found in plan.written(images):
        if layer not in expected:
            continue
        dump = expected[layer]
        first = seen.get(layer, 0)  # timesteps that earlier launches of the layer made
        candidates = [c for c in spikes_of(found, dump.shape[1], dump.shape[2]) if c is not None]
        matching = [c for c in candidates if np.array_equal(c, dump[first:first + len(c)])]
        steps = len((matching or candidates or [dump[:1]])[0])
        same[layer] = same.get(layer, True) and bool(matching) if candidates else same.get(layer)
        seen[layer] = first + steps
    return {"same": sorted(k for k, v in same.items() if v), "different": sorted(k for k, v in same.items() if v is False),
            "unseen": sorted(set(expected) - {k for k, v in same.items() if v is not None})}
