#!/usr/bin/env bash
# A GPU back end's check and measurement, in two halves: what has to be built is made where stas is, and what needs a GPU
# runs where one is and builds nothing.
#
#   cuda.sh prepare DIR [MODEL...]         checkpoints, images, artifacts of the GPU, logits and spikes of the CPU
#   cuda.sh run DIR OUT.json [OPTION...]   on the machine with the GPU; one JSON with everything that was found
#
# MODEL: of cuda/models.py, by default all: tiny tiny-act synth cifar10 4-384 4-384-act 8-512 8-768. DIR has all that `run`
# needs, this script too: DIR/scripts/test/Benchmark/cuda.sh. OPTION:
#
#   --models NAME...     of those that are prepared        --batch N...        1 8 64 256 1024
#   --precision P...     int16 int8                        --ways WAY...       of PyTorch: eager graph compile
#   --parts PART...      check sanitizer speed steps halting peers; --check: the first two
#   --limit SECONDS      that a step may take (180)        --budget SECONDS    for all
#
# A step that fails or takes too long is named in the JSON with why, and the others go on. The JSON is written after every step.
# One that is there is continued: what runs now takes the place of what it had.
#
# `run` exits 1 where a result differs from the CPU's, and where there is no GPU. With STAS_CUDA_DRIVER set to the driver library
# of the tests (build/test/lib/libcuda.so.1), `cuda.sh run DIR OUT.json --check --models tiny` executes all of it without a GPU.
#
# STAS names the program for `prepare` (build/bin/stas). PYTHON names the interpreter (python3), which needs numpy; `prepare`
# needs torch too, and so do the peers of `run`. PEERS names folders with SpikingJelly, one for each release and separated by
# ':', as `pip install --no-deps --target FOLDER` makes them: `prepare` copies them, `run` compares with each that works.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 2 ] || { sed -n '2,/^set/p' "$0" | sed -e '$d' -e 's/^# \{0,1\}//' >&2; exit 1; }
case $1 in
prepare | run) exec "${PYTHON:-python3}" "$here/cuda/$1.py" "${@:2}" ;;
*) echo "cuda.sh: required prepare or run, found '$1'" >&2; exit 1 ;;
esac
