"""What docs/Results.md is made of: every training run, as the arguments of `stas-train train`.

All MNIST runs share one size, one schedule and one number of images; so does the CIFAR-10 pair. Only the group `model`
of the arguments differs, and the seed.
"""
import collections

# name: file stem of the run's checkpoint and figures. group: the experiment. variant: the row of its table.
# stages: argument lists, each starting from the checkpoint of the one before.
Run = collections.namedtuple("Run", "name group variant seed data stages")

COUNTED = 500  # held-out images that operations are counted on
SEEDS = (1, 2, 3)
PONDER = (0.0, 0.01, 0.1, 0.3)
SHARED = ("mnist-lexicographic-1", "0.03")  # a run of mnist() that is a point of the Pareto, too

MNIST = ("--dim 16 --depth 2 --heads 2 --timesteps 4 --limit 6000 --batch 25 --epochs 2 --lr 1.5e-2 --rate-weight 0.5 "
         "--settle 40 --check-limit 200")

# (key, row of the table, model arguments)
LEXICOGRAPHIC = "--alpha 1 --beta -2 --order lexicographic --output weighted"
VARIANTS = (
    ("spikformer", "Spikformer", "--family spikformer"),
    ("isps", "+ I-SPS", "--family stas --no-act"),
    ("timestep", "+ I-SPS + A-SSA within a timestep",
     "--family stas --alpha 4 --beta -3 --order timestep --output rate --ponder 0.03"),
    ("lexicographic", "+ I-SPS + A-SSA, lexicographic", "--family stas %s --ponder 0.03" % LEXICOGRAPHIC),
    ("rectangular", "+ I-SPS + A-SSA, rectangular",
     "--family stas --alpha 1 --beta -2 --order rectangular --output rate --ponder 0.03"),
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


# The schedule of test/Inputs/trained/stas-cifar10.pth, which is the STAS half: three cosine schedules, each going on from
# the weights of the one before. The baseline has the same stages, without what only halting has.
CIFAR10 = "--dim 64 --heads 4 --flip --crop 4 --batch 100 --rate-weight 0.5 --bf16 --compile"
CIFAR10_STAGES = (("--epochs 13 --stop-after 1 --lr 2e-3 --seed 1", "--alpha 1 --beta -2 --ponder 0.03"),
                  ("--epochs 11 --stop-after 4 --lr 2e-3 --seed 2", "--alpha 1 --beta -2.7 --ponder 0.004"),
                  ("--epochs 1 --lr 1.5e-3 --seed 3", "--alpha 1 --beta -3.4 --ponder 0.003"))


def cifar10():
    yield Run("cifar10-spikformer", "cifar10", "Spikformer", 1, "cifar10",
              ["%s %s --family spikformer" % (CIFAR10, schedule) for schedule, _ in CIFAR10_STAGES])
    yield Run("cifar10-stas", "cifar10", "STAS (I-SPS + A-SSA, lexicographic)", 1, "cifar10",
              ["%s %s %s" % (CIFAR10, schedule, halting) for schedule, halting in CIFAR10_STAGES])


RUNS = [*mnist(), *pareto(), *cifar10()]
