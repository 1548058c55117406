"""The two layouts of Spikformer checkpoints: names of the parameters, pools, image size.

CIFAR: Linear layers with bias, max-pool after LIF 2 and 3. ImageNet: Conv1d/Conv2d of kernel 1, no bias
in q, k, v, max-pool after all four LIFs.
"""
import collections
import re

from .errors import UserError

Layout = collections.namedtuple(
    "Layout", "name kind pools image_size qkv_bias kernel_attn kernel_mlp kv_first")

LAYOUTS = {
    "cifar": Layout("cifar", "linear", (2, 3), 32, True, (), (), False),
    "imagenet": Layout("imagenet", "conv", (0, 1, 2, 3), 224, False, (1,), (1, 1), True),
}

# Shape of a network: what the state dict alone determines.
Shape = collections.namedtuple("Shape", "layout dim depth hidden in_channels classes")


def shape_of(state, where):
    """Shape of the network whose parameters are `state` (key -> tensor or anything with .shape)."""
    for layout in LAYOUTS.values():
        if "block.0.attn.q_%s.weight" % layout.kind in state:
            break
    else:
        raise UserError(where, "block.0.attn.q_linear.weight or block.0.attn.q_conv.weight",
                        "neither among %d keys" % len(state), "give a Spikformer or STAS checkpoint")
    need = ("patch_embed.proj_conv.weight", "patch_embed.rpe_conv.weight", "head.weight",
            "block.0.mlp.fc1_%s.weight" % layout.kind)
    for key in need:
        if key not in state:
            raise UserError("%s: %s" % (where, key), "a tensor", "nothing",
                            "give a complete checkpoint")
    depth = 1 + max(int(m.group(1)) for m in (re.match(r"block\.(\d+)\.", k) for k in state) if m)
    return Shape(layout, state["patch_embed.rpe_conv.weight"].shape[0], depth,
                 state[need[3]].shape[0], state[need[0]].shape[1], state["head.weight"].shape[0])
