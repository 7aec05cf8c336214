#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent and TLS: who is the right server, what becomes of a wrong one, and that it is sent nothing."""
import base64
import os
import ssl
import sys
import tempfile
import unittest
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from certificates import Certificates  # noqa: E402
from proxy import Proxy  # noqa: E402

from desktop import AGENT, Desktop  # noqa: E402
from program import wait_until  # noqa: E402
from server_test import PROGRAMS, Asterisk, Astctid  # noqa: E402


class Tls(Desktop):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.certificates = Certificates(folder.name)
        cls.certificates.make("right")
        cls.certificates.make("named", names="DNS:localhost")
        cls.certificates.make("elsewhere", names="DNS:pbx.example.org,IP:192.0.2.1")
        cls.certificates.make("expired", days=-1)
        cls.certificates.make_authority("itself")  # its own authority, and of no use as another's
        cls.other_ca = cls.certificates.make_authority("other")

    def setUp(self):
        super().setUp()
        self.server.close()
        self.serve()
        self.password = self.write("password", "s3cret\n")
        os.chmod(self.password, 0o600)

    def run_agent(self, *arguments, host="127.0.0.1", port=None):
        port = port or self.server.listener.getsockname()[1]
        self.agent = self.run_program("--server", f"tls://{host}:{port}", "--user", "anna",
                                      "--password-file", self.password, *arguments)

    def accept(self, name, context=None):
        return self.server.accept(context or self.certificates.server(name))

    def assert_welcome(self, name, *arguments, host="127.0.0.1"):
        self.run_agent(*arguments, host=host)
        connection = self.accept(name)
        self.assertEqual(base64.b64decode(connection.login().removeprefix("AUTH PLAIN ")), b"\0anna\0s3cret")
        connection.snapshot()
        self.agent.wait_for_log("connected to")
        self.assertIn(connection.stream.version(), ("TLSv1.2", "TLSv1.3"))
        self.agent.stop()
        self.assertNotIn("s3cret", self.agent.log())

    def what_is_said(self, name, context=None):
        """To a server that does not ask for anything but TLS."""
        said = b""
        try:
            connection = self.accept(name, context)
            connection.stream.sendall(b"100 CTISERVER WELCOME\n")
            while data := connection.stream.recv(1000):
                said += data
        except (ssl.SSLError, ConnectionError):
            pass  # what it says of the certificate, or by closing
        return said

    def assert_distrust(self, name, text, *arguments, host="127.0.0.1"):
        self.run_agent(*arguments, host=host)
        self.assertEqual(self.what_is_said(name), b"")
        self.agent.wait_for_log(text)
        self.assertEqual(self.property("Connection"), "rejected")
        error, why = self.property("LastError")
        self.assertEqual(error, "org.astcti.Error.NotTrusted")
        self.assertIn(text, why)
        self.agent.stop()

    def test_a_server_that_an_authority_vouches_for_is_the_right_one(self):
        self.assert_welcome("right", "--ca-file", self.certificates.ca)
        self.assert_welcome("named", "--ca-file", self.certificates.ca, host="localhost")

    def test_a_server_whose_key_is_known_is_the_right_one_whatever_its_certificate_says(self):
        for name in ("right", "itself", "expired", "elsewhere"):
            with self.subTest(name):
                self.assert_welcome(name, "--pin", self.certificates.pin(name))

    def test_a_wrong_server_is_told_and_sent_nothing(self):
        ca = ("--ca-file", self.certificates.ca)
        rows = [
            ("elsewhere", "it is for another name", ca, "127.0.0.1"),
            ("right", "it is for another name", ca, "localhost"),
            ("expired", "it has expired", ca, "127.0.0.1"),
            ("itself", f"no authority of {self.certificates.ca} has signed it", ca, "127.0.0.1"),
            ("right", f"no authority of {self.other_ca} has signed it", ("--ca-file", self.other_ca), "127.0.0.1"),
            ("right", "no authority of this system has signed it", (), "127.0.0.1"),
            ("right", "if " + self.certificates.pin("right") + " is the pin", (), "127.0.0.1"),
            ("itself", "has another key than it should", ("--pin", self.certificates.pin("right")), "127.0.0.1"),
            # Also where an authority vouches for it.
            ("right", "has another key than it should", (*ca, "--pin", self.certificates.pin("itself")), "127.0.0.1"),
            ("right", "cannot be checked", ("--ca-file", "/no/such"), "127.0.0.1"),
        ]
        for name, text, arguments, host in rows:
            with self.subTest(f"{name}: {text}"):
                self.assert_distrust(name, text, *arguments, host=host)

    def test_tls_older_than_1_2_is_refused(self):
        context = self.certificates.server("right")
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        self.run_agent("--pin", self.certificates.pin("right"))
        self.assertEqual(self.what_is_said("right", context), b"")
        self.agent.wait_for_log("no TLS 1.2 or newer")

    def test_tls_1_2_is_enough(self):
        context = self.certificates.server("right")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.run_agent("--pin", self.certificates.pin("right"))
        connection = self.accept("right", context)
        connection.login()
        self.assertEqual(connection.stream.version(), "TLSv1.2")

    def test_a_server_that_speaks_no_tls_hears_a_greeting_of_tls_and_nothing_else(self):
        proxy = Proxy(("127.0.0.1", self.server.listener.getsockname()[1]))
        self.addCleanup(proxy.close)
        self.run_agent("--pin", self.certificates.pin("right"), port=proxy.port)
        connection = self.server.accept()
        connection.send(b"100 CTISERVER WELCOME\n")
        self.agent.wait_for_log("no TLS 1.2 or newer comes about")
        self.assertEqual(self.property("LastError")[0], "org.astcti.Error.NotConnected")
        self.assertEqual(proxy.sent[:2], b"\x16\x03")  # a handshake
        for word in (b"HELO", b"AUTH", b"anna"):
            self.assertNotIn(word, proxy.sent)

    def test_the_authorities_of_the_system_count(self):
        command = f"mount --bind {self.certificates.ca} /etc/ssl/certs/ca-certificates.crt && exec \"$@\""
        arguments = ["--server", "tls://127.0.0.1:%d" % self.server.listener.getsockname()[1], "--user", "anna",
                     "--password-file", self.password]
        self.agent = self.start_program("unshare", "--mount", "--map-root-user", "sh", "-c", command, "sh",
                                        AGENT, *arguments)
        connection = self.accept("right")
        connection.login()
        connection.snapshot()
        self.agent.wait_for_log("connected to")

    def test_a_handshake_that_is_cut_says_nothing_of_the_server(self):
        proxy = Proxy(("127.0.0.1", self.server.listener.getsockname()[1]))
        self.addCleanup(proxy.close)
        self.run_agent("--pin", self.certificates.pin("right"), port=proxy.port)
        self.server.accept()
        proxy.wait_for_bytes(b"\x16\x03")
        proxy.cut()
        connection = self.accept("right")
        connection.login()
        connection.snapshot()
        self.agent.wait_for_log("connected to")
        self.assertNotIn("trusted", self.agent.log())


class RealServer(Desktop):
    def test_the_pin_that_astctictl_tells_is_enough_on_any_network(self):
        asterisk = Asterisk()
        self.addCleanup(asterisk.close)
        daemon = Astctid(PROGRAMS, asterisk.port, ctiserver='<listen address="127.0.0.1" port="{free}" tls="yes"/>')
        self.addCleanup(lambda: self.assertEqual(daemon.stop(), 0, "astctid did not end well"))
        asterisk.log_in()
        proxy = Proxy(("127.0.0.1", daemon.ports[0]))
        self.addCleanup(proxy.close)
        password = self.write("password", "secret\n")
        os.chmod(password, 0o600)
        told = daemon.ctl("tls", "--control", daemon.control)
        arguments = ["--server", f"tls://127.0.0.1:{proxy.port}", "--user", "201", "--password-file", password]

        self.agent = self.run_program(*arguments)
        self.agent.wait_for_log("no authority of this system has signed it")
        # What it says that the pin is, is what the administrator reads.
        pin = self.agent.log().split("if ")[1].split(" is the pin")[0]
        self.assertIn(pin, told)
        self.agent.stop()

        proxy.slice = 7
        self.agent = self.run_program(*arguments, "--pin", pin)
        self.agent.wait_for_log("connected to")
        proxy.cut()
        wait_until(lambda: self.agent.log().count("connected to") == 2, "back")
        daemon.wait_for("logged in from 127.0.0.1 by token")
        asterisk.call("1.5")
        self.wait_for_signal("CallAdded")


if __name__ == "__main__":
    unittest.main(verbosity=2)
