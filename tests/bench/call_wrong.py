#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts pop-ups at the wrong desk, missed and double ones over random calls, of which it is known whom they are for.

usage: call_wrong.py ASTCTID [--calls N] [--seed N]
Prints "calls N wrong W missed M double D"; what was wrong, and progress, to standard error.
"""
import argparse
import itertools
import multiprocessing
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import call_checks  # noqa: E402
from random_scripts import script  # noqa: E402
from random_scripts.calls import DESKS  # noqa: E402

BATCH = 100  # scripts a program
ACCOUNTS = {account: [f"{technology}/{number}" for technology in ("PJSIP", "SIP") for number in numbers]
            for account, numbers in DESKS.items()}
ACCOUNTS[list(ACCOUNTS)[-1]].append("Local/205@from-queue")


def count(job):
    astctid, first = job
    scripts = [script.encode(*script.generate(seed, "none")) for seed in range(first, first + BATCH)]
    data = b"".join(one if one.endswith(script.END_OF_SCRIPT) else one + script.END_OF_SCRIPT for one in scripts)
    command = [astctid, "--replay", "-", "--ids", "--least-rights"]
    for account, devices in ACCOUNTS.items():
        command += ["--account", f"{account}={','.join(devices)}"]
    told = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout.decode().split("---\n")
    counts, notes = Counter(), []
    for seed, one, lines in zip(range(first, first + BATCH), scripts, told):
        judged, found = call_checks.judge(one, lines.splitlines())
        counts["calls"] += len({each.number for each in call_checks.expectations(one)})
        counts.update(judged)
        notes += [f"script {seed}: {note}" for note in found]
    return counts, notes


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("astctid")
    parser.add_argument("--calls", type=int, default=100000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    total, told = Counter(), time.monotonic()
    jobs = ((options.astctid, first) for first in itertools.count(options.seed, BATCH))
    with multiprocessing.Pool(os.cpu_count()) as pool:
        while total["calls"] < options.calls:
            for counts, notes in pool.imap(count, list(itertools.islice(jobs, 2 * os.cpu_count()))):
                total.update(counts)
                for note in notes:
                    print(note, file=sys.stderr)
            if time.monotonic() - told > 10:
                told = time.monotonic()
                print(f"{total['calls']} of {options.calls} calls", file=sys.stderr)
    print(f"calls {total['calls']} wrong {total['wrong']} missed {total['missed']} double {total['double']}")


if __name__ == "__main__":
    main()
