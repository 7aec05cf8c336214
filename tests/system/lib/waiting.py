# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for what is to happen, with a deadline; the one place of the tests that pauses."""
import time


class Never(Exception):
    pass


def until(condition, what, seconds=20):
    """The first true value of condition(); Never, with the last one, if there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Never(f"{what}: not within {seconds} s; the last was {value!r}")
        time.sleep(0.02)
