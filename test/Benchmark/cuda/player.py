"""What cuda.sh asks of a plan that is played launch by launch, in a process of its own."""
import collections
import os

import numpy as np

from driver import Driver
from models import load, load_images, load_spikes
from steps import Plan, compare_spikes
from workers import serve

state = {}


def plan_of(task):
    """The plan of an artifact; that of the last stays loaded."""
    if "driver" not in state:
        state["driver"] = Driver()
    if state.get("artifact") != task["artifact"]:
        if "plan" in state:
            state.pop("plan").close()
        state["plan"] = Plan(task["stas"], {**os.environ, "LD_LIBRARY_PATH": task["libraries"]}, task["artifact"],
                             state["driver"])
        state["artifact"] = task["artifact"]
    return state["plan"]


def repeated(array, count):
    return np.concatenate([array] * -(-count // len(array)))[:count]


def spikes(task):
    """Whether the spikes of all layers are the CPU's."""
    expected = load_spikes(task["spikes"])
    count = next(iter(expected.values())).shape[1]
    plan = plan_of(task)
    if task["halting"] and plan.manifest["halting_order"] != "lexicographic":
        return {"skipped": "required tokens that halt in lexicographic order, found %s" % plan.manifest["halting_order"]}
    halting = np.load(task["halting"])[:count] if task["halting"] else None
    return compare_spikes(plan, load_images(task["images"])[:count], expected, halting)


def work_of(plan, work, halting):
    """Of each step, multiply-accumulates of an image and those times the products of bytes for each; of active tokens alone."""
    layers = [step["layer"].split(", ") if "launch" in step else [] for step in plan.steps]
    launches = collections.Counter(layer for names in layers for layer in names)
    found, seen, blocks = [], {}, plan.manifest["blocks"]
    for names in layers:
        macs = products = 0
        for layer in filter(work.get, names):
            each, limbs, times = work[layer]
            if launches[layer] == 1:  # of all timesteps
                each *= times
            else:
                pair = seen.get(layer, 0) * blocks + int(layer.split(".")[1])
                seen[layer] = seen.get(layer, 0) + 1
                each *= float((halting > pair).mean())
            macs, products = macs + each, products + each * limbs
        found.append((macs, products))
    return found


def steps(task):
    """The time of each launch, and what part of the GPU's rates it reaches.

    `products`: of the rate of products of bytes; `memory`: of the rate at which memory moves what the launch reads and writes,
    each once; `roofline`: the larger. The image's layer multiplies in 64 bits, on no tensor core.
    """
    plan, batch, rates = plan_of(task), task["batch"], task["rates"]
    images = repeated(load_images(task["images"]), batch)
    halting = repeated(np.load(task["halting"]), batch) if task["halting"] else None
    seconds = plan.seconds(images, range(len(plan.steps)), task["rounds"])
    first, behind = plan.encoder()
    whole = plan.seconds(images, [0, first, behind], task["rounds"])
    work, rows = work_of(plan, load(task["work"]), halting), []
    for step, time, (macs, products) in zip(plan.steps, seconds, work):
        row = {"layer": step["layer"], "kernel": step["launch"]["kernel"] if "launch" in step else "fill", "seconds": time}
        row["bytes"] = plan.traffic(step, batch)
        if rates:
            row["memory"] = row["bytes"] / rates["memory"] / time
            if macs and not row["kernel"].startswith("image"):
                row["products"] = 2 * products * batch / rates["bytes"] / time
            row["roofline"] = max(row["memory"], row.get("products", 0))
        rows.append(row)
    total = {"seconds": sum(whole), "encoder_seconds": whole[1] if behind > first else 0,
             "operations_per_image": 2 * sum(macs for macs, _ in work)}
    if rates:
        total["of_bf16_rate"] = total["operations_per_image"] * batch / rates["bfloat16"] / total["seconds"]
    layers = {}
    for row in rows:
        layers[row["layer"]] = layers.get(row["layer"], 0) + row["seconds"]
    return {"batch": batch, "architecture": plan.architecture, "total": total, "layers": layers, "steps": rows}


def encoder(task):
    """The time of the launches between the stem and the classifier, and of all."""
    plan = plan_of(task)
    first, behind = plan.encoder()
    whole = plan.seconds(repeated(load_images(task["images"]), task["batch"]), [0, first, behind], task["rounds"])
    return {"encoder_seconds": whole[1], "seconds": sum(whole)}


if __name__ == "__main__":
    serve(lambda task: {"spikes": spikes, "steps": steps, "encoder": encoder}[task["do"]](task))
