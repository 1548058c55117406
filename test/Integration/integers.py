"""What the tests of quantised models share: modules, interpretation, comparison of spikes."""
import os
import subprocess
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "stas-train"))


def run(*words):
    """Runs a program; its output is shown only where it fails."""
    result = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        raise RuntimeError("%s: exit %d\n%s" % (" ".join(map(str, words)), result.returncode, result.stdout[-4000:]))
    return result.stdout


def import_model(checkpoint, module):
    """Writes the module of a checkpoint."""
    run("stas-import", checkpoint, "-o", module)


def quantize(model, precision, module, state_bits=32):
    """Writes the module of a checkpoint or imported module, in f32 or in integers, as `stas compile` leaves it for the
    targets."""
    width = [] if precision == "f32" else ["--state-bits=%d" % state_bits]
    run("stas", "compile", model, "-o", module, "--precision=" + precision, *width, "--compile-to=quantize")


def interpret(module, checkpoint, images, folder, halts, teacher=None):
    """Runs a module; `folder` gets the spikes of every LIF, logits.npy and, where the model halts, steps.npy."""
    os.makedirs(folder, exist_ok=True)
    words = ["stas-translate", "--interpret", module, "--weights", os.path.dirname(checkpoint) or ".", "--input", images,
             "--dump-spikes", folder, "--output", os.path.join(folder, "logits.npy")]
    words += ["--halting", os.path.join(folder, "steps.npy")] if halts else []
    words += ["--teacher", teacher] if teacher else []
    run(*words)


def layers(folder):
    """The LIFs that a folder has spikes of, by name."""
    ends = (".slack.npy", "logits.npy", "steps.npy", "input.npy", "labels.npy")
    return sorted(name[:-4] for name in os.listdir(folder) if name.endswith(".npy") and not name.endswith(ends))


def first_flips(want, got):
    """How many neurons fire differently, [T, ..]. What a neuron does after it differed once follows from another state and
    says nothing new."""
    return int((want != got).any(axis=0).sum())


def flips(reference, dump):
    """Of two folders: layer -> (neurons that differ, spikes and sites of the reference)."""
    counts = {}
    for name in layers(reference):
        want, got = (np.load(os.path.join(folder, name + ".npy")) for folder in (reference, dump))
        if want.shape != got.shape:
            raise RuntimeError("%s: %s in %s, %s in %s" % (name, want.shape, reference, got.shape, dump))
        counts[name] = (first_flips(want, got), int(want.sum(dtype=np.int64)), want.size)
    return counts


class Expected:
    """What an interpreter's folder holds, of each run's image the one of `take`."""

    def __init__(self, folder, take):
        self.arrays = {}
        for name in sorted(os.listdir(folder)):
            array = np.load(os.path.join(folder, name))
            # Logits and steps begin with the batch, spikes [T, B, ..] with time.
            self.arrays[name] = array.take(take, 0 if name in ("logits.npy", "steps.npy") else 1)

    def differences(self, folder, spikes):
        """The files of logits and steps, and with `spikes` of spikes, that are missing from a folder or differ in a bit, with
        how and where first."""
        problems = []
        for name, want in self.arrays.items():
            if not spikes and name not in ("logits.npy", "steps.npy"):
                continue
            path = os.path.join(folder, name)
            if not os.path.isfile(path):
                problems.append("%s: missing" % name)
                continue
            got = np.load(path)
            if want.dtype != got.dtype or want.shape != got.shape:
                problems.append("%s: %s %s, expected %s %s" % (name, got.dtype, got.shape, want.dtype, want.shape))
            elif want.tobytes() != got.tobytes():
                where = np.argwhere(want != got)
                first = tuple(where[0]) if len(where) else ()
                problems.append("%s: %d of %d differ, first at %s: %s, expected %s"
                                % (name, len(where), want.size, list(map(int, first)), got[first], want[first]))
        return problems
