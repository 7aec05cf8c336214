#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole daemon against what peers and Asterisk may do wrong: a clear message, nobody else
disturbed. Usage: daemon_test.py ASTCTID ASTCTICTL"""
import base64
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import daemon_case  # noqa: E402
from daemon_case import PROGRAMS, DaemonCase  # noqa: E402

MEBIBYTE = 1 << 20


def plain(user, password):
    return "AUTH PLAIN " + base64.b64encode(f"\0{user}\0{password}".encode()).decode()


class DaemonTest(DaemonCase):
    def assert_serves(self):
        """A call still reaches a client that logs in now."""
        client = self.daemon.log_in()
        ids = self.asterisk.call(uniqueid="1.99")
        self.assertIn("<calldata>12345</calldata>", client.read_until("<Ringing ")[-1])
        self.asterisk.event("Hangup", **ids, Cause="16")
        self.assertIn("<end-reason>", client.read_until("<Ended ")[-1])
        client.close()

    # Asterisk

    def test_a_call_reaches_the_client_of_its_extension_and_no_other(self):
        self.daemon.add_user("202", "PJSIP/202", "other")
        login = self.asterisk.log_in()
        self.assertEqual(login["Username"], "cti")
        self.assertNotIn("s3cret", str(login))
        self.daemon.wait_for("pbx pbx1: AMI connected to 127.0.0.1")
        anna, bert = self.daemon.log_in(), self.daemon.connect()
        self.assertIn('state="up"', "".join(anna.snapshot))
        bert.ask("HELO 2")
        self.assertTrue(bert.ask(plain("202", "other")).startswith("102 OK token="))
        bert.read_until("<SnapshotEnd")
        ids = self.asterisk.call()
        self.assertIn("<peer-number>202</peer-number>", anna.read_until("<Ringing ")[-1])
        self.asterisk.event("Newstate", **ids, ChannelStateDesc="Up", ConnectedLineNum="202",
                            ConnectedLineName="Demo 202")
        anna.read_until("<Answered ")
        self.asterisk.event("Hangup", **ids, Cause="16")
        self.assertIn("<end-reason>normal<", anna.read_until("<Ended ")[-1])
        self.assertEqual(bert.ask("NOOP"), "100 OK", "bert was told of anna's call")

    def test_a_refused_login_says_what_to_check(self):
        self.asterisk.accept()
        self.asterisk.stream.send(self.asterisk.BANNER)
        self.asterisk.answer(self.asterisk.expect("Challenge"), "Success", "Challenge: 1")
        self.asterisk.answer(self.asterisk.expect("Login"), "Error", "Message: Authentication failed")
        line = self.daemon.wait_for("login refused")
        self.assertIn("manager.conf", line)
        self.assertTrue(self.asterisk.stream.is_closed())
        self.assertIn('state="down"', "".join(self.daemon.log_in().snapshot))

    def test_each_refused_call_is_told_to_whom_it_belongs(self):
        self.daemon.add_user("202", "PJSIP/202", "other")
        self.asterisk.log_in()
        anna, bert = self.daemon.log_in(), self.daemon.connect()
        bert.ask("HELO 2")
        bert.ask(plain("202", "other"))
        bert.read_until("<SnapshotEnd")
        actions = []
        for client, number in ((anna, "203"), (bert, "204"), (anna, "205")):
            self.assertEqual(client.ask(f"ORIG {number}|astctidemo|1"), "100 OK")
            actions.append(self.asterisk.expect("Originate"))
        # The last one that was placed, then the first; the second one is on its way.
        self.asterisk.answer(actions[2], "Error", "Message: Extension does not exist.")
        self.assertIn("Extension does not exist.", self.daemon.wait_for("places no call from PJSIP/201"))
        self.asterisk.answer(actions[1], "Success", "Message: Originate successfully queued")
        self.asterisk.answer(actions[0], "Error", "Message: Permission denied")
        for number in ("205", "203"):
            ended = anna.read_until("<Ended ")[-1]
            self.assertIn("<end-reason>failed<", ended)
            self.assertIn(f"<peer-number>{number}<", ended)
        self.assertEqual(bert.ask("NOOP"), "100 OK", "bert was told of anna's calls")

    def test_a_call_that_asterisk_never_answers_to_has_failed_after_10_seconds(self):
        self.asterisk.log_in()
        client = self.daemon.log_in()
        client.deadline = 20
        self.assertEqual(client.ask("ORIG 203|astctidemo|1"), "100 OK")
        self.asterisk.expect("Originate")
        self.asterisk.answer(self.asterisk.expect("Ping"), "Success", "Ping: Pong")  # after 5 s
        self.daemon.wait_for("places no call from PJSIP/201: no answer within 10 s")
        self.assertIn("<end-reason>failed<", client.read_until("<Ended ")[-1])

    def test_a_call_that_the_connection_was_lost_over_has_failed(self):
        self.asterisk.log_in()
        client = self.daemon.log_in()
        self.assertEqual(client.ask("ORIG 203|astctidemo|1"), "100 OK")
        self.asterisk.expect("Originate")
        self.asterisk.stream.close()
        self.asterisk.stream = None
        self.assertIn("<end-reason>failed<", client.read_until("<Ended ")[-1])

    def test_what_answers_to_nothing_changes_nothing(self):
        self.asterisk.log_in()
        self.asterisk.stream.send("Response: Error\r\nMessage: Missing action in request\r\n\r\n")
        self.daemon.wait_for("Asterisk answered to nothing that was asked")
        self.assert_serves()

    def test_something_that_is_not_asterisk_is_named(self):
        self.asterisk.accept()
        self.asterisk.stream.send("SSH-2.0-OpenSSH_9.2\r\n")
        self.daemon.wait_for("this is not Asterisk's manager interface: it says \"SSH-2.0")
        self.asterisk.log_in()
        self.assert_serves()

    def test_garbage_costs_its_own_packet_only(self):
        self.asterisk.log_in()
        for rubbish in (b"\x00\xff\xfe no colon\r\n\r\n", b": no key\r\n\r\n",
                        b"Event: Hangup\r\nUniqueid: 1.99\r\nUniqueid: 1.98\r\n\r\n"):
            self.asterisk.stream.send(rubbish)
            self.daemon.wait_for("a manager packet was dropped")
        self.assert_serves()

    def test_a_line_of_a_mebibyte_is_dropped(self):
        self.asterisk.log_in()
        self.asterisk.stream.send(b"Event: X\r\nValue: " + b"x" * (MEBIBYTE - 100000) + b"\r\n\r\n")
        self.daemon.wait_for("a manager packet was dropped: it is too long")
        self.assert_serves()

    def test_a_packet_without_end_ends_the_connection(self):
        self.asterisk.log_in()
        try:
            self.asterisk.stream.send(b"x" * (2 * MEBIBYTE))
        except OSError:
            pass  # it had closed already
        self.daemon.wait_for("a packet without end")
        self.asterisk.log_in()
        self.assert_serves()

    def test_invalid_utf8_reaches_clients_as_valid_text(self):
        self.asterisk.log_in()
        client = self.daemon.log_in()
        self.asterisk.stream.send(
            b"Event: Newchannel\r\nChannel: PJSIP/201-1\r\nUniqueid: 1.5\r\n"
            b"ChannelStateDesc: Ringing\r\nConnectedLineNum: 7\r\n"
            b"ConnectedLineName: M\xfcller \xff\xfe\r\n\r\n"
            b"Event: DialBegin\r\nDestChannel: PJSIP/201-1\r\nDestUniqueid: 1.5\r\n"
            b"DestConnectedLineNum: 7\r\nDestConnectedLineName: M\xfcller \xff\xfe\r\n\r\n")
        self.assertIn("<peer-name>Müller ÿþ</peer-name>", client.read_until("<Ringing ")[-1])

    def test_a_hostile_name_is_text_and_one_line(self):
        self.asterisk.log_in()
        client = self.daemon.log_in()
        self.asterisk.call(name="<b>&\"'$(reboot)\\r\\nUser: x")
        line = client.read_until("<Ringing ")[-1]
        self.assertIn("<peer-name>&lt;b&gt;&amp;&quot;&apos;$(reboot) User: x</peer-name>", line)

    def test_asterisk_vanishes_in_mid_event_and_comes_back(self):
        self.asterisk.log_in()
        client = self.daemon.log_in()
        ids = self.asterisk.call()
        client.read_until("<Ringing ")
        self.asterisk.stream.send(b"Event: Hangup\r\nChannel: PJS")
        self.asterisk.stream.close()
        self.asterisk.stream = None
        client.read_until('state="down"')
        self.asterisk.log_in()  # and tells an empty list
        lines = client.read_until("<Ended ")
        self.assertIn('state="up"', "".join(lines))
        self.assertIn(f"pbx1:{ids['Uniqueid']}:201", lines[-1])
        self.assert_serves()

    def test_calls_of_an_asterisk_that_stays_away_end_after_30_seconds(self):
        self.asterisk.log_in()
        client = self.daemon.log_in()
        self.asterisk.call()
        client.read_until("<Ringing ")
        self.asterisk.close()
        client.read_until('state="down"')
        client.deadline = 60
        self.assertIn("<end-reason>failed<", client.read_until("<Ended ")[-1])
        self.assertNotIn("<Ringing", "".join(self.daemon.log_in().snapshot))

    # Clients

    def test_a_line_of_a_mebibyte_before_login_ends_that_client_only(self):
        self.asterisk.log_in()
        bad = self.daemon.connect()
        try:
            bad.send(b"x" * MEBIBYTE)
        except OSError:
            pass  # it had closed already
        self.assertTrue(bad.is_closed())
        self.assert_serves()

    def test_a_line_of_a_mebibyte_after_login_is_thrown_away(self):
        client = self.daemon.log_in()
        client.send(b"x" * MEBIBYTE + b"\nNOOP\n")
        self.assertTrue(client.read_line().startswith("103 TOO LONG"))
        self.assertEqual(client.read_line(), "100 OK")

    def test_half_a_line_waits_for_the_other_half(self):
        client = self.daemon.connect()
        client.send("HE")
        other = self.daemon.log_in()
        self.assertEqual(other.ask("NOOP"), "100 OK")
        self.assertTrue(client.ask("LO 2").startswith("100 OK 2"))

    def test_commands_in_one_segment_are_answered_in_order(self):
        client = self.daemon.connect()
        client.send("HELO 2\r\n@a AUTH EXTERNAL\r\n@b NOOP\n@c FLY\n")
        self.assertTrue(client.read_line().startswith("100 OK 2"))
        self.assertEqual(client.read_line(), "@a 102 OK")
        rest = client.read_until("@c")
        self.assertEqual([line for line in rest if line.startswith("@")],
                         ["@b 100 OK", "@c 110 UNKNOWN no such command"])

    def test_commands_before_login_are_refused(self):
        self.asterisk.log_in()
        client = self.daemon.connect()
        self.assertEqual(client.ask("ORIG 203|astctidemo|1"), "101 KO")
        client.ask("HELO 2")
        self.assertTrue(client.ask("ORIG 203|astctidemo|1").startswith("112 LOGIN FIRST"))
        self.assertTrue(client.ask("CALLS").startswith("112 LOGIN FIRST"))

    def test_a_wrong_password_is_refused_three_times(self):
        client = self.daemon.connect()
        client.ask("HELO 2")
        for user in ("201", "nobody", "201"):
            self.assertEqual(client.ask(plain(user, "wrong")),
                             "113 REFUSED wrong name or password")
        self.assertTrue(client.is_closed())
        self.daemon.log_in()

    def test_an_original_client_logs_in_and_dials(self):
        self.asterisk.log_in()
        client = self.daemon.connect()
        self.assertEqual(client.ask("USER 201"), "100 OK")
        self.assertEqual(client.ask("PASS 5ebe2294ecd0e0f08eab7690d2a6ee69"), "102 OK")
        client.send("ORIG 203|astctidemo|1\n")
        action = self.asterisk.expect("Originate")
        del action["ActionID"]
        self.assertRegex(action.pop("ChannelId"), r"^astcti-[0-9]+-[0-9]{10}\.1$")
        self.assertEqual(action, {"Action": "Originate", "Channel": "PJSIP/201",
                                  "Context": "astctidemo", "Exten": "203", "Priority": "1",
                                  "CallerID": "201", "Async": "true"})
        self.assertEqual(client.read_line(), "100 OK")
        self.asterisk.call()
        self.assertEqual(client.read_until("</event>")[0], '<event id="Newcallerid">')

    def test_what_rings_when_a_person_dials_may_be_another_than_the_extension(self):
        self.asterisk.log_in()
        for user, dial in (("301", "Local/301@from-internal"), ("302", "")):
            subprocess.run([PROGRAMS["astctictl"], "--config", self.daemon.config, "user", "add", user, "--ext", f"PJSIP/{user}",
                            "--password-fd", "0", *(["--dial", dial] if dial else [])],
                           input="pass\n", text=True, check=True, stdout=subprocess.DEVNULL)
            client = self.daemon.connect()
            client.ask("HELO 2")
            self.assertTrue(client.ask(plain(user, "pass")).startswith("102 OK token="))
            client.read_until("<SnapshotEnd")
            self.assertEqual(client.ask("ORIG 203|astctidemo|1"), "100 OK")
            action = self.asterisk.expect("Originate")
            self.assertEqual((action["Channel"], action["CallerID"]), (dial or f"PJSIP/{user}", user))

    def test_a_telephone_that_others_wrote_into_the_table_rings_alone(self):
        self.asterisk.log_in()
        with sqlite3.connect(self.daemon.path + "/astcti.db") as database:
            database.execute("UPDATE cti SET EXT = 'PJSIP/201&PJSIP/trunk' WHERE USERNAME = '201'")
        database.close()
        client = self.daemon.log_in()
        self.assertIn("UNAVAILABLE", client.ask("ORIG 203|astctidemo|1"))
        self.daemon.wait_for("cannot dial from PJSIP/201&PJSIP/trunk")

    def test_a_number_that_is_not_allowed_never_reaches_asterisk(self):
        self.asterisk.log_in()
        client = self.daemon.log_in()
        for number in ("300&SIP/1", "0900123", "203\\r\\nApplication: System", "${X}"):
            self.assertTrue(client.ask(f"ORIG {number}|astctidemo|1").startswith("114 NOT ALLOWED"))
        client.send("ORIG 203|astctidemo|1\n")
        self.assertEqual(self.asterisk.expect("Originate")["Exten"], "203", "the first that came")

    def test_a_client_that_never_reads_is_closed_and_disturbs_nobody(self):
        self.asterisk.log_in()
        deaf, client = self.daemon.log_in(), self.daemon.log_in()
        for number in range(400):
            ids = self.asterisk.call(uniqueid=f"2.{number}", name="x" * 200)
            client.read_until("<Ringing ")
            self.asterisk.event("Hangup", **ids, Cause="16")
            client.read_until("<Ended ")
        # Half a minute after its queue was empty last.
        self.daemon.wait_for("closed: it does not read what it is sent", 45)
        self.assertTrue(deaf.is_closed())
        # Asterisk, which answered no ping meanwhile, is away by now.
        client.send("NOOP\n")
        client.read_until("100 OK")

    def test_a_client_that_does_not_log_in_is_closed(self):
        client = self.daemon.connect()
        client.ask("HELO 2")
        client.sock.settimeout(15)
        self.assertEqual(client.sock.recv(1), b"", "closed after 10 s")

    def test_in_a_flood_the_oldest_that_is_not_logged_in_makes_room(self):
        here = self.daemon.log_in()
        first = self.daemon.connect()
        for _ in range(2047):
            self.daemon.connect_raw()
        self.assertTrue(self.daemon.log_in().snapshot)
        self.assertTrue(first.is_closed())
        self.assertEqual(here.ask("NOOP"), "100 OK")


class OptionsTest(unittest.TestCase):
    """astctid as an administrator types it; nothing is started."""

    def run_with(self, *options, config=None):
        if config is not None:
            with tempfile.NamedTemporaryFile("w", suffix=".xml", delete=False) as file:
                file.write(config)
            self.addCleanup(os.unlink, file.name)
            options += ("--config", file.name)
            self.file = file.name
        return subprocess.run([PROGRAMS["astctid"], *options], capture_output=True, text=True, timeout=30)

    def test_help_fits_a_screen_and_the_version_is_told(self):
        result = self.run_with("--help")
        self.assertEqual(result.returncode, 0)
        self.assertLess(len(result.stdout.splitlines()), 25)
        self.assertRegex(self.run_with("--version").stdout, r"^astctid \d+\.\d+\.\d+\n$")

    def test_an_option_that_is_not_known_is_exit_64(self):
        self.assertEqual(self.run_with("--cofnig", "x").returncode, 64)
        self.assertEqual(self.run_with("--log-level", "loud").returncode, 64)

    def test_a_good_configuration_is_exit_0(self):
        result = self.run_with("--check-config", config='<astcti xmlns="urn:astcti:config:1"/>')
        self.assertEqual((result.returncode, result.stdout), (0, f"{self.file}: good, 0 manager(s)\n"))

    def test_a_wrong_configuration_is_exit_78_with_file_line_and_advice(self):
        config = ('<astcti xmlns="urn:astcti:config:1">\n <manger/>\n'
                  ' <manager name="a" user="u" port="70000" secret-credential="c"/>\n'
                  ' <manager name="b" user="u"/>\n</astcti>')
        for options in (("--check-config",), ()):
            result = self.run_with(*options, config=config)
            self.assertEqual(result.returncode, 78)
            lines = result.stderr.splitlines()
            self.assertIn(f"{self.file}:2: <manger> is not known", lines[0])
            self.assertIn("did you mean <manager>?", lines[0])
            self.assertIn(f"{self.file}:3: ", lines[1])
            self.assertIn("70000", lines[1])
            self.assertIn(f"{self.file}:4: ", lines[2])
            self.assertIn("secret", lines[2])

    def test_nothing_to_listen_on_is_exit_78_and_says_what_to_do(self):
        result = self.run_with(config='<astcti xmlns="urn:astcti:config:1"/>')
        self.assertEqual(result.returncode, 78)
        self.assertIn("nothing to listen on", result.stderr)
        self.assertIn("astcti.socket", result.stderr)

    def test_a_secret_that_is_not_there_is_exit_78_and_says_how_to_make_it(self):
        config = ('<astcti xmlns="urn:astcti:config:1">'
                  '<manager name="a" user="u" secret-credential="no-such"/></astcti>')
        result = self.run_with("--credentials-dir", "/nonexistent", config=config)
        self.assertEqual(result.returncode, 78)
        self.assertIn("/nonexistent/no-such", result.stderr)


def main():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4096), most))
    daemon_case.main()


if __name__ == "__main__":
    main()
