#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The naive model on a recording, as `astctid --replay`: naive_model.py replay FILE --account NAME=DEVICE[,DEVICE…]"""
import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from naive.replay import Replay  # noqa: E402


def account(text):
    name, _, devices = text.partition("=")
    return name, devices.split(",")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["replay"])
    parser.add_argument("file", help="what Asterisk sent, from its banner on; - is standard input")
    parser.add_argument("--pbx", default="pbx1")
    parser.add_argument("--account", type=account, action="append", default=[])
    parser.add_argument("--variable", action="append", default=[], help="a variable that is told besides calldata")
    parser.add_argument("--least-rights", action="store_true", help="as a manager user with read=call,agent,user")
    parser.add_argument("--ids", action="store_true", help="the call's id at the end of each line")
    options = parser.parse_args()
    file = sys.stdin.buffer if options.file == "-" else open(options.file, "rb")
    with file:
        data = file.read()
    replay = Replay(options.pbx, options.account, options.variable, options.least_rights, options.ids)
    for told in replay.lines(data):
        print(told)


if __name__ == "__main__":
    main()
