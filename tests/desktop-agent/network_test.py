#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent on a network that changes under it, and names that do not resolve, or to addresses that do not answer.
Runs in a network and a mount namespace of its own, with a session bus there: the machine's own network is not touched."""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

from desktop import NAME as DBUS_NAME
from desktop import Desktop
from fake_server import FakeServer
from program import wait_until

PORT = 8999
HERE = ("192.0.2.10/24", "2001:db8::10/64")
NAME = "pbx.test"

# Listens in another namespace, whose socket that stays, and hands it over by its standard input.
LISTEN = """
import socket, sys
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), family=family)
socket.send_fds(socket.socket(fileno=0), [b"x"], [listener.fileno()])
"""


def ip(*arguments, inside=()):
    return subprocess.run([*inside, "ip", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def at_once(address):
    """Without asking the others on the cable first, as IPv6 does."""
    return ["nodad"] if ":" in address else []


class Network(Desktop):
    """The agent is at one end of a cable, servers are at the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ip("link", "set", "lo", "up")
        cls.folder = tempfile.mkdtemp(prefix="astcti-agent-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.hosts = os.path.join(cls.folder, "hosts")
        resolv = os.path.join(cls.folder, "resolv.conf")
        with open(resolv, "w", encoding="utf-8") as file:
            file.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        cls.resolve()
        for name, path in (("hosts", cls.hosts), ("resolv.conf", resolv)):
            real = os.path.realpath("/etc/" + name)
            subprocess.run(["mount", "--bind", path, real], check=True)
            cls.addClassCleanup(subprocess.run, ["umount", real], check=True)

    @classmethod
    def resolve(cls, *addresses):
        """What the name is now."""
        with open(cls.hosts, "w", encoding="utf-8") as file:
            file.write("127.0.0.1 localhost\n" + "".join(f"{address} {NAME}\n" for address in addresses))

    def setUp(self):
        super().setUp()
        self.server.close()
        self.resolve()
        peer = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        self.addCleanup(peer.wait)
        self.addCleanup(peer.kill)
        own = os.readlink("/proc/self/ns/net")
        wait_until(lambda: os.readlink(f"/proc/{peer.pid}/ns/net") != own, "another network")
        self.there = ["nsenter", "--target", str(peer.pid), "--net"]
        ip("link", "add", "agent0", "type", "veth", "peer", "name", "server0", "netns", str(peer.pid))
        self.addCleanup(ip, "link", "delete", "agent0")
        ip("link", "set", "server0", "up", inside=self.there)
        ip("link", "set", "agent0", "up")
        for address in HERE:
            self.have(address)
        for address in ("192.0.2.1/24", "192.0.2.2/24", "2001:db8::1/64"):
            ip("address", "add", address, "dev", "server0", *at_once(address), inside=self.there)
        self.password = self.write("password", "s3cret\n")
        os.chmod(self.password, 0o600)

    def have(self, address):
        ip("address", "add", address, "dev", "agent0", *at_once(address))

    def have_not(self, address):
        ip("address", "delete", address, "dev", "agent0")

    def listen(self, address):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            subprocess.run([*self.there, sys.executable, "-c", LISTEN, address, str(PORT)], stdin=theirs, check=True)
            _, (descriptor,), _, _ = socket.recv_fds(ours, 1, 1)
        server = FakeServer(listener=socket.socket(fileno=descriptor))
        self.addCleanup(server.close)
        return server

    def silence(self, address):
        """Nobody is there, and no router says so."""
        ip("address", "delete", address, "dev", "server0", inside=self.there)
        hardware = ip("-brief", "link", "show", "server0", inside=self.there).split()[2]
        ip("neighbour", "replace", address.split("/", maxsplit=1)[0], "lladdr", hardware, "dev", "agent0",
           "nud", "permanent")

    def run_agent(self, host):
        self.agent = self.run_program("--server", f"tcp://{host}:{PORT}", "--allow-plain", "--user", "anna",
                                      "--password-file", self.password)

    def connect(self, host="192.0.2.1"):
        self.server = self.listen("192.0.2.1")
        self.run_agent(host)
        connection = self.server.accept_and_log_in()
        self.agent.wait_for_log("connected to")
        return connection


class Changes(Network):
    """TCP's own keep-alive would tell after half a minute, three times as long as a server here waits to be found."""

    def test_who_has_another_address_comes_back_from_that(self):
        self.connect()
        self.have_not(HERE[0])
        self.have("192.0.2.11/24")
        connection = self.server.accept_and_log_in()
        self.assertEqual(connection.stream.getpeername()[0], "192.0.2.11")
        wait_until(lambda: self.agent.log().count("connected to") == 2, "back")

    def test_who_had_no_network_for_a_while_comes_back_with_it(self):
        self.connect()
        self.have_not(HERE[0])
        wait_until(lambda: self.property("Connection") != "online", "no network")
        self.have(HERE[0])
        self.server.accept_and_log_in()
        wait_until(lambda: self.property("Connection") == "online", "back")
        self.assertEqual(self.property("LastError")[0], "")

    def test_a_network_that_comes_besides_changes_nothing(self):
        connection = self.connect()
        self.have("198.51.100.1/24")
        self.assertEqual(connection.line(), "NOOP")
        connection.send(b"100 OK\n")
        self.have("203.0.113.1/24")
        self.assertEqual(connection.line(), "NOOP")
        self.assertEqual(self.agent.log().count("connected to"), 1)


class Names(Network):
    def test_a_name_that_is_not_known_yet_is_looked_up_again(self):
        server = self.listen("192.0.2.1")
        self.run_agent(NAME)
        self.agent.wait_for_log(NAME)
        wait_until(lambda: self.property("LastError")[0] == "org.astcti.Error.NotConnected", "what went wrong")
        self.assertIn("resolving", self.property("LastError")[1])
        self.resolve("192.0.2.1")
        server.accept_and_log_in()
        self.agent.wait_for_log("connected to")

    def test_while_a_name_is_looked_up_the_agent_answers(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 53))
            silent.settimeout(10)
            self.run_agent(NAME)
            silent.recv(1000)  # the question, which is never answered
            wait_until(lambda: self.bus.name_has_owner(DBUS_NAME), "the agent on the bus")
            self.assertEqual(self.property("Connection"), "connecting")
            self.assertEqual(self.agent.stop(), 0)

    def test_a_server_that_has_moved_is_found_at_its_new_address(self):
        self.resolve("192.0.2.1")
        connection = self.connect(NAME)
        moved = self.listen("192.0.2.2")
        self.resolve("192.0.2.2")
        self.server.listener.close()
        connection.close()
        moved.accept_and_log_in()
        wait_until(lambda: self.agent.log().count("connected to") == 2, "back")

    def test_of_two_addresses_the_one_that_answers_is_enough(self):
        # A connection to the other one would be waited for for two minutes.
        for dead, alive in (("2001:db8::1/64", "192.0.2.1"), ("192.0.2.1/24", "2001:db8::1")):
            with self.subTest(alive):
                server = self.listen(alive)
                self.silence(dead)
                self.resolve("2001:db8::1", "192.0.2.1")
                self.run_agent(NAME)
                server.accept_and_log_in()
                self.agent.wait_for_log("connected to")
                self.agent.stop()
                server.close()
                ip("neighbour", "flush", "nud", "permanent", "dev", "agent0")
                ip("address", "add", dead, "dev", "server0", *at_once(dead), inside=self.there)


if __name__ == "__main__":
    unittest.main(verbosity=2)
