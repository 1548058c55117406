"""Random networks whose layers fire like trained ones, for tests of import, compilation and speed.

Weights are random; the running statistics of every BN are those of random natural-like images, and
its scale and shift are set so that the LIF behind it fires at a rate drawn from 7 to 25 % (q, k and v:
such that attention neither dies nor saturates), or at that of a trained model. Layers are calibrated in
the order in which they run.
"""
import argparse
import json
import re

import torch
import torch.nn.functional as F

from .config import GROUPS
from .errors import UserError
from .layout import LAYOUTS, Shape
from .model import Model, resolve
from .probe import Probe

ROWS = 4096  # sampled neurons per channel and timestep, enough for a rate to within half a percent


def images(count, size, channels, mean, std, seed):
    """Normalised float32 [count, channels, size, size]: octaves of smooth noise and sharp edges."""
    g = torch.Generator().manual_seed(seed)
    x = torch.full((count, channels, size, size), 0.45)
    cells = 2
    while cells <= size:
        noise = torch.randn(count, channels, cells, cells, generator=g) * 0.28 / cells ** 0.5
        grey = torch.randn(count, 1, cells, cells, generator=g) * 0.32 / cells ** 0.5
        x += F.interpolate(noise + grey, size=(size, size), mode="bilinear", align_corners=False)
        cells *= 2
    grid = torch.linspace(-1, 1, size)
    for _ in range(6):
        a = torch.rand(count, 1, 1, generator=g) * 6.2832
        u = torch.cos(a) * grid[None, None, :] + torch.sin(a) * grid[None, :, None]
        low = torch.rand(count, 1, 1, generator=g) * 2 - 1
        inside = (u > low) & (u < low + torch.rand(count, 1, 1, generator=g))
        x += inside[:, None] * torch.randn(count, channels, 1, 1, generator=g) * 0.15
    x = torch.round(x.clamp(0, 1) * 255) / 255
    shape = (1, channels, 1, 1)
    return (x - torch.tensor(mean).reshape(shape)) / torch.tensor(std).reshape(shape)


def inputs(model, count, seed):
    """What the model takes: `count` images, or as many sequences of unrelated frames."""
    c = model.config
    frames = c["timesteps"] if c["input"] == "frames" else 1
    x = images(frames * count, c["image_size"], c["in_channels"], c["mean"], c["std"], seed)
    return x.unflatten(0, (frames, count)) if c["input"] == "frames" else x


class Calibrator(Probe):
    """Sets every BN when its input is first seen."""

    def __init__(self, model, seed, odd_channels=False, rates=None):
        self.odd_channels = odd_channels
        self.rates = rates
        self.generator = torch.Generator().manual_seed(seed)
        # Mean of scale * q k^T v for independent spikes of rate r: scale * N * d * r^3. Aim at 0.3;
        # correlations between q, k and v raise it.
        size = model.config["image_size"] // 2 ** len(model.shape.layout.pools)
        d = model.shape.dim // model.config["heads"]
        rate = (0.3 / (model.config["attention_scale"] * size * size * d)) ** (1.0 / 3.0)
        self.attention_rate = min(0.2, max(0.03, rate))

    def uniform(self, low, high, *shape):
        return low + (high - low) * torch.rand(*shape, generator=self.generator)

    def before_norm(self, name, x, bn, lif, steps):
        rows = x.transpose(0, 1).flatten(1) if x.dim() == 4 else x.transpose(0, 1)  # [C, K * M]
        var, mean = torch.var_mean(rows, 1, unbiased=False)
        var = var + 1e-3 * var.mean() + 1e-6  # a channel without input must not get a huge scale
        bn.running_mean.copy_(mean)
        bn.running_var.copy_(var)
        bn.num_batches_tracked.fill_(1)
        channels = rows.shape[0]
        gamma = self.uniform(0.6, 1.4, channels)
        gamma *= torch.where(self.uniform(0, 1, channels) < 0.05, -1.0, 1.0)
        jitter = torch.randn(channels, generator=self.generator) * 0.2
        sample = rows.reshape(channels, steps, -1)
        stride = max(1, sample.shape[2] // ROWS)
        z = (sample[:, :, ::stride] - mean[:, None, None]) * torch.rsqrt(var + bn.eps)[:, None, None]
        z = (z * gamma[:, None, None] + jitter[:, None, None]).transpose(0, 1)  # [K, C, rows]
        if self.rates:
            if name not in self.rates:
                raise UserError("--rates", "the rate of every LIF", "none of " + name, "give those of a model of this layout")
            target = min(0.95, max(0.002, self.rates[name]))
        elif name.endswith(("q_lif", "k_lif", "v_lif")):
            target = self.attention_rate * float(self.uniform(0.9, 1.1, 1))
        else:
            target = float(self.uniform(0.07, 0.25, 1))
        low, high = -8.0, 8.0
        for _ in range(16):
            shift = (low + high) / 2
            rate = float(lif(z + shift)[0].mean())
            low, high = (shift, high) if rate < target else (low, shift)
        with torch.no_grad():
            bn.weight.copy_(gamma)
            bn.bias.copy_(jitter + shift)
            if self.odd_channels and channels >= 8:
                self.make_odd(name, bn, lif)
        return x

    def make_odd(self, name, bn, lif):
        """Four channels that never or always fire, or whose scale is nothing or next to nothing."""
        never, always, none, tiny = torch.randperm(len(bn.weight), generator=self.generator)[:4].tolist()
        strong = 4 * lif.tau * max(abs(lif.v_th), abs(lif.v_reset), 0.25)  # fires at every step
        bn.bias[never] = -strong
        # A query and a key channel that always meet would drive the attention of every token.
        bn.bias[always] = -strong if name.endswith(("q_lif", "k_lif")) else strong
        bn.weight[always] = 0.1
        bn.weight[none] = 0.0
        bn.weight[tiny] = 1e-7


def lif_attribute(text):
    """(key, value) of KEY=VALUE."""
    key, equals, value = text.partition("=")
    defaults = GROUPS["lif"]
    if not equals or key not in defaults:
        raise UserError("--lif", "KEY=VALUE with KEY one of " + ", ".join(defaults), repr(text),
                        "correct the option")
    if isinstance(defaults[key], bool):
        return key, value.lower() in ("1", "true", "yes")
    return key, value if isinstance(defaults[key], str) else float(value)


def draw(options):
    """Model for the options layout, dim, depth, heads, timesteps, classes, image_size, family, ..."""
    layout = LAYOUTS[options.layout]
    shape = Shape(layout, options.dim, options.depth, 4 * options.dim, options.in_channels,
                  options.classes)
    config = {"family": options.family, "timesteps": options.timesteps, "heads": options.heads,
              "image_size": options.image_size or layout.image_size,
              "in_channels": options.in_channels, "input": options.input}
    if options.in_channels != 3:
        config.update(mean=[0.5] * options.in_channels, std=[0.25] * options.in_channels)
    if options.family == "stas":
        config["isps"] = {"after": options.isps_after, "reduce": options.isps_reduce}
        if options.act:
            config["act"] = {"alpha": options.alpha, "beta": options.beta, "eps": options.eps,
                             "order": options.order, "output": options.output}
    if options.lif:
        config["lif"] = dict(lif_attribute(text) for text in options.lif)
    torch.manual_seed(options.seed)
    model = Model(shape, resolve(config, shape)).eval()
    with torch.no_grad():
        for name, p in model.named_parameters():
            if ".norm" in name:
                p.add_(torch.randn_like(p) * 0.1)
            elif name.endswith(("linear.bias", "conv.bias", "head.bias")):
                p.normal_(0, 0.05)
            elif p.dim() > 1:
                p.normal_(0, p[0].numel() ** -0.5)
    if options.calibrate:
        rates = read_rates(options.rates, shape.depth) if options.rates else None
        calibrate(model, options.calibration_images, options.seed, options.odd_channels, rates)
    return model


def read_rates(path, depth):
    """LIF -> rate for `depth` blocks, from what `evaluate --json` printed of a model; its blocks repeat."""
    try:
        with open(path) as f:
            known = {str(k): float(v) for k, v in json.load(f)["rates"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
        raise UserError(path, "the figures that `evaluate --json` prints, with rates", "%s: %s" % (type(e).__name__, e),
                        "write them with `stas-train evaluate MODEL --input IMAGES --json > FILE`")
    blocks = len({k.split(".")[1] for k in known if k.startswith("block.")})
    rates = {k: v for k, v in known.items() if not k.startswith("block.")}
    for block in range(depth if blocks else 0):
        for key, rate in known.items():
            if key.startswith("block.%d." % (block % blocks)):
                rates[re.sub(r"^block\.\d+", "block.%d" % block, key)] = rate
    return rates


def calibrate(model, count, seed, odd_channels=False, rates=None):
    """A dense pass: under A-SSA later layers would see few tokens."""
    model.set_probe(Calibrator(model, seed + 2, odd_channels, rates))
    with torch.no_grad():
        model(inputs(model, count, seed + 1), dense=True)
    model.set_probe(None)


def content(model, options, config):
    """What torch.save gets: the state dict in the requested wrapping, type and key prefix."""
    dtype = getattr(torch, options.dtype)
    state = {options.module_prefix * "module." + k:
             v.detach().to(dtype).clone() if v.is_floating_point() else v.detach().clone()
             for k, v in model.state_dict().items()}
    if options.wrap == "bare":
        return state
    out = {options.wrap: state}
    if options.with_config:
        out["config"] = config
    if options.timm:
        some = next(iter(state.values()))
        out.update(epoch=299, arch="spikformer", version=2, metric=75.0,
                   args=argparse.Namespace(model="spikformer", num_classes=model.shape.classes,
                                           time_step=config["timesteps"], lr=5e-4, amp=True),
                   optimizer={"state": {0: {"step": 1000, "exp_avg": torch.zeros_like(some),
                                            "exp_avg_sq": torch.zeros_like(some)}},
                              "param_groups": [{"lr": 1e-5, "betas": (0.9, 0.999), "params": [0]}]})
        if options.wrap != "state_dict_ema":
            out["state_dict_ema"] = {k: v.clone() for k, v in state.items()}
    return out
