"""Batch normalisation in training under A-SSA.

With halting the blocks run timestep by timestep, so a plain BatchNorm would see one timestep at a time,
normalise away the difference between timesteps, and in inference use an average that fits none of
them. Here the batch statistics of a layer are those of the first timestep, at which every token that
reaches the layer is fresh; the later timesteps of the same forward pass use the same scale and shift. The
running statistics estimate exactly these, so that training and inference compute one function.
"""
import torch


def first_step_norm(bn, x, norms, name):
    """bn over x [M, C]. norms: name -> (scale, shift) of this forward pass, filled at its first call."""
    if not bn.training:
        return bn(x)
    if name not in norms:
        var, mean = torch.var_mean(x.float(), 0, unbiased=False)
        with torch.no_grad():
            momentum, count = bn.momentum, x.shape[0]
            bn.running_mean.mul_(1 - momentum).add_(mean.detach(), alpha=momentum)
            bn.running_var.mul_(1 - momentum).add_(var.detach(),
                                                   alpha=momentum * count / (count - 1))
            bn.num_batches_tracked.add_(1)
        scale = bn.weight * torch.rsqrt(var + bn.eps)
        norms[name] = (scale, bn.bias - mean * scale)
    scale, shift = norms[name]
    return x * scale.to(x.dtype) + shift.to(x.dtype)
