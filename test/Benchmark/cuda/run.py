"""The half of cuda.sh that needs a GPU: whether results are the CPU's, and how fast they come. Builds nothing."""
import argparse
import json
import os
import shutil
import subprocess
import sys

import numpy as np

from driver import Driver
from models import MODELS, PRECISIONS, fail, load, names, store
from steps import Plan, compare_spikes

BATCHES = (1, 8, 64, 256, 1024)
# Dense products of bytes and of bfloat16 numbers, 10^12 operations a second, and bytes a second of memory, from NVIDIA's data
# sheets of the SXM boards.
RATES = {"A100": (624, 312, 2.0e12), "H100": (1979, 989, 3.35e12), "H200": (1979, 989, 4.8e12)}


class Runner:
    def __init__(self, folder, driver):
        self.folder, self.driver = folder, driver
        self.stas = os.path.join(folder, "bin", "stas")
        if not os.path.exists(self.stas):
            fail("%s: required what cuda.sh prepare made, found none" % self.stas)
        self.env = {**os.environ, "LD_LIBRARY_PATH": os.path.join(folder, "bin") + ":" + os.environ.get("LD_LIBRARY_PATH", "")}
        os.environ["LD_LIBRARY_PATH"] = self.env["LD_LIBRARY_PATH"]
        self.rates = next((rates for name, rates in RATES.items() if name in driver.name), None)

    def run(self, *words, before=()):
        return subprocess.run([*before, self.stas, "run", *map(str, words)], capture_output=True, text=True, env=self.env)

    def check(self, at, precision):
        """Whether logits, halting steps and spikes are the CPU's."""
        artifact, out = at("cuda-%s.stas" % precision), at("gpu-logits.npy")
        words = [artifact, "--input", at("images.npy"), "--output", out, "--json"]
        halting = at("halting-%s.npy" % precision)
        if os.path.exists(halting):
            words += ["--halting", at("gpu-halting.npy")]
        result = self.run(*words)
        if result.returncode != 0:
            return {"failed": result.stderr[-2000:]}
        expected, found = np.load(at("logits-%s.npy" % precision)), np.load(out)
        report = {"images": len(expected),
                  "different_logits": int((expected.view(np.uint32) != found.view(np.uint32)).any(axis=1).sum())}
        if os.path.exists(halting):
            report["different_halting"] = int((np.load(halting) != np.load(at("gpu-halting.npy"))).sum())
        else:  # a halted token's rows keep what they held: spikes of a model without halting alone
            plan = Plan(self.stas, artifact, self.driver)
            folder = at("spikes-" + precision)
            images = np.load(at("images.npy"))
            count = np.load(os.path.join(folder, sorted(os.listdir(folder))[0])).shape[1]
            report["spikes"] = compare_spikes(plan, images[:count], folder)
        return report

    def sanitize(self, at, precision):
        """compute-sanitizer's verdicts of a few images; nothing where there is none."""
        program = shutil.which("compute-sanitizer")
        if not program:
            return None
        verdicts = {}
        for tool in ("memcheck", "racecheck", "initcheck", "synccheck"):
            result = self.run(at("cuda-%s.stas" % precision), "--input", at("images.npy"), "--limit", 2, "--batch", 2, "--json",
                              before=(program, "--tool", tool, "--error-exitcode", "9"))
            verdicts[tool] = "clean" if result.returncode == 0 else (result.stdout + result.stderr)[-2000:]
        return verdicts

    def speed(self, at, precision, batch, images):
        """Images a second end to end, copies included, and without the steps of the batches around them."""
        result = self.run(at("cuda-%s.stas" % precision), "--input", images, "--batch", batch, "--json")
        if result.returncode != 0:
            return {"failed": result.stderr[-2000:]}
        figures = json.loads(result.stdout)
        return {"images": figures["images"], "images_per_second": figures["images"] / figures["seconds"]}

    def steps(self, at, precision, batch, images):
        """The time of each launch, and what part of the GPU's rate its products are."""
        plan = Plan(self.stas, at("cuda-%s.stas" % precision), self.driver)
        seconds = plan.seconds(images[:batch], rounds=10)
        work = load(at("work-%s.json" % precision)) or {}
        rows = []
        for step, time in zip(plan.steps, seconds):
            row = {"layer": step["layer"], "kernel": step["launch"]["kernel"] if "launch" in step else "fill", "seconds": time}
            of_layers = [work[layer] for layer in step["layer"].split(", ") if layer in work] or [(0, 0)]
            macs, limbs = sum(macs for macs, _ in of_layers), of_layers[0][1]
            if macs and self.rates and not row["kernel"].startswith("image"):  # whose products are not of bytes
                row["roofline"] = 2 * macs * limbs * batch / (self.rates[0] * 1e12) / time
            rows.append(row)
        total = {"seconds": sum(seconds)}
        if work and self.rates:
            total["of_bf16_rate"] = 2 * sum(macs for macs, _ in work.values()) * batch / (self.rates[1] * 1e12) / sum(seconds)
        return {"batch": batch, "architecture": plan.architecture, "total": total, "steps": rows}


def repeated(images, count):
    return np.concatenate([images] * -(-count // len(images)))[:count]


def measure(runner, at, report, precision, options):
    base = np.load(at("images.npy"))
    for batch in options.batch:
        file = at("images-%d.npy" % batch)
        # Enough for the graph to be launched many times, as much as memory allows.
        np.save(file, repeated(base, max(batch * 4, min(2048, batch * 64, (1 << 30) // base[0].nbytes))))
        report.setdefault("speed", {}).setdefault(precision, {})[str(batch)] = runner.speed(at, precision, batch, file)
        os.remove(file)
        if options.steps:
            report.setdefault("steps", {}).setdefault(precision, []).append(
                runner.steps(at, precision, batch, repeated(base, batch)))


def is_right(report):
    """Whether nothing of a model differed, failed or was found by the sanitizer."""
    for check in report["check"].values():
        if "failed" in check or check["different_logits"] or check.get("different_halting") or \
                check.get("spikes", {}).get("different"):
            return False
    return all(verdict == "clean" for verdict in (report.get("sanitizer") or {}).values())


def main():
    parser = argparse.ArgumentParser(prog="cuda.sh run")
    parser.add_argument("folder")
    parser.add_argument("out")
    parser.add_argument("--models", nargs="+", default=[])
    parser.add_argument("--batch", nargs="+", type=int, default=list(BATCHES))
    parser.add_argument("--no-peers", dest="peers", action="store_false")
    parser.add_argument("--no-steps", dest="steps", action="store_false")
    parser.add_argument("--no-sanitizer", dest="sanitizer", action="store_false")
    parser.add_argument("--check", action="store_true", help="whether results are right, no speed")
    options = parser.parse_args()
    driver = Driver()
    runner = Runner(os.path.abspath(options.folder), driver)
    chosen = options.models or [name for name in MODELS if os.path.isdir(os.path.join(options.folder, name))]
    everything = {"gpu": driver.name, "architecture": driver.architecture, "executed_on_a_cpu": "STAS_CUDA_DRIVER" in os.environ,
                  "models": {}}
    wrong = []
    for name in names(chosen):
        at = lambda file, name=name: os.path.join(runner.folder, name, file)
        if not os.path.exists(at("images.npy")):
            fail("%s: required a model that cuda.sh prepare made, found none" % at(""))
        report = everything["models"][name] = {"check": {p: runner.check(at, p) for p in PRECISIONS}}
        if options.sanitizer and MODELS[name].get("small"):
            report["sanitizer"] = runner.sanitize(at, "int16")
        if not options.check:
            for precision in PRECISIONS:
                measure(runner, at, report, precision, options)
            if options.peers:
                from peers import measure_peers
                report["peers"] = measure_peers(at("model.pth"), np.load(at("images.npy")), options.batch)
        if not is_right(report):
            wrong.append(name)
        print("%s: %s" % (name, "not the CPU's results" if name in wrong else "right"), flush=True)
        store(options.out, everything)  # after each model: what was found stays
    if wrong:
        fail("required the CPU's results on the GPU, found others of %s; %s has which" % (", ".join(wrong), options.out))


if __name__ == "__main__":
    sys.exit(main())
