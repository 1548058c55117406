#!/usr/bin/env python3
"""Random models before and after stas-hoist-time-invariant and stas-fuse-isps: no spike and no logit may change.

    fusion.py --seeds A:B                 the models of seeds A to B - 1
    fusion.py --seed 5 --keep DIR         one again, its files kept

A seed is a model of bit_identity.py: layout, width, depth, heads, timesteps, image size, neuron, where I-SPS stands and how
it reduces, halting, type of the weights, channels that never or always fire. Each is taken as imported and as the phases
normalize and adapt leave it, and the two must agree in every spike of every layer, every halting step and every logit, bit
for bit:

- in f32 by the interpreter;
- in f32 on the CPU, whose kernels of steady neurons run with observers of spikes and without;
- in integers (--precision) by the interpreter: rounding sees the same layers. (That the CPU agrees with the interpreter
  on what the passes made, bit_identity.py tests.)

Prints what the passes made and the firing rates. Needs stas, stas-opt, stas-import and stas-translate on PATH; torch.
"""
import argparse
import contextlib
import os
import re
import sys
import tempfile

import numpy as np

from bit_identity import make, options
from integers import Expected, interpret, layers, run

MADE = ("isps", "staircase", "lif", "encode")


def ops(path):
    """How often the ops that the passes make and remove stand in a module."""
    with open(path) as file:
        text = file.read()
    return {op: len(re.findall(r"\bstas\.%s " % op, text)) for op in MADE}


def on_cpu(module, phase, images, folder, halts, observed=True):
    """Compiles a module on from its phase and runs it; `folder` gets what `interpret` gives it."""
    os.makedirs(folder, exist_ok=True)
    name = os.path.join(folder, "..", "model.stas")
    run("stas", "compile", module, "-o", name, "--compile-from=" + phase, "--precision=f32", "--cpu=x86-64-v3")
    words = ["--dump-spikes", folder] if observed else []
    words += ["--halting", os.path.join(folder, "steps.npy")] if halts else []
    run("stas", "run", name, "--input", images, "--output", os.path.join(folder, "logits.npy"), *words)


def check(seed, precisions, count, work):
    """Prints what a seed yields; (problems found, ops in the adapted module)."""
    at = lambda *names: os.path.join(work, *names)
    checkpoint, images, halts = make(seed, count, work)
    run("stas-import", checkpoint, "-o", at("imported.mlir"))
    run("stas-opt", at("imported.mlir"), "--stas-phase-normalize", "--stas-phase-adapt", "--mlir-print-debuginfo", "-o",
        at("adapted.mlir"))
    # Before: nothing but the lowering, which leaves the model as it was imported.
    run("stas-opt", at("imported.mlir"), "--convert-stas-to-spike", "--mlir-print-debuginfo", "-o", at("plain.mlir"))
    problems = []

    def same(expected, found, what, spikes=True):
        texts = Expected(at(expected), np.arange(count)).differences(at(found), spikes)
        problems.extend("%s: %s" % (what, text) for text in texts)

    for stage in ("imported", "adapted"):
        interpret(at(stage + ".mlir"), checkpoint, images, at(stage), halts)
    same("imported", "adapted", "interpreter, f32, before and after")
    for stage, phase in (("plain", "spike"), ("adapted", "adapt")):
        on_cpu(at(stage + ".mlir"), phase, images, at(stage + ".cpu"), halts)
    same("plain.cpu", "adapted.cpu", "CPU, f32, before and after")
    on_cpu(at("adapted.mlir"), "adapt", images, at("unseen"), halts, observed=False)
    same("adapted.cpu", "unseen", "CPU, f32, with observers and without", spikes=False)
    for precision in precisions:
        for stage, phase in (("plain", "spike"), ("adapted", "adapt")):
            module = at("%s.%s.mlir" % (stage, precision))
            run("stas", "compile", at(stage + ".mlir"), "-o", module, "--compile-from=" + phase, "--compile-to=quantize",
                "--precision=" + precision)
            interpret(module, checkpoint, images, at(stage + "." + precision), halts)
        same("plain." + precision, "adapted." + precision, "interpreter, %s, before and after" % precision)

    made = ops(at("adapted.mlir"))
    rates = [100 * np.load(at("adapted", name + ".npy")).mean() for name in layers(at("adapted"))]
    print("seed %d: %s; %d layers, firing rates %.1f to %.1f %%, mean %.1f %%" %
          (seed, ", ".join("%d %s" % (number, op) for op, number in made.items()), len(rates), min(rates), max(rates),
           np.mean(rates)))
    return problems, made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--seeds", metavar="A:B", help="seeds A to B - 1")
    which.add_argument("--seed", type=int, help="one seed")
    parser.add_argument("--precision", nargs="*", choices=["int16", "int8"], default=["int16", "int8"])
    parser.add_argument("--images", type=int, default=2)
    parser.add_argument("--keep", metavar="DIR", help="an empty folder for the files of one seed")
    o = parser.parse_args()
    first, last = (o.seed, o.seed + 1) if o.seed is not None else map(int, o.seeds.split(":"))
    failed, total = 0, dict.fromkeys(MADE, 0)
    for seed in range(first, last):
        with contextlib.ExitStack() as stack:
            work = o.keep or stack.enter_context(tempfile.TemporaryDirectory())
            os.makedirs(work, exist_ok=True)
            try:
                problems, made = check(seed, o.precision, o.images, work)
                total = {op: total[op] + made[op] for op in MADE}
            except RuntimeError as error:
                problems = [str(error)]
        for problem in problems:
            print("seed %d: error: %s" % (seed, problem), file=sys.stderr)
        if problems:
            failed += 1
            print("seed %d is stas-train draw %s" % (seed, " ".join(options(seed))), file=sys.stderr)
    print("%d I-SPS and %d staircases made" % (total["isps"], total["staircase"]))
    print("%d seeds, %d failed" % (last - first, failed))
    return 1 if failed or last <= first else 0


if __name__ == "__main__":
    sys.exit(main())
