"""Runs a model over images: logits, halting steps, and the figures that describe it."""
import time

import numpy as np
import torch

from .probe import Statistics


def run(model, batches, statistics=True, progress=None):
    """batches: iterable of (float32 images, labels or None). Returns a dict of arrays and figures.

    `seconds` is the time in forward passes alone, without reading and normalising.
    """
    model.eval()
    probe = Statistics() if statistics else None
    model.set_probe(probe)
    logits, steps, labels, seconds, count = [], [], [], 0.0, 0
    try:
        with torch.no_grad():
            for images, truth in batches:
                x = torch.as_tensor(images)
                begin = time.perf_counter()
                logits.append(model(x).float().numpy())
                seconds += time.perf_counter() - begin
                if model.halting is not None:
                    steps.append(model.halting.steps.numpy())
                if truth is not None:
                    labels.append(np.asarray(truth))
                count += x.shape[-4]
                if progress:
                    progress(count)
    finally:
        model.set_probe(None)
    out = {"logits": np.concatenate(logits), "count": count, "seconds": seconds}
    if labels:
        out["correct"] = int((out["logits"].argmax(1) == np.concatenate(labels)).sum())
        out["accuracy"] = out["correct"] / count
    if steps:
        out["steps"] = np.concatenate(steps)
    if probe:
        out["rates"] = probe.rates()
        out.update(halting_figures(model, out.get("steps"), probe.active))
    return out


def halting_figures(model, steps, active):
    """active: fraction of the tokens that entered block l at timestep t; histogram: of `steps`."""
    if steps is None:
        return {}
    depth, timesteps = len(model.block), model.config["timesteps"]
    tokens = steps.size
    grid = [[active.get((t + 1, l + 1), 0) / tokens for l in range(depth)]
            for t in range(timesteps)]
    counts = np.bincount(steps.reshape(-1), minlength=timesteps * depth + 1)
    return {"active": grid, "mean_active": float(np.mean(grid)),
            "histogram": {int(k): float(counts[k]) / tokens for k in np.nonzero(counts)[0]}}


def summary(result):
    """The figures of `run` as plain types: what --json prints and the manifest holds."""
    out = {"images": result["count"], "images_per_second": round(
        result["count"] / max(result["seconds"], 1e-9), 1)}
    if "accuracy" in result:
        out["accuracy"] = round(result["accuracy"], 4)
    for key, digits in (("rates", 4), ("histogram", 4)):
        if key in result:
            out[key] = {str(k): round(v, digits) for k, v in result[key].items()}
    if "active" in result:
        out["active"] = [[round(v, 4) for v in row] for row in result["active"]]
        out["mean_active"] = round(result["mean_active"], 4)
    return out


def text(figures):
    """`summary`'s dict as aligned lines."""
    lines = ["images             %d" % figures["images"],
             "images per second  %.1f" % figures["images_per_second"]]
    if "accuracy" in figures:
        lines.append("accuracy           %.2f %%" % (100 * figures["accuracy"]))
    if "rates" in figures:
        width = max(len(k) for k in figures["rates"])
        lines.append("firing rate (spikes per neuron of an active token and timestep)")
        lines += ["  %-*s %6.2f %%" % (width, k, 100 * v) for k, v in figures["rates"].items()]
    if "active" in figures:
        lines.append("active tokens, mean %.1f %%" % (100 * figures["mean_active"]))
        for t, row in enumerate(figures["active"]):
            lines.append("  t=%d  " % (t + 1) + "  ".join("%5.1f %%" % (100 * v) for v in row))
        lines.append("halting step: share of tokens")
        lines += ["  %3s  %5.1f %%" % (k, 100 * v) for k, v in figures["histogram"].items()]
    return "\n".join(lines)
