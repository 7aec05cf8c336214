#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A manual page that mandoc has nothing against, with the very options that the program has.

An option is described by a line that begins with it.

check_man.py PAGE [PROGRAM [SUBCOMMAND...]]   each SUBCOMMAND, e.g. "user add", has a --help of its own
"""
import re
import subprocess
import sys

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
# GLib's programs have more helps than one; they tell of the library, not of the program.
OF_THE_LIBRARY = re.compile(r"--help-.*|--gapplication-service")
# scdoc begins every paragraph with .PP, also where there is none to begin.
OF_SCDOC = re.compile(r"WARNING: skipping paragraph macro: PP (empty|after S[HS])$")


def options(text):
    return {option for option in OPTION.findall(text) if not OF_THE_LIBRARY.fullmatch(option)}


def output(command):
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.returncode, done.stdout


def problems(page, program=None, *subcommands):
    status, told = output(["mandoc", "-Tlint", "-Wwarning", page])
    yield from (line for line in told.splitlines() if not OF_SCDOC.search(line))
    if status != 0 and not told:
        yield f"mandoc failed with {status}"
    if program is None:
        return

    shown = set()
    for words in ["", *subcommands]:
        status, told = output([program, *words.split(), "--help"])
        if status != 0:
            yield f"{program} {words} --help: exit {status}: {told}"
        shown |= options(told)
    if not shown:
        yield f"{program} --help tells of no options"
    # In lines so long that no option is broken at its hyphen, and without overstrikes.
    text = re.sub(".\b", "", output(["mandoc", "-Tascii", "-Owidth=1000", page])[1])
    described = options("\n".join(re.findall(r"^ +--.*", text, re.MULTILINE)))
    for option in sorted(shown - described):
        yield f"{page}: {option} is in --help but not here"
    for option in sorted(described - shown):
        yield f"{page}: {option} is here but not in --help"


if __name__ == "__main__":
    found = list(problems(*sys.argv[1:]))
    print(*found, f"{len(found)} problems", sep="\n")
    sys.exit(1 if found else 0)
