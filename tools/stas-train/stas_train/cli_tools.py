"""Command line of draw, trace, count and compare."""
import argparse
import sys

from .cli_input import add_input, open_input
from .config import ORDERS
from .errors import UserError


def add_draw(commands):
    p = commands.add_parser("draw", help="write a random, calibrated network",
                            formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("--layout", choices=("cifar", "imagenet"), default="cifar")
    p.add_argument("--family", choices=("spikformer", "stas"), default="spikformer")
    p.add_argument("--dim", type=int, default=384)
    p.add_argument("--depth", type=int, default=4)
    p.add_argument("--heads", type=int, default=12)
    p.add_argument("--timesteps", type=int, default=4)
    p.add_argument("--classes", type=int, default=10)
    p.add_argument("--in-channels", type=int, default=3)
    p.add_argument("--image-size", type=int, help="32 or 224 by layout where missing")
    p.add_argument("--input", choices=("image", "frames"), default="image",
                   help="frames: the model takes [T, B, C, H, W]")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--isps-after", choices=("stage0", "stem"), default="stage0")
    p.add_argument("--isps-reduce", choices=("mean", "sum"), default="mean")
    p.add_argument("--no-act", dest="act", action="store_false", help="stas: I-SPS alone, no halting")
    p.add_argument("--alpha", type=float, default=0.8)
    p.add_argument("--beta", type=float, default=-1.8)
    p.add_argument("--eps", type=float, default=0.01)
    p.add_argument("--order", choices=ORDERS, default="lexicographic")
    p.add_argument("--output", choices=("weighted", "rate"), default="weighted")
    p.add_argument("--calibration-images", type=int, default=8)
    p.add_argument("--rates", metavar="FILE",
                   help="fire at a trained model's rates, layer by layer: what `evaluate --json` printed of it")
    p.add_argument("--no-calibrate", dest="calibrate", action="store_false",
                   help="leave BN as created: for timing only, the rates mean nothing")
    p.add_argument("--odd-channels", action="store_true",
                   help="in every BN a channel that never fires, one that always does, one of scale 0, "
                        "one of scale 1e-7")
    p.add_argument("--lif", action="append", default=[], metavar="KEY=VALUE",
                   help="a neuron attribute: tau, v_threshold, attn_v_threshold, v_reset, reset, "
                        "decay_input, compare")
    f = p.add_argument_group("form of the file")
    f.add_argument("--wrap", choices=("state_dict", "model", "model_ema", "state_dict_ema", "bare"),
                   default="state_dict")
    f.add_argument("--no-config", dest="with_config", action="store_false",
                   help="no config dict, as published Spikformer files")
    f.add_argument("--module-prefix", action="store_true", help="`module.` before every key")
    f.add_argument("--dtype", choices=("float32", "float16", "bfloat16"), default="float32")
    f.add_argument("--timm", action="store_true",
                   help="args (argparse.Namespace), optimizer state, epoch and so on")
    f.add_argument("--legacy", action="store_true", help="torch.save's format before 1.6")
    f.add_argument("--safetensors", action="store_true", help="write safetensors instead")
    p.add_argument("--threads", type=int)
    p.add_argument("-o", "--out", required=True)
    p.set_defaults(run=draw)


def draw(o):
    import json
    import torch
    from . import draw as drawing
    from .checkpoint import atomic, write_safetensors
    from .config import plain
    from .probe import Statistics
    if o.threads:
        torch.set_num_threads(o.threads)
    model = drawing.draw(o)
    config = plain(model.config)
    content = drawing.content(model, o, config)
    if o.safetensors:
        state = content if o.wrap == "bare" else content[o.wrap]
        write_safetensors(o.out, state, {"config": json.dumps(config)} if o.with_config else {})
    else:
        atomic(o.out, lambda name: torch.save(content, name,
                                              _use_new_zipfile_serialization=not o.legacy))
    print("parameters %d, entries %d" % (sum(p.numel() for p in model.parameters()),
                                         len(model.state_dict())))
    if o.calibrate:
        probe = Statistics()
        model.set_probe(probe)
        with torch.no_grad():
            model(drawing.inputs(model, o.calibration_images, o.seed + 3))
        print("firing rates on other images of the same kind")
        for name, rate in probe.rates().items():
            print("  %-28s %6.2f %%" % (name, 100 * rate))
    return 0


def add_trace(commands):
    p = commands.add_parser("trace", help="record every spike of the reference",
                            formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add_input(p, batch=16)
    p.add_argument("-o", "--out", required=True, help="folder to write")
    p.set_defaults(run=trace)


def trace(o):
    from . import trace as tracing
    from .progress import Bar
    model, source = open_input(o)
    layers = tracing.write(model, source.batches(o.batch), o.out, o.checkpoint,
                           Bar("trace", len(source)))
    for name, layer in layers.items():
        print("%-28s %6.2f %%  %s" % (name, 100 * layer["rate"], layer["shape"]))
    return 0


def add_count(commands):
    p = commands.add_parser("count", help="count synaptic operations from the tensors of a run",
                            formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add_input(p, batch=16)
    p.add_argument("--json", action="store_true")
    p.set_defaults(run=count)


def count(o):
    import json
    from . import count as counting
    from .progress import Bar
    model, source = open_input(o)
    result = counting.count(model, source.batches(o.batch), Bar("count", len(source)))
    print(json.dumps(result, indent=1) if o.json else counting.text(result))
    return 0


def add_compare(commands):
    p = commands.add_parser("compare", help="compare dumped spikes with a trace (needs no torch)",
                            formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("trace", help="folder written by `trace`")
    p.add_argument("dump", help="folder of <lif>.npy uint8 files (and logits.npy, steps.npy)")
    p.add_argument("--end-to-end", action="store_true",
                   help="no spikes: demand agreement of logits.npy and steps.npy")
    p.add_argument("--top1", type=float, default=0.995, help="least share of equal argmax")
    p.add_argument("--halting", type=float, default=0.99, help="least share of equal halting steps")
    p.add_argument("--excluded", type=float, default=1e-3,
                   help="largest share of steps excluded after tolerated flips")
    p.set_defaults(run=compare)


def compare(o):
    import os
    from . import compare as comparing
    for folder in (o.trace, o.dump):
        if not os.path.isdir(folder):
            raise UserError(folder, "a folder", "none", "correct the path")
    problems = []
    if not o.end_to_end:
        rows, problems = comparing.spikes(o.trace, o.dump, o.excluded)
        print(comparing.table(rows))
    limits = (o.top1, o.halting) if o.end_to_end else (None, None)
    lines, more = comparing.end_to_end(o.trace, o.dump, *limits)
    for line in lines:
        print(line)
    for problem in problems + more:
        sys.stderr.write("error: %s\n" % problem)
    return 1 if problems or more else 0
