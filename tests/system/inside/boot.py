# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs as root in a Debian booted with systemd in which AstCTI is installed: see ../boot."""
import hashlib
import os
import pwd
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import checks
from checks import check
from waiting import until

CONFIG = Path("/etc/astcti/astcti.xml")
STATE = Path("/var/lib/astcti")
CREDENTIAL = Path("/etc/credstore/astcti.ami")
SECRET = "s3cret of the manager"
UNIX = "/run/astcti.socket"
TCP = ("127.0.0.1", 8999)
TCP6 = ("::1", 8999)
TLS = ("127.0.0.1", 8998)
SOCKETS = ["astcti-local.socket", "astcti.socket", "astcti-tls.socket"]
WELCOME = "100 CTISERVER WELCOME"

IDLE = """<?xml version="1.0" encoding="UTF-8"?>
<astcti xmlns="urn:astcti:config:1">
  <ctiserver>
    <local-users map="same-name"/>
  </ctiserver>
</astcti>
"""
# An element and a port that do not exist, in lines 3 and 4.
WRONG = """<?xml version="1.0" encoding="UTF-8"?>
<astcti xmlns="urn:astcti:config:1">
  <manager name="pbx1" host="127.0.0.1" port="70000" user="ctimanager" secret-credential="astcti.ami"/>
  <surprise/>
</astcti>
"""
WITH_MANAGER = """<?xml version="1.0" encoding="UTF-8"?>
<astcti xmlns="urn:astcti:config:1">
  <manager name="pbx1" host="127.0.0.1" port="5038" user="ctimanager" secret-credential="astcti.ami"/>
</astcti>
"""


def run(*command, given=None):
    done = subprocess.run(
        command, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout


def systemctl(*words):
    return run("systemctl", "--no-pager", *words)


def show(unit, name):
    return systemctl("show", "--property", name, "--value", unit)[1].strip()


def state(unit="astcti.service"):
    return show(unit, "ActiveState")


def status():
    """What an administrator sees who looks into it, once it has arrived there."""
    run("journalctl", "--sync")
    return systemctl("--full", "status", "astcti")[1]


def stop():
    """Stopped, and as if it had not been started before: systemd counts quick starts."""
    code, told = systemctl("stop", "astcti")
    systemctl("reset-failed", "astcti.service")
    return code, told


def journal():
    run("journalctl", "--sync")
    return run("journalctl", "--no-pager", "--output=short", "--unit=astcti")[1]


def connect(address):
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    client = socket.socket(family, socket.SOCK_STREAM)
    client.settimeout(10)
    client.connect(address)
    if address == TLS:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        client = context.wrap_socket(client)
    return client


def first_line(client):
    line = client.makefile("r", encoding="utf-8").readline()
    return line.rstrip("\n")


def greeting(address):
    with connect(address) as client:
        return first_line(client)


def configure(text):
    CONFIG.parent.mkdir(exist_ok=True)
    CONFIG.write_text(text, encoding="utf-8")


def strangers():
    """What in the state directory does not belong to the daemon, which could not write it then."""
    uid = pwd.getpwnam("astcti").pw_uid
    return [f"{path} uid {path.stat().st_uid}" for path in (STATE, *STATE.rglob("*")) if path.stat().st_uid != uid]


def installed():
    """installed: the user and the units are there"""
    check("systemd-sysusers makes the user astcti", run("systemd-sysusers")[0] == 0 and pwd.getpwnam("astcti"))
    check("systemd-tmpfiles makes its directory", run("systemd-tmpfiles", "--create", "astcti.conf")[0] == 0)
    check("systemctl daemon-reload", systemctl("daemon-reload")[0] == 0)
    for unit in ("astcti.service", *SOCKETS):
        check(f"{unit} is loaded and not running yet", (show(unit, "LoadState"), state(unit)) == ("loaded", "inactive"),
              f"{show(unit, 'LoadState')}, {state(unit)}")  # fmt: skip


def account_before_first_start():
    """astctictl before the first start"""
    code, told = run("astctictl", "user", "add", "root", "--ext", "PJSIP/201", "--password-fd", "0", given="demo 201\n")
    check("astctictl makes an account before the first start", code == 0, told)
    check("all it left in the state directory belongs to astcti", STATE.is_dir() and not strangers(), strangers())
    check("nobody else can look into the state directory", STATE.stat().st_mode & 0o777 == 0o700, oct(STATE.stat().st_mode))


def starts():
    """systemctl start astcti"""
    code, told = systemctl("start", "astcti")
    check("systemctl start astcti", code == 0, told + status())
    check("it is ready when the command returns", (state(), show("astcti", "SubState")) == ("active", "running"), status())
    text = show("astcti", "StatusText")
    check("without a manager it is idle and says so", re.search(r"no\b.*manager|not configured", text, re.I), text)
    check("systemctl status shows that", bool(text) and text in status(), status())
    for address in (TCP, TCP6, UNIX, TLS):
        told = greeting(address)
        check(f"a client of {address} is welcomed", told == WELCOME, told)
    check("the state directory still belongs to astcti", not strangers(), strangers())
    code, told = run("astctictl", "user", "list")
    check("the account is there while it runs", code == 0 and re.search(r"^root\b.*PJSIP/201", told, re.M), told)
    check("no error in its journal", not re.search(r"<\d>|error", journal(), re.I), journal())


def pin():
    return re.search(r"pin (\S+),", run("astctictl", "tls")[1] + "pin none,")[1]


def encrypted():
    """TLS"""
    known = pin()
    check("astctictl tls tells the pin of a key made at the first start", len(known) == 44 and (STATE / "tls.key").is_file(), known)
    with connect(TLS) as client:
        first_line(client)
        code, told = systemctl("reload", "astcti")
        check("systemctl reload astcti", code == 0 and pin() == known, told)
        client.sendall(b"NOOP\n")
        told = first_line(client)
        check("nobody was disconnected by it", told == "100 OK", told)
        certificate = client.getpeercert(binary_form=True)

    # Another key: those as credentials, which only root can read, while its own are made anew.
    CREDENTIAL.parent.mkdir(mode=0o700)
    for name, file in (("certificate", "tls.pem"), ("key", "tls.key")):
        credential_file = CREDENTIAL.parent / f"astcti.tls.{name}"
        shutil.move(STATE / file, credential_file)
        shutil.chown(credential_file, "root", "root")
    stop()
    code, told = systemctl("start", "astcti")
    check("it starts with a certificate and a key that only root can read", code == 0 and pin() == known, told + status())
    with connect(TLS) as client:
        check("and uses them", client.getpeercert(binary_form=True) == certificate and not (STATE / "tls.key").exists())
    shutil.rmtree(CREDENTIAL.parent)
    stop()
    code, told = systemctl("start", "astcti")
    check("without them it makes its own", code == 0 and pin() not in (known, "none"), told + status())


def hardened():
    """the sandbox"""
    code, told = run("systemd-analyze", "security", "--threshold=13", "--no-pager", "astcti.service")
    check("its exposure is 1.3 at most", code == 0, told[-400:])
    fields = Path(f"/proc/{show('astcti', 'MainPID')}/status").read_text(encoding="utf-8")
    uid = str(pwd.getpwnam("astcti").pw_uid)
    for name, value in [("Uid", "\t".join([uid] * 4)), ("CapEff", "0" * 16), ("NoNewPrivs", "1"), ("Seccomp", "2")]:
        found = re.search(rf"^{name}:\t(.*)", fields, re.M)[1]
        check(f"the running daemon has {name} {value.split()[0]}", found == value, found)
    check("systemd watches over it", show("astcti", "WatchdogUSec") == "30s", show("astcti", "WatchdogUSec"))


def ends_cleanly():
    """SIGTERM"""
    waiting = connect(UNIX)
    first_line(waiting)
    code, told = systemctl("stop", "astcti")
    check("systemctl stop astcti", code == 0, told)
    found = [show("astcti", name) for name in ("Result", "ExecMainCode", "ExecMainStatus")]
    check("SIGTERM ends it with 0, in time", found == ["success", "1", "0"], found)
    with waiting:
        waiting.settimeout(5)
        rest = waiting.makefile("r").read()
        check("its clients see the end of the connection", rest == "" or rest.startswith("900"), rest)


def activated():
    """socket activation"""
    for address in (TCP, UNIX, TCP6, TLS):
        stop()
        found = [state(), *map(state, SOCKETS)]
        check(f"{address}: stopped, the sockets wait", found == ["inactive", *["active"] * len(SOCKETS)], found)
        told = greeting(address)
        check(f"{address}: a client's connection starts it and is welcomed", told == WELCOME, told)
        check(f"{address}: it is running then", until(lambda: state() == "active", "active"))


def restarted_after_a_crash():
    """a crash"""
    systemctl("reset-failed", "astcti.service")
    first = show("astcti", "MainPID")
    os.kill(int(first), signal.SIGKILL)
    until(lambda: state() == "active" and show("astcti", "MainPID") not in ("0", first), "a new process")
    check("killed, it is started again", show("astcti", "NRestarts") == "1", show("astcti", "NRestarts"))
    told = greeting(TCP)
    check("and serves", told == WELCOME, told)


def wrong_configuration():
    """a wrong configuration"""
    stop()
    configure(WRONG)
    code, told = run("astctid", "--check-config")
    check("astctid --check-config refuses a wrong file with 78", code == 78, f"{code}: {told}")
    code, told = systemctl("start", "astcti")
    check("systemctl start fails with a wrong configuration", code != 0, told)
    found = [show("astcti", name) for name in ("ActiveState", "Result", "ExecMainStatus", "NRestarts")]
    check("exit status 78, and not tried again", found == ["failed", "exit-code", "78", "0"], found)
    text = until(lambda: (shown := status()) and f"{CONFIG}:4:" in shown and shown, "the message in systemctl status")
    for what, pattern in [
        ("the port: file, line, what is wrong", rf"{CONFIG}:3: .*(port|70000)"),
        ("the element: file, line, what is wrong", rf"{CONFIG}:4: .*surprise"),
        ("what to do", rf"{CONFIG}:4: .*; \w+"),
    ]:
        check(f"systemctl status tells of {what}", re.search(pattern, text), text)

    configure(IDLE)
    code, told = systemctl("start", "astcti")
    check("mended and started, it is back", code == 0 and state() == "active", told)
    told = greeting(UNIX)
    check("and serves clients", told == WELCOME, told)


def wrong_configuration_with_a_client_waiting():
    """a wrong configuration with a client waiting"""
    stop()
    configure(WRONG)
    with connect(TCP):
        until(lambda: state("astcti.socket") == "failed", "a failed socket", 60)
    check("with a client waiting, the socket ends failed as well", True)
    text = status()
    check("systemctl status still has the message", f"{CONFIG}:4:" in text, text)

    configure(IDLE)
    # The commands of astctid(8).
    systemctl("reset-failed", "astcti.service")
    code, told = systemctl("start", "astcti.service", *SOCKETS)
    check("mended, and service and sockets started, it is back", code == 0 and state() == "active", told + status())
    for address in (TCP, TCP6, UNIX, TLS):
        told = greeting(address)
        check(f"and serves {address}", told == WELCOME, told)


class Manager(threading.Thread):
    """As much of Asterisk's manager interface as a challenge login needs."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 5038))
        self.key = None

    def run(self):
        connection, _ = self.listener.accept()
        stream = connection.makefile("rw", encoding="utf-8", newline="")
        stream.write("Asterisk Call Manager/11.0.0\r\n")
        stream.flush()
        packet = {}
        for line in stream:
            name, colon, value = line.rstrip("\r\n").partition(": ")
            if colon:
                packet[name.lower()] = value
                continue
            if packet.get("action", "").lower() == "login":
                self.key = packet.get("key")
            stream.write(f"Response: Success\r\nActionID: {packet.get('actionid', '')}\r\nChallenge: 98765\r\n\r\n")
            stream.flush()
            packet = {}


def credential():
    """the manager's secret from a credential"""
    stop()
    configure(WITH_MANAGER)
    CREDENTIAL.parent.mkdir(mode=0o700, exist_ok=True)
    CREDENTIAL.write_text(SECRET + "\n", encoding="utf-8")
    CREDENTIAL.chmod(0o600)
    manager = Manager()
    manager.start()
    code, told = systemctl("start", "astcti")
    check("it starts with a manager whose secret only root can read", code == 0, told + status())
    until(lambda: manager.key, "a login to the manager")
    expected = hashlib.md5(f"98765{SECRET}".encode()).hexdigest()
    check("it logs in to the manager with that secret", manager.key == expected, f"{manager.key} is not {expected}")

    stop()
    CREDENTIAL.unlink()
    code, told = systemctl("start", "astcti")
    text = status()
    check("a manager whose credential is missing is a wrong configuration", show("astcti", "ExecMainStatus") == "78", text)
    check("which says which credential", re.search(r"astcti\.ami", text), text)
    shutil.rmtree(CREDENTIAL.parent)


try:
    well = checks.run(
        [
            installed,
            account_before_first_start,
            starts,
            encrypted,
            hardened,
            ends_cleanly,
            activated,
            restarted_after_a_crash,
            wrong_configuration,
            wrong_configuration_with_a_client_waiting,
            credential,
        ]
    )
finally:
    Path("/root/test/journal").write_text(run("journalctl", "--no-pager", "--boot")[1], encoding="utf-8")
sys.exit(not well)
