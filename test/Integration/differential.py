#!/usr/bin/env python3
"""Compares compiled f32 artifacts and the interpreter with PyTorch, layer by layer.

    differential.py CHECKPOINT --input FILE --limit N [--batch B ...] [--interpret]
    differential.py --draw "OPTIONS OF stas-train draw" --images [Tx]BxCxHxW ...

Each layer is fed PyTorch's input (--teacher), for every batch size given; `stas-train compare` judges: no spike differs
where the neuron is further from its threshold than rounding can take it, attention never, and fewer than 0.1 % of a
neuron's later steps are set aside after a difference that is allowed. Firing rates are printed. Needs stas, stas-import
and stas-translate on PATH; numpy here, torch in the trace.
"""
import argparse
import os
import shlex
import subprocess
import sys
import tempfile

import numpy as np

TRAIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "stas-train")


def run(*words, quiet=False):
    """Runs a program; its output is shown only where it fails. quiet: what it returns is its standard output alone."""
    result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE if quiet else subprocess.STDOUT, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}: exit {result.returncode}\n{result.stdout[-4000:]}{result.stderr or ''}")
    return result.stdout


def train(command, *words, quiet=False):
    return run(sys.executable, TRAIN, command, *words, quiet=quiet)


def draw_images(shape, seed, path):
    """Images with large and small structure, zero mean and unit variance: [.., B, C, H, W] float32."""
    random = np.random.RandomState(seed)
    height, width = shape[-2:]
    coarse = random.randn(*shape[:-2], -(-height // 8), -(-width // 8)).repeat(8, -2).repeat(8, -1)
    images = coarse[..., :height, :width] + 0.5 * random.randn(*shape)
    np.save(path, (images / images.std()).astype(np.float32))


def add_model(parser, images):
    """The options that say which model runs on which images; `images`: the extents of drawn ones."""
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("--draw", help="draw the checkpoint with these options of stas-train draw")
    parser.add_argument("--input", help="images; drawn with --images where missing")
    parser.add_argument("--images", default=images, help="BxCxHxW, or TxBxCxHxW, of drawn images")


def model_of(options, work):
    """The checkpoint and images of these options; what is drawn goes to the folder `work`."""
    checkpoint, images = options.checkpoint, options.input
    if options.draw:
        checkpoint = os.path.join(work, "drawn.pth")
        train("draw", *shlex.split(options.draw), "-o", checkpoint)
    if not images:
        images = os.path.join(work, "images.npy")
        draw_images([int(extent) for extent in options.images.split("x")], 7, images)
    return checkpoint, images


def compare(trace, dump, what):
    """Judges one dump; prints its totals."""
    print(f"{what}: {train('compare', trace, dump).strip().splitlines()[-1]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_model(parser, "32x3x32x32")
    parser.add_argument("--limit", type=int, default=32)
    parser.add_argument("--batch", type=int, nargs="+", default=[32])
    parser.add_argument("--cpu", default="x86-64-v3")
    parser.add_argument("--interpret", type=int, default=0, help="images that the interpreter runs too")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as work:
        at = lambda name: os.path.join(work, name)
        checkpoint, images = model_of(options, work)
        trace = at("trace")
        print(train("trace", checkpoint, "--input", images, "--limit", str(options.limit), "-o", trace).strip())
        run("stas", "compile", checkpoint, "-o", at("model.stas"), "--precision=f32", f"--cpu={options.cpu}")
        for batch in options.batch:
            dump = at(f"dump{batch}")
            os.mkdir(dump)
            run("stas", "run", at("model.stas"), "--input", os.path.join(trace, "input.npy"), "--teacher", trace,
                "--dump-spikes", dump, "--batch", str(batch))
            compare(trace, dump, f"CPU, batch {batch}")
        if options.interpret:
            # A trace of its own: the interpreter is written to be read, not to be fast.
            few = at("few")
            train("trace", checkpoint, "--input", images, "--limit", str(options.interpret), "-o", few)
            run("stas-import", checkpoint, "-o", at("model.mlir"))
            dump = at("interpreted")
            os.mkdir(dump)
            run("stas-translate", "--interpret", at("model.mlir"), "--input", os.path.join(few, "input.npy"),
                "--teacher", few, "--dump-spikes", dump)
            compare(few, dump, "interpreter")


if __name__ == "__main__":
    main()
