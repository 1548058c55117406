#!/usr/bin/env python3
"""Fits the cost model of the CPU's sums to this machine.

    kernel_costs.py CHECKPOINT... --input IMAGES [--cpu x86-64-v3 avx512-vnni amx] [--threshold 0.7 1 1.8] [--json FILE]
    kernel_costs.py --measured FILE... [--cpu NAME --costs SCAN VISIT EVENT EVENT8 MISS GATHER PRODUCT PRODUCT8 REFILL]

Each checkpoint, with the thresholds of its neurons multiplied so that few or many inputs are not zero, is compiled with its own
firing rates and with each kernel forced, and run on one thread; `stas compile --remarks` says what the model goes by for each
layer, `stas run --rates` how many rows were computed and how many of their inputs were not zero, `stas run --profile` how
long it took. --json writes that to a file, --measured reads it from such files, and --costs judges other constants by it.

A kernel's neurons take as long as the other's, so that constants are fitted to the difference of the two. Prints those of
docs/Targets/CPU.md that come nearest to it (least squares relative to the faster kernel, none negative), those from there on
that choose best (each layer weighs by what the wrong kernel costs more, and counts as wrong up to a margin of 6 %), and
how many choices by these are slower than 0.95 of the other kernel; kernel_choice.py says it of those that stas makes. This is
a report, not a test. Needs torch, and build/bin/stas.
"""
import argparse
import json
import os
import re
import sys
import tempfile

import numpy as np
import torch

from kernel_choice import LEAST, STAS, run, times

REMARK = re.compile(r"layer (\S+): \w+ for \S+: (\d+) rows of (\d+) (spikes|counts)(?: in windows of (\d+) channels)?, "
                    r"[\d.]+% not zero, into (\d+) channels by weights of (\d+) bits")


def variant(checkpoint, factor, path):
    """Writes the checkpoint with other thresholds."""
    content = torch.load(checkpoint, map_location="cpu")
    config = dict(content["config"])
    config["lif"] = {**config["lif"], "v_threshold": config["lif"]["v_threshold"] * factor}
    torch.save({**content, "config": config}, path)


def measure(checkpoint, cpu, precision, options, work):
    """[{layer, rows, steps, inputs, run, kind, lists, density, channels, bits, measured: {kernel: ns of a row}}]; a map has
    rows / steps positions, and lists are the rows that were computed, of an image and all timesteps."""
    at = lambda name: os.path.join(work, name)
    common = (STAS, "compile", checkpoint, f"--cpu={cpu}", f"--precision={precision}", "-o")
    run(*common, at("any"))
    run(STAS, "run", at("any"), "--input", options.input, "--limit", options.limit, "--rates", at("rates.json"))
    with open(at("rates.json")) as file:  # of all layers but the image's and the classifier, which have one kernel
        inputs = [(entry["rows"], entry["mean"] * sum(entry["nonzero"]) / max(1, sum(entry["sum"])))
                  for entry in json.load(file)["inputs"].values() if "nonzero" in entry]
    kernels = ["events", "tiles" if cpu == "amx" else "dense"]
    layers = {}
    for kernel in kernels:
        result = run(*common, at(kernel), "--kernels=" + kernel, "--rates=" + at("rates.json"), "--remarks")
        found = REMARK.findall(result.stderr)
        if len(found) != len(inputs):
            sys.exit(f"{checkpoint}: required one remark for each of {len(inputs)} layers, found {len(found)}")
        for (name, rows, width, kind, run_of, channels, bits), (computed, share) in zip(found, inputs):
            layers[name] = dict(layer=name, rows=int(rows), steps=len(computed), inputs=int(width), run=int(run_of or width),
                                kind=kind, lists=sum(computed) / options.limit, density=share, channels=int(channels),
                                bits=int(bits), measured={})
    for _ in range(options.rounds):
        for kernel in kernels:
            for name, entry in times(at(kernel), options).items():
                if name in layers:
                    layer, seconds = layers[name], entry["seconds_per_image"]
                    if sum(entry.get("seconds_per_timestep", [seconds])) < seconds / 2:
                        layer["lists"] = layer["rows"]  # of a steady input: all rows once, ahead of the loop
                    key, time = "events" if kernel == "events" else "products", 1e9 * seconds / layer["rows"]
                    layer["measured"][key] = min(layer["measured"].get(key, time), time)
    return [layer for layer in layers.values() if len(layer["measured"]) == 2]


def up(number, unit):
    return -(-number // unit) * unit


WIDEST = {"x86-64-v3": 16, "x86-64-v4": 32, "avx512-vnni": 64, "amx": 64}  # vectors that a panel is gathered by
COSTS = ("scan", "visit", "event", "event8", "miss", "gather", "product", "product8", "refill")
FIRST_CACHE = 32 << 10  # the part of it that is left to weights


def beyond(bytes):
    """The share of so many bytes that the first cache does not hold."""
    return max(0, 1 - FIRST_CACHE / bytes)


def difference(layer, cpu):
    """How often each of COSTS is paid for a row by events, less what is by products."""
    row = dict.fromkeys(COSTS, 0.0)
    inputs, groups = layer["inputs"], up(layer["channels"], 32) // 32
    side = round((inputs / layer["run"]) ** 0.5)  # of a window: as many runs of as many channels
    # Maps are square, windows one step apart, and as much padding around as keeps their size.
    height = round((layer["rows"] / layer["steps"]) ** 0.5)
    inside = ((height * side - 2 * (side // 2)) / (height * side)) ** 2 if side > 1 else 1
    hit = 1 - (1 - layer["density"]) ** 32 if cpu == "x86-64-v3" else 1
    row["scan"] = inside * side * up(side * layer["run"], 32) / 32 * hit
    events = inside * inputs * layer["density"]
    tile = min(up(layer["channels"], 32), 64 if cpu == "x86-64-v3" else 256)  # channels of an event's sums
    row["visit"] = events * up(layer["channels"], tile) / tile
    row["event8" if layer["bits"] == 8 and layer["kind"] == "spikes" else "event"] = events * groups
    row["miss"] = events * groups * layer["density"] * beyond(2 * inputs * tile)
    lanes = next(lanes for lanes in (64, 32, 16, layer["run"]) if layer["run"] % lanes == 0 or lanes <= 16)
    row["gather"] = -inputs * max(1, WIDEST[cpu] / lanes)
    padded = up(inputs, 64) if cpu == "amx" else up(inputs, 4) if "vnni" in cpu else inputs
    idle = up(layer["rows"], 16) / layer["rows"] if cpu == "amx" else 1
    products = padded * idle * groups
    row["product8" if layer["bits"] == 8 else "product"] = -products
    row["refill"] = -products * beyond(32 * inputs * (1 if layer["bits"] == 8 and "vnni" in cpu else 2))
    return np.array([row[name] for name in COSTS]) * layer["lists"] / layer["rows"]


def nonnegative(matrix, target):
    """Least squares without negative numbers, by leaving out those that want to be."""
    used = list(range(matrix.shape[1]))
    while True:
        found = np.linalg.lstsq(matrix[:, used], target, rcond=None)[0]
        if (found >= 0).all():
            result = np.zeros(matrix.shape[1])
            result[used] = found
            return result
        used.pop(int(found.argmin()))


def improve(differences, events, products, costs):
    """The constants near these that choose best. Products stay, for the scale."""
    random = np.random.default_rng(1)
    lost = np.minimum(np.abs(np.log(events / products)), 0.7)
    better, margin = np.sign(events - products), 0.06 * np.minimum(events, products)
    wrong = lambda costs: (lost * np.maximum(0, 1 - differences @ costs * better / margin)).sum()
    movable = [i for i, name in enumerate(COSTS) if name != "product"]
    best, least = costs, wrong(costs)
    for step in range(20000):
        trial = best.copy()
        for i in random.choice(movable, random.integers(1, 4), replace=False):
            trial[i] = max(0, trial[i] * np.exp(random.normal(0, 0.4 * (1 - step / 20000) + 0.02)) + random.choice([0, 0.01]))
        if (now := wrong(trial)) < least:
            best, least = trial, now
    return best


def report(cpu, layers, given):
    # Where few rows are computed, what a launch costs by itself counts more.
    layers = [layer for layer in layers if layer["lists"] > 0.3 * layer["rows"]]
    events, products = (np.array([layer["measured"][kernel] for layer in layers]) for kernel in ("events", "products"))
    differences = np.array([difference(layer, cpu) for layer in layers])
    faster, measured = np.minimum(events, products), events - products
    near = np.abs(measured) < 0.8 * faster
    nearest = nonnegative((differences / faster[:, None])[near], (measured / faster)[near])
    row = lambda costs: ", ".join(f"{name} {value:.3f}" for name, value in zip(COSTS, costs))
    off = np.median(np.abs(differences @ nearest - measured)[near] / faster[near])
    print(f"{cpu}, {len(layers)} layers, {near.sum()} of them within a factor of 1.8\n  nearest: {row(nearest)}; the median of those is "
          f"{100 * off:.0f} % of the faster kernel off")
    best = improve(differences, events, products, nearest)
    print(f"  choose best: {row(best)}")
    for name, costs in [("nearest", nearest), ("choose best", best)] + ([("given", np.array(given))] if given else []):
        ratios = faster / np.where(differences @ costs <= 0, events, products)
        print(f"  {name}: {(ratios < LEAST).sum()} choices are slower than {LEAST} of the other, the geometric mean of all is "
              f"{np.exp(np.log(ratios).mean()):.4f}")
    for i in np.argsort(ratios)[:8]:
        layer = layers[i]
        if ratios[i] < LEAST:
            print(f"    {ratios[i]:.2f} {layer['layer']}: {layer['lists']:.0f} rows of {layer['inputs']} {layer['kind']}, "
                  f"{100 * layer['density']:.1f} % not zero, {layer['channels']} channels, {layer['bits']} bits, "
                  f"{faster[i] * layer['rows'] / 1e3:.0f} us")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", nargs="*")
    parser.add_argument("--input")
    parser.add_argument("--precision", nargs="+", default=["int16", "int8"])
    parser.add_argument("--cpu", nargs="+", default=["x86-64-v3", "avx512-vnni", "amx"])
    parser.add_argument("--threshold", nargs="+", type=float, default=[0.7, 1, 1.8])
    parser.add_argument("--limit", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json")
    parser.add_argument("--measured", nargs="+", default=[])
    parser.add_argument("--costs", nargs=len(COSTS), type=float, metavar="NS", help="judge these, too: " + ", ".join(COSTS))
    options = parser.parse_args()
    for path in [*options.checkpoint, options.input, *options.measured]:
        if path and not os.path.isfile(path):
            parser.error(f"{path}: required a file, found none of that name")
    if options.measured:
        everything = {}
        for path in options.measured:
            with open(path) as file:
                for cpu, layers in json.load(file).items():
                    everything.setdefault(cpu, []).extend(layers)
        for cpu in filter(options.cpu.__contains__, everything):
            report(cpu, everything[cpu], options.costs)
        return
    if not options.checkpoint or not options.input:
        parser.error("required checkpoints and --input, or --measured")
    everything = {}
    for cpu in options.cpu:
        layers = everything[cpu] = []
        with tempfile.TemporaryDirectory() as work:
            for checkpoint in options.checkpoint:
                for factor in options.threshold:
                    path = os.path.join(work, "model.pth")
                    variant(checkpoint, factor, path)
                    for precision in options.precision:
                        layers += measure(path, cpu, precision, options, work)
        if options.json:
            with open(options.json, "w") as file:
                json.dump(everything, file, indent=1)
        report(cpu, layers, options.costs)


if __name__ == "__main__":
    main()
