#!/usr/bin/env bash
# Formats every C++ file of the project, or with --check lists those that are not.
set -euo pipefail
cd "$(dirname "$0")/../.."
format=${CLANG_FORMAT:-/usr/lib/llvm-22/bin/clang-format}
case "${1:-}" in
  --check) options=(--dry-run --Werror) ;;
  "") options=(-i) ;;
  *) echo "usage: format.sh [--check]" >&2; exit 1 ;;
esac
find dialects include lib tools test \( -name '*.cpp' -o -name '*.h' \) -print0 | xargs -0 "$format" "${options[@]}"
