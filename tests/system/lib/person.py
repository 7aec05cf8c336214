# SPDX-License-Identifier: GPL-3.0-or-later
"""A person who logs in to the booted machine as by a display manager: PAM, logind, and a systemd of her own."""
import os
import pwd
import subprocess
from pathlib import Path


class Person:
    def __init__(self, name):
        self.name = name
        self.home = Path("/home") / name

    def create(self):
        subprocess.run(["useradd", "--create-home", "--shell=/bin/bash", self.name], check=True)
        self.uid = pwd.getpwnam(self.name).pw_uid

    def write(self, name, text):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        subprocess.run(["chown", "-R", f"{self.name}:", self.home], check=True)
        return path

    def log_in(self, command, environment):
        """Runs the command as the desktop of her session."""
        variables = [f"--property=Environment={name}={value}" for name, value in environment.items()]
        subprocess.run(
            ["systemd-run", "--unit=desktop", "--collect", f"--property=User={self.name}", "--property=PAMName=login",
             f"--property=WorkingDirectory={self.home}", *variables, "--", *command],
            check=True, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def command(self, *words, **environment):
        """What runs this in her session."""
        runtime = f"/run/user/{self.uid}"
        return ["setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", "--init-groups", "env", f"HOME={self.home}",
                f"XDG_RUNTIME_DIR={runtime}", f"DBUS_SESSION_BUS_ADDRESS=unix:path={runtime}/bus",
                *[f"{name}={value}" for name, value in environment.items()], *words]  # fmt: skip

    def run(self, *words, **environment):
        return subprocess.run(
            self.command(*words, **environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=120, check=False, cwd="/", env={**os.environ, "LANG": "C.UTF-8"},
        )  # fmt: skip

    def systemctl(self, *words):
        return self.run("systemctl", "--user", "--no-pager", *words).stdout.strip()

    def show(self, unit, name):
        return self.systemctl("show", "--property", name, "--value", unit)
