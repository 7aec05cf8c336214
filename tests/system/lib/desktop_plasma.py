# SPDX-License-Identifier: GPL-3.0-or-later
"""Plasma on Wayland, without a screen, as systemd boots it: KWin draws into memory."""
import html
from datetime import datetime, timedelta
from pathlib import Path

from notification_log import NotificationLog
from waiting import until

# KWin is asked for pictures below, which else only Spectacle may have.
KWIN = """[Service]
ExecStart=
ExecStart=/usr/bin/kwin_wayland_wrapper --virtual --width 1024 --height 768
Environment=KWIN_SCREENSHOT_NO_PERMISSION_CHECKS=1
"""
# Pictures of what moves cannot be told from those of what is not there yet.
GLOBALS = """[KDE]
AnimationDurationFactor=0
"""
SPLASH = """[KSplash]
Engine=none
"""
# KWin tells of each picture by a notification.
UNTOLD = """[Event/notification]
Action=
"""
# Where they are with the task bar of a whole Plasma.
NOTIFICATIONS = """[Notifications]
PopupPosition=BottomRight
"""
UNDISTURBED = """[DoNotDisturb]
Until={}
"""
# That corner, without the clock.
AREA = ("624", "224", "400", "500")


class Plasma:
    name = "plasma"
    target = "active"
    survives_the_bus = False  # the session ends with it
    knows_tags = False
    has_buttons = True
    can_be_quiet = True
    command = ["/usr/bin/startplasma-wayland"]
    environment = {"XDG_SESSION_TYPE": "wayland", "XDG_CURRENT_DESKTOP": "KDE", "XDG_SESSION_DESKTOP": "KDE",
                   "LIBGL_ALWAYS_SOFTWARE": "1"}  # fmt: skip

    def prepare(self):
        folder = Path("/etc/systemd/user/plasma-kwin_wayland.service.d")
        folder.mkdir(parents=True)
        (folder / "virtual.conf").write_text(KWIN, encoding="utf-8")
        self.person.write(".config/kdeglobals", GLOBALS)
        self.person.write(".config/ksplashrc", SPLASH)
        self.person.write(".config/plasma_workspace.notifyrc", UNTOLD)
        self.person.write(".config/plasmanotifyrc", NOTIFICATIONS)

    def wait(self):
        until(lambda: "Plasma" in self.ask("GetServerInformation"), "Plasma's notifications", 300)
        self.log = NotificationLog(self.person.command())
        self.empty = until(self.at_rest, "a desktop that is drawn", 120)
        self.last = None

    def ask(self, method, *arguments, interface="org.freedesktop.Notifications"):
        return self.person.run("gdbus", "call", "--session", "-d", "org.freedesktop.Notifications", "-o", "/org/freedesktop/Notifications",
                               "-m", f"{interface}.{method}", *arguments).stdout  # fmt: skip

    def shown(self):
        return self.log.summaries()

    def body(self):
        return html.unescape("\n".join(self.log.bodies()))

    def press(self, button):
        for number in self.log.ids():
            self.ask("InvokeAction", str(number), button, interface="org.kde.NotificationManager")

    def dismiss(self):
        for number in self.log.ids():
            self.ask("CloseNotification", str(number))

    def do_not_disturb(self):
        """From now on, and as a person who set it before she logged in has it."""
        until_then = datetime.now() + timedelta(days=30)
        self.person.write(".config/plasmanotifyrc", NOTIFICATIONS + UNDISTURBED.format(until_then.strftime("%Y,%m,%d,%H,%M,%S")))
        self.person.systemctl("restart", "plasma-plasmashell.service")
        self.wait()
        until(lambda: "true" in self.ask("Get", "org.freedesktop.Notifications", "Inhibited", interface="org.freedesktop.DBus.Properties"),
              "peace")

    def picture(self):
        done = self.person.run("gdbus", "call", "--session", "-d", "org.kde.KWin", "-o", "/Screenshot",
                               "-m", "org.kde.kwin.Screenshot.screenshotArea", *AREA, "false").stdout  # fmt: skip
        path = Path(done.strip("(',)\n"))
        if not path.is_file():
            return None
        drawn = path.read_bytes()
        path.unlink()
        return drawn

    def at_rest(self):
        first, second = self.picture(), self.picture()
        return second if first == second else None

    def screenshot(self, path):
        """Shown is not yet drawn: that it is when the screen is another. It need not come to rest, as Plasma draws the time that
        is left to one that goes by itself."""
        until(lambda: self.picture() not in (None, self.empty, self.last), "a notification that is drawn", 60)
        self.last = self.at_rest() or self.picture()
        Path(path).write_bytes(self.last)
