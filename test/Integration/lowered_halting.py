#!/usr/bin/env python3
"""Demands that a halting model means the same before and after stas-lower-act, bit by bit.

    lowered_halting.py CHECKPOINT [--input FILE.npy | --images BxCxHxW]
    lowered_halting.py --draw "OPTIONS OF stas-train draw" --images BxCxHxW

The interpreter runs the model with stas.act and with the loop that it becomes, at the model level and at the sparse level,
in f32 and in integers, also with what a timestep does not change moved out of the loop. Logits, halting steps and the spikes of every layer must
be the same bytes within a level. Prints the firing rate and the mean halting step, lest silence pass for agreement.
"""
import argparse
import filecmp
import os
import sys
import tempfile

import numpy as np

from differential import add_model, model_of, run
from integers import interpret

LOOP = ["--stas-lower-act", "--canonicalize", "--loop-invariant-code-motion"]
SPIKE = ["--canonicalize", "--convert-stas-to-spike"]
# What is compared with what: passes before and after.
VARIANTS = {"model level": ([], LOOP), "sparse level": (SPIKE, SPIKE + LOOP), "lowered before sparse": (SPIKE, LOOP + SPIKE)}
for precision in ("int16", "int8"):
    INTEGERS = SPIKE + ["--spike-quantize=precision=" + precision]
    VARIANTS[precision] = (INTEGERS, INTEGERS + LOOP)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_model(parser, "3x3x32x32")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        at = lambda name: os.path.join(work, name)
        checkpoint, images = model_of(options, work)
        run("stas-import", checkpoint, "-o", at("model.mlir"))
        dumps = {}
        for name, variants in VARIANTS.items():
            for passes in map(tuple, variants):
                if passes in dumps:
                    continue
                module = at("%d.mlir" % len(dumps))
                run("stas-opt", at("model.mlir"), *passes, "--mlir-print-debuginfo", "-o", module)
                dumps[passes] = at("dump%d" % len(dumps))
                interpret(module, checkpoint, images, dumps[passes], halts=True)
            before, after = (dumps[tuple(passes)] for passes in variants)
            names = sorted(os.listdir(before))
            if names != sorted(os.listdir(after)):
                sys.exit("%s: other layers: %s and %s" % (name, names, sorted(os.listdir(after))))
            _, differing, missing = filecmp.cmpfiles(before, after, names, shallow=False)
            if differing or missing:
                sys.exit("%s: differs: %s" % (name, ", ".join(differing + missing)))
            spikes = [np.load(os.path.join(before, layer)) for layer in names if layer not in ("logits.npy", "steps.npy")]
            rate = sum(int(s.sum()) for s in spikes) / sum(s.size for s in spikes)
            steps = np.load(os.path.join(before, "steps.npy"))
            print("%s: %d files agree, firing rate %.4f, steps %d to %d, mean %.3f"
                  % (name, len(names), rate, steps.min(), steps.max(), steps.mean()))


if __name__ == "__main__":
    main()
