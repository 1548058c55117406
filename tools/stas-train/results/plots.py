"""The pictures of docs/Results.md, as (file name, SVG)."""
import statistics

from svg import Axes, document, marker, text, ticks

OPERATIONS, TOKENS = "synaptic operations per image, millions", "active tokens, %"


def limits(values, margin=0.08):
    """An axis that holds `values`."""
    low, high = min(values), max(values)
    room = max((high - low) * margin, 1e-3 * abs(high), 1e-9)
    return low - room, high + room


def by_variant(runs, group):
    rows = {}
    for r in runs:
        if r["group"] == group:
            rows.setdefault(r["variant"], []).append(r)
    return rows


def accuracy(run):
    return 100 * run["held_out"]["accuracy"]


def active(run):
    return 100 * run["held_out"].get("mean_active", 1.0)


def operations(run):
    """Synaptic operations per image, millions, rule `counted`."""
    return run["cost"]["counted"]["sops"] / 1e6


def seeds(runs):
    """Accuracy of every variant: one small mark per seed, a bar from mean - std to mean + std."""
    rows = by_variant(runs, "mnist")
    values = [accuracy(r) for of in rows.values() for r in of]
    sides = []
    for left, what, xlabel in ((70, operations, OPERATIONS), (440, active, TOKENS)):
        xs = [what(r) for of in rows.values() for r in of]
        axes = Axes((left, 40, 290, 230), limits(xs, 0.12), limits(values, 0.12))
        axes.frame("", xlabel, "accuracy, %", ticks(*axes.xlim, 5), ticks(*axes.ylim, 6))
        for i, of in enumerate(rows.values()):
            x, y = (statistics.mean(f(r) for r in of) for f in (what, accuracy))
            if len(of) > 1:
                spread = statistics.stdev(accuracy(r) for r in of)
                axes.bar(i, x, y - spread, y + spread)
            for r in of:
                axes.mark(i, what(r), accuracy(r), 2.5)
            axes.mark(i, x, y, 6)
        sides += axes.lines
    for i, name in enumerate(rows):
        x, y = 90 + 330 * (i % 2), 340 + 24 * (i // 2)
        sides += [marker(i, x, y), text(x + 14, y + 4, name, "text", "start")]
    return document(760, 410, "Accuracy on MNIST of five variants against operations and active tokens", sides)


def pareto(runs):
    """Accuracy against active tokens and operations over the ponder weight."""
    points = sorted((r for r in runs if r["group"] == "pareto"), key=active)
    body = []
    for left, what, xlabel in ((70, active, TOKENS), (440, operations, OPERATIONS)):
        line = [(what(r), accuracy(r)) for r in points]
        axes = Axes((left, 30, 290, 240), limits([x for x, _ in line], 0.12), limits([y for _, y in line], 0.18))
        axes.frame("", xlabel, "accuracy, %", ticks(*axes.xlim, 5), ticks(*axes.ylim, 6))
        axes.path(0, sorted(line))
        for r, (x, y) in zip(points, line):
            axes.mark(0, x, y, 5, r["variant"])
        body += axes.lines
    return document(760, 330, "Accuracy on MNIST against active tokens and operations, by ponder weight", body)


def grid(runs):
    """Share of active tokens at every timestep and block, mean over the seeds, one table per order."""
    rows = [(name, [r["held_out"]["active"] for r in of]) for name, of in by_variant(runs, "mnist").items()
            if "active" in of[0]["held_out"]]
    body, side = [], 46
    for i, (name, grids) in enumerate(rows):
        left = 60 + 245 * i
        depth = len(grids[0][0])
        body.append(text(left + depth * side / 2, 28, name.split("A-SSA")[-1].strip(" ,"), "text"))
        for t in range(len(grids[0])):
            body.append(text(left - 8, 64 + side * t + 5, "t = %d" % (t + 1), anchor="end"))
            for l in range(depth):
                share = statistics.mean(g[t][l] for g in grids)
                x, y = left + side * l, 40 + side * t
                body += ['<rect class="f0" opacity="%.3f" x="%d" y="%d" width="%d" height="%d"/>'
                         % (0.08 + 0.62 * share, x, y, side - 3, side - 3),
                         text(x + side / 2 - 1, y + side / 2 + 3, "%.0f" % (100 * share), "text")]
        for l in range(depth):
            body.append(text(left + side * l + side / 2, 58 + side * len(grids[0]), "block %d" % (l + 1)))
    return document(60 + 245 * len(rows), 70 + side * 4, "Active tokens in percent at every timestep and block", body)


def all_of(runs):
    groups = {r["group"] for r in runs}
    if "mnist" in groups:
        yield "mnist.svg", seeds(runs)
        yield "active.svg", grid(runs)
    if "pareto" in groups:
        yield "pareto.svg", pareto(runs)
