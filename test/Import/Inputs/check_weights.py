"""Compares every weight that imported modules refer to with what PyTorch loads.

    check_weights.py MODULE.mlir CHECKPOINT [STATE_DICT_KEY [PREFIX]] [/ ...]

Prints, for each module, how many tensors agree bit for bit. A reference is read the way the compiler reads it: bytes
of the file from the offset, with the strides.
"""
import itertools
import re
import sys

import numpy as np
import torch

WEIGHT = re.compile(r'<"([^"]+)" in "([^"]+)" at (\d+)(?: strides\[([\d, ]*)\])? : tensor<([^>]*)>>')
TYPES = {"f32": np.float32, "f16": np.float16, "f64": np.float64, "bf16": np.int16}


def check(module, checkpoint, key=None, prefix=""):
    state = torch.load(checkpoint, map_location="cpu")
    state = state[key] if key else state
    seen = 0
    for name, file, offset, strides, shape in WEIGHT.findall(open(module).read()):
        *extents, kind = shape.split("x")
        extents, dtype = [int(n) for n in extents], np.dtype(TYPES[kind])
        data = np.memmap(file, np.uint8, "r")[int(offset):]
        data = data[:len(data) // dtype.itemsize * dtype.itemsize].view(dtype)
        steps = [int(n) * dtype.itemsize for n in strides.split(",")] if strides else None
        found = np.lib.stride_tricks.as_strided(data, extents, steps) if steps \
            else data[:int(np.prod(extents))].reshape(extents)
        expected = state[prefix + name]
        expected = expected.view(torch.int16) if expected.dtype == torch.bfloat16 else expected
        expected = expected.detach().numpy().reshape(extents)
        if expected.dtype != dtype or not np.array_equal(found, expected):
            sys.exit("%s: %s differs" % (module, name))
        seen += 1
    print("%s: %d tensors agree" % (module.split("/")[-1], seen))


for is_slash, words in itertools.groupby(sys.argv[1:], lambda word: word == "/"):
    if not is_slash:
        check(*words)
