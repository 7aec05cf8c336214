#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine sleeps and wakes up, its network changes: is the server still there, or back?"""
import os
import unittest

from desktop import Desktop
from fake_server import CALL
from program import wait_until

LOGIND = "org.freedesktop.login1"


class Wake(Desktop):
    def setUp(self):
        super().setUp()
        # Over a network, and with a system bus that has a logind.
        self.server.close()
        self.serve()
        _, self.system_bus = self.start_bus()
        before = os.environ.get("DBUS_SYSTEM_BUS_ADDRESS")
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = self.system_bus
        self.addCleanup(lambda: os.environ.pop("DBUS_SYSTEM_BUS_ADDRESS") if before is None
                        else os.environ.update(DBUS_SYSTEM_BUS_ADDRESS=before))
        mock = self.spawn_server(LOGIND, "/org/freedesktop/login1", LOGIND + ".Manager", system_bus=True)
        self.addCleanup(mock.wait)
        self.addCleanup(mock.kill)
        self.system = self.get_dbus(system_bus=True)
        self.addCleanup(self.system.close)
        self.logind = self.system.get_object(LOGIND, "/org/freedesktop/login1")
        self.password = self.write("password", "s3cret\n")
        os.chmod(self.password, 0o600)

    def run_agent(self):
        self.agent = self.run_program("--server", self.server.address, "--user", "anna", "--password-file", self.password,
                                      environment={"DBUS_SYSTEM_BUS_ADDRESS": self.system_bus})
        stats = self.system.get_object("org.freedesktop.DBus", "/org/freedesktop/DBus")
        wait_until(lambda: "PrepareForSleep" in str(stats.GetAllMatchRules(
            dbus_interface="org.freedesktop.DBus.Debug.Stats")), "the agent listens to logind")

    def connect(self):
        self.run_agent()
        server = self.server.accept_and_log_in()
        self.agent.wait_for_log("connected to")
        return server

    def sleep_and_wake(self):
        for sleeps in (True, False):
            self.logind.EmitSignal(LOGIND + ".Manager", "PrepareForSleep", "b", [sleeps],
                                   dbus_interface="org.freedesktop.DBus.Mock")

    def test_a_server_that_is_still_there_is_asked_and_kept(self):
        server = self.connect()
        server.call("Ringing", CALL)
        for _ in range(2):
            self.sleep_and_wake()
            self.assertEqual(server.line(), "NOOP")
            server.send(b"100 OK\n")
        server.call("Ringing", CALL, "pbx1:2:201")
        self.wait_for_signal("CallAdded", 2)
        self.assertEqual(self.agent.log().count("connected to"), 1)

    def test_a_server_that_does_not_answer_is_left_and_what_it_told_is_cleared(self):
        self.start_notifications()
        server = self.connect()
        server.call("Ringing", CALL)
        self.wait_for_note("shown")
        self.sleep_and_wake()
        self.assertEqual(server.line(), "NOOP")
        again = self.server.accept_and_log_in()
        self.assertIn(f"{self.server.address} does not answer", self.agent.log())
        self.assertEqual(wait_until(lambda: self.notified("CloseNotification"), "closing"), [[1]])
        again.call("Ringing", CALL, "pbx1:2:201")
        self.wait_for_signal("CallAdded", 2)

    def test_who_would_wait_for_long_tries_again_at_once(self):
        self.run_agent()
        # Half a minute would pass by itself, three times as long as the test waits.
        self.server.accept().login("113 REFUSED wrong name or password")
        self.agent.wait_for_log("refused the name or the password")
        self.sleep_and_wake()
        self.server.accept_and_log_in()
        self.agent.wait_for_log("connected to")

    def test_an_attempt_on_the_network_before_is_given_up(self):
        self.run_agent()
        self.server.accept()
        wait_until(lambda: self.property("Connection") == "authenticating", "connected")
        self.sleep_and_wake()
        self.server.accept_and_log_in()
        self.agent.wait_for_log("connected to")
        self.assertNotIn("does not answer", self.agent.log())


if __name__ == "__main__":
    unittest.main(verbosity=2)
