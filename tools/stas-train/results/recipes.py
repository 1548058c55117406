"""What docs/Results.md is made of: every training run, as the arguments of `stas-train train`.

All MNIST runs share one size, one schedule and one number of images; so does the CIFAR-10 pair. Only the group `model`
of the arguments differs, and the seed.
"""
import collections

# name: file stem of the run's checkpoint and figures. group: the experiment. variant: the row of its table.
# stages: argument lists, each starting from the checkpoint of the one before.
Run = collections.namedtuple("Run", "name group variant seed data stages")

COUNTED = 200  # held-out images that operations are counted on
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
     "--family stas --alpha 4 --beta -3 --order timestep --output rate --ponder 0.01"),
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


CIFAR10 = ("--dim 64 --depth 2 --heads 4 --timesteps 4 --limit 20000 --batch 50 --epochs 3 --lr 5e-3 --flip "
           "--rate-weight 0.5 --settle 40 --check-limit 200 --bf16 --compile")


def cifar10():
    """The pair; batches 1 to 4 are trained on, of which --limit takes the first images, and batch 5 is held out."""
    for key, row, model in (("spikformer", "Spikformer", "--family spikformer"),
                            ("stas", "STAS (+ I-SPS + A-SSA, lexicographic)",
                             "--family stas %s --ponder 0.01" % LEXICOGRAPHIC)):
        yield Run("cifar10-" + key, "cifar10", row, 1, "cifar10", ["%s %s" % (CIFAR10, model)])


RUNS = [*mnist(), *pareto(), *cifar10()]
