"""Writes what every LIF of the reference computed, and where a different spike would be an error.

Files in DIR, B images: `<lif>.npy` uint8 spikes, `<lif>.slack.npy` float32, `input.npy` float32
[B, C, H, W] normalised (frames: [T, B, C, H, W]), `logits.npy`, `steps.npy` int32 [B, N] (family stas), `meta.json`.
Stem LIFs are [T', B, C, H, W] (T' = 1 where I-SPS lets a layer run once), block LIFs [T, B, N, D].

slack = |h - v_th| - (2^-18 * (|a| * sum |w x| + |b|) + 1e-6), a and b the scale and shift of BN folded
over the layer (its bias included), the sum over the layer's inputs. Where it is positive the float32
rounding of any order of summation cannot change the spike. It is +inf for attention, whose sums are
exact integers, and for tokens that A-SSA had halted: their spikes are recorded as 0.
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

from .probe import Probe

RELATIVE, ABSOLUTE = 2.0 ** -18, 1e-6


def folded(layer, bn):
    """(a [C], b [C]): bn(layer(x)) = a * (W x) + b, in float64."""
    a = bn.weight.double() / torch.sqrt(bn.running_var.double() + bn.eps)
    bias = layer.bias.double() if layer.bias is not None else 0.0
    return a, bn.bias.double() + a * (bias - bn.running_mean.double())


def tolerance(layer, bn, x):
    """Tolerance of the membrane potential, the shape of layer(x) for x [K, B, ...]."""
    a, b = (z.abs().float() for z in folded(layer, bn))
    if x.dim() == 5:
        size = F.conv2d(x.flatten(0, 1).abs(), layer.weight.abs(), None, layer.stride, layer.padding)
        size = size.unflatten(0, x.shape[:2])
        a, b = a[:, None, None], b[:, None, None]
    else:
        size = F.linear(x.abs(), layer.weight.flatten(1).abs())
    return RELATIVE * (a * size + b) + ABSOLUTE


class Recorder(Probe):
    """Arrays of one batch: name -> (spikes uint8, slack float32), both with the time axis first."""

    def __init__(self, timesteps):
        self.timesteps, self.arrays = timesteps, {}

    def fired(self, name, spikes, h, lif, x, layer, bn, mask):
        if layer is None:
            slack = torch.full_like(h, float("inf"))
        else:
            slack = (h - lif.v_th).abs() - tolerance(layer, bn, x)
        if mask is not None:
            slack = torch.where(mask.expand_as(slack) > 0, slack, torch.full_like(slack, float("inf")))
        spikes, slack = spikes.to(torch.uint8).numpy(), slack.numpy()
        if mask is None:
            self.arrays[name] = (spikes, slack)
            return
        array = self.reserve(name, spikes.shape[1:])
        array[0][self.step] = spikes[0]
        array[1][self.step] = slack[0]

    def reserve(self, name, shape):
        """Arrays of a LIF under A-SSA; steps that never run stay at 0 and +inf. shape: [B, N, D]."""
        if name not in self.arrays:
            shape = (self.timesteps,) + tuple(shape)
            self.arrays[name] = (np.zeros(shape, np.uint8), np.full(shape, np.inf, np.float32))
        return self.arrays[name]


def lif_names(model):
    """The model's LIFs in the order in which they run."""
    names = ["patch_embed." + n for n in ("proj_lif", "proj_lif1", "proj_lif2", "proj_lif3", "rpe_lif")]
    for i in range(len(model.block)):
        names += ["block.%d.attn.%s_lif" % (i, n) for n in ("q", "k", "v", "attn", "proj")]
        names += ["block.%d.mlp.%s_lif" % (i, n) for n in ("fc1", "fc2")]
    return names


def write(model, batches, folder, checkpoint, progress=None):
    """Runs `batches` of (float32 images, labels or None) and writes the trace into `folder`."""
    os.makedirs(folder, exist_ok=True)
    model.eval()
    parts, inputs, logits, steps, labels, count = {}, [], [], [], [], 0
    names = lif_names(model)
    for images, truth in batches:
        recorder = Recorder(model.config["timesteps"])
        model.set_probe(recorder)
        with torch.no_grad():
            logits.append(model(torch.as_tensor(images)).numpy())
        model.set_probe(None)
        for name in names:
            if model.halting is not None and name.startswith("block."):
                channels = model.shape.hidden if name.endswith("fc1_lif") else model.shape.dim
                recorder.reserve(name, model.halting.steps.shape + (channels,))
            parts.setdefault(name, []).append(recorder.arrays[name])
        inputs.append(images)
        if model.halting is not None:
            steps.append(model.halting.steps.numpy())
        if truth is not None:
            labels.append(truth)
        count += images.shape[-4]
        if progress:
            progress(count)

    def put(name, arrays, axis=0):
        np.save(os.path.join(folder, name + ".npy"),
                np.ascontiguousarray(np.concatenate(arrays, axis)))
    layers = {}
    for name in names:
        pairs = parts.pop(name)
        put(name, [p[0] for p in pairs], 1)
        put(name + ".slack", [p[1] for p in pairs], 1)
        spikes = sum(int(p[0].sum()) for p in pairs)
        size = sum(p[0].size for p in pairs)
        layers[name] = {"shape": [pairs[0][0].shape[0], count] + list(pairs[0][0].shape[2:]),
                        "spikes": spikes, "rate": spikes / size}
    put("input", inputs, -4)
    put("logits", logits)
    if steps:
        put("steps", steps)
    if labels:
        put("labels", labels)
    meta = {"checkpoint": os.path.basename(checkpoint), "config": model.config, "images": count,
            "lifs": layers, "torch": torch.__version__, "numpy": np.__version__,
            "tolerance": "2^-18 * (|a| * sum |w x| + |b|) + 1e-6"}
    with open(os.path.join(folder, "meta.json"), "w") as f:
        json.dump(meta, f, indent=1)
        f.write("\n")
    return layers
