#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent and a server that refuses, talks rubbish, or goes away."""
import base64
import os
import subprocess
import unittest

from desktop import AGENT, PATH, RECORD, Desktop
from fake_server import ANSWERED, CALL
from program import wait_until


class Link(Desktop):
    def test_a_server_that_talks_rubbish_is_left_and_tried_again(self):
        rubbish = {
            "neither an answer nor an event": b"HTTP/1.1 400 Bad Request\n",
            "a line of 1 MiB": b"x" * 1024 * 1024 + b"\n",
            "an endless line": b"<Ringing " + b"x" * 1024 * 1024,
            "not UTF-8": b'<Ringing seq="4" time="1" pbx="p" call="c"><peer-name>\xff\xfe</peer-name></Ringing>\n',
            "a NUL": b'<Ringing seq="4" time="1" pbx="p" call="c">\x00</Ringing>\n',
            "a document type": b'<!DOCTYPE a [<!ENTITY b "c">]><SnapshotEnd seq="4" time="1"/>\n',
            "half an event": b'<Ringing seq="4" time="1" pbx="p" ca',
            "a gap": b'<SnapshotEnd seq="9" time="1"/>\n',
            "an answer to nothing": b"100 OK\n",
        }
        server = self.start()
        for what, data in rubbish.items():
            with self.subTest(what):
                try:
                    server.send(data)
                    if not data.endswith(b"\n"):
                        server.close()
                except OSError:
                    pass  # it hung up in the middle of it, as it should
                server = self.server.accept_and_log_in()
                wait_until(lambda: self.property("Connection") == "online", "online again")
        server.call("Ringing", CALL)
        self.wait_for_signal("CallAdded")
        self.assertEqual(len(self.signals), 1)

    def test_a_server_that_vanishes_is_found_again_and_nothing_is_doubled(self):
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_signal("CallAdded")
        self.server.close()
        self.serve(self.server.path)
        server = self.server.accept_and_log_in(("Answered", ANSWERED, "pbx1:1795406933.1:201"))
        _, _, changed, _ = self.wait_for_signal("CallChanged")
        self.assertEqual(changed, ["State", "AnsweredBy", "AnswerTime"])
        self.assertEqual(len(self.named("CallAdded")), 1)

    def test_a_server_that_stays_away_ends_the_calls_after_a_while(self):
        server = self.start()
        server.call("Ringing", CALL)
        self.wait_for_signal("CallAdded")
        server.close()
        wait_until(lambda: self.property("Connection") != "online", "disconnected")
        self.assertEqual(self.property("LastError")[0], "org.astcti.Error.NotConnected")
        # Every attempt fails: nobody accepts.
        self.server.listener.close()
        _, _, _, properties = self.wait_for_signal("CallChanged")
        self.assertEqual((properties["State"], properties["EndReason"]), ("ended", "failed"))

    def test_a_server_that_is_not_there_yet_is_waited_for(self):
        path = os.path.join(self.directory, "later")
        self.agent = self.run_program("--server", "unix:" + path)
        self.agent.wait_for_log(f"unix:{path}: ")
        # The first failure has been told on the bus, too, and what was told so far is not counted.
        wait_until(lambda: self.property("LastError")[0] == "org.astcti.Error.NotConnected", "the failure")
        wait_until(lambda: True, "the signals until now")
        errors = []
        self.addCleanup(self.bus.add_signal_receiver(
            lambda _, changed, __: errors.append(changed.get("LastError")), path=PATH,
            signal_name="PropertiesChanged").remove)
        wait_until(lambda: len(errors) > 3, "further attempts")
        self.assertEqual(errors, [None] * len(errors))
        self.assertEqual(self.property("LastError")[0], "org.astcti.Error.NotConnected")
        self.server.close()
        self.serve(path)
        self.server.accept_and_log_in()
        self.agent.wait_for_log(f"connected to unix:{path} as anna")
        self.assertEqual(self.agent.log().count(f"unix:{path}: "), 1)

    def test_a_refused_login_is_told_and_not_tried_again_at_once(self):
        self.agent = self.run_program("--server", self.server.address)
        self.server.accept().login("113 REFUSED wrong name or password")
        self.agent.wait_for_log("refused the login: 113 REFUSED")
        self.assertEqual(self.property("Connection"), "rejected")
        self.assertEqual(self.property("LastError")[0], "org.astcti.Error.NotAuthorized")
        self.server.listener.settimeout(1)
        with self.assertRaises(TimeoutError):
            self.server.accept()

    def test_a_server_that_never_answers_is_given_up(self):
        self.agent = self.run_program("--server", self.server.address)
        self.server.accept()
        self.agent.wait_for_log("does not answer")
        self.server.accept_and_log_in()
        self.agent.wait_for_log("connected to")

    def test_a_password_goes_over_loopback_tcp_from_its_file(self):
        self.server.close()
        self.serve()
        path = self.write("password", "s3cret\nnot this\n")
        os.chmod(path, 0o600)
        self.agent = self.run_program("--server", self.server.address, "--user", "anna",
                                      "--password-file", path)
        auth = self.server.accept().login()
        self.assertEqual(base64.b64decode(auth.removeprefix("AUTH PLAIN ")), b"\0anna\0s3cret")
        self.assertNotIn("s3cret", self.agent.log())

    def test_a_password_never_goes_to_another_machine_unencrypted(self):
        path = self.write("password", "s3cret\n")
        os.chmod(path, 0o600)
        script = os.path.join(os.path.dirname(RECORD), "elsewhere.py")
        result = subprocess.run(
            ["unshare", "--net", "--map-root-user", "/usr/bin/python3", script, AGENT, path],
            env={**os.environ, **self.environment()}, capture_output=True, text=True, timeout=30)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout.splitlines()[0], "b''")
        self.assertIn("the connection is not encrypted: nothing was sent", result.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
