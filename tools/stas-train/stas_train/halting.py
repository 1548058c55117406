"""A-SSA's token halting: adaptive computation time over timesteps and blocks.

Three orders say which scores h[t, l] a token has gathered before block l of timestep t:

    lexicographic   all of earlier timesteps and earlier blocks; a token that halts stays halted
    rectangular     H[t, l], the sum over t' <= t and l' <= l: a token may come back to early blocks
    timestep        those of this timestep alone: every token comes back at the next one

Source: A-ViT's ACT with the running sum taken over (t, l). Shapes: B batch, N tokens, D channels.
All of it is float32, whatever the blocks compute in. Masks carry no gradient; the halting scores,
the remainder R and the ponder cost rho do.
"""
import torch


class Halting:
    """State of one forward pass; `active()` before a block, `update()` after it.

    act: the config's `act` group. `steps` [B, N] int32 counts the (t, l) at which a token was active.
    """

    def __init__(self, act, timesteps, depth, batch, tokens, device):
        self.alpha, self.beta = float(act["alpha"]), float(act["beta"])
        self.limit = 1.0 - float(act["eps"])
        self.order = act["order"]
        self.once = self.order == "lexicographic"  # a token halts once, not once per timestep
        self.weighted = act["output"] == "weighted"
        self.timesteps, self.depth = timesteps, depth
        zeros = torch.zeros(batch, tokens, device=device)
        self.total = zeros                     # H, lexicographic: sum over all (t, l) so far
        self.prefix = [zeros] * depth          # rectangular: H[t - 1, l] for each l
        self.row = zeros                       # but lexicographic: sum over l' <= l of h[t, l']
        self.alive = torch.ones_like(zeros, dtype=torch.bool)
        self.remainder = torch.ones_like(zeros)
        self.rho = zeros                       # steps + remainder at halting
        self.steps = torch.zeros(batch, tokens, dtype=torch.int32, device=device)
        self.output = None                     # y (weighted) or the sum over t of the last x (rate)

    def start_timestep(self):
        """Before the first block of a timestep: but in lexicographic order a token may come back."""
        if not self.once:
            self.row = torch.zeros_like(self.row)
            self.alive = torch.ones_like(self.alive)

    def active(self, block):
        """Mask [B, N] of the tokens that enter `block` (0-based) at this timestep."""
        if self.order == "rectangular":
            # H[t - 1, l] is monotone in l, so a token that stopped at an earlier block stays out here.
            self.alive = self.alive & ~(self.prefix[block].detach() > self.limit)
        return self.alive

    def update(self, x, step, block):
        """After `block` of 0-based timestep `step`; x [B, N, D] is the block's output."""
        mask = self.alive
        weight = mask.to(torch.float32)
        last = block == self.depth - 1
        if last and (step == self.timesteps - 1 or self.order == "timestep"):
            h = weight
        else:
            h = torch.sigmoid(self.alpha * x[..., 0].float() + self.beta) * weight
        if self.once:
            total = self.total = self.total + h
        else:
            total = self.row = self.row + h
            if self.order == "rectangular":
                total = self.prefix[block] = self.prefix[block] + self.row
        reached = (total.detach() > self.limit) & mask
        stop = reached.to(torch.float32)
        share = torch.where(reached, self.remainder, h)
        # A token that can stop once per timestep: the remainders 1 - H are averaged over T.
        rest = self.remainder if self.once else torch.clamp(1.0 - (total - h), min=0.0) / self.timesteps
        self.rho = self.rho + weight + stop * rest
        self.steps = self.steps + mask.to(torch.int32)
        if self.weighted:
            part = share.unsqueeze(-1) * x.float()
        elif last:
            part = weight.unsqueeze(-1) * x.float()
        else:
            part = None
        if part is not None:
            self.output = part if self.output is None else self.output + part
        self.remainder = self.remainder - h * (1.0 - stop)
        self.alive = mask & ~reached

    def finished(self):
        """Whether no token will ever be active again. Lexicographic order only."""
        return self.once and not bool(self.alive.any())

    def features(self, like):
        """[B, D] input of the head; `like` [B, N, D] gives the shape where no block ran."""
        y = self.output if self.output is not None else torch.zeros_like(like, dtype=torch.float32)
        return y.mean(1) if self.weighted else y.mean(1) / self.timesteps
