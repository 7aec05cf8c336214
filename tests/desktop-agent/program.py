# SPDX-License-Identifier: GPL-3.0-or-later
"""A program under test, and waiting for what it does."""
import os
import signal
import subprocess
import time

from gi.repository import GLib

DEADLINE = 15


def wait_until(condition, what, deadline=DEADLINE):
    """Runs the main loop until the condition gives something true, which it returns."""
    end = time.monotonic() + deadline
    context = GLib.MainContext.default()
    while True:
        while context.pending():
            context.iteration(False)
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError("did not happen: " + what)
        # A bounded wait for the next event, in case the condition is not one of the main loop.
        timer = GLib.timeout_add(20, lambda: False)
        context.iteration(True)
        source = context.find_source_by_id(timer)
        if source:
            source.destroy()


class Program:
    """A process whose output is kept in a file, shown if a test fails."""

    def __init__(self, directory, name, arguments, environment, stdin):
        self.out = os.path.join(directory, name + ".out")
        self.err = os.path.join(directory, name + ".err")
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(
                arguments, stdin=stdin, stdout=out, stderr=err, env={**os.environ, **environment},
            )

    def log(self):
        with open(self.err, encoding="utf-8") as file:
            return file.read()

    def output(self):
        with open(self.out, encoding="utf-8") as file:
            return file.read()

    def wait_for_log(self, text):
        wait_until(lambda: text in self.log(), f"{text!r} in the log:\n{self.log()}")

    def wait_for_end(self):
        return wait_until(lambda: self.process.poll() is not None, "the end of the program") and \
            self.process.returncode

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return "killed"
