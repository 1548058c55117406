"""What docs/Results.md is made of: every training run, as the arguments of `stas-train train`.

All MNIST runs share one size, one schedule and one number of images; so does the CIFAR-10 pair. Only the group `model`
of the arguments differs, and the seed.
"""
import collections

# name: file stem of the run's checkpoint and figures. group: the experiment. variant: the row of its table.
# stages: argument lists, each starting from the checkpoint of the one before.
Run = collections.namedtuple("Run", "name group variant seed data stages")

SEEDS = (1, 2, 3)
PONDER = (0.0, 0.003, 0.01, 0.03, 0.1, 0.3)

MNIST = ("--dim 32 --depth 3 --heads 4 --timesteps 4 --limit 10000 --batch 100 --epochs 3 --lr 3e-3 --rate-weight 0.5 "
         "--bf16 --compile --settle 20 --check-limit 500")

# (key, row of the table, model arguments)
LEXICOGRAPHIC = "--alpha 1 --beta -3.2 --order lexicographic --output weighted"
VARIANTS = (
    ("spikformer", "Spikformer", "--family spikformer"),
    ("isps", "+ I-SPS", "--family stas --no-act"),
    ("timestep", "+ I-SPS + A-SSA within a timestep",
     "--family stas --alpha 1.5 --beta -2 --order timestep --output rate --ponder 0.01"),
    ("lexicographic", "+ I-SPS + A-SSA, lexicographic", "--family stas %s --ponder 0.01" % LEXICOGRAPHIC),
    ("rectangular", "+ I-SPS + A-SSA, rectangular",
     "--family stas --alpha 1 --beta -3.2 --order rectangular --output rate --ponder 0.01"),
)


def mnist():
    for seed in SEEDS:
        for key, row, model in VARIANTS:
            yield Run("mnist-%s-%d" % (key, seed), "mnist", row, seed, "mnist", ["%s %s" % (MNIST, model)])


def pareto():
    """The ponder weight delta_p against accuracy and cost: lexicographic order, one seed."""
    for ponder in PONDER:
        yield Run("pareto-%g" % ponder, "pareto", "%g" % ponder, 1, "mnist",
                  ["%s --family stas %s --ponder %g" % (MNIST, LEXICOGRAPHIC, ponder)])


# Two cosine schedules, the second going on from the first one's weights: an interrupted training leaves a trained pair.
CIFAR10 = "--dim 64 --depth 2 --heads 4 --timesteps 4 --flip --crop 2 --batch 100 --rate-weight 0.5 --bf16 --compile"
CIFAR10_STAGES = ("--epochs 2 --lr 3e-3", "--epochs 4 --lr 2e-3")


def cifar10():
    for key, row, model in (("stas", "STAS (I-SPS + A-SSA, lexicographic)",
                             "--family stas --alpha 1 --beta -3 --ponder 0.003"),
                            ("spikformer", "Spikformer", "--family spikformer")):
        yield Run("cifar10-" + key, "cifar10", row, 1, "cifar10",
                  ["%s %s %s" % (CIFAR10, stage, model) for stage in CIFAR10_STAGES])


RUNS = [*mnist(), *pareto(), *cifar10()]
