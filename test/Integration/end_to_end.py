#!/usr/bin/env python3
"""Runs a checkpoint over labelled images in PyTorch and as an artifact, and demands the same answers.

    end_to_end.py CHECKPOINT --input IMAGES.bin [--limit 1000] [--precision f32 int16 int8]

What is demanded of each precision, of a thousand images, docs/IntegerContract.md promises of the trained checkpoints: top-1
agreement, the same halting step of tokens (`stas-train compare --end-to-end`), and accuracy.
"""
import argparse
import collections
import json
import os
import sys
import tempfile

from differential import run, train

# Least shares of equal classes and of equal halting steps; the accuracy that may be lost.
Promise = collections.namedtuple("Promise", "top1 halting accuracy")
PROMISES = {"f32": Promise(0.995, 0.99, 0.002), "int16": Promise(0.995, 0.99, 0.002), "int8": Promise(0.98, 0.96, 0.007)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--input", required=True)
    parser.add_argument("--limit", default="1000")
    parser.add_argument("--precision", nargs="+", choices=sorted(PROMISES), default=["f32"])
    options = parser.parse_args()
    problems = []
    with tempfile.TemporaryDirectory() as work:
        at = lambda *names: os.path.join(work, *names)
        for folder in ["torch"] + options.precision:
            os.mkdir(at(folder))
        images = ["--input", options.input, "--limit", options.limit, "--json"]
        reference = json.loads(train("evaluate", options.checkpoint, *images, "--logits", at("torch", "logits.npy"),
                                     "--steps", at("torch", "steps.npy"), quiet=True))
        print("PyTorch: accuracy %.2f %%" % (100 * reference["accuracy"]))
        for precision in options.precision:
            promise, folder = PROMISES[precision], at(precision)
            run("stas", "compile", options.checkpoint, "-o", at("model.stas"), "--precision=" + precision)
            found = json.loads(run("stas", "run", at("model.stas"), *images, "--output", os.path.join(folder, "logits.npy"),
                                   "--halting", os.path.join(folder, "steps.npy"), quiet=True))
            print("%s: accuracy %.2f %%" % (precision, 100 * found["accuracy"]))
            lost = reference["accuracy"] - found["accuracy"]
            if lost > promise.accuracy + 1e-6:  # a difference of decimal fractions
                problems.append("%s: accuracy falls by %.2f points, at most %.2f are allowed"
                                % (precision, 100 * lost, 100 * promise.accuracy))
            print(train("compare", "--end-to-end", at("torch"), folder, "--top1", str(promise.top1), "--halting",
                        str(promise.halting)).strip())
    for problem in problems:
        print("error: " + problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
