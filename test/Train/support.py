"""Shared by the tests of tools/stas-train: import path, small models, a scratch folder."""
import contextlib
import io
import os
import shutil
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "stas-train"))

import torch  # noqa: E402

from stas_train import cli  # noqa: E402
from stas_train.layout import LAYOUTS, Shape  # noqa: E402
from stas_train.model import Model, resolve  # noqa: E402

torch.set_num_threads(1)


def small_model(seed=0, dim=16, depth=2, heads=2, layout="cifar", **config):
    """An untrained model in eval mode; `config`: groups and keys of a checkpoint's config."""
    torch.manual_seed(seed)
    shape = Shape(LAYOUTS[layout], dim, depth, 4 * dim, 3, 10)
    return Model(shape, resolve(dict({"heads": heads}, **config), shape)).eval()


def run(*arguments):
    """(exit status, stdout, stderr) of the command line, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = cli.main([str(a) for a in arguments])
        except SystemExit as e:
            status = e.code
    return status, out.getvalue(), err.getvalue()


class Scratch(unittest.TestCase):
    """Test case with a folder of its own, `self.path(name)`."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="stas-train-")
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)


__all__ = ["ROOT", "Scratch", "run", "small_model", "torch"]
