# SPDX-License-Identifier: GPL-3.0-or-later
"""The real astctid with a scripted Asterisk and plain clients, for faults that a real
Asterisk cannot be made to show. Everything waits for an event, with a deadline."""
import os
import select
import socket
import subprocess
import tempfile
import threading
import time

DEADLINE = 10  # seconds; a test that runs into it has failed


class Stream:
    """A socket that is read by lines, with a deadline."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""
        self.deadline = DEADLINE

    def read_line(self):
        until = time.monotonic() + self.deadline
        while b"\n" not in self.buffer:
            poll = select.poll()
            poll.register(self.sock, select.POLLIN)
            if not poll.poll(1000 * max(0, until - time.monotonic())):
                raise AssertionError(f"no line came; so far: {self.buffer[:200]!r}")
            data = self.sock.recv(65536)
            if not data:
                raise EOFError(self.buffer)
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r").decode("utf-8")

    def read_until(self, text):
        """The lines up to the first that has the text in it."""
        lines = []
        while True:
            lines.append(self.read_line())
            if text in lines[-1]:
                return lines

    def is_closed(self):
        """Waits for the other end to close; what comes before is thrown away."""
        self.sock.settimeout(DEADLINE)
        try:
            while self.sock.recv(65536):
                pass
        except ConnectionResetError:
            pass
        return True

    def send(self, data):
        self.sock.sendall(data if isinstance(data, bytes) else data.encode())

    def ask(self, line):
        self.send(line + "\n")
        return self.read_line()

    def close(self):
        self.sock.close()


class Asterisk:
    """A manager interface that does what the test says."""

    BANNER = "Asterisk Call Manager/11.0.0\r\n"

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(DEADLINE)
        self.port = self.listener.getsockname()[1]
        self.stream = None

    def accept(self):
        sock, _ = self.listener.accept()
        if self.stream:
            self.stream.close()
        self.stream = Stream(sock)
        return self.stream

    def read_action(self):
        action = {}
        while True:
            line = self.stream.read_line()
            if not line:
                return action
            key, _, value = line.partition(": ")
            action[key] = value

    def answer(self, action, *lines):
        self.stream.send("\r\n".join((f"Response: {lines[0]}", f"ActionID: {action['ActionID']}")
                                     + lines[1:]) + "\r\n\r\n")

    def event(self, name, **headers):
        lines = [f"Event: {name}"] + [f"{key}: {value}" for key, value in headers.items()]
        self.stream.send("\r\n".join(lines) + "\r\n\r\n")

    def log_in(self):
        """Accepts a connection, the login, and tells that there are no calls."""
        self.accept()
        self.stream.send(self.BANNER)
        self.answer(self.read_action(), "Success", "Challenge: 1")
        login = self.read_action()
        self.answer(login, "Success", "Message: Authentication accepted")
        for complete in ("BridgeListComplete", "QueueStatusComplete", "CoreShowChannelsComplete"):
            self.event(complete, ActionID=self.read_action()["ActionID"])
        return login

    def call(self, uniqueid="1.2", device="PJSIP/201", name="Demo 202"):
        """A call from 202 that rings at the device."""
        channel = f"{device}-00000001"
        ids = {"Channel": channel, "Uniqueid": uniqueid, "Linkedid": uniqueid}
        self.event("Newchannel", **ids, ChannelStateDesc="Down", Exten="s")
        caller = {"Channel": "PJSIP/trunk-00000000", "Uniqueid": "9" + uniqueid, "Linkedid": "9" + uniqueid}
        self.event("Newchannel", **caller, ChannelStateDesc="Ring", CallerIDNum="202", CallerIDName=name, Exten="100")
        self.event("DialBegin", **caller, **{"Dest" + key: value for key, value in ids.items()},
                   DestChannelStateDesc="Down")
        self.event("Newstate", **ids, ChannelStateDesc="Ringing", ConnectedLineNum="202",
                   ConnectedLineName=name, ChanVariable="calldata=12345")
        return ids

    def close(self):
        if self.stream:
            self.stream.close()
        self.listener.close()


class Astctid:
    """The daemon in a directory of its own, with the account 201 at PJSIP/201."""

    def __init__(self, programs, ami_port):
        self.programs = programs
        self.directory = tempfile.TemporaryDirectory()
        self.path = self.directory.name
        self.socket = os.path.join(self.path, "astcti.socket")
        self.control = os.path.join(self.path, "control")
        self.config = os.path.join(self.path, "astcti.xml")
        user = os.environ.get("USER") or subprocess.check_output(["id", "-un"], text=True).strip()
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"""<astcti xmlns="urn:astcti:config:1">
  <database driver="sqlite" file="{self.path}/astcti.db"/>
  <manager name="pbx1" host="127.0.0.1" port="{ami_port}" user="cti" secret-credential="ami"/>
  <ctiserver>
    <listen path="{self.socket}"/>
    <local-users><user name="{user}" account="201"/></local-users>
    <outbound context="astctidemo" numbers="_2XX"/>
  </ctiserver>
</astcti>
""")
        with open(os.path.join(self.path, "ami"), "w", encoding="utf-8") as file:
            file.write("s3cret\n")
        os.chmod(os.path.join(self.path, "ami"), 0o600)
        self.add_user("201", "PJSIP/201", "secret")
        self.streams = []
        self.log = []
        self.logged = threading.Condition()
        self.process = subprocess.Popen(
            [programs["astctid"], "--config", self.config, "--credentials-dir", self.path,
             "--control", self.control],
            stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace")
        self.reader = threading.Thread(target=self._read_log, daemon=True)
        self.reader.start()
        self.wait_for("ready: ")

    def add_user(self, name, extension, password):
        subprocess.run([self.programs["astctictl"], "--config", self.config, "user", "add", name,
                        "--ext", extension, "--password-fd", "0"],
                       input=password + "\n", text=True, check=True, stdout=subprocess.DEVNULL)

    def _read_log(self):
        for line in self.process.stderr:
            with self.logged:
                self.log.append(line.rstrip("\n"))
                self.logged.notify_all()
        with self.logged:
            self.log.append("(end of log)")
            self.logged.notify_all()

    def wait_for(self, text):
        """Waits for a log line that has the text in it and was not waited for before."""
        with self.logged:
            def found():
                for index, line in enumerate(self.log):
                    if text in line:
                        return index
                return None
            if not self.logged.wait_for(lambda: found() is not None, DEADLINE):
                raise AssertionError(f"astctid never said {text!r} but\n" + "\n".join(self.log))
            index = found()
            line = self.log[index]
            del self.log[:index + 1]
            return line

    def connect_raw(self):
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(self.socket)
        self.streams.append(Stream(sock))
        return self.streams[-1]

    def connect(self):
        """A client that has been welcomed."""
        stream = self.connect_raw()
        assert stream.read_line() == "100 CTISERVER WELCOME"
        return stream

    def log_in(self):
        """A native client, after its first snapshot."""
        client = self.connect()
        assert client.ask("HELO 2").startswith("100 OK 2 ")
        assert client.ask("AUTH EXTERNAL") == "102 OK"
        client.snapshot = client.read_until("<SnapshotEnd")
        return client

    def stop(self):
        """Ends it as systemd does; a sanitizer's report or a crash is an error."""
        for stream in self.streams:
            stream.close()
        self.process.terminate()
        code = self.process.wait(DEADLINE)
        self.reader.join(DEADLINE)
        self.process.stderr.close()
        self.directory.cleanup()
        return code
