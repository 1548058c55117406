"""Reading and writing checkpoints: torch.save files in the forms found in the wild, and safetensors."""
import argparse
import json
import os
import pickle
import struct

import torch

from . import safe_pickle
from .config import GROUPS, nest, plain
from .errors import UserError
from .model import build

WRAPS = ("state_dict", "model", "model_ema", "state_dict_ema")
SAFETENSORS = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
               torch.int64: "I64"}


def load(path, config_path=None):
    """(model, config) of the checkpoint at `path`; `config_path`: JSON whose keys win."""
    state, config = read(path)
    if config_path:
        try:
            with open(config_path) as f:
                side = nest(json.load(f), config_path)
        except (OSError, ValueError, AttributeError) as e:
            raise UserError(config_path, "a readable JSON object", str(e), "correct the file")
        config = nest(config, path)
        for key, value in side.items():
            config[key] = dict(config.get(key, {}), **value) if key in GROUPS else value
    model = build(state, config, path)
    return model, model.config


def read(path):
    """(state dict with plain keys, config dict) of a .pth, .pth.tar or .safetensors file."""
    if not os.path.isfile(path):
        raise UserError(path, "a checkpoint file", "no such file", "correct the path")
    if path.endswith(".safetensors"):
        return read_safetensors(path)
    try:
        content = _torch_load(path)
    except UserError:
        raise
    except Exception as e:  # torch raises many types on a damaged file
        raise UserError(path, "a file written by torch.save", "%s: %s" % (type(e).__name__, e),
                        "check that the file is complete")
    if not isinstance(content, dict):
        raise UserError(path, "a dict", type(content).__name__, "save a dict with the state dict")
    config = content.get("config", {})
    for key in WRAPS:
        if isinstance(content.get(key), dict):
            content = content[key]
            break
    state = {k[7:] if k.startswith("module.") else k: v for k, v in content.items()
             if isinstance(v, torch.Tensor)}
    return state, config


def _torch_load(path):
    """weights_only; where argparse.Namespace is refused (torch 1.13), our own list of allowed types."""
    try:
        safe = getattr(torch.serialization, "safe_globals", None)
        if safe is not None:
            with safe([argparse.Namespace]):
                return torch.load(path, map_location="cpu", weights_only=True)
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        return _restricted_load(path)


def _restricted_load(path):
    """torch 1.13 overwrites its pickle_module argument with the module it calls `pickle`: replaced, too."""
    original = torch.serialization.pickle
    torch.serialization.pickle = safe_pickle
    try:
        return torch.load(path, map_location="cpu", pickle_module=safe_pickle, weights_only=False)
    finally:
        torch.serialization.pickle = original


def save(path, model, config):
    """Writes {'state_dict', 'config'} to a temporary name and renames it."""
    state = {k: v.detach().to("cpu", v.dtype).contiguous().clone()
             for k, v in model.state_dict().items()}
    atomic(path, lambda name: torch.save({"state_dict": state, "config": plain(config)}, name))


def atomic(path, write):
    """Calls write(temporary name), then renames it to `path`."""
    folder = os.path.dirname(path)
    if folder and not os.path.isdir(folder):
        raise UserError(path, "an existing folder", "%s is none" % folder, "create the folder")
    temporary = "%s.tmp%d" % (path, os.getpid())
    try:
        write(temporary)
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


def write_safetensors(path, state, metadata):
    """8-byte little-endian header length, JSON header, then the tensors' bytes in header order.

    metadata: str -> str. Published format: each entry has dtype, shape and data_offsets.
    """
    header, offset = {"__metadata__": metadata}, 0
    for key, tensor in state.items():
        size = tensor.numel() * tensor.element_size()
        header[key] = {"dtype": SAFETENSORS[tensor.dtype], "shape": list(tensor.shape),
                       "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)

    def write(name):
        with open(name, "wb") as f:
            f.write(struct.pack("<Q", len(text)))
            f.write(text)
            for tensor in state.values():
                f.write(_bytes(tensor))
    atomic(path, write)


def _bytes(tensor):
    tensor = tensor.contiguous()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.view(torch.int16)
    return tensor.numpy().tobytes()


def read_safetensors(path):
    """(state dict, config): the config is the JSON text under `config` in __metadata__, if any."""
    types = {name: dtype for dtype, name in SAFETENSORS.items()}
    with open(path, "rb") as f:
        data = f.read()
    try:
        (length,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8:8 + length].decode())
        config = json.loads(header.pop("__metadata__", {}).get("config", "{}"))
        state = {}
        for key, entry in header.items():
            begin, end = entry["data_offsets"]
            raw = bytearray(data[8 + length + begin:8 + length + end])
            dtype = types[entry["dtype"]]
            state[key] = torch.frombuffer(raw, dtype=dtype).reshape(entry["shape"]) if raw else \
                torch.empty(entry["shape"], dtype=dtype)
    except (struct.error, ValueError, KeyError, RuntimeError) as e:
        raise UserError(path, "a safetensors file with dtypes %s" % ", ".join(sorted(types)),
                        "%s: %s" % (type(e).__name__, e), "check that the file is complete")
    return state, config
