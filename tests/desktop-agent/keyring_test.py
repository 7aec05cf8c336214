#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The password from the session's keyring, a real one: kept there, found there, and nowhere else."""
import base64
import os
import pty
import signal
import subprocess
import unittest

import dbus

from desktop import NAME, PATH, Desktop
from program import wait_until

SECRETS = "org.freedesktop.secrets"
PASSWORD = "CANARY-s3cret"


class Keyring(Desktop):
    def setUp(self):
        super().setUp()
        self.server.close()
        self.serve()
        self.keyring = None

    def start_keyring(self):
        """gnome-keyring with an unlocked keyring that is empty."""
        self.keyring = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock",
             "--control-directory=" + os.path.join(self.directory, "control")],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, **self.environment()})
        self.addCleanup(self.stop_keyring)
        with self.keyring.stdin:
            self.keyring.stdin.write(b"keyring\n")
        wait_until(lambda: self.bus.name_has_owner(SECRETS), "a keyring")

    def stop_keyring(self):
        self.keyring.send_signal(signal.SIGCONT)
        self.keyring.kill()
        self.keyring.wait()
        wait_until(lambda: not self.bus.name_has_owner(SECRETS), "the end of the keyring")

    def keep(self, password=PASSWORD, status=0):
        master, slave = pty.openpty()
        program = self.run_program("--keep-password", "--server", self.server.address, "--user", "anna",
                                   name="keep", stdin=slave)
        os.close(slave)
        program.wait_for_log("Password of anna: ")
        os.write(master, password.encode() + b"\n")
        self.assertEqual(program.wait_for_end(), status, program.log())
        with self.assertRaises(OSError):
            os.read(master, 100)  # the terminal is closed, and there was nothing on it
        os.close(master)
        return program

    def run_agent(self, *arguments):
        self.agent = self.run_program("--server", self.server.address, "--user", "anna", "--service", *arguments)

    def assert_logs_in(self, connection, password=PASSWORD):
        auth = connection.login("102 OK token=t0ken life=600 spread=0")
        self.assertEqual(base64.b64decode(auth.removeprefix("AUTH PLAIN ")), b"\0anna\0" + password.encode())
        connection.snapshot()
        self.agent.wait_for_log("connected to")

    def test_what_was_kept_is_found(self):
        self.start_keyring()
        self.keep("another")
        self.keep()
        found = subprocess.run(
            ["secret-tool", "lookup", "xdg:schema", "org.astcti.Agent", "server", self.server.address, "user", "anna"],
            stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **self.environment()}).stdout
        self.assertEqual(found, PASSWORD)
        self.run_agent()
        self.assert_logs_in(self.server.accept())

    def test_where_there_is_no_keyring_nothing_is_kept(self):
        self.assertIn("no keyring (Secret Service) keeps the password", self.keep(status=69).log())

    def test_without_a_password_what_to_do_is_told(self):
        for has_keyring, text in ((False, "no keyring tells the password for anna"),
                                  (True, "the keyring has no password for anna at ")):
            with self.subTest(text):
                if has_keyring:
                    self.start_keyring()
                self.run_agent()
                self.server.accept().greet()
                self.agent.wait_for_log(text)
                self.assertEqual(self.property("Connection"), "rejected")
                self.assertEqual(self.property("LastError")[0], "org.astcti.Error.NoPassword")
                self.assertIn(text, self.property("LastError")[1])
                self.agent.stop()

    def test_a_keyring_that_takes_its_time_keeps_nothing_else_waiting(self):
        self.start_keyring()
        self.keep()
        self.keyring.send_signal(signal.SIGSTOP)
        self.run_agent()
        connection = self.server.accept()
        connection.greet()
        wait_until(lambda: self.property("Connection") == "authenticating", "the keyring is asked")
        # The server does not wait for a person who types.
        connection.close()
        wait_until(lambda: self.property("Connection") == "disconnected", "the server has left")
        self.keyring.send_signal(signal.SIGCONT)
        self.assert_logs_in(self.server.accept())

    def test_the_password_is_told_to_nobody_but_the_server(self):
        self.start_keyring()
        self.keep()
        self.run_agent("--debug")
        self.assert_logs_in(self.server.accept())
        proxy = dbus.Interface(self.bus.get_object(NAME, PATH, introspect=False), "org.freedesktop.DBus.Properties")
        process = f"/proc/{self.agent.process.pid}/"
        places = {"log": self.agent.log(), "D-Bus": str(proxy.GetAll(NAME))}
        for name in ("cmdline", "environ"):
            with open(process + name, encoding="utf-8", errors="replace") as file:
                places[name] = file.read()
        for place, text in places.items():
            for secret in (PASSWORD, base64.b64encode(b"\0anna\0" + PASSWORD.encode()).decode(), "t0ken"):
                with self.subTest(place=place, secret=secret):
                    self.assertNotIn(secret, text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
