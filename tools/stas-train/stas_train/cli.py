"""Command line: one function per command. Progress goes to stderr, results to stdout."""
import argparse
import json
import sys

from .cli_input import add_input, open_input
from .cli_tools import add_compare, add_count, add_draw, add_trace
from .config import ORDERS
from .errors import UserError


def main(arguments=None):
    options = parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except UserError as e:
        sys.stderr.write("error: %s\n" % e)
        return 1
    except ModuleNotFoundError as e:
        if e.name not in ("numpy", "torch"):
            raise
        sys.stderr.write("error: %s: required the Python module %s, found none; run another Python, such as /usr/bin/python3 "
                         "with Debian's packages of tools/quickstart.sh, or install it\n" % (sys.executable, e.name))
        return 1


def parser():
    top = argparse.ArgumentParser(
        prog="stas-train",
        description="Train spiking transformers, and run them as the reference that compiled artifacts "
                    "are compared with.")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    commands.required = True
    for add in (add_synth, add_train, add_evaluate, add_draw, add_trace, add_count, add_compare):
        add(commands)
    return top


def add_synth(commands):
    p = commands.add_parser("synth", help="draw the synthetic ten-class data set")
    p.add_argument("--count", type=int, required=True, help="number of images")
    p.add_argument("--seed", type=int, required=True)
    p.add_argument("-o", "--out", required=True, help="file to write, CIFAR-10's .bin layout")
    p.set_defaults(run=synth)


def synth(o):
    from . import data
    from .progress import Bar
    from .synth import draw
    images, labels = draw(o.count, o.seed, Bar("draw", o.count))
    data.write_bin(o.out, images, labels)
    return 0


def add_train(commands):
    p = commands.add_parser("train", help="train a model",
                            formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("--data", choices=("cifar10", "synth", "mnist"), required=True)
    p.add_argument("--train", nargs="+", metavar="FILE",
                   help=".bin[.xz|.gz] files or folders; mnist: the folder of the four idx files; "
                        "synth: drawn from --synth-seed where missing")
    p.add_argument("--test", nargs="+", metavar="FILE", help="held-out data, as --train")
    p.add_argument("--train-count", type=int, default=40000, help="synth: images to draw")
    p.add_argument("--test-count", type=int, default=4000, help="synth: held-out images to draw")
    p.add_argument("--synth-seed", type=int, default=1, help="held-out images use the next seed")
    p.add_argument("--limit", type=int, help="use only the first LIMIT training images")
    p.add_argument("-o", "--out", required=True, help="checkpoint to write")
    p.add_argument("--init", metavar="CKPT", help="start from these weights; the model options say which model it is")
    m = p.add_argument_group("model")
    m.add_argument("--family", choices=("stas", "spikformer"), default="stas")
    m.add_argument("--dim", type=int, default=64, help="D, a multiple of 8 and of --heads")
    m.add_argument("--depth", type=int, default=2, help="blocks L")
    m.add_argument("--heads", type=int, default=4)
    m.add_argument("--timesteps", type=int, default=4)
    m.add_argument("--isps-after", choices=("stage0", "stem"), default="stage0")
    m.add_argument("--isps-reduce", choices=("mean", "sum"), default="mean")
    m.add_argument("--no-act", dest="act", action="store_false", help="stas: I-SPS alone, no halting")
    m.add_argument("--alpha", type=float, default=1.0, help="halting score: sigmoid(alpha x + beta)")
    m.add_argument("--beta", type=float, default=-2.0)
    m.add_argument("--eps", type=float, default=0.01)
    m.add_argument("--order", choices=ORDERS, default="lexicographic",
                   help="rectangular and timestep need --output rate")
    m.add_argument("--output", choices=("weighted", "rate"), default="weighted")
    r = p.add_argument_group("recipe")
    r.add_argument("--ponder", type=float, default=0.01, help="delta_p, weight of mean(rho)")
    r.add_argument("--epochs", type=int, default=20)
    r.add_argument("--stop-after", type=int,
                   help="end after so many epochs of the schedule (to go on with --init)")
    r.add_argument("--frozen-epochs", type=int, default=0,
                   help="last epochs with BN as in inference")
    r.add_argument("--batch", type=int, default=128)
    r.add_argument("--settle", type=int, default=50, help="batches to settle BN's running statistics on")
    r.add_argument("--lr", type=float, default=2e-3)
    r.add_argument("--warmup", type=float, default=0.03, help="part of the training")
    r.add_argument("--weight-decay", type=float, default=0.05)
    r.add_argument("--smoothing", type=float, default=0.0, help="label smoothing")
    r.add_argument("--clip", type=float, default=1.0, help="largest gradient norm")
    r.add_argument("--crop", type=int, default=0, help="shift by up to CROP pixels")
    r.add_argument("--flip", action="store_true", help="mirror half of the images")
    r.add_argument("--cutout", type=int, default=0, help="side of an erased square")
    r.add_argument("--rate-weight", type=float, default=0.0,
                   help="weight of the penalty on firing rates outside the two bounds")
    r.add_argument("--rate-low", type=float, default=0.06)
    r.add_argument("--rate-high", type=float, default=0.28)
    r.add_argument("--seed", type=int, default=0)
    r.add_argument("--bf16", action="store_true", help="bfloat16 autocast in training")
    r.add_argument("--compile", action="store_true", help="torch.compile the loss (torch 2)")
    r.add_argument("--threads", type=int)
    r.add_argument("--check-every", type=int, default=1, help="evaluate every N epochs")
    r.add_argument("--check-limit", type=int, default=2000,
                   help="held-out images used between the epochs; the end uses all")
    p.add_argument("--json", action="store_true", help="print the summary as JSON")
    p.set_defaults(run=train)


def _training_data(o):
    """((images, labels), (images, labels) or None, mean, std) for the options of `train`."""
    from . import config, data
    from .progress import Bar
    from .synth import draw
    if o.data == "mnist":
        if not o.train or len(o.train) != 1:
            raise UserError("--train", "the folder of MNIST's four idx files", repr(o.train),
                            "give one folder")
        return (data.read_mnist(o.train[0], "train"), data.read_mnist(o.train[0], "t10k"), [0.1307],
                [0.3081])
    if o.train:
        learn = data.read_many(o.train)
        held = data.read_many(o.test) if o.test else None
    elif o.data == "synth":
        learn = draw(o.train_count, o.synth_seed, Bar("draw", o.train_count))
        held = draw(o.test_count, o.synth_seed + 1)
    else:
        raise UserError("--train", "files or folders of CIFAR-10's binary batches", "nothing",
                        "give for instance --train data_batch_1.bin data_batch_2.bin")
    return learn, held, config.CIFAR10_MEAN, config.CIFAR10_STD


def train(o):
    import torch
    from . import evaluate
    from .checkpoint import read
    from .model import build
    from .train import Trainer, new_model, note
    if o.threads:
        torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    (images, labels), held, mean, std = _training_data(o)
    if o.limit:
        images, labels = images[:o.limit], labels[:o.limit]
    if len(images) < o.batch:
        raise UserError("--batch", "at most the %d training images" % len(images), str(o.batch),
                        "give a smaller batch or more data")
    model = new_model(o, images.shape[1], mean, std)
    if o.init:
        model = build(read(o.init)[0], model.config, o.init)
    trainer = Trainer(model, o)
    check = (held[0][:o.check_limit], held[1][:o.check_limit]) if held else None

    def on_epoch(entry):
        note(entry)
        trainer.store(o.out)
    history = trainer.fit(images, labels, check, on_epoch)
    figures = {"history": history}
    if held:
        figures["held_out"] = evaluate.summary(trainer.evaluate(*held))
    trainer.store(o.out)
    if o.json:
        print(json.dumps(figures, indent=1))
    elif held:
        print(evaluate.text(figures["held_out"]))
    return 0


def add_evaluate(commands):
    p = commands.add_parser("evaluate", help="run a checkpoint over images",
                            formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add_input(p, batch=100)
    p.add_argument("--logits", metavar="FILE", help="write float32 [M, classes]")
    p.add_argument("--steps", metavar="FILE", help="write int32 [M, N], the tokens' halting steps")
    p.add_argument("--no-statistics", action="store_true", help="no firing rates: for timing")
    p.add_argument("--json", action="store_true")
    p.set_defaults(run=evaluate_command)


def evaluate_command(o):
    import numpy as np
    from . import evaluate
    from .progress import Bar
    model, source = open_input(o)
    result = evaluate.run(model, source.batches(o.batch), not o.no_statistics,
                          Bar("evaluate", len(source)))
    if o.logits:
        np.save(o.logits, result["logits"])
    if o.steps:
        if "steps" not in result:
            raise UserError("--steps", "a model with halting", "none",
                            "leave the option out")
        np.save(o.steps, result["steps"])
    figures = evaluate.summary(result)
    print(json.dumps(figures, indent=1) if o.json else evaluate.text(figures))
    return 0
