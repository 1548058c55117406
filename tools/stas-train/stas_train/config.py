"""A checkpoint's `config`: keys, defaults, checks.

The keys are those of the compiler's importer (`stas compile --config`). Groups are nested dicts,
`config['lif']['tau']`; flat dotted keys, `config['lif.tau']`, are accepted on reading.
"""
import copy

from .errors import UserError

CIFAR10_MEAN, CIFAR10_STD = [0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]
IMAGENET_MEAN, IMAGENET_STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]

# Spikformer's neuron (SpikingJelly's MultiStepLIFNode with tau = 2, and 0.5 in attn_lif).
LIF_DEFAULTS = {"tau": 2.0, "v_threshold": 1.0, "attn_v_threshold": 0.5, "v_reset": 0.0,
                "reset": "hard"}
# Two properties of the neuron that no published Spikformer changes; written only where not default.
LIF_EXTRA = {"decay_input": True, "compare": "ge"}
ISPS_DEFAULTS = {"after": "stage0", "reduce": "mean"}
ACT_DEFAULTS = {"alpha": None, "beta": None, "eps": 0.01, "order": "lexicographic",
                "output": "weighted"}
GROUPS = {"lif": dict(LIF_DEFAULTS, **LIF_EXTRA), "isps": ISPS_DEFAULTS, "act": ACT_DEFAULTS}
# What the model takes: one image for all timesteps, or one frame each. Written only where not default.
INPUT_DEFAULT = "image"
FLAT = ("family", "timesteps", "heads", "image_size", "in_channels", "input", "mean", "std",
        "attention_scale")
ORDERS = ("lexicographic", "rectangular", "timestep")
CHOICES = {"family": ("spikformer", "stas"), "input": ("image", "frames"), "lif.reset": ("hard", "soft"),
           "lif.compare": ("ge", "gt"), "isps.after": ("stage0", "stem"),
           "isps.reduce": ("mean", "sum"), "act.order": ORDERS,
           "act.output": ("weighted", "rate")}


def nest(config, where="config"):
    """`config` with every dotted key moved into its group; unknown keys are an error."""
    out = {}
    for key, value in config.items():
        group, _, leaf = key.partition(".")
        if leaf and group in GROUPS:
            out.setdefault(group, {})[leaf] = value
        elif key in GROUPS:
            if not isinstance(value, dict):
                raise UserError("%s: %s" % (where, key), "a dict", repr(value),
                                "nest the values, or write flat keys such as %s.%s"
                                % (key, next(iter(GROUPS[key]))))
            out.setdefault(key, {}).update(value)
        else:
            out[key] = value
    for key in out:
        if key not in FLAT and key not in GROUPS:
            raise UserError("%s: %s" % (where, key), "one of " + ", ".join(FLAT + tuple(GROUPS)),
                            "an unknown key", "remove it")
    for group, values in out.items():
        for leaf in values if group in GROUPS else ():
            if leaf not in GROUPS[group]:
                raise UserError("%s: %s.%s" % (where, group, leaf),
                                "one of " + ", ".join(GROUPS[group]), "an unknown key", "remove it")
    return out


def complete(config, where="config"):
    """A nested copy of `config` with every default that does not depend on the tensors filled in."""
    out = nest(copy.deepcopy(config), where)
    out.setdefault("family", "stas" if "act" in out or "isps" in out else "spikformer")
    out.setdefault("timesteps", 4)
    out.setdefault("attention_scale", 0.125)
    out.setdefault("input", INPUT_DEFAULT)
    out["lif"] = dict(GROUPS["lif"], **out.get("lif", {}))
    if out["family"] == "stas":
        # `isps` without `act` is I-SPS alone; family stas without either means both.
        if "act" in out or "isps" not in out:
            out["act"] = dict(ACT_DEFAULTS, **out.get("act", {}))
        out["isps"] = dict(ISPS_DEFAULTS, **out.get("isps", {}))
    for key in ("isps", "act"):
        if key in out and out["family"] != "stas":
            raise UserError("%s: %s" % (where, key), "family stas", str(out["family"]),
                            "remove the group or set family to stas")
    check(out, where)
    return out


def check(config, where):
    """Raises UserError for the first value of a complete config that is out of its domain."""
    for key, allowed in CHOICES.items():
        group, _, leaf = key.partition(".")
        if not leaf:
            value = config[group]
        elif group in config:
            value = config[group][leaf]
        else:
            continue
        if value not in allowed:
            raise UserError("%s: %s" % (where, key), " or ".join(allowed), repr(value),
                            "correct the key")
    for key in ("timesteps", "heads", "image_size", "in_channels"):
        if key in config and (not isinstance(config[key], int) or config[key] < 1):
            raise UserError("%s: %s" % (where, key), "an integer of at least 1", repr(config[key]),
                            "correct the key")
    if config["lif"]["tau"] <= 1.0:
        raise UserError("%s: lif.tau" % where, "a number above 1", repr(config["lif"]["tau"]),
                        "correct the key")
    if "act" not in config:
        return
    act = config["act"]
    for leaf in ("alpha", "beta"):
        if act[leaf] is None:
            raise UserError("%s: act.%s" % (where, leaf), "a number", "nothing",
                            "give the value that the model was trained with; it is never guessed")
    if act["order"] != "lexicographic" and act["output"] == "weighted":
        raise UserError("%s: act.output" % where, "rate with act.order = " + act["order"], "weighted",
                        "use output rate, or order lexicographic")


def plain(config):
    """What a checkpoint stores: every key present, plain Python types, extras only where set."""
    out = {}
    for key, value in config.items():
        if key in GROUPS:
            extra = LIF_EXTRA if key == "lif" else {}
            out[key] = {k: _plain(v) for k, v in value.items() if k not in extra or v != extra[k]}
        elif key != "input" or value != INPUT_DEFAULT:
            out[key] = _plain(value)
    return out


def _plain(value):
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value.item() if hasattr(value, "item") else value
