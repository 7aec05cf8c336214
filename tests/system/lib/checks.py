# SPDX-License-Identifier: GPL-3.0-or-later
"""How a system test reports: one line a check, "ok NAME" or "not ok NAME: why". tests/run counts them."""
import traceback


def _one_line(text):
    return " | ".join(str(text).strip().splitlines())


def check(name, passed, why=""):
    """`why` says what was found instead; it is only told of a check that failed."""
    print(f"ok {name}" if passed else f"not ok {name}: {_one_line(why)}", flush=True)


def run(sections):
    """Functions that make checks, in order. One that cannot go on is a failed check of its own."""
    for section in sections:
        try:
            section()
        except Exception as error:  # pylint: disable=broad-except
            frame = traceback.extract_tb(error.__traceback__)[1]
            check(section.__doc__ or section.__name__, False, f"{type(error).__name__}: {error} (line {frame.lineno})")
    print("all checks ran", flush=True)
