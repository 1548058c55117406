"""Writes weights.bin, the small tensors that test/Interpreter reads through #stas.weight.

    python3 make_weights.py > weights.bin

Each tensor starts at a multiple of 64 bytes, in the order below.
"""
import struct
import sys

TENSORS = [
    ("filter", "f", [1, 2, 3, 4]),  # 0: [1, 1, 2, 2]
    ("filters", "f", range(1, 13)),  # 64: [2, 2, 1, 3]
    ("bias", "f", [0.5, -0.25]),  # 128: [2]
    ("linear", "f", range(1, 7)),  # 192: [2, 3]
    ("bn.weight", "f", [2, 0.5]),  # 256: [2]
    ("bn.bias", "f", [1, -1]),  # 320: [2]
    ("bn.mean", "f", [3, 0]),  # 384: [2]
    ("bn.var", "f", [3, 0]),  # 448: [2]
    ("linear.f16", "e", range(1, 7)),  # 512: [2, 3]
    ("linear.bf16", "H", [0x3F80, 0x4000, 0x4040, 0x4080, 0x40A0, 0xC0C0]),  # 576: [2, 3] 1 2 3 4 5 -6
    ("linear.f64", "d", range(1, 7)),  # 640: [2, 3]
    ("linear.t", "f", [1, 4, 2, 5, 3, 6]),  # 704: [2, 3] with strides [1, 2]
    ("head.weight", "f", [1, 0, 0, 1, 1, 1]),  # 768: [3, 2]
    ("head.bias", "f", [0, 1, -1]),  # 832: [3]
    # 896: the least and the largest subnormal, the least normal, the largest, -1 - 2^-10, -0, infinity as f16 [7, 1]
    ("halves", "H", [0x0001, 0x03FF, 0x0400, 0x7BFF, 0xBC01, 0x8000, 0x7C00]),
    ("minus", "f", [-2]),  # 960: [1, 1]
]

out = sys.stdout.buffer
for _, kind, values in TENSORS:
    data = struct.pack("<%d%s" % (len(values), kind), *values)
    out.write(data.ljust(-(-len(data) // 64) * 64, b"\0"))
