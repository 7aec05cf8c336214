#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of its own, as protocol/PROTOCOL.md says one is written: logs in by the Unix user, prints
what it is told. Usage: wire.py SOCKET"""
import socket
import sys

connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
connection.sendall(b"HELO 2\nAUTH EXTERNAL\n")
for line in connection.makefile("r", encoding="utf-8", newline="\n"):
    sys.stdout.write(line)
