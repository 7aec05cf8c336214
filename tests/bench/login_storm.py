#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures how long a call takes to be told, from the first byte of Asterisk's packets to the client's line, while nobody
logs in and while 2,000 people do whose passwords nobody has verified yet: a yescrypt each.

usage: login_storm.py ASTCTID ASTCTICTL [--logins N] [--rounds N]
Prints "pair QUIET STORM", the 99th percentiles in nanoseconds, for each round, and "logins N SECONDS" to standard error.
"""
import argparse
import base64
import os
import select
import socket
import sqlite3
import sys
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "tests/support"), os.path.join(TOP, "tests/system/lib")]
from account_scene import Pbx  # noqa: E402
from astctid import Astctid  # noqa: E402

AT_ONCE = 800  # connections, of the 1024 that astctid takes
PACE = 0.01  # seconds from one call to the next
LEAST = 1000  # calls for a percentile
IDLE = threading.Event()


def add_accounts(daemon, count):
    """All with the secret of 201, under their own names: each is verified by itself."""
    with sqlite3.connect(os.path.join(daemon.path, "astcti.db")) as database:
        secret, = database.execute("SELECT SECRET FROM cti WHERE USERNAME = '201'").fetchone()
        database.executemany("INSERT INTO cti (USERNAME, SECRET) VALUES (?, ?)",
                             ((f"user{number}", secret) for number in range(count)))


class Storm:
    """So many logins, AT_ONCE at a time; others than the one that is measured have time."""

    def __init__(self, path, count):
        self.pid = os.fork()
        if self.pid == 0:
            os.nice(19)
            os._exit(self.run(path, count))

    @staticmethod
    def run(path, count):
        poll = select.epoll()
        clients, waiting, done = {}, list(range(count)), 0
        while done < count:
            while waiting and len(clients) < AT_ONCE:
                client = socket.socket(socket.AF_UNIX)
                client.connect(path)
                words = base64.b64encode(f"\0user{waiting.pop()}\0secret".encode()).decode()
                client.sendall(f"HELO 2\nAUTH PLAIN {words}\n".encode())
                clients[client.fileno()] = [client, b""]
                poll.register(client, select.EPOLLIN)
            for descriptor, _ in poll.poll():
                client = clients[descriptor]
                data = client[0].recv(4096)
                client[1] += data
                if b"\n102 OK" not in client[1] and data:
                    continue
                if b"\n102 OK" not in client[1]:
                    return 1  # it was not let in
                done += 1
                poll.unregister(descriptor)
                clients.pop(descriptor)[0].close()
        return 0

    def is_over(self):
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid and status:
            sys.exit("login_storm: a login failed")
        return pid != 0


def told(pbx, client, number):
    begin = time.perf_counter_ns()
    ids = pbx.call(f"7.{number}")
    client.read_until("<Ringing ")
    took = time.perf_counter_ns() - begin
    pbx.event("Hangup", **ids, Cause="16")
    client.read_until("<Ended ")
    return took


def percentile(times):
    return sorted(times)[len(times) * 99 // 100]


def measure(pbx, client, goes_on):
    times = []
    while goes_on(len(times)):
        times.append(told(pbx, client, f"{time.monotonic_ns()}"))
        IDLE.wait(PACE)
    return percentile(times)


def one_round(programs, logins, number):
    """With a daemon of its own: it has verified nobody yet."""
    pbx = Pbx()
    daemon = Astctid(programs, pbx.port)
    try:
        add_accounts(daemon, logins)
        daemon.wait_for("channels are there")
        client = daemon.log_in()
        measured = {}
        for kind in ("quiet", "storm") if number % 2 == 0 else ("storm", "quiet"):
            if kind == "quiet":
                measured[kind] = measure(pbx, client, lambda count: count < LEAST)
                continue
            begin = time.monotonic()
            storm = Storm(daemon.socket, logins)
            calls = []
            measured[kind] = measure(pbx, client, lambda count: calls.append(count) or not storm.is_over())
            print(f"logins {logins} {time.monotonic() - begin:.1f} s, {len(calls) - 1} calls", file=sys.stderr)
        print(f"pair {measured['quiet']} {measured['storm']}", flush=True)
    finally:
        daemon.stop()
        pbx.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("astctid")
    parser.add_argument("astctictl")
    parser.add_argument("--logins", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    for number in range(options.rounds):
        one_round({"astctid": options.astctid, "astctictl": options.astctictl}, options.logins, number)


if __name__ == "__main__":
    main()
