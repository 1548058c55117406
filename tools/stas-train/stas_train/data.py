"""Image files: CIFAR-10's .bin layout, .npy, MNIST's idx.

A .bin file is a sequence of records of 3073 bytes: label, then 32x32 pixels planar RGB. Files ending
in .xz or .gz are unpacked while reading. Images are uint8 [M, C, 32, 32]; labels int64 [M].
"""
import gzip
import lzma
import os

import numpy as np

from .errors import UserError

RECORD = 1 + 3 * 32 * 32


def _open(path):
    try:
        if path.endswith(".xz"):
            return lzma.open(path).read()
        if path.endswith(".gz"):
            return gzip.open(path).read()
        with open(path, "rb") as f:
            return f.read()
    except (OSError, lzma.LZMAError, EOFError) as e:
        raise UserError(path, "a readable file", str(e), "correct the path")


def read_bin(path):
    """(images, labels) of one .bin file."""
    raw = np.frombuffer(_open(path), np.uint8)
    if raw.size == 0 or raw.size % RECORD:
        raise UserError(path, "a multiple of %d bytes" % RECORD, "%d bytes" % raw.size,
                        "give a file in CIFAR-10's binary layout")
    raw = raw.reshape(-1, RECORD)
    return raw[:, 1:].reshape(-1, 3, 32, 32), raw[:, 0].astype(np.int64)


def write_bin(path, images, labels):
    records = np.concatenate([labels.astype(np.uint8)[:, None], images.reshape(len(images), -1)], 1)
    with open(path, "wb") as f:
        f.write(records.tobytes())


def read_idx(path):
    """An idx file of unsigned bytes (MNIST), with its shape."""
    raw = _open(path)
    if len(raw) < 8 or raw[:3] != b"\0\0\x08":
        raise UserError(path, "an idx file of bytes (magic 00 00 08)", repr(raw[:4]),
                        "give one of MNIST's four files")
    dims = np.frombuffer(raw, ">i4", raw[3], 4)
    return np.frombuffer(raw, np.uint8, int(dims.prod()), 4 + 4 * raw[3]).reshape(dims)


def read_mnist(folder, part):
    """part: train or t10k. 28x28 images are padded to 32x32 with 0."""
    def find(kind, dims):
        name = "%s-%s-idx%d-ubyte" % (part, kind, dims)
        for suffix in ("", ".gz"):
            if os.path.isfile(os.path.join(folder, name + suffix)):
                return read_idx(os.path.join(folder, name + suffix))
        raise UserError(folder, name + "[.gz]", "no such file", "give the folder of MNIST's files")
    images = np.pad(find("images", 3), ((0, 0), (2, 2), (2, 2)))[:, None]
    return images, find("labels", 1).astype(np.int64)


def read_many(paths):
    """(images, labels) of several .bin files or folders of them, in the order given (then by name)."""
    files = []
    for path in paths:
        if os.path.isdir(path):
            inside = sorted(os.path.join(path, n) for n in os.listdir(path)
                            if n.endswith((".bin", ".bin.xz", ".bin.gz")))
            if not inside:
                raise UserError(path, "files named *.bin", "none", "give the folder of the batches")
            files += inside
        else:
            files.append(path)
    parts = [read_bin(f) for f in files]
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def normalise(images, mean, std):
    """float32 [M, C, H, W] = (uint8 / 255 - mean) / std, in float32 as torchvision computes it."""
    shape = (1, len(mean), 1, 1)
    x = images.astype(np.float32) / np.float32(255)
    return (x - np.float32(mean).reshape(shape)) / np.float32(std).reshape(shape)


class Source:
    """Input of evaluate and trace: batches of normalised float32 images and labels (or None).

    path: .bin[.xz|.gz], a folder of them, a folder of MNIST's t10k files, or a .npy of normalised
    float32 [M, C, H, W], or [T, M, C, H, W] for a model that takes frames. labels: optional .npy of
    integers, for a .npy input.
    """

    def __init__(self, path, config, limit=None, labels=None):
        self.mean, self.std = config["mean"], config["std"]
        self.raw, self.frames = not path.endswith(".npy"), config.get("input") == "frames"
        if not self.raw:
            self.images, self.labels = np.load(path, mmap_mode="r"), None
            form = "[%d, M, C, H, W]" % config["timesteps"] if self.frames else "[M, C, H, W]"
            if (self.images.dtype != np.float32 or self.images.ndim != 4 + self.frames
                    or self.frames and len(self.images) != config["timesteps"]):
                raise UserError(path, "float32 " + form, "%s %s"
                                % (self.images.dtype, list(self.images.shape)), "convert the array")
            if labels:
                self.labels = np.load(labels).astype(np.int64)
        elif self.frames:
            raise UserError(path, "a .npy file of frames, one a timestep", "a file of images",
                            "give float32 [T, M, C, H, W]")
        elif config["in_channels"] == 1:
            self.images, self.labels = read_mnist(path, "t10k")
        else:
            self.images, self.labels = read_many([path])
        want = [config["in_channels"], config["image_size"], config["image_size"]]
        if list(self.images.shape[-3:]) != want:
            raise UserError(path, "images %s" % want, str(list(self.images.shape[-3:])),
                            "give the data that the model was trained for")
        if limit:
            self.images = self.images[:, :limit] if self.frames else self.images[:limit]
            self.labels = None if self.labels is None else self.labels[:limit]

    def __len__(self):
        return self.images.shape[-4]

    def batches(self, size):
        for i in range(0, len(self), size):
            part = self.images[:, i:i + size] if self.frames else self.images[i:i + size]
            x = normalise(part, self.mean, self.std) if self.raw else np.array(part)
            yield x, None if self.labels is None else self.labels[i:i + size]
