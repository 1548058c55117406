#!/usr/bin/env bash
# Time and peak memory of import and compilation, on a drawn 4-384 and an 8-768 (66 M parameters), and of starting up.
#   test/Benchmark/compile_cost.sh
# Bounds: 4-384 compiles in <= 10 s; 8-768 in <= 60 s and <= 2 GiB, and is imported in <= 10 s and <= 1 GiB; `stas
# --version` takes < 50 ms.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
python=${STAS_PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
draw() { "$python" "$root/tools/stas-train" draw --family spikformer --timesteps 4 --seed 1 --no-calibrate "$@" >/dev/null 2>&1; }
draw --layout cifar --dim 384 --depth 4 --heads 12 --classes 10 -o "$work/4-384.pth"
draw --layout imagenet --dim 768 --depth 8 --heads 12 --classes 1000 -o "$work/8-768.pth"
measure() { # measure WHAT COMMAND...
  local what=$1
  shift
  "$python" - "$what" "$@" <<'END'
import resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"{sys.argv[1]:18} {seconds:8.3f} s {peak:8.0f} MiB" if code == 0 else f"{sys.argv[1]:18} failed")
sys.exit(code)
END
}
bin=$root/build/bin
measure "stas --version" "$bin/stas" --version
measure "import 8-768" "$bin/stas-import" "$work/8-768.pth" -o "$work/m.mlir"
measure "compile 4-384" "$bin/stas" compile "$work/4-384.pth" -o "$work/a.stas"
measure "compile 8-768" "$bin/stas" compile "$work/8-768.pth" -o "$work/b.stas"
