#!/usr/bin/env python3
"""Writes the weights of stem-mlp.mlir, a model without attention that a chip of binary spikes can run: two convolutions, a pool
of spikes, and an MLP with a residual sum over 16 tokens.

    make_stem_mlp.py [FILE]      default: stem-mlp.bin beside this script

Weights are drawn (seed 7) so that a layer's neurons fire at some 10 to 30 % where its inputs do. The tensors lie one behind
the other, f32; the offsets in stem-mlp.mlir are printed.
"""
import pathlib
import random
import struct
import sys

# Name, shape, fan-in, expected mean square of an input.
TENSORS = [("conv0", (8, 3, 3, 3), 27, 1.0), ("conv1", (16, 8, 3, 3), 72, 0.25), ("fc1", (32, 16), 16, 0.4),
           ("fc2", (16, 32), 32, 0.2), ("head", (10, 16), 16, 0.3),
           ("bias", (10,), 1, 4.0)]


def main():
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("stem-mlp.bin")
    draw, data = random.Random(7), b""
    for name, shape, fan_in, square in TENSORS:
        count = fan_in * shape[0]
        deviation = 1.3 / (fan_in * square)**0.5
        print("%s %s at %d" % (name, "x".join(map(str, shape)), len(data)))
        data += struct.pack("<%df" % count, *(draw.gauss(0.0, deviation) for _ in range(count)))
    path.write_bytes(data)


if __name__ == "__main__":
    main()
