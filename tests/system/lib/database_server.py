# SPDX-License-Identifier: GPL-3.0-or-later
"""A database server of lib/databases.sh, from Python: made to end, hang, refuse and lie."""
import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile

from waiting import until

HERE = os.path.dirname(os.path.abspath(__file__))
PARTS = [os.path.join(HERE, "../../../demo/lib", part + ".sh") for part in ("say", "process", "debian-root")]
SCRIPT = "set -euo pipefail; " + "".join(f". {part}; " for part in [*PARTS, os.path.join(HERE, "databases.sh")])


class Server:
    """`kind` is mariadb or mysql. Its tables are those of the database `astcti`; its user `cti` may do all with them and
    nothing else, and comes by TCP."""

    USER, PASSWORD = "cti", "s3cret"

    def __init__(self, kind, directory, port):
        self.kind, self.directory, self.port = kind, directory, port
        self.start()
        self.version = self.sql("SELECT VERSION()")[0]
        name = "MariaDB" if kind == "mariadb" else "MySQL"
        self.name = f"{name} {self.version.split('-')[0]}"
        self.sql(f"CREATE USER IF NOT EXISTS {self.USER}@'127.0.0.1' IDENTIFIED BY '{self.PASSWORD}';"
                 f"GRANT ALL ON astcti.* TO {self.USER}@'127.0.0.1'")
        self.password_file = directory + ".password"
        with open(self.password_file, "w", encoding="ascii", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write(self.PASSWORD + "\n")

    def _bash(self, command, *words, **options):
        done = subprocess.run(["bash", "-c", SCRIPT + command, "_", *words], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, **options)
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stderr.strip()}")
        return done.stdout

    def start(self, *options):
        # Its output goes to a file: a pipe would be open as long as the server is.
        with open(self.directory + ".starts", "a", encoding="utf-8") as file:
            subprocess.run(["bash", "-c", SCRIPT + 'start_database "$@"', "_", self.kind, self.directory, str(self.port),
                            *options], check=True, stdin=subprocess.DEVNULL, stdout=file, stderr=file)

    def stop(self):
        self._bash('stop_database "$1"', self.directory)

    def restart(self, *options):
        self.stop()
        self.start(*options)

    def pid(self):
        with open(self.directory + "/job", encoding="ascii") as file:
            return int(file.read())

    def kill(self):
        """As a crash; waits until it is gone."""
        pid = self.pid()
        os.kill(pid, signal.SIGKILL)
        until(lambda: not os.path.exists(f"/proc/{pid}"), "the server's end")
        for name in ("job", "pid"):
            if os.path.exists(os.path.join(self.directory, name)):
                os.unlink(os.path.join(self.directory, name))

    def pause(self):
        os.kill(self.pid(), signal.SIGSTOP)

    def go_on(self):
        os.kill(self.pid(), signal.SIGCONT)

    def sql(self, statements):
        """The rows, as lines of columns with tabs between them; as root."""
        return self._bash('sql "$1"', self.directory, input=statements).splitlines()

    def tables_sql(self, statements):
        return self.sql("USE astcti; " + statements)

    def empty(self):
        self.sql("DROP DATABASE IF EXISTS astcti; CREATE DATABASE astcti")

    def begin(self, statements):
        """Statements that take long; the process that waits for them, whose output comes line by line."""
        client = subprocess.Popen(["mariadb", "--no-defaults", f"--socket={self.directory}/socket", "--user=root", "--batch",
                                   "--skip-column-names", "--unbuffered"],
                                  text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        client.stdin.write(statements + ";\n")
        client.stdin.close()
        client.stdin = None
        return client

    def connections(self, user=USER, statement=""):
        """The ids of those that astctid has; or of others, at work on a statement that begins so."""
        return self.sql(f"SELECT id FROM information_schema.processlist WHERE user = '{user}' "
                        f"AND COALESCE(info, '') LIKE '{statement}%'")

    def statements(self, action):
        """What it is asked meanwhile: "Prepare" or "Execute" or "Query", and the text."""
        log = os.path.join(self.directory, "statements")
        as_it_sees_it = "/run/astcti/statements" if self.kind == "mysql" else log
        self.sql(f"SET GLOBAL general_log_file = '{as_it_sees_it}'; SET GLOBAL general_log = ON")
        try:
            action()
        finally:
            self.sql("SET GLOBAL general_log = OFF")
        with open(log, encoding="utf-8", errors="replace") as file:
            found = re.findall(r"\t *\d+ (Prepare|Execute|Query)\t(.*)", file.read())
        os.unlink(log)
        return [(kind, text) for kind, text in found if "general_log" not in text]

    def settings(self):
        """For tests and measurements that are written in C++: ASTCTI_TEST_MYSQL."""
        return f"host=127.0.0.1;port={self.port};user={self.USER};password={self.PASSWORD};database=astcti"

    def element(self, port=None, more=""):
        """For the configuration."""
        return (f'<database driver="mysql" host="127.0.0.1" port="{port or self.port}" user="{self.USER}" '
                f'password-file="{self.password_file}" {more}/>')


@contextlib.contextmanager
def running(kind):
    """A server for a while, on a free port."""
    with tempfile.TemporaryDirectory(prefix="astcti-database.") as directory:
        os.chmod(directory, 0o755)  # it runs as a user of its own
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = Server(kind, os.path.join(directory, kind), port)
        try:
            yield server
        finally:
            server.stop()
