"""Counts the synaptic operations of a forward pass from the tensors that flow through it.

An independent check of `stas estimate --rates`: hooks on the reference see every input of every
weighted layer, every query, key and value, and the mask of active tokens, and add up

    nonzero inputs x fan-out       convolutions and linear layers; an input of n counts n times
    pairs that meet                the two products of attention

Nothing here knows of the compiler's plan. The rules are those of docs/Energy.md: a layer whose input
is the same at every timestep runs once; rows of halted tokens do not run; fan-out is what a layer
without borders would have, so that taps on padding count (`padding` says how much that is); a mean
over T timesteps of spikes is the integer sum that it is made of, its 1/T part of the weights.
"""
import collections

import torch
import torch.nn.functional as F
from torch import nn

from .lif import LIF
from .model import Block, Projection, SelfAttention
from .probe import Probe

MAC, AC = 4.6, 0.9  # pJ: fp32 multiplication and addition, and addition alone, in 45 nm


class Layer:
    """Sums over images of one weighted layer; `parts`: inputs are n / parts."""

    def __init__(self, parts):
        self.parts = parts
        self.runs = 0.0      # rows that ran, as parts of all rows of one timestep
        self.dense = 0.0     # multiply-accumulates, were every input used
        self.value = 0.0     # input values x fan-out
        self.inside = 0.0    # the same without padding
        self.dense_inside = 0.0
        self.fractions = self.real = self.graded = False

    def see(self, x):
        """Which values the inputs x have."""
        scaled = x * self.parts
        if bool((x != x.round()).any()):
            self.fractions = True
            self.real |= bool(((scaled - scaled.round()).abs() > 1e-3).any())
        self.graded |= bool(((x != 0) & (x != 1)).any())

    def charges(self):
        """{convention: (MACs, ACs)} and what of `counted` fell on padding."""
        if self.real:
            return {"counted": (self.dense, 0.0), "strict": (self.dense, 0.0)}, self.dense - self.dense_inside
        scale = self.parts if self.fractions else 1
        strict = (self.dense, 0.0) if self.graded else (0.0, self.value)
        return ({"counted": (0.0, scale * self.value), "strict": strict},
                scale * (self.value - self.inside))


class Counter(Probe):
    """Hooks of one model; `begin` before each batch, `remove` at the end."""

    def __init__(self, model):
        self.model, self.handles, self.mask = model, [], None
        self.parts = model.config["timesteps"]
        self.layers, self.attention = collections.OrderedDict(), collections.OrderedDict()
        self.updates, self.active = collections.OrderedDict(), collections.OrderedDict()
        self.images = self.tokens = 0
        for name, module in model.named_modules():
            if isinstance(module, nn.Conv2d):
                self.handles.append(module.register_forward_hook(self.hook(self.convolution, name)))
            elif isinstance(module, (Projection, nn.Linear)):
                self.handles.append(module.register_forward_hook(self.hook(self.linear, name)))
            elif isinstance(module, LIF):
                self.handles.append(module.register_forward_hook(self.hook(self.neurons, name)))
            elif isinstance(module, Block):
                self.handles.append(module.register_forward_pre_hook(self.block))
            elif isinstance(module, SelfAttention):
                module.product = self.seen(module.product, name, module.heads)
        model.set_probe(self)

    @staticmethod
    def hook(function, name):
        return lambda module, inputs, output: function(name, module, inputs[0], output)

    def begin(self, batch):
        self.batch, self.mask = batch, None
        self.images += batch

    def remove(self):
        for handle in self.handles:
            handle.remove()
        for module in self.model.modules():
            if isinstance(module, SelfAttention):
                del module.product
        self.model.set_probe(None)

    def enter(self, step, block, mask):
        self.mask = mask
        self.active.setdefault((step, block), 0)
        self.active[step, block] += int(mask.sum())

    def block(self, block, inputs):
        self.tokens = inputs[0].shape[2]

    def frames(self, x):
        """x [K * B, ..] as [K, B, ..], or [1, B, ..] where all K timesteps are the same."""
        x = x.unflatten(0, (-1, self.batch))
        return x[:1] if bool((x == x[:1]).all()) else x

    def convolution(self, name, conv, x, y):
        layer = self.layers.setdefault(name, Layer(self.parts))
        x = self.frames(x).flatten(0, 1).double()
        layer.see(x)
        macs, fan_out = self.sizes(conv, x, y)
        (height, width), (down, across) = y.shape[2:], conv.kernel_size
        # How many outputs of a channel each position of the input reaches.
        reach = F.conv_transpose2d(torch.ones(1, 1, height, width, dtype=x.dtype),
                                   torch.ones(1, 1, down, across, dtype=x.dtype), None, conv.stride,
                                   conv.padding)
        reach = F.pad(reach, (0, x.shape[3] - reach.shape[3], 0, x.shape[2] - reach.shape[2]))
        layer.runs += len(x)
        layer.dense += macs * len(x)
        layer.dense_inside += float(reach.sum()) * x.shape[1] * y.shape[1] * len(x)
        layer.value += float(x.sum()) * fan_out
        layer.inside += float((x * reach).sum()) * y.shape[1]

    @staticmethod
    def sizes(conv, x, y):
        """Multiply-accumulates of a map, and the mean fan-out of its inputs, padding included."""
        macs = y[0].numel() * conv.weight[0].numel()
        return macs, macs / x[0].numel()

    def linear(self, name, linear, x, y):
        layer = self.layers.setdefault(name, Layer(self.parts))
        tokens = self.tokens
        if isinstance(linear, nn.Linear):
            rows, tokens = x, 1  # the head: [B, D]
        elif self.mask is not None:
            rows = x.unflatten(0, self.mask.shape)[self.mask]
        else:
            rows = self.frames(x.unflatten(0, (-1, tokens))).flatten(0, 2)
        rows, outputs = rows.double(), y.shape[-1]
        layer.see(rows)
        layer.runs += len(rows) / tokens
        layer.dense += rows.numel() * outputs
        layer.value += float(rows.sum()) * outputs
        layer.inside, layer.dense_inside = layer.value, layer.dense
        # The head averages over tokens and time: its input is real whatever the values are.
        layer.real |= isinstance(linear, nn.Linear)

    def neurons(self, name, lif, x, result):
        spikes = result[0]
        ran = spikes.numel() if self.mask is None else int(self.mask.sum()) * spikes.shape[-1]
        self.updates[name] = self.updates.get(name, 0) + ran

    def seen(self, product, name, heads):
        """`product` of an attention, which counts what meets on the way. q, k, v: [K, B, N, D]."""
        def counted(q, k, v):
            sums = self.attention.setdefault(name, collections.Counter())
            q_, k_, v_ = (z.unflatten(-1, (heads, -1)).transpose(-2, -3).double() for z in (q, k, v))
            scores, table = q_ @ k_.transpose(-1, -2), k_.transpose(-1, -2) @ v_
            sums["query_key"] += int(scores.sum())
            sums["score_value"] += int(((scores > 0).double() @ v_).sum())
            sums["key_value"] += int(table.sum())
            sums["query_table"] += int((q_ @ (table > 0).double()).sum())
            return product(q, k, v)
        return counted


def count(model, batches, progress=None):
    """Figures per image: a dict of plain types, what --json prints."""
    counter = Counter(model.eval())
    try:
        with torch.no_grad():
            for images, _ in batches:
                counter.begin(images.shape[-4])  # [B, C, H, W], of frames [T, B, C, H, W]
                model(torch.as_tensor(images))
                if progress:
                    progress(counter.images)
    finally:
        counter.remove()
    return figures(counter)


def figures(counter):
    images, layers = counter.images, collections.OrderedDict()
    total = {"counted": 0.0, "strict": 0.0}
    for name, layer in counter.layers.items():
        charges, padding = layer.charges()
        entry = layers[name] = {"runs": layer.runs / images, "dense_macs": layer.dense / images,
                                "padding": padding / images}
        for rule, (macs, acs) in charges.items():
            entry[rule] = {"mac": macs / images, "ac": acs / images,
                           "picojoules": (MAC * macs + AC * acs) / images}
    for name, sums in counter.attention.items():
        charged = (sums["query_key"] + sums["score_value"]) / images
        entry = layers[name] = {"q_kv": (sums["key_value"] + sums["query_table"]) / images}
        for rule in total:
            entry[rule] = {"and_accumulate": charged, "picojoules": AC * charged}
    for entry in layers.values():
        for rule in total:
            total[rule] += entry[rule]["picojoules"]
    depth = len(counter.model.block)
    return {"images": images, "layers": layers, "picojoules": total,
            "neuron_updates": {name: n / images for name, n in counter.updates.items()},
            "active_tokens": [[counter.active.get((t, l), 0) / images for l in range(depth)]
                              for t in range(counter.parts)] if counter.active else None}


def text(result):
    """`count`'s dict as aligned lines."""
    width = max(len(name) for name in result["layers"])
    lines = ["%-*s %15s %13s %15s %13s" % (width, "an image", "SOPs counted", "nJ", "SOPs strict", "nJ")]
    for name, entry in result["layers"].items():
        line = "%-*s" % (width, name)
        for rule in ("counted", "strict"):
            sops = sum(n for key, n in entry[rule].items() if key != "picojoules")
            line += " %15.0f %13.1f" % (sops, entry[rule]["picojoules"] / 1000)
        lines.append(line)
    return "\n".join(lines + ["total nJ: counted %.1f, strict %.1f" % tuple(
        result["picojoules"][rule] / 1000 for rule in ("counted", "strict"))])
