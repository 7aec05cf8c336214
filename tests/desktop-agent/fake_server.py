# SPDX-License-Identifier: GPL-3.0-or-later
"""A small server that speaks protocol/PROTOCOL.md as its test tells it to, or does not."""
import os
import socket
from xml.sax.saxutils import escape, quoteattr

DEADLINE = 10


class Connection:
    """One client. Sends what it is told."""

    def __init__(self, stream):
        self.stream = stream
        self.file = stream.makefile("rb")
        self.seq = 0
        self.can = ""  # what follows "can=" in the answer to HELO
        stream.settimeout(DEADLINE)

    def send(self, data):
        self.stream.sendall(data)

    def line(self):
        return self.file.readline().decode().rstrip("\n")

    def greet(self):
        """The opening of a session, up to the client's login."""
        self.send(b"100 CTISERVER WELCOME\n")
        assert self.line() == "HELO 2"
        can = f" can={self.can}" if self.can else ""
        self.send(f"100 OK 2 server=astctid/0.1.0 auth=external,plain,token{can}\n".encode())

    def login(self, answer="102 OK"):
        """The opening of a session up to the answer to AUTH; returns the client's AUTH line."""
        self.greet()
        auth = self.line()
        self.send(answer.encode() + b"\n")
        return auth

    def event(self, name, fields=(), text="", **attributes):
        self.seq += 1
        attributes = {"seq": self.seq, "time": 1795406933123456, **attributes}
        head = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
        body = "".join(
            f"<{key}>{escape(value, {chr(10): '&#10;'})}</{key}>" for key, value in dict(fields).items()
        ) + escape(text, {chr(10): "&#10;"})
        self.send(f"<{name}{head}>{body}</{name}>\n".encode())

    def snapshot(self, *calls):
        self.event("SnapshotBegin", epoch="1", user="anna", extension="PJSIP/201")
        self.event("Pbx", pbx="pbx1", state="up")
        for name, fields, call in calls:
            self.call(name, fields, call)
        self.event("SnapshotEnd")

    def rules(self, number, text, size=None):
        """A list of rules, in one part; of another size it is told to be if that is given."""
        self.event("Rules", text=text, list=number, size=size or len(text.encode()), offset=0)

    def call(self, name, fields, call="pbx1:1795406933.1:201"):
        self.event(name, fields, pbx="pbx1", call=call)

    def close(self):
        # Without shutdown() the file keeps the connection open.
        try:
            self.stream.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.file.close()
        self.stream.close()


class FakeServer:
    """Listens on a Unix socket, or on a TCP port of 127.0.0.1 if there is no path, or is given a listening socket."""

    def __init__(self, path=None, listener=None):
        self.path = path
        if listener:
            self.listener = listener
            self.address = None
        elif path:
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(path)
            self.address = "unix:" + path
        else:
            self.listener = socket.create_server(("127.0.0.1", 0))
            self.address = "tcp://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.listener.listen()
        self.listener.settimeout(DEADLINE)
        self.connections = []

    def accept(self, tls=None):
        """The next client; by TLS with a context."""
        stream, _ = self.listener.accept()
        if tls:
            stream.settimeout(DEADLINE)
            stream = tls.wrap_socket(stream, server_side=True)
        self.connections.append(Connection(stream))
        return self.connections[-1]

    def accept_and_log_in(self, *calls):
        connection = self.accept()
        connection.login()
        connection.snapshot(*calls)
        return connection

    def close(self):
        for connection in self.connections:
            connection.close()
        self.listener.close()
        if self.path and os.path.exists(self.path):
            os.unlink(self.path)


CALL = {
    "direction": "inbound",
    "uniqueid": "1795406933.1",
    "linkedid": "1795406931.0",
    "channel": "PJSIP/201-00000001",
    "peer-number": "202",
    "peer-name": "Demo 202",
    "called-number": "100",
    "context": "astctidemo",
    "queue": "astcti",
    "calldata": "12345",
    "start": "1795406933000000",
}
ANSWERED = {**CALL, "answer": "1795406935000000"}
ENDED = {**ANSWERED, "end": "1795406940000000", "end-reason": "normal", "cause": "16"}
