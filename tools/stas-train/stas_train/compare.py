"""Compares dumped spikes with a trace of the reference. Needs numpy alone, no torch."""
import collections
import json
import os

import numpy as np

from .errors import UserError

Row = collections.namedtuple("Row", "name sites spikes tolerated excluded forbidden")


def compare_lif(name, want, slack, got):
    """(Row of one LIF, text that names the first forbidden flip or None); arrays [T, ...].

    A flip is tolerated where slack <= 0. What a neuron does after its first flip follows from another
    state: those timesteps are excluded and counted.
    """
    seen = np.zeros(want.shape[1:], bool)
    tolerated = excluded = forbidden = 0
    first = None
    for t in range(len(want)):
        excluded += int(seen.sum())
        flip = (want[t] != got[t]) & ~seen
        outside = flip & ~(slack[t] <= 0)
        if first is None and outside.any():
            where = tuple(int(i) for i in np.argwhere(outside)[0])
            first = "index %s: reference %d, found %d, slack %g" % (
                [t] + list(where), want[t][where], got[t][where], slack[t][where])
        tolerated += int(flip.sum()) - int(outside.sum())
        forbidden += int(outside.sum())
        seen |= flip
    return Row(name, want.size, int(want.sum(dtype=np.int64)), tolerated, excluded, forbidden), first


def load(folder, name):
    path = os.path.join(folder, name + ".npy")
    if not os.path.isfile(path):
        raise UserError(path, "an array", "no such file",
                        "dump every LIF of the model under its module name")
    try:
        return np.load(path)
    except (ValueError, EOFError) as e:
        raise UserError(path, "a .npy array", str(e), "write the file again")


def lif_names(trace):
    """The LIFs of a trace in the order in which they run."""
    path = os.path.join(trace, "meta.json")
    try:
        with open(path) as f:
            return list(json.load(f)["lifs"])
    except (OSError, ValueError, KeyError) as e:
        raise UserError(path, "the meta.json of `stas-train trace`", "%s: %s"
                        % (type(e).__name__, e), "give the folder of a trace")


def load_dump(folder, name, want):
    """The dump of `name`, checked against the trace's shape and type."""
    got = load(folder, name)
    if got.dtype != np.uint8 or got.shape != want.shape:
        raise UserError(os.path.join(folder, name + ".npy"), "uint8 %s" % list(want.shape),
                        "%s %s" % (got.dtype, list(got.shape)), "dump the spikes in this layout")
    return got


def spikes(trace, dump, limit=1e-3):
    """(rows, problems) over every LIF of the trace. limit: largest excluded fraction of all sites."""
    rows, problems = [], []
    for name in lif_names(trace):
        want, slack = load(trace, name), load(trace, name + ".slack")
        try:
            got = load_dump(dump, name, want)
        except UserError as e:
            problems.append(str(e))
            continue
        row, first = compare_lif(name, want, slack, got)
        rows.append(row)
        if first:
            problems.append("%s: %d forbidden flips, the first at %s" % (name, row.forbidden, first))
    sites, excluded = sum(r.sites for r in rows), sum(r.excluded for r in rows)
    if excluded > limit * max(1, sites):
        problems.append("excluded steps: required at most %g of all, found %d of %d"
                        % (limit, excluded, sites))
    return rows, problems


def table(rows):
    """Aligned text."""
    width = max([len(r.name) for r in rows] + [5])
    lines = ["%-*s %8s %12s %10s %9s %10s" % (width, "layer", "rate", "spikes", "tolerated",
                                               "excluded", "forbidden")]
    for r in rows:
        lines.append("%-*s %7.2f%% %12d %10d %9d %10d" % (
            width, r.name, 100.0 * r.spikes / max(1, r.sites), r.spikes, r.tolerated, r.excluded,
            r.forbidden))
    total = Row("total", *(sum(c) for c in list(zip(*rows))[1:])) if rows else None
    if total:
        lines.append("%-*s %7.2f%% %12d %10d %9d %10d" % (
            width, total.name, 100.0 * total.spikes / max(1, total.sites), total.spikes,
            total.tolerated, total.excluded, total.forbidden))
    return "\n".join(lines)


def end_to_end(trace, dump, top1=None, halting=None):
    """(lines, problems) for logits and steps, where both folders have them.

    top1 and halting: least agreement (0..1) to demand; None only reports.
    """
    lines, problems = [], []
    for name, least in (("logits", top1), ("steps", halting)):
        have = [os.path.isfile(os.path.join(f, name + ".npy")) for f in (trace, dump)]
        if not all(have):
            if least is not None and have[0]:
                problems.append("%s: required in %s, found nothing" % (name + ".npy", dump))
            continue
        want, got = load(trace, name), load(dump, name)
        if want.shape != got.shape:
            problems.append("%s.npy: required %s, found %s" % (name, list(want.shape), list(got.shape)))
            continue
        if name == "logits":
            same = float((want.argmax(1) == got.argmax(1)).mean())
            worst = float(np.abs(want.astype(np.float64) - got).max())
            lines.append("top-1 agreement    %.3f %%, largest logit difference %.3g"
                         % (100 * same, worst))
        else:
            same = float((want == got).mean())
            lines.append("same halting step  %.3f %% of %d tokens" % (100 * same, want.size))
        if least is not None and same < least:
            problems.append("%s.npy: required agreement of at least %.3f %%, found %.3f %%"
                            % (name, 100 * least, 100 * same))
    return lines, problems
