#!/usr/bin/env python3
"""Checks the operations and energies of docs/Results.md against `stas estimate`.

    verify.py --runs DIR --data DATA [--only PATTERN]

run.py counts in PyTorch, by code of its own. Here each run's checkpoint is compiled, run on the same held-out images with
`stas run --rates`, and estimated; every total that the tables are made of has to agree to --tolerance percent. The two
need not agree to the last digit: a potential within float32's rounding of the threshold may fire in one and not in the
other. Needs stas and its programs on PATH, and the Python that run.py needs.
"""
import argparse
import fnmatch
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

from recipes import COUNTED, RUNS
from run import TOOL, cost, test_images

sys.path.insert(0, TOOL)
from stas_train.checkpoint import load  # noqa: E402
from stas_train.data import Source  # noqa: E402


def stas(*words):
    result = subprocess.run(("stas", *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode:
        sys.exit(result.stderr.strip() or "stas %s: exit status %d" % (words[0], result.returncode))
    return result.stdout


def estimate(checkpoint, images, work):
    """`stas estimate` of a checkpoint, from the rates of its artifact on the first COUNTED held-out images."""
    inputs, model, rates = (os.path.join(work, name) for name in ("images.npy", "model.stas", "rates.json"))
    np.save(inputs, np.concatenate([x for x, _ in Source(images, load(checkpoint)[1], COUNTED).batches(COUNTED)]))
    stas("compile", checkpoint, "-o", model, "--precision=f32")
    stas("run", model, "--input", inputs, "--rates", rates)
    return json.loads(stas("estimate", model, "--rates", rates, "--json"))


def figures(run, out):
    """The totals that report.py takes from a run: {name: (of PyTorch, of `stas estimate`)}."""
    with open(run, encoding="utf-8") as f:
        count = cost(json.load(f))
    pairs = {"images": (count["images"], out["images"]),
             "neuron updates": (count["neuron_updates"], out["total"]["counted"]["neuron_update"])}
    for rule in ("counted", "strict"):
        for key, value in count[rule].items():
            pairs["%s %s" % (rule, key)] = (value, out["total"][rule][key])
    stem = [layer["counted"]["ac"] for layer in out["layers"] if layer["name"].startswith("patch_embed.")]
    return dict(pairs, stem=(count["stem_acs"], sum(stem)))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--runs", required=True, metavar="DIR", help="folder that run.py has filled")
    p.add_argument("--data", required=True)
    p.add_argument("--only", default="*", metavar="PATTERN", help="runs whose name matches")
    p.add_argument("--tolerance", type=float, default=0.1, metavar="PERCENT")
    o = p.parse_args()
    checked = wrong = 0
    for run in (r for r in RUNS if fnmatch.fnmatch(r.name, o.only)):
        count = os.path.join(o.runs, run.name + ".count.json")
        if not os.path.exists(count):
            continue
        with tempfile.TemporaryDirectory() as work:
            out = estimate(os.path.join(o.runs, run.name + ".pth"), test_images(run.data, o.data), work)
        pairs = figures(count, out)
        apart = {key: 100 * abs(a - b) / max(abs(a), 1e-9) for key, (a, b) in pairs.items()}
        key = max(apart, key=apart.get)
        print("%-24s %d figures, largest difference %.6f %% (%s: PyTorch %.2f, stas %.2f)"
              % (run.name, len(pairs), apart[key], key, *pairs[key]), flush=True)
        checked += 1
        wrong += apart[key] > o.tolerance
    if wrong or not checked:
        sys.exit("%d of %d runs differ by more than %g %%" % (wrong, checked, o.tolerance) if checked else
                 "%s: required results of a run that --only names, found none" % o.runs)


if __name__ == "__main__":
    main()
