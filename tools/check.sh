#!/usr/bin/env bash
# Everything that must hold: formatting, lints, every test. Installs and builds first what is missing.
#   tools/check.sh [FOLDER OF test/ ...]    without a folder: all, clang-tidy included
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
llvm=/usr/lib/llvm-22/bin
passed=0 failed=0 skipped=0
check() { # check NAME COMMAND...
  local name=$1 log
  shift
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    echo "PASS: $name"
  else
    failed=$((failed + 1))
    tail -n 60 "$log"
    echo "FAIL: $name"
  fi
  rm -f "$log"
}

"$root/tools/dev/build.sh" all stas-tests || { echo "0 passed, 1 failed"; exit 1; }

if [ $# -eq 0 ]; then
  check "formatting" "$root/tools/dev/format.sh" --check
  check "lints" "$root/tools/dev/tidy.py"
fi

folders=("${@/#/$root/build/test/}")
[ $# -gt 0 ] || folders=("$root/build/test")
report=$(mktemp)
trap 'rm -f "$report"' EXIT
"$llvm/lit" -v --xunit-xml-output="$report" "${folders[@]}"
lit=$?
# lit's own report says how many; a test that is skipped says so above.
counts=$(/usr/bin/python3 - "$report" <<'END'
import sys, xml.etree.ElementTree as tree
suites = tree.parse(sys.argv[1]).getroot().iter("testsuite")
total = failed = skipped = 0
for suite in suites:
    total += int(suite.get("tests", 0)); failed += int(suite.get("failures", 0)); skipped += int(suite.get("skipped", 0))
print(total - failed - skipped, failed, skipped)
END
) || { echo "0 passed, 1 failed"; exit 1; }
read -r ok bad left <<<"$counts"
passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + left))
[ $lit -eq 0 ] || [ "$bad" -gt 0 ] || failed=$((failed + 1))
[ "$skipped" -eq 0 ] || echo "$skipped tests were skipped: they need data that is not here (see the notes above)"
echo
if [ "$skipped" -eq 0 ]; then echo "$passed passed, $failed failed"; else echo "$passed passed, $failed failed, $skipped skipped"; fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
