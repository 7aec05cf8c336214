#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what meson ran: testlog.py LABEL TESTLOG_JSON prints "PASSED FAILED" on stdout.

What did not pass is told on stderr with the end of its output. A test that was skipped has shown
nothing and counts as failed; so does a run of no tests.
"""
import json
import sys

MAX_SHOWN = 40
PASSED = ("OK", "EXPECTEDFAIL")


def results(path):
    try:
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    except FileNotFoundError:
        return []


def main(label, path):
    ran = results(path)
    passed = sum(test["result"] in PASSED for test in ran)
    for test in ran:
        if test["result"] in PASSED:
            continue
        print(f"not ok {label}: {test['name']}: {test['result']}", file=sys.stderr)
        output = (test.get("stdout", "") + test.get("stderr", "")).splitlines()
        for line in output[-MAX_SHOWN:]:
            print(f"    | {line}", file=sys.stderr)
    if not ran:
        print(f"not ok {label}: no test ran", file=sys.stderr)
    print(passed, max(len(ran) - passed, 0 if ran else 1))


if __name__ == "__main__":
    main(*sys.argv[1:])
