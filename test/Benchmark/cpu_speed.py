#!/usr/bin/env python3
"""Images per second of compiled artifacts, as ratios to PyTorch on the same checkpoint, images, threads and machine.

    cpu_speed.py [--threads 2] [--batch 1 32] [--precision f32 int16 int8] [--baseline eager compile] [--json FILE]
                 [CHECKPOINT...]

Without a checkpoint: the trained models under test/Inputs and a Spikformer 4-384 drawn such that its layers fire at the
rates of the trained CIFAR-10 model (`stas-train draw --rates`). The images are random ones of natural statistics
(stas_train.draw), or those of --input.

The baselines are the reference models of tools/stas-train in inference mode, in the Python that runs this script: eager
and torch.compile, in float32, under bfloat16 autocast, and with all of the model in bfloat16. Use a current torch from
PyPI in a virtual environment (Debian's multiplies matrices too slowly to be a baseline). Its version and its rate at a
1024 x 1024 product are printed. All sides take turns, and the best of the rounds counts for each. torch.compile needs
minutes for each of them; --baseline eager leaves it out, and what it cannot take is named and left out. This is a
report, not a test.
"""
import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
TRAIN = os.path.join(ROOT, "tools", "stas-train")
STAS = os.path.join(ROOT, "build", "bin", "stas")
sys.path.insert(0, TRAIN)

from stas_train.checkpoint import load  # noqa: E402
from stas_train.data import Source  # noqa: E402
from stas_train.draw import inputs  # noqa: E402


def run(*words):
    result = subprocess.run(words, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit {result.returncode}\n{result.stderr[-2000:]}")
    return result.stdout


def gemm_rate(dtype):
    """GFLOP/s of a product of 1024 x 1024 matrices."""
    a = torch.randn(1024, 1024).to(dtype)
    best = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        a @ a
        best = min(best, time.perf_counter() - start)
    return 2 * 1024**3 / best / 1e9


class Torch:
    """One way to run the reference model."""

    def __init__(self, checkpoint, compiled, kind):
        self.name = f"{'compile' if compiled else 'eager'} {kind}"
        self.is_bf16 = kind != "fp32"
        self.dtype = torch.bfloat16 if kind == "bf16" else torch.float32
        self.autocast = kind == "autocast"
        model = load(checkpoint)[0].eval().to(self.dtype)
        self.model = torch.compile(model) if compiled else model

    def seconds(self, images, batch):
        axis = images.dim() - 4  # frames come before the batch
        context = torch.autocast("cpu", torch.bfloat16) if self.autocast else contextlib.nullcontext()
        parts = [part.to(self.dtype) for part in images.split(batch, axis)]
        with torch.inference_mode(), context:
            start = time.perf_counter()
            for part in parts:
                self.model(part)
            return time.perf_counter() - start


class Stas:
    """An artifact."""

    def __init__(self, checkpoint, precision, folder, threads, flags):
        self.name, self.threads = precision, threads
        self.artifact = os.path.join(folder, precision + ".stas")
        self.images = os.path.join(folder, "images.npy")
        run(STAS, "compile", checkpoint, "-o", self.artifact, "--precision=" + precision, *flags)

    def seconds(self, images, batch):
        figures = json.loads(run(STAS, "run", self.artifact, "--input", self.images, "--json", "--threads",
                                 str(self.threads), "--batch", str(batch)))
        return figures["seconds"]


def contestants(checkpoint, folder, options):
    for compiled in (way == "compile" for way in options.baseline):
        for kind in ("fp32", "autocast", "bf16"):
            yield Torch(checkpoint, compiled, kind)
    for precision in options.precision:
        yield Stas(checkpoint, precision, folder, options.threads, options.compile_option)


def measure(checkpoint, folder, options):
    """[(batch, {name: images per second})]"""
    model = load(checkpoint)[0]
    if options.input:
        source = Source(options.input, model.config, options.images)
        images = torch.cat([torch.as_tensor(x) for x, _ in source.batches(100)])
    else:
        images = inputs(model, options.images, 77)
    np.save(os.path.join(folder, "images.npy"), images.numpy())
    count = images.shape[-4]
    sides = list(contestants(checkpoint, folder, options))
    for batch in options.batch:
        best = {}
        for turn in range(options.rounds + 1):  # the first warms up, and compiles
            for side in list(sides):
                few = images[..., :2 * batch, :, :, :] if turn == 0 and isinstance(side, Torch) else images
                try:
                    seconds = side.seconds(few, batch)
                except Exception as e:  # torch.compile raises whatever it likes
                    print(f"  {side.name}: {type(e).__name__}: {str(e).splitlines()[0][:90]}", flush=True)
                    sides.remove(side)
                    continue
                if turn > 0:
                    best[side.name] = max(best.get(side.name, 0.0), count / seconds)
        yield batch, best


def draw_4_384(folder):
    trained = os.path.join(ROOT, "test", "Inputs", "trained", "stas-cifar10.pth")
    images, rates = os.path.join(folder, "rates.npy"), os.path.join(folder, "rates.json")
    np.save(images, inputs(load(trained)[0], 64, 5).numpy())
    with open(rates, "w") as f:
        f.write(run(sys.executable, TRAIN, "evaluate", trained, "--input", images, "--json"))
    path = os.path.join(folder, "spikformer-4-384.pth")
    run(sys.executable, TRAIN, "draw", "--family", "spikformer", "--dim", "384", "--depth", "4", "--heads", "12",
        "--rates", rates, "--calibration-images", "16", "--seed", "1", "-o", path)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs="*")
    parser.add_argument("--input", help="images, as `stas-train evaluate` takes them")
    parser.add_argument("--images", type=int, default=96)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 32])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--precision", nargs="+", default=["f32", "int16", "int8"])
    parser.add_argument("--baseline", nargs="+", choices=("eager", "compile"), default=["eager", "compile"])
    parser.add_argument("--compile-option", action="append", default=[], help="passed on to `stas compile`")
    parser.add_argument("--json", help="write all figures there")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    blas = "MKL" if torch.backends.mkl.is_available() else "without MKL"
    print(f"torch {torch.__version__} ({blas}), product of 1024 x 1024: {gemm_rate(torch.float32):.0f} GFLOP/s in float32, "
          f"{gemm_rate(torch.bfloat16):.0f} in bfloat16; {options.threads} threads; images/s, and ratios to the best of "
          "PyTorch in float32 and in bfloat16")
    print(f"{'model':24} {'batch':>5} {'fp32':>9} {'bf16':>9}  best of PyTorch" + " " * 19 +
          "".join(f"{p:>9} {'/fp32':>7} {'/bf16':>7}" for p in options.precision))
    everything = []
    with tempfile.TemporaryDirectory() as work:
        trained = os.path.join(ROOT, "test", "Inputs", "trained")
        checkpoints = options.checkpoints or [draw_4_384(work)] + [
            os.path.join(trained, name) for name in sorted(os.listdir(trained)) if name.endswith(".pth")]
        for checkpoint in checkpoints:
            for batch, rates in measure(checkpoint, work, options):
                name = os.path.basename(checkpoint)
                fp32 = max((k for k in rates if k.endswith("fp32")), key=rates.get)
                bf16 = max((k for k in rates if k.endswith(("bf16", "autocast"))), key=rates.get)
                row = f"{name:24} {batch:5} {rates[fp32]:9.1f} {rates[bf16]:9.1f}  {fp32 + ', ' + bf16:33} "
                for p in options.precision:
                    row += f"{rates[p]:9.1f} {rates[p] / rates[fp32]:6.2f}x {rates[p] / rates[bf16]:6.2f}x"
                print(row, flush=True)
                everything.append({"model": name, "batch": batch, "images_per_second": rates})
    if options.json:
        with open(options.json, "w") as f:
            json.dump(everything, f, indent=1)


if __name__ == "__main__":
    main()
