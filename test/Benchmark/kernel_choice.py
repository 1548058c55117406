#!/usr/bin/env python3
"""Time of each quantised layer with the kernels that are chosen, by the cost model and by `stas tune`, against each kernel forced.

    kernel_choice.py CHECKPOINT --input IMAGES [--precision int16 int8] [--cpu x86-64-v3 avx512-vnni amx] [--limit 8]

For each CPU and precision the checkpoint is compiled as it is, with its own firing rates (`stas run --rates` on the same
images), with times that `stas tune` measures on them, and with events, dense and, for amx, tiles forced. All artifacts take
turns, on one thread; the best of the rounds counts for each layer, and where two artifacts compute a layer by the same kernel,
the best of both. Prints the layers whose kernel is slower than 0.95 of the fastest forced one, and what the choices cost
together. This is a report, not a test: times of a busy machine differ by more than 5 % by themselves.
"""
import argparse
import json
import os
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
    """{layer: what `stas run --profile --json` says of it}."""
    out = json.loads(run(STAS, "run", artifact, "--input", options.input, "--limit", options.limit, "--batch", options.limit,
                         "--threads", 1, "--profile", "--json").stdout)
    return {entry["layer"]: entry for entry in out["times"]}


CHOSEN = {"rates": "with its firing rates", "tuned": "by stas tune"}


def compare(cpu, precision, work, options):
    """Prints what one CPU and precision yield: how many layers, and how many of them each way to choose has chosen badly."""
    at = lambda name: os.path.join(work, f"{cpu}-{precision}-{name}")
    same = (f"--cpu={cpu}", f"--precision={precision}")
    compiled = lambda name, *words: run(STAS, "compile", options.checkpoint, *same, "-o", at(name), *words)
    compiled("typical")
    run(STAS, "run", at("typical"), "--input", options.input, "--limit", options.limit, "--rates", at("rates.json"))
    compiled("rates", "--rates=" + at("rates.json"))
    run(STAS, "tune", options.checkpoint, *same, "--images", options.input, "--limit", options.limit, "-o", at("times.json"))
    compiled("tuned", "--times=" + at("times.json"))
    forced = ["events", "dense"] + (["tiles"] if cpu == "amx" else [])
    for name in forced:
        compiled(name, "--kernels=" + name)
    kernels = {name: {} for name in ["typical", *CHOSEN, *forced]}
    least = {}
    for _ in range(options.rounds):
        for name in kernels:
            for layer, entry in times(at(name), options).items():
                kernel, seconds = entry.get("kernel", ""), entry["seconds_per_image"]  # none where there is but one
                kernels[name][layer] = kernel
                least[layer, kernel] = min(least.get((layer, kernel), seconds), seconds)
    best = {name: {layer: least[layer, kernel] for layer, kernel in layers.items()} for name, layers in kernels.items()}
    total = {name: 1e3 * sum(layers.values()) for name, layers in best.items()}
    print(f"{cpu}, {precision}: ms an image: " + ", ".join(f"{name} {value:.2f}" for name, value in total.items()))
    slow = {name: 0 for name in CHOSEN}
    for chosen in CHOSEN:
        for layer, seconds in best[chosen].items():
            name = min(forced, key=lambda name: best[name][layer])
            ratio = best[name][layer] / seconds
            if ratio < LEAST and seconds > 0.01 * total[chosen] / 1e3:
                slow[chosen] += 1
                print(f"  {chosen}: {layer}: {kernels[chosen][layer]} {1e6 * seconds:.1f} us, {name} {1e6 * best[name][layer]:.1f} us: "
                      f"{ratio:.2f}")
    return len(best["tuned"]), slow


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
    for chosen, how in CHOSEN.items():
        print(f"{how}: {sum(slow[chosen] for _, slow in counts)} of {sum(layers for layers, _ in counts)} layers of 1 % or more of the "
              f"time are slower than {LEAST} of the fastest kernel")


if __name__ == "__main__":
    main()
