#!/usr/bin/env bash
# Runs clang-tidy over the project's sources: tools/dev/tidy.sh [REGEX OF PATHS]
set -euo pipefail
cd "$(dirname "$0")/../.."
llvm=/usr/lib/llvm-22/bin
[ -f build/compile_commands.json ] || { echo "tidy: error: build/compile_commands.json: required, found none; run tools/dev/build.sh" >&2; exit 1; }
"$llvm/run-clang-tidy" -clang-tidy-binary "$llvm/clang-tidy" -quiet -p build -j "${STAS_JOBS:-$(nproc)}" \
  "${1:-^$PWD/(dialects|lib|tools)/}" 2>/dev/null | grep -E '(error|warning):' -A4 && exit 1
exit 0
