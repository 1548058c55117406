#!/usr/bin/env python3
"""Networks for placer-benchmark: checkpoints as `stas compile --target=chip` converts them, with rates measured on images.

    placer_networks.py -o FOLDER [--chip loihi2] [--seeds N,N...] [--spikformer IMAGES[:LIMIT]] [CHECKPOINT=IMAGES[:LIMIT]...]

Of each checkpoint an artifact for the CPU runs the images with --rates, in int8 and the chip's state bits, and FOLDER gets
NAME.mlir, the phase `network` with these rates. A seed is a random model of test/Integration/bit_identity.py on random
images, --spikformer the 4-384 that cpu_speed.py draws. Prints the command that compares placers on all of them.

Needs stas, stas-import on PATH; torch.
"""
import argparse
import os
import shlex
import sys
import tempfile

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Integration"))
from bit_identity import make, options  # noqa: E402
from cpu_speed import draw_4_384  # noqa: E402
from integers import run  # noqa: E402

PRECISION = ["--precision=int8", "--state-bits=24"]


def convert(name, checkpoint, images, limit, chip, folder):
    """Writes the network of a checkpoint; prints what it was measured on."""
    with tempfile.TemporaryDirectory() as scratch:
        artifact, rates = os.path.join(scratch, "cpu.stas"), os.path.join(scratch, "rates.json")
        run("stas", "compile", checkpoint, "-o", artifact, *PRECISION)
        run("stas", "run", artifact, "--input", images, "--rates", rates, *(["--limit", limit] if limit else []))
        network = os.path.join(folder, name + ".mlir")
        run("stas", "compile", checkpoint, "-o", network, "--target=chip", "--chip=" + chip, *PRECISION, "--rates=" + rates,
            "--compile-to=network")
    print("%s: rates of %s" % (name, os.path.basename(images) + (", %s images" % limit if limit else "")), file=sys.stderr)
    return network


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs="*", metavar="CHECKPOINT=IMAGES[:LIMIT]")
    parser.add_argument("-o", dest="folder", required=True, help="where networks are written")
    parser.add_argument("--chip", default="loihi2", help="name or file (loihi2)")
    parser.add_argument("--spikformer", metavar="IMAGES[:LIMIT]", help="Spikformer 4-384 on these images")
    parser.add_argument("--seeds", metavar="N,N...", default="", help="random models of these seeds")
    o = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(o.folder, exist_ok=True)
    networks = []

    def add(checkpoint, images):
        images, _, limit = images.partition(":")
        name = os.path.splitext(os.path.basename(checkpoint))[0]
        networks.append(convert(name, checkpoint, images, limit, o.chip, o.folder))

    if o.spikformer:
        with tempfile.TemporaryDirectory() as scratch:
            add(draw_4_384(scratch), o.spikformer)
    for words in o.checkpoints:
        checkpoint, _, images = words.partition("=")
        if not images:
            parser.error("%s: required CHECKPOINT=IMAGES[:LIMIT], found no images" % words)
        add(checkpoint, images)
    for seed in map(int, filter(None, o.seeds.split(","))):
        with tempfile.TemporaryDirectory() as scratch:
            checkpoint, images, _ = make(seed, 8, scratch)
            networks.append(convert("seed-%d" % seed, checkpoint, images, "", o.chip, o.folder))
        print("  stas-train draw %s" % " ".join(options(seed)), file=sys.stderr)
    print("placer-benchmark", *map(shlex.quote, networks))


if __name__ == "__main__":
    main()
