# SPDX-License-Identifier: GPL-3.0-or-later
"""A bad network between a client and a server: a TCP proxy that keeps what went by, and cuts, delays and slices."""
import contextlib
import socket
import struct
import threading

from scripted_ami import DEADLINE


class Proxy:
    """Listens on a port of 127.0.0.1 for what goes to `target`, a (host, port) or the path of a Unix socket."""

    def __init__(self, target):
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.slice = 65536  # so many bytes at once
        self.delay = 0  # seconds before each of them
        self.refuses = False
        self.is_stalled = False  # what comes is kept, and goes on afterwards
        self.connections = 0
        self.sent = b""  # all that clients sent, of all connections
        self.received = b""
        self.pairs = []
        self.condition = threading.Condition()
        self.closed = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                with self.condition:
                    self.connections += 1
                    self.condition.notify_all()
                if self.refuses:
                    self._reset(client)
                    continue
                try:
                    server = self._connect()
                except OSError:
                    self._reset(client)
                    continue
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.pairs.append((client, server))
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=(source, sink, source is client), daemon=True).start()

    def _connect(self):
        if isinstance(self.target, str):
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.target)
            return server
        return socket.create_connection(self.target, DEADLINE)

    def _carry(self, source, sink, is_sent):
        with contextlib.suppress(OSError):
            while data := source.recv(self.slice):
                with self.condition:
                    self.condition.wait_for(lambda: not self.is_stalled)
                    if is_sent:
                        self.sent += data
                    else:
                        self.received += data
                    self.condition.notify_all()
                if self.delay:
                    self.closed.wait(self.delay)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    @staticmethod
    def _reset(sock):
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    def cut(self):
        """Ends all connections as a network that breaks does."""
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for sock in pair:
                # Wakes the thread that reads it, which close() alone does not.
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
                self._reset(sock)

    def stall(self, stalled=True):
        with self.condition:
            self.is_stalled = stalled
            self.condition.notify_all()

    def wait_for_bytes(self, data):
        """Until a client has sent them, in one connection or another."""
        with self.condition:
            assert self.condition.wait_for(lambda: data in self.sent, DEADLINE), f"{data!r} was not sent"

    def close(self):
        self.closed.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.stall(False)
        self.cut()
