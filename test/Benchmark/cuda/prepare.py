"""The half of cuda.sh that needs stas and torch: everything that the machine with the GPU does not make itself."""
import argparse
import json
import os
import shutil
import sys
import tempfile
import time

from models import (MODELS, PRECISIONS, ROOT, STAS, TRAIN, TRAINED, Failure, fail, names, run, store, store_difference,
                    store_images, store_spikes)

sys.path.insert(0, TRAIN)
REFERENCES = 256  # images whose float32 logits the peers are held against


def draw(model, checkpoint):
    """A checkpoint whose layers fire at the rates of a trained model, layer by layer where the layouts agree."""
    words = [sys.executable, TRAIN, "draw", *model["draw"].split(), "--calibration-images", model.get("calibration", 4),
             "-o", checkpoint]
    with tempfile.TemporaryDirectory() as folder:
        if "rates" in model:
            from stas_train.checkpoint import load
            from stas_train.draw import inputs
            import numpy
            trained, images = os.path.join(TRAINED, model["rates"]), os.path.join(folder, "rates.npy")
            numpy.save(images, inputs(load(trained)[0], 64, 5).numpy())
            rates = os.path.join(folder, "rates.json")
            with open(rates, "w") as file:
                file.write(run(sys.executable, TRAIN, "evaluate", trained, "--input", images, "--json"))
            words += ["--rates", rates]
        run(*words)


def with_beta(checkpoint, beta, path):
    """The checkpoint with another halting bias, or none: without halting."""
    import torch
    from stas_train.checkpoint import read
    state, config = read(checkpoint)
    config = dict(config)
    if beta is None:
        config.pop("act")
    else:
        config["act"] = {**config["act"], "beta": beta}
    torch.save({"state_dict": state, "config": config}, path)


def work_of(steps, precision):
    """{layer: [multiply-accumulates of an image each time it runs, products of bytes for each, how often it runs]} from what
    the launches of a plan of the CPU without halting compute. Weights of 16 bits are two bytes; int8 leaves them to the patch
    embedding."""
    work = {}
    for step in steps["steps"]:
        launch = step["launch"]
        what = launch.get("work")
        if not what or what["kind"] == "halting":
            continue
        rows, channels = what["rows"], what["channels"]
        if what["kind"] == "coincidence":
            each, values, limbs = 2 * rows * rows * channels, rows * channels, 1
        else:
            each, values = rows * what["fan_in"] * channels, rows * what["fan_in"]
            limbs = 2 if precision == "int16" or launch["layer"].startswith("patch_embed") else 1
            if "window" in what:
                window = what["window"]
                values = window["map"][0] * window["map"][1] * what["fan_in"] // (window["kernel"][0] * window["kernel"][1])
        elements = 1
        for extent in steps["buffers"][what["inputs"][0]]["dims"]:
            elements *= extent
        work[launch["layer"]] = [each, limbs, max(1, elements // values)]
    return work


def manifest_of(artifact):
    return json.loads(run(STAS, "dump", artifact, "--json"))


def prepare_precision(at, scratch, precision, model, images):
    """An artifact for a GPU, and what one for the CPU computes."""
    cpu = scratch("cpu.stas")
    run(STAS, "compile", at("model.pth"), "-o", cpu, "--precision=" + precision)
    manifest = manifest_of(cpu)
    halts = "halting_buffer" in manifest
    run(STAS, "run", cpu, "--input", images, "--output", at("logits-%s.npy" % precision), "--json",
        *(["--halting", at("halting-%s.npy" % precision)] if halts else []))
    run(STAS, "run", cpu, "--input", images, "--limit", model["spikes"], "--dump-spikes", scratch("spikes"), "--json")
    store_spikes(at("spikes-%s.npz" % precision), scratch("spikes"))
    shutil.rmtree(scratch("spikes"))
    start = time.time()
    run(STAS, "compile", at("model.pth"), "-o", at("cuda-%s.stas" % precision), "--target=cuda", "--precision=" + precision)
    seconds = time.time() - start
    if halts:
        with_beta(at("model.pth"), None, scratch("dense.pth"))
        run(STAS, "compile", scratch("dense.pth"), "-o", cpu, "--precision=" + precision)
        manifest = manifest_of(cpu)
    store(at("work-%s.json" % precision), work_of(manifest, precision))
    return seconds


def prepare_halting(at, scratch, model):
    """The same model without halting, and under several biases what makes its artifact one of them."""
    with_beta(at("model.pth"), None, scratch("dense.pth"))
    run(STAS, "compile", scratch("dense.pth"), "-o", at("dense-int16.stas"), "--target=cuda")
    for beta in model.get("betas", ()):
        # By the name of the checkpoint itself, which an artifact has in it.
        os.makedirs(scratch("beta"), exist_ok=True)
        variant = os.path.join(scratch("beta"), "model.pth")
        with_beta(at("model.pth"), beta, variant)
        run(STAS, "compile", variant, "-o", scratch("beta.stas"), "--target=cuda")
        store_difference(at("beta%g-int16.npz" % beta), at("cuda-int16.stas"), scratch("beta.stas"))


def reference_logits(checkpoint, images):
    """Of PyTorch in float32 on this machine's CPU."""
    import numpy
    import torch
    from stas_train.checkpoint import load
    model = load(checkpoint)[0].eval()
    parts = []
    with torch.inference_mode():
        for part in torch.as_tensor(images[:REFERENCES]).split(8):
            found = model(part)
            parts.append((found[0] if isinstance(found, tuple) else found).numpy())
    return numpy.concatenate(parts)


def prepare(name, folder):
    import numpy
    from stas_train.checkpoint import load
    from stas_train.draw import inputs
    start = time.time()
    model, at = MODELS[name], lambda file: os.path.join(folder, file)
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists(at("model.pth")):  # a drawn one is always the same
        if "trained" in model:
            shutil.copyfile(os.path.join(TRAINED, model["trained"]), at("model.pth"))
        else:
            draw(model, at("model.pth"))
    reference = load(at("model.pth"))[0]
    images = store_images(at("images.npz"), inputs(reference, model["images"], 77).numpy(), reference.config["mean"],
                          reference.config["std"])
    with tempfile.TemporaryDirectory() as work:
        scratch = lambda file: os.path.join(work, file)
        numpy.save(scratch("images.npy"), images)
        compiling = {p: prepare_precision(at, scratch, p, model, scratch("images.npy")) for p in PRECISIONS}
        if "act" in reference.config:
            prepare_halting(at, scratch, model)
    numpy.save(at("logits-float32.npy"), reference_logits(at("model.pth"), images))
    size = sum(os.path.getsize(at(file)) for file in os.listdir(folder))
    store(at("prepared.json"), {"compile_seconds": compiling, "seconds": time.time() - start, "bytes": size})
    print("prepared %s: %.1f MiB, %.0f s" % (name, size / 2**20, time.time() - start), flush=True)


def copy_program(folder):
    """stas, which needs no MLIR where it only runs artifacts, and the libraries that a bare machine may lack."""
    os.makedirs(folder, exist_ok=True)
    shutil.copy(STAS, folder)
    for line in run("ldd", STAS).splitlines():
        words = line.split()
        if len(words) > 2 and words[1] == "=>" and os.path.isabs(words[2]):
            name = os.path.basename(words[2])
            if not name.startswith(("libc.", "libm.", "libdl.", "libpthread.", "librt.", "ld-linux")):
                shutil.copy(words[2], folder)


def copy_packages(folder):
    """Folders of Python packages that the peers are to find, one for each version of SpikingJelly."""
    for i, source in enumerate(filter(None, os.environ.get("PEERS", "").split(os.pathsep))):
        if not os.path.isdir(source):
            fail("PEERS: required a folder of Python packages, found none at %s" % source)
        shutil.copytree(source, os.path.join(folder, str(i)), dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("__pycache__"))


def copy_scripts(folder):
    """What `run` needs of this source tree, in the same places."""
    for path in (os.path.join("test", "Benchmark", "cuda.sh"), os.path.join("test", "Benchmark", "cuda"),
                 os.path.join("tools", "stas-train")):
        source, target = os.path.join(ROOT, path), os.path.join(folder, path)
        if os.path.isdir(source):
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(source, target)


def main():
    parser = argparse.ArgumentParser(prog="cuda.sh prepare")
    parser.add_argument("folder")
    parser.add_argument("models", nargs="*")
    options = parser.parse_args()
    if not os.path.exists(STAS):
        fail("%s: required the program, found none; build it first, or name it by STAS" % STAS)
    chosen = names(options.models)
    copy_program(os.path.join(options.folder, "bin"))
    copy_scripts(os.path.join(options.folder, "scripts"))
    copy_packages(os.path.join(options.folder, "python"))
    for name in chosen:
        try:
            prepare(name, os.path.join(options.folder, name))
        except Failure as failure:
            fail("%s: %s" % (name, failure))


if __name__ == "__main__":
    main()
