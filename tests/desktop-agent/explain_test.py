#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why did it pop, or not? What the agent tells of it, and its calls that are made up."""
import os
import re
import unittest

import dbus

from desktop import RECORD, Desktop
from fake_server import ANSWERED, CALL, ENDED
from program import wait_until

MAX_CALLS = 50
MAX_RULES = 50


class Explain(Desktop):
    def told(self, *arguments):
        program = self.run_program("--explain", *arguments, name="explain")
        self.assertEqual(program.wait_for_end(), 0)
        # Times are of the clock.
        return re.sub(r"\d\d:\d\d:\d\d\.\d{3}", "TIME", program.output())

    def start_with_rules(self):
        return self.start("--rules", self.rules(
            '<rule name="Off" context="astctidemo" enabled="no"><run program="/bin/false"/></rule>',
            '<rule name="Sales" context="sales"><run program="/bin/false"/></rule>',
            '<rule name="VIP" context="astctidemo"><variable name="calldata" value="1"/><run program="/bin/false"/></rule>',
            '<rule name="CRM" context="astctidemo"><run program="/bin/false"/></rule>',
            '<rule name="Late" context="astctidemo"><run program="/bin/false"/></rule>'))

    def test_a_call_that_popped_is_told_from_the_ring_to_the_exit_of_the_program(self):
        self.start_notifications()
        server = self.start_with_rules()
        server.call("Ringing", CALL)
        self.wait_for_notification(1)
        wait_until(lambda: ("notification", "shown", '"Incoming call" is the server\'s number 1, critical')
                   in self.explain(), "what the server answered")
        server.call("Answered", ANSWERED)
        server.call("Ended", ENDED)
        wait_until(lambda: {("start", "ended"), ("notification", "closed")} <= {note[:2] for note in self.explain()},
                   "the exit, and the end of the notification")
        notes = self.explain()
        for wanted in (
                ("call", "ringing", "inbound ringing, other party 202, external, called 100, context astctidemo, "
                 "queue astcti"),
                ("rule", "none", "when ringing: no rule matched"),
                ("rule", "skipped", 'rule "Off", the administrator\'s, when answered: it is switched off'),
                ("rule", "skipped", 'rule "Sales", the administrator\'s, when answered: the context is "astctidemo", '
                 'not "sales"'),
                ("rule", "skipped", 'rule "VIP", the administrator\'s, when answered: the variable calldata has '
                 'another value'),
                ("rule", "matched", 'rule "CRM", the administrator\'s, when answered: matched'),
                ("rule", "skipped", 'rule "Late", the administrator\'s, when answered: another rule comes first'),
                ("start", "started", 'rule "CRM": started /bin/false'),
                ("start", "ended", 'rule "CRM": /bin/false ended with status 1'),
                ("notification", "closed", "nothing of interest any more: the agent closes it")):
            self.assertIn(wanted, notes)
        self.assertNotIn("12345", str(notes))
        text = self.told()
        self.assertTrue(text.startswith(f"agent: online at {self.server.address} as anna; pbx pbx1 is up\n"
                                        "call pbx1:1795406933.1:201\n  TIME  call          ringing    inbound"), text)
        self.assertIn('  TIME  start         ended      rule "CRM": /bin/false ended with status 1\n', text)
        self.assertEqual(self.told("pbx1:1795406933.1:201"), text)

    def test_a_call_that_did_not_pop_says_why(self):
        server = self.start_with_rules()
        server.call("Ringing", {**CALL, "context": "elsewhere"})
        server.call("Answered", {**ANSWERED, "context": "elsewhere"})
        self.wait_for_signal("CallChanged")
        text = self.told()
        self.assertIn('rule "CRM", the administrator\'s, when answered: the context is "elsewhere", not "astctidemo"\n',
                      text)
        self.assertIn("rule          none       when answered: no rule matched\n", text)
        self.assertIn("notification  not-shown  answered within half a second, so by a machine\n", text)

    def test_of_many_rules_so_many_are_told_and_the_one_that_matched(self):
        many = [f'<rule name="R{number}" context="c{number}"><run program="/bin/true"/></rule>' for number in range(60)]
        server = self.start("--rules", self.rules(
            *many, '<rule name="CRM" context="astctidemo"><run program="/bin/true"/></rule>'))
        server.call("Answered", ANSWERED)
        wait_until(lambda: "ended" in [note[1] for note in self.explain() if note[0] == "start"], "the exit")
        told = [note for note in self.explain() if note[0] == "rule"]
        self.assertEqual(len(told), MAX_RULES + 2)
        self.assertEqual(told[MAX_RULES][1:], ("matched", 'rule "CRM", the administrator\'s, when answered: matched'))
        self.assertEqual(told[MAX_RULES + 1][2], "10 more rules did not match")

    def test_what_the_notification_server_does_is_told(self):
        self.start_notifications()
        server = self.start()
        server.call("Ringing", CALL)
        wait_until(lambda: "shown" in [note[1] for note in self.explain()], "shown")
        self.mock.EmitSignal("org.freedesktop.Notifications", "NotificationClosed", "uu", [1, 2])
        wait_until(lambda: ("notification", "closed", "the server closed it: you closed it") in self.explain(), "closed")
        self.stop_notifications()
        server.call("Ringing", CALL, "pbx1:2:201")
        wait_until(lambda: "failed" in [note[1] for note in self.explain()], "the server's absence")

    def test_the_last_calls_are_kept_and_all_of_them_are_told(self):
        server = self.start()
        for number in range(MAX_CALLS + 1):
            server.call("Ringing", CALL, f"pbx1:{number}:201")
        self.wait_for_signal("CallAdded", MAX_CALLS + 1)
        self.assertEqual(re.findall("^call (.*)$", self.told("all"), re.MULTILINE),
                         [f"pbx1:{number}:201" for number in range(1, MAX_CALLS + 1)])
        with self.assertRaises(dbus.DBusException) as caught:
            self.explain("pbx1:0:201")
        self.assertEqual(caught.exception.get_dbus_name(), "org.astcti.Error.NoSuchCall")
        unknown = self.run_program("--explain", "pbx1:0:201", name="explain")
        self.assertEqual(unknown.wait_for_end(), 69)
        self.assertIn("no such call, or it was too long ago", unknown.log())

    def test_made_up_calls_need_no_server_and_run_the_rules(self):
        self.start_notifications()
        self.agent = self.run_program("--demo", "--rules", self.rules(
            f'<rule name="CRM" catch-all="yes"><run program="{RECORD}"><argument>{self.directory}/ran</argument>'
            '<argument>{CALLERID}</argument><argument>{CALLDATA}</argument></run></rule>'))
        self.agent.wait_for_log("connected to demo as demo")
        self.assertEqual((self.property("Connection"), self.property("Server"), self.property("Pbxs")),
                         ("online", "demo", {"demo": "up"}))
        self.assertEqual(self.wait_for_notification(1)[4].splitlines()[0], "+390655501234  Anna Bianchi")
        self.assertEqual(self.recorded("ran"), [["+390655501234", "12345"]])
        self.assertEqual(self.agent.stop(), 0)
        wait_until(lambda: self.notified("CloseNotification") == [[1]], "nothing is left on the screen")

    def test_at_login_the_session_starts_the_agent(self):
        services = os.path.join(self.directory, "services")
        os.makedirs(services)
        self.write("services/org.astcti.Agent1.service", "[D-BUS Service]\nName=org.astcti.Agent1\n"
                   f"Exec={os.environ['ASTCTI_AGENT']} --service --server {self.server.address}\n")
        address = self.start_bus(services)[1]
        environment = {"DBUS_SESSION_BUS_ADDRESS": address}
        for _ in range(2):
            starter = self.run_program("--autostart", name="starter", environment=environment)
            self.assertEqual(starter.wait_for_end(), 0)
        self.server.accept_and_log_in()
        self.server.listener.settimeout(0)
        with self.assertRaises(BlockingIOError):
            self.server.accept()
        quitter = self.run_program("--quit", name="quit", environment=environment)
        self.assertEqual(quitter.wait_for_end(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
