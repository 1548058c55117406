#!/usr/bin/env python3
"""Writes the tables and pictures of docs/Results.md from docs/Results/figures.json.

    report.py [--runs DIR]

--runs collects the figures of a folder that run.py has filled into figures.json first. Everything else needs no data
and no torch: the same figures give the same bytes.
"""
import argparse
import json
import os
import re
import statistics

import plots
from recipes import RUNS, SHARED

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
PAGE = os.path.join(ROOT, "docs", "Results.md")
FOLDER = os.path.join(ROOT, "docs", "Results")
FIGURES = os.path.join(FOLDER, "figures.json")


def collect(folder):
    """The figures of every finished run, in the order of the recipes."""
    out = []
    for run in RUNS:
        path = os.path.join(folder, run.name + ".json")
        if os.path.exists(path):
            with open(path) as f:
                out.append(json.load(f))
    return out


def load():
    """The committed figures in the order of the tables; the run that two experiments share stands in both."""
    with open(FIGURES) as f:
        runs = json.load(f)
    rows = list(dict.fromkeys(r.variant for r in RUNS if r.group != "pareto"))
    shared = [dict(r, group="pareto", variant=SHARED[1]) for r in runs if r["name"] == SHARED[0]]
    pareto = shared + [r for r in runs if r["group"] == "pareto"]
    return (sorted((r for r in runs if r["group"] != "pareto"), key=lambda r: rows.index(r["variant"]))
            + (sorted(pareto, key=lambda r: float(r["variant"])) if len(pareto) > 1 else []))


def spread(values, digits, scale=1.0):
    """`mean ± std`; one value: itself. std is that of a sample."""
    values = [scale * v for v in values]
    mean = "%.*f" % (digits, statistics.mean(values))
    return mean if len(values) < 2 else "%s ± %.*f" % (mean, digits, statistics.stdev(values))


def variants(runs, group):
    """[(row name, runs of all seeds)] in order of appearance."""
    rows = {}
    for r in runs:
        if r["group"] == group:
            rows.setdefault(r["variant"], []).append(r)
    return list(rows.items())


def active(run):
    return run["held_out"].get("mean_active", 1.0)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(r) + " |" for r in rows])


COST = ("SOPs, millions", "of them in the stem", "energy `counted`, µJ", "energy `strict`, µJ")


def cost_cells(of):
    """Synaptic operations and both energies per image; of: runs."""
    costs = [r["cost"] for r in of]
    return [spread([c["counted"]["sops"] for c in costs], 2, 1e-6), spread([c["stem_acs"] for c in costs], 2, 1e-6),
            spread([c["counted"]["picojoules"] for c in costs], 2, 1e-6),
            spread([c["strict"]["picojoules"] for c in costs], 2, 1e-6)]


def rows_of(runs, group, name):
    head = [name, "seeds", "accuracy, %", "active tokens, %", *COST]
    return table(head, [[row, " ".join(str(s) for s in sorted(r["seed"] for r in of)), spread([r["held_out"]["accuracy"] for r in of], 2, 100),
                         spread([active(r) for r in of], 1, 100), *cost_cells(of)]
                        for row, of in variants(runs, group)])


def rates(runs):
    """Mean firing rate of every LIF over the seeds, in %."""
    rows = variants(runs, "mnist")
    names = list(rows[0][1][0]["held_out"]["rates"])
    return table(["LIF"] + [row for row, _ in rows],
                 [[name] + [spread([r["held_out"]["rates"][name] for r in of], 1, 100) for _, of in rows]
                  for name in names])


TABLES = {"mnist": lambda runs: rows_of(runs, "mnist", "model"),
          "pareto": lambda runs: rows_of(runs, "pareto", "ponder weight"),
          "cifar10": lambda runs: rows_of(runs, "cifar10", "model"),
          "rates": rates}


def fill(page, runs):
    """Replaces what stands between `<!-- table NAME -->` and `<!-- end -->`."""
    def one(match):
        return "<!-- table %s -->\n%s\n<!-- end -->" % (match.group(1), TABLES[match.group(1)](runs))
    return re.sub(r"<!-- table (\w+) -->\n.*?<!-- end -->", one, page, flags=re.S)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--runs", metavar="DIR")
    o = p.parse_args()
    if o.runs:
        os.makedirs(FOLDER, exist_ok=True)
        with open(FIGURES, "w") as f:
            f.write("[\n" + ",\n".join(json.dumps(r) for r in collect(o.runs)) + "\n]\n")
    runs = load()
    with open(PAGE) as f:
        page = f.read()
    with open(PAGE, "w") as f:
        f.write(fill(page, runs))
    for name, content in plots.all_of(runs):
        with open(os.path.join(FOLDER, name), "w") as f:
            f.write(content)


if __name__ == "__main__":
    main()
