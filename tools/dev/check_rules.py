#!/usr/bin/env python3
"""Lint: every numbered rule (conv2d.R1) stands in all four places, so that none is documented and not enforced, enforced
and not tested, or tested and not explained:

    ODS         dialects/<Dialect>/*.td, as a list item `- conv2d.R1: ...`
    verifier    dialects/<Dialect>/*.cpp or *.h
    spec        docs/Spec.md, as a list item
    test        test/Dialect/<Dialect>/invalid.mlir

Rules that MLIR's own machinery enforces (a type constraint, an inferred result type) are named in a comment at the place
where that is declared; the verifier column accepts it. An id belongs to one dialect; an op that shares
its name with one of another dialect puts the dialect before it (spike.add.R1).

    check_rules.py [--root FOLDER] [DIALECT...]     default: the dialects that docs/Spec.md treats
"""
import argparse
import pathlib
import re
import sys

RULE = r"(?<![\w.])((?:[a-z]+\.)?[a-z][a-z0-9_]*\.R[0-9]+)\b"
ITEM = re.compile(r"^\s*- (?:\*\*)?" + RULE, re.MULTILINE)


def read(paths):
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(paths))


def places(root, dialect, spec):
    folder = root / "dialects" / dialect
    return {
        "ODS (dialects/%s/*.td)" % dialect: set(ITEM.findall(read(folder.glob("*.td")))),
        "the verifier (dialects/%s/*.cpp)" % dialect:
            set(re.findall(RULE, read([*folder.glob("*.cpp"), *folder.glob("*.h")]))),
        "docs/Spec.md": spec,
        "test/Dialect/%s/invalid.mlir" % dialect:
            set(re.findall(RULE, read((root / "test/Dialect" / dialect).glob("invalid*.mlir")))),
    }


def sections(spec):
    """Dialect folder -> rules of its part of the spec. A part starts with `<!-- dialect: Folder -->`."""
    parts = re.split(r"<!-- dialect: (\w+) -->", spec)
    return {name: ITEM.findall(text) for name, text in zip(parts[1::2], parts[2::2])}


def main():
    parser = argparse.ArgumentParser(description="Every numbered rule stands in ODS, verifier, spec and test.")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("dialects", nargs="*")
    options = parser.parse_args()
    spec = sections((options.root / "docs/Spec.md").read_text(encoding="utf-8"))
    dialects = options.dialects or sorted(spec)
    problems, owner, count = [], {}, 0
    for dialect in dialects:
        rules = spec.get(dialect, [])
        for rule in sorted({rule for rule in rules if rules.count(rule) > 1}):
            problems.append("%s: stands twice in docs/Spec.md" % rule)
        found = places(options.root, dialect, set(rules))
        everywhere = set().union(*found.values())
        for rule in sorted(everywhere):
            for place, here in found.items():
                if rule not in here:
                    problems.append("%s: missing in %s" % (rule, place))
            if owner.setdefault(rule, dialect) != dialect:
                problems.append("%s: belongs to both %s and %s" % (rule, owner[rule], dialect))
        count += len(everywhere)
    for problem in problems:
        print(problem, file=sys.stderr)
    if not count:
        print("no rule found: docs/Spec.md names no dialect", file=sys.stderr)
        return 1
    print("%d rules of %s, %d problems" % (count, ", ".join(dialects), len(problems)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
