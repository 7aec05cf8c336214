#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many strangers at once, from many addresses: whoever has the right password comes in, and calls are told. Counts decide;
how long it took is printed. Usage: flood_test.py ASTCTID ASTCTICTL"""
import base64
import contextlib
import os
import resource
import select
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from native_client import Refused  # noqa: E402
from wire_case import WireTest, main  # noqa: E402

EACH = 10  # max_unauthenticated_per_source
STRANGERS = 2048  # max_unauthenticated
DELAYED, FREE = 64, 5  # max_delayed, free_for_account
CALLS = 50
MEBIBYTE = 1 << 20


class FloodTest(WireTest):
    def setUp(self):
        super().setUp()
        self.strangers = []
        self.calls = 0
        self.addCleanup(self.leave)

    def leave(self):
        for sock in self.strangers:
            sock.close()

    def flood(self, count, each, said=b"", door=None):
        for number in range(count):
            number += len(self.strangers)
            source = f"127.{1 + number // each // 250}.1.{1 + number // each % 250}"
            sock = socket.create_connection(door or self.plain, 30, (source, 0))
            self.strangers.append(sock)
            with contextlib.suppress(ConnectionError):  # it had to make room
                sock.sendall(said)
            # However long it takes, the daemon is to hear of its Asterisk.
            if number % 100 == 0 and self.asterisk.stream and self.asterisk.stream.has_line():
                self.asterisk.answer_own_accord(self.asterisk.read_action())

    def timed(self, what, do):
        begin = time.monotonic()
        done = do()
        print(f"{what}: {1000 * (time.monotonic() - begin):.0f} ms", file=sys.stderr)
        return done

    def come_in(self, user="202", password="other", source="127.0.0.8"):
        return self.client(self.plain, source=source).log_in(user, password)

    def assert_served(self, client):
        for _ in range(CALLS):
            self.calls += 1
            ids = self.asterisk.call(uniqueid=f"1.{self.calls}")
            client.wait_for(lambda: f"pbx1:1.{self.calls}:201" in client.calls)
            self.asterisk.event("Hangup", **ids, Cause="16")
            client.wait_for(lambda: not client.calls)


class GuessTest(FloodTest):
    GUESSES = 1000

    def test_a_thousand_guesses_from_everywhere_are_few_that_are_looked_at(self):
        self.second_user()
        known = self.come_in("201", "secret", "127.0.0.9")
        known.close()
        self.timed("nobody guesses, a login", lambda: self.come_in("202", "other"))
        guess = f"HELO 2\nAUTH PLAIN {base64.b64encode(bytes(1) + b'201' + bytes(1) + b'wrong').decode()}\n".encode()
        self.flood(2 * FREE, 1, guess)
        first = [self.answer(sock) for sock in self.strangers]
        self.assertEqual(set(first), {"113"})
        # From here on each that is looked at waits before, and there is room for as many as that.
        self.flood(self.GUESSES, 1, guess)
        # Somebody else, from where nobody has come from; and she whom they guess at, from where she came from.
        self.timed("1000 guess, a login of another one", lambda: self.come_in("202", "other", "127.0.0.7"))
        self.timed("1000 guess, a login of hers", lambda: self.come_in("201", "secret", "127.0.0.9"))
        answers = [self.answer(sock) for sock in self.strangers[len(first):]]
        looked_at = answers.count("113")
        print(f"of {self.GUESSES} guesses {looked_at} were looked at", file=sys.stderr)
        self.assertEqual(looked_at + answers.count("150"), self.GUESSES, answers)
        self.assertLessEqual(looked_at, DELAYED)

    def answer(self, sock):
        sock.settimeout(20)
        with sock.makefile() as lines:
            return [next(lines)[:3] for _ in range(3)][2]


class DripTest(FloodTest):
    DRIPS, ROUNDS = 500, 13

    def test_those_who_send_a_byte_now_and_then_are_gone_in_time(self):
        begin = time.monotonic()
        self.flood(self.DRIPS, EACH)
        left = {sock: 0 for sock in self.strangers}
        for _ in range(self.ROUNDS):
            for sock in list(left):
                with contextlib.suppress(ConnectionError):
                    sock.sendall(b"H")
                    left[sock] += 1
            until = time.monotonic() + 1
            while left and (rest := until - time.monotonic()) > 0:
                for sock in select.select(list(left), [], [], rest)[0]:
                    try:
                        if sock.recv(4096):
                            continue
                    except ConnectionError:
                        pass
                    self.assertGreater(left.pop(sock), 5, "it was not given its time")
        print(f"{self.DRIPS} that drip, gone within {time.monotonic() - begin:.1f} s", file=sys.stderr)
        self.assertEqual(len(left), 0)


class IdleTest(FloodTest):
    MOST = 19000

    def test_however_many_come_and_stay_somebody_with_a_password_gets_in(self):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        self.second_user()
        self.asterisk.log_in()
        anna = self.client(self.tls, self.pin()).log_in("201", "secret")
        before = self.daemon.descriptors_open()
        count = min(self.MOST, most - 200)
        self.timed(f"{count} connect and say nothing", lambda: self.flood(count, EACH))
        self.timed("a login beside them", self.come_in)
        self.timed("50 calls beside them", lambda: self.assert_served(anna))
        self.assertLessEqual(self.daemon.descriptors_open() - before, STRANGERS + 1)
        self.assertEqual(anna.ask("NOOP"), "100 OK")


class MemoryTest(FloodTest):
    # Beyond what it has: all the strangers and handshakes that may be, and a password hash. AddressSanitizer wants more.
    ENOUGH = (256 if "ASAN_OPTIONS" in os.environ else 64) * MEBIBYTE
    ENVIRONMENT = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"}

    def memory(self):
        with open(f"/proc/{self.daemon.process.pid}/status", encoding="ascii") as file:
            return next(1024 * int(line.split()[1]) for line in file if line.startswith("VmData:"))

    def test_with_little_memory_a_flood_ends_nobody(self):
        self.second_user()
        self.asterisk.log_in()
        anna = self.client(self.tls, self.pin()).log_in("201", "secret")
        before = self.memory()
        limit = before + self.ENOUGH
        resource.prlimit(self.daemon.process.pid, resource.RLIMIT_DATA, (limit, limit))
        self.flood(STRANGERS + 100, EACH, b"x" * 500)
        self.assert_served(anna)
        self.flood(1500, EACH, b"\x16\x03\x01", self.tls)
        self.come_in()
        self.assert_served(anna)
        print(f"{(self.memory() - before) / MEBIBYTE:.1f} MiB more of {self.ENOUGH / MEBIBYTE:.0f}", file=sys.stderr)


class EndlessLineTest(FloodTest):
    MEBIBYTES = 1024
    MORE = (16 if "ASAN_OPTIONS" in os.environ else 1 / 16) * MEBIBYTE

    def memory(self):
        with open(f"/proc/{self.daemon.process.pid}/smaps_rollup", encoding="ascii") as file:
            return next(1024 * int(line.split()[1]) for line in file if line.startswith("Rss:"))

    def test_a_line_of_a_gibibyte_is_thrown_away_as_it_comes(self):
        client = self.client(self.plain).log_in("201", "secret")
        piece = b"x" * MEBIBYTE
        client.stream.send(piece + b"\n")  # it has what it needs for one
        self.assert_too_long(client)
        before = most = self.memory()
        for number in range(self.MEBIBYTES):
            client.stream.send(piece)
            if number % 64 == 0:
                most = max(most, self.memory())
        client.stream.send(b"\n")
        self.assert_too_long(client)
        most = max(most, self.memory())
        print(f"{(most - before) >> 10} KiB more memory of {self.MORE / 1024:.0f}", file=sys.stderr)
        self.assertLess(most - before, self.MORE)
        self.assertEqual(client.ask("NOOP"), "100 OK")

    def assert_too_long(self, client):
        self.assertTrue(client.stream.read_line().startswith("103 TOO LONG"))


if __name__ == "__main__":
    main()
