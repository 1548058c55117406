"""What the figures of a JSON say together: an artifact against PyTorch and the GPU's rates, and what is aimed at."""

# (what, batch and whom, at least how many times)
TARGETS = [("times the best of PyTorch, batch 256", ("256", "best"), 2.0),
           ("times the eager best of PyTorch, batch 256", ("256", "eager"), 5.0),
           ("times the best CUDA graph of PyTorch, batch 1", ("1", "graph"), 2.5),
           ("times the eager best of PyTorch, batch 1", ("1", "eager"), 8.0)]
MODELS = ("4-384", "8-512", "8-768", "synth", "cifar10")


def rate_of(everything, report):
    """bfloat16 operations a second: what PyTorch's largest product reached on this GPU, else the data sheet's."""
    machine = report.get("peers", {}).get("machine", {})
    for other in everything["models"].values():
        machine = machine if "bfloat16_rate" in machine else other.get("peers", {}).get("machine", {})
    return machine.get("bfloat16_rate") or (everything["rates_of_data_sheet"] or {}).get("bfloat16")


def ratios_of(report, everything):
    """{precision: {batch: an artifact's speed by that of PyTorch and by bfloat16 arithmetic at the GPU's rate}}"""
    ratios = {}
    for precision, batches in report.get("speed", {}).items():
        for batch, mine in batches.items() if isinstance(batches, dict) else ():
            row = ratios.setdefault(precision, {}).setdefault(batch, {})
            if "images_per_second" not in mine:
                continue
            theirs = report.get("peers", {}).get("batches", {}).get(batch, {})
            for key in ("best", "eager", "graph"):
                if key in theirs:
                    row[key] = mine["images_per_second"] / theirs[key]["images_per_second"]
                    row[key + "_of_a_batch"] = theirs[key]["seconds_of_a_batch"] / mine["seconds_of_a_batch"]
            operations = next((steps["total"]["operations_per_image"] for steps in report.get("steps", {}).get(precision, [])
                               if "total" in steps), None)
            rate = rate_of(everything, report)
            if operations and rate:
                row["of_bf16_rate"] = mine["images_per_second"] * operations / rate
    return ratios


def verdict(what, required, found, is_least=True):
    met = None if found is None else found >= required if is_least else found <= required
    return {"what": what, "required": required, "found": found, "met": met}


def targets_of(everything):
    """Each aim with what was found; null where nothing was."""
    models, rows = everything["models"], []
    for name in MODELS:
        for precision, batches in models.get(name, {}).get("ratios", {}).items():
            for what, (batch, key), required in TARGETS:
                # Batches one behind another, and one alone: the smaller ratio.
                found = [batches.get(batch, {}).get(each) for each in (key, key + "_of_a_batch")]
                rows.append(verdict("%s, %s: %s" % (name, precision, what), required, None if None in found else min(found)))
            if name == "4-384":
                found = [row["of_bf16_rate"] for row in batches.values() if "of_bf16_rate" in row]
                rows.append(verdict("%s, %s: part of the bfloat16 roofline" % (name, precision), 0.3, max(found, default=None)))
    for name, report in models.items():
        halting = report.get("halting", {})
        near = [row for row in halting.get("biases", []) if "encoder_ratio" in row and row["active"] >= 0.5]
        if "biases" in halting:
            least = min(near, key=lambda row: row["active"], default=None)
            rows.append(verdict("%s: encoder's time by that without halting, %s of the tokens active" % (
                name, "half" if least is None else "%.0f %%" % (100 * least["active"])), 0.65,
                least and least["encoder_ratio"], is_least=False))
    return rows
