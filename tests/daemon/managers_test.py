#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole daemon with two scripted Asterisks, one of them by TLS.
Usage: managers_test.py ASTCTID ASTCTICTL"""
import os
import ssl
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from astctid import Asterisk, Astctid  # noqa: E402
from certificates import Certificates  # noqa: E402
from daemon_case import PROGRAMS, DaemonCase, main  # noqa: E402



def manager(name, port, more="", inside=""):
    return (f'<manager name="{name}" host="127.0.0.1" port="{port}" user="cti" secret-credential="ami" '
            f'{more}>{inside}</manager>')


class TlsTest(unittest.TestCase):
    """One PBX, by TLS."""

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.certificates = Certificates(self.directory.name)
        self.asterisk = self.daemon = None

    def tearDown(self):
        if self.daemon:
            self.assertEqual(self.daemon.stop(), 0, "astctid did not end well")
        if self.asterisk:
            self.asterisk.close()
        self.directory.cleanup()

    def start(self, certificate, more, tls=True):
        self.asterisk = Asterisk(self.certificates.server(certificate) if tls else None)
        self.daemon = Astctid(PROGRAMS, None,
                              manager("pbx1", self.asterisk.port, 'tls="yes" ' + more))

    def assert_refused(self, *told):
        """The handshake fails, so nothing could be sent; and why is said."""
        with self.assertRaises((ssl.SSLError, OSError)):
            self.asterisk.accept()
        line = self.daemon.wait_for("pbx pbx1: no TLS: ")
        for text in told:
            self.assertIn(text, line)

    def assert_logs_in(self):
        self.assertEqual(self.asterisk.log_in()["Username"], "cti")
        self.daemon.wait_for("by TLS (Asterisk Call Manager/11.0.0)")
        client = self.daemon.log_in()
        self.asterisk.call()
        self.assertIn("<calldata>12345</calldata>", client.read_until("<Ringing ")[-1])

    def test_a_call_comes_by_tls(self):
        self.start(self.certificates.make("pbx"), f'ca-file="{self.certificates.ca}"')
        self.assert_logs_in()
        self.assertIn(self.asterisk.stream.sock.version(), ("TLSv1.2", "TLSv1.3"))

    def test_by_its_key_alone(self):
        name = self.certificates.make("pbx", "DNS:elsewhere.example.com")
        self.start(name, f'pin="{self.certificates.pin(name)}"')
        self.assert_logs_in()

    def test_by_another_name(self):
        self.start(self.certificates.make("pbx", "DNS:pbx.example.com"),
                   f'ca-file="{self.certificates.ca}" tls-name="pbx.example.com"')
        self.assert_logs_in()

    def test_a_burst_of_many_small_records_comes_whole(self):
        self.start(self.certificates.make("pbx"), f'ca-file="{self.certificates.ca}"')
        self.asterisk.log_in()
        client = self.daemon.log_in()
        for number in range(5000):
            self.asterisk.event("VarSet", Channel="PJSIP/999-1", Uniqueid="9.9", Variable="x", Value=number)
        self.asterisk.call()
        self.assertIn("<peer-number>202<", client.read_until("<Ringing ")[-1])

    def test_another_authority(self):
        other = self.certificates.make_authority("other")
        self.start(self.certificates.make("pbx"), f'ca-file="{other}"')
        self.assert_refused("signed by nobody in " + other, "ca-file=", self.certificates.pin("pbx"))

    def test_the_systems_authorities_do_not_know_it(self):
        self.start(self.certificates.make("pbx"), "")
        self.assert_refused("signed by nobody in the authorities that this system trusts")

    def test_another_name(self):
        self.start(self.certificates.make("pbx", "DNS:pbx.example.com"), f'ca-file="{self.certificates.ca}"')
        self.assert_refused("not for 127.0.0.1 but for DNS:pbx.example.com", "tls-name=")

    def test_a_certificate_that_has_ended(self):
        self.start(self.certificates.make("pbx", days=-1), f'ca-file="{self.certificates.ca}"')
        self.assert_refused("its certificate ended on ", "give the PBX a new one")

    def test_another_key(self):
        self.start(self.certificates.make("pbx"), f'pin="{self.certificates.pin("ca")}"')
        self.assert_refused("its key is not that of pin=", self.certificates.pin("pbx"))

    def test_a_port_without_tls(self):
        self.start(None, f'ca-file="{self.certificates.ca}"', tls=False)
        self.asterisk.accept()
        self.asterisk.stream.send(Asterisk.BANNER)
        line = self.daemon.wait_for("pbx pbx1: no TLS: ")
        self.assertIn("this port speaks in clear", line)
        self.assertIn("tlsenable=yes", line)

    def test_tls_that_hangs_up(self):
        self.start(None, f'ca-file="{self.certificates.ca}"', tls=False)
        self.asterisk.accept()
        self.asterisk.stream.sock.recv(1)
        self.asterisk.stream.close()
        self.asterisk.stream = None
        self.assertIn("closed during the handshake", self.daemon.wait_for("pbx pbx1: no TLS: "))

    def test_a_port_that_says_nothing_is_given_up(self):
        self.start(None, f'ca-file="{self.certificates.ca}"', tls=False)
        self.asterisk.accept()
        self.asterisk.stream.deadline = 60  # astctid's is 10
        self.assertTrue(self.asterisk.stream.is_closed())
        self.assertIn("is this Asterisk's port for TLS", self.daemon.wait_for("pbx pbx1: no TLS: "))

    def test_authorities_that_cannot_be_read_are_exit_78(self):
        self.start(self.certificates.make("pbx"), f'ca-file="{self.certificates.ca}"')
        os.truncate(self.certificates.ca, 0)
        self.daemon.process.terminate()
        self.daemon.process.wait()
        again = self.daemon.run_again()
        self.assertEqual(again.returncode, 78)
        self.assertIn(f'{self.certificates.ca}: the authorities of <manager name="pbx1"> cannot be read',
                      again.stderr)

    def test_tls_on_a_connection_in_clear_says_which_attribute_is_missing(self):
        self.asterisk = Asterisk()
        self.daemon = Astctid(PROGRAMS, self.asterisk.port)
        self.asterisk.accept()  # as TLS does: waits for the other to speak
        self.asterisk.stream.deadline = 60
        self.assertTrue(self.asterisk.stream.is_closed())
        self.assertIn('write tls="yes"', self.daemon.wait_for("pbx pbx1: no answer within 10 s"))


class TwoTest(unittest.TestCase):
    """pbx1 in clear, pbx2 by TLS: that one's channels are PJSIP where accounts have SIP."""

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        certificates = Certificates(self.directory.name)
        self.one = Asterisk()
        self.two = Asterisk(certificates.server(certificates.make("pbx2")))
        self.daemon = Astctid(
            PROGRAMS, None,
            manager("pbx1", self.one.port) +
            manager("pbx2", self.two.port, f'tls="yes" ca-file="{certificates.ca}"',
                    '<alias channel="PJSIP" device="SIP"/>'),
            '<outbound context="both" numbers="_2XX"/><outbound context="second" numbers="_3XX" pbx="pbx2"/>')
        self.one.log_in()
        self.two.log_in()
        for name in ("pbx1", "pbx2"):
            self.daemon.wait_for(f"pbx {name}: AMI connected to ")

    def tearDown(self):
        self.assertEqual(self.daemon.stop(), 0, "astctid did not end well")
        self.one.close()
        self.two.close()
        self.directory.cleanup()

    def test_a_client_is_told_the_state_of_each_and_stays(self):
        client = self.daemon.log_in()
        states = [line for line in client.snapshot if "state=" in line]
        self.assertEqual(len(states), 2)
        for name, line in zip(("pbx1", "pbx2"), states):
            self.assertIn(name, line)
            self.assertIn('state="up"', line)
        self.two.stream.close()
        self.two.stream = None
        self.assertIn("pbx2", client.read_until('state="down"')[-1])
        self.assertEqual(client.ask("NOOP"), "100 OK")
        self.one.call(uniqueid="1.7")
        self.assertIn("pbx1:1.7:201", client.read_until("<Ringing ")[-1])
        self.two.log_in()
        self.assertIn("pbx2", client.read_until('state="up"')[-1])

    def test_the_same_ids_on_both_are_two_calls(self):
        client = self.daemon.log_in()
        first = self.one.call(uniqueid="1.7", name="One")
        line = client.read_until("<Ringing ")[-1]
        self.assertIn('call="pbx1:1.7:201"', line)
        self.assertIn("<peer-name>One<", line)
        second = self.two.call(uniqueid="1.7", name="Two")
        line = client.read_until("<Ringing ")[-1]
        self.assertIn('call="pbx2:1.7:201"', line)
        self.assertIn("<peer-name>Two<", line)
        self.one.event("Hangup", **first, Cause="16")
        self.assertIn('call="pbx1:1.7:201"', client.read_until("<Ended ")[-1])
        self.two.event("Newstate", **second, ChannelStateDesc="Up")
        self.assertIn('call="pbx2:1.7:201"', client.read_until("<Answered ")[-1])
        again = self.daemon.log_in()
        calls = [line for line in again.snapshot if "1.7:201" in line]
        self.assertEqual(len(calls), 1)
        self.assertIn('call="pbx2:1.7:201"', calls[0])

    def test_an_alias_counts_on_its_pbx_only(self):
        self.daemon.add_user("205", "SIP/205", "five")
        client = self.daemon.connect()
        client.ask("HELO 2")
        self.assertTrue(client.ask("AUTH PLAIN ADIwNQBmaXZl").startswith("102 OK token="))
        client.read_until("<SnapshotEnd")
        self.one.call(uniqueid="1.8", device="PJSIP/205")
        self.one.call(uniqueid="1.9", device="SIP/205")
        self.assertIn('call="pbx1:1.9:205"', client.read_until("<Ringing ")[-1])
        self.two.call(uniqueid="1.8", device="PJSIP/205")
        self.assertIn('call="pbx2:1.8:205"', client.read_until("<Ringing ")[-1])

    def test_an_alias_counts_the_other_way_round_as_well(self):
        client = self.daemon.log_in()
        self.one.call(uniqueid="1.8", device="SIP/201")
        self.two.call(uniqueid="1.9", device="SIP/201")
        self.assertIn('call="pbx2:1.9:201"', client.read_until("<Ringing ")[-1])

    def test_a_dial_goes_to_the_first_pbx_that_may_and_is_there(self):
        client = self.daemon.log_in()
        self.assertEqual(client.ask("ORIG 203|both|1"), "100 OK")
        dial = self.one.expect("Originate")
        self.assertEqual((dial["Action"], dial["Context"], dial["Exten"]), ("Originate", "both", "203"))
        self.assertEqual(client.ask("ORIG 303|second|1"), "100 OK")
        dial = self.two.expect("Originate")
        self.assertEqual((dial["Action"], dial["Context"], dial["Exten"]), ("Originate", "second", "303"))
        self.one.stream.close()
        self.one.stream = None
        client.read_until('state="down"')
        self.assertEqual(client.ask("ORIG 204|both|1"), "100 OK")
        self.assertEqual(self.two.expect("Originate")["Exten"], "204")
        self.two.stream.close()
        self.two.stream = None
        client.read_until('state="down"')
        self.assertTrue(client.ask("ORIG 303|second|1").endswith("UNAVAILABLE no PBX is connected"))

    def test_a_telephone_is_rung_by_the_pbxs_name_for_it(self):
        self.daemon.add_user("205", "SIP/205", "five")
        client = self.daemon.connect()
        client.ask("HELO 2")
        self.assertTrue(client.ask("AUTH PLAIN ADIwNQBmaXZl").startswith("102 OK token="))
        client.read_until("<SnapshotEnd")
        self.assertEqual(client.ask("ORIG 203|both|1"), "100 OK")
        self.assertEqual(self.one.expect("Originate")["Channel"], "SIP/205")
        self.assertEqual(client.ask("ORIG 303|second|1"), "100 OK")
        self.assertEqual(self.two.expect("Originate")["Channel"], "PJSIP/205")


if __name__ == "__main__":
    main()
