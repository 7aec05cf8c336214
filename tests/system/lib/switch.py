# SPDX-License-Identifier: GPL-3.0-or-later
"""A way to a server that can be cut off, and lead to another server afterwards."""
import contextlib
import socket
import struct
import threading


class Switch:
    def __init__(self, port):
        self.target = port  # of this machine
        self.sent = b""  # by clients, since it was set to nothing
        self.pairs = []
        self.resets = set()  # sockets whose end is no goodbye
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client = self.listener.accept()[0]
                try:
                    server = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    client.close()
                    continue
                self.pairs.append((client, server))
                threading.Thread(target=self._pump, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._pump, args=(server, client, False), daemon=True).start()

    def _pump(self, source, target, is_client):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_client:
                    self.sent += data
                target.sendall(data)
        for each in (source, target):
            with contextlib.suppress(OSError):
                if each in self.resets:
                    each.close()
                else:
                    each.shutdown(socket.SHUT_RDWR)

    def fail_over(self, port):
        """All connections are reset; new ones lead to the other server."""
        self.target = port
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            self.resets.update(pair)
            for each in pair:
                with contextlib.suppress(OSError):
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    each.shutdown(socket.SHUT_RD)  # its thread wakes, and closes it

    def close(self):
        self.fail_over(self.target)
        self.listener.close()
