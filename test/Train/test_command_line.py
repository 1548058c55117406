"""The command itself, in a Python that lacks what it needs."""
import os
import subprocess
import sys
import unittest

import support

TRAIN = os.path.join(support.ROOT, "tools", "stas-train")
BLIND = "import runpy, sys; sys.modules[%r] = None; sys.argv = %r; runpy.run_path(%r, run_name='__main__')"
NOWHERE = os.path.join(os.devnull, "x")


class CommandLine(unittest.TestCase):
    def test_a_missing_module_is_named(self):
        for module, words in (("numpy", ["synth", "--count", "1", "--seed", "1", "-o", NOWHERE]),
                              ("torch", ["evaluate", NOWHERE, "--input", NOWHERE])):
            code = BLIND % (module, ["stas-train", *words], TRAIN)
            result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertIn("error: %s: required the Python module %s, found none" % (sys.executable, module), result.stderr)
            self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)


if __name__ == "__main__":
    unittest.main()
