"""The training recipe: surrogate gradient, cross entropy + delta_p * mean(rho), AdamW, cosine schedule."""
import math
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from . import evaluate
from .checkpoint import save
from .config import plain
from .data import normalise
from .layout import LAYOUTS, Shape
from .model import Model, resolve
from .probe import RatePenalty
from .progress import Bar


def new_model(options, in_channels, mean, std, classes=10):
    """An untrained Model in CIFAR naming from the command line's options."""
    config = {"family": options.family, "timesteps": options.timesteps, "heads": options.heads,
              "image_size": 32, "in_channels": in_channels, "mean": list(mean), "std": list(std)}
    if options.family == "stas":
        config["isps"] = {"after": options.isps_after, "reduce": options.isps_reduce}
        if options.act:
            config["act"] = {"alpha": options.alpha, "beta": options.beta, "eps": options.eps,
                             "order": options.order, "output": options.output}
    shape = Shape(LAYOUTS["cifar"], options.dim, options.depth, 4 * options.dim, in_channels, classes)
    model = Model(shape, resolve(config, shape))
    raise_rates(model)
    return model


def raise_rates(model):
    """BN shifts at which the LIFs fire from the start, for the default neuron.

    A LIF that runs one step (the stem after I-SPS) fires at a current of 2, two standard deviations
    of a fresh BN's output: 2 % of the neurons, and no layer after it would learn anything. With a
    shift of 1 it is 16 %; a LIF with T = 4 steps needs about half of that.
    """
    once = model.config["family"] == "stas" and model.config["isps"]["after"] == "stage0"
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            stem = name.startswith("patch_embed.") and not name.endswith(".proj_bn")
            torch.nn.init.constant_(module.bias, 1.0 if stem and once else 0.5)


def augment(x, options, generator):
    """x float [B, C, 32, 32] normalised: shift by up to `crop` pixels, flip, cut out a square."""
    batch = x.shape[0]
    if options.crop:
        pad = F.pad(x, [options.crop] * 4)
        offsets = torch.randint(0, 2 * options.crop + 1, (2, batch), generator=generator)
        rows = (offsets[0][:, None] + torch.arange(32))[:, None, :, None]
        cols = (offsets[1][:, None] + torch.arange(32))[:, None, None, :]
        image = torch.arange(batch)[:, None, None, None]
        channel = torch.arange(x.shape[1])[None, :, None, None]
        x = pad[image, channel, rows, cols]
    if options.flip:
        turn = torch.rand(batch, generator=generator) < 0.5
        x = torch.where(turn[:, None, None, None], x.flip(-1), x)
    if options.cutout:
        centre = torch.randint(0, 32, (2, batch), generator=generator)
        near = (torch.arange(32)[None, None] - centre[:, :, None]).abs() < options.cutout // 2
        x = x.masked_fill((near[0][:, :, None] & near[1][:, None, :])[:, None], 0.0)
    return x


def parameter_groups(model, decay):
    """Weight decay on matrices and kernels only."""
    wide = [p for p in model.parameters() if p.dim() > 1]
    flat = [p for p in model.parameters() if p.dim() <= 1]
    return [{"params": wide, "weight_decay": decay}, {"params": flat, "weight_decay": 0.0}]


def settle(model, data, size, batches):
    """Sets the running statistics of every BN to the mean over `batches` batches, in float32.

    The moving average of training lags behind weights that change at a high learning rate; on
    CIFAR-10 that cost 6 points halfway through. data: normalised images, taken from the front.
    """
    norms = [m for m in model.modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm)]
    momenta = [m.momentum for m in norms]
    model.train()
    with torch.no_grad():
        for i in range(min(batches, max(1, len(data) // size))):
            for m in norms:
                m.momentum = 1.0 / (i + 1)
            model(data[i * size:(i + 1) * size])
    for m, momentum in zip(norms, momenta):
        m.momentum = momentum


class Trainer:
    """Trains `model` on uint8 images [M, C, 32, 32]; `fit` returns the history, one dict per epoch."""

    def __init__(self, model, options):
        self.model, self.options = model, options
        self.generator = torch.Generator().manual_seed(options.seed)
        self.optimizer = torch.optim.AdamW(parameter_groups(model, options.weight_decay),
                                           lr=options.lr)
        for block in model.block:
            # The cheaper association of q k^T v; both are exact, so inference keeps the layout's own.
            block.attn.kv_first = model.shape.dim // model.config["heads"] < 64
        self.penalty = RatePenalty(options.rate_low, options.rate_high) \
            if options.rate_weight else None
        self.ponder = torch.tensor(options.ponder)  # no constant: one compiled graph serves every weight
        self.forward = torch.compile(self.loss) if options.compile else self.loss

    def loss(self, x, y):
        """(loss, cross entropy, mean rho) of one batch."""
        o, model = self.options, self.model
        if self.penalty:
            self.penalty.begin()
        with torch.autocast("cpu", torch.bfloat16, enabled=o.bf16):
            logits = model(x)
        entropy = F.cross_entropy(logits.float(), y, label_smoothing=o.smoothing)
        loss, rho = entropy, torch.zeros(())
        if model.halting is not None:
            rho = model.halting.rho.mean()
            loss = loss + self.ponder * rho
        if self.penalty:
            loss = loss + o.rate_weight * self.penalty.penalty()
        return loss, entropy.detach(), rho.detach()

    def rate(self, part):
        """Learning rate at `part` (0..1) of the training: linear warm-up, then cosine to 1 %."""
        warm = min(1.0, part / self.options.warmup) if self.options.warmup else 1.0
        return self.options.lr * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * part)))

    def set_mode(self, frozen):
        """Train mode; frozen: BN uses its running statistics, as in inference."""
        self.model.train()
        for module in self.model.modules():
            if frozen and isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                module.eval()

    def fit(self, images, labels, held_out=None, on_epoch=None):
        """o.epochs = 0 only settles the BN statistics of an --init model."""
        o, model = self.options, self.model
        data = torch.as_tensor(normalise(images, model.config["mean"], model.config["std"]))
        truth = torch.as_tensor(labels)
        per_epoch = len(data) // o.batch
        total, done, history = per_epoch * o.epochs, 0, []
        if not o.epochs:
            settle(model, data, o.batch, o.settle)
        for epoch in range(min(o.epochs, o.stop_after or o.epochs)):
            frozen = epoch >= o.epochs - o.frozen_epochs
            self.set_mode(frozen)
            model.set_probe(self.penalty)
            bar = Bar("epoch %d/%d" % (epoch + 1, o.epochs), per_epoch)
            order = torch.randperm(len(data), generator=self.generator)
            begin, sums = time.time(), np.zeros(2)
            for i in range(per_epoch):
                pick = order[i * o.batch:(i + 1) * o.batch]
                for group in self.optimizer.param_groups:
                    group["lr"] = self.rate(done / total)
                x = augment(data[pick], o, self.generator)
                loss, entropy, rho = self.forward(x, truth[pick])
                self.optimizer.zero_grad(set_to_none=True)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), o.clip)
                self.optimizer.step()
                done += 1
                sums += (float(entropy), float(rho))
                bar(i + 1, "loss %.3f rho %.2f" % tuple(sums / (i + 1)))
            model.set_probe(None)
            settle(model, data, o.batch, o.settle)
            entry = {"epoch": epoch + 1, "loss": sums[0] / per_epoch, "rho": sums[1] / per_epoch,
                     "frozen": frozen, "seconds": round(time.time() - begin, 1)}
            if held_out is not None and epoch % o.check_every == 0:
                entry.update(evaluate.summary(self.evaluate(*held_out)))
            history.append(entry)
            if on_epoch:
                on_epoch(entry)
        return history

    def evaluate(self, images, labels, size=250):
        config = self.model.config
        return evaluate.run(self.model, ((normalise(images[i:i + size], config["mean"], config["std"]),
                                          labels[i:i + size]) for i in range(0, len(images), size)))

    def store(self, path):
        save(path, self.model, plain(self.model.config))


def note(entry):
    """One line per epoch on stderr."""
    line = "epoch %d: loss %.4f, rho %.2f, %.0f s" % (entry["epoch"], entry["loss"], entry["rho"],
                                                       entry["seconds"])
    if "accuracy" in entry:
        line += ", accuracy %.2f %%" % (100 * entry["accuracy"])
    if "mean_active" in entry:
        line += ", active %.0f %%, steps %s" % (
            100 * entry["mean_active"],
            " ".join("%s:%.0f%%" % (k, 100 * v) for k, v in entry["histogram"].items()))
    sys.stderr.write(line + "\n")
    if "rates" in entry:
        sys.stderr.write("  rates: " + " ".join(
            "%s=%.0f" % (k.replace("patch_embed.", "").replace("block.", "").replace("_lif", ""),
                         100 * v) for k, v in entry["rates"].items()) + "\n")
    sys.stderr.flush()
