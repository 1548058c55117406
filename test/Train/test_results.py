"""docs/Results.md: its tables and pictures are those of the committed figures, and its commands are the tool's."""
import os
import sys
import unittest

from support import ROOT

sys.path.insert(0, os.path.join(ROOT, "tools", "stas-train", "results"))

import plots  # noqa: E402
import recipes  # noqa: E402
import report  # noqa: E402
import run  # noqa: E402
from stas_train.cli import parser  # noqa: E402


def read(path):
    with open(path) as f:
        return f.read()


class Results(unittest.TestCase):
    def test_page_and_pictures_follow_from_the_figures(self):
        runs, page = report.load(), read(report.PAGE)
        self.assertEqual(report.fill(page, runs), page, "run tools/stas-train/results/report.py")
        for name, content in plots.all_of(runs):
            self.assertEqual(read(os.path.join(report.FOLDER, name)), content, name)
            self.assertIn("Results/" + name, page)

    def test_figures_are_of_the_recipes(self):
        known = {r.name: r for r in recipes.RUNS}
        for figures in report.load():
            recipe = known[figures["name"]]
            self.assertEqual((figures["seed"], figures["stages"]), (recipe.seed, recipe.stages))

    def test_commands_are_understood(self):
        for recipe in recipes.RUNS:
            for _, words in run.commands(recipe, "data", "out", 1):
                options = parser().parse_args(words[2:])
                self.assertEqual(options.threads, 1)

    def test_runs_of_an_experiment_differ_in_model_options_and_seed_alone(self):
        model = {"family", "act", "alpha", "beta", "order", "output", "ponder", "seed", "out"}
        for group in ("mnist", "pareto", "cifar10"):
            rest = set()
            for recipe in recipes.RUNS:
                if recipe.group == group:
                    options = vars(parser().parse_args(run.commands(recipe, "data", "out", 1)[0][1][2:]))
                    rest.add(str(sorted((k, str(v)) for k, v in options.items() if k not in model)))
            self.assertEqual(len(rest), 1, group)


if __name__ == "__main__":
    unittest.main()
