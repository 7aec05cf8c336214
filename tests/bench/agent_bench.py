#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the agent in a session of its own: a private bus, a scripted server, a notification server that notes times.

usage: agent_bench.py WHAT AGENT [HELPER] [--calls N]
  notify AGENT         "ring US" and "answered US" for each call: how late Notify came, counted from when it was due
  page AGENT OPENER    "page US" for each call: from the answer to the HTTP request at the page; OPENER is the web browser.
                       As three starts in five seconds are the most, each agent opens three pages, the first of them cold
  memory AGENT BARE    "agent KIB BARE_KIB" at rest and "grown BYTES": proportional set sizes, beside the bare application;
                       and what one of N calls left behind, after as many to warm up and the last object of them is gone
  idle AGENT           "wakeups N SECONDS" while nothing happens but TCP's keep-alive
"""
import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from gi.repository import Gio, GLib

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "desktop-agent"))
import session as desktop  # noqa: E402
from fake_server import ANSWERED, CALL, ENDED, FakeServer  # noqa: E402
from program import Program, wait_until  # noqa: E402

UNIT = Path(__file__).resolve().parent.parent.parent / "systemd/astcti-agent.service.in"
RING_DELAY = 500_000_000  # ns; notify::Notifier::ring_delay
PACE = 17  # ms from one call to the next: others are told while a ring becomes due
TALKS_AFTER, ENDS_AFTER = 60, 80  # so many calls later
STARTS = 3  # launch::StartLimit::max_burst
AT_ONCE = 100  # calls that ring together, of those that memory is measured with
KEEP_ALIVE = 10  # seconds; keepalive_idle in desktop-agent/link/connection.cpp
PERIODS = 6
SETTLED = 20  # seconds: GLib ends a thread that has had nothing to do for 15
IDLE = threading.Event()  # never set: it is the time that counts
NOTIFICATIONS = """<node><interface name="org.freedesktop.Notifications">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
</interface></node>"""


class Notifications:
    """Notes when each Notify came, by its summary and the number of who called."""

    def __init__(self, bus):
        self.came = {}
        self.closed = 0
        self.last = 0
        interface = Gio.DBusNodeInfo.new_for_xml(NOTIFICATIONS).interfaces[0]
        bus.register_object("/org/freedesktop/Notifications", interface, self.called, None, None)
        Gio.bus_own_name_on_connection(bus, interface.name, Gio.BusNameOwnerFlags.NONE, None, None)

    def called(self, *call):
        now = time.monotonic_ns()
        method, arguments, invocation = call[4:]
        if method == "GetCapabilities":
            invocation.return_value(GLib.Variant("(as)", (["body", "actions"],)))
        elif method == "CloseNotification":
            self.closed += 1
            invocation.return_value(None)
        else:
            _, replaced, _, summary, body, _, _, _ = arguments.unpack()
            self.came[summary, int(body.split()[0])] = now
            self.last += not replaced
            invocation.return_value(GLib.Variant("(u)", (replaced or self.last,)))


def unit_environment():
    """What its unit sets for the agent."""
    with open(UNIT, encoding="utf-8") as file:
        return [line.strip().removeprefix("Environment=") for line in file if line.startswith("Environment=")]


class Session:
    def __init__(self, agent, is_tcp=False):
        self.directory = tempfile.mkdtemp(prefix="astcti-agent-bench-")
        self.agent = agent
        self.process, address = desktop.start_bus(self.directory)
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = address
        self.bus = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        self.server = FakeServer(None if is_tcp else os.path.join(self.directory, "server"))
        self.programs = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in self.programs:
            program.stop()
        self.server.close()
        self.bus.set_exit_on_close(False)
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.directory)

    def start(self, command, name):
        self.programs.append(Program(self.directory, name, command, desktop.environment(self.directory), subprocess.DEVNULL))
        return self.programs[-1]

    def start_agent(self, *arguments):
        program = self.start(["env", *unit_environment(), self.agent, "--server", self.server.address, "--service", *arguments], "agent")
        connection = self.server.accept_and_log_in()
        program.wait_for_log("connected to")
        return program, connection


def tell(connection, name, fields, number):
    connection.call(name, {**fields, "peer-number": str(number)}, f"pbx1:{number}:201")


def notify(session, options):
    notifications = Notifications(session.bus)
    _, connection = session.start_agent()
    due = {}
    steps = iter(range(options.calls + ENDS_AFTER))

    def step():
        number = next(steps, None)
        if number is None:
            return False
        if number < options.calls:
            due["Incoming call", number] = time.monotonic_ns() + RING_DELAY
            tell(connection, "Ringing", CALL, number)
        if 0 <= (talks := number - TALKS_AFTER) < options.calls:
            due["Call answered", talks] = time.monotonic_ns()
            tell(connection, "Answered", ANSWERED, talks)
        if (ends := number - ENDS_AFTER) >= 0:
            tell(connection, "Ended", ENDED, ends)
        return True

    GLib.timeout_add(PACE, step)
    wait_until(lambda: notifications.closed == options.calls, "the end of all calls", options.calls * PACE / 1000 + 30)
    for (what, number), then in due.items():
        print("ring" if what == "Incoming call" else "answered", (notifications.came[what, number] - then) // 1000)


class Page(threading.Thread):
    """Notes when a request came, by what it asks for."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.came = {}

    def run(self):
        while True:
            stream, _ = self.listener.accept()
            with stream, stream.makefile("rb") as file:
                line = file.readline()
                now = time.monotonic_ns()
                stream.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
            self.came[int(line.split()[1].rpartition(b"=")[2])] = now


def page(session, options):
    Notifications(session.bus)
    desktop.install_browser(session.directory, options.helper)
    pages = Page()
    pages.start()
    rules = os.path.join(session.directory, "rules.xml")
    with open(rules, "w", encoding="utf-8") as file:
        file.write('<rules xmlns="urn:astcti:rules:1"><rule name="Page" catch-all="yes">'
                   f'<open url="http://127.0.0.1:{pages.port}/?callerid={{CALLERID}}"/></rule></rules>')
    for number in range(options.calls):
        if number % STARTS == 0:
            agent, connection = session.start_agent("--rules", rules)
        tell(connection, "Ringing", CALL, number)
        begin = time.monotonic_ns()
        tell(connection, "Answered", ANSWERED, number)
        wait_until(lambda number=number: number in pages.came, f"page {number}")
        print("page", (pages.came[number] - begin) // 1000)
        if number % STARTS == STARTS - 1:
            agent.stop()


def proportional_set(program):
    with open(f"/proc/{program.process.pid}/smaps_rollup", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))


def go_through(notifications, connection, first, count):
    """Each call rings until it is shown, is answered and ends."""
    for begin in range(first, first + count, AT_ONCE):
        batch = range(begin, min(begin + AT_ONCE, first + count))
        for name, fields, shown in (("Ringing", CALL, "Incoming call"), ("Answered", ANSWERED, "Call answered")):
            for number in batch:
                tell(connection, name, fields, number)
            wait_until(lambda batch=batch, shown=shown: all((shown, number) in notifications.came for number in batch), shown)
        for number in batch:
            tell(connection, "Ended", ENDED, number)
        wait_until(lambda batch=batch: notifications.closed == batch[-1] + 1, "the end of the calls")
        notifications.came.clear()


def memory(session, options):
    notifications = Notifications(session.bus)
    removed = []
    session.bus.signal_subscribe(None, "org.astcti.Agent1", "CallRemoved", None, None, Gio.DBusSignalFlags.NONE,
                                 lambda *_: removed.append(None))
    bare = session.start([options.helper], "bare")
    agent, connection = session.start_agent()
    sizes = []
    print("start", proportional_set(agent), proportional_set(bare), file=sys.stderr)
    for first in (0, options.calls):
        go_through(notifications, connection, first, options.calls)
        wait_until(lambda first=first: len(removed) == first + options.calls, "the last object is gone", 60)
        IDLE.wait(SETTLED)
        sizes.append(proportional_set(agent))
    print("agent", sizes[-1], proportional_set(bare))
    print("grown", (sizes[1] - sizes[0]) * 1024 / options.calls)


def switches(pid):
    """How often each thread went to sleep, and had to let others run."""
    counts = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(FileNotFoundError), open(f"/proc/{pid}/task/{thread}/status", encoding="utf-8") as file:
            lines = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
            counts[thread, lines["Name"]] = sum(int(lines[name]) for name in
                                                ("voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"))
    return counts


def wakeups(before, after):
    """A thread that came or went was awake."""
    return sum(abs(after.get(thread, 0) - before.get(thread, 0)) for thread in before.keys() | after.keys())


def idle(session, _):
    Notifications(session.bus)
    password = os.path.join(session.directory, "password")
    with open(password, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write("secret\n")
    agent, connection = session.start_agent("--user", "anna", "--password-file", password)
    tell(connection, "Ringing", CALL, 1)
    tell(connection, "Ended", ENDED, 1)
    # 30 s later the object of the call is gone, and with it the last thing to wait for.
    IDLE.wait(30 + SETTLED)
    before = switches(agent.process.pid)
    IDLE.wait(PERIODS * KEEP_ALIVE)
    after = switches(agent.process.pid)
    print("wakeups", wakeups(before, after), PERIODS * KEEP_ALIVE)
    print(before, after, file=sys.stderr)
    tell(connection, "Ringing", CALL, 2)
    wait_until(lambda: wakeups(after, switches(agent.process.pid)), "a wake-up that is counted")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    kinds = {kind.__name__: kind for kind in (notify, page, memory, idle)}
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what", choices=kinds)
    parser.add_argument("agent")
    parser.add_argument("helper", nargs="?")
    parser.add_argument("--calls", type=int, default=1000)
    options = parser.parse_args()
    with Session(options.agent, is_tcp=options.what == "idle") as session:
        kinds[options.what](session, options)


if __name__ == "__main__":
    main()
