#!/usr/bin/env python3
"""Random models before and after stas-hoist-time-invariant and stas-fuse-isps: no spike and no logit may change.

    fusion.py --count 8 --seed 1          the models of seeds 1 to 8
    fusion.py --seed 5 --keep DIR         one again, its files kept

A seed says everything: family, layout, width, depth, heads, timesteps, neuron, where I-SPS stands and how it reduces,
halting, number and size of the images. BN is calibrated, so that layers fire at 5 to 30 %; the rates found are printed.
Each model is interpreted (f32) as imported and as adapted, and compiled for the CPU from both; every spike of every
layer and every logit must have the same bits. The CPU's artifact of the adapted model runs with observers and without,
which takes other kernels. Needs stas, stas-opt, stas-import and stas-translate on PATH.
"""
import argparse
import contextlib
import os
import random
import shlex
import sys
import tempfile

import numpy as np

from differential import draw_images, run, train


def draw_options(seed):
    """Options of stas-train draw, and the shape of the images."""
    r = random.Random(seed)
    layout = r.choice(["cifar", "cifar", "imagenet"])
    family = r.choice(["stas", "stas", "spikformer"])
    heads = r.choice([1, 2, 3, 4])
    dim = 8 * heads * r.choice([1, 2, 3])  # the stem's first stage has an eighth of it: 1 to 12 channels
    timesteps = r.choice([1, 2, 3, 4, 5, 6, 8, 9, 12])
    words = ["--family", family, "--layout", layout, "--dim", dim, "--depth", r.choice([1, 2]), "--heads", heads,
             "--timesteps", timesteps, "--classes", r.choice([2, 10]), "--seed", seed, "--calibration-images", 4]
    neuron = {"tau": r.choice([2.0, 2.0, 1.0, 1.25, 3.0, 7.5])}
    if r.random() < 0.3:
        neuron["reset"] = "soft"
    if r.random() < 0.3:
        neuron["v_reset"] = r.choice([-0.25, 0.125])
    if r.random() < 0.3:
        neuron["compare"] = "gt"
    if r.random() < 0.2:
        neuron["decay_input"] = "false"
    if r.random() < 0.3:
        neuron["v_threshold"] = r.choice([0.5, 0.8, 1.5])
    for key, value in neuron.items():
        words += ["--lif", f"{key}={value}"]
    size = 32
    if layout == "imagenet":
        size = 64
        words += ["--image-size", size]
    if family == "stas":
        words += ["--isps-after", r.choice(["stage0", "stage0", "stage0", "stem"])]
        words += ["--isps-reduce", r.choice(["mean", "sum"]), "--alpha", 1, "--beta", -3]
        order = r.choice(["lexicographic", "rectangular"])
        words += ["--order", order, "--output", "rate" if order == "rectangular" else r.choice(["weighted", "rate"])]
    return " ".join(map(str, words)), (r.choice([1, 2, 3]), 3, size, size)


def same(first, second, what):
    """Fails where two folders of arrays differ in a name or a bit."""
    names = sorted(os.listdir(first))
    if names != sorted(os.listdir(second)):
        sys.exit(f"{what}: {names} in {first}, {sorted(os.listdir(second))} in {second}")
    for name in names:
        a, b = np.load(os.path.join(first, name)), np.load(os.path.join(second, name))
        if a.shape != b.shape or a.tobytes() != b.tobytes():
            differ = np.flatnonzero(a.ravel() != b.ravel()) if a.shape == b.shape else []
            sys.exit(f"{what}: {name} differs: {a.shape} and {b.shape}, {len(differ)} elements")
    return len(names)


def adapted_ops(path):
    """How often the ops that the passes make stand in a module."""
    with open(path) as file:
        text = file.read()
    return {op: text.count("stas." + op + " ") for op in ("isps", "staircase", "lif", "encode")}


def check(seed, folder, cpu):
    at = lambda *names: os.path.join(folder, *names)
    options, shape = draw_options(seed)
    print(f"seed {seed}: {options}; {shape[0]} images")
    train("draw", *shlex.split(options), "-o", at("drawn.pth"))
    draw_images(shape, seed, at("images.npy"))
    run("stas-import", at("drawn.pth"), "-o", at("imported.mlir"))
    run("stas-opt", at("imported.mlir"), "--stas-phase-normalize", "--stas-phase-adapt", "--mlir-print-debuginfo",
        "-o", at("adapted.mlir"))
    # Before: nothing but the lowering, which leaves the model as it was imported.
    run("stas-opt", at("imported.mlir"), "--convert-stas-to-spike", "--mlir-print-debuginfo", "-o", at("plain.mlir"))
    ops = adapted_ops(at("adapted.mlir"))
    print("  adapted: " + ", ".join(f"{count} {op}" for op, count in ops.items()))

    for stage in ("imported", "adapted"):
        run("stas-translate", "--interpret", at(f"{stage}.mlir"), "--input", at("images.npy"), "--dump-spikes",
            at(f"{stage}.spikes"), "--output", at(f"{stage}.spikes", "logits.npy"))
    layers = same(at("imported.spikes"), at("adapted.spikes"), f"seed {seed}: interpreter, before and after") - 1
    for stage, phase in (("plain", "spike"), ("adapted", "adapt")):
        run("stas", "compile", at(f"{stage}.mlir"), "-o", at(f"{stage}.stas"), f"--compile-from={phase}",
            "--precision=f32", f"--cpu={cpu}")
        run("stas", "run", at(f"{stage}.stas"), "--input", at("images.npy"), "--dump-spikes", at(f"{stage}.cpu"),
            "--output", at(f"{stage}.npy"))
        os.rename(at(f"{stage}.npy"), at(f"{stage}.cpu", "logits.npy"))
    same(at("plain.cpu"), at("adapted.cpu"), f"seed {seed}: CPU, before and after")
    run("stas", "run", at("adapted.stas"), "--input", at("images.npy"), "--output", at("unseen.npy"))
    if np.load(at("unseen.npy")).tobytes() != np.load(at("adapted.cpu", "logits.npy")).tobytes():
        sys.exit(f"seed {seed}: CPU: logits differ with and without observers")
    rates = [np.load(at("adapted.spikes", name)).mean() for name in sorted(os.listdir(at("adapted.spikes")))
             if name != "logits.npy"]
    print(f"  {layers} layers, no difference; firing rates {100 * min(rates):.1f} to {100 * max(rates):.1f} %, mean "
          f"{100 * np.mean(rates):.1f} %")
    return ops


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cpu", default="x86-64-v3")
    parser.add_argument("--keep", help="an empty folder for the files")
    options = parser.parse_args()
    made = {}
    for seed in range(options.seed, options.seed + options.count):
        with contextlib.ExitStack() as stack:
            folder = options.keep or stack.enter_context(tempfile.TemporaryDirectory())
            os.makedirs(folder, exist_ok=True)
            for op, count in check(seed, folder, options.cpu).items():
                made[op] = made.get(op, 0) + count
    print(f"{options.count} models, no difference; {made['isps']} I-SPS and {made['staircase']} staircases made")


if __name__ == "__main__":
    main()
