#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that the server sends: what they open, and what they do not."""
import os
import subprocess
import unittest

from desktop import Desktop
from fake_server import ANSWERED
from program import wait_until
from server_test import ID, PROGRAMS, RealServer

HEAD = '<rules xmlns="urn:astcti:rules:1">'
HOSTS = '<server-rules><host name="crm.example.org"/></server-rules>'
PAGE = "https://crm.example.org/?{}=202"


def document(*rules, more=""):
    return HEAD + more + "".join(rules) + "</rules>"


def rule(name, host="crm.example.org", when="ringing", more='direction="any"'):
    url = f"https://{host}/?{name}={{CALLERID}}"
    return f'<rule name="{name}" when="{when}" {more}><open url="{url}"/></rule>'


class FromAstctid(RealServer):
    def more_of_ctiserver(self):
        self.file = self.write("server-rules.xml", document(rule("crm")))
        return f'<rules file="{self.file}"/>'

    def allow(self, *rules, more=HOSTS):
        """The administrator's file of the desktop."""
        return self.write("rules.xml", document(*rules, more=more))

    def change(self, text):
        self.write("server-rules.xml", text)
        subprocess.run([PROGRAMS["astctictl"], "reload", "--control", self.daemon.control], check=True,
                       stdout=subprocess.DEVNULL)

    def call(self, uniqueid):
        self.asterisk.call(uniqueid)
        self.wait_for_call(uniqueid)

    def opened(self, number):
        return [url for (url,) in self.recorded("opened", number)]

    def notes(self, uniqueid):
        wait_until(lambda: any(part == "rule" for part, _, _ in self.explain(ID.format(uniqueid))), "the decision")
        return [note[1:] for note in self.explain(ID.format(uniqueid)) if note[0] == "rule"]

    def test_a_page_is_opened_by_a_rule_of_the_server_and_by_the_next_one_when_that_changes(self):
        self.connect("--rules", self.allow())
        self.agent.wait_for_log("rules: the server has 1")
        self.call("1.5")
        self.assertEqual(self.opened(1), [PAGE.format("crm")])
        self.assertIn(("matched", 'rule "crm", the server\'s, when ringing: matched'), self.notes("1.5"))
        self.change(document(rule("first"), rule("second")))
        self.agent.wait_for_log("rules: the server has 2")
        self.call("1.6")
        self.assertEqual(self.opened(2)[1:], [PAGE.format("first")])

    def test_the_persons_rules_come_first_then_the_administrators_then_the_servers(self):
        self.change(document(rule("s1", more='called="1*"'), rule("s2", more='number="*"'), rule("s3")))
        os.makedirs(os.path.join(self.directory, "config", "astcti"), exist_ok=True)
        os.makedirs(os.path.join(self.directory, "xdg", "astcti"))
        self.write("config/astcti/rules.xml", document(rule("p", more='catch-all="yes"')))
        self.write("xdg/astcti/rules.xml", document(rule("a", more='number="999"'), more=HOSTS))
        self.connect(environment={"XDG_CONFIG_DIRS": os.path.join(self.directory, "xdg")})
        self.agent.wait_for_log("rules: the server has 3")
        self.call("1.5")
        # A catch-all comes after every other rule of everybody.
        self.assertEqual(self.opened(1), [PAGE.format("s1")])
        order = [text.split('"')[1] for _, text in self.notes("1.5")]
        self.assertEqual(order, ["p", "a", "s1", "s2", "s3"])

    def test_a_rule_for_a_host_that_is_not_allowed_is_refused_and_told_and_the_others_count(self):
        self.change(document(rule("evil", "evil.example.org"), rule("port", "crm.example.org:444"), rule("crm")))
        self.connect("--rules", self.allow())
        why = "it opens a page of evil.example.org, which the administrator does not allow"
        self.agent.wait_for_log(f'rules of the server: rule "evil" is not used: {why}')
        self.agent.wait_for_log('rule "port" is not used: it opens a page of crm.example.org:444')
        self.call("1.5")
        self.assertEqual(self.opened(1), [PAGE.format("crm")])
        self.assertIn(("skipped", f'rule "evil", the server\'s, when ringing: {why}'), self.notes("1.5"))
        self.assertEqual(self.property("LastError"), ("", ""))

    def test_where_no_host_is_allowed_no_rules_are_asked_for_until_one_is(self):
        path = self.allow(more="")
        self.connect("--rules", path)
        self.call("1.5")
        self.assertEqual(self.notes("1.5"), [("none", "when ringing: there are no rules")])
        self.assertNotIn(b"RULES", self.proxy.sent)
        self.allow()
        self.agent.wait_for_log("rules: the server has 1")
        self.call("1.6")
        self.assertEqual(self.opened(1), [PAGE.format("crm")])
        # And when it is not any more they are gone.
        self.allow(more="")
        wait_until(lambda: self.agent.log().count("rules.xml has 0") == 3, "the administrator's file")
        self.call("1.7")
        self.assertEqual(self.notes("1.7"), [("none", "when ringing: there are no rules")])

    def test_only_what_the_administrator_sets_allows_a_host(self):
        environment = self.dconf("server-rules-hosts=['crm.example.org']\n", [])
        # The person's own.
        for folder in ("config/dconf", "own"):
            os.makedirs(os.path.join(self.directory, folder))
        self.write("own/values", "[org/astcti/Agent]\nserver-rules-hosts=['evil.example.org']\nmute-popups=true\n")
        subprocess.run(["dconf", "compile", self.directory + "/config/dconf/user", self.directory + "/own"], check=True)
        self.change(document(rule("evil", "evil.example.org"), rule("crm")))
        self.connect(environment=environment)
        self.agent.wait_for_log("rules: the server has 2")
        self.agent.wait_for_log('rule "evil" is not used')
        self.assertTrue(self.property("PopupsMuted"), "the person's own settings are not there")
        self.call("1.5")
        self.assertEqual(self.opened(1), [PAGE.format("crm")])

    def test_what_is_known_is_not_told_again_after_a_gap_and_forgotten_when_it_is_gone(self):
        self.connect("--rules", self.allow())
        self.agent.wait_for_log("rules: the server has 1")
        self.proxy.cut()
        self.wait_for_connections(2)
        wait_until(lambda: self.proxy.sent.count(b"RULES ") == 1, "the list is asked for by its id")
        self.call("1.5")
        self.assertEqual(self.opened(1), [PAGE.format("crm")])
        self.assertEqual(self.proxy.received.count(b"<Rules "), 1)
        # A server of the same place, without rules.
        self.assertEqual(self.daemon.end(), 0)
        with open(self.daemon.config, encoding="utf-8") as file:
            text = file.read()
        with open(self.daemon.config, "w", encoding="utf-8") as file:
            file.write(text.replace(f'<rules file="{self.file}"/>', ""))
        self.daemon.start()
        self.asterisk.log_in()
        self.agent.wait_for_log("rules: those of the server are gone")
        self.call("1.6")
        self.assertEqual(self.notes("1.6"), [("none", "when ringing: there are no rules")])


class FromAnother(Desktop):
    """What astctid does not send."""

    def start_with_hosts(self):
        self.agent = self.run_program("--server", self.server.address, "--rules",
                                      self.write("rules.xml", document(more=HOSTS)))

    def log_in(self, can="rules"):
        connection = self.server.accept()
        connection.can = can
        connection.login()
        connection.snapshot()
        return connection

    def answer_and_look(self, server, number):
        """The notes of rules for a call that is answered."""
        call = f"pbx1:{number}:201"
        server.call("Answered", ANSWERED, call)
        wait_until(lambda: any(values[1] == call for values in self.named("CallAdded")), "the call")
        wait_until(lambda: any(note[0] == "rule" for note in self.explain(call)), "the decision")
        return [note[2] for note in self.explain(call) if note[0] == "rule"]

    def test_a_list_that_is_wrong_is_refused_as_a_whole_and_told(self):
        self.start_with_hosts()
        server = self.log_in()
        self.assertEqual(server.line(), "RULES")
        server.send(b"100 OK rules=good\n")
        good = rule("crm", when="answered")
        server.rules("good", document(good))
        self.agent.wait_for_log("rules: the server has 1")
        program = '<rule name="p" direction="any"><run program="/usr/bin/python3"/></rule>'
        rows = [
            (document(good, program), 'rule "p" starts a program'),
            (document(good, good.replace("https:", "http:")), "opens a page that is not https"),
            (document(good) + "rubbish", "mend the XML"),
            (document(good, more=HOSTS), "<server-rules> may stand in the administrator's file only"),
            ('<!DOCTYPE rules [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + document(good), "document type"),
        ]
        for number, (text, why) in enumerate(rows):
            with self.subTest(why):
                server.rules(f"wrong{number}", text)
                self.agent.wait_for_log(why)
                notes = self.answer_and_look(server, number)
                self.assertEqual(len(notes), 2, notes)
                self.assertTrue(notes[0].startswith("no rule of the server is used: rules of the server:"), notes)
                self.assertIn(why, notes[0])
                self.assertEqual(notes[1], "when answered: there are no rules")
                name, text = self.property("LastError")
                self.assertEqual(name, "org.astcti.Error.InvalidRules")
                self.assertIn(why, text)
        # A list that is too long, of which only the beginning came; then one whose parts do not fit.
        server.rules("long", document(good), 32769)
        self.agent.wait_for_log("longer than 32 KiB")
        server.event("Rules", text="x", list="other", size=5, offset=3)
        server.rules("good2", document(good))
        wait_until(lambda: self.agent.log().count("rules: the server has 1") == 2, "good rules again")
        self.assertEqual(self.property("LastError"), ("", ""))
        server.call("Answered", ANSWERED, "pbx1:9:201")
        self.assertEqual(self.recorded("opened"), [[PAGE.format("crm")]])

    def test_an_older_server_is_not_asked_and_what_was_known_of_another_one_is_forgotten(self):
        self.start_with_hosts()
        server = self.log_in()
        self.assertEqual(server.line(), "RULES")
        server.send(b"100 OK rules=a\n")
        server.rules("a", document(rule("crm", when="answered")))
        self.agent.wait_for_log("rules: the server has 1")
        server.close()
        server = self.log_in(can="calls,ext,orig,token")
        self.agent.wait_for_log("rules: those of the server are gone")
        self.assertEqual(self.answer_and_look(server, 1), ["when answered: there are no rules"])

    def test_a_server_that_does_not_know_the_command_after_all_has_no_rules(self):
        self.start_with_hosts()
        server = self.log_in()
        self.assertEqual(server.line(), "RULES")
        server.send(b"110 UNKNOWN no such command\n")
        self.assertEqual(self.answer_and_look(server, 1), ["when answered: there are no rules"])

    def test_an_id_that_is_none_is_a_broken_event_and_becomes_no_command(self):
        self.start_with_hosts()
        server = self.log_in()
        self.assertEqual(server.line(), "RULES")
        server.send(b"100 OK rules=a\n")
        server.rules("a&#10;ORIG 1|2|1", document())
        self.agent.wait_for_log("sent a wrong event: no list, size or offset in <Rules>")
        server = self.log_in()
        self.assertEqual(server.line(), "RULES")

    def test_a_host_of_the_settings_that_is_none_is_an_error_at_the_start(self):
        environment = self.dconf("server-rules-hosts=['https://crm.example.org/']\n", [])
        self.agent = self.run_program("--server", self.server.address, environment=environment)
        self.assertEqual(self.agent.wait_for_end(), 78)
        self.assertIn('server-rules-hosts of the settings has "https://crm.example.org/"', self.agent.log())


if __name__ == "__main__":
    unittest.main(verbosity=2)
