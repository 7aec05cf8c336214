# SPDX-License-Identifier: GPL-3.0-or-later
"""The real astctid with a scripted Asterisk and plain clients, for faults that a real
Asterisk cannot be made to show. Everything waits for an event, with a deadline."""
import base64
import contextlib
import os
import random
import socket
import subprocess
import tempfile
import threading

from scripted_ami import DEADLINE, Asterisk, Stream  # noqa: F401; for those who use this


def free_port():
    """One that a moment later is still free: below those that connections get."""
    while True:
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", random.randrange(20000, 32000))) as free:
            return free.getsockname()[1]


class Astctid:
    """The daemon in a directory of its own, with the account 201 at PJSIP/201; with another <database> that is to have
    its accounts already."""

    def __init__(self, programs, ami_port, managers=None, outbound=None, database=None, ctiserver="",
                 under=None, environment=()):
        """`ctiserver` is more of that section, with {free} for ports, which are in self.ports; `under` makes, of a directory,
        the beginning of a command that runs the rest of it; `environment` is more of that."""
        self.programs = programs
        self.under = under
        self.environment = {**os.environ, **dict(environment)}
        self.ports = []
        while "{free}" in ctiserver:
            self.ports.append(free_port())
            ctiserver = ctiserver.replace("{free}", str(self.ports[-1]), 1)
        managers = managers or (f'<manager name="pbx1" host="127.0.0.1" port="{ami_port}" user="cti" '
                                'secret-credential="ami"/>')
        outbound = outbound or '<outbound context="astctidemo" numbers="_2XX"/>'
        self.directory = tempfile.TemporaryDirectory()
        self.path = self.directory.name
        self.socket = os.path.join(self.path, "astcti.socket")
        self.control = os.path.join(self.path, "control")
        self.config = os.path.join(self.path, "astcti.xml")
        user = os.environ.get("USER") or subprocess.check_output(["id", "-un"], text=True).strip()
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"""<astcti xmlns="urn:astcti:config:1">
  {database or f'<database driver="sqlite" file="{self.path}/astcti.db"/>'}
  {managers}
  <ctiserver>
    <listen path="{self.socket}"/>
    <local-users><user name="{user}" account="201"/></local-users>
    {outbound}
    {ctiserver}
  </ctiserver>
</astcti>
""")
        with open(os.path.join(self.path, "ami"), "w", encoding="utf-8") as file:
            file.write("s3cret\n")
        os.chmod(os.path.join(self.path, "ami"), 0o600)
        if not database:
            self.add_user("201", "PJSIP/201", "secret")
        self.streams = []
        self.log = []
        self.logged = threading.Condition()
        self.state = os.path.join(self.path, "state")
        os.mkdir(self.state)
        self.start()

    def start(self):
        """Also after kill()."""
        command = [self.programs["astctid"], "--config", self.config, "--credentials-dir", self.path,
                   "--control", self.control, "--state-dir", self.state]
        if self.under:
            command = [*self.under(self.path), *command]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8",
                                        errors="replace", env=self.environment)
        self.reader = threading.Thread(target=self._read_log, args=[self.process], daemon=True)
        self.reader.start()
        self.wait_for("ready: ")

    def descriptors_open(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def kill(self):
        """As a crash, or the kernel without memory, does."""
        self.process.kill()
        self._ended()

    def _ended(self):
        code = self.process.wait(DEADLINE)
        self.reader.join(DEADLINE)
        self.process.stderr.close()
        return code

    def run_again(self):
        """The same command once more, until it ends."""
        return subprocess.run(self.process.args, text=True, capture_output=True, timeout=DEADLINE)

    def add_user(self, name, extension, password):
        subprocess.run([self.programs["astctictl"], "--config", self.config, "user", "add", name,
                        "--ext", extension, "--password-fd", "0"],
                       input=password + "\n", text=True, check=True, stdout=subprocess.DEVNULL)

    def _read_log(self, process):
        for line in process.stderr:
            with self.logged:
                self.log.append(line.rstrip("\n"))
                self.logged.notify_all()
        with self.logged:
            self.log.append("(end of log)")
            self.logged.notify_all()

    def wait_for(self, text, deadline=DEADLINE):
        """Waits for a log line that has the text in it and was not waited for before."""
        with self.logged:
            def found():
                for index, line in enumerate(self.log):
                    if text in line:
                        return index
                return None
            if not self.logged.wait_for(lambda: found() is not None, deadline):
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

    def log_in_by(self, user, password):
        """The client, and what it is answered."""
        client = self.connect()
        assert client.ask("HELO 2").startswith("100 OK 2 ")
        words = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        return client, client.ask("AUTH PLAIN " + words)

    def log_in_as_the_original(self, user, md5):
        """What a client of the original is answered."""
        client = self.connect()
        client.ask("USER " + user)
        answer = client.ask("PASS " + md5)
        client.quit()
        return answer

    def ctl(self, *arguments):
        """What astctictl prints."""
        return subprocess.run([self.programs["astctictl"], "--config", self.config, *arguments],
                              text=True, check=True, stdout=subprocess.PIPE).stdout

    def end(self):
        """As systemd does; start() begins it again."""
        self.process.terminate()
        return self._ended()

    def stop(self):
        """Ends it for good; a sanitizer's report or a crash is an error."""
        for stream in self.streams:
            stream.close()
        code = self.end()
        self.directory.cleanup()
        return code
