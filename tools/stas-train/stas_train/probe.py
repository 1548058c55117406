"""Observers of a forward pass: what evaluate, trace and draw need to see of every LIF."""
import collections

import torch


class Probe:
    """Does nothing. `step` and `block` are those of the running A-SSA block, None outside it."""

    step = block = None

    def enter(self, step, block, mask):
        """Before `block` at `step` under A-SSA; mask [B, N] bool, the active tokens."""
        self.step, self.block = step, block

    def before_norm(self, name, x, bn, lif, steps):
        """x [K * B, C, H, W] or [K * B * N, C], the input of the BN before LIF `name`; steps is K."""
        return x

    def fired(self, name, spikes, h, lif, x, layer, bn, mask):
        """After LIF `name`: spikes and h [K, B, ...]; x is the input of `layer` (both None: attention)."""


class Statistics(Probe):
    """Firing rate of every LIF (over the neurons of active tokens) and active tokens per (t, l)."""

    def __init__(self):
        self.spikes = collections.OrderedDict()
        self.sites = {}
        self.active = collections.OrderedDict()

    def enter(self, step, block, mask):
        key = (step + 1, block + 1)
        self.active[key] = self.active.get(key, 0) + int(mask.sum())

    def fired(self, name, spikes, h, lif, x, layer, bn, mask):
        sites = spikes.numel() if mask is None else int(mask.sum()) * spikes.shape[-1]
        self.spikes[name] = self.spikes.get(name, 0) + int(spikes.sum(dtype=torch.float64))
        self.sites[name] = self.sites.get(name, 0) + sites

    def rates(self):
        """name -> spikes per neuron and timestep run."""
        return collections.OrderedDict((k, n / max(1, self.sites[k]))
                                       for k, n in self.spikes.items())


class RatePenalty(Probe):
    """Differentiable: how far the rate of each LIF lies outside [low, high], for the training loss."""

    def __init__(self, low, high):
        self.low, self.high = low, high
        self.begin()

    def begin(self):
        self.sums, self.sites = {}, {}

    def fired(self, name, spikes, h, lif, x, layer, bn, mask):
        sites = spikes.numel() if mask is None else mask.detach().float().sum() * spikes.shape[-1]
        self.sums[name] = self.sums.get(name, 0) + spikes.float().sum()
        self.sites[name] = self.sites.get(name, 0) + sites

    def penalty(self):
        total = 0.0
        for name, spikes in self.sums.items():
            rate = spikes / (self.sites[name] + 1.0)
            total = total + torch.relu(self.low - rate) + torch.relu(rate - self.high)
        return total
