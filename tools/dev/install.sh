#!/usr/bin/env bash
# Installs the Debian 12 packages that stas is built, run and tested with. Does nothing where all are there.
set -euo pipefail

packages=(
  # Compiler, build and formatting; LLVM and MLIR are pinned to 22.1.
  g++ cmake ninja-build ccache git
  libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools clang-22 clang-format-22 clang-tidy-22 lld-22 liblld-22-dev
  # Import of checkpoints; the artifact's manifest and checksums; images; JSON.
  libtorch-dev libprotobuf-dev protobuf-compiler libssl-dev libpng-dev libjpeg-dev nlohmann-json3-dev
  # The baseline of placement on a chip.
  libmetis-dev
  # LLVM's own libraries refer to these.
  zlib1g-dev libzstd-dev libxml2-dev libcurl4-openssl-dev libedit-dev
  # Tests, and the PyTorch reference.
  libgtest-dev python3 python3-torch python3-numpy
  # The report's page is looked at in it.
  chromium
)

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = "install ok installed" ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "install: error: ${missing[*]}: required root or sudo to install, found neither" >&2; exit 1; }
  as_root=(sudo)
fi
echo "installing ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "install: error: apt-get could not install ${missing[*]}; LLVM 22 comes from the bookworm-security suite: see that apt uses it" >&2
  exit 1
fi
