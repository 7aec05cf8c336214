# SPDX-License-Identifier: GPL-3.0-or-later
"""How a system test reports: one line a check, "ok NAME" or "not ok NAME: why", which tests/run counts; and it ends with
a status other than 0 if one was "not ok": sys.exit(not checks.run([...]))."""
import os
import traceback

_failed = []


def _one_line(text):
    return " | ".join(str(text).strip().splitlines())


def check(name, passed, why=""):
    """`why` says what was found instead; it is only told of a check that failed."""
    print(f"ok {name}" if passed else f"not ok {name}: {_one_line(why)}", flush=True)
    if not passed:
        _failed.append(name)
    return bool(passed)


def attempt(name, section):
    """What the function returns; one that cannot go on is a failed check, and returns nothing."""
    try:
        return section()
    except Exception as error:  # pylint: disable=broad-except
        frames = traceback.extract_tb(error.__traceback__)[1:]
        where = " > ".join(f"{os.path.basename(frame.filename)}:{frame.lineno}" for frame in frames)
        check(name, False, f"{type(error).__name__}: {error} ({where})")
        return None


def run(sections):
    """Functions that make checks, in order. Whether all checks were well, those before this call as well."""
    for section in sections:
        attempt(section.__doc__ or section.__name__, section)
    print("all checks ran", flush=True)
    return not _failed
