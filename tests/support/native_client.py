# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the native dialect, written from protocol/PROTOCOL.md alone. It knows what is going on from snapshots and
events, keeps a token, and comes back with it. Everything waits for an event, with a deadline."""
import base64
import hashlib
import random
import socket
import ssl
import subprocess
import xml.etree.ElementTree as xml

from scripted_ami import DEADLINE, Stream

MAX_EVENT_LINE = 65536
MAX_RULES_SIZE = 32768
MAX_RULES_PART = 8192
CALL_EVENTS = {"Dialing": "dialing", "Alerting": "alerting", "Ringing": "ringing", "Answered": "answered",
               "Held": "held", "Resumed": "answered", "Peer": None, "Ended": None}


class Refused(Exception):
    """An answer that does not begin with OK: its code, and the whole of it."""

    def __init__(self, answer):
        super().__init__(answer)
        self.code = int(answer[:3])


class Bye(Exception):
    """The server ended the session; `retry` milliseconds, if it said so."""

    def __init__(self, answer):
        super().__init__(answer)
        self.retry = int(words(answer).get("retry", 0))


def words(answer):
    """The words of an answer that are name=value."""
    return dict(word.split("=", 1) for word in answer.split(" ") if "=" in word)


def pin_of(certificate_der):
    """SHA-256 of the SubjectPublicKeyInfo, in base64."""
    command = "openssl x509 -inform DER -noout -pubkey | openssl pkey -pubin -outform DER"
    key = subprocess.run(["sh", "-c", command], input=certificate_der, check=True, stdout=subprocess.PIPE).stdout
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


class NativeClient:
    """`address` is the path of a Unix socket, or (host, port). With `pin` it is TLS, to whoever has that key."""

    def __init__(self, address, pin=None, source=None):
        self.address, self.pin, self.source = address, pin, source
        self.token = None
        self.spread = 0
        self.stream = None
        self.calls = {}
        self.pbxs = {}
        self.epoch = self.user = self.extension = None
        self.rules = self.rules_list = None  # the document that is known as a whole, and its id
        self.seen = []  # every event, by name, since the last connect
        self.connect()

    # The connection

    def connect(self):
        self.close()
        self.hello = None
        self.seq = 0
        self.seen = []
        self.next_tag = 0
        self.rules_coming = None
        if isinstance(self.address, str):
            sock = socket.socket(socket.AF_UNIX)
            sock.connect(self.address)
        else:
            sock = socket.create_connection(self.address, DEADLINE, self.source and (self.source, 0))
        if self.pin:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            sock = context.wrap_socket(sock)
            if pin_of(sock.getpeercert(binary_form=True)) != self.pin:
                sock.close()
                raise ssl.SSLError("the server has another key")
        self.stream = Stream(sock)
        self.answer()  # 100 CTISERVER WELCOME
        self.hello = words(self.ask("HELO 2"))

    def close(self):
        if self.stream:
            self.stream.close()

    def answer(self, tag=None):
        """The next answer; events before it are taken in. With a tag it must be that command's."""
        while True:
            line = self.stream.read_line()
            if line.startswith("<"):
                self.told(line)
                continue
            got = None
            if line.startswith("@"):
                got, line = line[1:].split(" ", 1)
            code = int(line[:3])
            if code >= 900:
                raise Bye(line)
            assert got == tag, f"{line!r} answers {got}, not {tag}"
            if not line[4:].startswith(("OK", "CTISERVER")):
                raise Refused(line)
            return line

    def ask(self, command):
        tag = None
        if self.hello:
            self.next_tag += 1
            tag = f"t{self.next_tag}"
            command = f"@{tag} {command}"
        self.stream.send(command + "\n")
        return self.answer(tag)

    # Logging in, and coming back

    def logged_in(self, answer):
        said = words(answer)
        self.token = said.get("token")
        self.spread = int(said.get("spread", 0))
        self.life = int(said.get("life", 0))
        self.wait_for(lambda: self.seen[-1:] == ["SnapshotEnd"])
        return self

    def log_in(self, user, password):
        plain = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        return self.logged_in(self.ask("AUTH PLAIN " + plain))

    def log_in_here(self):
        return self.logged_in(self.ask("AUTH EXTERNAL"))

    def come_back(self, hint=None):
        """Connects again, and tells what ended, what is new, and what changed meanwhile. How long it would wait before is
        in self.waited, in milliseconds."""
        self.waited = random.uniform(0, self.spread if hint is None else hint)
        before = dict(self.calls)
        self.connect()
        self.logged_in(self.ask("AUTH TOKEN " + self.token))
        ended = [call for call in before if call not in self.calls]
        new = [call for call in self.calls if call not in before]
        changed = [call for call in self.calls if call in before and self.calls[call] != before[call]]
        return ended, new, changed

    def renew(self):
        said = words(self.ask("TOKEN"))
        self.token, self.spread = said["token"], int(said["spread"])

    def ask_rules(self):
        """Asks for the rules, and has them then: self.rules, None if there are none."""
        told = words(self.ask(f"RULES {self.rules_list}" if self.rules_list else "RULES")).get("rules")
        if told != self.rules_list:
            self.rules = self.rules_list = None
        return self.wait_for(lambda: self.rules_list == told)

    def told_rules(self, event):
        """A part of a list."""
        key = event.get("list"), int(event.get("size"))
        part = event.text.encode()
        assert len(part) <= MAX_RULES_PART and key[1] <= MAX_RULES_SIZE
        if event.get("offset") == "0":
            self.rules_coming = key, b""
        coming, before = self.rules_coming
        assert coming == key and int(event.get("offset")) == len(before), "a part of another list"
        self.rules_coming = key, before + part
        if len(before + part) == key[1]:
            self.rules_list, self.rules = key[0], (before + part).decode()
            self.rules_coming = None

    # What is going on

    def told(self, line):
        assert len(line) <= MAX_EVENT_LINE
        event = xml.fromstring(line)
        self.seq += 1
        assert event.get("seq") == str(self.seq), f"a gap: {line}"
        self.seen.append(event.tag)
        if event.tag == "SnapshotBegin":
            self.calls, self.pbxs = {}, {}
            self.epoch, self.user, self.extension = event.get("epoch"), event.get("user"), event.get("extension")
        elif event.tag == "Rules":
            self.told_rules(event)
        elif event.tag == "Pbx":
            self.pbxs[event.get("pbx")] = event.get("state")
        elif event.tag == "Ended":
            self.calls.pop(event.get("call"), None)
        elif event.tag in CALL_EVENTS:
            call = {child.tag: child.text for child in event}
            call["state"] = event.get("state") or CALL_EVENTS[event.tag]
            self.calls[event.get("call")] = call

    def wait_for(self, condition):
        """Takes in events until it is true."""
        while not condition():
            line = self.stream.read_line()
            if line.startswith("9"):
                raise Bye(line)
            assert line.startswith("<"), f"an answer that nobody asked for: {line}"
            self.told(line)
        return self
