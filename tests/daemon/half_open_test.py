#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that are gone without a word (T31): all packets from and to them are lost. Decided by what happens, not by when;
how long it took is printed. Usage: half_open_test.py ASTCTID ASTCTICTL"""
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import own_network  # noqa: E402
from wire_case import WireTest, main  # noqa: E402

GONE, THERE = "127.0.0.5", "127.0.0.6"
ROUNDS = 12  # a ping of the daemon's each: five seconds


class HalfOpenTest(WireTest):
    def call(self, uniqueid, there):
        """One that is told to who is there as if nobody else was."""
        ids = self.asterisk.call(uniqueid=uniqueid)
        for client in there:
            client.wait_for(lambda c=client: f"pbx1:{uniqueid}:201" in c.calls)
        self.asterisk.event("Hangup", **ids, Cause="16")
        for client in there:
            client.wait_for(lambda c=client: not c.calls)
            self.assertEqual(client.ask("NOOP"), "100 OK")

    def closed(self):
        """Who, and why."""
        with self.daemon.logged:
            found = [re.search(r"client \d+ \((\d+)\): closed: (.*)", line) for line in self.daemon.log]
        return [who.groups() for who in found if who]

    def test_who_is_gone_without_a_word_is_noticed_and_nobody_else_notices(self):
        self.asterisk.log_in()
        self.second_user()
        doors = ((self.plain, None), (self.tls, self.pin()))
        for door in doors:
            self.client(*door, source=GONE).log_in("201", "secret")
            self.client(*door, source=GONE).log_in("202", "other")  # whom no call is told of
        there = [self.client(*door, source=THERE).log_in("201", "secret") for door in doors]
        noticed = []
        with own_network.Loss(address=GONE):
            begin = time.monotonic()
            for number in range(ROUNDS):
                self.call(f"1.{number}", there)
                self.asterisk.await_ping()
                for who, why in self.closed()[len(noticed):]:
                    noticed.append((who, why))
                    print(f"{who}: {why}, noticed within {time.monotonic() - begin:.0f} s", file=sys.stderr)
                if len(noticed) == 4:
                    break
        self.assertEqual(sorted(noticed), [(who, "Connection timed out") for who in ("201", "201", "202", "202")])
        self.call("2.1", there)


if __name__ == "__main__":
    own_network.enter()
    main()
