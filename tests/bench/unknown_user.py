#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the time of an answer tell a stranger whether there is an account of that name? Wrong passwords for accounts that
there are, and for names that there are not, in random order; each name once, and each from an address of its own, so that
none has to wait. A Mann-Whitney test of their times decides, and the ratio of their medians.

usage: unknown_user.py ASTCTID ASTCTICTL [--tries N] [--on mariadb|mysql] [--processor]
  --tries N     of each kind, in each row (300)
  --on KIND     with the accounts on such a server (as root); else they are in SQLite
  --processor   the time that astctid works, not that until the answer: for a machine that does other things as well

A row is a dialect and a kind of stored secret. For each it prints "ok", "not ok" or "unclear", p, both medians, and the least
difference that these times would have shown: what has to be added to all of one kind for the test to see it. Not ok: the
answers are not the same, or p is below 0.01 (of all rows together). Unclear: p shows nothing, but the ratio is not within
0.97 to 1.03, as the times are spread too far; with more tries, or less other work, they are not. Exits with 1 if not all are
ok.
"""
import argparse
import base64
import contextlib
import hashlib
import math
import os
import random
import socket
import statistics
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "tests/support"), os.path.join(TOP, "tests/system/lib")]
import database_server  # noqa: E402
from account_scene import FilePlace, Pbx, ServerPlace, md5  # noqa: E402
from astctid import Astctid  # noqa: E402

ROWS = [(dialect, kind) for dialect in ("AUTH PLAIN", "PASS") for kind in ("{Y-MD5}", "{Y}", "bare MD5")]
SHARE = 0.01 / len(ROWS)  # of chance, for each row
LEAST, MOST = 0.97, 1.03  # ratio of medians
WARMING = 20  # tries


def mann_whitney(some, others):
    """How likely values at least as far apart are if both come from one distribution: two-sided, by the normal approximation,
    which is good from some twenty values on."""
    values = sorted([(value, 0) for value in some] + [(value, 1) for value in others])
    ranks, ties, at = 0.0, 0, 0
    while at < len(values):
        end = at
        while end < len(values) and values[end][0] == values[at][0]:
            end += 1
        ranks += (at + 1 + end) / 2 * sum(1 for _, kind in values[at:end] if kind == 0)
        ties += (end - at) ** 3 - (end - at)
        at = end
    n, m = len(some), len(others)
    u = ranks - n * (n + 1) / 2
    spread = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    return math.erfc(abs(u - n * m / 2) / spread / math.sqrt(2)) if spread else 1.0


def least_difference(some, others):
    """That would have been seen, whichever of the two took longer."""
    def seen(difference):
        return all(mann_whitney(some, [value + sign * difference for value in others]) < SHARE for sign in (1, -1))
    low, high = 0.0, 2 * (max(*some, *others) - min(*some, *others))
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if seen(middle) else (middle, high)
    return high


def secret_of(place, kind):
    if kind == "bare MD5":
        return md5("secret")
    words = ("--native-only",) if kind == "{Y}" else ()
    code, told = place.ctl("user", "add", "pattern", *words, "--password-fd", "0", given="secret\n")
    assert code == 0, told
    secret, = place.sql("SELECT SECRET FROM cti WHERE USERNAME = 'pattern'")
    code, told = place.ctl("user", "remove", "pattern")
    assert code == 0, told
    assert secret.startswith(kind), secret
    return secret


class Stranger:
    def __init__(self, port, pid):
        """`pid`: whose work is measured; nobody's: the time itself."""
        self.port, self.pid = port, pid
        self.number = 0

    def now(self):
        """In seconds."""
        if not self.pid:
            return time.perf_counter()
        worked = 0
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{thread}/schedstat", encoding="ascii") as file:
                worked += int(file.read().split()[0])
        return worked / 1e9

    def try_once(self, dialect, name):
        """The answer, and after how many seconds it came."""
        self.number += 1
        source = f"127.{1 + self.number // 62500}.{1 + self.number // 250 % 250}.{1 + self.number % 250}"
        with socket.create_connection(("127.0.0.1", self.port), 30, (source, 0)) as sock, sock.makefile() as lines:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            next(lines)  # it welcomes
            if dialect == "PASS":
                first, second = f"USER {name}\n", f"PASS {md5('wrong')}\n"
            else:
                words = base64.b64encode(f"\0{name}\0wrong".encode()).decode()
                first, second = "HELO 2\n", f"AUTH PLAIN {words}\n"
            sock.sendall(first.encode())
            next(lines)
            second = second.encode()
            begin = self.now()
            sock.sendall(second)
            answer = next(lines)
            return answer.strip(), self.now() - begin


def measure(place, stranger, row, tries):
    """The answers and times of accounts, and those of other names."""
    dialect, kind = row
    tag = hashlib.md5(repr(row).encode()).hexdigest()[:6]
    names = [f"{tag}{number:06}" for number in range(2 * tries + WARMING)]
    random.shuffle(names)
    accounts = set(names[:tries])
    secret = secret_of(place, kind)
    place.sql(";".join(f"INSERT INTO cti (USERNAME, SECRET) VALUES ('{name}', '{secret}')" for name in sorted(accounts)) + ";")
    for name in names[2 * tries:]:
        stranger.try_once(dialect, name)
    told = {True: [], False: []}
    for name in random.sample(names[:2 * tries], 2 * tries):
        told[name in accounts].append(stranger.try_once(dialect, name))
    return told[True], told[False]


def judge(row, of_accounts, of_others):
    answers = {answer for answer, _ in of_accounts}, {answer for answer, _ in of_others}
    some, others = ([time for _, time in tries] for tries in (of_accounts, of_others))
    p = mann_whitney(some, others)
    medians = statistics.median(some), statistics.median(others)
    ratio = medians[1] / medians[0]
    is_told = len(answers[0]) != 1 or answers[0] != answers[1] or p < SHARE
    is_ok = not is_told and LEAST <= ratio <= MOST
    same = next(iter(answers[0])) if answers[0] == answers[1] else f"{answers[0]} and {answers[1]}"
    print(f"{'not ok' if is_told else 'ok' if is_ok else 'unclear'} {row[0]}, {row[1]}: \"{same}\" after {1000 * medians[0]:.2f} ms for accounts, "
          f"{1000 * medians[1]:.2f} ms for other names: ratio {ratio:.3f}, p {p:.3f}; "
          f"{1000 * least_difference(some, others):.2f} ms would have been seen", flush=True)  # fmt: skip
    return is_ok


@contextlib.contextmanager
def some_place(programs, kind):
    if kind:
        with database_server.running(kind) as server:
            yield ServerPlace(programs, server)
    else:
        with tempfile.TemporaryDirectory() as directory:
            yield FilePlace(programs, directory)


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
    parser.add_argument("astctid")
    parser.add_argument("astctictl")
    parser.add_argument("--tries", type=int, default=300)
    parser.add_argument("--on", choices=["mariadb", "mysql"])
    parser.add_argument("--processor", action="store_true")
    options = parser.parse_args()
    programs = {"astctid": os.path.abspath(options.astctid), "astctictl": os.path.abspath(options.astctictl)}
    good = []
    with some_place(programs, options.on) as place:
        place.fresh()
        pbx = Pbx()
        daemon = Astctid(programs, pbx.port, database=place.element(),
                         ctiserver='<listen address="127.0.0.1" port="{free}"/>')
        print(f"{place.name}, {options.tries} tries of each kind in each row")
        try:
            daemon.wait_for("channels are there")
            stranger = Stranger(daemon.ports[0], daemon.process.pid if options.processor else None)
            for row in ROWS:
                good.append(judge(row, *measure(place, stranger, row, options.tries)))
        finally:
            daemon.stop()
            pbx.close()
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
