"""Command line of what runs a checkpoint over images: evaluate, trace and count."""


def add_input(p, batch):
    p.add_argument("checkpoint")
    p.add_argument("--input", required=True,
                   help=".bin[.xz|.gz], a folder of them (mnist: of idx files), or .npy float32")
    p.add_argument("--labels", help=".npy of integers, for a .npy input")
    p.add_argument("--limit", type=int, help="only the first LIMIT images")
    p.add_argument("--config", help="JSON file with config keys; they win over the checkpoint's")
    p.add_argument("--threads", type=int)
    p.add_argument("--batch", type=int, default=batch)


def open_input(o):
    """(model, Source) of these options."""
    import torch
    from .checkpoint import load
    from .data import Source
    if o.threads:
        torch.set_num_threads(o.threads)
    model, config = load(o.checkpoint, o.config)
    return model, Source(o.input, config, o.limit, o.labels)
