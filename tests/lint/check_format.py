#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""C++ as clang-format 14 with the tree's .clang-format writes it: check_format.py ROOT [CLANG-FORMAT]."""
import re
import subprocess

import tree


def problems(root, program="clang-format"):
    checked = subprocess.run(
        [program, "--dry-run", "-Werror", "--style=file", *tree.files(root, tree.CPP)],
        cwd=root,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    first = {}
    for file, number in re.findall(r"^(/.+?\.[ch]pp):(\d+):\d+: error: ", checked.stderr, re.MULTILINE):
        first.setdefault(file, number)
    for file, number in first.items():
        yield f"{file}:{number}: not formatted; mend: {program} -i {file}"
    if checked.returncode != 0 and not first:
        yield f"{program} failed: {checked.stderr}"


if __name__ == "__main__":
    tree.run(problems)
