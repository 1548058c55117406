#!/usr/bin/env python3
"""Runs a checkpoint over labelled images in PyTorch and as an artifact, and demands the same answers.

    end_to_end.py CHECKPOINT --input IMAGES.bin [--limit 1000] [--precision f32]

In f32 top-1 agreement >= 99.5 %, the same halting step for >= 99 % of tokens (`stas-train compare --end-to-end`). In int16
and int8 the agreement is printed, and demanded with --demand: docs/IntegerContract.md says where it falls short.
"""
import argparse
import os
import tempfile

from differential import run, train

# Shares of equal classes and equal halting steps.
DEMANDED = {"f32": (0.995, 0.99), "int16": (0.995, 0.99), "int8": (0.98, 0.96)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--input", required=True)
    parser.add_argument("--limit", default="1000")
    parser.add_argument("--precision", choices=sorted(DEMANDED), default="f32")
    parser.add_argument("--demand", action="store_true", help="demand agreement of integers too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        at = lambda *names: os.path.join(work, *names)
        for folder in ("torch", "stas"):
            os.mkdir(at(folder))
        print(train("evaluate", options.checkpoint, "--input", options.input, "--limit", options.limit,
                    "--logits", at("torch", "logits.npy"), "--steps", at("torch", "steps.npy")))
        run("stas", "compile", options.checkpoint, "-o", at("model.stas"), "--precision=" + options.precision)
        print(run("stas", "run", at("model.stas"), "--input", options.input, "--limit", options.limit,
                  "--output", at("stas", "logits.npy"), "--halting", at("stas", "steps.npy")))
        demanded = options.demand or options.precision == "f32"
        top1, halting = DEMANDED[options.precision] if demanded else (0, 0)
        print(train("compare", "--end-to-end", at("torch"), at("stas"), "--top1", str(top1), "--halting", str(halting)))


if __name__ == "__main__":
    main()
