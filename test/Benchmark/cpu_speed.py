#!/usr/bin/env python3
"""Images per second of a compiled artifact, as a ratio to PyTorch on the same checkpoint, images, threads and machine.

    cpu_speed.py [--cpu native] [--threads 2] [--batch 1 32] [CHECKPOINT...]

Without a checkpoint: the trained models under test/Inputs and a drawn 4-384 Spikformer (BN calibrated, so that neurons
fire). The baseline is the reference model of tools/stas-train in inference mode, in the Python that runs this script: use
one with a current torch from PyPI, in a virtual environment (Debian's torch multiplies matrices too slowly to be a
baseline). Its version and its rate at a 1024 x 1024 matrix product are printed. Both sides take turns, and the best of
three rounds counts. This is a report, not a test.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import torch

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
TRAIN = os.path.join(ROOT, "tools", "stas-train")
STAS = os.path.join(ROOT, "build", "bin", "stas")


def run(*words):
    result = subprocess.run(words, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit {result.returncode}\n{result.stderr[-2000:]}")
    return result.stdout


def gemm_rate(threads):
    """GFLOP/s of a float32 product."""
    torch.set_num_threads(threads)
    a = torch.randn(1024, 1024)
    best = float("inf")
    for _ in range(10):
        start = time.perf_counter()
        a @ a
        best = min(best, time.perf_counter() - start)
    return 2 * 1024**3 / best / 1e9


def draw_4_384(folder):
    path = os.path.join(folder, "spikformer-4-384.pth")
    run(sys.executable, TRAIN, "draw", "--family", "spikformer", "--layout", "cifar", "--dim", "384", "--depth", "4",
        "--heads", "12", "--timesteps", "4", "--classes", "10", "--seed", "1", "-o", path)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs="*")
    parser.add_argument("--cpu", default="native")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 32])
    parser.add_argument("--images", type=int, default=96)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    blas = "MKL" if torch.backends.mkl.is_available() else "without MKL"
    print(f"torch {torch.__version__} ({blas}), {gemm_rate(options.threads):.0f} GFLOP/s in float32, "
          f"{options.threads} threads; stas --cpu={options.cpu}, f32")
    print(f"{'model':28} {'batch':>5} {'PyTorch':>10} {'stas':>10} {'ratio':>7}   images/s")
    with tempfile.TemporaryDirectory() as work:
        images = os.path.join(work, "images.bin")
        run(sys.executable, TRAIN, "synth", "--count", str(options.images), "--seed", "9", "-o", images)
        trained = os.path.join(ROOT, "test", "Inputs", "trained")
        checkpoints = options.checkpoints or [draw_4_384(work)] + [
            os.path.join(trained, name) for name in sorted(os.listdir(trained)) if name.endswith(".pth")]
        for checkpoint in checkpoints:
            artifact = os.path.join(work, "model.stas")
            run(STAS, "compile", checkpoint, "-o", artifact, f"--cpu={options.cpu}")
            for batch in options.batch:
                best = {"torch": 0.0, "stas": 0.0}
                for _ in range(options.rounds):
                    reference = json.loads(run(sys.executable, TRAIN, "evaluate", checkpoint, "--input", images, "--json",
                                               "--threads", str(options.threads), "--batch", str(batch),
                                               "--no-statistics"))
                    ours = json.loads(run(STAS, "run", artifact, "--input", images, "--json",
                                          "--threads", str(options.threads), "--batch", str(batch)))
                    best["torch"] = max(best["torch"], reference["images_per_second"])
                    best["stas"] = max(best["stas"], ours["images_per_second"])
                print(f"{os.path.basename(checkpoint):28} {batch:5} {best['torch']:10.1f} {best['stas']:10.1f} "
                      f"{best['stas'] / best['torch']:6.2f}x", flush=True)


if __name__ == "__main__":
    main()
