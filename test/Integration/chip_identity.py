#!/usr/bin/env python3
"""Quantised models on a simulated chip: the simulator, the CPU's code and the interpreter, bit for bit.

    chip_identity.py --seeds A:B [--maps N]                             random models
    chip_identity.py --seed N                                           one of them again
    chip_identity.py CHECKPOINT --input FILE [--limit N] [--interpret M]  a trained one

A seed gives a model as in bit_identity.py. It is quantised once to the chip's state bits, for int16 or int8 by its seed, and
runs three ways: the module in the interpreter; its artifact for the CPU; its artifacts for a chip, each mapped to another
board: chips of many small cores, and one chip of few large ones. Each has to yield the interpreter's logits, halting steps
and spikes of every LIF, in one run with 1 thread, in another with 3 and other batches. A trained model's first M images go
through the interpreter, all of them are compared with the CPU.

What a chip cannot do is no failure where the compiler says so by the name of the resource; how many models that were is
printed, and the models that ran.

Needs stas, stas-import, stas-translate on PATH; torch.
"""
import json
import os
import shutil
import sys
import tempfile

import numpy as np

from bit_identity import made_of, model_parser, seeds_of, tell
from integers import Expected, import_model, interpret, layers, quantize, run

STATE_BITS = 24

CHIP = """name: "%(name)s"
board { rows: %(board)d columns: %(board)d }
mesh { rows: %(mesh)d columns: %(mesh)d cores_per_tile: %(cores)d }
core {
  neurons: %(neurons)d state_bits: 24 synapse_memory_kib: %(memory)d in_axons: %(axons)d out_axons: %(axons)d
  program: [LIF, STAIRCASE, SUM, MAXIMUM, FASTWEIGHT, HALTING, READOUT, INPUT] idle: UPDATED
}
synapses { weight_bits: 8 weight_shift: 8 counter_bits: 16 }
messages { payload_bits: 32 delay_steps: %(delay)d multicast: %(multicast)s }
"""

# One chip that holds a model, and boards of many small ones, of which the second has trees in place of copies; and one
# of axons that hardly delay, so that populations relay what has to wait, halting sums among it.
CHIPS = [
    dict(name="one", board=1, mesh=8, cores=4, neurons=1 << 16, memory=4096, axons=1 << 18, delay=62, multicast="PER_CORE"),
    dict(name="many", board=16, mesh=2, cores=2, neurons=2048, memory=64, axons=8192, delay=62, multicast="PER_CORE"),
    dict(name="trees", board=16, mesh=3, cores=1, neurons=1024, memory=64, axons=8192, delay=24, multicast="TREE"),
    dict(name="short", board=1, mesh=8, cores=4, neurons=8192, memory=256, axons=1 << 14, delay=1, multicast="PER_CORE"),
]


def write_chips(folder):
    """The files of the chips, by name."""
    files = {}
    for chip in CHIPS:
        files[chip["name"]] = os.path.join(folder, chip["name"] + ".txtpb")
        with open(files[chip["name"]], "w") as f:
            f.write(CHIP % chip)
    files["loihi2"] = "loihi2"
    return files


class Model:
    """A quantised model with its images, in a folder of its own."""

    def __init__(self, checkpoint, images, halts, precision, interpreted, folder):
        self.checkpoint, self.images, self.halts, self.folder = checkpoint, images, halts, folder
        self.module = os.path.join(folder, "quantized.mlir")
        imported = os.path.join(folder, "model.mlir")
        import_model(checkpoint, imported)
        quantize(imported, precision, self.module, STATE_BITS)
        array = np.load(images)
        axis = array.ndim - 4
        self.count = array.shape[axis]
        few = os.path.join(folder, "few.npy")
        np.save(few, array.take(np.arange(min(interpreted, self.count)), axis))
        reference = os.path.join(folder, "interpreted")
        interpret(self.module, checkpoint, few, reference, halts)
        self.expected = Expected(reference, np.arange(np.load(few).shape[axis]))
        counts = [np.load(os.path.join(reference, name + ".npy")) for name in layers(reference)]
        self.rate = sum(int(spikes.sum(dtype=np.int64)) for spikes in counts) / sum(spikes.size for spikes in counts)

    def compile(self, name, *words):
        artifact = os.path.join(self.folder, name + ".stas")
        run("stas", "compile", self.module, "--compile-from=quantize", "-o", artifact, *words)
        return artifact

    def run(self, artifact, images, *words):
        """The folder of what a run of an artifact has yielded, spikes among it."""
        found = tempfile.mkdtemp(dir=self.folder)
        run("stas", "run", artifact, "--input", images, "--dump-spikes", found, "--output",
            os.path.join(found, "logits.npy"), *(["--halting", os.path.join(found, "steps.npy")] if self.halts else []),
            *words)
        return found

    def size(self, artifact):
        """"N cores on M chips" of an artifact for a chip."""
        device = (core_map := json.loads(run("stas", "dump", artifact, "--json"))["coremap"])["device"]
        places = [core["place"] for core in core_map["cores"]]
        chips = {(row // device["mesh"][0], column // device["mesh"][1]) for row, column, _ in places}
        plural = lambda things: "s" if len(things) > 1 else ""  # noqa: E731
        return "%d core%s on %d chip%s" % (len(places), plural(places), len(chips), plural(chips))

    def compare(self, name, artifact):
        """What differs from the interpreter on its images, and from the CPU on all."""
        problems = []
        for threads, batch in ((1, 64), (3, 2)):
            found = self.run(artifact, os.path.join(self.folder, "few.npy"), "--threads=%d" % threads, "--batch=%d" % batch)
            problems += ["%s, %d threads: %s" % (name, threads, text) for text in self.expected.differences(found, True)]
            shutil.rmtree(found)
        return problems


def compare_all(model, chip, cpu):
    """What differs between the chip and the CPU on all images; every file of one is in the other."""
    everything = [model.run(artifact, model.images) for artifact in (cpu, chip)]
    expected = Expected(everything[0], np.arange(model.count))
    problems = expected.differences(everything[1], True)
    names = [sorted(os.listdir(folder)) for folder in everything]
    if names[0] != names[1]:
        problems.append("files: %s, expected %s" % (names[1], names[0]))
    for folder in everything:
        shutil.rmtree(folder)
    return problems


REFUSALS = ("does not fit the device", "required program ", "cannot run on a chip", "counter", "payload bits", "state bits")


def check(made, precision, maps, interpreted, folder):
    """(problems, maps that ran, refusals) of one model."""
    model = Model(*made, precision, interpreted, folder)
    print("%s, mean rate %.1f %%" % (precision, 100 * model.rate))
    problems = [] if model.rate > 0.01 else ["fires at %.2f %%: agreement would say nothing" % (100 * model.rate)]
    cpu = model.compile("cpu", "--cpu=x86-64-v3")
    problems += model.compare("CPU", cpu)
    files, ran, refused = write_chips(folder), 0, []
    for name in maps:
        try:
            artifact = model.compile(name, "--target=chip", "--chip=" + files[name])
        except RuntimeError as error:
            if not any(text in str(error) for text in REFUSALS):
                raise
            refused.append("%s: %s" % (name, str(error).splitlines()[1]))
            continue
        ran += 1
        print("  %s: %s" % (name, model.size(artifact)))
        problems += model.compare(name, artifact)
        if model.count > interpreted:
            problems += ["%s against the CPU: %s" % (name, text) for text in compare_all(model, artifact, cpu)]
    return problems, ran, refused


def main():
    parser = model_parser(__doc__)
    parser.add_argument("--limit", type=int, default=2, help="how many images (2)")
    parser.add_argument("--interpret", type=int, help="how many of them go through the interpreter (all)")
    parser.add_argument("--precision", choices=["int16", "int8"], help="of a checkpoint (int8)")
    parser.add_argument("--maps", type=int, default=len(CHIPS), help="how many of the chips a model gets (all)")
    parser.add_argument("--chip", action="append", help="loihi2 or one of this script's chips, for a checkpoint")
    o = parser.parse_args()
    seeds = seeds_of(parser, o)
    names, failed, maps, models, refusals = [chip["name"] for chip in CHIPS], 0, 0, 0, 0
    for seed in seeds:
        name = o.checkpoint or "seed %d" % seed
        chosen = o.chip or [names[(seed + i) % len(names)] for i in range(min(o.maps, len(names)))]
        precision = o.precision or ("int8" if o.checkpoint else ("int16", "int8")[seed % 2])
        print(name)
        with tempfile.TemporaryDirectory() as folder:
            try:
                problems, ran, refused = check(made_of(o, seed, folder), precision, chosen, o.interpret or o.limit, folder)
            except RuntimeError as error:
                problems, ran, refused = [str(error)], 0, []
        maps += ran
        models += ran > 0
        refusals += len(refused)
        for text in refused:
            print("  refused: %s" % text)
        failed += tell(o, seed, problems)
    print("%d models ran on %d maps, %d maps refused, %d models failed" % (models, maps, refusals, failed))
    return 1 if failed or models == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
