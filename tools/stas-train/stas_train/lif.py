"""The leaky integrate-and-fire neuron, with the surrogate gradient used in training.

Per timestep: charge, fire, reset (SpikingJelly's MultiStepLIFNode):

    h = v + (x - (v - v_reset)) / tau      decay_input = True
    h = v + x - (v - v_reset) / tau        decay_input = False
    s = h >= v_th                          compare = ge; gt: strict
    v = v_reset if s else h                hard reset; soft: v = h - s * v_th

With v_reset = 0 the subtraction is left out, so that tau = 2 gives h = v + 0.5 * (x - v): the same
float32 bits as SpikingJelly's v + (x - v) / 2.
"""
import torch
from torch import nn


class _Fire(torch.autograd.Function):
    """Heaviside step of u = h - v_th; backward: triangle max(0, 1 - |u|)."""

    @staticmethod
    def forward(ctx, h, v_th, strict):
        ctx.save_for_backward(h)
        ctx.v_th = v_th
        return (h > v_th if strict else h >= v_th).to(h.dtype)

    @staticmethod
    def backward(ctx, grad):
        (h,) = ctx.saved_tensors
        return grad * torch.clamp(1.0 - torch.abs(h - ctx.v_th), min=0.0), None, None


class LIF(nn.Module):
    """State-free module (it holds no parameters; a state dict has no entry for it).

    forward(x [K, ...], v [...] or None) -> spikes [K, ...], v after the last step, and the list of the K
    potentials h before each reset. None stands for the state at the beginning of an image, v_reset
    everywhere.
    """

    def __init__(self, lif, v_th):
        super().__init__()
        self.tau, self.v_reset = float(lif["tau"]), float(lif["v_reset"])
        self.v_th = float(v_th)
        self.soft, self.decay_input = lif["reset"] == "soft", bool(lif["decay_input"])
        self.strict = lif["compare"] == "gt"

    def charge(self, x, v):
        """Membrane potential before the reset."""
        leak = v if self.v_reset == 0.0 else v - self.v_reset
        if not self.decay_input:
            return v + x - leak / self.tau
        if self.tau == 2.0:
            return v + 0.5 * (x - leak)
        return v + (x - leak) / self.tau

    def forward(self, x, v=None):
        if v is None:
            v = torch.full_like(x[0], self.v_reset)
        spikes, potentials = [], []
        for current in x.unbind(0):
            h = self.charge(current, v)
            s = _Fire.apply(h, self.v_th, self.strict)
            # The reset is not differentiated (detach_reset), as in Spikformer's training.
            fired = s.detach()
            if self.soft:
                v = h - fired * self.v_th
            elif self.v_reset == 0.0:
                v = h * (1.0 - fired)
            else:
                v = h * (1.0 - fired) + fired * self.v_reset
            spikes.append(s)
            potentials.append(h)
        return spikes[0].unsqueeze(0) if len(spikes) == 1 else torch.stack(spikes), v, potentials
