#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the notification server is asked to show, and what happens when it does not answer."""
import os
import signal
import unittest
import xml.etree.ElementTree as ElementTree

import dbus

from desktop import NAME, PATH, RECORD, Desktop
from fake_server import ANSWERED, CALL, ENDED
from program import wait_until

HOSTILE = "<b>&\"'$(reboot)\nroot"


class Notifications(Desktop):
    def test_ringing_is_shown_answered_replaces_it_and_ended_closes_it(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL)
        application, replaced, _, summary, body, actions, hints, expires = self.wait_for_notification(1)
        self.assertEqual((application, replaced, summary), ("AstCTI", 0, "Incoming call"))
        self.assertEqual(body, "202  Demo 202\nData: 12345\nQueue: astcti")
        self.assertEqual((hints["urgency"], hints["category"]), (2, "call.incoming"))
        self.assertEqual((hints["desktop-entry"], actions, expires),
                         ("org.astcti.Agent", ["hide", "Hide"], 0))

        server.call("Answered", ANSWERED)
        _, replaced, _, summary, _, _, hints, expires = self.wait_for_notification(2)
        self.assertEqual((replaced, summary, hints["urgency"], expires), (1, "Call answered", 1, 8000))

        server.call("Ended", ENDED)
        self.assertEqual(wait_until(lambda: self.notified("CloseNotification"), "closing"), [[1]])
        self.assertEqual(len(self.notified()), 2)

    def test_a_hostile_name_is_text_to_a_server_with_markup(self):
        self.start_notifications("body body-markup")
        server = self.start()
        server.call("Ringing", {**CALL, "peer-name": HOSTILE})
        body = self.wait_for_notification(1)[4]
        text = ElementTree.fromstring(f"<body>{body}</body>")
        self.assertEqual(list(text), [])
        self.assertEqual(text.text.splitlines()[0], "202  <b>&\"'$(reboot) root")

    def test_a_hostile_name_is_sent_as_it_is_to_a_server_without_markup(self):
        self.start_notifications("body")
        server = self.start()
        server.call("Ringing", {**CALL, "peer-name": HOSTILE})
        self.assertEqual(self.wait_for_notification(1)[4].splitlines()[0], "202  <b>&\"'$(reboot) root")

    def test_a_call_that_ends_before_the_server_answers_is_closed_all_the_same(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL, "pbx1:1:201")
        self.wait_for_notification(1)
        self.notifier.send_signal(signal.SIGSTOP)
        server.call("Answered", ANSWERED, "pbx1:1:201")
        server.call("Ended", ENDED, "pbx1:1:201")
        self.wait_for_signal("CallChanged", 2)
        self.notifier.send_signal(signal.SIGCONT)
        wait_until(lambda: self.notified("CloseNotification") == [[1]], "nothing is left on the screen")

    def test_outbound_calls_are_not_shown(self):
        self.start_notifications()
        server = self.start()
        server.call("Dialing", {**CALL, "direction": "outbound"}, "pbx1:3.3:201")
        server.call("Answered", {**ANSWERED, "direction": "outbound"}, "pbx1:3.3:201")
        server.call("Ringing", CALL)
        self.wait_for_notification(1)
        self.assertEqual(len(self.notified()), 1)

    def test_an_internal_call_is_shown_but_not_urgent(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", {**CALL, "internal": "yes"})
        _, _, _, summary, _, _, hints, expires = self.wait_for_notification(1)
        self.assertEqual((summary, hints["urgency"], hints["category"], expires),
                         ("Incoming call", 1, "call.incoming", 0))

    def test_a_withheld_number_is_told_as_such(self):
        self.start_notifications()
        server = self.start()
        call = {key: value for key, value in CALL.items() if not key.startswith("peer-")}
        server.call("Ringing", {**call, "presentation": "withheld"})
        self.assertEqual(self.wait_for_notification(1)[4].splitlines()[0], "Number withheld")

    def test_hold_shows_nothing_and_another_party_replaces_the_one_before(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_notification(1)
        server.call("Answered", ANSWERED)
        self.wait_for_notification(2)
        for _ in range(2):
            server.call("Held", ANSWERED)
            server.call("Resumed", ANSWERED)
        server.call("Peer", {**ANSWERED, "peer-number": "+39061234567"})
        _, replaced, _, summary, body, _, hints, _ = self.wait_for_notification(3)
        self.assertEqual((replaced, summary, hints["urgency"]), (1, "Call answered", 1))
        self.assertEqual(body.splitlines()[0], "+39061234567  Demo 202")
        self.assertEqual(self.notified("CloseNotification"), [])

    def test_a_call_that_never_rang_is_shown_when_it_is_there(self):
        self.start_notifications()
        server = self.start(calls=[("Answered", ANSWERED, "pbx1:old:201")])
        waits = {"direction": "outbound", "uniqueid": "1", "channel": "PJSIP/201-1", "peer-number": "*45"}
        server.call("Dialing", waits)
        server.call("Answered", waits)
        # What an agent of a pool hears is a tone, then the caller; who takes a call back was shown it before.
        server.call("Answered", ANSWERED)
        server.call("Held", ANSWERED)
        server.call("Resumed", ANSWERED)
        self.assertEqual(self.wait_for_notification(1)[3:5],
                         ["Call answered", "202  Demo 202\nData: 12345\nQueue: astcti"])
        server.call("Answered", waits)
        self.assertEqual(wait_until(lambda: self.notified("CloseNotification"), "closing"), [[1]])
        server.call("Answered", {**ANSWERED, "peer-number": "203"})
        self.assertEqual(self.wait_for_notification(2)[4].splitlines()[0], "203  Demo 202")
        # Between two callers nobody is there.
        server.call("Peer", {**ANSWERED, "peer-number": "", "peer-name": "", "calldata": "", "queue": ""})
        self.assertEqual(wait_until(lambda: len(self.notified("CloseNotification")) == 2, "closing"), True)
        self.assertEqual(len(self.notified()), 2)

    def test_what_the_person_dismissed_does_not_come_back(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_notification(1)
        self.mock.EmitSignal("org.freedesktop.Notifications", "NotificationClosed", "uu", [1, 2])
        # Once the agent answers a later question, it has heard of that.
        self.property("Connection")
        server.call("Answered", ANSWERED)
        self.wait_for_signal("CallChanged")
        server.call("Ringing", CALL, "pbx1:4.4:201")
        self.assertEqual(self.wait_for_notification(2)[3], "Incoming call")

    def test_the_end_of_the_agent_takes_them_off_the_screen(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_notification(1)
        self.wait_for_note("shown")
        self.assertEqual(self.agent.stop(), 0)
        self.assertEqual(self.notified("CloseNotification"), [[1]])

    def test_without_a_server_calls_go_on_and_it_is_told_once(self):
        server = self.start()
        for number in range(3):
            server.call("Ringing", CALL, f"pbx1:{number}:201")
        self.wait_for_signal("CallAdded", 3)
        self.agent.wait_for_log("notifications: ")
        self.property("Connection")
        self.assertEqual(self.agent.log().count("notifications: "), 1)

    def test_a_server_that_comes_later_shows_what_rings_still(self):
        server = self.start()
        server.call("Ringing", CALL)
        self.agent.wait_for_log("notifications: ")
        self.start_notifications()
        self.assertEqual(self.wait_for_notification(1)[3], "Incoming call")

    def test_a_server_that_hangs_disturbs_nobody(self):
        self.start_notifications()
        server = self.start()
        self.notifier.send_signal(signal.SIGSTOP)
        server.call("Ringing", CALL)
        self.agent.wait_for_log("notifications: the server does not answer")
        server.call("Answered", ANSWERED)
        self.wait_for_signal("CallChanged")
        self.assertEqual(self.property("Connection"), "online")
        server.call("Ended", ENDED)
        self.wait_for_signal("CallChanged", 2)
        server.call("Ringing", CALL, "pbx1:2:201")
        self.wait_for_signal("CallAdded", 2)
        self.notifier.send_signal(signal.SIGCONT)
        wait_until(lambda: len(self.notified()) - len(self.notified("CloseNotification")) == 1,
                   "only the call that rings is shown")

    def test_a_server_that_crashes_is_replaced_by_the_next(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_notification(1)
        self.stop_notifications()
        self.start_notifications("body")
        self.wait_for_notification(1)
        server.call("Answered", ANSWERED)
        self.assertEqual(self.wait_for_notification(2)[3], "Call answered")


    def test_a_call_that_is_answered_by_a_machine_is_not_shown(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL)
        server.call("Answered", ANSWERED)
        self.wait_for_note("not-shown")
        self.assertIn(("notification", "not-shown", "answered within half a second, so by a machine"), self.explain())
        server.call("Ringing", CALL, "pbx1:2:201")
        self.assertEqual(self.wait_for_notification(1)[1:4:2], [0, "Incoming call"])
        self.assertEqual(len(self.notified()), 1)

    def test_a_ring_is_shown_after_half_a_second_and_not_before(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_note("shown")
        proxy = self.bus.get_object(NAME, PATH, introspect=False)
        _, notes = dbus.Interface(proxy, NAME).Explain("")
        times = {tuple(note[1:3]): note[0] for note in notes}
        self.assertGreater(times["notification", "shown"] - times["call", "ringing"], 490_000)

    def test_the_button_opens_what_the_rule_says_and_that_once(self):
        rule = ('<rule name="Customer page of the very long name that nobody reads to its end" catch-all="yes">'
                f'<run program="{RECORD}"><argument>{self.directory}/ran</argument><argument>{{CALLERID}}</argument>'
                '</run></rule>')
        self.start_notifications()
        server = self.start("--rules", self.rules(rule))
        server.call("Ringing", CALL)
        label = "Open Customer page of the very long name that"
        self.assertEqual(self.wait_for_notification(1)[5], ["default", "", "open", label[:45].rstrip(), "hide", "Hide"])
        self.wait_for_note("shown")
        self.emit("ActivationToken", "us", dbus.UInt32(1), "token-7")
        self.emit("ActionInvoked", "us", dbus.UInt32(1), "open")
        self.assertEqual(self.recorded("ran"), [["202"]])
        server.call("Answered", ANSWERED)
        self.wait_for_notification(2)
        self.assertEqual(self.notified()[1][5], ["default", "", "open", label[:45].rstrip()])
        # Clicking again is wanted again; the answer by itself is not.
        self.emit("ActionInvoked", "us", dbus.UInt32(1), "default")
        self.assertEqual(self.recorded("ran", 2), [["202"], ["202"]])
        self.assertEqual([note[1] for note in self.explain() if note[0] == "rule"], ["none", "asked", "asked"])

    def test_what_is_opened_by_a_click_may_come_to_the_front(self):
        script = self.write("show", "import os, sys\n"
                            f"os.execv({RECORD!r}, [{RECORD!r}, sys.argv[1], os.environ['XDG_ACTIVATION_TOKEN']])\n")
        self.start_notifications()
        server = self.start("--rules", self.rules(
            f'<rule name="Show" catch-all="yes"><run program="/usr/bin/python3"><argument>{script}</argument>'
            f'<argument>{self.directory}/ran</argument></run></rule>'))
        server.call("Ringing", CALL)
        self.wait_for_notification(1)
        self.wait_for_note("shown")
        self.emit("ActivationToken", "us", dbus.UInt32(1), "token-7")
        self.emit("ActionInvoked", "us", dbus.UInt32(1), "default")
        self.assertEqual(self.recorded("ran"), [["token-7"]])

    def test_hide_takes_it_away_for_good(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_notification(1)
        self.wait_for_note("shown")
        self.emit("ActionInvoked", "us", dbus.UInt32(1), "hide")
        self.assertEqual(wait_until(lambda: self.notified("CloseNotification"), "closing"), [[1]])
        server.call("Answered", ANSWERED)
        server.call("Ringing", CALL, "pbx1:2:201")
        self.assertEqual(self.wait_for_notification(2)[3], "Incoming call")

    def test_a_server_without_buttons_gets_none(self):
        self.start_notifications("body")
        server = self.start()
        server.call("Ringing", CALL)
        self.assertEqual(self.wait_for_notification(1)[5], [])

    def test_muted_notifications_are_taken_away_and_do_not_come_back(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_notification(1)
        self.wait_for_note("shown")
        self.set_property("PopupsMuted", True)
        self.assertEqual(wait_until(lambda: self.notified("CloseNotification"), "closing"), [[1]])
        server.call("Ringing", CALL, "pbx1:2:201")
        self.wait_for_note("muted", "pbx1:2:201")
        self.set_property("PopupsMuted", False)
        server.call("Ringing", CALL, "pbx1:3:201")
        self.wait_for_notification(2)
        self.assertEqual(len(self.notified()), 2)

    def test_a_crash_leaves_nothing_on_the_screen(self):
        self.start_notifications()
        server = self.start()
        for number in (1, 2):
            server.call("Ringing", CALL, f"pbx1:{number}:201")
        self.wait_for_note("shown", "pbx1:1:201")
        self.wait_for_note("shown", "pbx1:2:201")
        self.agent.process.kill()
        self.agent.wait_for_end()
        wait_until(lambda: not self.bus.name_has_owner(NAME), "the end of the agent on the bus")
        self.assertEqual(self.notified("CloseNotification"), [])
        self.start()
        self.assertEqual(wait_until(lambda: len(self.notified("CloseNotification")) == 2
                                    and self.notified("CloseNotification"), "closing"), [[1], [2]])
        self.assertEqual(self.agent.stop(), 0)
        self.assertFalse(os.path.exists(os.path.join(self.directory, "astcti", "notifications")))

    def test_what_another_server_shows_is_not_closed_after_a_crash(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_note("shown")
        self.agent.process.kill()
        self.agent.wait_for_end()
        self.stop_notifications()
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_notification(1)
        self.assertEqual(self.notified("CloseNotification"), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
