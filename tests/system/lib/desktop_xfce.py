# SPDX-License-Identifier: GPL-3.0-or-later
"""XFCE on an X server without a screen, as Debian's display managers start X sessions."""
import html
import os
from pathlib import Path

from notification_log import NotificationLog
from waiting import until

START = """#!/bin/sh
exec xvfb-run --server-args='-screen 0 1024x768x24' /etc/X11/Xsession xfce4-session
"""


class Xfce:
    name = "xfce"
    target = "inactive"
    survives_the_bus = False  # the session ends with it
    knows_tags = False
    has_buttons = False  # that can be pressed without a mouse
    can_be_quiet = False
    command = ["/usr/local/bin/astcti-desktop"]
    environment = {"XDG_SESSION_TYPE": "x11", "XDG_CURRENT_DESKTOP": "XFCE"}

    def prepare(self):
        with open(self.command[0], "w", encoding="utf-8") as file:
            file.write(START)
        os.chmod(self.command[0], 0o755)

    def wait(self):
        until(self.is_there, self.name, 120)
        self.log = NotificationLog(self.person.command())
        self.before = self.picture()

    def picture(self):
        self.person.run("xfce4-screenshooter", "--fullscreen", "--save", "/tmp/screen", **self.display())
        return Path("/tmp/screen").read_bytes()

    def screenshot(self, path):
        """Shown is not yet drawn: that it is when the screen is another, and stays as it is."""
        pictures = [self.before]

        def at_rest():
            pictures.append(self.picture())
            return pictures[-1] == pictures[-2] != self.before

        until(at_rest, "a notification that is drawn", 60)
        self.before = pictures[-1]
        Path(path).write_bytes(self.before)

    def display(self):
        """As a program that is started in the session has it."""
        lines = self.person.systemctl("show-environment").splitlines()
        return dict(line.split("=", 1) for line in lines if line.startswith(("DISPLAY=", "XAUTHORITY=")))

    def is_there(self):
        return self.person.run("gdbus", "call", "--session", "-d", "org.freedesktop.DBus", "-o", "/org/freedesktop/DBus", "-m",
                               "org.freedesktop.DBus.NameHasOwner", "org.xfce.SessionManager").stdout.startswith("(true")  # fmt: skip

    def shown(self):
        return self.log.summaries()

    def body(self):
        return html.unescape("\n".join(self.log.bodies()))

    def dismiss(self):
        for number in self.log.ids():
            self.person.run("gdbus", "call", "--session", "-d", "org.freedesktop.Notifications", "-o", "/org/freedesktop/Notifications",
                            "-m", "org.freedesktop.Notifications.CloseNotification", str(number))  # fmt: skip
