"""The network: names and sizes, attention, I-SPS, masks."""
import unittest

import support
from support import small_model, torch

from stas_train.config import GROUPS
from stas_train.layout import LAYOUTS, Shape
from stas_train.lif import LIF
from stas_train.model import Model, Unit, resolve
from stas_train.probe import Probe

ACT = {"alpha": 1.0, "beta": -1.0}


class Names(unittest.TestCase):
    def count(self, layout, dim, depth, heads, classes):
        shape = Shape(LAYOUTS[layout], dim, depth, 4 * dim, 3, classes)
        model = Model(shape, resolve({"heads": heads}, shape))
        return (len(model.state_dict()), sum(p.numel() for p in model.parameters()),
                {k: list(v.shape) for k, v in model.state_dict().items()})

    def test_cifar_4_384(self):
        entries, parameters, shapes = self.count("cifar", 384, 4, 12, 10)
        self.assertEqual((entries, parameters), (216, 9330874))
        self.assertEqual(shapes["patch_embed.proj_conv.weight"], [48, 3, 3, 3])
        self.assertEqual(shapes["patch_embed.rpe_bn.running_var"], [384])
        self.assertEqual(shapes["block.3.mlp.fc1_linear.weight"], [1536, 384])
        self.assertEqual(shapes["block.0.norm1.weight"], [384])

    def test_imagenet_8_512(self):
        entries, parameters, shapes = self.count("imagenet", 512, 8, 8, 1000)
        self.assertEqual((entries, parameters), (376, 29705768))
        self.assertEqual(shapes["block.0.attn.q_conv.weight"], [512, 512, 1])
        self.assertEqual(shapes["block.0.mlp.fc2_conv.weight"], [512, 2048, 1, 1])
        self.assertNotIn("block.0.attn.q_conv.bias", shapes)
        self.assertIn("block.0.attn.proj_conv.bias", shapes)

    def test_imagenet_8_768(self):
        entries, parameters, _ = self.count("imagenet", 768, 8, 12, 1000)
        self.assertEqual((entries, parameters), (376, 66363208))


class Attention(unittest.TestCase):
    def test_both_associations_are_equal(self):
        attn = small_model().block[0].attn
        q, k, v = ((torch.rand(4, 2, 64, 16) < 0.4).float() for _ in range(3))
        attn.kv_first = False
        left = attn.product(q, k, v)
        attn.kv_first = True
        self.assertTrue(torch.equal(left, attn.product(q, k, v)))
        # And they are what the definition says, head by head.
        head = slice(8, 16)
        want = (q[..., head] @ k[..., head].transpose(-1, -2)) @ v[..., head]
        self.assertTrue(torch.equal(left[..., head], want))


class Shapes(Probe):
    """Collects the shape of every LIF's spikes, and the spikes of masked tokens."""

    def __init__(self):
        self.shapes, self.masked, self.inputs = {}, 0.0, {}

    def fired(self, name, spikes, h, lif, x, layer, bn, mask):
        self.shapes.setdefault(name, []).append(list(spikes.shape))
        self.inputs.setdefault(name, []).append(x.clone())
        if mask is not None:
            self.masked += float((spikes * (1 - mask)).sum())


def lively(model, seed=0):
    """Sets BN shifts so that the LIFs of an untrained model fire."""
    torch.manual_seed(seed)
    for module in model.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.running_var.fill_(0.02)
            torch.nn.init.normal_(module.bias, 0.7, 0.5)
    return model


def observe(model, images=2):
    probe = Shapes()
    model.set_probe(probe)
    torch.manual_seed(1)
    with torch.no_grad():
        logits = model(torch.randn(images, 3, 32, 32))
    model.set_probe(None)
    return probe, logits


class Stem(unittest.TestCase):
    def test_spikformer_runs_every_layer_at_every_timestep(self):
        probe, _ = observe(small_model())
        self.assertEqual(probe.shapes["patch_embed.proj_lif"], [[4, 2, 2, 32, 32]])
        self.assertEqual(probe.shapes["patch_embed.proj_lif3"], [[4, 2, 16, 16, 16]])
        self.assertEqual(probe.shapes["patch_embed.rpe_lif"], [[4, 2, 16, 8, 8]])
        self.assertEqual(probe.shapes["block.1.mlp.fc1_lif"], [[4, 2, 64, 64]])

    def test_isps_after_stage0_runs_the_rest_once(self):
        probe, _ = observe(small_model(act=ACT))
        self.assertEqual(probe.shapes["patch_embed.proj_lif"], [[4, 2, 2, 32, 32]])
        self.assertEqual(probe.shapes["patch_embed.proj_lif1"], [[1, 2, 4, 32, 32]])
        self.assertEqual(probe.shapes["patch_embed.rpe_lif"], [[1, 2, 16, 8, 8]])

    def test_mean_is_a_quarter_of_the_sum(self):
        mean, _ = observe(lively(small_model(act=ACT)))
        total, _ = observe(lively(small_model(act=ACT, isps={"reduce": "sum"})))
        a, b = (p.inputs["patch_embed.proj_lif1"][0] for p in (mean, total))
        self.assertGreater(float(b.max()), 1)
        self.assertTrue(torch.equal(4 * a, b))

    def test_isps_without_halting(self):
        # `isps` and no `act`: the stem as above, the blocks as a Spikformer's, and no halting.
        model = small_model(isps={"after": "stage0"})
        self.assertEqual((model.config["family"], "act" in model.config), ("stas", False))
        probe, _ = observe(model)
        self.assertEqual(probe.shapes["patch_embed.proj_lif1"], [[1, 2, 4, 32, 32]])
        self.assertEqual(probe.shapes["block.1.mlp.fc1_lif"], [[4, 2, 64, 64]])
        self.assertIsNone(model.halting)

    def test_isps_after_stem(self):
        probe, _ = observe(small_model(act=ACT, isps={"after": "stem"}))
        self.assertEqual(probe.shapes["patch_embed.rpe_lif"], [[4, 2, 16, 8, 8]])
        self.assertEqual(probe.shapes["block.0.attn.q_lif"][0], [1, 2, 64, 16])

    def test_imagenet_layout_pools_four_times(self):
        model = small_model(layout="imagenet", image_size=32)
        probe, _ = observe(model)
        self.assertEqual(probe.shapes["patch_embed.proj_lif1"], [[4, 2, 4, 16, 16]])
        self.assertEqual(probe.shapes["patch_embed.rpe_lif"], [[4, 2, 16, 2, 2]])


class Halted(unittest.TestCase):
    def test_rows_of_halted_tokens_are_zero(self):
        probe, _ = observe(lively(small_model(act=ACT)))
        self.assertEqual(probe.masked, 0.0)

    def test_a_skipped_step_leaves_the_membrane(self):
        # Order timestep alone brings a token back. Input 0.5 at tau = 2: v = 0.25, held, then 0.375.
        lif = LIF(GROUPS["lif"], 1.0)
        unit, same = Unit(), torch.nn.Identity()
        on, off, v, seen = torch.ones(1, 2, 1), torch.tensor([[[1.0], [0.0]]]), None, []
        for mask in (off, on, off, on):
            _, v = unit.fire("", same, same, lif, torch.full((1, 1, 2, 1), 0.5), v, mask, hold=True)
            seen.append(v.flatten().tolist())
        self.assertEqual(seen, [[0.25, 0.0], [0.375, 0.25], [0.4375, 0.25], [0.46875, 0.375]])

    def test_all_halted_ends_the_pass(self):
        # h = sigmoid(20) at the first block: nothing runs after it.
        model = lively(small_model(act={"alpha": 1.0, "beta": 20.0}))
        probe, _ = observe(model)
        self.assertEqual(len(probe.shapes["block.0.attn.q_lif"]), 1)
        self.assertNotIn("block.1.attn.q_lif", probe.shapes)
        self.assertEqual(model.halting.steps.unique().tolist(), [1])

    def test_without_halting_it_is_the_dense_pass(self):
        # h = sigmoid(-20): no token stops before the end, so the step-by-step pass with output `rate`
        # computes what all timesteps at once do.
        for order in ("lexicographic", "rectangular", "timestep"):
            act = {"alpha": 0.0, "beta": -20.0, "output": "rate", "order": order}
            model = lively(small_model(act=act))
            _, logits = observe(model)
            self.assertEqual(model.halting.steps.unique().tolist(), [8])
            torch.manual_seed(1)
            with torch.no_grad():
                dense = model(torch.randn(2, 3, 32, 32), dense=True)
            self.assertGreater(float((dense - model.head.bias).abs().max()), 0)
            self.assertTrue(torch.allclose(logits, dense, atol=1e-5))

    def test_steps_take_several_values(self):
        model = lively(small_model(act={"alpha": 0.8, "beta": -2.0}))
        observe(model)
        self.assertGreaterEqual(len(model.halting.steps.unique()), 3)


if __name__ == "__main__":
    unittest.main()
