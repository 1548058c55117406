"""The half of cuda.sh that needs stas and torch: everything that the machine with the GPU does not make itself."""
import argparse
import json
import os
import shutil
import sys

from models import MODELS, PRECISIONS, STAS, TRAIN, TRAINED, fail, names, run, store

sys.path.insert(0, TRAIN)


def draw(model, folder, checkpoint):
    """A checkpoint whose layers fire at the rates of a trained model, layer by layer where the layouts agree."""
    words = [sys.executable, TRAIN, "draw", *model["draw"].split(), "--calibration-images", model.get("calibration", 4),
             "-o", checkpoint]
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


def work_of(steps, precision):
    """{layer: (multiply-accumulates of an image, products of bytes for each)} from what the launches of a plan of the CPU compute;
    nothing of one that halts. Weights of 16 bits are two bytes; int8 leaves them to the patch embedding."""
    work = {}
    for step in steps["steps"]:
        if "launch" not in step:
            return None
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
        work[launch["layer"]] = (each * max(1, elements // values), limbs)
    return work


def prepare(name, folder):
    import numpy
    from stas_train.checkpoint import load
    from stas_train.draw import inputs
    model, at = MODELS[name], lambda file: os.path.join(folder, file)
    os.makedirs(folder, exist_ok=True)
    if "trained" in model:
        shutil.copyfile(os.path.join(TRAINED, model["trained"]), at("model.pth"))
    else:
        draw(model, folder, at("model.pth"))
    numpy.save(at("images.npy"), inputs(load(at("model.pth"))[0], model["images"], 77).numpy())
    for precision in PRECISIONS:
        cpu, flags = at("cpu-%s.stas" % precision), ["--input", at("images.npy")]
        run(STAS, "compile", at("model.pth"), "-o", cpu, "--precision=" + precision)
        manifest = json.loads(run(STAS, "dump", cpu, "--json"))
        halts = "halting_buffer" in manifest
        run(STAS, "run", cpu, *flags, "--output", at("logits-%s.npy" % precision), "--json",
            *(["--halting", at("halting-%s.npy" % precision)] if halts else []))
        run(STAS, "run", cpu, *flags, "--limit", model["spikes"], "--dump-spikes", at("spikes-" + precision), "--json")
        run(STAS, "compile", at("model.pth"), "-o", at("cuda-%s.stas" % precision), "--target=cuda",
            "--precision=" + precision)
        store(at("work-%s.json" % precision), work_of(manifest, precision))
        os.remove(cpu)
    print("prepared", name, flush=True)


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


def main():
    parser = argparse.ArgumentParser(prog="cuda.sh prepare")
    parser.add_argument("folder")
    parser.add_argument("models", nargs="*")
    options = parser.parse_args()
    if not os.path.exists(STAS):
        fail("%s: required the program, found none; build it first, or name it by STAS" % STAS)
    for name in names(options.models):
        prepare(name, os.path.join(options.folder, name))
    copy_program(os.path.join(options.folder, "bin"))


if __name__ == "__main__":
    main()
