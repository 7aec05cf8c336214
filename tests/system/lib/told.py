#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is a fresh recording told to everybody as the kept one is?

usage: told.py ASTCTID VERSION RECORDING TOLD
Prints the first difference and exits with 1. What Asterisk does now in this order and now in that one is not compared:
which of two people, or of one's two calls, is told first; whether the name of who is called comes before it rings; which of
a person's two telephones rings first. The kept recordings themselves are compared to the byte by daemon/scenarios.
"""
import os
import re
import subprocess
import sys

# Until somebody answers, Asterisk rings the one and the other in turn, as often as it comes to that.
TRIES_AGAIN = "attended-transfer-recall.txt"
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
    answered = set()
    for line in told.splitlines():
        call = tuple(line.split()[:2])
        event = line.split()[2]
        if event in ("Answered", "Ended"):
            answered.add(call)
        if call not in answered:
            line = re.sub(r' own \S+ "[^"]*"', "", line)
            if " outbound " in line:
                if event == "Peer":
                    continue
                line = re.sub(r' outbound (\S+) "[^"]*"', r' outbound \1 ""', line)
        calls.setdefault(call, []).append(line)
    return calls


def without_attempts(calls):
    """The first call of each and those that were answered, numbered anew."""
    kept = {}
    for (user, number), told in calls.items():
        if number == "1" or any(" Answered " in line for line in told):
            place = str(1 + sum(other == user for other, _ in kept))
            kept[user, place] = [line.replace(f"{user} {number} ", f"{user} {place} ", 1) for line in told]
    return kept


def main():
    astctid, version, recording, kept = sys.argv[1:]
    found = by_call(replay(astctid, version, recording))
    with open(kept, encoding="utf-8") as file:
        wanted = by_call(file.read())
    if os.path.basename(recording) == TRIES_AGAIN:
        found, wanted = without_attempts(found), without_attempts(wanted)
    for call in sorted(set(found) | set(wanted)):
        now, before = found.get(call, []), wanted.get(call, [])
        if now != before:
            print(f"call {' '.join(call)} is told as {now}, not as {before}")
            return 1
    return 0


sys.exit(main())
