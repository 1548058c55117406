#!/usr/bin/env python3
"""Time of a halting encoder against the share of tokens that are active.

    halting_time.py [CHECKPOINT] [--beta -6 -4 ...] [--precision int16] [--cpu native] [--threads 1] [--timesteps] [--svg FILE] [--json FILE]

The checkpoint's halting bias beta is varied, weights and all else stay; a smaller bias lets tokens live longer. Each variant,
and the same model without halting in its best schedule, layer-major, is compiled and run on synthetic images; a token is
active for steps of T * L pairs of a timestep and a block. The encoder's time is that of the launches between the stem and the head
(`stas run --profile`). Variants take turns, and the best of the rounds counts. Without --draw or a checkpoint: the trained
CIFAR-10 model under test/Inputs. This is a report, not a test. Needs torch, and build/bin/stas.
"""
import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile

import torch

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
TRAIN = os.path.join(ROOT, "tools", "stas-train")
STAS = os.path.join(ROOT, "build", "bin", "stas")
sys.path.insert(0, os.path.join(TRAIN, "results"))
from svg import Axes, document, marker, text, ticks  # noqa: E402


def run(*words):
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit("%s: exit %d\n%s" % (" ".join(map(str, words)), result.returncode, result.stderr[-2000:]))
    return result.stdout


def variant(checkpoint, beta, path):
    """Writes the checkpoint with another halting bias, or none: without halting."""
    content = torch.load(checkpoint, map_location="cpu")
    config = dict(content["config"])
    if beta is None:
        config.pop("act")
    else:
        config["act"] = {**config["act"], "beta": beta}
    torch.save({**content, "config": config}, path)


def encoder_seconds(report):
    return sum(time["seconds_per_image"] for time in report["times"] if time["layer"].startswith("block"))


def timestep_seconds(report):
    """Of the launches inside the loop over timesteps."""
    steps = [time["seconds_per_timestep"] for time in report["times"] if "seconds_per_timestep" in time]
    return [sum(step) for step in zip(*steps)]


def active_by_timestep(report):
    """The share of tokens that are active, a mean over the blocks of each timestep. In lexicographic order."""
    histogram, timesteps = report["halting_histogram"], len(timestep_seconds(report))
    blocks, tokens = len(histogram) // timesteps, sum(histogram)
    alive = [sum(histogram[step:]) / tokens for step in range(len(histogram))]
    return [sum(alive[t * blocks:(t + 1) * blocks]) / blocks for t in range(timesteps)]


def draw_chart(points, label):
    axes = Axes((70, 40, 400, 260), (0, 105), (0, max(1.1, max(y for _, y in points) + 0.1)))
    axes.frame(label, "active tokens, %", "encoder's time, part of that without halting", ticks(0, 105, 6), ticks(*axes.ylim, 7))
    axes.path(0, points)
    for x, y in points:
        axes.mark(0, x, y)
    axes.mark(1, 100, 1.0)
    legend = [marker(0, 490, 60), text(502, 64, "with halting", "text", "start"),
              marker(1, 490, 84), text(502, 88, "without, layer-major", "text", "start")]
    return document(660, 360, "Time of a halting encoder against active tokens", axes.lines + legend)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", nargs="?",
                        default=os.path.join(ROOT, "test", "Inputs", "trained", "stas-cifar10.pth"))
    parser.add_argument("--draw", help="draw the checkpoint with these options of stas-train draw, calibrated")
    parser.add_argument("--beta", type=float, nargs="+", default=[-9, -6, -5, -4.5, -4, -3.5, -3, -2.5, -2, -1, 1])
    parser.add_argument("--precision", default="int16")
    parser.add_argument("--cpu", default="native")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--images", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--timesteps", action="store_true", help="also by timestep, as parts of T equal shares without halting")
    parser.add_argument("--svg", help="write the chart")
    parser.add_argument("--json", help="write the figures")
    o = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        at = lambda name: os.path.join(work, name)
        checkpoint = o.checkpoint
        if o.draw:
            checkpoint = at("drawn.pth")
            run(sys.executable, TRAIN, "draw", *shlex.split(o.draw), "-o", checkpoint)
        run(sys.executable, TRAIN, "synth", "--count", o.images, "--seed", 9, "-o", at("images.bin"))
        best, active, steps, shares = {}, {None: 1.0}, {}, {}
        for beta in [None, *o.beta]:
            variant(checkpoint, beta, at("variant.pth"))
            run(STAS, "compile", at("variant.pth"), "-o", at("%s.stas" % beta), "--precision=" + o.precision, "--cpu=" + o.cpu)
        for _ in range(o.rounds):
            for beta in [None, *o.beta]:
                report = json.loads(run(STAS, "run", at("%s.stas" % beta), "--input", at("images.bin"), "--json", "--profile",
                                        "--threads", o.threads, "--batch", o.batch))
                best[beta] = min(best.get(beta, float("inf")), encoder_seconds(report))
                if beta is not None:
                    active[beta] = report["mean_blocks"] / len(report["halting_histogram"])
                    now = timestep_seconds(report)
                    steps[beta], shares[beta] = [*map(min, now, steps.get(beta, now))], active_by_timestep(report)
    rows = [{"beta": beta, "active": active[beta], "encoder_ms": 1e3 * best[beta], "ratio": best[beta] / best[None]}
            for beta in [None, *sorted(o.beta)]]
    name = os.path.basename(o.checkpoint) if not o.draw else "drawn: " + o.draw
    print("%s, %s, --cpu=%s, %d threads, batch %d" % (name, o.precision, o.cpu, o.threads, o.batch))
    print("%8s %10s %16s %10s" % ("beta", "active", "encoder, ms", "ratio"))
    for row in rows:
        beta = "none" if row["beta"] is None else "%g" % row["beta"]
        print("%8s %9.1f%% %16.3f %10.3f" % (beta, 100 * row["active"], row["encoder_ms"], row["ratio"]))
    if o.timesteps:
        print("%8s %10s %10s %16s %10s" % ("beta", "timestep", "active", "encoder, ms", "ratio"))
        for beta in sorted(steps):
            for t, seconds in enumerate(steps[beta]):
                ratio = seconds / (best[None] / len(steps[beta]))
                print("%8g %10d %9.1f%% %16.3f %10.3f" % (beta, t, 100 * shares[beta][t], 1e3 * seconds, ratio))
    if o.json:
        with open(o.json, "w") as file:
            json.dump({"model": name, "precision": o.precision, "cpu": o.cpu, "threads": o.threads, "batch": o.batch,
                       "rows": rows}, file, indent=1)
            file.write("\n")
    if o.svg:
        points = sorted((100 * row["active"], row["ratio"]) for row in rows if row["beta"] is not None)
        with open(o.svg, "w") as file:
            file.write(draw_chart(points, "%s, %s" % (os.path.basename(o.checkpoint) if not o.draw else "drawn", o.precision)))


if __name__ == "__main__":
    main()
