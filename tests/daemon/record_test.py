#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""astctictl record: what Asterisk sent lately, for a support case, with nobody's number in it.
Usage: record_test.py ASTCTID ASTCTICTL"""
import os
import pty
import re
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from astctid import DEADLINE, Stream  # noqa: E402
from daemon_case import PROGRAMS, DaemonCase, main  # noqa: E402

TIMESTAMP = re.compile(r"Timestamp: (\d+)\.(\d{6})")
NOBODY = 65534
NUMBER = "390612345678"
NAME = "Anna Rossi"


def packets(recording):
    """The lines of each packet; the banner is the first's."""
    return [packet.split("\r\n") for packet in recording.removesuffix("\r\n\r\n").split("\r\n\r\n")]


class RecordTest(DaemonCase):
    def setUp(self):
        super().setUp()
        self.file = os.path.join(self.daemon.path, "case.txt")

    def run_record(self, *options, control=None):
        result = subprocess.run(
            [PROGRAMS["astctictl"], "record", "--control", control or self.daemon.control, *options],
            capture_output=True, timeout=DEADLINE, check=False)
        result.stdout, result.stderr = result.stdout.decode(), result.stderr.decode()  # with its line ends
        return result

    def record(self, *options):
        result = self.run_record(*options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def assert_fails(self, result, *texts, code=1):
        self.assertEqual((result.returncode, result.stdout), (code, ""))
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        for text in ("astctictl: ", *texts):
            self.assertIn(text, result.stderr)

    def call_of_anna(self):
        """A call that the daemon has told of, so that all of it is recorded."""
        self.asterisk.log_in()
        client = self.daemon.log_in()
        self.asterisk.call(name=NAME)
        client.read_until("<Ringing ")
        self.asterisk.event("VarSet", Channel="PJSIP/trunk-00000002", Uniqueid="1.3", Variable="calldata", Value="12345")
        self.asterisk.event("Newchannel", Channel=f"Local/{NUMBER}@from-queue-00000003;1", Uniqueid="1795406845.3",
                            CallerIDNum="+" + NUMBER, CallerIDName=NAME)
        self.asterisk.event("RTCPSent", To="192.0.2.7:4000")  # which nobody needs
        self.asterisk.stream.send("Event: Hangup\r\nno header\r\n\r\n")
        self.daemon.wait_for("a manager packet was dropped")
        return client

    def request(self, data):
        """One raw request, and everything that is answered."""
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(DEADLINE)
            sock.connect(self.daemon.control)
            sock.sendall(data)
            answer = b""
            while piece := sock.recv(65536):
                answer += piece
            return answer.decode()

    # What is recorded

    def test_it_is_what_asterisk_sent_in_order_and_with_times(self):
        before = time.time()
        self.call_of_anna()
        text = self.record("--plain").stdout
        self.assertTrue(text.startswith(self.asterisk.BANNER))
        told = packets(text)
        self.assertEqual([re.sub("^.*: ", "", lines[0]) for lines in told[1:]],
                         ["Success", "BridgeListComplete", "Success", "QueueStatusComplete", "Success",
                          "CoreShowChannelsComplete", "Success", "Newchannel", "Newchannel", "DialBegin",
                          "Newstate", "VarSet", "Newchannel", "RTCPSent", "Hangup"])
        self.assertEqual(told[0][1], "Response: Success")
        self.assertIn("no header", told[-1], "malformed packets are kept")
        times = []
        for lines in told:
            times.append(float(".".join(TIMESTAMP.fullmatch(lines[-1]).groups())))
        self.assertEqual(times, sorted(times))
        self.assertGreaterEqual(times[0], before - 1)
        self.assertLessEqual(times[-1], time.time() + 1)
        self.assertNotIn("Challenge", text, "what came before the login is nobody's business")
        self.assertNotIn("s3cret", text)

    def test_numbers_and_names_are_replaced(self):
        self.call_of_anna()
        result = self.record("--output", self.file)
        self.assertEqual(result.stdout, "")
        self.assertRegex(result.stderr, r"^\d+ packets from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d to \d\d:\d\d:\d\d; "
                                        r"numbers and names of callers are replaced\n")
        self.assertIn(f"  astctid --replay {self.file} --account NAME\n", result.stderr)
        with open(self.file, newline="", encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)
        for secret in (NUMBER, NAME, "Anna", "12345", "192.0.2.7"):
            self.assertNotIn(secret, text)
        pseudonym = re.search(r"CallerIDNum: \+(\d{12})\r\n", text)[1]
        self.assertIn(f"Channel: Local/{pseudonym}@from-queue-00000003;1\r\n", text)
        self.assertIn("Uniqueid: 1795406845.3\r\n", text)
        self.assertIn("CallerIDName: Name 1\r\n", text)
        self.assertIn("ConnectedLineName: Name 1\r\n", text)

        def keys(recording):
            return [[line.split(":")[0] for line in lines if ":" in line] for lines in packets(recording)]
        self.assertEqual(keys(text), keys(self.record("--plain").stdout))

    def test_its_replay_tells_the_same_story(self):
        client = self.call_of_anna()
        self.asterisk.event("Hangup", Channel="PJSIP/201-00000001", Uniqueid="1.2", Linkedid="1.2", Cause="16")
        client.read_until("<Ended ")
        stories = []
        for name, options in (("plain", ["--plain"]), ("anonymous", [])):
            file = os.path.join(self.daemon.path, name)
            self.record("--output", file, *options)
            stories.append(subprocess.run(
                [PROGRAMS["astctid"], "--replay", file, "--account", "anna=PJSIP/201"],
                capture_output=True, text=True, timeout=DEADLINE, check=True).stdout)
        plain, anonymous = stories
        self.assertRegex(plain, f'anna 1 Ringing inbound 202 "{NAME}" .* calldata 12345')
        self.assertRegex(anonymous, 'anna 1 Ringing inbound 202 "Name 1" ')
        self.assertEqual([line.split()[:5] for line in anonymous.splitlines()],
                         [line.split()[:5] for line in plain.splitlines()])
        self.assertIn("Ended", anonymous)

    def test_two_recordings_do_not_tell_the_same_pseudonyms(self):
        self.call_of_anna()
        numbers = {re.search(r"CallerIDNum: \+(\d+)", self.record().stdout)[1] for _ in range(2)}
        self.assertEqual(len(numbers), 2)

    def test_plain_says_so(self):
        self.call_of_anna()
        result = self.record("--plain", "--pbx", "pbx1")
        self.assertIn(NUMBER, result.stdout)
        self.assertIn("WARNING: the numbers and names of callers are in it", result.stderr)

    def test_a_second_connection_begins_with_its_banner(self):
        self.call_of_anna()
        self.asterisk.stream.close()
        self.asterisk.stream = None
        self.asterisk.log_in()
        self.daemon.wait_for("pbx pbx1: 0 channels are there")
        self.assertEqual(self.record().stdout.count(self.asterisk.BANNER), 2)

    # What can go wrong for the administrator

    def test_nothing_recorded_yet_is_told(self):
        self.assert_fails(self.run_record(), "nothing has been recorded yet", "pbx1", "journalctl")

    def test_a_pbx_that_is_not_there_is_told_with_those_that_are(self):
        self.assert_fails(self.run_record("--pbx", "pbx2"), "no such PBX", "pbx1")
        self.assert_fails(self.run_record("--pbx", "a\nb"), "one line", code=64)

    def test_no_daemon_is_told(self):
        self.assert_fails(self.run_record(control=os.path.join(self.daemon.path, "nothing")),
                          "astctid does not run", "systemctl status astcti")
        self.assert_fails(self.run_record(control="/" + 200 * "x"), "107 bytes")

    def test_somebody_else_behind_the_socket_is_told(self):
        self.assert_fails(self.run_record(control=self.daemon.socket), 'not astctid: it says "100 CTISERVER WELCOME')

    def test_a_file_that_is_there_is_left_alone(self):
        self.call_of_anna()
        with open(self.file, "w", encoding="utf-8") as file:
            file.write("other")
        self.assert_fails(self.run_record("--output", self.file), self.file, "is there already")
        with open(self.file, encoding="utf-8") as file:
            self.assertEqual(file.read(), "other")
        self.assert_fails(self.run_record("--output", os.path.join(self.daemon.path, "no", "x")), "No such file")

    def test_a_full_disk_is_told(self):
        self.call_of_anna()
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run([PROGRAMS["astctictl"], "record", "--control", self.daemon.control],
                                    stdout=full, stderr=subprocess.PIPE, text=True, timeout=DEADLINE, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("No space left", result.stderr)

    def test_a_terminal_is_not_written_to(self):
        controller, terminal = pty.openpty()
        result = subprocess.run([PROGRAMS["astctictl"], "record", "--control", self.daemon.control],
                                stdout=terminal, stderr=subprocess.PIPE, text=True, timeout=DEADLINE, check=False)
        os.close(terminal)
        os.close(controller)
        self.assertEqual(result.returncode, 64)
        self.assertIn("--output FILE", result.stderr)

    @unittest.skipUnless(os.getuid() == 0, "only root can become somebody else")
    def test_another_user_is_refused(self):
        self.call_of_anna()
        os.chmod(self.daemon.path, 0o755)  # the way to the socket
        self.assertEqual(stat.S_IMODE(os.stat(self.daemon.control).st_mode), 0o600)
        command = [PROGRAMS["astctictl"], "record", "--control", self.daemon.control]
        somebody = {"capture_output": True, "text": True, "timeout": DEADLINE, "check": False,
                    "user": NOBODY, "group": NOBODY, "extra_groups": []}
        self.assert_fails(subprocess.run(command, **somebody), "do it as root")
        os.chmod(self.daemon.control, 0o666)  # who gets in nevertheless
        self.assert_fails(subprocess.run(command, **somebody),
                          f"only root and the user of astctid (uid {os.getuid()}) are served here")
        self.daemon.wait_for(f"control: uid {NOBODY} was turned away")

    # What can go wrong for the daemon

    def test_bad_requests_are_answered_and_disturb_nobody(self):
        client = self.call_of_anna()
        for request, answer in (
                (b"\n", "ERROR there is no such request"),
                (b"recordings\n", "ERROR there is no such request"),
                (b"RECORD\n", "ERROR there is no such request"),
                (b"record pbx1 \n", "ERROR there is no such PBX; there is: pbx1\n"),
                (b"record \xff\xfe\n", "ERROR there is no such PBX"),
                (b"record " + b"x" * 250 + b"\n", "ERROR the request is too long\n"),
                (b"x" * 300, "ERROR the request is too long\n")):
            self.assertTrue(self.request(request).startswith(answer), request)
        self.assertEqual(client.ask("NOOP"), "100 OK")
        self.record()

    def test_what_stands_behind_the_line_is_ignored(self):
        self.call_of_anna()
        head, body = self.request(b"record pbx1\nrecord pbx1\n").split("\n", 1)
        self.assertEqual(head, f"OK {len(body)}")

    def test_who_connects_and_says_nothing_is_closed_and_only_few_can(self):
        self.call_of_anna()
        idle = []
        for _ in range(4):
            sock = socket.socket(socket.AF_UNIX)
            sock.connect(self.daemon.control)
            idle.append(Stream(sock))
        self.assert_fails(self.run_record(), "4 requests are being answered; try again")
        for stream in idle:
            self.assertTrue(stream.is_closed())
            stream.close()
        self.record()

    def test_who_does_not_read_delays_nobody(self):
        client = self.call_of_anna()
        for number in range(2000):
            self.asterisk.event("VarSet", Uniqueid=f"2.{number}", Value="x" * 2000)
        self.asterisk.call(uniqueid="3.1")
        client.read_until("<Ringing ")
        with socket.socket(socket.AF_UNIX) as deaf:
            deaf.connect(self.daemon.control)
            deaf.sendall(b"record\n")
            self.daemon.wait_for("is given to astctictl")
            self.assertEqual(client.ask("NOOP"), "100 OK")
            self.asterisk.call(uniqueid="3.2")
            client.read_until("<Ringing ")
            deaf.recv(1, socket.MSG_PEEK)  # his is ready: one is put together at a time
            self.assertEqual(self.record().stdout.count("Event: VarSet"), 2001)
            self.assertTrue(deaf.recv(100).startswith(b"OK "))


class WithoutTest(unittest.TestCase):
    """Without a manager, and without a directory for the socket."""

    def run_daemon(self, directory, *options, environment=None):
        config = os.path.join(directory, "astcti.xml")
        with open(config, "w", encoding="utf-8") as file:
            file.write('<astcti xmlns="urn:astcti:config:1">'
                       f'<database driver="sqlite" file="{directory}/astcti.db"/>'
                       f'<ctiserver><listen path="{directory}/clients"/></ctiserver></astcti>')
        process = subprocess.Popen([PROGRAMS["astctid"], "--config", config, *options],
                                   stderr=subprocess.PIPE, text=True, env=environment)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait, DEADLINE)
        self.addCleanup(process.terminate)
        log = []
        for line in process.stderr:
            log.append(line)
            if "ready: " in line:
                return log
        raise AssertionError("".join(log))

    def test_there_is_no_socket_unless_asked_for_or_run_by_systemd(self):
        with tempfile.TemporaryDirectory() as directory:
            plain = {key: value for key, value in os.environ.items() if key != "RUNTIME_DIRECTORY"}
            self.assertNotIn("astctictl is served", "".join(self.run_daemon(directory, environment=plain)))
            self.doCleanups()
            self.run_daemon(directory, environment={**plain, "RUNTIME_DIRECTORY": directory})
            control = os.path.join(directory, "control")
            result = subprocess.run([PROGRAMS["astctictl"], "record", "--control", control],
                                    capture_output=True, text=True, timeout=DEADLINE, check=False)
            self.assertEqual(result.returncode, 1)
            self.assertIn("no PBX to record: the configuration has no <manager>", result.stderr)
            self.doCleanups()
            self.assertFalse(os.path.exists(control))


if __name__ == "__main__":
    main()
