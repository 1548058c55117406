#!/usr/bin/env python3
"""Fits the cost model of the CPU's sums to this machine.

    kernel_costs.py CHECKPOINT... --input IMAGES [--cpu x86-64-v3 avx512-vnni amx] [--threshold 0.7 1 1.8] [--json FILE]
    kernel_costs.py --measured FILE [--cpu NAME --costs SCAN ENTRY EVENT EVENT8 GATHER PRODUCT PRODUCT8]

Each checkpoint, with the thresholds of its neurons multiplied so that few or many inputs are not zero, is compiled with its own
firing rates and with each kernel forced, and run on one thread; `stas compile --remarks` says what the model goes by for each
layer, `stas run --rates` how many inputs were not zero, `stas run --profile` how long it took. --json writes that to a file,
--measured reads it from one, and --costs judges other constants by it.

Prints the constants of docs/Targets/CPU.md that come nearest to the times (least squares of the relative error, none negative), those from
there on that lose least time by choosing (the sum over layers of the logarithm of what the choice costs more), and how many choices by
these are slower than 0.95 of the other kernel; kernel_choice.py says it of those that stas makes. This is a report, not a
test. Needs torch, and build/bin/stas.
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
    """[{layer, rows, inputs, run, kind, density, channels, bits, measured: {kernel: ns of a row}}]"""
    at = lambda name: os.path.join(work, name)
    common = (STAS, "compile", checkpoint, f"--cpu={cpu}", f"--precision={precision}", "-o")
    run(*common, at("any"))
    run(STAS, "run", at("any"), "--input", options.input, "--limit", options.limit, "--rates", at("rates.json"))
    with open(at("rates.json")) as file:  # of all layers but the image's and the classifier, which have one kernel
        shares = [entry["mean"] * sum(entry["nonzero"]) / max(1, sum(entry["sum"]))
                  for entry in json.load(file)["inputs"].values() if "nonzero" in entry]
    kernels = ["events", "tiles" if cpu == "amx" else "dense"]
    layers = {}
    for kernel in kernels:
        result = run(*common, at(kernel), "--kernels=" + kernel, "--rates=" + at("rates.json"), "--remarks")
        found = REMARK.findall(result.stderr)
        if len(found) != len(shares):
            sys.exit(f"{checkpoint}: required one remark for each of {len(shares)} layers, found {len(found)}")
        for (name, rows, inputs, kind, run_of, channels, bits), share in zip(found, shares):
            layers[name] = dict(layer=name, rows=int(rows), inputs=int(inputs), run=int(run_of or inputs), kind=kind,
                                density=share, channels=int(channels), bits=int(bits), measured={})
    for _ in range(options.rounds):
        for kernel in kernels:
            for name, seconds in times(at(kernel), options).items():
                if name in layers:
                    layer = layers[name]
                    key, time = "events" if kernel == "events" else "products", 1e9 * seconds / layer["rows"]
                    layer["measured"][key] = min(layer["measured"].get(key, time), time)
    return [layer for layer in layers.values() if len(layer["measured"]) == 2]


def up(number, unit):
    return -(-number // unit) * unit


WIDEST = {"x86-64-v3": 16, "x86-64-v4": 32, "avx512-vnni": 64, "amx": 64}  # vectors that a panel is gathered by
COSTS = ("scan", "entry", "event", "event8", "gather", "product", "product8", "neuron")


def terms(layer, cpu, kernel):
    """How often each of COSTS is paid for a row. Neurons, which both kernels have, are no part of a choice."""
    row = dict.fromkeys(COSTS, 0.0)
    inputs, groups = layer["inputs"], up(layer["channels"], 32) // 32
    row["neuron"] = groups
    if kernel == "events":
        side = round((inputs / layer["run"]) ** 0.5)  # of a window: as many runs of as many channels
        hit = 1 - (1 - layer["density"]) ** 32 if cpu == "x86-64-v3" else 1
        row["scan"] = side * up(side * layer["run"], 32) / 32 * hit
        row["entry"] = inputs * layer["density"]
        row["event8" if layer["bits"] == 8 and layer["kind"] == "spikes" else "event"] = inputs * layer["density"] * groups
    else:
        lanes = next(lanes for lanes in (64, 32, 16, layer["run"]) if layer["run"] % lanes == 0 or lanes <= 16)
        row["gather"] = inputs * max(1, WIDEST[cpu] / lanes)
        padded = up(inputs, 64) if cpu == "amx" else up(inputs, 4) if "vnni" in cpu else inputs
        idle = up(layer["rows"], 16) / layer["rows"] if cpu == "amx" else 1
        row["product8" if layer["bits"] == 8 else "product"] = padded * idle * groups
    return [row[name] for name in COSTS]


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


def fit(layers, cpu):
    rows = [(terms(layer, cpu, kernel), layer["measured"][kernel]) for layer in layers for kernel in ("events", "products")]
    matrix, times = np.array([row for row, _ in rows]), np.array([time for _, time in rows])
    costs = nonnegative(matrix / times[:, None], np.ones(len(times)))
    return costs, float(np.mean(np.abs(matrix @ costs / times - 1) <= 0.2))


def ratios(layers, costs, cpu):
    """Of each layer what it gains by the kernel that is cheaper by these costs: at most 1, below it loses."""
    events, products = (np.array([terms(layer, cpu, kernel) for layer in layers]) @ costs for kernel in ("events", "products"))
    return chosen(layers, events <= products)


def chosen(layers, takes_events):
    events, products = (np.array([layer["measured"][kernel] for layer in layers]) for kernel in ("events", "products"))
    return np.minimum(1, np.where(takes_events, products / events, events / products))


def improve(layers, costs, cpu):
    """The constants near these whose choices lose least. Products stay, for the scale."""
    random = np.random.default_rng(1)
    difference = np.array([np.subtract(terms(layer, cpu, "events"), terms(layer, cpu, "products")) for layer in layers])
    lost = lambda costs: -np.log(chosen(layers, difference @ costs <= 0)).sum()
    movable = [i for i, name in enumerate(COSTS) if not name.startswith(("product", "neuron"))]
    best, least = costs, lost(costs)
    for _ in range(20000):
        trial = best.copy()
        for i in random.choice(movable, random.integers(1, 4), replace=False):
            trial[i] = max(0, round(costs[i] * random.uniform(0.5, 2) + random.choice([0, 0, 0.02, 0.1, -0.05]), 2))
        if (loses := lost(trial)) < least:
            best, least = trial, loses
    return best


def report(cpu, layers, given):
    row = lambda costs: ", ".join(f"{name} {value:.3f}" for name, value in zip(COSTS, costs))
    nearest, near = fit(layers, cpu)
    print(f"{cpu}, {len(layers)} layers\n  nearest: {row(nearest)}; {100 * near:.0f} % of the times within 20 %")
    least = improve(layers, nearest, cpu)
    print(f"  choose best: {row(least)}")
    judged = [("nearest", nearest), ("choose best", least)] + ([("given", np.array([*given, 0]))] if given else [])
    for name, found in judged:
        found = ratios(layers, found, cpu)
        print(f"  {name}: {(found < LEAST).sum()} choices are slower than {LEAST} of the other, the geometric mean of all is "
              f"{np.exp(np.log(found).mean()):.4f}")
    for i in np.argsort(found)[:8]:
        layer = layers[i]
        if found[i] < LEAST:
            print(f"    {found[i]:.2f} {layer['layer']}: {layer['inputs']} {layer['kind']}, {100 * layer['density']:.1f} % "
                  f"not zero, {layer['channels']} channels, {layer['bits']} bits")


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
    parser.add_argument("--measured")
    parser.add_argument("--costs", nargs=len(COSTS) - 1, type=float, metavar="NS", help="judge these, too: " + ", ".join(COSTS[:-1]))
    options = parser.parse_args()
    for path in [*options.checkpoint, options.input, options.measured]:
        if path and not os.path.isfile(path):
            parser.error(f"{path}: required a file, found none of that name")
    if options.measured:
        with open(options.measured) as file:
            for cpu, layers in json.load(file).items():
                if cpu in options.cpu:
                    report(cpu, layers, options.costs)
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
