# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that is not on a loopback address: run in a network namespace of its own as
elsewhere.py AGENT PASSWORD_FILE. Prints what the agent said to it, then what it logged."""
import socket
import subprocess
import sys

ADDRESS = "192.0.2.1"

subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
subprocess.run(["ip", "address", "add", ADDRESS + "/32", "dev", "lo"], check=True)
listener = socket.create_server((ADDRESS, 0))
agent = subprocess.Popen(
    [sys.argv[1], "--server", "tcp://%s:%d" % listener.getsockname(), "--user", "anna",
     "--password-file", sys.argv[2]],
    stderr=subprocess.PIPE, text=True)
stream, _ = listener.accept()
# Before the server says a word: an agent that would go on waits for it, and this fails.
stream.settimeout(5)
print(stream.recv(1000))
agent.terminate()
print(agent.communicate()[1])
