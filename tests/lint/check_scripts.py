#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shell scripts as shellcheck wants them, stopping at the first error: check_scripts.py ROOT [SHELLCHECK]."""
import os
import re
import subprocess

import tree


def problems(root, program="shellcheck"):
    scripts = [file for file in tree.files(root) if tree.is_shell(file)]
    if not scripts:
        yield f"{root}: no shell scripts"
        return
    checked = subprocess.run(
        [program, "--external-sources", "--source-path=SCRIPTDIR", "--format=gcc", *scripts],
        cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    yield from checked.stdout.splitlines()
    if checked.returncode != 0 and not checked.stdout:
        yield f"{program} failed with {checked.returncode}"
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        path = script.relative_to(root)
        if text.startswith("#!"):
            # What a POSIX shell has of it.
            wanted = "set -eu" if text.startswith("#!/bin/sh\n") else "set -euo pipefail"
            if not re.search(rf"^{wanted}$", text, re.MULTILINE):
                yield f"{path}:1: no {wanted}"
            if not os.access(script, os.X_OK):
                yield f"{path}:1: not executable"


if __name__ == "__main__":
    tree.run(problems)
