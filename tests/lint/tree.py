# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks of this folder share: the files of the tree, and how a check reports."""
import os
import sys
from pathlib import Path

CPP = (".cpp", ".hpp")
SHELLS = ("bash", "sh")


def files(root, suffixes=None):
    """All source files of a tree, sorted; no build directories, whatever git knows of them."""
    for folder, folders, names in os.walk(root):
        at_top = Path(folder) == Path(root)
        folders[:] = sorted(
            name
            for name in folders
            if name not in (".git", "__pycache__") and not (at_top and name.startswith("build"))
        )
        for name in sorted(names):
            if suffixes is None or name.endswith(suffixes):
                yield Path(folder) / name


def lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def is_text(path):
    with open(path, "rb") as file:
        head = file.read(4096)
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > 4090  # a character cut in two
    return b"\0" not in head


def is_shell(path):
    """A shell script, by its name, its first line, or its word to shellcheck."""
    if path.suffix == ".sh":
        return True
    if path.suffix or not is_text(path):
        return False
    head = lines(path)[:3]
    interpreter = head[0].rsplit("/", 1)[-1].split()[-1:] if head and head[0].startswith("#!") else []
    return bool(interpreter) and interpreter[0] in SHELLS or "# shellcheck shell=bash" in head


def run(problems):
    """Runs a check over the tree named on the command line: one line a problem, exit 1 if any."""
    root = Path(sys.argv[1]).resolve()
    found = list(problems(root, *sys.argv[2:]))
    for problem in found:
        print(problem)
    print(f"{len(found)} problems")
    sys.exit(1 if found else 0)
