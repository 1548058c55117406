"""The models that cuda.sh checks and measures, and the files that its halves share."""
import json
import os
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
TRAIN = os.path.join(ROOT, "tools", "stas-train")
STAS = os.environ.get("STAS") or os.path.join(ROOT, "build", "bin", "stas")
TRAINED = os.path.join(ROOT, "test", "Inputs", "trained")
PRECISIONS = ("int16", "int8")

# Options of `stas-train draw`, or a trained checkpoint; how many images are compared, and of how many the spikes. `rates`: the
# model whose firing rates are drawn. `betas`: the halting biases whose encoders are timed against the one without halting.
# Checkpoints of the ImageNet layouts have half precision, as many published ones: half the bytes that travel to a GPU.
MODELS = {
    "tiny": dict(draw="--dim 48 --depth 1 --heads 4 --image-size 16 --in-channels 1 --seed 3", images=5, spikes=2, small=True),
    "tiny-act": dict(draw="--family stas --dim 32 --depth 2 --heads 2 --image-size 16 --alpha 1 --beta -1 --seed 4",
                     images=5, spikes=2, small=True, betas=(-3, -1)),
    "synth": dict(trained="stas-synth.pth", images=256, spikes=8, betas=(-6, -4, -3, -2)),
    "cifar10": dict(trained="stas-cifar10.pth", images=1024, spikes=8, betas=(-6, -4, -3, -2)),
    "4-384": dict(draw="--dim 384 --depth 4 --heads 12 --seed 1", calibration=16, rates="stas-cifar10.pth", images=1024,
                  spikes=4),
    "4-384-act": dict(draw="--family stas --dim 384 --depth 4 --heads 12 --seed 1 --alpha 1 --beta -2.5", calibration=16,
                      rates="stas-cifar10.pth", images=256, spikes=4, betas=(-4, -3, -2.8, -2.7, -2.5, -2)),
    "8-512": dict(draw="--layout imagenet --dim 512 --depth 8 --heads 8 --classes 1000 --seed 1 --dtype float16",
                  calibration=4, images=32, spikes=1),
    "8-768": dict(draw="--layout imagenet --dim 768 --depth 8 --heads 12 --classes 1000 --seed 1 --dtype float16",
                  calibration=4, images=32, spikes=1),
}


def fail(message):
    sys.exit("cuda.sh: error: " + message)


def names(chosen):
    for name in chosen:
        if name not in MODELS:
            fail("required a model of %s, found '%s'" % (", ".join(MODELS), name))
    return chosen or list(MODELS)


class Failure(Exception):
    """What a step could not do; the others go on."""


def run(*words, env=None, limit=None):
    """What a program prints. Raises Failure."""
    shown = " ".join(map(str, words))
    try:
        result = subprocess.run([str(word) for word in words], capture_output=True, text=True, env=env, timeout=limit)
    except subprocess.TimeoutExpired:
        raise Failure("%s: took longer than %g s" % (shown, limit))
    if result.returncode != 0:
        raise Failure("%s: exit %d\n%s" % (shown, result.returncode, (result.stderr or result.stdout)[-2000:]))
    return result.stdout


def load(path):
    with open(path) as file:
        return json.load(file)


def store(path, content):
    """By another name first: who stops the script finds the last whole file."""
    with open(path + ".new", "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
    os.replace(path + ".new", path)


def store_images(path, images, mean, std):
    """Normalised float32 images of bytes, as bytes. Returns what load_images makes of them."""
    import numpy as np
    shape = (1, len(mean), 1, 1)
    mean, std = (np.reshape(np.asarray(each, np.float32), shape) for each in (mean, std))
    pixels = np.rint((images * std + mean) * 255).clip(0, 255).astype(np.uint8)
    np.savez_compressed(path, pixels=pixels, mean=mean, std=std)
    return load_images(path)


def load_images(path):
    import numpy as np
    with np.load(path) as file:
        return (file["pixels"].astype(np.float32) / np.float32(255) - file["mean"]) / file["std"]


def store_spikes(path, folder):
    """A folder that `stas run --dump-spikes` wrote, as one file of bits."""
    import numpy as np
    arrays = {}
    for file in sorted(os.listdir(folder)):
        dump = np.load(os.path.join(folder, file))
        arrays["bits " + file[:-len(".npy")]] = np.packbits(dump)
        arrays["shape " + file[:-len(".npy")]] = np.array(dump.shape)
    np.savez_compressed(path, **arrays)


def load_spikes(path):
    """{layer: 0 and 1 of the shape that was dumped}"""
    import numpy as np
    with np.load(path) as file:
        layers = [key[len("bits "):] for key in file.files if key.startswith("bits ")]
        found = {}
        for layer in layers:
            shape = tuple(file["shape " + layer])
            found[layer] = np.unpackbits(file["bits " + layer], count=int(np.prod(shape))).reshape(shape)
        return found


def store_difference(path, base, other):
    """What makes one file another; those of one model under two halting biases differ in some bytes."""
    import numpy as np
    a, b = np.fromfile(base, np.uint8), np.fromfile(other, np.uint8)
    if len(a) != len(b):
        raise Failure("%s: required %d B as of %s, found %d" % (other, len(a), base, len(b)))
    where = np.flatnonzero(a != b)
    np.savez_compressed(path, where=where, bytes=b[where])


def apply_difference(path, base, out):
    import numpy as np
    content = np.fromfile(base, np.uint8)
    with np.load(path) as file:
        content[file["where"]] = file["bytes"]
    content.tofile(out)
