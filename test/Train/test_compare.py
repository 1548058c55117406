"""trace and compare: a dump equal to the trace passes, planted flips are found or tolerated."""
import json
import os
import shutil
import unittest

import numpy as np

import support
from support import Scratch, run

LIF = "block.0.mlp.fc1_lif"


class Compare(Scratch):
    def setUp(self):
        super().setUp()
        self.model, self.images = self.path("m.pth"), self.path("s.bin")
        status, _, err = run("draw", "--family", "stas", "--dim", 16, "--depth", 1, "--heads", 2,
                             "--calibration-images", 2, "-o", self.model)
        self.assertEqual(status, 0, err)
        run("synth", "--count", 4, "--seed", 5, "-o", self.images)
        status, out, err = run("trace", self.model, "--input", self.images, "--batch", 2, "-o",
                               self.path("trace"))
        self.assertEqual(status, 0, err)
        shutil.copytree(self.path("trace"), self.path("dump"))

    def edit(self, name, change):
        path = os.path.join(self.path("dump"), name + ".npy")
        array = np.load(path)
        change(array)
        np.save(path, array)

    def compare(self, *more):
        return run("compare", self.path("trace"), self.path("dump"), *more)

    def flip(self, where, slack):
        """Flips the spike at `where` of LIF, and sets the trace's slack there."""
        def change(a):
            a[where] ^= 1
        self.edit(LIF, change)
        path = os.path.join(self.path("trace"), LIF + ".slack.npy")
        array = np.load(path)
        array[where] = slack
        np.save(path, array)

    def test_layout_of_the_trace(self):
        with open(os.path.join(self.path("trace"), "meta.json")) as f:
            meta = json.load(f)
        self.assertEqual(len(meta["lifs"]), 12)
        self.assertEqual(meta["lifs"]["patch_embed.proj_lif1"]["shape"], [1, 4, 4, 32, 32])
        load = lambda n: np.load(os.path.join(self.path("trace"), n + ".npy"))
        self.assertEqual(load(LIF).shape, (4, 4, 64, 64))
        self.assertEqual((load(LIF).dtype, load(LIF + ".slack").dtype), (np.uint8, np.float32))
        self.assertEqual((load("steps").shape, load("steps").dtype), ((4, 64), np.int32))
        self.assertEqual(load("input").shape, (4, 3, 32, 32))
        self.assertTrue(np.isinf(load("block.0.attn.attn_lif.slack")).all())
        # A token that ran k steps (depth 1) has no spike after them, and none may be dumped.
        late = np.arange(4)[:, None, None] >= load("steps")[None]
        self.assertEqual(int(load(LIF)[late].sum()), 0)
        self.assertTrue(np.isinf(load(LIF + ".slack")[late]).all())

    def test_equal(self):
        status, out, err = self.compare()
        self.assertEqual((status, err), (0, ""))
        self.assertIn("same halting step  100.000 %", out)

    def test_planted_flip(self):
        self.flip((0, 1, 2, 3), 0.25)
        status, out, err = self.compare()
        self.assertEqual(status, 1)
        self.assertIn(LIF + ": 1 forbidden flips, the first at index [0, 1, 2, 3]", err)

    def test_flip_within_the_tolerance(self):
        self.flip((1, 1, 2, 3), -1e-7)
        status, out, err = self.compare()
        self.assertEqual((status, err), (0, ""))
        row = [l.split() for l in out.splitlines() if l.startswith(LIF)][0]
        self.assertEqual(row[3:], ["1", "2", "0"])  # tolerated; steps 2 and 3 excluded; forbidden

    def test_what_follows_a_tolerated_flip_is_excluded(self):
        self.flip((0, 1, 2, 3), -1e-7)
        self.flip((2, 1, 2, 3), 0.25)
        status, out, err = self.compare()
        self.assertEqual((status, err), (0, ""))

    def test_too_many_excluded(self):
        self.flip((0, 1, 2, 3), -1e-7)
        status, out, err = self.compare("--excluded", "1e-9")
        self.assertEqual(status, 1)
        self.assertIn("excluded steps: required at most 1e-09", err)

    def test_missing_layer(self):
        os.remove(os.path.join(self.path("dump"), LIF + ".npy"))
        status, out, err = self.compare()
        self.assertEqual(status, 1)
        self.assertIn("dump every LIF of the model under its module name", err)

    def test_wrong_shape(self):
        np.save(os.path.join(self.path("dump"), LIF + ".npy"), np.zeros((4, 4, 64, 63), np.uint8))
        status, out, err = self.compare()
        self.assertEqual(status, 1)
        self.assertIn("required uint8 [4, 4, 64, 64], found uint8 [4, 4, 64, 63]", err)

    def test_end_to_end(self):
        self.assertEqual(self.compare("--end-to-end")[0], 0)

        def change(a):
            a += 1
        self.edit("steps", change)
        status, out, err = self.compare("--end-to-end")
        self.assertEqual(status, 1)
        self.assertIn("steps.npy: required agreement of at least 99.000 %, found 0.000 %", err)
        self.assertEqual(self.compare()[0], 0)  # only reported beside the spikes

    def test_end_to_end_needs_the_dump(self):
        os.remove(os.path.join(self.path("dump"), "logits.npy"))
        status, out, err = self.compare("--end-to-end")
        self.assertEqual(status, 1)
        self.assertIn("logits.npy: required in", err)

    def test_damaged_files(self):
        with open(os.path.join(self.path("dump"), LIF + ".npy"), "wb") as f:
            f.write(b"no array")
        status, out, err = self.compare()
        self.assertEqual(status, 1)
        self.assertIn("required a .npy array", err)
        os.remove(os.path.join(self.path("trace"), "meta.json"))
        status, out, err = self.compare()
        self.assertEqual(status, 1)
        self.assertIn("required the meta.json of `stas-train trace`", err)

    def test_no_folder(self):
        status, out, err = run("compare", self.path("trace"), self.path("none"))
        self.assertEqual(status, 1)
        self.assertIn("required a folder", err)


if __name__ == "__main__":
    unittest.main()
