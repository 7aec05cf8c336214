#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the agent starts: options, settings, passwords, and with or without a session bus."""
import base64
import os
import pty
import shutil
import subprocess
import unittest

import dbus

from desktop import AGENT, NAME, PATH, Desktop
from fake_server import ANSWERED, CALL
from program import wait_until

CALL_ID = "pbx1:1795406933.1:201"
GENERATOR = "/usr/lib/systemd/user-generators/systemd-xdg-autostart-generator"


class Start(Desktop):
    def test_what_is_wrong_at_the_start_is_said_and_nobody_is_asked(self):
        readable = self.write("readable", "s3cret\n")
        os.chmod(readable, 0o644)
        wrong = self.write("wrong.xml", '<rules xmlns="urn:astcti:rules:1">\n<rule name="a"/></rules>')
        rows = [
            (78, ["--keep-password"], "needs no password"),
            (64, ["--keep-password", "--service"], "exclude each other"),
            (78, ["--server", "http://localhost"], "is neither unix:/PATH nor tls://HOST"),
            (78, ["--server", "tcp://localhost:99999"], "is neither unix:/PATH nor tls://HOST"),
            (78, ["--server", "tls://localhost", "--pin", "abc="], 'the pin "abc=" is not 32 bytes in base64'),
            (78, ["--pin", "A" * 43 + "="], "a pin needs a server by TLS"),
            (78, ["--password-file", readable], f"everyone may read the password file {readable}"),
            (78, ["--password-file", "/no/such"], "the password file /no/such cannot be read"),
            (78, ["--rules", wrong], f"{wrong}:2: "),
            (78, ["--rules", "/no/such.xml"], "/no/such.xml: cannot be read"),
            (64, ["--no-such-option"], "--no-such-option"),
            (64, ["surprise"], "no argument is expected: surprise"),
            (64, ["--monitor", "--quit"], "exclude each other"),
            (64, ["--explain", "a", "b"], "no argument is expected: b"),
            (64, ["--json"], "--json needs --monitor"),
            (69, ["--autostart"], "the session cannot start the agent"),
            (69, ["--explain"], "astcti-agent is not running"),
        ]
        for status, arguments, text in rows:
            with self.subTest(arguments):
                program = self.run_program("--server", self.server.address, *arguments, name="wrong")
                self.assertEqual(program.wait_for_end(), status)
                self.assertIn(text, program.log())
        self.server.listener.settimeout(0)
        with self.assertRaises(BlockingIOError):
            self.server.accept()

    def test_a_wrong_rules_file_that_was_found_is_told_and_the_agent_runs(self):
        os.makedirs(os.path.join(self.directory, "config", "astcti"))
        path = self.write("config/astcti/rules.xml", '<rules xmlns="urn:astcti:rules:1"><rule/></rules>')
        self.start()
        self.agent.wait_for_log(f"rules: {path} is not used; it has no rules until it is mended")
        self.agent.wait_for_log(f"{path}:1: ")
        name, text = self.property("LastError")
        self.assertEqual(name, "org.astcti.Error.InvalidRules")
        self.assertIn(f"{path}:1: ", text)

    def test_a_password_is_asked_for_on_the_terminal_and_not_shown(self):
        self.serve()
        for answer, status in (("102 OK", None), ("113 REFUSED wrong name or password", 77)):
            with self.subTest(answer):
                master, slave = pty.openpty()
                self.addCleanup(os.close, master)
                self.agent = self.run_program("--server", self.server.address, "--user", "anna",
                                              stdin=slave)
                os.close(slave)
                self.agent.wait_for_log("Password of anna: ")
                os.write(master, b"s3cret\n")
                connection = self.server.accept()
                auth = connection.login(answer)
                self.assertEqual(base64.b64decode(auth.removeprefix("AUTH PLAIN ")), b"\0anna\0s3cret")
                os.set_blocking(master, False)
                with self.assertRaises(BlockingIOError):
                    os.read(master, 100)
                if status is None:
                    connection.snapshot()
                    self.agent.wait_for_log("connected to")
                    self.agent.stop()
                else:
                    self.assertEqual(self.agent.wait_for_end(), status)

    def test_the_settings_of_the_session_count_where_no_option_does(self):
        environment = self.settings(f"server-uri='{self.server.address}'\n")
        self.agent = self.run_program("--service", environment=environment)
        self.server.accept_and_log_in()
        self.agent.wait_for_log(f"connected to {self.server.address}")
        self.agent.stop()

        self.serve(os.path.join(self.directory, "other"))
        self.agent = self.run_program("--server", self.server.address, environment=environment)
        self.server.accept_and_log_in()
        self.agent.wait_for_log(f"connected to {self.server.address}")

    def test_what_the_administrator_locked_no_option_changes(self):
        rows = [("server-uri", ["--server", "unix:/other"]), ("server-pin", ["--pin", "A" * 43 + "="]),
                ("server-ca-file", ["--ca-file", "/other"]), ("user-name", ["--user", "bert"]),
                ("allow-plain", ["--allow-plain"]), ("password-file", ["--password-file", "/other"])]
        environment = self.dconf(f"server-uri='{self.server.address}'\n", [key for key, _ in rows])
        for key, arguments in rows:
            with self.subTest(key):
                program = self.run_program(*arguments, name="locked", environment=environment)
                self.assertEqual(program.wait_for_end(), 78)
                self.assertIn("has locked " + key, program.log())
        # The same as is locked is no change.
        self.agent = self.run_program("--server", self.server.address, environment=environment)
        self.server.accept_and_log_in()
        self.agent.wait_for_log("connected to")

    def test_when_the_session_bus_goes_away_it_ends_so_that_it_is_started_again(self):
        bus, address = self.start_bus()
        self.agent = self.run_program("--server", self.server.address,
                                      environment={"DBUS_SESSION_BUS_ADDRESS": address})
        self.server.accept_and_log_in()
        self.agent.wait_for_log("connected to")
        bus.kill()
        self.assertEqual(self.agent.wait_for_end(), 1)
        self.assertIn("the session bus went away", self.agent.log())
        self.assertNotIn("belongs to another program", self.agent.log())

    def test_when_the_session_bus_is_back_the_next_agent_tells_what_goes_on(self):
        address = f"unix:path={self.directory}/bus"
        environment = {"DBUS_SESSION_BUS_ADDRESS": address}
        command = ["--server", self.server.address]
        for is_last in (False, True):
            bus, _ = self.start_bus(address=address)
            self.agent = self.run_program(*command, environment=environment)
            self.server.accept_and_log_in(("Answered", ANSWERED, CALL_ID))
            self.agent.wait_for_log("connected to")
            monitor = self.run_program("--monitor", name="monitor", environment=environment)
            wait_until(lambda monitor=monitor: CALL_ID in monitor.output(), "the call on the bus")
            if not is_last:
                bus.kill()
                bus.wait()
                # Its unit starts it again then, as it does after any failure.
                self.assertEqual(self.agent.wait_for_end(), 1)
        self.assertEqual(self.agent.stop(), 0)

    def test_systemd_makes_no_second_unit_of_the_autostart_file(self):
        with open(os.path.join(os.environ["ASTCTI_SOURCE_DIR"], "desktop-agent", "org.astcti.Agent-autostart.desktop"),
                  encoding="utf-8") as file:
            ours = file.read()
        os.makedirs(os.path.join(self.directory, "etc", "autostart"))
        self.write("etc/autostart/ours.desktop", ours)
        # To see that the generator would.
        self.write("etc/autostart/other.desktop", ours.replace("X-systemd-skip=true\n", ""))
        units = os.path.join(self.directory, "units")
        for desktop in ("GNOME", "KDE"):
            with self.subTest(desktop):
                os.makedirs(units)
                subprocess.run(
                    [GENERATOR, "/no/such", "/no/such", units], check=True,
                    env={"PATH": os.path.dirname(AGENT), "HOME": self.directory, "XDG_CURRENT_DESKTOP": desktop,
                         "XDG_CONFIG_DIRS": os.path.join(self.directory, "etc")})
                self.assertEqual([name for name in os.listdir(units) if name.endswith(".service")],
                                 ["app-other@autostart.service"])
                shutil.rmtree(units)

    def test_a_name_that_another_program_has_is_told_and_is_ours_when_that_ends(self):
        self.bus.request_name(NAME)
        server = self.start()
        self.agent.wait_for_log(f"the name {NAME} belongs to another program")
        server.call("Ringing", CALL, CALL_ID)
        self.bus.release_name(NAME)
        wait_until(lambda: self.bus.name_has_owner(NAME), "the agent has its name")
        self.assertEqual(self.property("Connection"), "online")
        proxy = self.bus.get_object(NAME, PATH, introspect=False)
        objects = dbus.Interface(proxy, "org.freedesktop.DBus.ObjectManager").GetManagedObjects()
        self.assertEqual([call[NAME + ".Call"]["Id"] for call in objects.values()], [CALL_ID])

    def test_nobody_takes_its_name_away(self):
        self.start()
        owner = self.bus.get_name_owner(NAME)
        replaced = self.bus.request_name(NAME, dbus.bus.NAME_FLAG_REPLACE_EXISTING | dbus.bus.NAME_FLAG_DO_NOT_QUEUE)
        self.assertEqual(replaced, dbus.bus.REQUEST_NAME_REPLY_EXISTS)
        self.assertEqual(self.bus.get_name_owner(NAME), owner)

    def test_without_a_session_bus_it_runs_and_says_so(self):
        self.agent = self.run_program("--server", self.server.address,
                                      environment={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/no/such"})
        self.server.accept_and_log_in()
        self.agent.wait_for_log("there is no session bus")
        self.agent.wait_for_log("connected to")
        self.assertEqual(self.agent.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
