"""PyTorch on the same GPU, checkpoint and images: what a user would run without stas.

Neurons are those of SpikingJelly with each backend that is installed (torch, cupy, triton), else of tools/stas-train's
reference; each eager, under torch.compile and as a CUDA graph; in float32 (TF32 allowed), under autocast to float16 and
bfloat16, and in half precision throughout. A way whose predictions are not those of float32 on 99 images of 100 is named and
does not count. All are warmed up; the best of the rounds counts.
"""
import os
import sys
import time

import torch

from models import TRAIN

sys.path.insert(0, TRAIN)
from stas_train.checkpoint import load  # noqa: E402
from stas_train.lif import LIF  # noqa: E402

ROUNDS, SECONDS = 5, 0.5


def backends():
    """{name: factory of a module that takes a LIF's place; None: the reference's}"""
    try:
        from spikingjelly.activation_based import functional, neuron
    except ImportError:
        return {"PyTorch": None}

    class Jelly(torch.nn.Module):
        """A multi-step node in place of the reference's: states are not needed where nothing halts."""

        def __init__(self, lif, backend):
            super().__init__()
            self.node = neuron.LIFNode(tau=lif.tau, decay_input=lif.decay_input, v_threshold=lif.v_th,
                                       v_reset=None if lif.soft else lif.v_reset, detach_reset=True, step_mode="m",
                                       backend=backend)

        def forward(self, x, v=None):
            functional.reset_net(self.node)
            return self.node(x.contiguous()), None, []

    found = {"PyTorch": None}
    for backend in ("torch", "cupy", "triton"):
        try:
            neuron.LIFNode(step_mode="m", backend=backend)(torch.zeros(2, 1, device="cuda"))
            found["SpikingJelly " + backend] = lambda lif, backend=backend: Jelly(lif, backend)
        except Exception:  # a backend raises whatever its package does where it is not installed
            continue
    return found


def model_of(checkpoint, factory, dtype):
    model = load(checkpoint)[0].eval()
    if factory:
        for module in list(model.modules()):
            for name, child in list(module.named_children()):
                if isinstance(child, LIF) and not child.strict:
                    setattr(module, name, factory(child))
    return model.to("cuda", dtype)


class Peer:
    """One way to run the model on batches of one size."""

    def __init__(self, model, way, autocast, dtype, example):
        self.autocast, self.dtype = autocast, dtype
        self.call = torch.compile(model) if way == "compile" else model
        self.static = None
        if way != "graph":
            return
        self.static = example.clone()
        side = torch.cuda.Stream()
        with torch.cuda.stream(side):
            for _ in range(3):
                self.plain(self.static)
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.result = self.plain(self.static)

    def plain(self, images):
        with torch.inference_mode(), torch.autocast("cuda", self.autocast or torch.float16, enabled=bool(self.autocast)):
            result = self.call(images)
        return result[0] if isinstance(result, tuple) else result

    def __call__(self, images):
        if self.static is None:
            return self.plain(images)
        self.static.copy_(images, non_blocking=True)
        self.graph.replay()
        return self.result


def seconds_of(peer, images):
    """Of a batch, copies to and from the GPU included, as for an artifact."""
    host = images.cpu().pin_memory()
    def once():
        return peer(host if peer.static is not None else host.to("cuda", non_blocking=True)).float().cpu()
    for _ in range(3):
        once()
    start = time.perf_counter()
    once()
    turns = max(1, int(SECONDS / (time.perf_counter() - start)))
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(turns):
            once()
        best = min(best, (time.perf_counter() - start) / turns)
    return best


def measure_peers(checkpoint, images, batches):
    if not torch.cuda.is_available():
        return {"skipped": "this torch (%s) sees no GPU" % torch.__version__}
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    images = torch.as_tensor(images)
    axis = images.dim() - 4  # frames come before the batch
    kinds = {"float32": (None, torch.float32), "autocast float16": (torch.float16, torch.float32),
             "autocast bfloat16": (torch.bfloat16, torch.float32), "float16": (None, torch.float16),
             "bfloat16": (None, torch.bfloat16)}
    report = {"torch": torch.__version__, "batches": {}}
    reference = model_of(checkpoint, None, torch.float32)
    for batch in batches:
        repeats = -(-batch // images.shape[axis])
        part = torch.cat([images] * repeats, axis).narrow(axis, 0, batch).cuda()
        with torch.inference_mode():
            expected = reference(part)
            expected = (expected[0] if isinstance(expected, tuple) else expected).argmax(1)
        ways = {}
        for backend, factory in backends().items():
            for kind, (autocast, dtype) in kinds.items():
                for way in ("eager", "compile", "graph"):
                    name, row = "%s, %s, %s" % (backend, way, kind), {}
                    try:
                        mine = part.to(dtype)
                        peer = Peer(model_of(checkpoint, factory, dtype), way, autocast, dtype, mine)
                        row["agreement"] = float((peer(mine).argmax(1) == expected).float().mean())
                        row["images_per_second"] = batch / seconds_of(peer, mine)
                        row["counts"] = row["agreement"] >= 0.99
                    except Exception as error:  # torch.compile and graphs raise whatever they like; out of memory too
                        row = {"failed": "%s: %s" % (type(error).__name__, (str(error).splitlines() or [""])[0][:200])}
                    ways[name] = row
                    torch.compiler.reset() if hasattr(torch, "compiler") else None
                    torch.cuda.empty_cache()
        valid = {name: row["images_per_second"] for name, row in ways.items() if row.get("counts")}
        best = max(valid, key=valid.get) if valid else None
        report["batches"][str(batch)] = {"best": best, "images_per_second": valid.get(best), "ways": ways}
    return report
