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

from recipes import RUNS

TOOL = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def inputs(kind, data):
    """Arguments that name the training and the held-out images."""
    if kind == "mnist":
        return ["--data", "mnist", "--train", os.path.join(data, "mnist")]
    batches = [os.path.join(data, "cifar10", "data_batch_%d.bin" % i) for i in range(1, 6)]
    batches = [b if os.path.exists(b) else b + ".xz" for b in batches]
    return ["--data", "cifar10", "--train", *batches[:4], "--test", batches[4]]


def commands(run, data, out, threads):
    """The `stas-train` calls of a run; the last one writes NAME.pth."""
    previous = None
    for i, stage in enumerate(run.stages):
        last = i == len(run.stages) - 1
        path = os.path.join(out, run.name + (".pth" if last else ".stage%d.pth" % (i + 1)))
        words = [sys.executable, TOOL, "train", *inputs(run.data, data), *stage.split(), "--seed", str(run.seed),
                 "--threads", str(threads), "--json", "-o", path]
        if previous:
            words += ["--init", previous]
        previous = path
        yield path, words


def train(run, data, out, threads):
    history = []
    for path, words in commands(run, data, out, threads):
        done = path + ".json"
        if not os.path.exists(done):
            with open(os.path.join(out, run.name + ".log"), "a") as log:
                result = subprocess.run(words, stdout=subprocess.PIPE, stderr=log, text=True)
            if result.returncode:
                sys.exit("%s: exit status %d, see %s" % (run.name, result.returncode, log.name))
            with open(done + ".tmp", "w") as f:
                f.write(result.stdout)
            os.replace(done + ".tmp", done)
        with open(done) as f:
            stage = json.load(f)
        history.append([{k: round(h[k], 4) for k in ("loss", "rho", "accuracy") if k in h} for h in stage["history"]])
    figures = dict(run._asdict(), held_out=stage["held_out"], history=history)
    write(os.path.join(out, run.name + ".json"), figures)
    return figures


def write(path, figures):
    with open(path + ".tmp", "w") as f:
        json.dump(figures, f, indent=1)
        f.write("\n")
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
            held = train(run, o.data, o.out, o.threads)["held_out"]
            print("%-24s accuracy %.2f %%, active %s" % (run.name, 100 * held["accuracy"],
                  "%.1f %%" % (100 * held["mean_active"]) if "mean_active" in held else "all"), flush=True)


if __name__ == "__main__":
    main()
