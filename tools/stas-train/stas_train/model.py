"""Spikformer and STAS: the reference that compiled artifacts are compared with.

Notation: T timesteps, B batch, N tokens, D channels, H heads, d = D / H. Spikes are 0.0 or 1.0.
`probe` (see probe.py) sees every LIF; it is None in training.
"""
import torch
import torch.nn.functional as F
from torch import nn

from . import config as cfg
from .errors import UserError
from .halting import Halting
from .layout import shape_of
from .lif import LIF
from .norm import first_step_norm

STEM = ("proj", "proj1", "proj2", "proj3")


def _stem_names(stage):
    """Names of conv, bn and LIF of stage "proj2" or "rpe": proj_conv2, proj_bn2, proj_lif2."""
    base, digit = stage.rstrip("0123456789"), stage.lstrip("abcdefghijklmnopqrstuvwxyz")
    return ["%s_%s%s" % (base, part, digit) for part in ("conv", "bn", "lif")]


def held(lif, new, old, mask):
    """Membranes after a step under halting `timestep`: a token that skips the block keeps its own.

    No charge, no leak, no reset until it comes back. In the other orders a token never comes back to a
    block that it skipped, and what its membranes hold is never read. mask [B, N, 1]; old: None at t = 0.
    """
    return torch.where(mask > 0, new, lif.v_reset if old is None else old)


class Unit(nn.Module):
    """Base of the modules that hold weighted layer + BN + LIF triples."""

    probe = None

    def fire(self, name, layer, bn, lif, x, v, mask=None, norms=None, hold=False):
        """Spikes [K, B, ...] of lif(bn(layer(x))) and the LIF's state; x is [K, B, ...].

        mask [B, N, 1]: the rows of halted tokens are zeroed after the LIF.
        norms: training under A-SSA, see norm.py; a dict that lives for one forward pass.
        hold: their membranes stay as they are, see `held`.
        """
        flat = layer(x.flatten(0, 1) if x.dim() == 5 else x.flatten(0, -2))
        if self.probe is not None:
            flat = self.probe.before_norm(name, flat, bn, lif, len(x))
        current = first_step_norm(bn, flat, norms, name) if norms is not None else bn(flat)
        shape = x.shape[:2] + current.shape[1:] if x.dim() == 5 else x.shape[:-1] + current.shape[-1:]
        s, after, h = lif(current.reshape(shape), v)
        v = held(lif, after, v, mask) if hold else after
        if mask is not None:
            s = s * mask
        if self.probe is not None:
            self.probe.fired(name, s, torch.stack(h), lif, x, layer, bn, mask)
        return s, v


class PatchEmbed(Unit):
    """Spiking patch splitting: [K, B, C, H, W] images -> [K, B, D, h, w] values 0..2."""

    def __init__(self, shape, lif):
        super().__init__()
        self.layout = shape.layout
        widths = [shape.in_channels] + [shape.dim // k for k in (8, 4, 2, 1)] + [shape.dim]
        for i, stage in enumerate(STEM + ("rpe",)):
            conv, bn, fire = _stem_names(stage)
            setattr(self, conv, nn.Conv2d(widths[i], widths[i + 1], 3, 1, 1, bias=False))
            setattr(self, bn, nn.BatchNorm2d(widths[i + 1]))
            setattr(self, fire, LIF(lif, lif["v_threshold"]))

    def stage(self, stage, x):
        conv, bn, lif = _stem_names(stage)
        s, _ = self.fire("patch_embed." + lif, getattr(self, conv), getattr(self, bn),
                         getattr(self, lif), x, None)
        if stage in STEM and STEM.index(stage) in self.layout.pools:
            s = F.max_pool2d(s.flatten(0, 1), 3, 2, 1).unflatten(0, s.shape[:2])
        return s

    def rest(self, x, stages):
        for stage in stages:
            x = self.stage(stage, x)
        return self.stage("rpe", x) + x

    def forward(self, frames, isps=None):
        """frames [T, B, C, H, W]. Spikformer: [T, B, D, h, w]. STAS: [1, B, D, h, w], what every
        timestep gets."""
        s = self.stage(STEM[0], frames)
        if isps is None:
            return self.rest(s, STEM[1:])
        reduce = torch.mean if isps["reduce"] == "mean" else torch.sum
        if isps["after"] == "stem":
            return reduce(self.rest(s, STEM[1:]), 0, keepdim=True)
        return self.rest(reduce(s, 0, keepdim=True), STEM[1:])


class Projection(nn.Module):
    """A linear map over channels, stored as Linear, Conv1d or Conv2d of kernel 1. [M, I] -> [M, O]."""

    def __init__(self, inputs, outputs, kernel, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, *kernel))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        nn.init.trunc_normal_(self.weight, std=0.02)

    def forward(self, x):
        return F.linear(x, self.weight.flatten(1), self.bias)


class SelfAttention(Unit):
    """SSA: LIF(BN(Wp LIF_attn(scale * q k^T v)))."""

    def __init__(self, shape, config, name):
        super().__init__()
        self.name, self.heads = name, config["heads"]
        self.scale, self.kv_first = float(config["attention_scale"]), shape.layout.kv_first
        lif, kind, dim = config["lif"], shape.layout.kind, shape.dim
        for part in ("q", "k", "v", "proj"):
            bias = part == "proj" or shape.layout.qkv_bias
            setattr(self, "%s_%s" % (part, kind),
                    Projection(dim, dim, shape.layout.kernel_attn, bias))
            setattr(self, part + "_bn", nn.BatchNorm1d(dim))
            setattr(self, part + "_lif", LIF(lif, lif["v_threshold"]))
        self.attn_lif = LIF(lif, lif["attn_v_threshold"])
        self.kind = kind

    def project(self, part, x, state, mask):
        name = part + "_lif"
        s, state[name] = self.fire("%s.%s" % (self.name, name),
                                   getattr(self, "%s_%s" % (part, self.kind)),
                                   getattr(self, part + "_bn"), getattr(self, name), x,
                                   state.get(name), mask, state.get("norms"), state.get("hold"))
        return s

    def product(self, q, k, v):
        """q k^T v per head: exact integers, either way of associating them. [K, B, N, D]."""
        q, k, v = (z.unflatten(-1, (self.heads, -1)).transpose(-2, -3) for z in (q, k, v))
        if self.kv_first:
            y = q @ (k.transpose(-1, -2) @ v)
        else:
            y = (q @ k.transpose(-1, -2)) @ v
        return y.transpose(-2, -3).flatten(-2)

    def forward(self, x, state, mask):
        q, k, v = (self.project(part, x, state, mask) for part in ("q", "k", "v"))
        y = self.product(q, k, v) * self.scale
        before = state.get("attn_lif")
        s, after, h = self.attn_lif(y, before)
        state["attn_lif"] = held(self.attn_lif, after, before, mask) if state.get("hold") else after
        if mask is not None:
            s = s * mask
        if self.probe is not None:
            self.probe.fired(self.name + ".attn_lif", s, torch.stack(h), self.attn_lif, y, None, None,
                             mask)
        return self.project("proj", s, state, mask)


class MLP(Unit):
    """LIF(BN(fc2 LIF(BN(fc1 x))))."""

    def __init__(self, shape, config, name):
        super().__init__()
        self.name, self.kind, lif = name, shape.layout.kind, config["lif"]
        for part, inputs, outputs in (("fc1", shape.dim, shape.hidden),
                                      ("fc2", shape.hidden, shape.dim)):
            setattr(self, "%s_%s" % (part, self.kind),
                    Projection(inputs, outputs, shape.layout.kernel_mlp, True))
            setattr(self, part + "_bn", nn.BatchNorm1d(outputs))
            setattr(self, part + "_lif", LIF(lif, lif["v_threshold"]))

    def forward(self, x, state, mask):
        for part in ("fc1", "fc2"):
            name = part + "_lif"
            x, state[name] = self.fire("%s.%s" % (self.name, name),
                                       getattr(self, "%s_%s" % (part, self.kind)),
                                       getattr(self, part + "_bn"), getattr(self, name), x,
                                       state.get(name), mask, state.get("norms"), state.get("hold"))
        return x


class Block(nn.Module):
    """x + SSA(x), then x + MLP(x). norm1 and norm2 are in the checkpoint and never called."""

    def __init__(self, shape, config, index):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(shape.dim), nn.LayerNorm(shape.dim)
        self.attn = SelfAttention(shape, config, "block.%d.attn" % index)
        self.mlp = MLP(shape, config, "block.%d.mlp" % index)

    def forward(self, x, state, mask=None):
        """x [K, B, N, D]; `state` (a dict) carries the LIFs' membrane potentials, none at t = 0.

        Under A-SSA it may hold `norms` and `hold`, see Unit.fire.
        """
        x = x + self.attn(x, state, mask)
        return x + self.mlp(x, state, mask)


class Model(nn.Module):
    """forward(images [B, C, H, W], normalised) -> logits [B, classes].

    With `input` = frames in the config: forward(frames [T, B, C, H, W]).

    After a forward pass with halting (`act` in the config), `self.halting` is its Halting object.
    """

    def __init__(self, shape, config):
        super().__init__()
        self.config, self.shape, self.halting = config, shape, None
        if shape.dim % config["heads"] or shape.dim % 8:
            raise UserError("config: heads", "a divisor of D, and D a multiple of 8",
                            "heads %d, D %d" % (config["heads"], shape.dim), "correct heads or dim")
        self.patch_embed = PatchEmbed(shape, config["lif"])
        self.block = nn.ModuleList(Block(shape, config, i) for i in range(shape.depth))
        self.head = nn.Linear(shape.dim, shape.classes)

    probe = None

    def set_probe(self, probe):
        """Shows every LIF to `probe` (probe.py) from now on; None: to nobody."""
        self.probe = probe
        for module in self.modules():
            if isinstance(module, Unit):
                module.probe = probe

    def forward(self, image, dense=False):
        """dense: never skip; every timestep and block sees every token (calibration of BN)."""
        steps = self.config["timesteps"]
        if self.config["input"] == "image":
            image = image.unsqueeze(0).expand(steps, *image.shape)
        elif image.dim() != 5 or len(image) != steps:
            raise UserError("input", "frames [%d, B, C, H, W]" % steps, str(list(image.shape)),
                            "give one frame a timestep")
        x = self.patch_embed(image, self.config.get("isps"))
        x = x.flatten(3).transpose(-1, -2)
        if "act" in self.config and not dense:
            return self.head(self.halted(x[0]))
        x = x.expand(steps, *x.shape[1:])
        for block in self.block:
            x = block(x, {})
        return self.head(x.mean(2).mean(0))

    def halted(self, start):
        """A-SSA over `start` [B, N, D], which every timestep gets. Returns the head's input [B, D]."""
        steps = self.config["timesteps"]
        halt = self.halting = Halting(self.config["act"], steps, len(self.block), start.shape[0],
                                      start.shape[1], start.device)
        states = [{"hold": self.config["act"]["order"] == "timestep"} for _ in self.block]
        for state in states if self.training else ():
            state["norms"] = {}
        for t in range(steps):
            halt.start_timestep()
            x = start.unsqueeze(0)
            for i, block in enumerate(self.block):
                mask = halt.active(i)
                if self.probe is not None:
                    self.probe.enter(t, i, mask)
                x = block(x, states[i], mask.unsqueeze(-1).to(x.dtype))
                halt.update(x[0], t, i)
                if not self.training and halt.finished():
                    return halt.features(start)
        return halt.features(start)


def build(state, config, where):
    """Model with the parameters `state` (key -> tensor), in float32 and eval mode."""
    shape = shape_of(state, where)
    config = resolve(config, shape, where)
    model = Model(shape, config)
    own = model.state_dict()
    for key, tensor in own.items():
        if key not in state:
            raise UserError("%s: %s" % (where, key), "a tensor %s" % list(tensor.shape), "nothing",
                            "give a complete checkpoint")
        if tuple(state[key].shape) != tuple(tensor.shape):
            raise UserError("%s: %s" % (where, key), "shape %s" % list(tensor.shape),
                            str(list(state[key].shape)), "give a checkpoint of one consistent size")
    for key in state:
        if key not in own:
            raise UserError("%s: %s" % (where, key), "only keys of a Spikformer", "an unknown key",
                            "give a Spikformer or STAS checkpoint")
    model.load_state_dict({k: v.to(own[k].dtype) for k, v in state.items()})
    return model.eval()


def resolve(config, shape, where="config"):
    """`config` completed with the defaults that depend on the network's shape."""
    config = cfg.complete(config, where)
    if "heads" not in config:
        if shape.layout.name != "cifar" or shape.dim != 384:
            raise UserError("%s: heads" % where, "an integer", "nothing",
                            "give the number of heads (the tensors do not determine it)")
        config["heads"] = 12
    config.setdefault("image_size", shape.layout.image_size)
    config.setdefault("in_channels", shape.in_channels)
    imagenet = config["image_size"] == 224
    config.setdefault("mean", list(cfg.IMAGENET_MEAN if imagenet else cfg.CIFAR10_MEAN))
    config.setdefault("std", list(cfg.IMAGENET_STD if imagenet else cfg.CIFAR10_STD))
    return config
