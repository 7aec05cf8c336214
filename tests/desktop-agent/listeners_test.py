#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample listeners hear what the agent tells."""
import itertools
import os
import subprocess
import unittest

from desktop import Desktop
from fake_server import ANSWERED, CALL, ENDED
from program import Program, wait_until

LISTENERS = os.path.join(os.environ["ASTCTI_SOURCE_DIR"], "demo", "listeners")
MAX_LINES = 30


class Listeners(Desktop):
    def check(self, name, *command):
        with open(os.path.join(LISTENERS, name), encoding="utf-8") as file:
            self.assertLessEqual(len(file.readlines()), MAX_LINES)
        server = self.start()
        listener = Program(self.directory, "listener", command or [os.path.join(LISTENERS, name)], {},
                           subprocess.DEVNULL)
        self.programs.append(listener)
        numbers = itertools.count()

        def heard():
            # Nobody can see when it has subscribed: it is called until it hears.
            server.call("Ringing", CALL, f"pbx1:{next(numbers)}:201")
            return "CallAdded ringing 202\n" in listener.output()

        wait_until(heard, f"{name} hears a call; {listener.log()}")
        server.call("Answered", {**ANSWERED, "peer-name": "<b>'PeerNumber': <'1'>, \"x\""}, "pbx1:0:201")
        server.call("Ended", ENDED, "pbx1:0:201")
        wait_until(lambda: "CallChanged answered 202\nCallChanged ended 202\n" in listener.output(),
                   f"{name} hears the rest: {listener.output()}")

    def test_shell(self):
        self.check("listen.sh")

    def test_python(self):
        self.check("listen.py")

    def test_gnome_javascript(self):
        self.check("listen.js")

    def test_cpp(self):
        self.check("listen.cpp", os.environ["ASTCTI_CPP_LISTENER"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
