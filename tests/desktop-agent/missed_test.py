#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Missed calls, and what a locked screen shows."""
import subprocess
import unittest

import dbus
import dbusmock

from desktop import Desktop
from fake_server import ANSWERED, CALL, ENDED
from program import wait_until

HOSTILE = "<b>&\"'$(reboot)\nroot"
UNANSWERED = {key: value for key, value in ENDED.items() if key != "answer"}
MAX_HELD = 20


class Missed(Desktop):
    def miss(self, server, call, fields=None):
        """A call that rings and that the caller gives up."""
        fields = {"queue": "", **(fields or {})}
        server.call("Ringing", {**CALL, **fields}, call)
        server.call("Ended", {**UNANSWERED, **fields, "end-reason": "cancelled"}, call)

    def lock(self):
        locker, saver = self.spawn_server_template("gnome_screensaver", {}, stdout=subprocess.DEVNULL)
        self.addCleanup(locker.wait)
        self.addCleanup(locker.kill)
        saver.SetActive(True, dbus_interface="org.gnome.ScreenSaver")
        return saver

    def is_locked(self, saver):
        return saver.GetActive(dbus_interface="org.gnome.ScreenSaver")

    def test_a_missed_call_is_told_and_one_of_a_queue_is_not(self):
        self.start_notifications()
        server = self.start()
        rows = [("cancelled", {"queue": ""}, True), ("no-answer", {"queue": ""}, True), ("cancelled", {}, False),
                ("answered-elsewhere", {"queue": ""}, False), ("rejected", {"queue": ""}, False),
                ("busy", {"queue": ""}, False)]
        for number, (reason, fields, _) in enumerate(rows):
            call = f"pbx1:{number}:201"
            server.call("Ringing", {**CALL, **fields, "peer-name": HOSTILE}, call)
            server.call("Ended", {**UNANSWERED, **fields, "end-reason": reason, "peer-name": HOSTILE}, call)
            server.call("Ended", {**UNANSWERED, **fields, "end-reason": reason, "cause": "19", "peer-name": HOSTILE}, call)
        wanted = [f"pbx1:{number}:201" for number, row in enumerate(rows) if row[2]]
        self.wait_for_notification(len(wanted))
        self.wait_for_signal("CallChanged", 2 * len(rows))
        self.property("Connection")
        told = [call for call in (f"pbx1:{number}:201" for number in range(len(rows)))
                if ("notification", "missed", "told as missed") in self.explain(call)]
        self.assertEqual(told, wanted)
        self.assertEqual(len(self.notified()), len(wanted))
        _, replaced, _, summary, body, actions, hints, expires = self.notified()[0]
        self.assertEqual((replaced, summary, actions, hints["urgency"], hints["category"], expires),
                         (0, "Missed call", [], 1, "call.unanswered", 0))
        self.assertNotIn("<b>", body)

    def test_on_gnome_a_missed_call_is_the_applications_own(self):
        self.start_notifications()
        gnome = self.spawn_server("org.gtk.Notifications", "/org/gtk/Notifications", "org.gtk.Notifications")
        self.addCleanup(gnome.wait)
        self.addCleanup(gnome.kill)
        mock = dbus.Interface(self.bus.get_object("org.gtk.Notifications", "/org/gtk/Notifications"),
                              dbusmock.MOCK_IFACE)
        mock.AddMethod("org.gtk.Notifications", "AddNotification", "ssa{sv}", "", "")
        server = self.start()
        self.miss(server, "pbx1:1795406933.1:201", {"peer-name": HOSTILE})
        ((_, _, (application, identifier, values)),) = wait_until(lambda: mock.GetCalls(), "AddNotification")
        self.assertEqual((application, identifier), ("org.astcti.Agent", "missed-pbx1:1795406933.1:201"))
        self.assertEqual((values["title"], values["body"].splitlines()[0]),
                         ("Missed call", "202  <b>&\"'$(reboot) root"))
        self.assertEqual(self.notified(), [])

    def test_a_locked_screen_shows_that_somebody_calls_and_nothing_else(self):
        self.start_notifications()
        saver = self.lock()
        server = self.start("--rules", self.rules('<rule name="CRM" catch-all="yes"><run program="/bin/true"/></rule>'))
        # The question is answered before anything that is asked afterwards of the agent.
        wait_until(lambda: self.is_locked(saver), "locked")
        self.property("Connection")
        server.call("Ringing", CALL)
        self.assertEqual(self.wait_for_notification(1)[3:6], ["Incoming call", "", []])
        saver.SetActive(False, dbus_interface="org.gnome.ScreenSaver")
        self.assertEqual(self.wait_for_notification(2)[4].splitlines()[0], "202  Demo 202")
        saver.SetActive(True, dbus_interface="org.gnome.ScreenSaver")
        self.assertEqual(self.wait_for_notification(3)[3:6], ["Incoming call", "", []])
        server.call("Answered", ANSWERED)
        self.assertEqual(wait_until(lambda: self.notified("CloseNotification"), "closing"), [[1]])
        # A call that was missed meanwhile is told when somebody is there to see it.
        self.miss(server, "pbx1:2:201")
        self.wait_for_note("missed", "pbx1:2:201")
        self.assertEqual(len(self.notified()), 3)
        saver.SetActive(False, dbus_interface="org.gnome.ScreenSaver")
        self.assertEqual(self.wait_for_notification(4)[3], "Missed call")

    def test_what_was_missed_behind_the_lock_is_told_afterwards_but_not_without_end(self):
        self.start_notifications()
        saver = self.lock()
        server = self.start()
        wait_until(lambda: self.is_locked(saver), "locked")
        self.property("Connection")
        for number in range(MAX_HELD + 2):
            self.miss(server, f"pbx1:{number:02}:201", {"peer-number": str(number)})
        self.wait_for_note("missed", f"pbx1:{MAX_HELD + 1:02}:201")
        self.assertEqual(self.notified(), [])
        saver.SetActive(False, dbus_interface="org.gnome.ScreenSaver")
        self.wait_for_notification(MAX_HELD)
        self.assertEqual([told[4].split()[0] for told in self.notified()], [str(number) for number in
                                                                           range(2, MAX_HELD + 2)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
