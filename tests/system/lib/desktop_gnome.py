# SPDX-License-Identifier: GPL-3.0-or-later
"""GNOME: its session with GNOME Shell on Wayland, without a screen."""
import json
from pathlib import Path

from waiting import until

# Of the Shell: --unsafe-mode has it answer what is asked below.
HEADLESS = """[Service]
ExecStart=
ExecStart=/usr/bin/gnome-shell --headless --virtual-monitor 1024x768 --no-x11 --unsafe-mode
"""
OURS = "Main.messageTray.getSources().filter(s => s.title == 'AstCTI').flatMap(s => s.notifications)"


class Gnome:
    name = "gnome"
    target = "active"
    survives_the_bus = False  # the Shell ends with it
    knows_tags = False
    has_buttons = True
    can_be_quiet = False
    command = ["/usr/bin/gnome-session"]
    environment = {"XDG_SESSION_TYPE": "wayland", "XDG_CURRENT_DESKTOP": "GNOME", "XDG_SESSION_DESKTOP": "gnome",
                   "LIBGL_ALWAYS_SOFTWARE": "1"}  # fmt: skip

    def prepare(self):
        folder = Path("/etc/systemd/user/org.gnome.Shell@wayland.service.d")
        folder.mkdir(parents=True)
        (folder / "headless.conf").write_text(HEADLESS, encoding="utf-8")

    def evaluate(self, code):
        done = self.person.run("busctl", "--user", "--json=short", "call", "org.gnome.Shell", "/org/gnome/Shell",
                               "org.gnome.Shell", "Eval", "s", code)  # fmt: skip
        try:
            well, told = json.loads(done.stdout)["data"]
        except ValueError:
            return None
        return json.loads(told) if well and told else None

    def wait(self):
        until(lambda: self.evaluate("Main.layoutManager._startingUp === false"), "GNOME Shell", 120)
        # The overview covers the screen after the login, and some things are told then.
        self.evaluate("Main.overview.hide(); 1")
        self.evaluate("Main.messageTray.getSources().forEach(s => s.destroy()); 1")
        until(lambda: self.evaluate("!Main.overview.visible"), "no overview")

    def shown(self):
        found = self.evaluate(f"{OURS}.map(n => [n.title, n.urgency == 3])") or []
        return [tuple(notification) for notification in found]

    def body(self):
        # As it is drawn, which is after the Shell has read it as markup.
        return self.evaluate("Main.messageTray._banner.bodyLabel.clutter_text.text") or ""

    def press(self, button):
        until(lambda: self.evaluate("Main.messageTray._notificationState == 2"), "a banner")
        self.evaluate("Main.messageTray._banner._buttonBox.get_children()"
                      f".filter(b => b.label.toLowerCase() == '{button}').forEach(b => b.emit('clicked', 0)); 1")  # fmt: skip

    def dismiss(self):
        self.evaluate("Main.panel.statusArea.dateMenu.menu.close(); 1")
        self.evaluate(f"{OURS}.forEach(n => n.destroy()); 1")

    def screenshot(self, path):
        """Of what is on the screen, or, if that is gone by then, of the list below the clock."""
        if self.evaluate("Main.messageTray._notificationState != 0"):
            until(lambda: self.evaluate("Main.messageTray._notificationState == 2"), "a banner")
        else:
            self.evaluate("Main.panel.statusArea.dateMenu.menu.open(); 1")
        self.person.run("gdbus", "call", "--session", "-d", "org.gnome.Shell.Screenshot", "-o", "/org/gnome/Shell/Screenshot",
                        "-m", "org.gnome.Shell.Screenshot.ScreenshotArea", "112", "0", "800", "300", "false", path)  # fmt: skip
