#!/usr/bin/env python3
"""Quantised models as kernels of a GPU: what they yield, the CPU's code and the interpreter, bit for bit.

    cuda_identity.py --seeds A:B                                        random models
    cuda_identity.py --seed N                                           one of them again
    cuda_identity.py CHECKPOINT --input FILE [--limit N] [--interpret M]  a trained one

A seed gives a model as in bit_identity.py. It is quantised once, for int16 or int8 by its seed, and runs three ways: the
module in the interpreter, its artifact for the CPU, its artifact for a GPU in one batch and in batches of 2. Each has to
yield the interpreter's logits and halting steps. A trained model's first M images go through the interpreter, all of them
are compared with the CPU. How many launches of a GPU's plan compute several layers at once (queries, keys and values of one
input) is printed: a model whose layers cannot says nothing of those.

Runs on the GPU of this machine, or on what STAS_CUDA_DRIVER names: the library of the tests that executes the kernels' PTX on
the CPU. What has no kernel is no failure where the compiler says so; how many models that were is printed, and the models
that ran.

Needs stas, stas-import, stas-translate on PATH; torch.
"""
import json
import os
import sys
import tempfile

import numpy as np

from bit_identity import made_of, model_parser, seeds_of, tell
from integers import Expected, import_model, interpret, layers, quantize, run

REFUSALS = (" on a GPU",)


class Model:
    """A quantised model with its images, in a folder of its own."""

    def __init__(self, checkpoint, images, halts, precision, interpreted, folder):
        self.images, self.halts, self.folder = images, halts, folder
        self.module = os.path.join(folder, "quantized.mlir")
        imported = os.path.join(folder, "model.mlir")
        import_model(checkpoint, imported)
        quantize(imported, precision, self.module)
        array = np.load(images)
        axis = array.ndim - 4
        self.few, self.count = os.path.join(folder, "few.npy"), array.shape[axis]
        np.save(self.few, array.take(np.arange(min(interpreted, self.count)), axis))
        reference = os.path.join(folder, "interpreted")
        interpret(self.module, checkpoint, self.few, reference, halts)
        self.expected = Expected(reference, np.arange(np.load(self.few).shape[axis]))
        spikes = [np.load(os.path.join(reference, name + ".npy")) for name in layers(reference)]
        self.rate = sum(int(train.sum(dtype=np.int64)) for train in spikes) / sum(train.size for train in spikes)

    def compile(self, target):
        artifact = os.path.join(self.folder, target + ".stas")
        run("stas", "compile", self.module, "--compile-from=quantize", "-o", artifact, "--target=" + target)
        return artifact

    def run(self, artifact, images, batch):
        """The folder of the logits and steps that an artifact yields."""
        found = tempfile.mkdtemp(dir=self.folder)
        run("stas", "run", artifact, "--input", images, "--batch=%d" % batch, "--output", os.path.join(found, "logits.npy"),
            *(["--halting", os.path.join(found, "steps.npy")] if self.halts else []))
        return found

    def launches(self, artifact):
        """How many launches there are, and of them, of several layers."""
        steps = json.loads(run("stas", "dump", artifact, "--json"))["cudaplan"]["steps"]
        layers = [step["layer"] for step in steps if "launch" in step]
        return "%d launches, %d of several layers" % (len(layers), sum(", " in names for names in layers))

    def steps(self):
        """How long the tokens were active."""
        steps = self.expected.arrays["steps.npy"]
        return "steps %d to %d, mean %.2f" % (steps.min(), steps.max(), steps.mean())


def check(made, precision, interpreted, folder):
    """(problems, why it was refused) of one model."""
    model = Model(*made, precision, interpreted, folder)
    print("  %s, mean rate %.1f %%%s" % (precision, 100 * model.rate, ", " + model.steps() if model.halts else ""))
    problems = [] if model.rate > 0.01 else ["fires at %.2f %%: agreement would say nothing" % (100 * model.rate)]
    cpu = model.compile("cpu")
    try:
        gpu = model.compile("cuda")
    except RuntimeError as error:
        if not any(text in str(error) for text in REFUSALS):
            raise
        return problems, str(error).splitlines()[1]
    print("  " + model.launches(gpu))
    for name, artifact, batch in (("CPU", cpu, 64), ("GPU", gpu, 64), ("GPU, batches of 2", gpu, 2)):
        found = model.run(artifact, model.few, batch)
        problems += ["%s: %s" % (name, text) for text in model.expected.differences(found, False)]
    if model.count > interpreted:
        expected = Expected(model.run(cpu, model.images, 64), np.arange(model.count))
        problems += ["GPU against the CPU: %s" % text
                     for text in expected.differences(model.run(gpu, model.images, 64), False)]
    return problems, None


def main():
    parser = model_parser(__doc__)
    parser.add_argument("--limit", type=int, default=3, help="how many images (3)")
    parser.add_argument("--interpret", type=int, help="how many of them go through the interpreter (all)")
    parser.add_argument("--precision", choices=["int16", "int8"], help="of a checkpoint (int8)")
    o = parser.parse_args()
    failed, models, halting, refused = 0, 0, 0, 0
    for seed in seeds_of(parser, o):
        precision = o.precision or ("int8" if o.checkpoint else ("int16", "int8")[seed % 2])
        print(o.checkpoint or "seed %d" % seed)
        with tempfile.TemporaryDirectory() as folder:
            made = made_of(o, seed, folder)
            try:
                problems, refusal = check(made, precision, o.interpret or o.limit, folder)
            except RuntimeError as error:
                problems, refusal = [str(error)], None
        if refusal:
            print("  refused: %s" % refusal)
        models += refusal is None
        halting += refusal is None and made[2]
        refused += refusal is not None
        failed += tell(o, seed, problems)
    print("%d models ran, %d of them halt, %d refused, %d models failed" % (models, halting, refused, failed))
    return 1 if failed or models == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
