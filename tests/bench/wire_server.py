# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests/bench/run measures of astctid and its clients: starts one with as many accounts as there are clients, and
wire_bench, which is Asterisk and the clients."""
import contextlib
import ctypes
import glob
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "tests/support")]
from astctid import Astctid, free_port  # noqa: E402

MOST = 9000  # accounts
DEADLINE = 120
# So many connections from one address, some of whom guess passwords, are no trouble of a network that is listed; those who
# guess come from others.
CTISERVER = ('<listen address="127.0.0.1" port="{free}"/><listen address="127.0.0.1" port="{free}" tls="yes"/>'
             '<network address="127.0.0.1"/>')


def cheap_secret(password):
    """As astctictl makes one, at the least cost that yescrypt has, 1 ms: whoever is measured has logged in before."""
    libcrypt = ctypes.CDLL("libcrypt.so.1")
    libcrypt.crypt_gensalt.restype = libcrypt.crypt.restype = ctypes.c_char_p
    setting = libcrypt.crypt_gensalt(b"$y$", ctypes.c_ulong(1), None, 0)
    return "{Y}" + libcrypt.crypt(password.encode(), setting).decode()


def add_accounts(file):
    """user1 and so on, each at a telephone."""
    secret = cheap_secret("secret")
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM cti")
        database.executemany("INSERT INTO cti (USERNAME, SECRET, HOST, EXT) VALUES (?, ?, '0.0.0.0', ?)",
                             ((f"user{number}", secret, f"PJSIP/{number}") for number in range(1, MOST + 1)))


class Program:
    """One that is told and tells, line by line."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def line(self, first):
        line = self.process.stdout.readline()
        if not line.startswith(first + " ") and line.strip() != first:
            raise RuntimeError(f"{self.process.args}: {line!r} and not {first}")
        return line.split()[1:]

    def say(self, *words):
        print(*words, file=self.process.stdin, flush=True)

    def rest(self):
        return [line.split()[1:] for line in self.process.stdout]

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(DEADLINE)


class Wire:
    def __init__(self, build):
        self.bench, self.bare = (os.path.join(build, "tests/bench", name) for name in ("wire_bench", "wire_bare"))
        self.programs = {"astctid": os.path.join(build, "daemon/astctid"),
                         "astctictl": os.path.join(build, "daemon/ctl/astctictl")}

    @contextlib.contextmanager
    def server(self, *words):
        """wire_bench with these words, and an astctid that it is connected with."""
        bench = Program(self.bench, *map(str, words))
        daemon = Astctid(self.programs, int(bench.line("ami")[0]), ctiserver=CTISERVER)
        try:
            add_accounts(os.path.join(daemon.path, "astcti.db"))
            bench.say(*daemon.ports)
            yield bench, daemon
        finally:
            bench.process.kill()
            bench.end()
            daemon.process.kill()
            daemon.stop()

    @contextlib.contextmanager
    def bare_server(self, *words):
        server = Program(self.bare, *words)
        try:
            yield server, int(server.line("port")[0])
        finally:
            server.end()

    def latency(self, tls, rounds):
        """The medians, and the 99th percentiles, of the relay and of astctid: a tuple a round, in nanoseconds."""
        with self.bare_server("relay") as (_, port):
            with self.server("latency-tls" if tls else "latency", port, rounds) as (bench, _daemon):
                return [tuple(map(int, words)) for words in bench.rest()]

    def ringall(self, rounds):
        with self.server("ringall", rounds) as (bench, _):
            return [int(words[0]) for words in bench.rest()]

    def fair(self, rounds):
        with self.server("fair", rounds) as (bench, _):
            return [tuple(map(int, words)) for words in bench.rest()]

    def memory(self, tls, count):
        """What a client costs at a bare server and at astctid, in bytes, kernel included."""
        suffix = "-tls" if tls else ""
        with self.certificate() as files:
            with self.bare_server("greet", *(files if tls else ())) as (server, port):
                bench = Program(self.bench, "bare" + suffix, str(count))
                bench.line("ami")
                before = used(server.process.pid)
                bench.say(port, port)
                bench.line("in")
                bare = used(server.process.pid) - before
                bench.end()
        with self.server("idle" + suffix, count) as (bench, daemon):
            before = used(daemon.process.pid)
            bench.line("in")
            return bare / count, (used(daemon.process.pid) - before) / count

    def come_back(self, tls, count, trials):
        """For each trial: the processor time of a bare server that all connect to, and of an astctid that all come back to
        after a kill; the time until all are back, what was lost, what was told twice, and what the snapshots told that
        had ended, was new, or had changed."""
        with self.server("return-tls" if tls else "return", count) as (bench, daemon):
            bench.line("in")
            for _ in range(trials):
                bare = self.bare_connects(tls, count)
                daemon.kill()
                daemon.start()
                before = busy(daemon.process.pid)
                bench.say("started")
                told = map(int, bench.line("back"))
                yield bare, busy(daemon.process.pid) - before, *told

    def bare_connects(self, tls, count):
        with self.certificate() as files, self.bare_server("greet", *(files if tls else ())) as (server, port):
            bench = Program(self.bench, "bare-tls" if tls else "bare", str(count))
            bench.line("ami")
            before = busy(server.process.pid)
            bench.say(port, port)
            bench.line("in")
            after = busy(server.process.pid)
            bench.end()
            return after - before

    @contextlib.contextmanager
    def certificate(self):
        """As astctid makes its own."""
        with contextlib.ExitStack() as stack:
            directory = stack.enter_context(tempfile.TemporaryDirectory())
            files = [os.path.join(directory, name) for name in ("pem", "key")]
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-subj", "/CN=localhost", "-days", "2", "-out", files[0], "-keyout", files[1]], check=True,
                           stderr=subprocess.DEVNULL)
            yield files


def busy(pid):
    """Nanoseconds that its threads were on a processor."""
    total = 0
    for name in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(name, encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total


def used(pid):
    """Bytes that the process has for itself, and that the kernel has altogether."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        own = sum(int(line.split()[1]) for line in file if line.startswith(("Private_Clean:", "Private_Dirty:")))
    with open("/proc/meminfo", encoding="ascii") as file:
        kernel = sum(int(line.split()[1]) for line in file if line.startswith(("Slab:", "PageTables:", "KernelStack:")))
    return 1024 * (own + kernel)
