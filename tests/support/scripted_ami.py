# SPDX-License-Identifier: GPL-3.0-or-later
"""A manager interface that does what the test says, for what a real Asterisk cannot be made to do. It reads as strictly
as no Asterisk does: whatever astctid may not say is an error of the test. Everything waits for an event, with a deadline."""
import hashlib
import re
import select
import socket
import ssl
import struct
import time

DEADLINE = 10  # seconds; a test that runs into it has failed

# All that astctid may ever say, and the headers that come with it, in their order.
ACTIONS = {
    "Challenge": ("AuthType",),
    "Login": ("AuthType", "Username", "Key"),
    "Ping": (),
    "Logoff": (),
    "BridgeList": (),
    "QueueStatus": (),
    "CoreShowChannels": (),
    "Status": (),
    "ListCommands": (),
    "Originate": ("Channel", "Context", "Exten", "Priority", "CallerID", "ChannelId", "Async"),
}
MAX_LINE = 1000  # Asterisk's buffer has 1024 bytes
HEADER = re.compile(rb"([A-Za-z]+): ([^\x00-\x1f\x7f]*)")
LISTS = {"BridgeList": "BridgeListComplete", "QueueStatus": "QueueStatusComplete",
         "CoreShowChannels": "CoreShowChannelsComplete"}

# What it says of its own accord, and the answer of an Asterisk whose manager user has the rights that are needed.
OWN_ACCORD = {
    "Ping": ("Ping: Pong",),
    "ListCommands": ("Originate: Originate a call.  (Priv: originate,all)",
                     "CoreShowChannels: List currently active channels.  (Priv: system,reporting,all)"),
}


class Stream:
    """A socket that is read by lines, with a deadline."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""
        self.deadline = DEADLINE

    def read_raw_line(self):
        until = time.monotonic() + self.deadline
        while b"\n" not in self.buffer:
            poll = select.poll()
            poll.register(self.sock, select.POLLIN)
            # What TLS has decrypted already the descriptor does not tell of.
            pending = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()
            if not pending and not poll.poll(1000 * max(0, until - time.monotonic())):
                raise AssertionError(f"no line came; so far: {self.buffer[:200]!r}")
            data = self.sock.recv(65536)
            if not data:
                raise EOFError(self.buffer)
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line

    def has_line(self):
        """Whether one has come by now."""
        while b"\n" not in self.buffer and select.select([self.sock], [], [], 0)[0]:
            data = self.sock.recv(65536)
            if not data:
                return False
            self.buffer += data
        return b"\n" in self.buffer

    def read_line(self):
        return self.read_raw_line().rstrip(b"\r").decode("utf-8")

    def read_until(self, text):
        """The lines up to the first that has the text in it."""
        lines = []
        while True:
            lines.append(self.read_line())
            if text in lines[-1]:
                return lines

    def is_closed(self):
        """Waits for the other end to close; what comes before is thrown away."""
        self.sock.settimeout(self.deadline)
        try:
            while self.sock.recv(65536):
                pass
        except ConnectionResetError:
            pass
        return True

    def send(self, data):
        self.sock.sendall(data if isinstance(data, bytes) else data.encode())

    def send_in_pieces(self, data, size=1):
        """Each piece is a segment of its own, where the kernel lets it be."""
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for begin in range(0, len(data), size):
            self.sock.sendall(data[begin:begin + size])

    def ask(self, line):
        self.send(line + "\n")
        return self.read_line()

    def quit(self):
        """As a client of astctid; afterwards nobody is logged in by it."""
        self.send("QUIT\n")
        assert self.is_closed()
        self.close()

    def reset(self):
        """Ends the connection as a crash does: no goodbye, RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self):
        self.sock.close()


class Asterisk:
    """The manager interface, by TLS if it is given a context. One connection at a time is spoken with; others may wait
    to be accepted."""

    BANNER = "Asterisk Call Manager/11.0.0\r\n"
    SECRET = "s3cret"

    def __init__(self, tls=None):
        self.tls = tls
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(DEADLINE)
        self.port = self.listener.getsockname()[1]
        self.stream = None
        self.logins = 0

    # The connection

    def accept(self):
        sock, _ = self.listener.accept()
        if self.stream:
            self.stream.close()
        self.stream = None
        if self.tls:
            sock.settimeout(DEADLINE)
            sock = self.tls.wrap_socket(sock, server_side=True)
        self.stream = Stream(sock)
        return self.stream

    def stop_listening(self):
        self.listener.close()

    def listen_again(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.listener.settimeout(DEADLINE)

    def greet(self):
        self.accept()
        self.stream.send(self.BANNER)

    def challenge(self):
        """Accepts a connection, up to the login, which is returned."""
        self.greet()
        self.logins += 1
        challenge = str(100000000 + self.logins)
        self.answer(self.expect("Challenge"), "Success", f"Challenge: {challenge}")
        login = self.expect("Login")
        key = hashlib.md5((challenge + self.SECRET).encode()).hexdigest()
        assert login["AuthType"] == "MD5" and login["Key"] == key, f"a wrong login: {login}"
        return login

    def log_in(self, events=b""):
        """Accepts a connection, the login, and tells that there are no calls but those of the events."""
        login = self.challenge()
        self.answer(login, "Success", "Message: Authentication accepted")
        self.answer_lists(events)
        question = self.expect("ListCommands")
        self.answer(question, "Success", *OWN_ACCORD["ListCommands"])
        return login

    def refuse_login(self, message):
        self.answer(self.challenge(), "Error", f"Message: {message}")

    def close(self):
        if self.stream:
            self.stream.close()
        self.listener.close()

    # What astctid says

    def read_action(self):
        action = {}
        while True:
            line = self.stream.read_raw_line()
            assert line.endswith(b"\r"), f"a line does not end with CR LF: {line!r}"
            line = line[:-1]
            if not line:
                break
            assert len(line) <= MAX_LINE, f"a line of {len(line)} bytes"
            header = HEADER.fullmatch(line)
            assert header, f"not a header: {line!r}"
            key = header[1].decode()
            assert key not in action, f"{key} twice"
            action[key] = header[2].decode("utf-8")
        headers = ("Action", "ActionID", *ACTIONS.get(action.get("Action"), ("(no action of ours)",)))
        assert tuple(action) == headers, f"an action that astctid may not send: {action}"
        return action

    def expect(self, *names):
        """The next action that is none of the daemon's own accord: pings, and the question for its rights, are
        answered on the way."""
        while True:
            action = self.read_action()
            if action["Action"] in names:
                return action
            assert action["Action"] in OWN_ACCORD, f"{action['Action']} instead of {' or '.join(names)}"
            self.answer_own_accord(action)

    def await_ping(self):
        """The daemon sends one every five seconds."""
        action = self.read_action()
        assert action["Action"] == "Ping", action
        self.answer_own_accord(action)

    # What it is told

    def answer_own_accord(self, action):
        self.answer(action, "Success", *OWN_ACCORD[action["Action"]])

    def answer(self, action, *lines):
        self.stream.send("\r\n".join((f"Response: {lines[0]}", f"ActionID: {action['ActionID']}")
                                     + lines[1:]) + "\r\n\r\n")

    def answer_lists(self, events=b""):
        """The three lists of a snapshot; what there is, with ACTIONID in it, goes before the end of its list."""
        for _ in LISTS:
            action = self.expect(*LISTS)
            self.answer(action, "Success", "EventList: start", "Message: A list will follow")
            if action["Action"] == "CoreShowChannels":
                self.stream.send(events.replace(b"ACTIONID", action["ActionID"].encode()))
            self.event(LISTS[action["Action"]], ActionID=action["ActionID"], EventList="Complete")

    @staticmethod
    def packet(name, **headers):
        lines = [f"Event: {name}"] + [f"{key}: {value}" for key, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def event(self, name, **headers):
        self.stream.send(self.packet(name, **headers))

    @classmethod
    def call_packets(cls, uniqueid="1.2", device="PJSIP/201", name="Demo 202"):
        """A call from 202 that rings at the device: the ids of its channel there, and the packets."""
        ids = {"Channel": f"{device}-00000001", "Uniqueid": uniqueid, "Linkedid": uniqueid}
        caller = {"Channel": "PJSIP/trunk-00000000", "Uniqueid": "9" + uniqueid, "Linkedid": "9" + uniqueid}
        return ids, (
            cls.packet("Newchannel", **ids, ChannelStateDesc="Down", Exten="s"),
            cls.packet("Newchannel", **caller, ChannelStateDesc="Ring", CallerIDNum="202", CallerIDName=name,
                       Exten="100"),
            cls.packet("DialBegin", **caller, **{"Dest" + key: value for key, value in ids.items()},
                       DestChannelStateDesc="Down"),
            cls.packet("Newstate", **ids, ChannelStateDesc="Ringing", ConnectedLineNum="202",
                       ConnectedLineName=name, ChanVariable="calldata=12345"))

    def call(self, uniqueid="1.2", device="PJSIP/201", name="Demo 202"):
        ids, packets = self.call_packets(uniqueid, device, name)
        self.stream.send(b"".join(packets))
        return ids
