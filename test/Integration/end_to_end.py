#!/usr/bin/env python3
"""Runs a checkpoint over labelled images in PyTorch and as an artifact, and demands the same answers.

    end_to_end.py CHECKPOINT --input IMAGES.bin [--limit 1000]

Top-1 agreement >= 99.5 %, the same halting step for >= 99 % of tokens (`stas-train compare --end-to-end`).
"""
import argparse
import os
import sys
import tempfile

from differential import run, train


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--input", required=True)
    parser.add_argument("--limit", default="1000")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        at = lambda *names: os.path.join(work, *names)
        for folder in ("torch", "stas"):
            os.mkdir(at(folder))
        print(train("evaluate", options.checkpoint, "--input", options.input, "--limit", options.limit,
                    "--logits", at("torch", "logits.npy"), "--steps", at("torch", "steps.npy")))
        run("stas", "compile", options.checkpoint, "-o", at("model.stas"))
        print(run("stas", "run", at("model.stas"), "--input", options.input, "--limit", options.limit,
                  "--output", at("stas", "logits.npy"), "--halting", at("stas", "steps.npy")))
        print(train("compare", "--end-to-end", at("torch"), at("stas")))


if __name__ == "__main__":
    main()
