#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the agent starts when a call is answered."""
import os
import unittest
import urllib.parse

import dbus
import dbusmock

from desktop import RECORD, Desktop
from fake_server import ANSWERED, CALL, ENDED
from program import wait_until

HOSTILE = "<b>&\"'$(reboot)\nroot"
PAGE = ('<rule name="Demo page" context="astctidemo"><open url="http://127.0.0.1:8088/'
        '?callerid={CALLERID}&amp;callername={CALLERNAME}&amp;calldata={CALLDATA}'
        '&amp;channel={CHANNEL}&amp;uniqueid={UNIQUEID}"/></rule>')


class Rules(Desktop):
    def program(self, name, *arguments, attributes='context="astctidemo"'):
        words = [RECORD, os.path.join(self.directory, "ran"), *arguments]
        return (f'<rule name="{name}" {attributes}><run program="/usr/bin/python3">' +
                "".join(f"<argument>{word}</argument>" for word in words) + "</run></rule>")

    def ring_and_answer(self, server, call="pbx1:1795406933.1:201", **fields):
        server.call("Ringing", {**CALL, **fields}, call)
        server.call("Answered", {**ANSWERED, **fields}, call)

    def test_an_answered_call_opens_the_page_with_its_values_encoded(self):
        server = self.start("--rules", self.rules(PAGE))
        self.ring_and_answer(server, **{"peer-name": HOSTILE, "calldata": "1 2&callerid=9"})
        ((url,),) = self.recorded("opened")
        self.assertTrue(url.startswith("http://127.0.0.1:8088/?callerid=202&callername=%3Cb%3E%26%22"))
        self.assertNotRegex(url, r"[<>\"' ]")
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query, strict_parsing=True)
        self.assertEqual(query, {"callerid": ["202"], "callername": [HOSTILE], "calldata": ["1 2&callerid=9"],
                                 "channel": ["PJSIP/201-00000001"], "uniqueid": ["1795406933.1"]})
        self.agent.wait_for_log('rule "Demo page": opened http://127.0.0.1:8088/\n')
        self.assertNotIn("callerid=202", self.agent.log())

    def test_a_hostile_name_is_one_argument_and_no_shell_sees_it(self):
        server = self.start("--rules", self.rules(
            self.program("CRM", "--caller={CALLERNAME}", "{CALLERID} {CALLDATA}", "last")))
        self.ring_and_answer(server, **{"peer-name": HOSTILE})
        self.assertEqual(self.recorded("ran"), [["--caller=" + HOSTILE, "202 12345", "last"]])

    def test_a_value_that_would_be_an_option_is_refused_and_the_next_call_works(self):
        server = self.start("--rules", self.rules(self.program("CRM", "{CALLERNAME}")))
        self.ring_and_answer(server, "pbx1:1:201", **{"peer-name": "-oProxyCommand=x"})
        self.agent.wait_for_log('rule "CRM": not started: argument 3 would begin with a dash')
        self.ring_and_answer(server, "pbx1:2:201")
        self.assertEqual(self.recorded("ran"), [["Demo 202"]])

    def test_a_program_that_does_not_exist_is_told_and_the_next_call_works(self):
        server = self.start("--rules", self.rules(
            '<rule name="Gone" context="gone"><run program="/no/such/program"/></rule>',
            self.program("CRM", "{CALLERID}")))
        self.ring_and_answer(server, "pbx1:1:201", context="gone")
        self.agent.wait_for_log('rule "Gone": cannot start /no/such/program: ')
        self.assertEqual(self.property("LastError")[0], "org.astcti.Error.NotStarted")
        self.ring_and_answer(server, "pbx1:2:201")
        self.assertEqual(self.recorded("ran"), [["202"]])
        self.assertEqual(self.property("LastError"), ("", ""))

    def test_a_program_is_reaped_outlives_the_agent_and_cannot_write_to_it(self):
        script = self.write("stay", "import os, signal, sys\n"
                            f"open({self.directory!r} + '/pid.new', 'w').write(str(os.getpid()))\n"
                            f"os.rename({self.directory!r} + '/pid.new', {self.directory!r} + '/pid')\n"
                            "print('noise', flush=True)\n"
                            "assert sys.stdin.read() == ''\n"
                            "signal.pause()\n")
        server = self.start("--rules", self.rules(
            '<rule name="Stay" context="stay"><run program="/usr/bin/python3">'
            f"<argument>{script}</argument></run></rule>",
            '<rule name="False" context="false"><run program="/bin/false"/></rule>'))
        self.ring_and_answer(server, "pbx1:1:201", context="false")
        self.agent.wait_for_log('rule "False": /bin/false ended with status 1')
        self.ring_and_answer(server, "pbx1:2:201", context="stay")
        pid_file = os.path.join(self.directory, "pid")
        wait_until(lambda: os.path.exists(pid_file), "the program runs")
        with open(pid_file, encoding="utf-8") as file:
            pid = int(file.read())
        try:
            self.assertEqual(os.getsid(pid), pid)
            self.assertEqual(self.agent.stop(), 0)
            os.kill(pid, 0)
            self.assertNotIn("noise", self.agent.log() + self.agent.output())
        finally:
            os.kill(pid, 9)

    def test_the_first_enabled_rule_of_the_context_runs_else_the_first_catch_all(self):
        server = self.start("--rules", self.rules(
            self.program("Off", "off", attributes='context="astctidemo" enabled="no"'),
            self.program("Any", "any", attributes='catch-all="yes"'),
            self.program("First", "first"), self.program("Second", "second")))
        self.ring_and_answer(server, "pbx1:1:201")
        self.assertEqual(self.recorded("ran", 1), [["first"]])
        self.ring_and_answer(server, "pbx1:2:201", context="elsewhere")
        self.assertEqual(self.recorded("ran", 2), [["first"], ["any"]])

    def test_a_rule_runs_once_for_each_call_and_other_party(self):
        server = self.start("--rules", self.rules(self.program("CRM", "{CALLERID}")))
        self.ring_and_answer(server)
        server.call("Answered", {**ANSWERED, "queue": "other"})
        server.call("Peer", {**ANSWERED, "peer-number": "0612345678"})
        server.snapshot(("Answered", {**ANSWERED, "peer-number": "0612345678"}, "pbx1:1795406933.1:201"))
        server.call("Ended", ENDED)
        self.wait_for_signal("CallChanged", 4)
        self.ring_and_answer(server, "pbx1:9:201", **{"peer-number": "203"})
        self.assertCountEqual(self.recorded("ran", 3), [["202"], ["0612345678"], ["203"]])

    def test_a_consultation_then_the_transfer_run_the_rule_for_the_customer_once(self):
        server = self.start("--rules", self.rules(
            self.program("Desk", "desk", "{CALLERID}", attributes='context="from-internal"'),
            self.program("CRM", "{CALLERID}", "{CALLDATA}")))
        colleague = {**ANSWERED, "peer-number": "203", "peer-name": "Carla", "context": "from-internal",
                     "internal": "yes", "calldata": "", "queue": ""}
        customer = {**ANSWERED, "peer-number": "0612345678", "calldata": "777"}
        server.call("Ringing", colleague)
        server.call("Answered", colleague)
        server.call("Held", colleague)
        # Handed over while it is held: it is not this person's yet.
        server.call("Peer", customer)
        server.call("Resumed", customer)
        server.call("Held", customer)
        server.call("Peer", {**customer, "peer-name": "Customer"})
        server.call("Resumed", {**customer, "peer-name": "Customer"})
        server.snapshot(("Answered", {**customer, "peer-name": "Customer"}, "pbx1:1795406933.1:201"))
        server.call("Ended", {**ENDED, "end-reason": "transferred"})
        self.wait_for_signal("CallChanged", 8)
        self.ring_and_answer(server, "pbx1:9:201", **{"peer-number": "204"})
        self.assertCountEqual(self.recorded("ran", 3), [["desk", "203"], ["0612345678", "777"], ["204", "12345"]])

    def test_an_agent_of_a_pool_has_a_page_for_each_caller(self):
        server = self.start("--rules", self.rules(self.program("CRM", "{CALLERID}")))
        waits = {**ANSWERED, "direction": "outbound", "peer-number": "*45"}
        server.call("Dialing", {**CALL, "direction": "outbound", "peer-number": "*45"})
        server.call("Answered", waits)
        nobody = {**ANSWERED, "peer-number": "", "peer-name": "", "calldata": "", "queue": ""}
        server.call("Peer", {**ANSWERED, "peer-number": "1", "peer-uniqueid": "5.1"})
        server.call("Peer", nobody)
        server.call("Peer", {**ANSWERED, "peer-number": "2", "peer-uniqueid": "5.2"})
        server.call("Peer", nobody)
        # The same customer again: another call of his.
        server.call("Peer", {**ANSWERED, "peer-number": "1", "peer-uniqueid": "5.3"})
        self.wait_for_signal("CallChanged", 6)
        self.assertCountEqual(self.recorded("ran", 3), [["1"], ["2"], ["1"]])

    def test_numbers_are_rewritten_before_a_rule_sees_them(self):
        server = self.start("--rules", self.rules(
            '<numbers country-code="39" keep-trunk-prefix="yes"><withheld word="riservato"/></numbers>',
            self.program("CRM", "{CALLERID}", "{CALLERNAME}")))
        self.ring_and_answer(server, "pbx1:1:201", **{"peer-number": "06 1234567"})
        # Written otherwise it is still the same party.
        for number in ("0039061234567", "+39061234567"):
            server.call("Peer", {**ANSWERED, "peer-number": number}, "pbx1:1:201")
        self.ring_and_answer(server, "pbx1:2:201", **{"peer-number": "Riservato"})
        self.ring_and_answer(server, "pbx1:3:201")
        self.assertCountEqual(self.recorded("ran", 3),
                              [["+39061234567", "Demo 202"], ["", ""], ["202", "Demo 202"]])

    def test_calls_that_ring_only_or_go_out_or_were_answered_before_start_nothing(self):
        server = self.start("--rules", self.rules(self.program("CRM", "{CALLERID}")),
                            calls=[("Answered", ANSWERED, "pbx1:1:201")])
        server.call("Ringing", CALL, "pbx1:2:201")
        server.call("Answered", {**ANSWERED, "direction": "outbound"}, "pbx1:3:201")
        self.ring_and_answer(server, "pbx1:4:201", **{"peer-number": "203"})
        self.assertEqual(self.recorded("ran"), [["203"]])

    def test_each_moment_has_its_rules(self):
        server = self.start("--rules", self.rules(*[
            self.program(moment, moment, "{CALLERID}", "{CALLED}", "{QUEUE}", "{priority}",
                         attributes=f'context="astctidemo" when="{moment}"')
            for moment in ("ringing", "peer-changed", "ended")]))
        server.call("Ringing", CALL)
        server.call("Answered", ANSWERED)
        server.call("Held", ANSWERED)
        server.call("Resumed", ANSWERED)
        server.call("Peer", {**ANSWERED, "peer-number": "203"})
        server.call("Ended", {**ENDED, "peer-number": "203"})
        server.call("Ended", {**ENDED, "cause": "17"})
        self.wait_for_signal("CallChanged", 6)
        self.assertCountEqual(self.recorded("ran", 3), [[moment, number, "100", "astcti", ""] for moment, number in (
            ("ringing", "202"), ("peer-changed", "203"), ("ended", "203"))])
        self.agent.wait_for_log("no rule for context")

    def test_outbound_calls_run_the_rules_that_say_so(self):
        server = self.start("--rules", self.rules(
            self.program("in", "in"), self.program("out", "out", "{CALLERID}", attributes='direction="outbound"')))
        out = {**CALL, "direction": "outbound", "peer-number": "+39061234567"}
        server.call("Dialing", out)
        server.call("Alerting", out)
        server.call("Answered", {**out, "answer": "1795406935000000"})
        self.assertEqual(self.recorded("ran"), [["out", "+39061234567"]])

    def test_the_persons_rules_come_before_the_administrators_unless_these_forbid_it(self):
        for directory in ("config", "etc"):
            os.makedirs(os.path.join(self.directory, directory, "astcti"), exist_ok=True)
        head = '<rules xmlns="urn:astcti:rules:1"%s>'
        theirs = self.program("theirs", "theirs") + self.program("all", "all", attributes='catch-all="yes"')
        self.write("config/astcti/rules.xml", head % "" + self.program("mine", "mine", attributes='queue="mine"') +
                   "</rules>")
        administrators = self.write("etc/astcti/rules.xml", head % "" + theirs + "</rules>")
        self.agent = self.run_program("--server", self.server.address,
                                      environment={"XDG_CONFIG_DIRS": os.path.join(self.directory, "etc")})
        server = self.server.accept_and_log_in()
        self.agent.wait_for_log("connected to")
        self.ring_and_answer(server, "pbx1:1:201", queue="mine")
        self.assertEqual(self.recorded("ran", 1), [["mine"]])
        self.ring_and_answer(server, "pbx1:2:201")
        self.assertEqual(self.recorded("ran", 2)[1:], [["theirs"]])
        self.write("etc/new", head % ' user-rules="no"' + theirs + "</rules>")
        os.rename(os.path.join(self.directory, "etc/new"), administrators)
        wait_until(lambda: self.agent.log().count(f"rules: {administrators} has 2") == 2, "read anew")
        self.ring_and_answer(server, "pbx1:3:201", queue="mine")
        self.assertEqual(self.recorded("ran", 3)[2:], [["theirs"]])

    def test_a_changed_file_counts_at_once_and_a_broken_one_changes_nothing(self):
        path = os.path.join(self.directory, "config", "astcti", "rules.xml")
        head = '<rules xmlns="urn:astcti:rules:1">'
        server = self.start()
        # Neither the file nor its folder was there.
        os.makedirs(os.path.dirname(path))
        self.write("config/astcti/rules.xml", head + self.program("CRM", "first") + "</rules>")
        self.agent.wait_for_log(f"rules: {path} has 1")
        self.ring_and_answer(server, "pbx1:1:201")
        self.assertEqual(self.recorded("ran", 1), [["first"]])

        self.write("config/astcti/rules.xml", head + '\n<rule name="a" when="x" context="c"><open url="ftp://h"/></rule>'
                   '\n<rule name="b"><open url="http://h"/></rule></rules>')
        self.agent.wait_for_log(f"rules: {path} is not used; its rules stay as they were")
        self.agent.wait_for_log(f"{path}:2: ")
        self.agent.wait_for_log(f"{path}:3: rule \"b\" does not say for which calls it is")
        name, text = self.property("LastError")
        self.assertEqual(name, "org.astcti.Error.InvalidRules")
        self.assertEqual(len(text.splitlines()), 2)
        self.ring_and_answer(server, "pbx1:2:201")
        self.assertEqual(self.recorded("ran", 2), [["first"], ["first"]])

        self.write("config/astcti/rules.xml", head + self.program("CRM", "second") + "</rules>")
        wait_until(lambda: self.property("LastError") == ("", ""), "all is well")
        self.ring_and_answer(server, "pbx1:3:201")
        self.assertEqual(self.recorded("ran", 3)[2:], [["second"]])
        os.unlink(path)
        self.agent.wait_for_log(f"rules: {path} is gone")

    def test_what_is_started_does_not_get_what_systemd_and_the_unit_told_the_agent(self):
        script = self.write("show", "import os, sys\n"
                            "keys = ('NOTIFY_SOCKET', 'XDG_ACTIVATION_TOKEN', 'DESKTOP_STARTUP_ID', 'INVOCATION_ID',\n"
                            "        'G_SLICE')\n"
                            f"os.execv({RECORD!r}, [{RECORD!r}, sys.argv[1], *[os.environ.get(key, '-') for key in keys]])\n")
        self.agent = self.run_program(
            "--server", self.server.address, "--rules", self.rules(
                f'<rule name="Show" context="astctidemo"><run program="/usr/bin/python3"><argument>{script}</argument>'
                f'<argument>{self.directory}/ran</argument></run></rule>'),
            environment={"NOTIFY_SOCKET": "/x", "INVOCATION_ID": "x", "XDG_ACTIVATION_TOKEN": "old",
                         "DESKTOP_STARTUP_ID": "old", "G_SLICE": "always-malloc"})
        server = self.server.accept_and_log_in()
        self.ring_and_answer(server)
        self.assertEqual(self.recorded("ran"), [["-"] * 5])

    def test_what_is_started_gets_a_scope_of_its_own_where_systemd_runs_the_session(self):
        systemd = self.spawn_server("org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                                    "org.freedesktop.systemd1.Manager")
        self.addCleanup(systemd.wait)
        self.addCleanup(systemd.kill)
        manager = dbus.Interface(self.bus.get_object("org.freedesktop.systemd1", "/org/freedesktop/systemd1"),
                                 dbusmock.MOCK_IFACE)
        manager.AddMethod("org.freedesktop.systemd1.Manager", "StartTransientUnit", "ssa(sv)a(sa(sv))", "o",
                          'ret = dbus.ObjectPath("/org/freedesktop/systemd1/job/1")')
        server = self.start("--rules", self.rules(self.program("CRM", "{CALLERID}"),
                                                  PAGE.replace('context="astctidemo"', 'context="page"')))
        self.ring_and_answer(server, "pbx1:1:201")
        self.ring_and_answer(server, "pbx1:2:201", context="page")
        asked = wait_until(lambda: len(found := manager.GetMethodCalls("StartTransientUnit")) == 2 and found, "two scopes")
        for (_, (name, mode, properties, others)), program, what in zip(
                asked, ("python3", "record"), ("/usr/bin/python3", "record.desktop")):
            properties = dict(properties)
            (pid,) = properties["PIDs"]
            self.assertEqual((name, mode, others), (f"app-astcti-{program}-{pid}.scope", "fail", []))
            self.assertEqual((properties["Slice"], properties["CollectMode"], properties["Description"]),
                             ("app.slice", "inactive-or-failed", what + ", started by AstCTI"))
        self.recorded("ran")
        self.recorded("opened")

    def test_a_storm_of_calls_starts_three_programs(self):
        server = self.start("--rules", self.rules(self.program("CRM", "{CALLERID}")))
        for number in range(30):
            self.ring_and_answer(server, f"pbx1:{number}:201")
        self.wait_for_signal("CallChanged", 30)
        self.assertEqual(len(self.recorded("ran", 3)), 3)
        # A call is told on the bus before its rule is tried.
        wait_until(lambda: self.agent.log().count("not started: 3 starts in 5 seconds") == 27, "27 refusals")

    def test_a_link_that_nothing_opens_is_told(self):
        os.unlink(os.path.join(self.directory, "config", "mimeapps.list"))
        os.unlink(os.path.join(self.directory, "data", "applications", "record.desktop"))
        self.agent = self.run_program("--server", self.server.address, "--rules", self.rules(PAGE),
                                      environment={"XDG_DATA_DIRS": self.directory, "PATH": "/nowhere"})
        server = self.server.accept_and_log_in()
        self.ring_and_answer(server)
        self.agent.wait_for_log('rule "Demo page": cannot open http://127.0.0.1:8088/: ')
        self.assertEqual(self.property("Connection"), "online")


if __name__ == "__main__":
    unittest.main(verbosity=2)
