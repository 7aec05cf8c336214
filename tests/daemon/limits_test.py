#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limits of PROTOCOL.md section 5, hit from outside. Usage: limits_test.py ASTCTID ASTCTICTL"""
import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from native_client import Refused  # noqa: E402
from scripted_ami import Stream  # noqa: E402
from wire_case import LISTEN, WireTest, main  # noqa: E402


class NetworkTest(WireTest):
    CTISERVER = LISTEN.replace("127.0.0.1", "0.0.0.0", 1) + '<network address="127.0.0.3" plain="yes"/>'

    def test_in_clear_only_networks_of_the_configuration_get_in(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it is the way out of this machine
            own = probe.getsockname()[0]
        with socket.create_connection((own, self.plain[1])) as sock:
            self.assertTrue(Stream(sock).is_closed())
        self.daemon.wait_for(f"a client from {own} was turned away")
        self.client(self.plain).log_in("201", "secret")


class LimitTest(WireTest):
    def wrong(self, source, user="201", times=1):
        """How each was answered."""
        answers = []
        client = None
        for number in range(times):
            if number % 3 == 0:
                client = self.client(self.plain, source=source)
            try:
                client.log_in(user, "wrong")
            except Refused as refused:
                answers.append(refused.code)
        return answers

    def test_wrong_passwords_cost_a_wait_and_lock_nobody_out(self):
        anna = self.client(self.plain, source="127.0.0.9").log_in("201", "secret")
        answers = self.wrong("127.0.0.5", times=15)
        self.assertEqual((answers[:4], answers[-1]), ([113] * 4, 150))
        self.daemon.wait_for("login from 127.0.0.5 put off")
        refused = self.assert_refused(150, self.client(self.plain, source="127.0.0.5").log_in, "201", "secret")
        self.assertRegex(str(refused), r"^150 TRY LATER retry=[0-9]{1,5} too many wrong passwords")
        # Her token still counts there, and her password elsewhere.
        back = self.client(self.plain, source="127.0.0.5")
        back.token = anna.token
        back.come_back()
        self.client(self.plain, source="127.0.0.9").log_in("201", "secret")

    def test_few_connect_from_one_address_without_logging_in(self):
        idle = [socket.create_connection(self.plain, 10, ("127.0.0.5", 0)) for _ in range(10)]
        for sock in idle:
            self.assertEqual(Stream(sock).read_line(), "100 CTISERVER WELCOME")
        with socket.create_connection(self.plain, 10, ("127.0.0.5", 0)) as more:
            self.assertTrue(Stream(more).is_closed())
        self.daemon.wait_for("a client from 127.0.0.5 was turned away")
        self.client(self.plain, source="127.0.0.6").log_in("201", "secret")
        for sock in idle:
            sock.close()

    def test_who_sends_a_byte_now_and_then_is_closed_all_the_same(self):
        with socket.create_connection(self.plain) as sock:
            stream = Stream(sock)
            stream.read_line()
            sock.settimeout(1)
            try:
                for _ in range(13):
                    try:
                        sock.sendall(b"H")
                        if not sock.recv(1):
                            break
                    except socket.timeout:
                        continue
                else:
                    self.fail("it was not closed")
            except ConnectionError:
                pass

    def test_of_too_many_sessions_of_one_person_the_oldest_gives_way(self):
        self.second_user()
        bert = self.client(self.plain).log_in("202", "other")
        sessions = [self.client(self.plain).log_in("201", "secret") for _ in range(32)]
        self.assertEqual(sessions[0].ask("NOOP"), "100 OK")
        sessions.append(self.client(self.plain).log_in("201", "secret"))
        self.assertTrue(sessions[0].stream.is_closed())
        for client in (bert, *sessions[1:]):
            self.assertEqual(client.ask("NOOP"), "100 OK")

    def test_who_dials_too_often_is_told_to_wait(self):
        self.asterisk.log_in()
        self.second_user()
        anna = self.client(self.plain).log_in("201", "secret")
        for _ in range(6):
            self.assertEqual(anna.ask("ORIG 203|astctidemo|1"), "100 OK")
            self.asterisk.expect("Originate")
        refused = self.assert_refused(116, anna.ask, "ORIG 203|astctidemo|1")
        self.assertRegex(str(refused), r"^116 TOO FAST retry=[0-9]{1,5} ")
        bert = self.client(self.plain).log_in("202", "other")
        self.assertEqual(bert.ask("ORIG 203|astctidemo|1"), "100 OK")
        self.assertEqual(self.asterisk.expect("Originate")["Channel"], "PJSIP/202")

    def test_a_client_that_stops_reading_gets_a_snapshot_when_it_reads_again(self):
        self.asterisk.log_in()
        slow, quick = (self.client(self.plain).log_in("201", "secret") for _ in range(2))
        epoch = slow.epoch
        for number in range(1500):
            ids = self.asterisk.call(uniqueid=f"2.{number}", name="x" * 200)
            quick.wait_for(lambda n=number: f"pbx1:2.{n}:201" in quick.calls)
            if number % 2 == 0:
                self.asterisk.event("Hangup", **ids, Cause="16")
                quick.wait_for(lambda n=number: f"pbx1:2.{n}:201" not in quick.calls)
            if number > 500 and len(quick.calls) > 5:
                break
        # It reads all that there was, in order, then everything anew, and what came after that.
        slow.wait_for(lambda: slow.epoch != epoch and slow.calls == quick.calls)
        self.assertTrue(slow.epoch.startswith(epoch + "."), slow.epoch)
        self.asterisk.call(uniqueid="3.1")
        slow.wait_for(lambda: "pbx1:3.1:201" in slow.calls)


class HandshakeTest(WireTest):
    MOST, EACH = 512, 10  # max_handshakes, max_unauthenticated_per_source

    def setUp(self):
        super().setUp()
        self.half = []

    def begin_handshakes(self, count):
        for number in range(count):
            sock = socket.create_connection(self.tls, 10, (f"127.0.1.{1 + number // self.EACH}", 0))
            self.half.append(sock)
            sock.sendall(b"\x16\x03\x01")

    def finish(self):
        for sock in self.half:
            sock.close()
        super().finish()

    def test_a_flood_of_half_handshakes_is_bounded_and_keeps_nobody_waiting(self):
        self.asterisk.log_in()
        pin = self.pin()
        anna = self.client(self.tls, pin).log_in("201", "secret")
        base = self.daemon.descriptors_open()
        self.begin_handshakes(self.MOST + 100)
        self.daemon.wait_for(f"{self.MOST} clients are in their TLS handshake")
        for number in range(100):
            ids = self.asterisk.call(uniqueid=f"1.{number}")
            anna.wait_for(lambda n=number: f"pbx1:1.{n}:201" in anna.calls)
            self.asterisk.event("Hangup", **ids, Cause="16")
            anna.wait_for(lambda: not anna.calls)
            self.assertLessEqual(self.daemon.descriptors_open() - base, self.MOST)
        # She waits for those before her to be closed, and no longer.
        self.client(self.tls, pin).log_in("201", "secret")
        self.client(self.plain).log_in("201", "secret")
        for sock in self.half:
            sock.settimeout(10)
            self.assertEqual(sock.recv(1), b"")
        self.assertEqual(anna.ask("NOOP"), "100 OK")
        self.begin_handshakes(self.EACH)
        self.client(self.tls, pin).log_in("201", "secret")


class DescriptorTest(WireTest):
    LIMITS = ("--nofile=128",)
    CTISERVER = LISTEN + '<network address="127.0.0.0/8"/>'

    def test_a_flood_takes_neither_asterisks_nor_the_administrators_connection(self):
        flood = [socket.create_connection(self.plain) for _ in range(300)]
        self.asterisk.log_in()
        self.assertIn("pin", self.ctl("tls", "--control", self.daemon.control).stdout)
        anna = self.client(self.tls, self.pin()).log_in("201", "secret")
        self.asterisk.call()
        anna.wait_for(lambda: len(anna.calls) == 1)
        self.asterisk.stream.close()
        self.asterisk.stream = None
        self.asterisk.log_in()
        self.assertFalse([line for line in self.daemon.log if "no descriptors" in line])
        for sock in flood:
            sock.close()


if __name__ == "__main__":
    main()
