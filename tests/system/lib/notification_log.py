# SPDX-License-Identifier: GPL-3.0-or-later
"""What a notification server that cannot be asked has on the screen: from what goes over the session bus, with the
server's own answers."""
import json
import subprocess
import threading


class NotificationLog(threading.Thread):
    def __init__(self, command):
        """`command` runs busctl in the person's session."""
        super().__init__(daemon=True)
        self.process = subprocess.Popen([*command, "busctl", "--user", "--json=short", "monitor", "org.freedesktop.Notifications"],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # fmt: skip
        self.asked = {}
        self.shown = {}
        self.start()

    def run(self):
        for line in self.process.stdout:
            message = json.loads(line)
            data = message.get("payload", {}).get("data", [])
            kind, member = message["type"], message.get("member")
            if kind == "method_call" and member == "Notify" and data[0] == "AstCTI":
                self.asked[message["sender"], message["cookie"]] = data
            elif kind == "method_return":
                notification = self.asked.pop((message["destination"], message["reply_cookie"]), None)
                if notification:
                    self.shown[data[0]] = notification
            elif kind == "signal" and member == "NotificationClosed":
                self.shown.pop(data[0], None)

    def urgent(self):
        return [number for number, shown in self.shown.items() if shown[6]["urgency"]["data"] == 2]

    def summaries(self):
        return [(shown[3], number in self.urgent()) for number, shown in self.shown.items()]

    def bodies(self):
        return [shown[4] for shown in self.shown.values()]

    def ids(self):
        return list(self.shown)
