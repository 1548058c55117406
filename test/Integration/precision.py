#!/usr/bin/env python3
"""A trained checkpoint in integers against PyTorch: what rounding the weights costs.

    precision.py CHECKPOINT --input FILE [--limit N] [--precision int16 int8] [--end-to-end]

Two comparisons, in the interpreter: layer by layer, each fed PyTorch's spikes, where the decisions to fire that differ are
counted; and end to end (top-1 agreement, halting steps, accuracy). Fails where a layer does not keep what
docs/IntegerContract.md promises, and with --end-to-end where the whole does not. Needs stas, stas-import, stas-translate
on PATH; torch.
"""
import argparse
import collections
import os
import sys
import tempfile

import numpy as np
import torch

from integers import flips, interpret, quantize
from stas_train import trace
from stas_train.checkpoint import load
from stas_train.data import Source

Bounds = collections.namedtuple("Bounds", "flips top1 halting accuracy")
PROMISES = {"int16": Bounds(5e-5, 0.995, 0.99, 0.002), "int8": Bounds(4e-3, 0.98, 0.96, 0.007)}
CHUNK = 25  # images at a time: a trace of a thousand does not fit into memory


class Tally:
    """Sums over the chunks of one precision."""

    def __init__(self):
        self.layers = collections.OrderedDict()
        self.same = self.right = self.steps = self.tokens = 0

    def add_layers(self, counts):
        for name, numbers in counts.items():
            self.layers[name] = tuple(map(sum, zip(numbers, self.layers.get(name, (0, 0, 0)))))

    def report(self, precision, images, reference_right, promise):
        """Prints a table; the promises that are not kept, of layers and of the whole."""
        problems, whole = [], []
        print("%s, %d images" % (precision, images))
        print("  %-28s %8s %12s %12s" % ("layer", "rate", "differ", "of decisions"))
        for name, (flipped, spikes, sites) in self.layers.items():
            share = flipped / sites
            print("  %-28s %6.2f %% %12d %12.2e" % (name, 100 * spikes / sites, flipped, share))
            # Of few sites one neuron may be more than its share.
            if flipped > 1 and share > promise.flips:
                problems.append("%s, %s: %g of decisions differ, required at most %g" % (precision, name, share, promise.flips))
        slack = 1 / images  # one image of few may be more than its share
        lines = [("top-1 agreement", self.same / images, promise.top1 - slack)]
        if self.tokens:
            lines.append(("same halting step", self.steps / self.tokens, promise.halting))
        if reference_right is not None:
            lost = (reference_right - self.right) / images
            print("  accuracy %.2f %%, of PyTorch %.2f %%" % (100 * self.right / images, 100 * reference_right / images))
            if lost > promise.accuracy + slack:
                whole.append("%s: accuracy falls by %.2f points" % (precision, 100 * lost))
        for what, share, least in lines:
            print("  %s %.3f %%" % (what, 100 * share))
            if share < least:
                whole.append("%s: %s %.3f %%, required %.3f %%" % (precision, what, 100 * share, 100 * least))
        return problems, whole


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--input", required=True)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--precision", nargs="+", choices=sorted(PROMISES), default=["int16", "int8"])
    parser.add_argument("--end-to-end", action="store_true", help="demand agreement end to end too")
    parser.add_argument("--state-bits", type=int, default=32)
    o = parser.parse_args()
    torch.set_num_threads(1)
    model, config = load(o.checkpoint)
    source = Source(o.input, config, o.limit)
    tallies = {precision: Tally() for precision in o.precision}
    images, right = 0, None if source.labels is None else 0
    with tempfile.TemporaryDirectory() as work:
        at = lambda *names: os.path.join(work, *names)
        for precision in o.precision:
            quantize(o.checkpoint, precision, at(precision + ".mlir"), o.state_bits)
        for batch in source.batches(CHUNK):
            reference = at("torch")
            trace.write(model, [batch], reference, o.checkpoint)
            logits, halts = np.load(at("torch", "logits.npy")), "act" in config
            images += len(logits)
            if right is not None:
                right += int((logits.argmax(1) == batch[1]).sum())
            for precision, tally in tallies.items():
                module, inputs = at(precision + ".mlir"), at("torch", "input.npy")
                interpret(module, o.checkpoint, inputs, at("free"), halts)
                interpret(module, o.checkpoint, inputs, at("forced"), halts, teacher=reference)
                tally.add_layers(flips(reference, at("forced")))
                found = np.load(at("free", "logits.npy")).argmax(1)
                tally.same += int((found == logits.argmax(1)).sum())
                tally.right += 0 if right is None else int((found == batch[1]).sum())
                if halts:
                    want, got = np.load(at("torch", "steps.npy")), np.load(at("free", "steps.npy"))
                    tally.steps += int((want == got).sum())
                    tally.tokens += want.size
    problems = []
    for precision, tally in tallies.items():
        layers, whole = tally.report(precision, images, right, PROMISES[precision])
        problems += layers + (whole if o.end_to_end else [])
    for problem in problems:
        print("error: " + problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
