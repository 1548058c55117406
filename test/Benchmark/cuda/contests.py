"""Which ways of PyTorch there are on this machine, and which of them is the fastest on a model."""
import glob
import os

from models import Failure
from workers import Worker

IMPLEMENTATIONS = ("torch", "cupy", "triton", "cuda")
KINDS = ("float16", "bfloat16", "autocast bfloat16", "autocast float16", "float32")
LARGE = 64  # batches whose arithmetic counts: what is under half as fast as the best of one is left out of the others
ORDER = (256, 1, 64, 1024, 8)  # what is aimed at first


class Contest:
    def __init__(self, measured, report):
        self.measured, self.runner, self.report = measured, measured.runner, report
        self.workers, self.slow = {}, {}

    def run(self):
        """Fills the report; yields after each measurement."""
        try:
            self.find()
            yield
            batches = self.measured.options.batch
            for batch in [b for b in ORDER if b in batches] + [b for b in batches if b not in ORDER]:
                yield from self.compare(batch)
        except Failure as failure:
            self.report["failed"] = str(failure)
        finally:
            for worker, _ in self.workers.values():
                worker.close()

    def find(self):
        """The backends of every SpikingJelly that is installed or was carried, by name; what does not work says why."""
        installed = os.environ.get("PYTHONPATH", "")
        plain = Worker("peers.py")
        self.workers["PyTorch"] = (plain, None)
        self.report["machine"] = self.runner.ask(plain, do="describe")
        self.report["backends"] = backends = {"PyTorch": "works"}
        for path in ("", *sorted(glob.glob(os.path.join(self.runner.folder, "python", "*")))):
            for backend in IMPLEMENTATIONS:
                worker = Worker("peers.py", {"PYTHONPATH": os.pathsep.join(filter(None, (path, installed))),
                                             "SJ_LIF_CUDA_IMPLEMENTATION": backend})
                found = worker.ask({"do": "attempt", "backend": backend}, self.runner.limit())
                if found.get("why") == "absent":
                    worker.close()
                    if not path:
                        backends["SpikingJelly"] = "absent"
                    break
                name = "SpikingJelly %s %s" % (found.get("version", "installed" if not path else os.path.basename(path)), backend)
                why = found.get("failed") or found.get("why")
                backends[name] = why or "works"
                if why:
                    worker.close()
                else:
                    self.workers[name] = (worker, backend)

    def measure(self, backend, kind, way, batch):
        """One way's row; a failure is one too."""
        worker, name = self.workers[backend]
        at = self.measured.at
        try:
            row = self.runner.ask(worker, do="measure", checkpoint=at("model.pth"), images=at("images.npz"), backend=name,
                                  logits=at("logits-float32.npy"), kind=kind, way=way, batch=batch)
        except Failure as failure:
            return {"failed": str(failure)}
        # Predictions of drawn weights are near ties: they count where the logits are still those of float32 in the main.
        row["counts"] = row["error"] < 0.5 if self.measured.is_drawn else row["agreement"] >= 0.99
        return row

    def compare(self, batch):
        """All ways of a batch size: eager and as graphs, then the best of them compiled."""
        ways = {}
        found = self.report.setdefault("batches", {})[str(batch)] = {"ways": ways}
        chosen = self.measured.options.ways
        for backend in self.workers:
            for kind in KINDS:
                for way in ("eager", "graph"):
                    name = "%s, %s, %s" % (backend, way, kind)
                    if way in chosen and batch >= LARGE and name in self.slow:
                        ways[name] = {"skipped": self.slow[name]}
                    elif way in chosen:
                        ways[name] = self.measure(backend, kind, way, batch)
                        summarise(found)
                        yield
        for name, row in ways.items() if batch >= LARGE else ():
            best = found.get(name.split(", ")[1], {}).get("images_per_second", 0)
            if row.get("images_per_second", best) < 0.5 * best:
                self.slow.setdefault(name, "not run: under half as fast as the best at batch %d" % batch)
        for backend, kind in fastest_pairs(ways) if "compile" in chosen else ():
            for way in ("compile", "compile graph"):
                if way == "compile" or "graph" in chosen:
                    ways["%s, %s, %s" % (backend, way, kind)] = self.measure(backend, kind, way, batch)
                    summarise(found)
                    yield
            self.workers[backend][0].close()


def fastest_pairs(ways):
    """What is compiled: with its fastest type, PyTorch's own neurons, which a compiler sees through, and the fastest others."""
    pairs = {}
    for name in sorted(ways, key=lambda name: -ways[name].get("images_per_second", 0)):
        backend, _, kind = name.split(", ")
        if ways[name].get("counts"):
            pairs.setdefault(backend == "PyTorch", (backend, kind))
    return pairs.values()


def summarise(found):
    """The fastest of all that count, of those that are eager, and of those that are graphs; by throughput and for a batch
    alone."""
    for key, chosen in (("best", ("eager", "graph", "compile", "compile graph")), ("eager", ("eager",)),
                        ("graph", ("graph", "compile graph"))):
        rows = {name: row for name, row in found["ways"].items() if row.get("counts") and name.split(", ")[1] in chosen}
        if not rows:
            continue
        fastest = max(rows, key=lambda name: rows[name]["images_per_second"])
        soonest = min(rows, key=lambda name: rows[name]["seconds_of_a_batch"])
        found[key] = {"way": fastest, "images_per_second": rows[fastest]["images_per_second"], "way_of_a_batch": soonest,
                      "seconds_of_a_batch": rows[soonest]["seconds_of_a_batch"]}
