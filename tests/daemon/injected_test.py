#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The system's calls that fail now and then (F37), made to by strace: what was interrupted, or cannot be done now, is done
again, and everybody is told everything in order; of a connection that is broken no other one notices.
Usage: injected_test.py ASTCTID ASTCTICTL"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from wire_case import WireTest, main  # noqa: E402

CALLS = 200
AT_ONCE = 10  # less than a client that cannot be sent to is kept
# Turns of the loop for each call, at most: it has two events for three clients, and some of the system's calls fail.
MOST_TURNS = 20


class Injected(WireTest):
    INJECTED = ""
    # LeakSanitizer cannot do its work on what is traced.
    ENVIRONMENT = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}

    def under(self, directory):
        self.trace = os.path.join(directory, "trace")
        return ("strace", "-D", "-f", "-qq", "-o", self.trace, "-e", "trace=epoll_wait,recvfrom,sendto,accept4",
                "-e", "inject=" + self.INJECTED)

    def log_in(self):
        self.asterisk.log_in()
        pin = self.pin()
        clients = [self.client(self.daemon.socket), self.client(self.plain), self.client(self.tls, pin)]
        return [client.log_in("201", "secret") for client in clients]

    def call(self, begin):
        for number in range(begin, begin + AT_ONCE):
            ids = self.asterisk.call(uniqueid=f"1.{number}")
            self.asterisk.event("Hangup", **ids, Cause="16")

    def assert_told(self, client, count):
        """In order: the client looks at each seq itself."""
        client.wait_for(lambda: client.seen.count("Ended") == count)
        self.assertEqual([name for name in client.seen if name in ("Ringing", "Ended")], ["Ringing", "Ended"] * count)
        self.assertEqual(client.ask("NOOP"), "100 OK")

    def assert_nothing_lost(self):
        clients = self.log_in()
        for begin in range(0, CALLS, AT_ONCE):
            self.call(begin)
            for client in clients:
                self.assert_told(client, begin + AT_ONCE)
        self.assertEqual(self.asterisk.logins, 1)
        with open(self.trace, encoding="utf-8", errors="replace") as file:
            lines = file.readlines()
        self.assertGreater(sum("(INJECTED)" in line for line in lines), self.FAILED)
        self.assertLess(sum("epoll_wait" in line for line in lines), MOST_TURNS * CALLS, "it spins")


class InterruptedTest(Injected):
    INJECTED, FAILED = "epoll_wait,recvfrom,sendto,accept4:error=EINTR:when=3+7", 100

    def test_a_call_that_was_interrupted_is_made_again(self):
        self.assert_nothing_lost()


class AgainTest(Injected):
    INJECTED, FAILED = "recvfrom,sendto,accept4:error=EAGAIN:when=2+3", 100

    def test_what_cannot_be_done_now_is_done_later(self):
        self.assert_nothing_lost()


class AbortedTest(Injected):
    INJECTED, FAILED = "accept4:error=ECONNABORTED:when=1+2", 2

    def test_a_client_that_left_before_it_was_accepted_is_nobody(self):
        self.assert_nothing_lost()


class NoDescriptorsTest(Injected):
    INJECTED, FAILED = "accept4:error=EMFILE:when=1+2", 2

    def test_without_descriptors_it_waits_a_moment_and_does_not_spin(self):
        self.assert_nothing_lost()
        self.assertTrue([line for line in self.daemon.log if "no descriptors or memory" in line])


class BrokenTest(Injected):
    INJECTED = "sendto:error=EPIPE:when=200"

    def test_of_a_broken_connection_no_other_one_notices(self):
        clients = self.log_in()
        broken = []
        for begin in range(0, CALLS, AT_ONCE):
            self.call(begin)
            for client in clients:
                try:
                    if client not in broken:
                        self.assert_told(client, begin + AT_ONCE)
                except (EOFError, ConnectionError):
                    broken.append(client)
        self.assertEqual(len(broken), 1)
        self.daemon.wait_for("closed: ")
        # It comes back, and knows all.
        broken[0].come_back()
        self.assertEqual(broken[0].calls, {})
        self.assertEqual(self.asterisk.logins, 1)


if __name__ == "__main__":
    main()
