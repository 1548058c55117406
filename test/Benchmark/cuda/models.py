"""The models that cuda.sh checks and measures."""
import json
import os
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
TRAIN = os.path.join(ROOT, "tools", "stas-train")
STAS = os.environ.get("STAS") or os.path.join(ROOT, "build", "bin", "stas")
TRAINED = os.path.join(ROOT, "test", "Inputs", "trained")
PRECISIONS = ("int16", "int8")

# Options of `stas-train draw`, or a trained checkpoint; how many images are compared, and of how many the spikes.
MODELS = {
    "tiny": dict(draw="--dim 48 --depth 1 --heads 4 --image-size 16 --in-channels 1 --seed 3", images=5, spikes=2, small=True),
    "tiny-act": dict(draw="--family stas --dim 32 --depth 2 --heads 2 --image-size 16 --alpha 1 --beta -1 --seed 4",
                     images=5, spikes=2, small=True),
    "synth": dict(trained="stas-synth.pth", images=256, spikes=8),
    "cifar10": dict(trained="stas-cifar10.pth", images=1024, spikes=8),
    "4-384": dict(draw="--dim 384 --depth 4 --heads 12 --seed 1", calibration=16, rates="stas-cifar10.pth", images=1024,
                  spikes=4),
    "8-512": dict(draw="--layout imagenet --dim 512 --depth 8 --heads 8 --classes 1000 --seed 1", calibration=4,
                  images=64, spikes=1),
    "8-768": dict(draw="--layout imagenet --dim 768 --depth 8 --heads 12 --classes 1000 --seed 1", calibration=4,
                  images=64, spikes=1),
}


def fail(message):
    sys.exit("cuda.sh: error: " + message)


def names(chosen):
    for name in chosen:
        if name not in MODELS:
            fail("required a model of %s, found '%s'" % (", ".join(MODELS), name))
    return chosen or list(MODELS)


def run(*words, env=None):
    """What a program prints; its failure is ours."""
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True, env=env)
    if result.returncode != 0:
        fail("%s: exit %d\n%s" % (" ".join(map(str, words)), result.returncode, (result.stderr or result.stdout)[-2000:]))
    return result.stdout


def load(path):
    with open(path) as file:
        return json.load(file)


def store(path, content):
    with open(path, "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
