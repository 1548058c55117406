#!/usr/bin/env python3
"""A network on a chip, in our simulator and in SANA-FE: the same spikes, and about the same energy.

    sana_fe.py [--images N] [--chip loihi1] [--profile loihi1-nahuku-fit]

The model without attention under test/Inputs/chip, without its residual sums (SANA-FE loses spikes that wait) and with
biases, is compiled for a chip and exported with `stas export` for each of N images. SANA-FE, a program of its own, runs what
was exported. Every neuron has to fire when ours does (its neurons fire above a threshold, ours at it), the potentials of
the readouts have to be their sums, and the energy of all images by the profile has to be within 15 % of what the profile
gives for our simulator's events. The table says where the difference is.

Needs stas on PATH and numpy; SANA-FE from its Python package `sanafe`, in the Python that runs this.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import sanafe

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
INPUTS = os.path.join(ROOT, "test", "Inputs", "chip")
PROFILES = os.path.join(ROOT, "lib", "Energy", "Profiles")
WITHIN = 0.15
# Our events, by SANA-FE's parts of energy.
PARTS = {"synapse": ("synapse_dense", "synapse_shared", "synapse_sparse"), "soma": ("neuron_active", "neuron_idle", "spike"),
         "network": ("message_out", "message_in", "hop_east_west", "hop_north_south")}


def run(*words):
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit("%s: exit %d\n%s" % (" ".join(map(str, words)), result.returncode, result.stderr[-2000:]))
    return result.stdout


def write_model(folder):
    """The committed model up to its first residual sum, with biases in its linear layers; the path."""
    with open(os.path.join(INPUTS, "stem-mlp.mlir")) as file:
        lines = file.read().splitlines(True)
    first = next(i for i, line in enumerate(lines) if "= stas.add" in line)
    last = next(i for i, line in enumerate(lines) if "= stas.mean_tokens" in line)
    lines[first:last + 1] = [re.sub(r"%\d+ : tensor<4x\?x16x16xi8>", "%10 : tensor<4x?x16x16xi1>", lines[last])]
    text = "".join(lines)
    # The biases are numbers that are there already.
    for layer, width in (("fc1", 32), ("fc2", 16)):
        text = text.replace("weight(#%s) :" % layer,
                            'weight(#%s) bias(#stas.weight<"%s.bias" in "stem-mlp.bin" at 7520 : tensor<%dxf32>>) :'
                            % (layer, layer, width))
    shutil.copy(os.path.join(INPUTS, "stem-mlp.bin"), folder)
    path = os.path.join(folder, "chain.mlir")
    with open(path, "w") as file:
        file.write(text)
    return path


def prices(profile):
    """{event: picojoules} of a shipped profile."""
    with open(os.path.join(PROFILES, profile + ".txtpb")) as file:
        costs = re.findall(r"cost \{(.*?)\}", file.read(), re.S)
    found = {}
    for cost in costs:
        event, value = re.search(r"event: (\w+)", cost), re.search(r"picojoules: ([\d.]+)", cost)
        found[event.group(1).lower()] = float(value.group(1)) if value else 0.0
    return found


def simulate(architecture, network):
    """(spikes, {group: potentials}, energy in joules by part) of SANA-FE; spikes are {(group, neuron, step)}."""
    with open(network) as file:
        text = file.read()
    steps = int(re.match(r"# .*: (\d+) steps", text).group(1))
    chip_file = sanafe.load_arch(architecture)
    chip = sanafe.SpikingChip(chip_file)
    chip.load(sanafe.load_net(network, chip_file))
    results = chip.sim(steps, spike_trace=True, potential_trace=True)
    spikes = set()
    for step, fired in enumerate(results["spike_trace"]):
        for address in fired:
            group, neuron = str(address).split(".")
            spikes.add((group, int(neuron), step))
    return spikes, results["potential_trace"][-1], results["energy"]


def groups(network):
    """{group: (population, channels, steps)} of an exported file."""
    with open(network) as file:
        found = re.findall(r"# (p\d+) is (\S+), (\d+) channels, steps((?: \d+)+)", file.read())
    return {group: (name, int(channels), [int(step) for step in steps.split()]) for group, name, channels, steps in found}


def compare(spikes, potentials, network, dumped):
    """(differences, neurons and steps compared) between SANA-FE and `stas run --dump-spikes`."""
    differences, compared, last = 0, 0, None
    for group, (name, channels, steps) in groups(network).items():
        path = os.path.join(dumped, name + ".npy")
        if not os.path.exists(path):
            continue
        ours = np.load(path)[:, 0]  # [T, C, H, W] or [T, N, D]
        if ours.ndim == 4:
            ours = ours.transpose(0, 2, 3, 1)
        ours = last = ours.reshape(len(steps), -1)
        theirs = np.zeros_like(ours)
        for fired, neuron, step in spikes:
            if fired == group and step in steps:
                theirs[steps.index(step), neuron] = 1
        differences += int((ours != theirs).sum())
        compared += ours.size
        print("  %-12s %6d neurons, %5.1f %% fire, %d differ" % (name, ours.shape[1], 100 * ours.mean(), (ours != theirs).sum()))
    sums = last.sum(0).reshape(-1, len(potentials)).sum(0)  # of the last layer, over steps and tokens
    differences += int((np.asarray(potentials) * 64 != sums).sum())
    return differences, compared


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=3)
    parser.add_argument("--chip", default="loihi1")
    parser.add_argument("--profile", default="loihi1-nahuku-fit")
    options = parser.parse_args()
    price = prices(options.profile)
    ours, theirs = dict.fromkeys(PARTS, 0.0), dict.fromkeys(PARTS, 0.0)
    differences = compared = 0
    with tempfile.TemporaryDirectory() as folder:
        at = lambda name: os.path.join(folder, name)
        np.save(at("images.npy"), np.random.RandomState(1).randn(options.images, 3, 8, 8).astype(np.float32))
        run("stas", "compile", write_model(folder), "--target=chip", "--chip=" + options.chip, "--precision=int8", "-o",
            at("chain.stas"))
        for image in range(options.images):
            np.save(at("one.npy"), np.load(at("images.npy"))[image:image + 1])
            dumped = tempfile.mkdtemp(dir=folder)
            report = json.loads(run("stas", "run", at("chain.stas"), "--input", at("one.npy"), "--dump-spikes", dumped,
                                    "--stats", "--json"))
            run("stas", "export", at("chain.stas"), "--input", at("images.npy"), "--index", image, "--profile",
                options.profile, "--architecture", at("chip.yaml"), "-o", at("net.yaml"))
            spikes, potentials, energy = simulate(at("chip.yaml"), at("net.yaml"))
            print("image %d" % image)
            found = compare(spikes, potentials, at("net.yaml"), dumped)
            differences, compared = differences + found[0], compared + found[1]
            for part, events in PARTS.items():
                ours[part] += 1e-12 * sum(report["chip"]["events"].get(event, 0) * price[event] for event in events)
                theirs[part] += energy[part]
    print("%-10s %14s %14s %8s" % ("energy, nJ", "stas", "SANA-FE", "ratio"))
    total = [sum(ours.values()), sum(theirs.values())]
    for part in PARTS:
        print("%-10s %14.2f %14.2f %8.3f" % (part, 1e9 * ours[part], 1e9 * theirs[part], ours[part] / theirs[part]))
    print("%-10s %14.2f %14.2f %8.3f" % ("total", 1e9 * total[0], 1e9 * total[1], total[0] / total[1]))
    print("%d spikes and potentials compared, %d differ" % (compared, differences))
    if differences or compared == 0 or abs(total[0] / total[1] - 1) > WITHIN:
        sys.exit("SANA-FE and the simulator disagree")


if __name__ == "__main__":
    main()
