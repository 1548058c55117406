#!/usr/bin/env python3
"""Random quantised models: the interpreter's integers against its f32, and against compiled artifacts bit for bit.

    bit_identity.py --seeds A:B [--precision int16 int8] [--run "OPTIONS OF stas run"] ...
    bit_identity.py --seed N ...                 one of them again

A seed gives a model (`stas-train draw`, calibrated so that its layers fire at 7 to 25 %): layout, width, depth, heads,
timesteps, image size, neuron, I-SPS, halting, type of the weights, and in half of the models odd channels: silent, always
firing, without scale, with next to none. For each precision:

- the quantised module is interpreted, and each --run of the artifact that `stas compile` makes of the checkpoint
  has to yield the same spikes of every LIF, the same logits and halting steps, bit for bit;
- fed the spikes of the f32 interpreter (teacher forcing), few neurons may fire differently: the integers are those of this
  model and no other's.

Prints the firing rates, without which agreement says nothing. Needs stas, stas-import, stas-translate on PATH; torch.
"""
import argparse
import os
import random
import shlex
import sys
import tempfile

import numpy as np
import torch

from integers import differences, flips, interpret, quantize, run
from stas_train import draw
from stas_train.checkpoint import atomic
from stas_train.cli import parser as train_parser
from stas_train.config import plain

# Of all decisions to fire, those that differ in integers when fed the same spikes, at most, beside a few of a small model. A
# wrong scale, bias or threshold makes per cents of difference.
ALLOWED = {"int16": 1e-4, "int8": 5e-3}
FEW = 5


def options(seed):
    """The words of `stas-train draw` that a seed stands for."""
    r = random.Random(seed)
    heads = r.choice([1, 2, 3, 4])
    layout = r.choice(["cifar", "cifar", "imagenet"])
    # Whole patches of 4 or 16 pixels: grids of 1 to 8 tokens a side, odd ones among them.
    size = r.choice([16, 20, 28, 32] if layout == "cifar" else [16, 32, 48, 80])
    timesteps = r.choice([1, 2, 3, 4, 4, 4, 5, 6, 7, 8, 9, 12])
    words = ["--layout", layout, "--dim", 8 * heads * r.choice([1, 2, 3]), "--heads", heads, "--depth", r.choice([1, 2, 3]),
             "--timesteps", timesteps, "--image-size", size, "--classes", r.randint(2, 13),
             "--in-channels", r.choice([1, 2, 3, 3, 3]), "--dtype", r.choice(["float32", "float32", "float16", "bfloat16"])]
    if r.random() < 0.5:
        words += ["--odd-channels"]
    if r.random() < 0.7:
        words += ["--family", "stas", "--isps-after", r.choice(["stage0", "stem"]), "--isps-reduce", r.choice(["mean", "sum"])]
        if r.random() < 0.8:
            order, output = r.choice([("lexicographic", "weighted"), ("lexicographic", "rate"), ("rectangular", "rate"),
                                      ("timestep", "rate")])
            words += ["--alpha", round(r.uniform(0.5, 1.5), 3), "--beta", round(r.uniform(-3.5, -1.5), 3),
                      "--eps", r.choice([0.01, 0.05]), "--order", order, "--output", output]
        else:
            words += ["--no-act"]
    elif r.random() < 0.2:
        words += ["--input", "frames"]
    neuron = {"tau": r.choice([2.0, 2.0, 2.0, 1.0, 1.5, 3.7]), "v_threshold": r.choice([1.0, 1.0, 0.8, 1.25]),
              "v_reset": r.choice([0.0, 0.0, 0.0, -0.25, 0.2]), "reset": r.choice(["hard", "hard", "soft"]),
              "decay_input": r.choice(["true", "true", "false"]), "compare": r.choice(["ge", "ge", "gt"])}
    for key, value in neuron.items():
        words += ["--lif", "%s=%s" % (key, value)]
    return [str(word) for word in words + ["--seed", seed]]


def make(seed, count, folder):
    """Draws the model and images of a seed into `folder`: (checkpoint, images, whether the model halts)."""
    checkpoint, images = os.path.join(folder, "model.pth"), os.path.join(folder, "images.npy")
    o = train_parser().parse_args(["draw", *options(seed), "-o", checkpoint])
    model = draw.draw(o)
    atomic(checkpoint, lambda name: torch.save(draw.content(model, o, plain(model.config)), name))
    np.save(images, draw.inputs(model, count, seed + 3).numpy())
    return checkpoint, images, "act" in model.config


def check(seed, precisions, runs, compile_options, count):
    """Prints what a seed yields; the problems found."""
    problems = []
    with tempfile.TemporaryDirectory() as work:
        at = lambda *names: os.path.join(work, *names)
        checkpoint, images, halts = make(seed, count, work)
        quantize(checkpoint, "f32", at("f32.mlir"))
        interpret(at("f32.mlir"), checkpoint, images, at("f32"), halts)
        for precision in precisions:
            module, free = at(precision + ".mlir"), at(precision)
            quantize(checkpoint, precision, module)
            interpret(module, checkpoint, images, free, halts)
            interpret(module, checkpoint, images, at("forced"), halts, teacher=at("f32"))
            layers = flips(at("f32"), at("forced"))
            flipped, spikes, sites = (sum(layer[i] for layer in layers.values()) for i in range(3))
            rates = [100 * layer[1] / layer[2] for layer in layers.values()]
            print("seed %d %s: rates %.1f to %.1f %%, mean %.1f %%; %d of %d decisions differ from f32, fed the same spikes"
                  % (seed, precision, min(rates), max(rates), 100 * spikes / sites, flipped, sites))
            if flipped > FEW + ALLOWED[precision] * sites:
                worst = max(layers, key=lambda name: layers[name][0] / layers[name][2])
                problems.append("%s: more decisions differ from f32 than %g of all, most in %s: %d of %d"
                                % (precision, ALLOWED[precision], worst, *layers[worst][::2]))
            for i, words in enumerate(runs):
                found = at("%s.run%d" % (precision, i))
                os.mkdir(found)
                run("stas", "compile", checkpoint, "-o", at("model.stas"), "--precision=" + precision,
                    *shlex.split(compile_options))
                run("stas", "run", at("model.stas"), "--input", images, "--dump-spikes", found, "--output",
                    os.path.join(found, "logits.npy"), *(["--halting", os.path.join(found, "steps.npy")] if halts else []),
                    *shlex.split(words))
                problems += ["%s, stas run %s: %s" % (precision, words, text) for text in differences(free, found)]
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--seeds", metavar="A:B", help="seeds A to B - 1")
    which.add_argument("--seed", type=int, help="one seed")
    parser.add_argument("--precision", nargs="+", choices=sorted(ALLOWED), default=["int16", "int8"])
    parser.add_argument("--run", action="append", default=[], metavar="OPTIONS",
                        help="run the artifact with these options of stas run; may be repeated, may be empty")
    parser.add_argument("--compile", default="", metavar="OPTIONS", help="options of stas compile for the artifact")
    parser.add_argument("--images", type=int, default=3)
    o = parser.parse_args()
    first, last = (o.seed, o.seed + 1) if o.seed is not None else map(int, o.seeds.split(":"))
    torch.set_num_threads(1)
    failed = 0
    for seed in range(first, last):
        try:
            problems = check(seed, o.precision, o.run, o.compile, o.images)
        except RuntimeError as error:
            problems = [str(error)]
        for problem in problems:
            print("seed %d: error: %s" % (seed, problem), file=sys.stderr)
        if problems:
            failed += 1
            print("seed %d is stas-train draw %s" % (seed, " ".join(options(seed))), file=sys.stderr)
    print("%d seeds, %d failed" % (last - first, failed))
    return 1 if failed or last <= first else 0


if __name__ == "__main__":
    sys.exit(main())
