#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is a fresh recording told to everybody as the kept one is?

usage: told.py ASTCTID VERSION RECORDING TOLD
Prints the first difference and exits with 1. Which of two people, or of one's two calls, is told first is Asterisk's:
each call is compared by itself.
"""
import subprocess
import sys

PHONES = {"anna": ("201", "211"), "bert": ("202",), "carl": ("200",), "dora": ("203",), "erik": ("204",)}


def replay(astctid, version, recording):
    technology = "SIP" if version == "16" else "PJSIP"
    accounts = []
    for user, numbers in PHONES.items():
        accounts += ["--account", user + "=" + ",".join(f"{technology}/{number}" for number in numbers)]
    command = [astctid, "--replay", recording, "--least-rights", "--variable", "customer", *accounts]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def by_call(told):
    calls = {}
    for line in told.splitlines():
        calls.setdefault(tuple(line.split()[:2]), []).append(line)
    return calls


def main():
    astctid, version, recording, kept = sys.argv[1:]
    found = by_call(replay(astctid, version, recording))
    with open(kept, encoding="utf-8") as file:
        wanted = by_call(file.read())
    for call in sorted(set(found) | set(wanted)):
        now, before = found.get(call, []), wanted.get(call, [])
        if now != before:
            print(f"call {' '.join(call)} is told as {now}, not as {before}")
            return 1
    return 0


sys.exit(main())
