"""Image files and the synthetic set."""
import gzip
import hashlib
import lzma
import struct
import unittest

import numpy as np

import support
from support import Scratch, run

from stas_train import data
from stas_train.errors import UserError
from stas_train.synth import draw

CONFIG = {"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25], "in_channels": 3, "image_size": 32}


class Synth(Scratch):
    def test_one_seed_gives_the_same_bytes(self):
        status, _, err = run("synth", "--count", 50, "--seed", 11, "-o", self.path("a.bin"))
        self.assertEqual(status, 0, err)
        with open(self.path("a.bin"), "rb") as f:
            content = f.read()
        self.assertEqual(len(content), 50 * 3073)
        self.assertEqual(hashlib.sha256(content).hexdigest(), "972f92aa4bd0fffb67c7b221f179972e206a229c6fdfbff4645ce5dbe89c2efa")

    def test_seeds_differ(self):
        self.assertFalse(np.array_equal(draw(5, 1)[0], draw(5, 2)[0]))

    def test_every_class_occurs(self):
        images, labels = draw(200, 3)
        self.assertEqual(sorted(set(labels.tolist())), list(range(10)))
        self.assertEqual((images.dtype, images.shape), (np.uint8, (200, 3, 32, 32)))


class Files(Scratch):
    def setUp(self):
        super().setUp()
        self.images, self.labels = draw(6, 1)

    def test_bin_in_three_forms(self):
        data.write_bin(self.path("a.bin"), self.images, self.labels)
        with open(self.path("a.bin"), "rb") as f:
            raw = f.read()
        with lzma.open(self.path("b.bin.xz"), "wb") as f:
            f.write(raw)
        with gzip.open(self.path("c.bin.gz"), "wb") as f:
            f.write(raw)
        for name in ("a.bin", "b.bin.xz", "c.bin.gz"):
            images, labels = data.read_bin(self.path(name))
            self.assertTrue(np.array_equal(images, self.images))
            self.assertTrue(np.array_equal(labels, self.labels))
        self.assertEqual(len(data.read_many([self.folder])[0]), 18)

    def test_normalised_npy_and_bin_agree(self):
        data.write_bin(self.path("a.bin"), self.images, self.labels)
        x, labels = next(data.Source(self.path("a.bin"), CONFIG).batches(6))
        np.save(self.path("a.npy"), x)
        np.save(self.path("y.npy"), self.labels)
        source = data.Source(self.path("a.npy"), CONFIG, 4, self.path("y.npy"))
        again, truth = next(source.batches(6))
        self.assertTrue(np.array_equal(again, x[:4]))
        self.assertTrue(np.array_equal(truth, self.labels[:4]))
        self.assertEqual(x.dtype, np.float32)
        self.assertEqual(float(x[0, 0, 0, 0]),
                         float((np.float32(self.images[0, 0, 0, 0]) / np.float32(255)
                                - np.float32(0.5)) / np.float32(0.25)))

    def write_idx(self, name, array):
        with gzip.open(self.path(name), "wb") as f:
            f.write(bytes([0, 0, 8, array.ndim]) + struct.pack(">%di" % array.ndim, *array.shape))
            f.write(array.astype(np.uint8).tobytes())

    def test_mnist(self):
        digits = np.arange(2 * 28 * 28).reshape(2, 28, 28) % 251
        self.write_idx("t10k-images-idx3-ubyte.gz", digits)
        self.write_idx("t10k-labels-idx1-ubyte.gz", np.array([3, 9]))
        images, labels = data.read_mnist(self.folder, "t10k")
        self.assertEqual((images.shape, labels.tolist()), ((2, 1, 32, 32), [3, 9]))
        self.assertTrue(np.array_equal(images[:, 0, 2:30, 2:30], digits))


class Errors(Scratch):
    def check(self, message, call, *arguments):
        with self.assertRaises(UserError) as caught:
            call(*arguments)
        self.assertIn(message, str(caught.exception))

    def test_messages(self):
        with open(self.path("short.bin"), "wb") as f:
            f.write(b"\0" * 3072)
        np.save(self.path("bytes.npy"), np.zeros((1, 3, 32, 32), np.uint8))
        np.save(self.path("small.npy"), np.zeros((1, 3, 8, 8), np.float32))
        self.check("required a multiple of 3073 bytes, found 3072 bytes", data.read_bin,
                   self.path("short.bin"))
        self.check("No such file", data.read_bin, self.path("none.bin"))
        self.check("required an idx file of bytes", data.read_idx, self.path("short.bin"))
        self.check("required train-images-idx3-ubyte[.gz]", data.read_mnist, self.folder, "train")
        self.check("required float32 [M, C, H, W], found uint8 [1, 3, 32, 32]", data.Source,
                   self.path("bytes.npy"), CONFIG)
        self.check("required images [3, 32, 32], found [3, 8, 8]", data.Source,
                   self.path("small.npy"), CONFIG)

    def test_empty_folder(self):
        self.check("required files named *.bin, found none", data.read_many, [self.folder])


if __name__ == "__main__":
    unittest.main()
