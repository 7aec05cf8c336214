#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of tests/system/rights: which manager users there are, and what astctid says of each."""
import argparse
import hashlib
import pathlib
import re
import select
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import checks  # noqa: E402
from waiting import Never, until  # noqa: E402

USED_READ, USED_WRITE = "call,agent,user", "originate,reporting"
SPARE_WRITES = ("system", "call", "command", "agent", "user", "config", "aoc", "message")
ALL_READ = "system,call,log,verbose,agent,user,config,dtmf,reporting,cdr,dialplan,agi,cc,aoc,test,security,message"
GOOD = "its write rights are as they should be"
TABLE = [
    # user, read=, write=, further lines, what astctid says, what it must not say
    ("no-originate", USED_READ, "reporting", "", ["write=originate is missing"], ["not needed"]),
    ("no-reporting", USED_READ, "originate", "", ["cannot list the channels .*needs write=reporting"], []),
    ("nothing", "", "", "", ["cannot list the channels .*needs write=reporting"], []),
    ("no-call", "agent,user", USED_WRITE, "", ["read=call is missing"], ["read=agent is missing", "not needed"]),
    ("no-agent", "call,user", USED_WRITE, "", ["read=agent is missing"], ["read=call is missing", "not needed"]),
    ("no-read", "", USED_WRITE, "", ["read=call is missing", "read=agent is missing"], ["not needed"]),
    ("system-only", USED_READ, "originate,system", "", ["write=reporting is missing", "write=system is not needed"], []),
    ("all-writes", USED_READ, "all", "", ["write=all is far too much"], ["write=[a-z]* is (missing|not needed)"]),
    ("all", "all", "all", "",
     ["write=all is far too much", "read=system is not needed", "read=security is not needed",
      "read=dialplan is not needed", "read=reporting is not needed", "read=dtmf is not needed"], ["missing"]),
    ("original", "system,call,log,verbose,command,agent,user", "system,call,log,verbose,command,agent,user", "",
     ["write=originate is missing", "write=reporting is missing", "write=system is not needed",
      "write=command is not needed", "read=system is not needed"], []),
    *[("write-" + right, USED_READ, USED_WRITE + "," + right, "", [f"write={right} is not needed"],
       ["missing", f"write=(?!{right})[a-z]+ is"]) for right in SPARE_WRITES],
    *[("read-" + right, USED_READ + "," + right, USED_WRITE, "", [f"read={right} is not needed"],
       ["missing", f"read=(?!{right})[a-z]+ is"])
      for right in ("system", "security", "dialplan", "dtmf", "reporting")],
    ("kept-out", USED_READ, USED_WRITE, "deny = 0.0.0.0/0.0.0.0\npermit = 10.1.2.3/255.255.255.255\n",
     ["login refused .*Authentication failed.*permit="], ["connected"]),
    ("wrong-secret", USED_READ, USED_WRITE, "", ["login refused .*Authentication failed.*check the secret"], []),
    ("single", USED_READ, USED_WRITE, "allowmultiplelogin = no\n",
     ["login refused: .*logged in elsewhere.*allowmultiplelogin=no"], ["connected"]),
]
NO_USER = ("no-such-user", ["login refused .*Authentication failed.*section \\[no-such-user\\]"])
TLS = ("tls", ["no answer within 10 s of connecting.*TLS"])
DOCUMENTED = ("documented", "freepbx", "filtered", "filtered-regex")
FILTERED = re.compile("RTCP|VarSet|Newexten")


def blocks(page):
    """The files in the manual page, by their first line."""
    found = re.findall(r"^```\n; ([^\n]+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return dict(found)


def block_of(found, kind, version):
    """The one for this version: "KIND: Asterisk FIRST to LAST"."""
    for title, text in found.items():
        span = re.fullmatch(rf"{kind}: Asterisk (\d+) to (\d+)", title)
        if span and int(span[1]) <= version <= int(span[2]):
            return text
    raise LookupError(f"{kind} for Asterisk {version}")


def user(name, read, write, more=""):
    return f"\n[{name}]\nsecret = @SECRET@\nread = {read}\nwrite = {write}\n{more}"


def write_configuration(options):
    found = blocks(pathlib.Path(options.write_configuration))
    documented = block_of(found, "manager.conf", int(options.version))
    text = documented.replace("[ctimanager]", "[documented]").replace(
        "bindaddr = 127.0.0.1\n", f"bindaddr = 127.0.0.1\nport = {options.port}\ntlsenable = yes\n"
        f"tlsbindaddr = 127.0.0.1:{options.tls_port}\ntlscertfile = /run/astcti/etc/ami.pem\n")
    text += "\n" + found["manager_custom.conf: FreePBX"].replace("[ctimanager]", "[freepbx]")
    filters = found["eventfilter: Asterisk 1.8 and later"]
    text += user("filtered-regex", ALL_READ, USED_WRITE, filters)
    if int(options.version) >= 22:
        filters = found["eventfilter: Asterisk 22.1 and later"]
    text += user("filtered", ALL_READ, USED_WRITE, filters)
    text += user("unfiltered", ALL_READ, "all")
    for name, read, write, more, _, _ in TABLE:
        text += user(name, read, write, more)
    directory = pathlib.Path(options.directory)
    (directory / "asterisk/etc/manager.conf").write_text(
        text.replace("@SECRET@", options.secret).replace("CHANGE-ME", options.secret), encoding="utf-8")

    home = directory / "astcti"
    (home / "credentials").mkdir(mode=0o700, parents=True)
    for name, secret in (("good", options.secret), ("wrong", "wrong" + options.secret)):
        file = home / "credentials" / name
        file.touch(mode=0o600)
        file.write_text(secret, encoding="ascii")
    managers = "".join(
        f'  <manager name="{name}" host="127.0.0.1" port="{options.tls_port if name == TLS[0] else options.port}" '
        f'user="{name}" secret-credential="{"wrong" if name == "wrong-secret" else "good"}"/>\n'
        for name in (*DOCUMENTED, *(row[0] for row in TABLE), NO_USER[0], TLS[0]))
    (home / "astcti.xml").write_text(f"""<astcti xmlns="urn:astcti:config:1">
  <database driver="sqlite" file="{home}/astcti.db"/>
{managers}  <ctiserver>
    <listen path="{home}/astcti.socket"/>
    <local-users map="same-name"><user name="{pathlib.Path(home).owner()}" account="201"/></local-users>
  </ctiserver>
</astcti>
""", encoding="utf-8")


class Manager:
    """A manager connection that hears what its user hears."""

    def __init__(self, options, name):
        self.socket = socket.create_connection(("127.0.0.1", int(options.port)))
        self.buffer = b""
        self.events = {}
        self.read_until(b"\n")
        challenge = re.search(rb"Challenge: (\d+)", self.ask("Challenge", "AuthType: MD5"))[1]
        key = hashlib.md5(challenge + options.secret.encode()).hexdigest()
        answer = self.ask("Login", "AuthType: MD5", f"Username: {name}", f"Key: {key}")
        if b"Success" not in answer:
            raise ConnectionError(answer)

    def read_until(self, end, seconds=10):
        deadline = time.monotonic() + seconds
        while end not in self.buffer:
            if not select.select([self.socket], [], [], max(0, deadline - time.monotonic()))[0]:
                return None
            data = self.socket.recv(65536)
            if not data:
                raise EOFError(self.buffer)
            self.buffer += data
        packet, self.buffer = self.buffer.split(end, 1)
        return packet

    def ask(self, action, *headers):
        self.socket.sendall("\r\n".join((f"Action: {action}", *headers, "", "")).encode())
        while True:
            packet = self.read_until(b"\r\n\r\n")
            if packet is None or packet.lstrip().startswith(b"Response"):
                return packet
            self.count(packet)

    def count(self, packet):
        name = re.match(rb"Event: (\w+)", packet.lstrip())
        if name:
            self.events[name[1].decode()] = self.events.get(name[1].decode(), 0) + 1

    def hear(self, seconds):
        """Until nothing comes for that long."""
        while packet := self.read_until(b"\r\n\r\n", seconds):
            self.count(packet)


def stay_logged_in(options):
    manager = Manager(options, options.stay_logged_in)
    print("logged in", flush=True)
    while True:
        manager.hear(3600)


class Check:
    def __init__(self, options):
        self.options = options
        self.directory = pathlib.Path(options.directory)
        self.label = f"rights {options.version}"

    def said(self, name):
        log = (self.directory / "log/astctid.log").read_text(encoding="utf-8", errors="replace")
        return [line.split(f"pbx {name}: ", 1)[1] for line in log.splitlines() if f"pbx {name}: " in line]

    def row(self, name, text, expected, never=(), seconds=20):
        def missing():
            return [what for what in expected if not any(re.search(what, line) for line in self.said(name))]
        try:
            until(lambda: not missing(), "", seconds)
        except Never:
            pass
        wrong = [line for line in self.said(name) for what in never if re.search(what, line)]
        told = "; ".join(re.sub(r'^.*?manager user "[^"]*": ', "", line)[:60]
                         for line in self.said(name) if any(re.search(what, line) for what in expected))
        checks.check(f"{self.label}: {name}: {text}: {told}", not missing() and not wrong,
                     f"missing {missing()}, wrong {wrong}, said {self.said(name)}")

    def table(self):
        """the table of users"""
        for name, read, write, _, expected, never in TABLE:
            wait = 90 if any("read=" in what for what in expected) else 20
            self.row(name, f"read={read} write={write}", expected, never, wait)
        self.row(*NO_USER[:1], "a user that is not there", NO_USER[1], ["connected"])
        # Since before its start.
        seconds = time.time() - (self.directory / "log/astctictl.log").stat().st_mtime
        attempts = sum("login refused" in line for line in self.said("wrong-secret"))
        checks.check(f"{self.label}: a refused login is tried twice a minute at most: {attempts} times in {seconds:.0f} s",
                     1 < attempts <= seconds / 30 + 1, self.said("wrong-secret"))
        self.row(*TLS[:1], "a port that wants TLS", TLS[1], ["connected"])

    def documented(self):
        """the documented sections"""
        for name in DOCUMENTED:
            bad = ["missing", "refused", "far too much", "was dropped", "write=.* not needed"]
            if name in ("documented", "freepbx"):
                self.row(name, "as in astcti-asterisk(7)", [GOOD], [*bad, "not needed"])
            else:
                # What comes in spite of the filters: FullyBooted, SuccessfulAuth.
                self.row(name, "all read rights, but the filters of astcti-asterisk(7)",
                         ["AMI connected", "read=system is not needed", "read=security is not needed"],
                         [*bad, "read=(dialplan|dtmf) is not needed"])

    def told(self):
        """what is told of the call"""
        wire = (self.directory / "log/wire.log").read_text(encoding="utf-8")
        of_pbx = {}
        for line in wire.splitlines():
            event = re.match(r'<(\w+) ', line)
            call = re.search(r'(?:call|id)="([\w-]+):[^"]*:201"', line) or re.search(r">([\w-]+):[\d.]+:201<", line)
            if event and call:
                facts = re.findall(r"<(peer-number|peer-name|calldata|end-reason|direction)>([^<]*)<", line)
                of_pbx.setdefault(call[1], []).append((event[1], *facts))
        reference = of_pbx.get("all", [])
        checks.check(f"{self.label}: a call with calldata is told", any("12345" in str(told) for told in reference)
                     and any(told[0] == "Ended" for told in reference), wire[-2000:])
        for name in DOCUMENTED:
            checks.check(f"{self.label}: {name}: of a call as much is told as with all rights",
                         reference and of_pbx.get(name) == reference, f"{of_pbx.get(name)} is not {reference}")

    def filters(self):
        """the filters"""
        log = (self.directory / "log/heard.log").read_text(encoding="utf-8")
        heard = {line.split(" ", 1)[0]: line for line in log.splitlines()}
        text = "RTCP, VarSet and Newexten"
        checks.check(f"{self.label}: unfiltered: {text} come", all(
            word in heard.get("unfiltered", "") for word in ("RTCP", "VarSet", "Newexten")), log)
        for name in ("filtered", "filtered-regex"):
            line = heard.get(name, "")
            checks.check(f"{self.label}: {name}: {text} do not come", "Newchannel" in line and not FILTERED.search(line),
                         log)


def wait_for_logins(options):
    """Until all are logged in that ever will be: who comes later has not seen a call begin."""
    run = Check(options)
    kept_out = re.compile("refused|cannot list")
    names = [*DOCUMENTED, *(row[0] for row in TABLE if not any(kept_out.search(what) for what in row[4]))]

    def absent():
        return [name for name in names if not any(line.startswith("AMI connected") for line in run.said(name))]
    try:
        until(lambda: not absent(), "", 120)
    except Never:
        sys.exit(f"these manager users are not logged in: {', '.join(absent())}")


def count_events(options):
    """Prints what each user has heard whenever a call has ended."""
    managers = {name: Manager(options, name) for name in ("unfiltered", "filtered", "filtered-regex")}
    while True:
        for manager in managers.values():
            manager.hear(0.2)
        with open(pathlib.Path(options.directory) / "log/heard.log", "w", encoding="utf-8") as file:
            for name, manager in managers.items():
                file.write(f"{name} {manager.events}\n")


def check(options):
    """After the real call: one caller more, who waits in a queue while the list is asked for anew."""
    manager = Manager(options, "unfiltered")
    manager.ask("Originate", "Channel: Local/900@rights/n", "Application: Queue", "Data: astcti,r,,,95", "Async: true")
    run = Check(options)
    return checks.run([run.told, run.documented, run.filters, run.table])


def main():
    parser = argparse.ArgumentParser()
    for name in ("version", "port", "tls-port", "secret", "directory", "write-configuration", "stay-logged-in"):
        parser.add_argument("--" + name)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--wait-for-logins", action="store_true")
    parser.add_argument("--count-events", action="store_true")
    options = parser.parse_args()
    if options.write_configuration:
        write_configuration(options)
    elif options.stay_logged_in:
        stay_logged_in(options)
    elif options.wait_for_logins:
        wait_for_logins(options)
    elif options.count_events:
        count_events(options)
    elif not check(options):
        sys.exit(1)


main()
