#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes random event scripts as AMI bytes: the same number, the same script."""
import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from random_scripts import mutations, script  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="number of the first script")
    parser.add_argument("--scripts", type=int, default=1)
    parser.add_argument("--level", choices=mutations.LEVELS, default="none")
    parser.add_argument("--only", help="calls of this kind alone, such as blind")
    options = parser.parse_args()
    for seed in range(options.seed, options.seed + options.scripts):
        version, events, truth = script.generate(seed, options.level, only=options.only)
        sys.stdout.buffer.write(script.encode(version, events, truth))


if __name__ == "__main__":
    main()
