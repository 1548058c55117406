"""The recipe learns, in every variant of the model; evaluate reports it."""
import json
import os
import unittest

import numpy as np

import support
from support import Scratch, run, torch

from stas_train import evaluate
from stas_train.checkpoint import load
from stas_train.config import CIFAR10_MEAN, CIFAR10_STD
from stas_train.data import normalise
from stas_train.synth import draw

TINY = ("--data", "synth", "--train-count", 64, "--test-count", 32, "--dim", 16, "--heads", 2,
        "--batch", 16, "--depth", 1, "--json")


class Train(Scratch):
    def train(self, *more):
        status, out, err = run("train", *(TINY + more + ("-o", self.path("m.pth"))))
        self.assertEqual(status, 0, err)
        return json.loads(out)

    def test_loss_falls_and_the_checkpoint_is_complete(self):
        figures = self.train("--epochs", 4, "--lr", "5e-3", "--rate-weight", "0.5")
        loss = [h["loss"] for h in figures["history"]]
        self.assertLess(loss[-1], loss[0] - 0.02)
        model, config = load(self.path("m.pth"))
        self.assertEqual((config["family"], config["act"]["alpha"]), ("stas", 1.0))
        self.assertEqual(len(figures["held_out"]["rates"]), 12)
        self.assertAlmostEqual(sum(figures["held_out"]["histogram"].values()), 1, places=2)

    def test_one_seed_gives_one_model(self):
        states = []
        for _ in range(2):
            self.train("--epochs", 1, "--flip", "--crop", 2, "--cutout", 8)
            states.append(load(self.path("m.pth"))[0].state_dict())
        for key in states[0]:
            self.assertTrue(torch.equal(states[0][key], states[1][key]), key)

    def test_variants(self):
        for more in (("--family", "spikformer"), ("--isps-after", "stem"), ("--no-act",),
                     ("--order", "rectangular", "--output", "rate"), ("--output", "rate"),
                     ("--order", "timestep", "--output", "rate"),
                     ("--isps-reduce", "sum", "--frozen-epochs", 1, "--smoothing", 0.1)):
            figures = self.train("--epochs", 1, *more)
            self.assertTrue(np.isfinite(figures["history"][0]["loss"]), more)

    def test_stop_after_keeps_the_schedule_of_all_epochs(self):
        history = self.train("--epochs", 3, "--stop-after", 1)["history"]
        self.assertEqual([h["epoch"] for h in history], [1])

    def test_settled_statistics_are_those_of_the_data(self):
        self.train("--epochs", 1, "--rate-weight", 0)
        before = load(self.path("m.pth"))[0].state_dict()
        self.train("--epochs", 0, "--init", self.path("m.pth"))
        after = load(self.path("m.pth"))[0].state_dict()
        for key in before:  # settling is all that --epochs 0 does, and the epoch had done it
            if "num_batches" not in key:
                self.assertTrue(torch.allclose(before[key], after[key], atol=1e-5), key)
        images, _ = draw(64, 1)
        x = torch.as_tensor(normalise(images, CIFAR10_MEAN, CIFAR10_STD))
        model = load(self.path("m.pth"))[0]
        current = model.patch_embed.proj_conv(x)
        self.assertTrue(torch.allclose(after["patch_embed.proj_bn.running_mean"],
                                       current.mean((0, 2, 3)), atol=1e-4))

    def test_ponder_cost_moves_the_halting(self):
        self.train("--epochs", 2, "--lr", "5e-3")
        rho = []
        for weight in (0, 3):
            status, out, err = run("train", *(TINY + ("--epochs", 4, "--lr", "5e-3", "--ponder",
                                                      weight, "--init", self.path("m.pth"), "-o",
                                                      self.path("n.pth"))))
            rho.append(json.loads(out)["history"][-1]["rho"])
        self.assertLess(rho[1], rho[0])

    def test_evaluate(self):
        self.train("--epochs", 1)
        run("synth", "--count", 32, "--seed", 2, "-o", self.path("s.bin"))
        status, out, err = run("evaluate", self.path("m.pth"), "--input", self.path("s.bin"), "--json",
                               "--logits", self.path("l.npy"), "--steps", self.path("s.npy"),
                               "--limit", 20, "--batch", 7)
        self.assertEqual(status, 0, err)
        figures = json.loads(out)
        self.assertEqual(figures["images"], 20)
        self.assertEqual(np.load(self.path("l.npy")).shape, (20, 10))
        steps = np.load(self.path("s.npy"))
        self.assertEqual((steps.shape, steps.dtype), ((20, 64), np.int32))
        # The mean over (t, l) of the active tokens is the mean number of steps over T * L.
        self.assertAlmostEqual(figures["mean_active"], steps.mean() / 4, places=3)
        status, text, _ = run("evaluate", self.path("m.pth"), "--input", self.path("s.bin"))
        self.assertIn("halting step: share of tokens", text)

    def test_errors(self):
        for more, message in (
                (("--data", "cifar10"), "--train: required files or folders of CIFAR-10's binary"),
                (("--data", "mnist"), "--train: required the folder of MNIST's four idx files"),
                (("--batch", 100), "--batch: required at most the 64 training images, found 100"),
                (("--dim", 20), "heads: required a divisor of D, and D a multiple of 8")):
            status, _, err = run("train", *(TINY + more + ("-o", self.path("m.pth"))))
            self.assertEqual(status, 1)
            self.assertIn(message, err)

    def test_steps_of_a_model_without_halting(self):
        self.train("--epochs", 1, "--family", "spikformer")
        run("synth", "--count", 4, "--seed", 2, "-o", self.path("s.bin"))
        status, _, err = run("evaluate", self.path("m.pth"), "--input", self.path("s.bin"), "--steps",
                             self.path("t.npy"))
        self.assertEqual(status, 1)
        self.assertIn("--steps: required a model with halting, found none", err)


class Draw(Scratch):
    def test_rates_of_drawn_networks(self):
        for more in (("--family", "spikformer"), ("--family", "stas"),
                     ("--layout", "imagenet", "--image-size", 64)):
            status, out, err = run("draw", "--dim", 32, "--depth", 2, "--heads", 2, "--seed", 1,
                                   "-o", self.path("m.pth"), *more)
            self.assertEqual(status, 0, err)
            rates = [float(line.split()[1]) for line in out.splitlines() if "lif" in line]
            self.assertEqual(len(rates), 19)
            outside = [r for r in rates if not 3 <= r <= 32]
            self.assertLessEqual(len(outside), 2, out)

    def test_rates_of_a_trained_network(self):
        with open(self.path("images.bin"), "wb") as f:
            f.write(os.urandom(8 * 3073))
        trained = os.path.join(support.ROOT, "test", "Inputs", "trained", "stas-cifar10.pth")
        status, out, err = run("evaluate", trained, "--input", self.path("images.bin"), "--json")
        self.assertEqual(status, 0, err)
        with open(self.path("rates.json"), "w") as f:
            f.write(out)
        wanted = json.loads(out)["rates"]
        status, out, err = run("draw", "--dim", 32, "--depth", 3, "--heads", 2, "--seed", 1,
                               "--calibration-images", 32, "--rates",
                               self.path("rates.json"), "-o", self.path("m.pth"))
        self.assertEqual(status, 0, err)
        found = dict(line.split()[:2] for line in out.splitlines() if "lif" in line)
        self.assertEqual(len(found), 26)
        for name, rate in found.items():
            if not name.endswith("attn_lif"):  # has no BN to set
                twin = name.replace("block.2.", "block.0.")
                self.assertLess(abs(float(rate) - 100 * wanted[twin]), 6, (name, out))
        with open(self.path("rates.json"), "w") as f:
            json.dump({"rates": {"block.0.attn.q_lif": 0.2}}, f)
        status, _, err = run("draw", "--dim", 32, "--depth", 1, "--heads", 2, "--rates", self.path("rates.json"),
                             "-o", self.path("m.pth"))
        self.assertEqual(status, 1)
        self.assertIn("--rates: required the rate of every LIF, found none of patch_embed.proj_lif", err)
        status, _, err = run("draw", "--dim", 32, "--depth", 1, "--heads", 2, "--rates", self.path("images.bin"),
                             "-o", self.path("m.pth"))
        self.assertEqual(status, 1)
        self.assertIn("images.bin: required the figures that `evaluate --json` prints", err)


class Norm(unittest.TestCase):
    def test_later_timesteps_use_the_first_ones_statistics(self):
        from stas_train.norm import first_step_norm
        bn, norms = torch.nn.BatchNorm1d(3), {}
        torch.manual_seed(0)
        x = torch.randn(50, 3) * 2 + 1
        first = first_step_norm(bn, x, norms, "a")
        second = first_step_norm(bn, x + 5, norms, "a")
        self.assertTrue(torch.allclose(first, torch.nn.BatchNorm1d(3)(x), atol=1e-5))
        self.assertTrue(torch.allclose(second - first, 5 * norms["a"][0].expand(50, 3), atol=1e-5))
        self.assertEqual(int(bn.num_batches_tracked), 1)
        self.assertTrue(torch.allclose(bn.running_mean, 0.1 * x.mean(0), atol=1e-6))
        self.assertTrue(torch.allclose(bn.running_var, 0.9 + 0.1 * x.var(0), atol=1e-5))


if __name__ == "__main__":
    unittest.main()
