# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's session in a folder: what programs find there, a web browser, a session bus."""
import os
import subprocess

CONFIG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "session.conf")


def environment(directory):
    return {
        "XDG_DATA_HOME": os.path.join(directory, "data"),
        "XDG_CONFIG_HOME": os.path.join(directory, "config"),
        "XDG_CONFIG_DIRS": os.path.join(directory, "no-such"),
        "XDG_RUNTIME_DIR": directory,
        "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/no/such",
        "GSETTINGS_BACKEND": "memory",
    }


def install_browser(directory, command):
    """The person's own web browser: this command, with the address behind it."""
    applications = os.path.join(directory, "data", "applications")
    os.makedirs(applications)
    os.makedirs(os.path.join(directory, "config"))
    with open(os.path.join(applications, "record.desktop"), "w", encoding="utf-8") as file:
        file.write("[Desktop Entry]\nType=Application\nName=Record\n"
                   f"Exec={command} %u\n"
                   "MimeType=x-scheme-handler/http;x-scheme-handler/https;\n")
    with open(os.path.join(directory, "config", "mimeapps.list"), "w", encoding="utf-8") as file:
        file.write("[Default Applications]\nx-scheme-handler/http=record.desktop\n"
                   "x-scheme-handler/https=record.desktop\n")


def start_bus(directory, config=CONFIG, address=None):
    """A session bus of its own; gives its process, which the caller ends, and its address."""
    process = subprocess.Popen(
        ["dbus-daemon", "--nofork", "--print-address", "--config-file=" + config,
         *(["--address=" + address] if address else [])],
        stdout=subprocess.PIPE, text=True, env={**os.environ, **environment(directory)})
    with process.stdout:
        return process, process.stdout.readline().strip()
