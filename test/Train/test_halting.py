"""ACT over (t, l): examples worked by hand, in every order and with both outputs."""
import math
import unittest

import support
from support import torch

from stas_train.halting import Halting


def logit(p):
    return math.log(p / (1 - p))


def halting(order="lexicographic", output="weighted", timesteps=2, depth=2, tokens=1):
    """alpha = 1, beta = 0: channel 0 of a block's output is the logit of its score."""
    act = {"alpha": 1.0, "beta": 0.0, "eps": 0.01, "order": order, "output": output}
    return Halting(act, timesteps, depth, 1, tokens, "cpu")


def token(score, value):
    return torch.tensor([[[logit(score), value]]])


def drive(halt, scores, values):
    """Runs one token through every (t, l); returns the mask of each as text."""
    masks = ""
    for t in range(halt.timesteps):
        halt.start_timestep()
        for l in range(halt.depth):
            masks += str(int(halt.active(l)[0, 0]))
            halt.update(token(scores[t][l], values[t][l]), t, l)
    return masks


SCORES, VALUES = [[0.3, 0.4], [0.5, 0.2]], [[10.0, 20.0], [30.0, 40.0]]


class Lexicographic(unittest.TestCase):
    def test_weighted(self):
        # H = 0.3, 0.7, 1.2 > 0.99: halts at (2, 1) with R = 0.3.
        halt = halting()
        self.assertEqual(drive(halt, SCORES, VALUES), "1110")
        self.assertEqual(int(halt.steps[0, 0]), 3)
        y = halt.features(torch.zeros(1, 1, 2))
        self.assertAlmostEqual(float(y[0, 1]), 0.3 * 10 + 0.4 * 20 + 0.3 * 30, places=4)
        self.assertAlmostEqual(float(halt.rho[0, 0]), 3 + 0.3, places=5)
        self.assertTrue(halt.finished())

    def test_rate(self):
        # Entered the last block at t = 1 alone: 20, and 0 for t = 2; mean over T = 2.
        halt = halting(output="rate")
        drive(halt, SCORES, VALUES)
        self.assertAlmostEqual(float(halt.features(torch.zeros(1, 1, 2))[0, 1]), 10.0, places=4)

    def test_the_last_step_forces(self):
        # H = 0.1, 0.2, 0.3; at the end h = 1 and the remainder 0.7 is used.
        halt = halting()
        self.assertEqual(drive(halt, [[0.1, 0.1], [0.1, 0.1]], VALUES), "1111")
        y = float(halt.features(torch.zeros(1, 1, 2))[0, 1])
        self.assertAlmostEqual(y, 0.1 * 10 + 0.1 * 20 + 0.1 * 30 + 0.7 * 40, places=4)
        self.assertFalse(bool(halt.alive.any()))

    def test_the_limit_itself_does_not_reach(self):
        # eps = 0.5 and h = sigmoid(0) = 0.5: H equals 1 - eps, and the comparison is strict.
        halt = halting()
        halt.limit = 0.5
        halt.update(torch.zeros(1, 1, 2), 0, 0)
        self.assertTrue(bool(halt.alive[0, 0]))

    def test_remainder_and_scores_carry_gradients(self):
        halt = halting()
        x = torch.tensor([[[0.0, 1.0]]], requires_grad=True)
        halt.update(x, 0, 0)
        halt.update(torch.tensor([[[5.0, 1.0]]]), 0, 1)
        halt.rho.sum().backward()
        # rho = 2 + R, R = 1 - sigmoid(x): d rho / dx = -1/4.
        self.assertAlmostEqual(float(x.grad[0, 0, 0]), -0.25, places=6)


class Rectangular(unittest.TestCase):
    def test_a_token_comes_back_at_the_next_timestep(self):
        # t = 1: H[1,1] = 0.3, H[1,2] = 0.3 + 0.8 reached. t = 2: H[1,1] had not reached, so the token
        # enters block 1 again; H[2,1] = 0.3 + 0.4; block 2 stays closed, H[1,2] had reached.
        halt = halting("rectangular", "rate")
        masks = drive(halt, [[0.3, 0.8], [0.4, 0.5]], VALUES)
        self.assertEqual(masks, "1110")
        self.assertEqual(int(halt.steps[0, 0]), 3)
        self.assertAlmostEqual(float(halt.features(torch.zeros(1, 1, 2))[0, 1]), 20 / 2, places=4)

    def test_sums_are_over_the_rectangle(self):
        # H[2,1] = h11 + h21 = 0.3 + 0.6 does not contain h12 = 0.6; H[1,2] = 0.9 does not reach; at
        # (2, 2) everything halts. Lexicographic order would stop at (2, 1): 0.3 + 0.6 + 0.6.
        scores = [[0.3, 0.6], [0.6, 0.1]]
        self.assertEqual(drive(halting("rectangular", "rate"), scores, VALUES), "1111")
        self.assertEqual(drive(halting("lexicographic", "rate"), scores, VALUES), "1110")

    def test_rate_output_counts_only_the_last_block(self):
        halt = halting("rectangular", "rate")
        drive(halt, [[0.1, 0.1], [0.1, 0.1]], VALUES)
        self.assertAlmostEqual(float(halt.features(torch.zeros(1, 1, 2))[0, 1]), 30.0, places=4)


class Timestep(unittest.TestCase):
    """Four blocks, so that the sum of one timestep has room to reach before the last one."""

    def test_every_token_comes_back_at_the_next_timestep(self):
        # t = 1: 0.3, 0.7, 1.2 > 0.99: stops after block 3. t = 2: 0.999 stops after block 1. Rectangular order
        # would keep it out at t = 2 where H[1, l] had reached, lexicographic everywhere.
        halt = halting("timestep", "rate", depth=4)
        masks = drive(halt, [[0.3, 0.4, 0.5, 0.5], [0.999, 0.1, 0.1, 0.1]], [[1.0] * 4] * 2)
        self.assertEqual(masks, "1110" + "1000")
        self.assertEqual(int(halt.steps[0, 0]), 4)
        self.assertEqual(float(halt.features(torch.zeros(1, 1, 2))[0, 1]), 0.0)
        self.assertFalse(halt.finished())

    def test_earlier_timesteps_do_not_count(self):
        # 0.9 at each of the two timesteps: rectangular order halts at (2, 1), here nothing ever does.
        scores = [[0.9, 0.05]] * 2
        self.assertEqual(drive(halting("timestep", "rate"), scores, VALUES), "1111")
        self.assertEqual(drive(halting("rectangular", "rate"), scores, VALUES), "1110")

    def test_rate_and_ponder_cost(self):
        # 0.3, then the last block of each timestep takes the remainder: 0.7 and 0.5, averaged over T = 2.
        halt = halting("timestep", "rate")
        self.assertEqual(drive(halt, SCORES, VALUES), "1111")
        self.assertAlmostEqual(float(halt.features(torch.zeros(1, 1, 2))[0, 1]), (20 + 40) / 2, places=4)
        self.assertAlmostEqual(float(halt.rho[0, 0]), 4 + (0.7 + 0.5) / 2, places=5)


if __name__ == "__main__":
    unittest.main()
