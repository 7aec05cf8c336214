# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's session for tests: the agent, the session bus, a notification server that
records, a web browser that records. Everything waits for something to happen, with a deadline."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

import dbus
import dbus.mainloop.glib
import dbusmock

import session
from fake_server import FakeServer
from program import Program, wait_until

AGENT = os.environ["ASTCTI_AGENT"]
RECORD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "record.py")
NAME = "org.astcti.Agent1"
PATH = "/org/astcti/Agent1"
NOTIFICATIONS = "org.freedesktop.Notifications"


class Desktop(dbusmock.DBusTestCase):
    """Runs under dbus-run-session. Each test has its own directory, server and agent."""

    @classmethod
    def setUpClass(cls):
        dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
        cls.bus = dbus.SessionBus()

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="astcti-agent-test-")
        self.addCleanup(shutil.rmtree, self.directory)
        self.programs = []
        self.signals = []
        self.match = self.bus.add_signal_receiver(
            lambda *values, member=None: self.signals.append((member, values)),
            dbus_interface=NAME, path=PATH, member_keyword="member")
        self.addCleanup(self.match.remove)
        self.serve(os.path.join(self.directory, "socket"))
        self.notifier = None
        self.addCleanup(self.stop_all)
        self.install_browser()

    def serve(self, path=None):
        """The server that the agent is to find, in the place of the one before."""
        self.server = FakeServer(path)
        self.addCleanup(self.server.close)

    def stop_all(self):
        for program in self.programs:
            program.stop()
            self.check_log(program)
        # What the last agent sent belongs to this test, not to the next one.
        wait_until(lambda: not self.bus.name_has_owner(NAME), "the end of the agent on the bus")
        if self.notifier:
            self.stop_notifications()

    def check_log(self, program):
        log = program.log()
        if sys.exc_info()[0] or "CRITICAL" in log or "Sanitizer" in log or "runtime error" in log:
            print(f"--- {program.err}\n{log}", file=sys.stderr)
        for trouble in ("CRITICAL", "Sanitizer", "runtime error", "\x1b"):
            self.assertNotIn(trouble, log)

    # It only writes down what it is to open.
    def install_browser(self):
        session.install_browser(self.directory, f"/usr/bin/python3 {RECORD} {self.directory}/opened")

    def environment(self):
        return session.environment(self.directory)

    def run_program(self, *arguments, name="agent", environment=None,
                    stdin=subprocess.DEVNULL):
        return self.start_program(AGENT, *arguments, name=name, environment=environment, stdin=stdin)

    def start_program(self, *command, name="agent", environment=None, stdin=subprocess.DEVNULL):
        program = Program(self.directory, name, list(command),
                          {**self.environment(), **(environment or {})}, stdin)
        self.programs.append(program)
        return program

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def rules(self, *rules):
        return self.write("rules.xml", '<rules xmlns="urn:astcti:rules:1">' + "".join(rules) + "</rules>")

    def start(self, *arguments, calls=()):
        """The agent, logged in; returns the server's end of the connection."""
        self.agent = self.run_program("--server", self.server.address, *arguments)
        connection = self.server.accept_and_log_in(*calls)
        self.agent.wait_for_log("connected to")
        return connection

    def start_bus(self, services=None, address=None):
        """A further session bus, which starts what has a file in the folder; gives its process and its address."""
        config = session.CONFIG
        if services:
            with open(config, encoding="utf-8") as file:
                text = file.read().replace("<listen>", f"<servicedir>{services}</servicedir><listen>")
            config = self.write("session.conf", text)
        process, address = session.start_bus(self.directory, config, address)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, address

    def start_notifications(self, capabilities="body body-markup actions"):
        self.notifier, self.notifications = self.spawn_server_template(
            "notification_daemon", {"capabilities": capabilities}, stdout=subprocess.DEVNULL)
        self.mock = dbus.Interface(self.notifications, dbusmock.MOCK_IFACE)

    def stop_notifications(self):
        self.notifier.send_signal(signal.SIGCONT)
        self.notifier.kill()
        self.notifier.wait()
        self.notifier = None

    def notified(self, method="Notify"):
        """What the notification server was asked, each as the list of arguments."""
        return [arguments for _, arguments in self.mock.GetMethodCalls(method)]

    def wait_for_note(self, result, call="", number=1):
        """Until the agent has said so of a notification, by --explain's words."""
        def noted():
            try:
                return [note[1] for note in self.explain(call) if note[0] == "notification"].count(result) >= number
            except dbus.DBusException:
                return False  # it has not heard of the call yet

        return wait_until(noted, f"{result} of a notification")

    def emit(self, signal_name, types, *values):
        self.mock.EmitSignal("org.freedesktop.Notifications", signal_name, types, list(values))

    def wait_for_notification(self, number):
        return wait_until(lambda: len(self.notified()) >= number and self.notified(),
                          f"notification {number}")[number - 1]

    def named(self, member):
        return [values for name, values in self.signals if name == member]

    def wait_for_signal(self, member, number=1):
        return wait_until(lambda: len(self.named(member)) >= number and self.named(member),
                          f"{member} {number} in {self.signals}")[number - 1]

    def property(self, name, path=PATH, interface=NAME):
        proxy = self.bus.get_object(NAME, path, introspect=False)
        return dbus.Interface(proxy, "org.freedesktop.DBus.Properties").Get(interface, name)

    def set_property(self, name, value):
        proxy = self.bus.get_object(NAME, PATH, introspect=False)
        dbus.Interface(proxy, "org.freedesktop.DBus.Properties").Set(NAME, name, value, signature="ssv")

    def explain(self, call=""):
        """Each note without its time: part, result, text."""
        proxy = self.bus.get_object(NAME, PATH, introspect=False)
        _, notes = dbus.Interface(proxy, NAME).Explain(call)
        return [tuple(note[1:]) for note in notes]

    def settings(self, lines):
        """The environment of an agent that has the schema of its settings installed, and these values."""
        schemas = os.path.join(self.directory, "schemas")
        os.makedirs(schemas)
        os.makedirs(os.path.join(self.directory, "config", "glib-2.0", "settings"))
        subprocess.run(["glib-compile-schemas", "--targetdir=" + schemas,
                        os.path.join(os.environ["ASTCTI_SOURCE_DIR"], "desktop-agent")], check=True)
        self.write("config/glib-2.0/settings/keyfile", "[org/astcti/Agent]\n" + lines)
        return {"GSETTINGS_SCHEMA_DIR": schemas, "GSETTINGS_BACKEND": "keyfile"}

    def dconf(self, lines, locked):
        """The environment of an agent whose administrator set this by dconf, and locked some of it."""
        folder = os.path.join(self.directory, "dconf")
        os.makedirs(folder + "/locks")
        self.write("dconf/astcti", "[org/astcti/Agent]\n" + lines)
        self.write("dconf/locks/astcti", "".join(f"/org/astcti/Agent/{key}\n" for key in locked))
        subprocess.run(["dconf", "compile", self.directory + "/database", folder], check=True)
        profile = self.write("profile", f"user-db:user\nfile-db:{self.directory}/database\n")
        return {**self.settings(""), "GSETTINGS_BACKEND": "dconf", "DCONF_PROFILE": profile}

    def recorded(self, name, number=1):
        """The argument lists that record.py wrote to a file."""
        path = os.path.join(self.directory, name)

        def lines():
            if not os.path.exists(path):
                return None
            with open(path, encoding="utf-8") as file:
                found = [json.loads(line) for line in file if line.endswith("\n")]
            return found if len(found) >= number else None

        return wait_until(lines, f"{number} starts in {name}; the log:\n{self.agent.log()}")
