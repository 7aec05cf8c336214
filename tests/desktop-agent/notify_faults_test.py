#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Crashes of the agent while the notification server takes its time, and servers that refuse."""
import os
import signal
import unittest

import dbus

from desktop import NAME, NOTIFICATIONS, Desktop
from fake_server import ANSWERED, CALL
from program import wait_until

FIRST = "pbx1:1:201"
SECOND = "pbx1:2:201"
TAG = "x-canonical-private-synchronous"
WITH_TAGS = f"body body-markup actions {TAG}"
# dbusmock's server knows replaced ids only.
NOTIFY_WITH_TAGS = f"""
tags = self.__dict__.setdefault("tags", {{}})
tag = args[6].get("{TAG}", "")
ret = args[1] or tags.get(tag, 0)
if not ret:
    ret = self.next_id
    self.next_id += 1
if tag:
    tags[tag] = ret
"""


class NotifyFaults(Desktop):
    def answer_notify_with(self, code):
        self.mock.AddMethod(NOTIFICATIONS, "Notify", "susssasa{sv}i", "u", code)

    def kept(self):
        try:
            with open(os.path.join(self.directory, "astcti", "notifications"), encoding="utf-8") as file:
                return file.read().splitlines()[2:]
        except FileNotFoundError:
            return []

    def crash_while_the_server_is_asked(self):
        """The first call is on the screen. The server is asked for the second as well, and hangs."""
        server = self.start()
        server.call("Ringing", CALL, FIRST)
        self.wait_for_note("shown", FIRST)
        self.notifier.send_signal(signal.SIGSTOP)
        server.call("Ringing", CALL, SECOND)
        wait_until(lambda: [note for note in self.explain(SECOND)], "the second call")
        self.agent.wait_for_log("notifications: the server does not answer")
        self.agent.process.kill()
        self.agent.wait_for_end()
        wait_until(lambda: not self.bus.name_has_owner(NAME), "the end of the agent on the bus")

    def test_what_the_server_was_asked_for_when_the_agent_crashed_is_taken_away(self):
        self.start_notifications(WITH_TAGS)
        self.answer_notify_with(NOTIFY_WITH_TAGS)
        self.crash_while_the_server_is_asked()
        self.assertEqual(self.kept(), ["1", "=" + SECOND])
        self.start()
        self.notifier.send_signal(signal.SIGCONT)
        closed = wait_until(lambda: len(self.notified("CloseNotification")) == 2 and self.notified("CloseNotification"),
                            "closing")
        self.assertEqual(closed, [[1], [2]])
        # One for each call, and the one that took the place of the second.
        self.assertEqual([(notify[1], notify[6][TAG]) for notify in self.notified()],
                         [(0, "astcti " + FIRST), (0, "astcti " + SECOND), (0, "astcti " + SECOND)])
        self.assertEqual(self.notified()[2][4:6], ["", []])
        wait_until(lambda: self.kept() == [], "nothing is left to be closed")

    def test_a_call_that_rings_still_after_the_crash_is_on_the_screen_once(self):
        self.start_notifications(WITH_TAGS)
        self.answer_notify_with(NOTIFY_WITH_TAGS)
        self.crash_while_the_server_is_asked()
        self.start(calls=[("Ringing", CALL, SECOND)])
        self.notifier.send_signal(signal.SIGCONT)
        self.wait_for_note("shown", SECOND)
        self.assertEqual(self.notified("CloseNotification"), [[1]])
        self.assertEqual(self.notified()[-1][1:5:3], [2, "202  Demo 202\nData: 12345\nQueue: astcti"])
        self.assertEqual(self.kept(), ["2"])

    def test_what_has_a_number_is_replaced_by_that_alone(self):
        self.start_notifications(WITH_TAGS)
        self.answer_notify_with(NOTIFY_WITH_TAGS)
        server = self.start()
        server.call("Ringing", CALL, FIRST)
        self.wait_for_note("shown", FIRST)
        server.call("Answered", ANSWERED, FIRST)
        self.wait_for_note("shown", FIRST, 2)
        self.assertEqual([(notify[1], TAG in notify[6]) for notify in self.notified()], [(0, True), (1, False)])

    def test_a_server_that_knows_no_tags_gets_none(self):
        self.start_notifications()
        self.crash_while_the_server_is_asked()
        self.assertEqual(self.kept(), ["1"])
        self.start()
        self.notifier.send_signal(signal.SIGCONT)
        self.assertEqual(wait_until(lambda: self.notified("CloseNotification"), "closing"), [[1]])
        self.assertEqual([TAG in notify[6] for notify in self.notified()], [False, False])

    def test_a_server_that_refuses_is_asked_five_times_and_told_once(self):
        self.start_notifications()
        self.answer_notify_with('raise dbus.exceptions.DBusException("too many", name="org.example.Busy")')
        server = self.start()
        server.call("Ringing", CALL, FIRST)
        self.wait_for_note("failed", FIRST, 5)
        self.assertEqual(self.agent.log().count("notifications: "), 1)
        self.assertIn("too many", self.agent.log())
        # By its second attempt the first would have been tried again.
        server.call("Ringing", CALL, SECOND)
        self.wait_for_note("failed", SECOND, 2)
        self.assertEqual(len(self.notified()), 7)
        self.answer_notify_with("ret = 9")
        self.wait_for_note("shown", SECOND)
        self.assertEqual(self.property("Connection"), "online")

    def test_a_server_that_answers_nonsense_disturbs_nobody(self):
        self.start_notifications()
        self.mock.AddMethod(NOTIFICATIONS, "GetCapabilities", "", "s", 'ret = "body"')
        self.mock.AddMethod(NOTIFICATIONS, "Notify", "susssasa{sv}i", "s", 'ret = "one"')
        server = self.start()
        server.call("Ringing", {**CALL, "peer-name": "<b>"}, FIRST)
        self.assertEqual(self.wait_for_notification(1)[4].splitlines()[0], "202  &lt;b&gt;")
        self.emit("ActionInvoked", "s", "x")
        self.emit("NotificationClosed", "ss", "1", "2")
        self.emit("ActivationToken", "u", dbus.UInt32(0))
        server.call("Ringing", CALL, SECOND)
        self.wait_for_notification(2)
        self.assertEqual(self.property("Connection"), "online")


if __name__ == "__main__":
    unittest.main(verbosity=2)
