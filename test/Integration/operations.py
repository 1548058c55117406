#!/usr/bin/env python3
"""Compares `stas estimate --rates` with a count made from the tensors of a PyTorch run (`stas-train count`).

    operations.py CHECKPOINT --input FILE --limit N [--end-to-end PERCENT]
    operations.py --draw "OPTIONS OF stas-train draw" --images BxCxHxW ...

The artifact is fed PyTorch's spikes (--teacher), so that both count the same integers: every figure of every layer has to
agree to 1e-6 of itself, which is what float32 makes of a mean over three timesteps (1/3); sums of integers and of their
quarters are exact. With --end-to-end the artifact runs on its own spikes too; then a spike at its threshold may go either
way, and every layer's figures have to agree to so many percent.

`stas estimate` must say the same of the checkpoint as of the artifact, and its bounds must hold the measured figures.
What is counted is a property of the model and its spikes: artifacts and modules in integers, fed the same spikes, must
count the same and have the same bounds.
Needs stas, stas-compile and stas-import on PATH.
"""
import argparse
import json
import os
import sys
import tempfile

from differential import add_model, model_of, run, train

RULES = ("counted", "strict")


class Comparison:
    """Keeps the largest relative difference, and every one that is too large."""

    def __init__(self, tolerance):
        self.tolerance, self.largest, self.figures, self.problems = tolerance, 0.0, 0, []

    def equal(self, what, found, expected):
        self.figures += 1
        difference = abs(found - expected) / max(abs(expected), 1e-9) if found != expected else 0.0
        self.largest = max(self.largest, difference)
        if not difference <= self.tolerance:
            self.problems.append(f"{what}: stas {found!r}, PyTorch {expected!r}")

    def finish(self, what):
        for problem in self.problems:
            print(f"{what}: {problem}", file=sys.stderr)
        if self.problems or not self.figures:
            sys.exit(f"{what}: {len(self.problems)} of {self.figures} figures differ")
        print(f"{what}: {self.figures} figures agree, largest relative difference {self.largest:.1e}")


def compare(estimate, rates, count, tolerance, what):
    """Every figure that the two have in common."""
    seen = Comparison(tolerance)
    layers = {layer["name"]: layer for layer in estimate["layers"] if layer["kind"] != "halting"}
    if set(layers) != set(count["layers"]):
        sys.exit(f"{what}: other layers: {sorted(set(layers) ^ set(count['layers']))}")
    for name, expected in count["layers"].items():
        found = layers[name]
        for rule in RULES:
            for key, value in expected[rule].items():
                seen.equal(f"{name} {rule} {key}", found[rule][key], value)
        if "dense_macs" in expected:
            seen.equal(f"{name} dense_macs", found["dense_macs"], expected["dense_macs"])
            seen.equal(f"{name} padding", found.get("padding_sops", 0.0), expected["padding"])
        else:
            seen.equal(f"{name} q (k^T v)", found["and_accumulate_q_kv"], expected["q_kv"])
        neurons = name.replace("_linear", "_lif").replace("_conv", "_lif")
        if neurons in count["neuron_updates"]:
            seen.equal(f"{neurons} updates", found["counted"]["neuron_update"], count["neuron_updates"][neurons])
    for rule in RULES:
        seen.equal(f"total {rule}", estimate["total"][rule]["picojoules"], count["picojoules"][rule])
    blocks = sorted(rates["halting"])
    if bool(blocks) != bool(count["active_tokens"]):
        sys.exit(f"{what}: only one of the two has tokens that halt")
    for t, row in enumerate(count["active_tokens"] or []):
        for block, active in zip(blocks, row):
            seen.equal(f"{block} at t = {t}", rates["halting"][block]["rows"][t] / rates["images"], active)
    seen.finish(what)


def check_bounds(bounds, estimate):
    """Measured figures have to lie within the bounds of all rates."""
    def within(low_high, value, what):
        low, high = low_high
        slack = 1e-9 * max(1.0, abs(value))
        if not low - slack <= value <= high + slack:
            sys.exit(f"bounds: {what}: {value} is not in {low_high}")
    for bound, layer in zip(bounds["layers"], estimate["layers"]):
        within(bound["active"], layer["active"], f"{layer['name']} active")
        for rule in RULES:
            for key, value in layer[rule].items():
                within(bound[rule][key], value, f"{layer['name']} {rule} {key}")
    for rule in RULES:
        for key, value in estimate["total"][rule].items():
            within(bounds["total"][rule][key], value, f"total {rule} {key}")
    print(f"bounds: hold {len(estimate['layers'])} layers")


def estimate(model, *words):
    result = json.loads(run("stas", "estimate", model, "--json", *words, quiet=True))
    result.pop("model")
    return result


def check_integers(imported, measured, bounds, inputs, trace, rates, work):
    """The integer forms, fed the spikes that `rates` were measured on."""
    with open(rates, encoding="utf-8") as file:
        expected = json.load(file)
    for precision in ("int16", "int8"):
        at = lambda suffix: os.path.join(work, precision + suffix)
        words = ("stas", "compile", imported, f"--precision={precision}", "-o")
        run(*words, at(".stas"))
        run(*words, at(".mlir"), "--compile-to=quantize")
        run("stas", "run", at(".stas"), "--input", inputs, "--teacher", trace, "--rates", at(".json"))
        with open(at(".json"), encoding="utf-8") as file:
            found = json.load(file)
        # `layers` has the spikes that the artifact would have fired itself.
        for section in ("inputs", "attention", "halting"):
            if found[section] != expected[section]:
                sys.exit(f"{precision}: {section} of the rates are not those of f32")
        if estimate(at(".stas"), "--rates", rates) != measured:
            sys.exit(f"{precision}: the artifact's estimate is not that of f32")
        if estimate(at(".stas")) != bounds or estimate(at(".mlir"), "--compile-from=quantize") != bounds:
            sys.exit(f"{precision}: the bounds are not those of f32")
        print(f"{precision}: as f32")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_model(parser, "8x3x32x32")
    parser.add_argument("--limit", type=int, default=16)
    parser.add_argument("--end-to-end", type=float, metavar="PERCENT", help="largest difference on the artifact's own spikes")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as work:
        at = lambda name: os.path.join(work, name)
        checkpoint, images = model_of(options, work)
        trace, model, rates = at("trace"), at("model.stas"), at("rates.json")
        # A module finds its weights beside it.
        beside, imported = at(os.path.basename(checkpoint)), at("model.mlir")
        if not os.path.exists(beside):
            os.symlink(os.path.abspath(checkpoint), beside)
        train("trace", checkpoint, "--input", images, "--limit", str(options.limit), "-o", trace)
        inputs = os.path.join(trace, "input.npy")
        count = json.loads(train("count", checkpoint, "--input", inputs, "--json", quiet=True))
        run("stas", "compile", beside, "-o", imported, "--compile-to=import")
        run("stas", "compile", imported, "-o", model, "--precision=f32")
        run("stas", "run", model, "--input", inputs, "--teacher", trace, "--rates", rates)
        measured = estimate(model, "--rates", rates)
        bounds = estimate(model)
        if estimate(checkpoint, "--rates", rates) != measured or estimate(imported) != bounds:
            sys.exit("stas estimate says other things of the model than of the artifact")
        with open(rates, encoding="utf-8") as file:
            compare(measured, json.load(file), count, 1e-6, "same spikes")
        check_bounds(bounds, measured)
        check_integers(imported, measured, bounds, inputs, trace, rates, work)
        if options.end_to_end:
            run("stas", "run", model, "--input", inputs, "--rates", rates)
            with open(rates, encoding="utf-8") as file:
                compare(estimate(model, "--rates", rates), json.load(file), count, options.end_to_end / 100, "end to end")


if __name__ == "__main__":
    main()
