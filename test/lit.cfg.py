"""Configuration of the lit tests. Run them with `ninja -C build check-stas` or llvm-lit on a folder of build/test."""
import os
import shutil

import lit.formats

config.name = "stas"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.join(config.stas_source_dir, "test")
config.test_exec_root = os.path.join(config.stas_binary_dir, "test")

tools = os.path.join(config.stas_binary_dir, "bin")
test_tools = os.path.join(config.stas_binary_dir, "test", "bin")
config.environment["PATH"] = os.pathsep.join([tools, test_tools, config.llvm_tools_dir, os.environ["PATH"]])

lit_config.load_config(config, os.path.join(config.stas_source_dir, "test", "sanitizers.cfg.py"))

# Every module that stas-opt reads is also printed and parsed back, as text and as bytecode.
config.substitutions += [
    ("%stas_opt", os.path.join(tools, "stas-opt")),  # in a script, where PATH says little
    ("%stas_source", config.stas_source_dir),
    ("%stas_build", config.stas_binary_dir),
    (r"(?<![\w/])stas-opt", os.path.join(tools, "stas-opt") + " --verify-roundtrip"),
    # Debian's Python has torch 1.13 and numpy; another python3 may come first on PATH.
    ("%python", os.environ.get("STAS_PYTHON", "/usr/bin/python3")),
    ("%stas_train", os.path.join(config.stas_source_dir, "tools", "stas-train")),
    ("%inputs", os.path.join(config.stas_source_dir, "test", "Inputs")),
    # A driver that executes the kernels of GPUs on the CPU: test/lib/CUDADriver.
    ("%cuda_driver_12_3", os.path.join(config.stas_binary_dir, "test", "lib", "libcuda-12.3.so.1")),
    ("%cuda_driver", os.path.join(config.stas_binary_dir, "test", "lib", "libcuda.so.1")),
    ("%data", os.environ.get("STAS_DATA", os.path.join(config.stas_source_dir, "..", "shared", "data"))),
]

if os.path.isdir(os.environ.get("STAS_DATA", os.path.join(config.stas_source_dir, "..", "shared", "data"))):
    config.available_features.add("data")
else:
    lit_config.note("no CIFAR-10/MNIST folder (STAS_DATA): the tests that need it are skipped")

if any(map(shutil.which, ("chromium", "chromium-headless-shell", "google-chrome"))):
    config.available_features.add("chromium")
else:
    lit_config.note("no Chromium (apt-get install chromium): the tests that look at reports in it are skipped")

# SANA-FE, another simulator, is a package of Python's that Debian does not have: name a Python that has it and numpy.
sana_fe = os.environ.get("STAS_SANA_FE_PYTHON")
config.substitutions.append(("%sana_fe_python", sana_fe or "false"))
if sana_fe:
    config.available_features.add("sana-fe")
else:
    lit_config.note("no SANA-FE (STAS_SANA_FE_PYTHON): the comparison with it is skipped")

# The assembler of the CUDA toolkit, where lib/Target/CUDA looks for it: what it says of kernels is checked
# by unit tests and by tests that require it.
cuda = [os.path.join(folder, "bin") for folder in (os.environ.get("CUDA_HOME"), "/usr/local/cuda") if folder]
if any(shutil.which("ptxas", path=path) for path in (os.environ["PATH"], *cuda)):
    config.available_features.add("ptxas")
else:
    lit_config.note("no ptxas (CUDA toolkit): the tests that GPU kernels assemble and spill no register are skipped")

# What this machine's CPU can do, for tests that run code which needs it: avx512_vnni, amx_int8, ...
with open("/proc/cpuinfo") as cpuinfo:
    flags = next((line.split(":")[1].split() for line in cpuinfo if line.startswith("flags")), [])
config.available_features.update(flags)
if "amx_int8" not in flags:
    if {"avx512_vnni", "avx512_vpopcntdq"} <= set(flags):
        lit_config.note("no AMX on this machine: its code is run by a program that does what its instructions would")
        config.available_features.add("emulated-tiles")
    else:
        lit_config.note("no AMX on this machine, nor AVX512-VNNI and VPOPCNTDQ to emulate it: what runs its code is left out of the tests")
