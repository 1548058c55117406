#!/usr/bin/env python3
"""Trains every model of docs/Results.md and writes one JSON of figures per run.

    run.py --data DIR --out DIR [--only PATTERN] [--threads N] [--list]

DIR of --data holds mnist/ (the four idx files) and cifar10/ (data_batch_*.bin and test_batch.bin; .xz is read as well).
A run whose figures are in --out already is left alone, so an interrupted call goes on where it was, and
`--only 'mnist-*'` trains a part. --list prints the commands and trains nothing. The Python that runs this script does
the training: take one with a current torch.
"""
import argparse
import fnmatch
import json
import os
import subprocess
import sys

from recipes import COUNTED, RUNS

TOOL = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def inputs(kind, data):
    """Arguments that name the training and the held-out images."""
    if kind == "mnist":
        return ["--data", "mnist", "--train", os.path.join(data, "mnist")]
    batches = [os.path.join(data, "cifar10", "data_batch_%d.bin" % i) for i in range(1, 6)]
    batches = [b if os.path.exists(b) else b + ".xz" for b in batches]
    return ["--data", "cifar10", "--train", *batches[:4], "--test", batches[4]]


def test_images(kind, data):
    """Held-out images for `stas-train count`."""
    if kind == "mnist":
        return os.path.join(data, "mnist")
    return inputs(kind, data)[-1]


def commands(run, data, out, threads):
    """[(file of the results, `stas-train` call)] of a run: its training stages, then the count of operations."""
    calls, previous = [], []
    for i, stage in enumerate(run.stages):
        last = i == len(run.stages) - 1
        path = os.path.join(out, run.name + (".pth" if last else ".stage%d.pth" % (i + 1)))
        calls.append((path + ".json", ["train", *inputs(run.data, data), "--seed", str(run.seed), *stage.split(),
                                       "-o", path, *previous]))
        previous = ["--init", path]
    calls.append((os.path.join(out, run.name + ".count.json"),
                  ["count", path, "--input", test_images(run.data, data), "--limit", str(COUNTED)]))
    return [(result, [sys.executable, TOOL, *words, "--threads", str(threads), "--json"]) for result, words in calls]


def carry_out(run, data, out, threads):
    """Runs what is missing and returns the run's figures."""
    results = []
    for path, words in commands(run, data, out, threads):
        if not os.path.exists(path):
            with open(os.path.join(out, run.name + ".log"), "a") as log:
                result = subprocess.run(words, stdout=subprocess.PIPE, stderr=log, text=True)
            if result.returncode:
                sys.exit("%s: exit status %d, see %s" % (run.name, result.returncode, log.name))
            write(path, result.stdout)
        with open(path) as f:
            results.append(json.load(f))
    *stages, count = results
    history = [[{k: round(h[k], 4) for k in ("loss", "rho", "accuracy") if k in h} for h in stage["history"]]
               for stage in stages]
    return dict(run._asdict(), held_out=stages[-1]["held_out"], history=history, cost=cost(count))


def cost(count):
    """Totals of `stas-train count`, per image: operations by kind and energy, under both rules."""
    out = {"images": count["images"], "neuron_updates": sum(count["neuron_updates"].values())}
    for rule in ("counted", "strict"):
        kinds = {kind: sum(layer[rule].get(kind, 0) for layer in count["layers"].values())
                 for kind in ("mac", "ac", "and_accumulate")}
        out[rule] = dict(kinds, sops=sum(kinds.values()), picojoules=count["picojoules"][rule])
    stem = [layer["counted"]["ac"] for name, layer in count["layers"].items() if name.startswith("patch_embed.")]
    return dict(out, stem_acs=sum(stem))


def write(path, content):
    with open(path + ".tmp", "w") as f:
        f.write(content)
    os.replace(path + ".tmp", path)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--out", required=True, help="folder of checkpoints, logs and figures")
    p.add_argument("--only", default="*", metavar="PATTERN", help="runs whose name matches")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--list", action="store_true")
    o = p.parse_args()
    os.makedirs(o.out, exist_ok=True)
    for run in (r for r in RUNS if fnmatch.fnmatch(r.name, o.only)):
        if o.list:
            for _, words in commands(run, o.data, o.out, o.threads):
                print(" ".join(words))
        elif not os.path.exists(os.path.join(o.out, run.name + ".json")):
            figures = carry_out(run, o.data, o.out, o.threads)
            write(os.path.join(o.out, run.name + ".json"), json.dumps(figures, indent=1) + "\n")
            held = figures["held_out"]
            print("%-24s accuracy %.2f %%, active %s" % (run.name, 100 * held["accuracy"],
                  "%.1f %%" % (100 * held["mean_active"]) if "mean_active" in held else "all"), flush=True)


if __name__ == "__main__":
    main()
