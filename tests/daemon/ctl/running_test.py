#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""astctictl beside a running astctid: what it changes counts from the next login on; and stopped
in the middle. Usage: running_test.py ASTCTID ASTCTICTL"""
import base64
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "support"))
from astctid import DEADLINE, Asterisk, Astctid  # noqa: E402

PROGRAMS = {}
BARE_ROWS = 400  # seconds of work


class RunningTest(unittest.TestCase):
    def setUp(self):
        self.asterisk = Asterisk()
        self.daemon = Astctid(PROGRAMS, self.asterisk.port)
        self.asterisk.log_in()

    def tearDown(self):
        self.assertEqual(self.daemon.stop(), 0, "astctid did not end well")
        self.asterisk.close()

    def command(self, *words):
        return [PROGRAMS["astctictl"], "--config", self.daemon.config, *words]

    def run_ctl(self, *words, password=""):
        done = subprocess.run(self.command(*words), input=password + "\n", text=True, timeout=60,
                              capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), words)
        return done.stdout

    def add_rows(self, rows):
        database = sqlite3.connect(os.path.join(self.daemon.path, "astcti.db"))
        with database:
            database.executemany("INSERT INTO cti VALUES (?, ?, ?, ?)", rows)
        database.close()

    def login(self, user, password):
        """A client that tried to log in, and the answer."""
        client = self.daemon.connect()
        self.assertTrue(client.ask("HELO 2").startswith("100 OK 2 "))
        words = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        return client, client.ask("AUTH PLAIN " + words)

    def assert_logs_in(self, user, password):
        client, answer = self.login(user, password)
        self.assertTrue(answer.startswith("102 OK"), answer)
        client.read_until("<SnapshotEnd")
        return client

    def assert_refused(self, user, password):
        self.assertFalse(self.login(user, password)[1].startswith("102 OK"))

    def test_an_account_that_is_added_changed_and_removed_counts_at_the_next_login(self):
        self.run_ctl("user", "add", "berta", "--password-fd", "0", password="one")
        first = self.assert_logs_in("berta", "one")
        self.run_ctl("user", "passwd", "berta", "--password-fd", "0", password="two")
        self.assert_refused("berta", "one")
        self.assert_logs_in("berta", "two")
        self.assertEqual(first.ask("NOOP"), "100 OK", "who was logged in did not stay so")
        self.run_ctl("user", "remove", "berta")
        self.assert_refused("berta", "two")

    def test_extensions_and_desks_count_at_the_next_login(self):
        self.run_ctl("user", "add", "berta", "--password-fd", "0", password="one")
        self.run_ctl("seat", "set", "127.0.0.1", "PJSIP/301")
        shown = json.loads(self.run_ctl("user", "show", "berta", "--json"))
        self.assertEqual((shown["extension"], shown["secret"]), (None, "yescrypt-md5"))
        self.assert_logs_in("berta", "one")
        self.daemon.wait_for("PJSIP/301")
        self.run_ctl("user", "set", "berta", "--ext", "PJSIP/302")
        self.assert_logs_in("berta", "one")
        self.daemon.wait_for("PJSIP/302")

    def test_bare_sums_are_wrapped_beside_the_daemon_and_stopped_by_ctrl_c(self):
        md5 = hashlib.md5(b"test").hexdigest()
        self.add_rows((f"u{i}", md5, None, None) for i in range(BARE_ROWS))
        migrate = subprocess.Popen(self.command("user", "migrate"), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.assertIn(f" of {BARE_ROWS}, ", migrate.stderr.readline())
        self.assert_logs_in("u0", "test")
        migrate.send_signal(signal.SIGINT)
        out, err = migrate.communicate(timeout=DEADLINE)
        self.assertEqual((migrate.returncode, out), (130, ""))
        self.assertRegex(err, rf"stopped; \d+ of {BARE_ROWS} secrets were wrapped before that")

        kinds = [row["secret"] for row in json.loads(self.run_ctl("user", "list", "--json"))]
        self.assertEqual(set(kinds), {"md5", "yescrypt-md5"})
        self.assertEqual(len(kinds), BARE_ROWS + 1)
        self.assertGreater(kinds.count("yescrypt-md5"), 1)
        self.assertEqual(self.run_ctl("user", "migrate", "u0", f"u{BARE_ROWS - 1}"),
                         "wrapped 1; were wrapped already 1; native 0; unusable 0\n")
        self.assert_logs_in(f"u{BARE_ROWS - 1}", "test")


if __name__ == "__main__":
    PROGRAMS["astctid"], PROGRAMS["astctictl"] = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
