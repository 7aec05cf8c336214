#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A burst of events, as a busy Asterisk sends it, against the real astctid with a client that is logged in: a real
queue call of Asterisk 22 again and again, each time with other ids.

usage: burst_test.py ASTCTID ASTCTICTL [--calls N | --rate EVENTS_A_SECOND --seconds N]

Without a rate as fast as the client can read, which would otherwise be told a snapshot instead, and decided by counts
alone: everything arrives, in order. With a rate it does as
Asterisk does: closes the connection if its socket stays full for 100 ms (writetimeout= in manager.conf).
"""
import argparse
import os
import re
import select
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from astctid import DEADLINE, Asterisk, Astctid  # noqa: E402

TRACE = os.path.join(HERE, "..", "data", "ami", "asterisk-22", "queue-101.txt")
SERIAL = b"17954068"  # of each of its ids
WRITE_TIMEOUT = 0.1  # seconds: Asterisk's default
AHEAD = 20  # calls: what is told of them is less than astctid queues for a client
TOLD = ["Ringing", "Answered", "Ended"]  # of each call, to 201
EVENT = re.compile(r"<(\w+) seq=\"(\d+)\".*<linkedid>(\d{8})")


def read_trace():
    with open(TRACE, "rb") as file:
        data = file.read()
    return data[data.index(b"Event: TestEvent"):]


class Client(threading.Thread):
    """Notes what it is told: the event, its number, and of which call it is."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream = stream
        self.told = []
        self.trouble = None
        self.last_call = None
        self.done = threading.Event()
        self.room = threading.Semaphore(AHEAD)

    def run(self):
        try:
            while True:
                line = self.stream.read_line()
                found = EVENT.match(line)
                if not found:
                    continue
                self.told.append((found[1], int(found[2]), int(found[3])))
                if found[1] == "Ended":
                    self.room.release()
                if found[1] == "Ended" and int(found[3]) == self.last_call:
                    self.done.set()
        except (AssertionError, EOFError, OSError) as error:
            self.trouble = error
            self.done.set()


class Sender:
    """Asterisk's end. Answers pings in between, so that only the burst can end the connection."""

    def __init__(self, asterisk, timeout):
        self.asterisk = asterisk
        self.sock = asterisk.stream.sock
        self.timeout = timeout
        self.longest_wait = 0.0
        self.sent = 0

    def send(self, data):
        view = memoryview(data)
        self.sock.setblocking(False)
        while view:
            try:
                view = view[self.sock.send(view):]
            except BlockingIOError:
                began = time.monotonic()
                poll = select.poll()
                poll.register(self.sock, select.POLLOUT)
                ready = poll.poll(1000 * self.timeout)
                self.longest_wait = max(self.longest_wait, time.monotonic() - began)
                if not ready:
                    raise TimeoutError(f"the socket was full for {1000 * self.timeout:.0f} ms") from None

    def answer(self, until):
        """Answers what astctid asks, until this time."""
        while select.select([self.sock], [], [], max(0, until - time.monotonic()))[0]:
            self.sock.setblocking(True)
            action = self.asterisk.read_action()
            if action["Action"] == "Ping":
                self.asterisk.answer(action, "Success", "Ping: Pong")


def run(programs, calls, rate):
    trace = read_trace()
    events = trace.count(b"\r\n\r\n")
    asterisk = Asterisk()
    daemon = Astctid(programs, asterisk.port)
    try:
        asterisk.log_in()
        daemon.wait_for("pbx pbx1: AMI connected")
        client = Client(daemon.log_in())
        client.last_call = 20000000 + calls - 1
        client.start()
        sender = Sender(asterisk, WRITE_TIMEOUT if rate else DEADLINE)
        began = time.monotonic()
        trouble = None
        late = 0.0
        try:
            for call in range(calls):
                due = began + call * events / rate if rate else began
                late = max(late, time.monotonic() - due) if rate else 0.0
                sender.answer(due)
                if not rate and not client.room.acquire(timeout=DEADLINE):
                    raise TimeoutError("the client is not told of the calls' ends")
                sender.send(trace.replace(SERIAL, b"%08d" % (20000000 + call)))
                sender.sent += events
        except OSError as error:
            trouble = error
        took = time.monotonic() - began
        client.done.wait(DEADLINE)
        print(f"{sender.sent} of {calls * events} events were sent in {took:.2f} s, {sender.sent / took:.0f} a second; "
              f"the longest wait for room was {1000 * sender.longest_wait:.1f} ms, the sender was "
              f"{1000 * late:.1f} ms late at most; the connection is {f'closed: {trouble}' if trouble else 'alive'}")
        expected = [(name, 20000000 + call) for call in range(calls) for name in TOLD]
        told = [(name, call) for name, _, call in client.told]
        numbers = [number for _, number, _ in client.told]
        print(f"the client was told {len(told)} of {len(expected)} events, "
              f"{'in order' if told == expected else 'NOT those that were to be told, in this order'}; "
              f"{client.trouble or 'it is connected'}")
        whole = numbers == list(range(numbers[0], numbers[0] + len(expected))) if numbers else False
        lost = [line for line in daemon.log if "trying again" in line]
        return not trouble and not client.trouble and told == expected and whole and not lost
    finally:
        code = daemon.stop()
        asterisk.close()
        if code != 0:
            raise AssertionError(f"astctid ended with {code}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("astctid")
    parser.add_argument("astctictl")
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--rate", type=int)
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    calls = options.calls
    if options.rate:
        calls = options.rate * options.seconds // read_trace().count(b"\r\n\r\n")
    return 0 if run({"astctid": options.astctid, "astctictl": options.astctictl}, calls, options.rate) else 1


sys.exit(main())
