"""The half of cuda.sh that needs a GPU: whether results are the CPU's, and how fast they come. Builds nothing.

Every part of every model is written to the JSON as soon as it is there; what fails, hangs or is left out is named with why.
"""
import argparse
import json
import math
import os
import shutil
import sys
import tempfile
import time
import traceback

import numpy as np

from driver import Driver
from models import MODELS, PRECISIONS, Failure, apply_difference, fail, load, load_images, names, run, store
from ratios import ratios_of, targets_of
from workers import Worker

BATCHES = (1, 8, 64, 256, 1024)
PARTS = ("check", "sanitizer", "speed", "steps", "halting", "peers")
# Dense products of bytes and of bfloat16 numbers, operations a second, and bytes a second of memory, from NVIDIA's data
# sheets of the SXM boards.
RATES = {"A100": (624e12, 312e12, 2.0e12), "H100": (1979e12, 989e12, 3.35e12), "H200": (1979e12, 989e12, 4.8e12)}
SECONDS = 0.5  # that a measurement of `stas run` is to take


class Runner:
    def __init__(self, options):
        self.options, self.folder = options, os.path.abspath(options.folder)
        self.stas = os.path.join(self.folder, "bin", "stas")
        if not os.path.exists(self.stas):
            fail("%s: required what cuda.sh prepare made, found none" % self.stas)
        # For stas alone: a newer machine's programs want their own libraries.
        self.libraries = os.path.join(self.folder, "bin") + ":" + os.environ.get("LD_LIBRARY_PATH", "")
        self.env = {**os.environ, "LD_LIBRARY_PATH": self.libraries}
        self.player, self.end = Worker("player.py"), time.monotonic() + options.budget
        self.is_emulated = "STAS_CUDA_DRIVER" in os.environ

    def limit(self):
        """Seconds that the next step may take. Raises Failure when there are none left."""
        left = self.end - time.monotonic()
        if left < 1:
            raise Failure("not run: the %g s of --budget are over" % self.options.budget)
        return min(self.options.limit, left)

    def run(self, artifact, *words, before=()):
        return run(*before, self.stas, "run", artifact, *words, "--json", env=self.env, limit=self.limit())

    def ask(self, worker, **task):
        """A worker's answer; raises Failure."""
        found = worker.ask(task, self.limit())
        if "failed" in found:
            raise Failure(found["failed"])
        return found

    def play(self, what, artifact, **task):
        return self.ask(self.player, do=what, artifact=artifact, stas=self.stas, libraries=self.libraries, **task)


class Measured:
    """A model in a prepared folder, and what is found out about it."""

    def __init__(self, runner, name, rates, scratch):
        self.runner, self.name, self.rates, self.scratch = runner, name, rates, scratch
        self.options, self.is_drawn = runner.options, "draw" in MODELS[name]
        self.precisions = [p for p in self.options.precision if os.path.exists(self.at("cuda-%s.stas" % p))]
        if not self.precisions or not os.path.exists(self.at("images.npz")):
            raise Failure("required a model that cuda.sh prepare made, found none at %s" % self.at(""))
        self.images = load_images(self.at("images.npz"))
        np.save(self.new("images.npy"), self.images)

    def at(self, file):
        return os.path.join(self.runner.folder, self.name, file)

    def new(self, file):
        return os.path.join(self.scratch, file)

    def halting(self, precision):
        path = self.at("halting-%s.npy" % precision)
        return path if os.path.exists(path) else None

    def check(self, report):
        """Whether logits, halting steps and spikes are the CPU's, to the last bit."""
        for precision in self.precisions:
            found = report.setdefault(precision, {})
            yield
            words = ["--input", self.new("images.npy"), "--output", self.new("logits.npy")]
            if self.halting(precision):
                words += ["--halting", self.new("halting.npy")]
            artifact = self.at("cuda-%s.stas" % precision)
            try:
                self.runner.run(artifact, *words)
                expected, logits = np.load(self.at("logits-%s.npy" % precision)), np.load(self.new("logits.npy"))
                found["images"] = len(expected)
                found["different_logits"] = int((expected.view(np.uint32) != logits.view(np.uint32)).any(axis=1).sum())
                if self.halting(precision):
                    found["different_halting"] = int((np.load(self.halting(precision)) != np.load(self.new("halting.npy"))).sum())
            except Failure as failure:
                found["failed"] = str(failure)
            yield
            try:
                found["spikes"] = self.runner.play("spikes", artifact, images=self.at("images.npz"),
                                                   spikes=self.at("spikes-%s.npz" % precision), halting=self.halting(precision))
            except Failure as failure:
                found["spikes"] = {"failed": str(failure)}
            yield

    def sanitizer(self, report):
        """compute-sanitizer's verdicts of two images of a small model."""
        program = shutil.which("compute-sanitizer") or shutil.which("compute-sanitizer", path="/usr/local/cuda/bin")
        if not MODELS[self.name].get("small"):
            report["skipped"] = "not run: for small models alone"
        elif not program:
            report["skipped"] = "not run: required compute-sanitizer in PATH, found none"
        for tool in ("memcheck", "racecheck", "initcheck", "synccheck") if "skipped" not in report else ():
            for precision in self.precisions:
                try:
                    self.runner.run(self.at("cuda-%s.stas" % precision), "--input", self.new("images.npy"), "--limit", 2,
                                    "--batch", 2, before=(program, "--tool", tool, "--error-exitcode", "9"))
                    report["%s, %s" % (tool, precision)] = "clean"
                except Failure as failure:
                    report["%s, %s" % (tool, precision)] = str(failure)
                yield

    def repeated(self, count):
        path = self.new("repeated-%d.npy" % count)
        if not os.path.exists(path):
            for old in os.listdir(self.scratch):
                if old.startswith("repeated-"):
                    os.remove(self.new(old))
            np.save(path, np.take(self.images, range(count), axis=0, mode="wrap"))
        return path

    def timed(self, artifact, batch, count):
        return json.loads(self.runner.run(artifact, "--input", self.repeated(count), "--batch", batch))["seconds"]

    def throughput(self, artifact, batch):
        """Images a second, copies included, as many batches as the clock needs; and the seconds of a batch alone."""
        most = max(2 * batch, min(1 << 16, (1 << 30) // self.images[0].nbytes // batch * batch))
        count = min(most, 64 * batch) if not self.runner.is_emulated else 2 * batch
        seconds = self.timed(artifact, batch, count)
        while seconds < SECONDS and count < most:
            count = min(most, batch * math.ceil(1.5 * SECONDS / max(seconds, 1e-4) * count / batch))
            seconds = self.timed(artifact, batch, count)
        again = 0 if self.runner.is_emulated else 2
        for _ in range(again):
            seconds = min(seconds, self.timed(artifact, batch, count))
        return {"images": count, "images_per_second": count / seconds,
                "seconds_of_a_batch": min(self.timed(artifact, batch, batch) for _ in range(1 + again))}

    def speed(self, report):
        """Of `stas run`, which gives the GPU the whole plan as one graph."""
        for batch in self.options.batch:
            for precision in self.precisions:
                found = report.setdefault(precision, {})[str(batch)] = {}
                try:
                    found.update(self.throughput(self.at("cuda-%s.stas" % precision), batch))
                except Failure as failure:
                    found["failed"] = str(failure)
                yield

    def steps(self, report):
        """Of the launches one by one."""
        for precision in self.precisions:
            found = report.setdefault(precision, [])
            for batch in self.options.batch:
                try:
                    found.append(self.runner.play("steps", self.at("cuda-%s.stas" % precision), batch=batch, rates=self.rates,
                                                  images=self.at("images.npz"), work=self.at("work-%s.json" % precision),
                                                  halting=self.halting(precision), rounds=self.rounds()))
                except Failure as failure:
                    found.append({"batch": batch, "failed": str(failure)})
                yield

    def rounds(self):
        return 1 if self.runner.is_emulated else 10

    def encoder(self, artifact, batch):
        found = self.runner.play("encoder", artifact, batch=batch, images=self.at("images.npz"), rounds=self.rounds())
        return {**found, **self.throughput(artifact, batch)}

    def halting_biases(self, report):
        """The encoder's time when more or fewer tokens are active, against that of the same model without halting."""
        if not os.path.exists(self.at("dense-int16.stas")) or not os.path.exists(self.at("cuda-int16.stas")):
            report["skipped"] = "not run: nothing halts"
            return
        batch = 256 if 256 in self.options.batch else max(self.options.batch)
        report["batch"], variants = batch, report.setdefault("biases", [])
        try:
            report["without"] = self.encoder(self.at("dense-int16.stas"), batch)
        except Failure as failure:
            report["without"] = {"failed": str(failure)}
        yield
        for file in sorted(file for file in os.listdir(self.runner.folder + "/" + self.name) if file.startswith("beta")):
            row, artifact = {"beta": float(file[len("beta"):-len("-int16.npz")])}, self.new(file[:-len(".npz")] + ".stas")
            variants.append(row)
            try:
                apply_difference(self.at(file), self.at("cuda-int16.stas"), artifact)
                figures = json.loads(self.runner.run(artifact, "--input", self.new("images.npy")))
                row["active"] = figures["mean_blocks"] / len(figures["halting_histogram"])
                row.update(self.encoder(artifact, batch))
                row["encoder_ratio"] = row["encoder_seconds"] / report["without"]["encoder_seconds"]
            except Failure as failure:
                row["failed"] = str(failure)
            except KeyError:
                row["failed"] = "required the time without halting, found none"
            if os.path.exists(artifact):
                os.remove(artifact)
            yield
        variants.sort(key=lambda row: row.get("active", 0))

    def peers(self, report):
        if not os.path.exists(self.at("model.pth")):
            report["skipped"] = "not run: required %s, found none" % self.at("model.pth")
            return
        from contests import Contest
        yield from Contest(self, report).run()


def is_right(report):
    """Whether nothing of a model differed, failed or was found by the sanitizer."""
    if "failed" in report or "failed" in report.get("check", {}) or "failed" in report.get("sanitizer", {}):
        return False
    for check in report.get("check", {}).values():
        if "failed" in check or check["different_logits"] or check.get("different_halting"):
            return False
        if "failed" in check.get("spikes", {}) or check.get("spikes", {}).get("different"):
            return False
    sanitizer = {tool: verdict for tool, verdict in report.get("sanitizer", {}).items() if tool != "skipped"}
    return all(verdict == "clean" for verdict in sanitizer.values())


def arguments():
    parser = argparse.ArgumentParser(prog="cuda.sh run")
    parser.add_argument("folder")
    parser.add_argument("out")
    parser.add_argument("--models", nargs="+", default=[])
    parser.add_argument("--batch", nargs="+", type=int, default=list(BATCHES))
    parser.add_argument("--precision", nargs="+", choices=PRECISIONS, default=list(PRECISIONS))
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--check", dest="parts", action="store_const", const=["check", "sanitizer"],
                        help="whether results are right, no speed")
    parser.add_argument("--ways", nargs="+", choices=("eager", "graph", "compile"), default=["eager", "graph", "compile"],
                        help="of the peers")
    parser.add_argument("--limit", type=float, default=180, help="seconds that a step may take")
    parser.add_argument("--budget", type=float, default=float("inf"), help="seconds for all")
    return parser.parse_args()


def continued(out, gpu):
    """The JSON as an earlier run left it, or a new one."""
    if not os.path.exists(out):
        return {**gpu, "models": {}}
    everything = load(out)
    if everything.get("gpu") != gpu["gpu"]:
        fail("%s: required results of this GPU, %s, found those of %s; name another file" % (out, gpu["gpu"], everything.get("gpu")))
    return everything


def main():
    options = arguments()
    driver = Driver(is_used=False)
    runner = Runner(options)
    rates = next((rates for name, rates in RATES.items() if name in driver.name), None)
    rates = rates and dict(zip(("bytes", "bfloat16", "memory"), rates))
    chosen = options.models or [name for name in MODELS if os.path.isdir(os.path.join(options.folder, name))]
    everything = continued(options.out, {
        "gpu": driver.name, "architecture": driver.architecture, "multiprocessors": driver.multiprocessors,
        "memory_bytes": driver.memory, "driver": driver.version, "executed_on_a_cpu": runner.is_emulated,
        "rates_of_data_sheet": rates})
    wrong = []
    for name in names(chosen):
        report = everything["models"].setdefault(name, {})
        report.pop("failed", None)
        with tempfile.TemporaryDirectory() as scratch:
            try:
                measured = Measured(runner, name, rates, scratch)
                for part in options.parts:
                    start, report[part] = time.monotonic(), {}
                    steps = measured.halting_biases if part == "halting" else getattr(measured, part)
                    try:
                        for _ in steps(report[part]):
                            store(options.out, everything)
                    except Exception as error:  # of this part alone
                        traceback.print_exc()
                        report[part]["failed"] = "%s: %s" % (type(error).__name__, error)
                    report.setdefault("seconds", {})[part] = time.monotonic() - start
                    report.pop("ratios", None)  # comes last
                    report["ratios"] = ratios_of(report, everything)
                    everything["targets"] = targets_of(everything)
                    store(options.out, everything)
            except Failure as failure:
                report["failed"] = str(failure)
            finally:
                runner.player.close()
        if not is_right(report):
            wrong.append(name)
        print("%s: %s" % (name, report.get("failed") or ("not the CPU's results" if name in wrong else "right")), flush=True)
        store(options.out, everything)
    if wrong:
        fail("required the CPU's results on the GPU, found others or none of %s; %s has which" % (
            ", ".join(wrong), options.out))


if __name__ == "__main__":
    sys.exit(main())
