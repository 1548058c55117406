"""The neuron at equality, and the staircase that a constant current gives."""
import unittest

import support
from support import torch

from stas_train.config import GROUPS
from stas_train.lif import LIF


def neuron(v_th=1.0, **attributes):
    return LIF(dict(GROUPS["lif"], **attributes), v_th)


def pattern(lif, current, steps):
    """Spikes of a constant current as text, "0101"."""
    spikes, _, _ = lif(torch.full((steps, 1), current))
    return "".join(str(int(s)) for s in spikes)


class Equality(unittest.TestCase):
    """A current of 2 charges the default neuron to exactly its threshold in one step."""

    def test_ge_fires_at_the_threshold(self):
        self.assertEqual(pattern(neuron(), 2.0, 1), "1")

    def test_gt_does_not(self):
        self.assertEqual(pattern(neuron(compare="gt"), 2.0, 1), "0")

    def test_just_below(self):
        self.assertEqual(pattern(neuron(), 2.0 - 2.0 ** -22, 1), "0")

    def test_attention_threshold(self):
        self.assertEqual(pattern(neuron(0.5), 1.0, 1), "1")
        self.assertEqual(pattern(neuron(0.5, compare="gt"), 1.0, 1), "0")


class Attributes(unittest.TestCase):
    def potentials(self, lif, currents):
        _, v, h = lif(torch.tensor(currents).unsqueeze(1))
        return [float(x) for x in h], float(v[0])

    def test_hard_reset(self):
        self.assertEqual(self.potentials(neuron(), [3.0, 1.0]), ([1.5, 0.5], 0.5))

    def test_soft_reset(self):
        # 1.5 fires and leaves 0.5; then 0.5 + (1 - 0.5) / 2.
        self.assertEqual(self.potentials(neuron(reset="soft"), [3.0, 1.0]), ([1.5, 0.75], 0.75))

    def test_v_reset(self):
        # From 0.5: 0.5 + (3 - 0) / 2 = 2 fires, back to 0.5; 0.5 + (0.5 - 0) / 2.
        self.assertEqual(self.potentials(neuron(v_reset=0.5), [3.0, 0.5]), ([2.0, 0.75], 0.75))

    def test_no_decay_of_the_input(self):
        # h = v + x - v / 2.
        self.assertEqual(self.potentials(neuron(decay_input=False), [0.5, 0.5]),
                         ([0.5, 0.75], 0.75))

    def test_other_tau(self):
        self.assertEqual(self.potentials(neuron(tau=4.0), [2.0, 2.0]), ([0.5, 0.875], 0.875))

    def test_tau_two_has_the_bits_of_the_division(self):
        torch.manual_seed(0)
        x, lif = torch.randn(4, 10000) * 2, neuron()
        _, _, h = lif(x)
        v = torch.zeros(10000)
        for t in range(4):
            want = v + (x[t] - v) / 2
            self.assertTrue(torch.equal(want, h[t]))
            v = torch.where(want >= 1, torch.zeros(()), want)

    def test_state_carries_over(self):
        x, lif = torch.rand(4, 100) * 3, neuron()
        first, v, _ = lif(x[:2])
        second, _, _ = lif(x[2:], v)
        self.assertTrue(torch.equal(torch.cat([first, second]), lif(x)[0]))


class Staircase(unittest.TestCase):
    """First spike after n steps where c * (1 - 2^-n) >= 1; then every n steps."""

    def test_patterns(self):
        for current, want in ((2.0, "11111111"), (5.0, "11111111"), (1.99, "01010101"),
                              (1.34, "01010101"), (1.33, "00100100"), (1.15, "00100100"),
                              (1.14, "00010001"), (1.0, "00000000"), (-3.0, "00000000")):
            self.assertEqual(pattern(neuron(), current, 8), want, current)


class Surrogate(unittest.TestCase):
    def test_gradient_is_a_triangle_around_the_threshold(self):
        x = torch.tensor([[-1.0, 1.0, 2.0, 3.0, 5.0]], requires_grad=True)
        neuron()(x)[0].sum().backward()
        # h = x / 2; max(0, 1 - |h - 1|) / 2.
        self.assertEqual(x.grad[0].tolist(), [0.0, 0.25, 0.5, 0.25, 0.0])


if __name__ == "__main__":
    unittest.main()
