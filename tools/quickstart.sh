#!/usr/bin/env bash
# From a fresh Debian 12 to a compiled model: installs what is missing, builds, draws 1,000 labelled images, compiles the
# trained checkpoint for this CPU's baseline and compares it with PyTorch, image by image.
#   tools/quickstart.sh [CHECKPOINT [IMAGES.bin]]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
checkpoint=${1:-$root/test/Inputs/trained/stas-synth.pth}
images=${2:-}
python=${STAS_PYTHON:-/usr/bin/python3}
work=$root/build/quickstart
step() { printf '\n== %s\n' "$1"; }

[ -f "$checkpoint" ] || { echo "quickstart: error: $checkpoint: required a checkpoint, found no file of that name" >&2; exit 1; }
[ -z "$images" ] || [ -f "$images" ] || { echo "quickstart: error: $images: required images, found no file of that name" >&2; exit 1; }

step "build"
"$root/tools/dev/build.sh" stas stas-compile stas-import
mkdir -p "$work"
cd "$work"
bin=$root/build/bin

if [ -z "$images" ]; then
  step "draw 1,000 labelled images of the synthetic set"
  images=$work/images.bin
  "$python" "$root/tools/stas-train" synth --count 1000 --seed 2 -o "$images"
fi

step "compile"
"$bin/stas" compile "$checkpoint" -o model.stas

step "the same images in PyTorch"
"$python" "$root/tools/stas-train" evaluate "$checkpoint" --input "$images" --limit 1000 \
  --logits reference.npy --steps reference-steps.npy --no-statistics

step "run"
"$bin/stas" run model.stas --input "$images" --limit 1000 --stats \
  --reference reference.npy --reference-halting reference-steps.npy
