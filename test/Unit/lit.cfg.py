"""The GoogleTest programs, each test case a test of its own."""
import os

import lit.formats

config.name = "stas-unit"
config.test_format = lit.formats.GoogleTest(".", "Tests")
config.suffixes = []
config.test_source_root = config.test_exec_root = os.path.join(config.stas_binary_dir, "test", "Unit")
lit_config.load_config(config, os.path.join(config.stas_source_dir, "test", "sanitizers.cfg.py"))
