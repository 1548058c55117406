#!/usr/bin/env python3
"""Artifacts for a GPU against those for the CPU, by the command line alone, bit for bit.

    cuda_identity.py --driver LIBRARY --draw WORDS [--draw WORDS ...] [--images N]

WORDS are the options of `stas-train draw`. Each model is compiled for both targets, in int16 and in int8; `stas run` has
to write the same bytes of logits, and of halting steps where the model halts, for batches of all images and of two.
LIBRARY is the driver: the tests' own executes the kernels on the CPU (test/lib/CUDADriver).

Prints the firing rates on the CPU, without which agreement says nothing. Needs stas, stas-import on PATH; torch.
"""
import argparse
import json
import os
import sys
import tempfile

import numpy as np

from integers import run
from stas_train import draw
from stas_train.checkpoint import atomic
from stas_train.cli import parser as train_parser
from stas_train.config import plain


def make(words, count, folder):
    """Draws a model and images into `folder`; whether it halts."""
    import torch
    torch.set_num_threads(1)
    checkpoint = os.path.join(folder, "model.pth")
    o = train_parser().parse_args(["draw", *words.split(), "-o", checkpoint])
    model = draw.draw(o)
    atomic(checkpoint, lambda name: torch.save(draw.content(model, o, plain(model.config)), name))
    np.save(os.path.join(folder, "images.npy"), draw.inputs(model, count, o.seed + 3).numpy())
    return "act" in model.config


def compare(folder, halts, precision):
    """The problems of a model in a precision; prints at what rates its layers fire."""
    def at(name):
        return os.path.join(folder, name)

    def outputs(name):
        return ["--output", at(name + ".npy")] + (["--halting", at(name + ".steps.npy")] if halts else [])

    for target in ("cpu", "cuda"):
        run("stas", "compile", at("model.pth"), "-o", at(target + ".stas"), "--target=" + target, "--precision=" + precision)
    ran = run("stas", "run", at("cpu.stas"), "--input", at("images.npy"), "--stats", "--json", *outputs("cpu"))
    rates = [layer["rate"] for layer in json.loads(ran)["layers"].values()]
    print("%s: %d layers fire at %.1f to %.1f %%" % (precision, len(rates), 100 * min(rates), 100 * max(rates)))
    problems = [] if max(rates) > 0.01 else ["no layer fires at more than 1 %"]
    logits = np.load(at("cpu.npy"))
    if (logits == logits[0]).all():
        problems.append("all images have the same logits")
    for name, batch in (("all", len(logits)), ("two", 2)):
        run("stas", "run", at("cuda.stas"), "--input", at("images.npy"), "--batch", batch, *outputs(name))
        for end in (".npy", ".steps.npy") if halts else (".npy",):
            want, got = (open(at(base + end), "rb").read() for base in ("cpu", name))
            if want != got:
                problems.append("%s, batch %d: %s differs from the CPU's" % (precision, batch, end[1:]))
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--driver", required=True)
    parser.add_argument("--draw", action="append", required=True, metavar="WORDS")
    parser.add_argument("--images", type=int, default=3)
    o = parser.parse_args()
    os.environ["STAS_CUDA_DRIVER"] = o.driver
    failed = 0
    for words in o.draw:
        with tempfile.TemporaryDirectory() as folder:
            halts = make(words, o.images, folder)
            problems = [problem for precision in ("int16", "int8") for problem in compare(folder, halts, precision)]
        sys.stdout.flush()
        for problem in problems:
            print("%s: error: %s" % (words, problem), file=sys.stderr)
        failed += bool(problems)
    print("%d models compared on the GPU, %d failed" % (len(o.draw), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
