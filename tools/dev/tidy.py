#!/usr/bin/env python3
"""Lint: clang-tidy over the project's sources; .clang-tidy has the checks.

    tidy.py [--root FOLDER] [REGEX OF PATHS]     default: all of dialects, lib and tools

A source that passed is not looked at again while all that it depends on stays as it was: its own bytes and those of every
header that its build read, its compile command, .clang-tidy, and clang-tidy itself. What passed is kept by a hash of all
that, in ccache's folder or in the folder STAS_TIDY_CACHE; what failed never is, nor what is not built.
"""
import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time

CLANG_TIDY = "/usr/lib/llvm-22/bin/clang-tidy"
KEPT_DAYS = 30


def output(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True).stdout


@functools.lru_cache(maxsize=None)
def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def is_newer(path, other):
    """Whether a file was changed after another was written, or is gone."""
    return not os.path.exists(path) or os.stat(path).st_mtime_ns > os.stat(other).st_mtime_ns


class Sources:
    """What a build knows of its sources: how each is compiled, and what that reads."""

    def __init__(self, root):
        self.root, self.build = root, os.path.join(root, "build")
        self.setting = [output(CLANG_TIDY, "--version"), digest(os.path.join(root, ".clang-tidy"))]
        self.commands, self.read = {}, {}
        with open(os.path.join(self.build, "compile_commands.json"), encoding="utf-8") as file:
            for entry in json.load(file):
                self.commands.setdefault(self.path(entry["file"]), []).append(entry["command"])
        for block in output("ninja", "-C", self.build, "--quiet", "-t", "deps").split("\n\n"):
            head, *paths = block.splitlines() or [""]
            if head.endswith("(VALID)"):
                self.read[self.path(head.split(": #deps")[0])] = [self.path(path.strip()) for path in paths]

    def path(self, name):
        """The whole path of what the build names."""
        return os.path.normpath(os.path.join(self.build, name))

    def key(self, source):
        """The hash of all that the result of a source depends on; None where the build does not know that."""
        parts = list(self.setting)
        for command in self.commands[source]:
            words = shlex.split(command)
            made = self.path(words[words.index("-o") + 1])
            read = self.read.get(made)
            # What is newer than the object may read other headers than the object did.
            if not read or not os.path.exists(made) or any(is_newer(path, made) for path in read):
                return None
            parts.append(command)
            parts += [path + " " + digest(path) for path in read]
        # Another checkout of the same has the same result.
        return hashlib.sha256("\n".join(parts).replace(self.root, "").encode()).hexdigest()

    def tidy(self, source):
        """What clang-tidy says of a source; empty where it passes."""
        result = subprocess.run([CLANG_TIDY, "-quiet", "-p", self.build, source], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)
        if result.returncode == 0:
            return result.stdout.strip()
        return result.stdout.strip() or result.stderr.strip() or "clang-tidy: exit %d" % result.returncode


def cache_folder():
    """Where to keep what passed; None where nothing is kept."""
    folder = os.environ.get("STAS_TIDY_CACHE")
    if not folder and shutil.which("ccache"):
        folder = os.path.join(output("ccache", "-k", "cache_dir").strip(), "stas-tidy")
    if not folder:
        return None
    os.makedirs(folder, exist_ok=True)
    return pathlib.Path(folder)


def look(sources, cache, source):
    """What clang-tidy says of a source; None where it is known to pass."""
    key = sources.key(source) if cache else None
    if key and (cache / key).exists():
        (cache / key).touch()
        return None
    problems = sources.tidy(source)
    if key and not problems and sources.key(source) == key:  # and nothing was changed meanwhile
        (cache / key).touch()
    return problems


def main():
    parser = argparse.ArgumentParser(description="clang-tidy over the project's sources.")
    parser.add_argument("--root", type=os.path.abspath, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("paths", nargs="?", default="^(dialects|lib|tools)/", help="regular expression of sources to look at")
    options = parser.parse_args()
    root = str(options.root)
    if not os.path.exists(os.path.join(root, "build/compile_commands.json")):
        sys.exit("tidy: error: build/compile_commands.json: required, found none; run tools/dev/build.sh")
    sources, cache = Sources(root), cache_folder()
    names = [os.path.relpath(source, root) for source in sorted(sources.commands)]
    names = [name for name in names if re.search(options.paths, name) and not name.startswith(("..", "build/"))]
    if not names:
        sys.exit("tidy: error: %s: required a source of the build that matches, found none" % options.paths)

    known = failed = 0
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("STAS_JOBS", os.cpu_count()))) as pool:
        for name, problems in zip(names, pool.map(lambda name: look(sources, cache, os.path.join(root, name)), names)):
            known += problems is None
            failed += bool(problems)
            if problems:
                print("%s:\n%s\n" % (name, problems), flush=True)
    for entry in cache.iterdir() if cache else ():
        if time.time() - entry.stat().st_mtime > KEPT_DAYS * 24 * 3600:
            entry.unlink(missing_ok=True)
    print("%d sources, %d of them known to pass, %d failed" % (len(names), known, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
