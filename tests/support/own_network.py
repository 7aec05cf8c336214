# SPDX-License-Identifier: GPL-3.0-or-later
"""A network of the kernel's that only this program and what it starts have, and packets that get lost there."""
import os
import subprocess
import sys

INSIDE = "ASTCTI_OWN_NETWORK"


def enter():
    """Begins this program anew in one, unless it is in one already. Who is not root is root of a user namespace there."""
    if INSIDE in os.environ:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    os.environ[INSIDE] = "yes"
    os.execvp("unshare", ["unshare", *as_root, "--net", sys.executable, *sys.argv])


class Loss:
    """All packets from and to a port, or an address, are lost, and nobody is told."""

    def __init__(self, port=None, address=None):
        self.rules = (f"tcp dport {port} drop; tcp sport {port} drop;" if port
                      else f"ip daddr {address} drop; ip saddr {address} drop;")

    def __enter__(self):
        subprocess.run(["nft", "-f", "-"], check=True, text=True, input=f"""
            table inet loss {{ chain packets {{ type filter hook input priority 0; {self.rules} }}; }}\n""")

    def __exit__(self, *_):
        subprocess.run(["nft", "delete", "table", "inet", "loss"], check=True)
