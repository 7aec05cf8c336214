# SPDX-License-Identifier: GPL-3.0-or-later
"""sway with mako, without a screen. Nothing starts the agent but the line that astcti-agent(1) gives."""
import html
import json

from notification_log import NotificationLog
from waiting import until

CONFIG = """include /etc/sway/config.d/*
output * resolution 1024x768
output * bg #3c6aa0 solid_color
exec mako
exec astcti-agent --autostart
"""


class Sway:
    name = "sway"
    target = "inactive"
    survives_the_bus = True
    knows_tags = True
    has_buttons = True
    can_be_quiet = False
    command = ["/usr/bin/sway"]
    environment = {"XDG_SESSION_TYPE": "wayland", "XDG_CURRENT_DESKTOP": "sway", "WLR_BACKENDS": "headless",
                   "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}  # fmt: skip

    def prepare(self):
        self.person.write(".config/sway/config", CONFIG)

    def wait(self):
        until(lambda: self.person.run("makoctl", "list").returncode == 0, "mako")
        self.log = NotificationLog(self.person.command())

    def notifications(self):
        done = self.person.run("makoctl", "list")
        try:
            return [n for group in json.loads(done.stdout)["data"] for n in group if n["app-name"]["data"] == "AstCTI"]
        except ValueError:
            return []

    def shown(self):
        """What mako has; it does not tell how urgent it is, so that is as it was asked for."""
        urgent = self.log.urgent()
        return [(n["summary"]["data"], n["id"]["data"] in urgent) for n in self.notifications()]

    def body(self):
        """mako has it as it was sent, as markup."""
        return html.unescape("\n".join(n["body"]["data"] for n in self.notifications()))

    def press(self, button):
        self.person.run("makoctl", "invoke", button)

    def dismiss(self):
        self.person.run("makoctl", "dismiss", "--all")

    def screenshot(self, path):
        self.person.run("grim", "-g", "624,0 400x300", path, WAYLAND_DISPLAY="wayland-1")
