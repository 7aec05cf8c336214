# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs as root in a Debian booted with systemd in which AstCTI and a desktop are installed: see ../desktops. The agent
is as it was installed; the server that it finds does as it is told here."""
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import checks
from checks import check
from desktop_gnome import Gnome
from desktop_plasma import Plasma
from desktop_sway import Sway
from desktop_xfce import Xfce
from fake_server import ANSWERED, CALL, ENDED, FakeServer
from person import Person
from waiting import until

HERE = Path("/root/test")
UNIT = "astcti-agent.service"
CUSTOMER = {**CALL, "peer-number": "+390655501234", "peer-name": "Anna <b>Bianchi</b> & Sons", "queue": "support"}
TALKS = {**CUSTOMER, "answer": ANSWERED["answer"]}
OVER = {**CUSTOMER, "answer": ANSWERED["answer"], "end": ENDED["end"], "end-reason": "normal", "cause": "16"}
MISSED = {key: value for key, value in CUSTOMER.items() if key not in ("queue", "calldata")}
GAVE_UP = {**MISSED, "end": ENDED["end"], "end-reason": "cancelled", "cause": "16"}
WITHHELD = {**{key: value for key, value in CUSTOMER.items() if not key.startswith("peer-")}, "presentation": "withheld"}
RULES = """<rules xmlns="urn:astcti:rules:1">
  <rule name="Customer page" catch-all="yes">
    <run program="/usr/bin/sleep"><argument>100000</argument></run>
  </rule>
</rules>
"""

desktop = {"gnome": Gnome, "plasma": Plasma, "sway": Sway, "xfce": Xfce}[sys.argv[1]]()
person = Person("anna")
desktop.person = person
link = None
calls = 0


def agents():
    found = [path.parent.name for path in Path("/proc").glob("[0-9]*/comm") if path.read_text() == "astcti-agent\n"]
    return [int(pid) for pid in found if (Path("/proc") / pid / "exe").exists()]


def unit(name):
    return person.show(UNIT, name)


def asked(*arguments):
    """The command that asks the session bus, which may have to start who answers."""
    return ["gdbus", "call", "--session", "--timeout=60", *arguments]


def ask_the_agent():
    return asked("-d", "org.astcti.Agent1", "-o", "/org/astcti/Agent1", "-m", "org.freedesktop.DBus.Properties.GetAll", "org.astcti.Agent1")


def notification_server():
    """Its connection on the bus: another one after a crash."""
    return person.run(*asked("-d", "org.freedesktop.DBus", "-o", "/org/freedesktop/DBus", "-m", "org.freedesktop.DBus.GetNameOwner",
                             "org.freedesktop.Notifications")).stdout


def log_in(*shown):
    """The agent's connection, with these calls in its snapshot."""
    global link
    link = server.accept_and_log_in(*shown)


def new_id():
    global calls
    calls += 1
    return f"pbx1:{calls}.1:anna"


def shown(expected, what):
    """What the desktop itself says it shows of the agent's, once it is that."""
    try:
        until(lambda: desktop.shown() == expected, what, 30)
        check(f"{desktop.name}: {what}", True)
    except Exception:  # pylint: disable=broad-except
        check(f"{desktop.name}: {what}", False, f"{desktop.shown()} is not {expected}")


def screenshot(name):
    """To look at; nothing is checked of it but that there is one."""
    path = Path(f"/tmp/{name}.png")
    desktop.screenshot(str(path))
    check(f"{desktop.name}: a screenshot: {name}", path.exists())
    if path.exists():
        shutil.copy(path, HERE / f"{desktop.name}-{name}.png")


def installed():
    """installed"""
    # As dpkg's triggers and debhelper do for a package.
    subprocess.run(["glib-compile-schemas", "/usr/share/glib-2.0/schemas"], check=True)
    subprocess.run(["systemctl", "--global", "enable", UNIT], check=True)
    limit = Path("/etc/systemd/user/app-astcti-.scope.d/limit.conf")
    limit.parent.mkdir(parents=True)
    limit.write_text("[Scope]\nMemoryMax=2G\n", encoding="utf-8")
    person.create()
    person.write(".config/astcti/rules.xml", RULES)
    desktop.prepare()


def starts_at_login():
    """starts at login"""
    check(f"{desktop.name}: before the login there is no agent", agents() == [], agents())
    person.log_in(desktop.command, desktop.environment)
    log_in()
    desktop.wait()
    reached = person.systemctl("is-active", "graphical-session.target")
    check(f"{desktop.name}: graphical-session.target is {desktop.target}", reached == desktop.target, reached)
    check(f"{desktop.name}: started at login, once", len(agents()) == 1, agents())
    check(f"{desktop.name}: in its unit", agents() == [int(unit("MainPID"))], f"{agents()} {unit('MainPID')}")
    check(f"{desktop.name}: which is running", unit("SubState") == "running", unit("SubState"))
    second = person.show("app-org.astcti.Agent@autostart.service", "LoadState")
    check(f"{desktop.name}: systemd made no second unit of the file for the other desktops", second == "not-found", second)


def second_starts():
    """second starts"""
    for arguments in ([], ["--autostart"], ["--demo"]):
        done = person.run("astcti-agent", *arguments)
        check(f"{desktop.name}: a second start{' '.join(['', *arguments])} changes nothing",
              done.returncode == 0 and agents() == [int(unit("MainPID"))], f"{done.returncode} {done.stdout} {agents()}")


def call_is_shown():
    """a call"""
    call = new_id()
    link.call("Ringing", CUSTOMER, call)
    shown([("Incoming call", True)], "a call that rings is shown once, urgent")
    screenshot("ringing")
    before = notification_server()
    body = desktop.body()
    check(f"{desktop.name}: the caller's name is text", "Anna <b>Bianchi</b> & Sons" in body, body)
    link.call("Answered", TALKS, call)
    shown([("Call answered", False)], "answered, it is replaced")
    screenshot("answered")
    link.call("Ended", OVER, call)
    shown([], "ended, nothing is shown")
    check(f"{desktop.name}: by the same notification server", notification_server() == before, f"{before} {notification_server()}")


def missed_call():
    """a missed call"""
    call = new_id()
    link.call("Ringing", MISSED, call)
    shown([("Incoming call", True)], "another call is shown")
    screenshot("another")  # so that it is not taken for the next
    link.call("Ended", GAVE_UP, call)
    shown([("Missed call", False)], "missed, it is told and stays")
    screenshot("missed")
    desktop.dismiss()
    shown([], "until the person closes it")


def equal_calls():
    """calls that look the same"""
    ids = [new_id(), new_id()]
    for call in ids:
        link.call("Ringing", WITHHELD, call)
    shown([("Incoming call", True)] * 2, "two callers who withhold their numbers are both shown")
    for call in ids:
        link.call("Ended", {**OVER, **WITHHELD}, call)
    shown([], "and both are taken away")


def button():
    """a button"""
    call = new_id()
    link.call("Ringing", CUSTOMER, call)
    shown([("Incoming call", True)], "a call can be hidden")
    desktop.press("hide")
    shown([], "by its button")
    link.call("Ended", OVER, call)


def nobody_disturbs():
    """a person who is not to be disturbed"""
    desktop.do_not_disturb()
    call = new_id()
    link.call("Ringing", CUSTOMER, call)
    shown([("Incoming call", True)], "who is not to be disturbed is told of a call all the same")
    screenshot("undisturbed")
    link.call("Ended", OVER, call)
    shown([], "until it ends")


def crash():
    """a crash"""
    link.call("Ringing", CUSTOMER, new_id())
    shown([("Incoming call", True)], "a call rings")
    before = unit("MainPID")
    os.kill(int(before), signal.SIGKILL)
    log_in()
    shown([], "after a crash of the agent nothing stays behind")
    check(f"{desktop.name}: and one agent is there again", agents() == [int(unit("MainPID"))] and unit("MainPID") != before,
          f"{agents()} {unit('MainPID')}")
    link.call("Ringing", CUSTOMER, call := new_id())
    shown([("Incoming call", True)], "which shows the next call")
    link.call("Ended", OVER, call)
    shown([], "and takes it away")


def crash_while_the_desktop_is_asked():
    """a crash while the desktop is asked to show a call"""
    # The desktop answers too fast to be met in the middle of it, so what the agent kept says that it was.
    person.write(f".config/systemd/user/{UNIT}.d/no-restart.conf", "[Service]\nRestart=no\n")
    person.systemctl("daemon-reload")
    link.call("Ringing", CUSTOMER, call := new_id())
    shown([("Incoming call", True)], "one more call rings")
    kept = Path(f"/run/user/{person.uid}/astcti/notifications")
    until(lambda: kept.exists() and kept.read_text()[-2:-1].isdigit() and "=" not in kept.read_text(), "its number")
    bus, owner, number = kept.read_text().splitlines()
    os.kill(int(unit("MainPID")), signal.SIGKILL)
    until(lambda: agents() == [], "the end of the agent")
    check(f"{desktop.name}: the desktop leaves it on the screen", desktop.shown() == [("Incoming call", True)], number)
    kept.write_text(f"{bus}\n{owner}\n={call}\n", encoding="utf-8")
    person.write(f".config/systemd/user/{UNIT}.d/no-restart.conf", "")
    person.systemctl("daemon-reload")
    person.systemctl("start", UNIT)
    log_in()
    shown([], "the next agent leaves nothing there of which it does not know the number")


def launched():
    """launched programs"""
    call = new_id()
    link.call("Ringing", CUSTOMER, call)
    link.call("Answered", TALKS, call)
    pid = until(lambda: [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/cmdline")
                         if path.read_bytes() == b"/usr/bin/sleep\x00100000\x00"], "the program of the rule")[0]
    group = Path(f"/proc/{pid}/cgroup")
    scope = f"app-astcti-sleep-{pid}.scope"
    until(lambda: scope in group.read_text(), f"{scope} in {group.read_text()}")
    check(f"{desktop.name}: a program that was started has a scope of its own in app.slice",
          f"/app.slice/{scope}" in group.read_text(), group.read_text())
    found = person.show(scope, "MemoryMax")
    check(f"{desktop.name}: which the administrator's limit is for", found == str(2 * 1024**3), found)
    before = unit("MainPID")
    person.systemctl("restart", UNIT)
    log_in()
    check(f"{desktop.name}: systemctl --user restart starts another agent", unit("MainPID") != before)
    check(f"{desktop.name}: which the program outlives", Path(f"/proc/{pid}").exists() and scope in group.read_text())
    shown([], "nothing is shown of a call that was answered before")
    os.kill(pid, signal.SIGTERM)
    until(lambda: person.show(scope, "LoadState") == "not-found", "the end of the scope")
    check(f"{desktop.name}: its end leaves no scope", True)


def quits():
    """--quit"""
    done = person.run("astcti-agent", "--quit")
    until(lambda: unit("ActiveState") != "deactivating", "the end of the unit")
    found = (done.returncode, unit("ActiveState"), unit("SubState"), unit("Result"))
    check(f"{desktop.name}: --quit ends it, and systemd does not start it again", found == (0, "inactive", "dead", "success"), found)
    check(f"{desktop.name}: no agent is left", agents() == [], agents())
    with subprocess.Popen(person.command(*ask_the_agent()), stdout=subprocess.DEVNULL) as asker:
        log_in()
        check(f"{desktop.name}: who asks for it on D-Bus gets it started", asker.wait(60) == 0)
    check(f"{desktop.name}: in its unit", agents() == [int(unit("MainPID"))], f"{agents()} {unit('MainPID')}")


def bus_restarts():
    """the session bus restarts"""
    before = unit("MainPID")
    bus = person.show("dbus.service", "MainPID")
    os.kill(int(bus), signal.SIGKILL)
    log_in()
    check(f"{desktop.name}: after a crash of the session bus there is one agent, in its unit",
          until(lambda: agents() == [int(unit("MainPID"))] and unit("MainPID") != before, "a new agent"), agents())
    told = person.run(*ask_the_agent())
    check(f"{desktop.name}: which is on the new bus", told.returncode == 0, told.stdout)


server = FakeServer("/run/astcti.socket")
os.chmod("/run/astcti.socket", 0o666)
server.listener.settimeout(120)
sections = [installed, starts_at_login, second_starts, call_is_shown, missed_call, equal_calls]
if desktop.has_buttons:
    sections.append(button)
if desktop.can_be_quiet:
    sections.append(nobody_disturbs)
sections.append(crash)
if desktop.knows_tags:
    sections.append(crash_while_the_desktop_is_asked)
sections += [launched, quits]
if desktop.survives_the_bus:
    sections.append(bus_restarts)
try:
    well = checks.run(sections)
finally:
    journal = subprocess.run(["journalctl", "--no-pager", "--boot"], stdout=subprocess.PIPE, check=False).stdout
    (HERE / "journal").write_bytes(journal)
sys.exit(not well)
