"""PyTorch on the same GPU, checkpoint and images: what a user would run without stas. A process of its own, see workers.py.

Neurons are those of tools/stas-train's reference or of SpikingJelly, whose releases differ: up to 0.0.0.0.14 a node takes its
backend (torch, cupy), from 2 on SJ_LIF_CUDA_IMPLEMENTATION names it before the import (torch, triton, cuda). Each is run eager,
as a CUDA graph, compiled, and compiled as a CUDA graph; in float32 (TF32 allowed), under autocast to float16 and bfloat16,
and in half precision throughout. All are warmed up, and the best of the rounds counts.
"""
import importlib.metadata
import os
import sys
import time

import numpy as np
import torch

from models import TRAIN, load_images
from workers import serve

sys.path.insert(0, TRAIN)
from stas_train.checkpoint import load  # noqa: E402
from stas_train.halting import Halting  # noqa: E402
from stas_train.lif import LIF  # noqa: E402

ROUNDS, SECONDS, COMPARED = 3, 0.2, 64
KINDS = {"float32": (None, torch.float32), "autocast float16": (torch.float16, torch.float32),
         "autocast bfloat16": (torch.bfloat16, torch.float32), "float16": (None, torch.float16),
         "bfloat16": (None, torch.bfloat16)}
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
state = {}


def version_of(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def describe(task):
    """What is installed, and the rate of a product of bfloat16 matrices that this GPU reaches, operations a second."""
    found = {"torch": torch.__version__, "device": torch.cuda.get_device_name() if DEVICE == "cuda" else "cpu"}
    for package in ("spikingjelly", "triton"):
        found[package] = version_of(package)
    found["cupy"] = next((version_of(d.metadata["Name"]) for d in importlib.metadata.distributions()
                          if (d.metadata["Name"] or "").startswith("cupy")), None)
    if DEVICE == "cuda":
        a = torch.randn(8192, 8192, device=DEVICE, dtype=torch.bfloat16)
        found["bfloat16_rate"] = 2 * 8192**3 / seconds_of(lambda: a @ a, torch.cuda.synchronize)
    return found


def node_of(lif, backend):
    """SpikingJelly's node with the parameters of a reference's LIF."""
    from spikingjelly.activation_based import neuron
    words = dict(tau=lif.tau, decay_input=lif.decay_input, v_threshold=lif.v_th, v_reset=None if lif.soft else lif.v_reset,
                 detach_reset=True, step_mode="m")
    is_old = version_of("spikingjelly").startswith("0.")
    if is_old:
        words["backend"] = backend
    elif backend == "cupy":
        raise ValueError("SpikingJelly %s has no backend cupy" % version_of("spikingjelly"))
    elif os.environ.get("SJ_LIF_CUDA_IMPLEMENTATION") != backend:
        raise ValueError("required SJ_LIF_CUDA_IMPLEMENTATION=%s" % backend)
    elif DEVICE == "cpu" and backend != "torch":
        raise ValueError("backend %s needs a GPU" % backend)
    return neuron.LIFNode(**words)


class Jelly(torch.nn.Module):
    """A node in place of the reference's LIF, which hands on the membranes of models that halt."""

    def __init__(self, lif, backend):
        super().__init__()
        self.node, self.is_cupy = node_of(lif, backend), backend == "cupy"

    def forward(self, x, v=None):
        self.node.reset()
        if v is not None:
            self.node.v = v
        if not self.is_cupy:
            return self.node(x.contiguous()), self.node.v, []
        import cupy  # launches on a stream of its own, else
        with cupy.cuda.ExternalStream(torch.cuda.current_stream().cuda_stream):
            return self.node(x.contiguous()), self.node.v, []


def attempt(task):
    """Whether a backend's neurons fire as the reference's do, and the version that says so."""
    found = {"version": version_of("spikingjelly")}
    if not found["version"]:
        return {"why": "absent"}
    try:
        return {**found, "why": difference(task["backend"])}
    except Exception as error:  # whatever a package raises where it is not installed
        return {**found, "why": "%s: %s" % (type(error).__name__, (str(error).splitlines() or [""])[0][:300])}


def difference(backend):
    """What differs; nothing where nothing does."""
    torch.manual_seed(1)
    lif = LIF({"tau": 2.0, "v_reset": 0.0, "reset": "hard", "decay_input": True, "compare": "ge"}, 1.0)
    current = (torch.randn(4, 3, 128) * 2).to(DEVICE)
    with torch.inference_mode():
        differing = int((Jelly(lif, backend).to(DEVICE)(current)[0] != lif(current)[0]).sum())
    return "%d of %d spikes are not the reference's" % (differing, current.numel()) if differing else None


def model_of(task, dtype):
    model = load(task["checkpoint"])[0].eval()
    for module in list(model.modules()) if task["backend"] else ():
        for name, child in list(module.named_children()):
            if isinstance(child, LIF):
                if child.strict:
                    raise ValueError("SpikingJelly's neurons fire at their threshold, these only above")
                setattr(module, name, Jelly(child, task["backend"]))
    model = model.to(DEVICE, dtype)
    if "act" in model.config:
        model.head.float()  # halting sums in float32
    return model


class Peer:
    """One way to run the model on batches of one size."""

    def __init__(self, task, example):
        self.autocast, self.dtype = KINDS[task["kind"]]
        is_compiled, is_graph = "compile" in task["way"], "graph" in task["way"]
        # Whether all tokens have halted is looked up on the host, which neither a graph nor a compiled model can wait for.
        Halting.finished = finished if not (is_compiled or is_graph) else lambda halting: False
        key = (task["checkpoint"], task["backend"], task["kind"], task["batch"], is_compiled)
        if state.get("key") != key:  # the compiled model of a way is that of its graph
            state.clear()
            torch.compiler.reset() if hasattr(torch, "compiler") else None
            model = model_of(task, self.dtype)
            state.update(key=key, call=torch.compile(model, dynamic=False) if is_compiled else model)
        self.call, self.static = state["call"], None
        if is_graph:
            self.capture(example)

    def capture(self, example):
        if DEVICE == "cpu":
            raise ValueError("CUDA graphs need a GPU")
        self.static, side = example.clone(), torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self.plain(self.static)
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.result = self.plain(self.static)

    def plain(self, images):
        with torch.inference_mode(), torch.autocast(DEVICE, self.autocast or torch.bfloat16, enabled=bool(self.autocast)):
            result = self.call(images)
        return (result[0] if isinstance(result, tuple) else result).float()

    def __call__(self, images):
        """Of images on the host."""
        if self.static is None:
            return self.plain(images.to(DEVICE, non_blocking=True))
        self.static.copy_(images, non_blocking=True)
        self.graph.replay()
        return self.result


finished = Halting.finished


def seconds_of(once, wait):
    """Of one, where many follow one another and the last is waited for."""
    for _ in range(3):
        once()
    wait()
    start = time.perf_counter()
    once()
    wait()
    turns = max(1, int(SECONDS / (time.perf_counter() - start)))
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(turns):
            once()
        wait()
        best = min(best, (time.perf_counter() - start) / turns)
    return best


def measure(task):
    """Images a second with the copies to and from the GPU, as for an artifact: batches one behind another, and one alone."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    batch, wait = task["batch"], torch.cuda.synchronize if DEVICE == "cuda" else lambda: None
    expected = np.load(task["logits"])[:max(1, COMPARED)]
    images = load_images(task["images"])[:len(expected)]
    parts = []  # batches of all images that are compared
    for first in range(0, len(images), batch):
        part = np.take(images, range(first, first + batch), axis=0, mode="wrap")
        part = torch.as_tensor(part).to(KINDS[task["kind"]][1])
        parts.append(part.pin_memory() if DEVICE == "cuda" else part)
    with torch.no_grad():
        peer = Peer(task, parts[0].to(DEVICE))
        found = np.concatenate([peer(part).cpu().numpy() for part in parts])[:len(expected)]
        back = torch.empty(batch, found.shape[1], pin_memory=DEVICE == "cuda")
        def once():
            back.copy_(peer(parts[0]), non_blocking=True)
        def alone():
            once()
            wait()
        throughput, latency = seconds_of(once, wait), seconds_of(alone, wait)
    error = np.abs(found - expected).mean() / max(expected.std(), 1e-30)
    return {"agreement": float((found.argmax(1) == expected.argmax(1)).mean()), "error": float(error),
            "images_per_second": batch / throughput, "seconds_of_a_batch": latency}


def answer(task):
    try:
        return {"describe": describe, "attempt": attempt, "measure": measure}[task["do"]](task)
    except BaseException:
        state.clear()
        raise
    finally:
        if DEVICE == "cuda":
            torch.cuda.empty_cache()


if __name__ == "__main__":
    serve(answer)
