#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Units as systemd reads them: check_units.py system|user UNIT...

systemd-analyze verify complains of a program that is not installed yet, so /bin/true takes its place;
a word it does not know is only a warning of it, and an error here.
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def problems(manager, units):
    with tempfile.TemporaryDirectory() as folder:
        copies = []
        for unit in units:
            text = Path(unit).read_text(encoding="utf-8")
            if left := re.search(r"@\w+@", text):
                yield f"{unit}: {left[0]} was not filled in"
            copies.append(Path(folder) / Path(unit).name)
            copies[-1].write_text(re.sub(r"^(Exec\w+=)\S+", r"\1/bin/true", text, flags=re.MULTILINE), encoding="utf-8")
        checked = subprocess.run(
            ["systemd-analyze", f"--{manager}", "verify", "--man=no", *copies],
            env={**os.environ, "XDG_RUNTIME_DIR": folder, "SYSTEMD_LOG_LEVEL": "notice"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        # Other units of this machine are not ours to judge.
        told = [line for line in checked.stdout.splitlines() if any(copy.name in line for copy in copies)]
        yield from told
        if checked.returncode != 0 and not told:
            yield f"systemd-analyze verify: exit {checked.returncode}: {checked.stdout}"


if __name__ == "__main__":
    found = list(problems(sys.argv[1], sys.argv[2:]))
    print(*found, f"{len(found)} problems", sep="\n")
    sys.exit(1 if found else 0)
