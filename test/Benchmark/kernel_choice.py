#!/usr/bin/env python3
"""Time of each quantised layer with the kernels that the cost model chooses, against each kernel forced.

    kernel_choice.py CHECKPOINT --input IMAGES [--precision int16 int8] [--cpu x86-64-v3 avx512-vnni amx] [--limit 8]

For each CPU and precision the checkpoint is compiled with its own firing rates (`stas run --rates` on the same images), and
with events, dense and, for amx, tiles forced. All artifacts take turns, on one thread; the best of the rounds counts for
each layer, and where two artifacts compute a layer by the same kernel (the plans say so), the best of both. Prints the layers whose chosen kernel is slower than 0.95 of the fastest, and what the choices cost together.
This is a report, not a test: times of a busy machine differ by more than 5 % by themselves.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
STAS = os.path.join(ROOT, "build", "bin", "stas")
LEAST = 0.95


def run(*words):
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}: exit {result.returncode}\n{result.stderr[-2000:]}")
    return result


def times(artifact, options):
    """{layer: seconds an image}"""
    out = json.loads(run(STAS, "run", artifact, "--input", options.input, "--limit", options.limit, "--batch", options.limit,
                         "--threads", 1, "--profile", "--json").stdout)
    return {entry["layer"]: entry["seconds_per_image"] for entry in out["times"]}


def kernels(path, options):
    """{layer: the kernels that compute it} of the plan that these options of `stas compile` write to a path."""
    run(*options, path, "--compile-to=plan")
    with open(path, encoding="utf-8") as file:
        plan = file.read()
    shapes = dict(re.findall(r'func\.func @(\w+)\(.*?loc\("([^"]*)"\)', plan))
    layers = {}
    for kernel, layer in re.findall(r'spike\.launch @(\w+)\(.*? layer "([^"]*)"', plan):
        layers[layer] = layers.get(layer, "") + shapes[kernel] + ";"
    return layers


def compare(cpu, precision, work, options):
    """Prints what one CPU and precision yield: how many layers, how many of them chosen badly."""
    at = lambda name: os.path.join(work, f"{cpu}-{precision}-{name}")
    common = (STAS, "compile", options.checkpoint, f"--cpu={cpu}", f"--precision={precision}", "-o")
    plan = lambda *words: kernels(at("plan.mlir"), (*common[:-1], *words, "-o"))
    run(*common, at("typical"))
    run(STAS, "run", at("typical"), "--input", options.input, "--limit", options.limit, "--rates", at("rates.json"))
    run(*common, at("chosen"), "--rates=" + at("rates.json"))
    forced = ["events", "dense"] + (["tiles"] if cpu == "amx" else [])
    same = {"typical": plan(), "chosen": plan("--rates=" + at("rates.json"))}
    for name in forced:
        run(*common, at(name), "--kernels=" + name)
        same[name] = plan("--kernels=" + name)
    best = {name: {} for name in ["typical", "chosen"] + forced}
    for _ in range(options.rounds):
        for name, layers in best.items():
            for layer, seconds in times(at(name), options).items():
                layers[layer] = min(layers.get(layer, seconds), seconds)
    for layer in best["chosen"]:
        least = {}
        for name in best:
            kernel = same[name][layer]
            least[kernel] = min(least.get(kernel, best[name][layer]), best[name][layer])
        for name in best:
            best[name][layer] = least[same[name][layer]]
    total = {name: 1e3 * sum(layers.values()) for name, layers in best.items()}
    print(f"{cpu}, {precision}: ms an image: " + ", ".join(f"{name} {value:.2f}" for name, value in total.items()))
    slow = 0
    for layer, seconds in best["chosen"].items():
        name = min(forced, key=lambda name: best[name][layer])
        ratio = best[name][layer] / seconds
        if ratio < LEAST and seconds > 0.01 * total["chosen"] / 1e3:
            slow += 1
            print(f"  {layer}: {1e6 * seconds:.0f} us, {name} {1e6 * best[name][layer]:.0f} us: {ratio:.2f}")
    return len(best["chosen"]), slow


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--input", required=True)
    parser.add_argument("--precision", nargs="+", default=["int16", "int8"])
    parser.add_argument("--cpu", nargs="+", default=["x86-64-v3", "avx512-vnni", "amx"])
    parser.add_argument("--limit", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        counts = [compare(cpu, precision, work, options) for cpu in options.cpu for precision in options.precision]
    print(f"{sum(slow for _, slow in counts)} of {sum(layers for layers, _ in counts)} layers of 1 % or more of the time are "
          f"slower than {LEAST} of the fastest kernel")


if __name__ == "__main__":
    main()
