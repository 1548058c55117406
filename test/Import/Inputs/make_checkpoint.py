"""Draws small Spikformer and STAS checkpoints for the import tests.

    make_checkpoint.py OUT [--key value ...] [/ OUT [--key value ...]] ...

Several files are drawn by one call, each with its own flags. Nothing here is trained. The flags choose how the weights are wrapped, typed and laid out in memory, and
which of them are damaged; see the options below.
"""
import argparse
import collections
import itertools
import json
import struct
import sys

import torch

p = argparse.ArgumentParser()
p.add_argument("out")
p.add_argument("--naming", choices=("cifar", "imagenet"), default="cifar")
p.add_argument("--width", type=int, default=16)
p.add_argument("--depth", type=int, default=1)
p.add_argument("--classes", type=int, default=3)
p.add_argument("--channels", type=int, default=3)
p.add_argument("--ratio", type=int, default=2, help="MLP ratio")
p.add_argument("--wrap", choices=("bare", "state_dict", "model", "ema", "ema-only", "timm", "module"), default="state_dict")
p.add_argument("--format", choices=("zip", "legacy", "safetensors"), default="zip")
p.add_argument("--dtype", default="float32")
p.add_argument("--prefix", default="")
p.add_argument("--config", help="JSON")
p.add_argument("--config-value", choices=("tensor", "text", "bad-text"), help="a config that is no dict")
p.add_argument("--channels-last", action="store_true")
p.add_argument("--transpose", action="store_true", help="dense weights as views of their transposes")
p.add_argument("--one-storage", action="store_true", help="all weights are views of one storage")
p.add_argument("--norms", action="store_true", help="with the unused LayerNorms")
p.add_argument("--drop", action="append", default=[], help="remove a key")
p.add_argument("--add", action="append", default=[], metavar="KEY=N", help="add a tensor of N zeros")
p.add_argument("--shape", action="append", default=[], metavar="KEY=A,B,..", help="another shape for a key")
p.add_argument("--fill", action="append", default=[], metavar="KEY=VALUE", help="set one element")
p.add_argument("--int", action="append", default=[], help="make a key int32")
p.add_argument("--evil", metavar="KEY", help="replace a key by an object whose unpickling runs a command")
o = None


def draw_state():
    d, conv = o.width, o.naming == "imagenet"
    state = collections.OrderedDict()
    torch.manual_seed(7)

    def norm(prefix, n):
        state[prefix + ".weight"] = torch.rand(n) + 0.5
        state[prefix + ".bias"] = torch.randn(n) * 0.1
        state[prefix + ".running_mean"] = torch.randn(n) * 0.1
        state[prefix + ".running_var"] = torch.rand(n) + 0.5
        state[prefix + ".num_batches_tracked"] = torch.tensor(100)

    def dense(prefix, n, k, unit, bias):
        name = prefix + ("_conv" if conv else "_linear")
        weight = torch.randn(n, k) * 0.2
        if o.transpose:
            weight = weight.t().contiguous().t()
        state[name + ".weight"] = weight.reshape(n, k, *[1] * unit) if conv else weight
        if bias:
            state[name + ".bias"] = torch.randn(n) * 0.1
        norm(prefix + "_bn", n)

    widths = [o.channels, d // 8, d // 4, d // 2, d]
    for i in range(4):
        n = str(i) if i else ""
        state["patch_embed.proj_conv%s.weight" % n] = torch.randn(widths[i + 1], widths[i], 3, 3) * 0.3
        norm("patch_embed.proj_bn" + n, widths[i + 1])
    state["patch_embed.rpe_conv.weight"] = torch.randn(d, d, 3, 3) * 0.1
    norm("patch_embed.rpe_bn", d)
    for i in range(o.depth):
        block = "block.%d" % i
        if o.norms:
            for name in ("norm1", "norm2"):
                state["%s.%s.weight" % (block, name)] = torch.ones(d)
                state["%s.%s.bias" % (block, name)] = torch.zeros(d)
        for part in ("q", "k", "v", "proj"):
            dense("%s.attn.%s" % (block, part), d, d, 1, not conv or part == "proj")
        dense(block + ".mlp.fc1", o.ratio * d, d, 2, True)
        dense(block + ".mlp.fc2", d, o.ratio * d, 2, True)
    state["head.weight"] = torch.randn(o.classes, d)
    state["head.bias"] = torch.randn(o.classes)
    return state


class Evil:
    """Unpickling this with Python's pickle creates the file named in OUT.marker."""

    def __reduce__(self):
        import os
        return os.system, ("touch '%s.marker'" % o.out,)


def damage(state):
    for key in o.drop:
        del state[key]
    for spec in o.add:
        key, n = spec.split("=")
        state[key] = torch.zeros(int(n))
    for spec in o.shape:
        key, shape = spec.split("=")
        state[key] = torch.zeros([int(n) for n in shape.split(",")])
    for spec in o.fill:
        key, value = spec.split("=")
        state[key][(-1,) * state[key].dim()].fill_(float(value))
    for key in o.int:
        state[key] = state[key].to(torch.int32)
    if o.evil:
        state[o.evil] = Evil()


def layout(state):
    """The same values with other types and strides."""
    for key, tensor in state.items():
        if not torch.is_tensor(tensor) or not tensor.is_floating_point():
            continue
        tensor = tensor.to(getattr(torch, o.dtype))
        if o.channels_last and tensor.dim() == 4:
            tensor = tensor.contiguous(memory_format=torch.channels_last)
        state[key] = tensor
    if o.one_storage:
        keys = [k for k, v in state.items() if torch.is_tensor(v) and v.is_floating_point()]
        flat = torch.cat([state[k].reshape(-1) for k in keys])
        start = 0
        for key in keys:
            n = state[key].numel()
            state[key] = flat[start:start + n].view(state[key].shape)
            start += n


def wrapped(state):
    config = json.loads(o.config) if o.config else None
    if o.config_value:
        config = {"tensor": {"heads": torch.tensor(4)}, "text": '{"heads": 4}', "bad-text": "{"}[o.config_value]
    state = collections.OrderedDict((o.prefix + k, v) for k, v in state.items())
    extra = {} if config is None else {"config": config}
    zeros = collections.OrderedDict((k, v * 0 if torch.is_tensor(v) else v) for k, v in state.items())
    if o.wrap == "bare":
        return dict(state, **extra) if extra else state
    if o.wrap == "ema":
        return dict(extra, state_dict=state, state_dict_ema=zeros)
    if o.wrap == "ema-only":
        return dict(extra, model_ema=state)
    if o.wrap == "module":
        return torch.nn.Linear(2, 2)
    if o.wrap == "timm":
        parameter = torch.nn.Parameter(torch.zeros(4))
        optimizer = torch.optim.AdamW([parameter], lr=1e-3)
        parameter.grad = torch.ones(4)
        optimizer.step()
        args = argparse.Namespace(model="spikformer", time_step=6, num_heads=2, img_size=32, mean=[0.1, 0.2, 0.3],
                                  std=[0.4, 0.5, 0.6], lr=1e-3, aa=None, dim=o.width, experiment="", resume="")
        return dict(extra, epoch=3, arch="spikformer", state_dict=state, optimizer=optimizer.state_dict(), version=2,
                    args=args, amp_scaler={"scale": 65536.0, "_growth_tracker": 0}, metric=91.2)
    return dict(extra, **{o.wrap: state})


def save_safetensors(state, config):
    names = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64",
             torch.int64: "I64", torch.int32: "I32"}
    header, data = {}, b""
    if config:
        header["__metadata__"] = {"config": config}
    for key, tensor in state.items():
        raw = tensor.contiguous()
        raw = raw.view(torch.int16) if raw.dtype == torch.bfloat16 else raw
        raw = raw.numpy().tobytes()
        header[key] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape),
                       "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(o.out, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


for is_slash, words in itertools.groupby(sys.argv[1:], lambda word: word == "/"):
    if is_slash:
        continue
    o = p.parse_args(list(words))
    state = draw_state()
    layout(state)
    damage(state)
    if o.format == "safetensors":
        save_safetensors(collections.OrderedDict((o.prefix + k, v) for k, v in state.items()), o.config)
    else:
        torch.save(wrapped(state), o.out, _use_new_zipfile_serialization=o.format == "zip")
