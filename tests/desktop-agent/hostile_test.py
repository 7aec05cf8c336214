#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callers who choose their names, and programs that misbehave: nobody else is disturbed."""
import os
import unittest
import xml.etree.ElementTree as ElementTree

from desktop import Desktop
from fake_server import ANSWERED, CALL
from program import wait_until

NAMES = [
    "<b>&\"'$(reboot)\nroot", "<a href='http://x/'>click</a>", "<img src='file:///etc/passwd'/>", "&lt;b&gt;", "]]>",
    "-oProxyCommand=x", "--renderer-cmd-prefix=x", "; rm -rf /", "`id`", "%20%00%n%s", "{CALLDATA}", "../../etc/passwd",
    "\u202egnp.exe", "MESSAGE=x\nPRIORITY=0", "x" * 256, "é" * 128, "'", "\"", "\\", "<span foreground='red'>x</span>",
]


class Hostile(Desktop):
    def test_a_name_is_text_on_dbus_in_the_notification_and_in_no_line_of_the_log(self):
        self.start_notifications()
        server = self.start()
        for number, name in enumerate(NAMES):
            call = f"pbx1:{number:02}:201"  # they are shown in the order of their ids
            server.call("Ringing", {**CALL, "peer-name": name}, call)
            with self.subTest(name):
                self.assertEqual(self.wait_for_signal("CallAdded", number + 1)[2]["PeerName"], name)
        self.wait_for_notification(len(NAMES))
        for name, told in zip(NAMES, self.notified()):
            with self.subTest(name):
                self.assertEqual(told[3], "Incoming call")
                body = ElementTree.fromstring(f"<body>{told[4]}</body>")
                self.assertEqual(list(body), [])
                line = body.text.splitlines()[0]
                self.assertLessEqual(len(line.encode()), 256)
                self.assertTrue("202  " + name.replace("\n", " ").replace("\u202e", "") == line or len(name) > 100, line)
        lines = self.agent.log().splitlines()
        self.assertEqual(len([line for line in lines if line.startswith("call pbx1:")]), len(NAMES))
        for line in lines:
            self.assertNotRegex(line, "^(root|MESSAGE=|PRIORITY=)")

    def rule(self, name, *words):
        return (f'<rule name="{name}" context="{name}"><run program="{words[0]}">' +
                "".join(f"<argument>{word}</argument>" for word in words[1:]) + "</run></rule>")

    def children(self):
        """State of each process that the agent started: Z is one that nobody has taken notice of."""
        pid = self.agent.process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as file:
            children = file.read().split()
        states = {}
        for child in children:
            try:
                with open(f"/proc/{child}/stat", encoding="utf-8") as file:
                    states[int(child)] = file.read().rpartition(")")[2].split()[0]
            except FileNotFoundError:
                pass  # it ended in between
        return states

    def test_programs_that_crash_hang_or_flood_disturb_nobody(self):
        flood = self.write("flood", "import os\n"
                           f"open({self.directory!r} + '/floods', 'w').close()\n"
                           "while True:\n os.write(1, b'flood\\n' * 10000)\n os.write(2, b'flood\\n' * 10000)\n")
        hang = self.write("hang", f"import signal\nopen({self.directory!r} + '/hangs', 'w').close()\nsignal.pause()\n")
        crash = self.write("crash", "import os\nos.abort()\n")
        server = self.start("--rules", self.rules(
            self.rule("flood", "/usr/bin/python3", flood), self.rule("hang", "/usr/bin/python3", hang),
            self.rule("crash", "/usr/bin/python3", crash)))
        for name in ("flood", "hang", "crash"):
            server.call("Answered", {**ANSWERED, "context": name}, f"pbx1:{name}:201")
        self.agent.wait_for_log('rule "crash": /usr/bin/python3 was ended by signal 6')
        for name in ("floods", "hangs"):
            wait_until(lambda name=name: os.path.exists(os.path.join(self.directory, name)), name)
        try:
            self.assertEqual(self.property("Connection"), "online")
            server.call("Ringing", CALL, "pbx1:next:201")
            self.wait_for_signal("CallAdded", 4)
            self.assertEqual(len(self.children()), 2)
            self.assertNotIn("Z", self.children().values())
            self.assertNotIn("flood\n", self.agent.log() + self.agent.output())
        finally:
            for child in self.children():
                os.kill(child, 9)
        wait_until(lambda: not self.children(), "both are gone")


if __name__ == "__main__":
    unittest.main(verbosity=2)
