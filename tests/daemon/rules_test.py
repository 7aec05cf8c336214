#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for desktops, PROTOCOL.md section 3.2: how the whole daemon reads, tells and reloads them.
Usage: rules_test.py ASTCTID ASTCTICTL"""
import os
import signal
import socket
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from native_client import MAX_RULES_SIZE, words  # noqa: E402
from wire_case import LISTEN, WireTest, main  # noqa: E402

HEAD = '<rules xmlns="urn:astcti:rules:1">\n'


def rule(name="CRM", action='<open url="https://crm.example.org/?n={CALLERID}"/>', more='context="astctidemo"'):
    return f'<rule name="{name}" {more}>{action}</rule>\n'


def document(*rules):
    return HEAD + "".join(rules) + "</rules>\n"


ONE = document(rule())
TWO = document(rule(), rule("Žofie\t„Řehoř“ &amp; Söhne"))
WRONG = {
    "a program": (document(rule(action='<run program="/bin/true"/>')), ':2: rule "CRM" starts a program'),
    "not https": (document(rule(action='<open url="http://crm.example.org/"/>')), "opens a page that is not https"),
    "no rules": ("rubbish", ":1: "),
    "an unknown attribute": (document(rule(more='context="a" colour="red"')), ":2: "),
    "too long": (document(rule()) + " " * MAX_RULES_SIZE, f"has more than {MAX_RULES_SIZE} bytes"),
    "numbers": (document('<numbers country-code="39"/>'), "<numbers> is not for rules of a server"),
    "a document type": ("<!DOCTYPE rules>" + ONE, "a document type is not allowed"),
}


class RulesTest(WireTest):
    def setUp(self):
        self.file = os.path.join(self.enterContext(tempfile.TemporaryDirectory()), "rules.xml")
        self.CTISERVER = LISTEN + f'<rules file="{self.file}"/>'
        self.write(ONE)
        super().setUp()

    def write(self, text):
        # In one go, as an administrator should.
        with open(self.file + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(self.file + ".new", self.file)

    def reload(self):
        return self.ctl("reload", "--control", self.daemon.control)

    def log_in(self):
        return self.client(self.plain).log_in("201", "secret")

    def test_who_asks_is_told_now_and_after_each_change_and_nobody_else(self):
        anna, bert = self.log_in().ask_rules(), self.log_in()
        self.assertIn("rules", anna.hello["can"].split(","))
        self.assertEqual(anna.rules, ONE)
        self.write(TWO)
        done = self.reload()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"rules for desktops: 2 of {self.file}", done.stdout)
        anna.wait_for(lambda: anna.rules == TWO)
        self.assertEqual(bert.ask("NOOP"), "100 OK")
        self.assertNotIn("Rules", bert.seen)
        # A reload without a change tells nothing; SIGHUP is one as well.
        self.daemon.process.send_signal(signal.SIGHUP)
        self.daemon.wait_for("rules for desktops: 2 of")
        told = anna.seen.count("Rules")
        anna.ask("NOOP")
        self.assertEqual(anna.seen.count("Rules"), told)
        self.write(ONE)
        self.daemon.process.send_signal(signal.SIGHUP)
        anna.wait_for(lambda: anna.rules == ONE)

    def test_who_comes_back_is_not_told_what_he_knows_also_after_a_restart(self):
        anna = self.log_in().ask_rules()
        known = anna.rules_list
        for restart in (False, True):
            if restart:
                self.daemon.kill()
                self.daemon.start()
            anna.come_back()
            self.assertEqual(words(anna.ask(f"RULES {known}")), {"rules": known})
            anna.ask("NOOP")
            self.assertNotIn("Rules", anna.seen)
        # What changes later is told all the same.
        self.write(TWO)
        self.reload()
        anna.wait_for(lambda: anna.rules == TWO)
        self.assertNotEqual(anna.rules_list, known)
        # And after a restart with the file of before the id is the one of before.
        self.write(ONE)
        self.daemon.kill()
        self.daemon.start()
        anna.come_back()
        anna.ask_rules()
        self.assertEqual((anna.rules, anna.rules_list), (ONE, known))

    def test_the_longest_list_comes_in_parts(self):
        filling = "\"" * (MAX_RULES_SIZE - len(ONE) - len("<!---->"))
        longest = ONE.replace("</rules>", f"<!--{filling}--></rules>")
        self.assertEqual(len(longest), MAX_RULES_SIZE)
        self.write(longest)
        self.assertEqual(self.reload().returncode, 0)
        anna = self.log_in().ask_rules()
        self.assertEqual(anna.rules, longest)
        self.assertEqual(anna.seen.count("Rules"), 4)

    def test_a_wrong_file_is_told_and_the_old_rules_stay(self):
        anna = self.log_in().ask_rules()
        known = anna.rules_list
        for what, (text, message) in WRONG.items():
            with self.subTest(what):
                self.write(text)
                done = self.reload()
                self.assertEqual(done.returncode, 1)
                self.assertIn("the rules for desktops stay as they were: " + self.file, done.stderr)
                self.assertIn(message, done.stderr)
                self.daemon.wait_for(message)
        os.unlink(self.file)
        self.assertIn("cannot be read", self.reload().stderr)
        self.assertEqual(words(anna.ask("RULES")), {"rules": known})
        self.assertEqual(anna.rules, ONE)
        # Every mistake is in the log, and the first in the answer.
        self.write(document(rule(action='<run program="/bin/true"/>'), rule(more='context="a" colour="red"')))
        self.assertIn("; the log has more", self.reload().stderr)
        self.daemon.wait_for(":2: ")
        self.daemon.wait_for(":3: ")
        # Mended, all is well.
        self.write(TWO)
        self.assertEqual(self.reload().returncode, 0)
        anna.wait_for(lambda: anna.rules == TWO)

    def test_a_wrong_file_is_told_at_start(self):
        self.daemon.kill()
        try:
            for what, (text, message) in WRONG.items():
                with self.subTest(what):
                    self.write(text)
                    for more in ([], ["--check-config"]):
                        self.daemon.process.args += more
                        failed = self.daemon.run_again()
                        self.assertEqual(failed.returncode, 78, failed.stderr)
                        self.assertIn(message, failed.stderr)
                        del self.daemon.process.args[len(self.daemon.process.args) - len(more):]
        finally:
            self.write(ONE)
            self.daemon.start()

    def test_what_is_no_id_is_malformed_and_before_login_there_are_none(self):
        anna = self.log_in()
        for wrong in ("a b", "a" * 65, "<a>", "ü"):
            self.assert_refused(111, anna.ask, f"RULES {wrong}")
        anna.ask("NOOP")
        self.assertNotIn("Rules", anna.seen)
        self.assertEqual(anna.ask_rules().rules, ONE)
        self.assert_refused(112, self.client(self.plain).ask, "RULES")

    def test_who_does_not_read_is_told_before_the_next_snapshot(self):
        self.asterisk.log_in()
        slow, quick = self.log_in().ask_rules(), self.log_in().ask_rules()
        epoch = slow.epoch
        # Of a size that stays: then nothing more is taken until it reads.
        slow.stream.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for number in range(300):
            ids = self.asterisk.call(uniqueid=f"2.{number}", name="x" * 200)
            quick.wait_for(lambda n=number: f"pbx1:2.{n}:201" in quick.calls)
            self.asterisk.event("Hangup", **ids, Cause="16")
        self.write(TWO)
        self.assertEqual(self.reload().returncode, 0)
        quick.wait_for(lambda: quick.rules == TWO and not quick.calls)
        slow.stream.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        slow.wait_for(lambda: slow.rules == TWO)
        self.assertEqual(slow.epoch, epoch)
        slow.wait_for(lambda: slow.epoch != epoch and slow.seen[-1] == "SnapshotEnd")
        self.assertEqual(slow.seen.count("Rules"), 2)


class NoRulesTest(WireTest):
    def test_without_a_file_there_are_none_and_that_is_told(self):
        anna = self.client(self.plain).log_in("201", "secret")
        self.assertEqual(anna.ask("RULES"), "100 OK")
        self.assertEqual(anna.ask("RULES abc"), "100 OK")
        self.assertNotIn("Rules", anna.seen)
        self.assertIn("rules for desktops: none", self.ctl("reload", "--control", self.daemon.control).stdout)


if __name__ == "__main__":
    main()
