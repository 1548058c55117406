"""The committed checkpoints: what the manifest says of them holds."""
import hashlib
import json
import os
import unittest

import support
from support import ROOT, torch

from stas_train import evaluate
from stas_train.checkpoint import load
from stas_train.config import CIFAR10_MEAN, CIFAR10_STD, plain
from stas_train.data import normalise
from stas_train.synth import draw

FOLDER = os.path.join(ROOT, "test", "Inputs", "trained")


class Trained(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(os.path.join(FOLDER, "manifest.json")) as f:
            cls.manifest = json.load(f)

    def test_files(self):
        for name, entry in self.manifest.items():
            with open(os.path.join(FOLDER, name), "rb") as f:
                content = f.read()
            self.assertLessEqual(len(content), 4 << 20)
            self.assertEqual(hashlib.sha256(content).hexdigest(), entry["sha256"], name)
            model, config = load(os.path.join(FOLDER, name))
            self.assertEqual(plain(config), entry["config"])
            self.assertEqual({p.dtype for p in model.parameters()}, {torch.float32})

    def test_they_do_what_they_are_for(self):
        """Moderate firing rates, tokens that halt at several steps, and an accuracy worth losing."""
        for name, entry in self.manifest.items():
            figures = entry["held_out"]
            rates = list(figures["rates"].values())
            self.assertGreater(sum(0.05 <= r <= 0.30 for r in rates), 0.8 * len(rates), name)
            self.assertTrue(0.3 <= figures["mean_active"] <= 0.8, name)
            self.assertGreaterEqual(sum(v >= 0.05 for v in figures["histogram"].values()), 4, name)
            self.assertTrue(0.5 < figures["accuracy"] < 0.98, name)

    def test_synth_figures_are_reproduced(self):
        entry = self.manifest["stas-synth.pth"]["check"]
        model, _ = load(os.path.join(FOLDER, "stas-synth.pth"))
        images, labels = draw(entry["count"], entry["seed"])
        result = evaluate.summary(evaluate.run(
            model, [(normalise(images, CIFAR10_MEAN, CIFAR10_STD), labels)]))
        self.assertAlmostEqual(result["accuracy"], entry["accuracy"], delta=0.011)
        self.assertAlmostEqual(result["mean_active"], entry["mean_active"], delta=0.005)


if __name__ == "__main__":
    unittest.main()
