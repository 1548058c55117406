#!/usr/bin/env bash
# Installs what is missing, configures and builds: tools/dev/build.sh [TARGET...]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
"$root/tools/dev/install.sh"
log="$root/build/configure.log"
mkdir -p "$root/build"
if ! cmake -S "$root" --preset release >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
# Paths below the checkout count as relative, so that every clone finds what another has compiled.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
cmake --build "$root/build" -j "${STAS_JOBS:-$(nproc)}" --target "${@:-all}"
