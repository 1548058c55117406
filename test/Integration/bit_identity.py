#!/usr/bin/env python3
"""Quantised models: compiled artifacts against the interpreter, bit for bit, and its integers against its f32.

    bit_identity.py --seeds A:B [--variants N]           random models
    bit_identity.py --seed N                             one of them again
    bit_identity.py CHECKPOINT --input FILE [--limit N]  a trained one

A seed gives a model (`stas-train draw`, calibrated so that its layers fire at 7 to 25 %): layout, width, depth, heads,
timesteps, image size, neuron, I-SPS, halting, type of the weights, and in half of the models odd channels: silent, always
firing, without scale, with next to none. A variant is a precision, a CPU and the kernels that are taken wherever they
serve. For each, the artifact that `stas compile` makes runs 71 images (those of the model again and again) in batches of 1,
7 and 64 by 1 and 2 threads, and has to yield what the interpreter makes of the quantised module: the same logits and
halting steps, and in one of the runs the same spikes of every LIF, bit for bit. With --variants N a model gets N of the
variants, which ones goes by its seed.

With --against-f32 the integers, fed the spikes of the f32 interpreter (teacher forcing), may fire differently in few
neurons: they are the integers of this model and no other's.

Prints the firing rates, without which agreement says nothing. Needs stas, stas-import, stas-translate on PATH; torch.
"""
import argparse
import itertools
import os
import random
import shutil
import sys
import tempfile

import numpy as np
import torch

from integers import Expected, flips, import_model, interpret, layers, quantize, run
from stas_train import draw
from stas_train.checkpoint import atomic, load
from stas_train.cli import parser as train_parser
from stas_train.config import plain
from stas_train.data import Source

# Of all decisions to fire, those that differ in integers when fed the same spikes, at most, beside a few of a small model. A
# wrong scale, bias or threshold makes per cents of difference.
ALLOWED = {"int16": 1e-4, "int8": 5e-3}
FEW = 5

# CPUs with what the kernels need of them, by /proc/cpuinfo's names, and the kernels to force.
CODE = [
    ("x86-64-v3", "avx2", None),
    ("x86-64-v3", "avx2", "events,key-value-events"),
    ("x86-64-v3", "avx2", "dense,query-key-bits"),
    ("x86-64-v3", "avx2", "choice"),
    ("x86-64-v4", "avx512vl", "events,key-value-bits"),
    ("x86-64-v4", "avx512vl", "dense,key-value-events"),
    ("avx512-vnni", "avx512_vnni", "events,query-key-bits"),
    ("avx512-vnni", "avx512_vnni", "dense,key-value-bits"),
    ("avx512-vnni", "avx512_vnni", "choice,query-key-bits"),
    ("avx512-vnni", "avx512_vnni", None),
    ("amx", "amx_int8", "tiles,key-value-bits"),
    ("amx", "amx_int8", "choice"),
    ("amx", "amx_int8", None),
]
BATCHES, THREADS = (1, 7, 64), (1, 2)
COUNT = 71  # a batch of 64 and a rest, ten of 7 and a rest
FEW_IMAGES = 9  # where each instruction takes microseconds: a batch of 7 and a rest


def variants():
    """(precision, options of stas compile, the program that runs what they yield) of what can be run here; prints what
    cannot."""
    with open("/proc/cpuinfo") as f:
        flags = next(line for line in f if line.startswith("flags")).split()
    programs = {feature: "stas" for feature in flags}
    if "amx_int8" not in flags and {"avx512_vnni", "avx512_vpopcntdq"} <= set(flags) and shutil.which("stas-with-tiles"):
        print("this machine has no amx_int8: stas-with-tiles does what its instructions would")
        programs["amx_int8"] = "stas-with-tiles"
    left_out = sorted({feature for _, feature, _ in CODE if feature not in programs})
    if left_out:
        print("this machine has no %s: what needs it is left out" % ", ".join(left_out))
    return [(precision, ["--cpu=" + cpu] + (["--kernels=" + kernels] if kernels else []), programs[feature])
            for cpu, feature, kernels in CODE if feature in programs for precision in sorted(ALLOWED)]


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
    neuron = {"tau": r.choice([2.0, 2.0, 2.0, 1.25, 1.5, 3.7]), "v_threshold": r.choice([1.0, 1.0, 0.8, 1.25]),
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


def prepare(checkpoint, path, limit, folder):
    """The same of a checkpoint and a file of images."""
    _, config = load(checkpoint)
    images = os.path.join(folder, "images.npy")
    np.save(images, next(Source(path, config, limit).batches(limit))[0])
    return os.path.abspath(checkpoint), images, "act" in config


def model_parser(text):
    """A parser of what says which models: seeds, or a checkpoint with images."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("--seeds", metavar="A:B", help="seeds A to B - 1")
    parser.add_argument("--seed", type=int, help="one seed")
    parser.add_argument("--input", help="images for a checkpoint")
    return parser


def seeds_of(parser, o):
    """The seeds that options name; of a checkpoint a 0, which stands for it."""
    if (o.checkpoint is None) != (o.input is None) or [o.checkpoint, o.seeds, o.seed].count(None) != 2:
        parser.error("required one of --seeds, --seed, or CHECKPOINT with --input")
    torch.set_num_threads(1)
    if o.checkpoint:
        return range(1)
    return range(o.seed, o.seed + 1) if o.seed is not None else range(*map(int, o.seeds.split(":")))


def made_of(o, seed, folder):
    """What `make` or `prepare` yields for a seed of `seeds_of`."""
    return prepare(o.checkpoint, o.input, o.limit, folder) if o.checkpoint else make(seed, o.limit, folder)


def tell(o, seed, problems):
    """Prints the problems of a model, and how to draw it again; whether there are any."""
    sys.stdout.flush()
    for problem in problems:
        print("%s: error: %s" % (o.checkpoint or "seed %d" % seed, problem), file=sys.stderr)
    if problems and not o.checkpoint:
        print("seed %d is stas-train draw %s" % (seed, " ".join(options(seed))), file=sys.stderr)
    return bool(problems)


class Model:
    """A model with its images, in a folder of its own: what the interpreter makes of it, precision by precision."""

    def __init__(self, checkpoint, images, halts, folder):
        self.checkpoint, self.images, self.halts, self.folder = checkpoint, images, halts, folder
        self.module, self.given = self.at("model.mlir"), {}
        import_model(checkpoint, self.module)

    def at(self, *names):
        return os.path.join(self.folder, *names)

    def interpret(self, precision, name=None, teacher=None):
        """The folder of what the interpreter yields in a precision, free or fed a folder's spikes."""
        module, folder = self.at(precision + ".mlir"), self.at(name or precision)
        if not os.path.exists(module):
            quantize(self.module, precision, module)
        if not os.path.exists(folder):
            interpret(module, self.checkpoint, self.images, folder, self.halts, teacher)
        return folder

    def task(self, precision, count):
        """(images, what the interpreter yields of them): so many, the model's own in turn."""
        if (precision, count) not in self.given:
            once, path = np.load(self.images), self.at("%d.npy" % count)
            axis = once.ndim - 4
            take = np.arange(count) % once.shape[axis]
            np.save(path, once.take(take, axis))
            self.given[precision, count] = path, Expected(self.interpret(precision), take)
        return self.given[precision, count]

    def rates(self, precision):
        """Prints at what rates the layers fire; a problem where none does."""
        folder = self.interpret(precision)
        counts = [(np.load(os.path.join(folder, name + ".npy"))) for name in layers(folder)]
        rates = [100 * float(spikes.mean()) for spikes in counts]
        mean = 100 * sum(int(spikes.sum(dtype=np.int64)) for spikes in counts) / sum(spikes.size for spikes in counts)
        print("%s: %d layers fire at %.1f to %.1f %%, mean %.1f %%" % (precision, len(rates), min(rates), max(rates), mean))
        return [] if mean > 1 else ["%s: fires at %.2f %%: required more than 1 %% for agreement to say something"
                                    % (precision, mean)]

    def compare_with_f32(self, precision):
        """Prints how many decisions differ from f32; problems where they are more than rounding makes."""
        reference = self.interpret("f32")
        forced = self.interpret(precision, precision + ".forced", teacher=reference)
        counts = flips(reference, forced)
        flipped, sites = (sum(layer[i] for layer in counts.values()) for i in (0, 2))
        print("%s: %d of %d decisions differ from f32, fed the same spikes" % (precision, flipped, sites))
        if flipped <= FEW + ALLOWED[precision] * sites:
            return []
        worst = max(counts, key=lambda name: counts[name][0] / counts[name][2])
        return ["%s: more decisions differ from f32 than %g of all, most in %s: %d of %d"
                % (precision, ALLOWED[precision], worst, *counts[worst][::2])]

    def compare_artifact(self, precision, words, program, turn):
        """Compiles a variant and runs it by a program; what differs from the interpreter. The run number `turn` dumps
        spikes."""
        images, expected = self.task(precision, COUNT if program == "stas" else FEW_IMAGES)
        artifact, problems = self.at("model.stas"), []
        run("stas", "compile", self.module, "-o", artifact, "--precision=" + precision, *words)
        runs = list(itertools.product(BATCHES, THREADS))
        for i, (batch, threads) in enumerate(runs):
            found = tempfile.mkdtemp(dir=self.folder)
            dumps = i == turn % len(runs)
            arguments = ["--batch=%d" % batch, "--threads=%d" % threads]
            run(program, "run", artifact, "--input", images, *arguments, "--output", os.path.join(found, "logits.npy"),
                *(["--halting", os.path.join(found, "steps.npy")] if self.halts else []),
                *(["--dump-spikes", found] if dumps else []))
            problems += ["%s %s, stas run %s: %s" % (precision, " ".join(words), " ".join(arguments), text)
                         for text in expected.differences(found, spikes=dumps)]
            shutil.rmtree(found)
        return problems


def check(model, chosen, turn, against_f32):
    """Prints what a model yields; the problems found. `chosen`: its variants; `turn` varies which run dumps spikes."""
    problems = []
    for precision in sorted({precision for precision, _, _ in chosen}):
        problems += model.rates(precision)
        if against_f32:
            problems += model.compare_with_f32(precision)
    for i, (precision, words, program) in enumerate(chosen):
        problems += model.compare_artifact(precision, words, program, turn + i)
    return problems


def main():
    parser = model_parser(__doc__)
    parser.add_argument("--limit", type=int, default=3, help="how many different images (3)")
    parser.add_argument("--variants", type=int, help="how many of the variants a model gets (all)")
    parser.add_argument("--against-f32", action="store_true", help="compare with the f32 interpreter too")
    o = parser.parse_args()
    seeds = seeds_of(parser, o)
    every, failed, compared = variants(), 0, 0
    for seed in seeds:
        name = o.checkpoint or "seed %d" % seed
        # 7 and 20 or 26 share no divisor: all variants have their turn.
        count = min(o.variants or len(every), len(every))
        chosen = [every[(7 * (seed * count + i)) % len(every)] for i in range(count)]
        print(name)
        with tempfile.TemporaryDirectory() as folder:
            try:
                problems = check(Model(*made_of(o, seed, folder), folder), chosen, seed, o.against_f32)
            except RuntimeError as error:
                problems = [str(error)]
        compared += len(chosen)
        failed += tell(o, seed, problems)
    print("%d models, %d variants compared, %d models failed" % (len(seeds), compared, failed))
    return 1 if failed or not seeds else 0


if __name__ == "__main__":
    sys.exit(main())
