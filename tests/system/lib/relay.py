#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passes connections on, and tells of each what went to the server: how much, how much of it in TLS
records of application data, and whether there was anything that is no TLS.
Usage: relay.py PORT SERVER_PORT"""
import socket
import sys
import threading

APPLICATION_DATA = 23
RECORDS = (20, 21, 22, APPLICATION_DATA)


class Sent:
    """What a client sent."""

    def __init__(self):
        self.total = self.data = 0
        self.is_clear = False
        self.buffer = b""

    def add(self, data):
        self.total += len(data)
        self.buffer += data
        while len(self.buffer) >= 5 and not self.is_clear:
            kind, length = self.buffer[0], int.from_bytes(self.buffer[3:5], "big")
            self.is_clear = kind not in RECORDS
            if len(self.buffer) < 5 + length:
                break
            self.data += length if kind == APPLICATION_DATA else 0
            self.buffer = self.buffer[5 + length:]


def pump(source, target, sent=None):
    try:
        while data := source.recv(65536):
            if sent:
                sent.add(data)
            target.sendall(data)
    except OSError:
        pass
    for each in (source, target):
        try:
            each.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client, port):
    sent = Sent()
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        back = threading.Thread(target=pump, args=(server, client))
        back.start()
        pump(client, server, sent)
        back.join()
    print(f"ended: sent={sent.total} data={sent.data} clear={'yes' if sent.is_clear else 'no'}", flush=True)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0], int(sys.argv[2])), daemon=True).start()
